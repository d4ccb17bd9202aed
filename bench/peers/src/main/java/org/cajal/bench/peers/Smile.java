package org.cajal.bench.peers;

import java.util.ArrayList;
import java.util.List;
import org.cajal.app.bench.Workload;
import org.cajal.layer.Dense;
import org.cajal.layer.Layer;
import org.cajal.layer.Relu;
import org.cajal.layer.Sequential;
import org.cajal.layer.Tanh;
import org.cajal.loss.CrossEntropy;
import org.cajal.optim.Sgd;
import smile.classification.MLP;
import smile.model.mlp.LayerBuilder;
import smile.model.mlp.OutputFunction;
import smile.util.function.TimeFunction;

/**
 * Smile's multilayer perceptron, in double precision on the system's OpenBLAS. It has no Adam:
 * workloads with it get momentum, which costs less.
 */
final class Smile implements Peer {
  @Override
  public String name() {
    return "smile-6.2.5";
  }

  @Override
  public Ready training(Workload work) {
    MLP network = network(work);
    int inputs = work.inputs().shape().dim(1);
    float[] numbers = Peer.floats(work.inputs());
    double[][] x = new double[work.batch()][inputs];
    int[] y = new int[work.batch()];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < inputs; j++) {
        x[i][j] = numbers[i * inputs + j];
      }
      y[i] = (int) work.targets().get(i);
    }
    return ready(work, () -> network.update(x, y));
  }

  @Override
  public Ready prediction(Workload work) {
    MLP network = network(work);
    float[] row = Peer.firstRow(work);
    double[] x = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      x[i] = row[i];
    }
    double[] shares = new double[network.numClasses()];
    return ready(work, () -> network.predict(x, shares));
  }

  private static Ready ready(Workload work, Runnable step) {
    long count = 0;
    int from = work.inputs().shape().dim(1);
    for (Layer layer : ((Sequential) work.network()).layers()) {
      if (layer instanceof Dense dense) {
        count += (from + 1L) * dense.units();
        from = dense.units();
      }
    }
    long parameters = count;
    return new Ready() {
      @Override
      public long parameters() {
        return parameters;
      }

      @Override
      public void run() {
        step.run();
      }
    };
  }

  private MLP network(Workload work) {
    if (!(work.network() instanceof Sequential sequential)
        || !(work.loss() instanceof CrossEntropy)) {
      throw cannot(work, "it has classifiers of dense layers only");
    }
    List<LayerBuilder> builders = new ArrayList<>();
    builders.add(smile.model.mlp.Layer.input(work.inputs().shape().dim(1)));
    List<Layer> layers = sequential.layers();
    for (int i = 0; i < layers.size(); i += 2) {
      if (!(layers.get(i) instanceof Dense dense)) {
        throw cannot(work, layers.get(i));
      }
      if (i + 1 == layers.size()) {
        builders.add(smile.model.mlp.Layer.mle(dense.units(), OutputFunction.SOFTMAX));
      } else {
        builders.add(
            switch (layers.get(i + 1)) {
              case Relu relu -> smile.model.mlp.Layer.rectifier(dense.units());
              case Tanh tanh -> smile.model.mlp.Layer.tanh(dense.units());
              default -> throw cannot(work, layers.get(i + 1));
            });
      }
    }
    MLP network = new MLP(builders.toArray(LayerBuilder[]::new));
    network.setLearningRate(TimeFunction.constant(work.learningRate()));
    network.setMomentum(
        TimeFunction.constant(work.optimizer() instanceof Sgd sgd ? sgd.momentum() : 0.9));
    return network;
  }
}
