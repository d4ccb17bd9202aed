package org.cajal.app.bench;

import static org.cajal.layer.Layers.averagePooling;
import static org.cajal.layer.Layers.dense;
import static org.cajal.layer.Layers.dropout;
import static org.cajal.layer.Layers.embedding;
import static org.cajal.layer.Layers.flatten;
import static org.cajal.layer.Layers.layerNormalization;
import static org.cajal.layer.Layers.lstm;
import static org.cajal.layer.Layers.maxPooling;
import static org.cajal.layer.Layers.multiHeadAttention;
import static org.cajal.layer.Layers.positionEmbedding;
import static org.cajal.layer.Layers.relu;
import static org.cajal.layer.Layers.sequential;
import static org.cajal.layer.Layers.simpleRnn;
import static org.cajal.layer.Layers.tanh;
import static org.cajal.layer.Layers.transformerBlock;

import java.util.ArrayList;
import java.util.List;
import org.cajal.data.Task;
import org.cajal.init.Initializer;
import org.cajal.layer.Convolution;
import org.cajal.layer.Layer;
import org.cajal.layer.Padding;
import org.cajal.loss.BinaryCrossEntropy;
import org.cajal.loss.CrossEntropy;
import org.cajal.loss.Loss;
import org.cajal.optim.Adam;
import org.cajal.optim.AdamW;
import org.cajal.optim.Optimizer;
import org.cajal.optim.Sgd;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * A network with one batch in memory, whose training step is timed. Sizes are those of the
 * comparison with other frameworks, where the same names mean the same networks.
 *
 * @param name as on the command line
 * @param network the layers
 * @param inputs F32 [batch, ...], or I32 for symbols
 * @param task classes, or a symbol for each step of a sequence
 * @param targets what the loss compares the outputs with
 * @param loss what training makes small
 * @param optimizer the rule of the update
 * @param learningRate constant
 */
public record Workload(
    String name,
    Layer network,
    Task task,
    NDArray inputs,
    NDArray targets,
    Loss loss,
    Optimizer optimizer,
    double learningRate) {
  private static final long SEED = 1;
  private static final int VOCABULARY = 65;
  private static final int STEPS = 64;
  private static final Optimizer MOMENTUM = new Sgd(0.9);

  /** The number of samples of a step. */
  public int batch() {
    return inputs.shape().dim(0);
  }

  /** The names of all workloads, from the smallest on. */
  public static List<String> names() {
    return List.of(
        "xor", "iris", "mlp", "mlp-wide", "lenet5", "cnn", "char-rnn", "char-lstm", "gpt");
  }

  /**
   * A workload by name.
   *
   * @throws CajalException if there is none of that name
   */
  public static Workload named(String name) {
    return switch (name) {
      case "xor" -> xor();
      case "iris" ->
          classes(
              name, sequential(dense(16), relu(), dense(3)), Shape.of(16, 4), 3, new Adam(), 1e-3);
      case "mlp" ->
          classes(
              name,
              sequential(dense(128), relu(), dense(10)),
              Shape.of(64, 784),
              10,
              MOMENTUM,
              0.01);
      case "mlp-wide" ->
          classes(
              name,
              sequential(dense(512), relu(), dense(512), relu(), dense(10)),
              Shape.of(128, 784),
              10,
              new Adam(),
              1e-3);
      case "lenet5" -> classes(name, lenet5(), Shape.of(64, 1, 28, 28), 10, MOMENTUM, 0.01);
      case "cnn" -> classes(name, cnn(), Shape.of(64, 1, 28, 28), 10, new Adam(), 1e-3);
      case "char-rnn" -> symbols(name, characters(simpleRnn(256)), 32, new Adam());
      case "char-lstm" -> symbols(name, characters(lstm(256)), 32, new Adam());
      case "gpt" -> symbols(name, gpt(), 12, new AdamW());
      default ->
          throw new CajalException(
              "[bench] no workload \"" + name + "\"; there are " + String.join(", ", names()));
    };
  }

  private static Workload xor() {
    NDArray inputs = NDArray.of(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, Shape.of(4, 2));
    NDArray targets = NDArray.of(new float[] {0, 1, 1, 0}, Shape.of(4, 1));
    return new Workload(
        "xor",
        sequential(dense(4), tanh(), dense(1)),
        Task.CLASSIFICATION,
        inputs,
        targets,
        new BinaryCrossEntropy(),
        MOMENTUM,
        0.01);
  }

  /**
   * Y. LeCun et al.: "Gradient-based learning applied to document recognition", 1998, all maps
   * joined in the third layer.
   */
  private static Layer lenet5() {
    return sequential(
        convolution(6, 5, Padding.of(2)),
        tanh(),
        averagePooling(2),
        convolution(16, 5, Padding.valid()),
        tanh(),
        averagePooling(2),
        flatten(),
        dense(120),
        tanh(),
        dense(84),
        tanh(),
        dense(10));
  }

  private static Layer cnn() {
    List<Layer> layers = new ArrayList<>();
    for (int filters : new int[] {32, 64}) {
      for (int i = 0; i < 2; i++) {
        layers.add(convolution(filters, 3, Padding.of(1)));
        layers.add(relu());
      }
      layers.add(maxPooling(2));
    }
    layers.addAll(List.of(flatten(), dropout(0.5), dense(128), relu(), dense(10)));
    return sequential(layers.toArray(Layer[]::new));
  }

  private static Convolution convolution(int filters, int kernel, Padding padding) {
    return new Convolution(
        filters,
        List.of(kernel),
        List.of(1),
        padding,
        List.of(1),
        1,
        true,
        Initializer.heUniform());
  }

  private static Workload classes(
      String name,
      Layer network,
      Shape inputs,
      int classes,
      Optimizer optimizer,
      double learningRate) {
    float[] x = new float[Math.toIntExact(inputs.size())];
    long key = CounterRandom.key(SEED, "inputs");
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) CounterRandom.normal(key, i);
    }
    return new Workload(
        name,
        network,
        Task.CLASSIFICATION,
        NDArray.of(x, inputs),
        integers("targets", Shape.of(inputs.dim(0)), classes),
        new CrossEntropy(),
        optimizer,
        learningRate);
  }

  /** A. Karpathy: "The unreasonable effectiveness of recurrent neural networks", 2015. */
  private static Layer characters(Layer recurrent) {
    return sequential(embedding(VOCABULARY, 64), recurrent, dense(VOCABULARY));
  }

  /**
   * A. Radford et al.: "Language models are unsupervised multitask learners", 2019, in small: 4
   * blocks of width 128.
   */
  private static Layer gpt() {
    List<Layer> layers = new ArrayList<>();
    layers.add(embedding(VOCABULARY, 128));
    layers.add(positionEmbedding(STEPS));
    for (int i = 0; i < 4; i++) {
      layers.add(transformerBlock(multiHeadAttention(4).withCausal(true), 512));
    }
    layers.add(layerNormalization());
    layers.add(dense(VOCABULARY).withBias(false));
    return sequential(layers.toArray(Layer[]::new));
  }

  private static Workload symbols(String name, Layer network, int batch, Optimizer optimizer) {
    Shape shape = Shape.of(batch, STEPS);
    return new Workload(
        name,
        network,
        Task.SEQUENCE,
        integers("inputs", shape, VOCABULARY),
        integers("targets", shape, VOCABULARY),
        new CrossEntropy(),
        optimizer,
        1e-3);
  }

  /** Numbers from 0 to count − 1 by chance. */
  private static NDArray integers(String name, Shape shape, int count) {
    int[] out = new int[Math.toIntExact(shape.size())];
    long key = CounterRandom.key(SEED, name);
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.toIntExact(CounterRandom.below(key, i, count));
    }
    return NDArray.of(out, shape);
  }
}
