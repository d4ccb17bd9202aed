package org.cajal.init;

import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Where a parameter starts. A value: it prints, compares and is saved by its components. Samples
 * are pure functions of seed, path and position ({@link org.cajal.type.CounterRandom}): neither
 * threads nor the order in which layers are built change them.
 */
public sealed interface Initializer
    permits Zeros,
        Constant,
        Uniform,
        Normal,
        TruncatedNormal,
        GlorotUniform,
        GlorotNormal,
        HeUniform,
        HeNormal,
        LeCunUniform,
        LeCunNormal,
        Orthogonal {

  /**
   * The starting values of one parameter.
   *
   * @param dtype F32 or F64
   * @param shape the parameter's shape
   * @param fans fan-in and fan-out, for the initialisers that scale by them; null takes {@link
   *     Fans#of(Shape)}
   * @param seed the model's seed
   * @param path the parameter's path, for example {@code 0/weight}
   * @throws CajalException if the type is not floating, or fans are needed and the shape has none
   */
  NDArray sample(DType dtype, Shape shape, @Nullable Fans fans, long seed, String path);

  /** All zeros. */
  static Initializer zeros() {
    return new Zeros();
  }

  /** All ones. */
  static Initializer ones() {
    return new Constant(1);
  }

  /** One value everywhere. */
  static Initializer constant(double value) {
    return new Constant(value);
  }

  /** Uniform on [−epsilon, epsilon]. */
  static Initializer uniform(double epsilon) {
    return new Uniform(-epsilon, epsilon);
  }

  /** Uniform on [low, high]. */
  static Initializer uniform(double low, double high) {
    return new Uniform(low, high);
  }

  /** Normal around 0. */
  static Initializer normal(double std) {
    return new Normal(0, std);
  }

  /** Normal around {@code mean}. */
  static Initializer normal(double mean, double std) {
    return new Normal(mean, std);
  }

  /** Normal around 0, cut at two standard deviations. */
  static Initializer truncatedNormal(double std) {
    return new TruncatedNormal(0, std, -2 * std, 2 * std);
  }

  /** {@link GlorotUniform} with gain 1: the usual start of tanh, sigmoid and linear layers. */
  static Initializer glorotUniform() {
    return new GlorotUniform(1);
  }

  /** {@link GlorotNormal} with gain 1. */
  static Initializer glorotNormal() {
    return new GlorotNormal(1);
  }

  /** {@link HeUniform} by fan-in for the ReLU. */
  static Initializer heUniform() {
    return new HeUniform(FanMode.FAN_IN, 0);
  }

  /** {@link HeNormal} by fan-in for the ReLU: the usual start of rectifier networks. */
  static Initializer heNormal() {
    return new HeNormal(FanMode.FAN_IN, 0);
  }

  /** {@link LeCunUniform}. */
  static Initializer leCunUniform() {
    return new LeCunUniform();
  }

  /** {@link LeCunNormal}: the start that SELU networks need. */
  static Initializer leCunNormal() {
    return new LeCunNormal();
  }

  /** {@link Orthogonal} with gain 1. */
  static Initializer orthogonal() {
    return new Orthogonal(1);
  }
}
