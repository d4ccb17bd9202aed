package org.cajal.init;

import java.util.function.DoubleUnaryOperator;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.cajal.type.StandardNormal;
import org.jspecify.annotations.Nullable;

/**
 * What the initialisers share: checks of their settings, and filling an array from the numbers of a
 * place.
 */
final class Sampling {
  private Sampling() {}

  /** An array whose element i is a function of the i-th uniform number of (seed, path). */
  static NDArray fromUniform(
      DType dtype, Shape shape, long seed, String path, DoubleUnaryOperator ofUniform) {
    NDArray out = floating(dtype, shape, path);
    long key = CounterRandom.key(seed, path);
    long size = out.size();
    for (long i = 0; i < size; i++) {
      out.set(i, ofUniform.applyAsDouble(CounterRandom.uniform(key, i)));
    }
    return out;
  }

  /** Uniform on [low, high]. */
  static NDArray uniform(
      DType dtype, Shape shape, long seed, String path, double low, double high) {
    return fromUniform(dtype, shape, seed, path, u -> low + u * (high - low));
  }

  /** Normal with that mean and standard deviation. */
  static NDArray normal(DType dtype, Shape shape, long seed, String path, double mean, double std) {
    return fromUniform(dtype, shape, seed, path, u -> mean + std * StandardNormal.quantile(u));
  }

  /** Zeros, after a check of the element type. */
  static NDArray floating(DType dtype, Shape shape, String path) {
    if (!dtype.isFloating()) {
      throw new CajalException(
          "[init] "
              + path
              + " has the element type "
              + dtype.wireName()
              + "; parameters start as f32 or f64");
    }
    return NDArray.zeros(dtype, shape);
  }

  /** The given fans, else those of the shape. */
  static Fans fans(@Nullable Fans fans, Shape shape) {
    return fans == null ? Fans.of(shape) : fans;
  }

  /** A setting that must be a finite number. */
  static void requireFinite(String initializer, String setting, double value) {
    if (!Double.isFinite(value)) {
      throw new CajalException(
          "[init] "
              + initializer
              + ": "
              + setting
              + " is "
              + value
              + "; it must be a finite number");
    }
  }

  /** A setting that must be a finite number of at least 0. */
  static void requireNotNegative(String initializer, String setting, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new CajalException(
          "[init] "
              + initializer
              + ": "
              + setting
              + " is "
              + value
              + "; it must be 0 or larger, and finite");
    }
  }

  /** A setting that must be a finite number above 0. */
  static void requirePositive(String initializer, String setting, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new CajalException(
          "[init] "
              + initializer
              + ": "
              + setting
              + " is "
              + value
              + "; it must be larger than 0, and finite");
    }
  }
}
