package org.cajal.bench.peers;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.util.Arrays;
import org.cajal.app.bench.Workload;
import org.cajal.layer.AveragePooling;
import org.cajal.layer.Convolution;
import org.cajal.layer.Dense;
import org.cajal.layer.Flatten;
import org.cajal.layer.Layer;
import org.cajal.layer.MaxPooling;
import org.cajal.layer.Relu;
import org.cajal.layer.Sequential;
import org.cajal.layer.Tanh;
import org.cajal.loss.BinaryCrossEntropy;
import org.cajal.optim.Adam;
import org.cajal.optim.Sgd;

/** DJL on PyTorch's native library. */
final class Djl implements Peer {
  private static final String ENGINE = "PyTorch";

  Djl(int threads) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.default_engine", ENGINE);
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
  }

  @Override
  public String name() {
    return "djl-0.35.1-pytorch-2.7.1";
  }

  @Override
  public Ready training(Workload work) {
    Model model = model(work);
    Optimizer rule =
        switch (work.optimizer()) {
          case Adam adam ->
              Optimizer.adam()
                  .optLearningRateTracker(Tracker.fixed((float) work.learningRate()))
                  .build();
          case Sgd sgd ->
              Optimizer.sgd()
                  .setLearningRateTracker(Tracker.fixed((float) work.learningRate()))
                  .optMomentum((float) sgd.momentum())
                  .build();
          default -> throw cannot(work, work.optimizer().toString());
        };
    boolean binary = work.loss() instanceof BinaryCrossEntropy;
    Loss loss = binary ? Loss.sigmoidBinaryCrossEntropyLoss() : Loss.softmaxCrossEntropyLoss();
    Trainer trainer =
        model.newTrainer(
            new DefaultTrainingConfig(loss)
                .optOptimizer(rule)
                .optDevices(new Device[] {Device.cpu()}));
    trainer.initialize(shape(work));
    NDManager manager = trainer.getManager();
    NDArray x = manager.create(Peer.floats(work.inputs()), shape(work));
    NDArray targets =
        manager.create(
            Peer.floats(work.targets()),
            new Shape(Arrays.stream(work.targets().shape().toArray()).asLongStream().toArray()));
    NDArray y = binary ? targets : targets.toType(DataType.INT64, false);
    return new Ready() {
      @Override
      public long parameters() {
        return count(model.getBlock());
      }

      @Override
      public void run() {
        try (NDManager step = manager.newSubManager()) {
          NDList inputs = new NDList(x);
          NDList labels = new NDList(y);
          inputs.attach(step); // what is computed from them goes with the step
          labels.attach(step);
          try (GradientCollector collector = trainer.newGradientCollector()) {
            collector.backward(loss.evaluate(labels, trainer.forward(inputs)));
          }
          trainer.step();
          inputs.attach(manager);
          labels.attach(manager);
        }
      }
    };
  }

  @Override
  public Ready prediction(Workload work) {
    Model model = model(work);
    model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, shape(work));
    float[] row = Peer.firstRow(work);
    long[] dims = shape(work).getShape();
    dims[0] = 1;
    Predictor<float[], float[]> predictor =
        model.newPredictor(
            new NoBatchifyTranslator<float[], float[]>() {
              @Override
              public NDList processInput(TranslatorContext context, float[] input) {
                return new NDList(context.getNDManager().create(input, new Shape(dims)));
              }

              @Override
              public float[] processOutput(TranslatorContext context, NDList outputs) {
                return outputs.singletonOrThrow().toFloatArray();
              }
            });
    return new Ready() {
      @Override
      public long parameters() {
        return count(model.getBlock());
      }

      @Override
      public void run() {
        try {
          predictor.predict(row);
        } catch (TranslateException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  private static long count(Block block) {
    return block.getParameters().values().stream()
        .mapToLong(parameter -> parameter.getArray().size())
        .sum();
  }

  private static Shape shape(Workload work) {
    return new Shape(Arrays.stream(work.inputs().shape().toArray()).asLongStream().toArray());
  }

  private Model model(Workload work) {
    if (!(work.network() instanceof Sequential network)) {
      throw cannot(work, work.network());
    }
    SequentialBlock block = new SequentialBlock();
    for (Layer layer : network.layers()) {
      block.add(block(work, layer));
    }
    Model model = Model.newInstance(work.name(), Device.cpu(), ENGINE);
    model.setBlock(block);
    return model;
  }

  private Block block(Workload work, Layer layer) {
    return switch (layer) {
      case Dense dense -> ai.djl.nn.core.Linear.builder().setUnits(dense.units()).build();
      case Relu relu -> Activation.reluBlock();
      case Tanh tanh -> Activation.tanhBlock();
      case Flatten flatten -> Blocks.batchFlattenBlock();
      case org.cajal.layer.Dropout dropout ->
          Dropout.builder().optRate((float) dropout.rate()).build();
      case MaxPooling pool ->
          Pool.maxPool2dBlock(square(pool.kernel().get(0)), square(pool.stride().get(0)));
      case AveragePooling pool ->
          Pool.avgPool2dBlock(square(pool.kernel().get(0)), square(pool.stride().get(0)));
      case Convolution convolution ->
          Conv2d.builder()
              .setKernelShape(square(convolution.kernel().get(0)))
              .setFilters(convolution.filters())
              .optPadding(
                  square(
                      convolution.padding().before().isEmpty()
                          ? 0
                          : convolution.padding().before().get(0)))
              .build();
      default -> throw cannot(work, layer);
    };
  }

  private static Shape square(int side) {
    return new Shape(side, side);
  }
}
