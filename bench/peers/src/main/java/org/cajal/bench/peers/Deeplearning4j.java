package org.cajal.bench.peers;

import java.util.Arrays;
import java.util.List;
import org.cajal.app.bench.Workload;
import org.cajal.layer.AveragePooling;
import org.cajal.layer.Convolution;
import org.cajal.layer.Dense;
import org.cajal.layer.Dropout;
import org.cajal.layer.Flatten;
import org.cajal.layer.Layer;
import org.cajal.layer.MaxPooling;
import org.cajal.layer.Relu;
import org.cajal.layer.Sequential;
import org.cajal.layer.Tanh;
import org.cajal.loss.BinaryCrossEntropy;
import org.cajal.optim.Adam;
import org.cajal.optim.Sgd;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Deeplearning4j on its native library; the environment's {@code OMP_NUM_THREADS} says on how many
 * threads. Its momentum is Nesterov's, which costs the same.
 */
final class Deeplearning4j implements Peer {
  @Override
  public String name() {
    return "deeplearning4j-1.0.0-M2.1";
  }

  @Override
  public Ready training(Workload work) {
    MultiLayerNetwork network = network(work);
    INDArray x =
        Nd4j.create(Peer.floats(work.inputs()), longs(work.inputs().shape().toArray()), 'c');
    INDArray y = targets(work);
    return ready(network, () -> network.fit(x, y));
  }

  @Override
  public Ready prediction(Workload work) {
    MultiLayerNetwork network = network(work);
    float[] row = Peer.firstRow(work);
    long[] dims = longs(work.inputs().shape().toArray());
    dims[0] = 1;
    return ready(network, () -> network.output(Nd4j.create(row, dims, 'c')).toFloatVector());
  }

  private static Ready ready(MultiLayerNetwork network, Runnable step) {
    return new Ready() {
      @Override
      public long parameters() {
        return network.numParams();
      }

      @Override
      public void run() {
        step.run();
      }
    };
  }

  private static long[] longs(int[] dims) {
    return Arrays.stream(dims).asLongStream().toArray();
  }

  private static INDArray targets(Workload work) {
    float[] y = Peer.floats(work.targets());
    if (work.loss() instanceof BinaryCrossEntropy) {
      return Nd4j.create(y, new long[] {y.length, 1}, 'c');
    }
    Sequential network = (Sequential) work.network();
    int classes = ((Dense) network.layers().getLast()).units();
    float[] oneHot = new float[y.length * classes];
    for (int i = 0; i < y.length; i++) {
      oneHot[i * classes + (int) y[i]] = 1;
    }
    return Nd4j.create(oneHot, new long[] {y.length, classes}, 'c');
  }

  private MultiLayerNetwork network(Workload work) {
    if (!(work.network() instanceof Sequential sequential)) {
      throw cannot(work, work.network());
    }
    IUpdater rule =
        switch (work.optimizer()) {
          case Adam adam -> new org.nd4j.linalg.learning.config.Adam(work.learningRate());
          case Sgd sgd -> new Nesterovs(work.learningRate(), sgd.momentum());
          default -> throw cannot(work, work.optimizer().toString());
        };
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().seed(1).updater(rule).list();
    List<Layer> layers = sequential.layers();
    for (int i = 0; i < layers.size(); i++) {
      boolean last = i + 1 == layers.size();
      Layer next = last ? new Flatten() : layers.get(i + 1);
      Activation activation =
          switch (next) {
            case Relu relu -> Activation.RELU;
            case Tanh tanh -> Activation.TANH;
            default -> Activation.IDENTITY;
          };
      switch (layers.get(i)) {
        case Dense dense when last -> {
          boolean binary = work.loss() instanceof BinaryCrossEntropy;
          list.layer(
              new OutputLayer.Builder(binary ? LossFunction.XENT : LossFunction.MCXENT)
                  .activation(binary ? Activation.SIGMOID : Activation.SOFTMAX)
                  .nOut(dense.units())
                  .build());
        }
        case Dense dense ->
            list.layer(new DenseLayer.Builder().nOut(dense.units()).activation(activation).build());
        case Convolution convolution ->
            list.layer(
                new ConvolutionLayer.Builder(square(convolution.kernel().get(0)))
                    .nOut(convolution.filters())
                    .padding(
                        square(
                            convolution.padding().before().isEmpty()
                                ? 0
                                : convolution.padding().before().get(0)))
                    .activation(activation)
                    .build());
        case MaxPooling pool ->
            list.layer(
                pooling(
                    SubsamplingLayer.PoolingType.MAX, pool.kernel().get(0), pool.stride().get(0)));
        case AveragePooling pool ->
            list.layer(
                pooling(
                    SubsamplingLayer.PoolingType.AVG, pool.kernel().get(0), pool.stride().get(0)));
        case Dropout dropout -> list.layer(new DropoutLayer.Builder(1 - dropout.rate()).build());
        case Relu relu -> {} // joined to what it follows
        case Tanh tanh -> {}
        case Flatten flatten -> {} // by itself
        default -> throw cannot(work, layers.get(i));
      }
    }
    int[] dims = work.inputs().shape().toArray();
    list.setInputType(
        dims.length == 2
            ? InputType.feedForward(dims[1])
            : InputType.convolutional(dims[2], dims[3], dims[1]));
    MultiLayerNetwork network = new MultiLayerNetwork(list.build());
    network.init();
    return network;
  }

  private static SubsamplingLayer pooling(
      SubsamplingLayer.PoolingType type, int kernel, int stride) {
    return new SubsamplingLayer.Builder(type)
        .kernelSize(square(kernel))
        .stride(square(stride))
        .build();
  }

  private static int[] square(int side) {
    return new int[] {side, side};
  }
}
