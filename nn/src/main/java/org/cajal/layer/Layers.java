package org.cajal.layer;

import java.util.Arrays;
import java.util.List;
import org.cajal.init.Initializer;

/**
 * Short names for the usual layers.
 *
 * <pre>{@code
 * Layer mlp = Layers.sequential(Layers.flatten(), Layers.dense(128), Layers.relu(), Layers.dense(10));
 * }</pre>
 */
public final class Layers {
  private Layers() {}

  /** Layers one after the other. */
  public static Sequential sequential(Layer... layers) {
    return new Sequential(Arrays.asList(layers));
  }

  /** {@link Dense} with a bias and Glorot's uniform start. */
  public static Dense dense(int units) {
    return dense(units, Initializer.glorotUniform());
  }

  /** {@link Dense} with a bias. */
  public static Dense dense(int units, Initializer weights) {
    return new Dense(units, true, weights);
  }

  /** {@link Flatten}. */
  public static Flatten flatten() {
    return new Flatten();
  }

  /** {@link Reshape} of each sample; one size may be −1. */
  public static Reshape reshape(Integer... dims) {
    return new Reshape(List.of(dims));
  }

  /** {@link Dropout}. */
  public static Dropout dropout(double rate) {
    return new Dropout(rate);
  }

  /** {@link Linear}, the identity. */
  public static Linear linear() {
    return new Linear();
  }

  /** {@link Heaviside}: forward only. */
  public static Heaviside heaviside() {
    return new Heaviside();
  }

  /** {@link Sign}: forward only. */
  public static Sign sign() {
    return new Sign();
  }

  /** {@link Sigmoid}. */
  public static Sigmoid sigmoid() {
    return new Sigmoid();
  }

  /** {@link Tanh}. */
  public static Tanh tanh() {
    return new Tanh();
  }

  /** {@link Relu}. */
  public static Relu relu() {
    return new Relu();
  }

  /** {@link Softmax} along the last axis. */
  public static Softmax softmax() {
    return new Softmax(-1);
  }

  /** {@link LogSoftmax} along the last axis. */
  public static LogSoftmax logSoftmax() {
    return new LogSoftmax(-1);
  }
}
