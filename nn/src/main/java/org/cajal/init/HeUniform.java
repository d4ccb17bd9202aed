package org.cajal.init;

import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Uniform on [−bound, bound] with bound = √(6 / ((1 + slope²)·fan)), made for rectifiers (K. He, X.
 * Zhang, S. Ren, J. Sun: "Delving deep into rectifiers", ICCV 2015). With slope √5 the bound is
 * 1/√fan.
 *
 * @param mode the fan by which the variance is kept
 * @param negativeSlope the slope of the rectifier left of 0; 0 for the ReLU
 */
public record HeUniform(FanMode mode, double negativeSlope) implements Initializer {
  /**
   * Checks the setting.
   *
   * @throws CajalException if the slope is not finite
   */
  public HeUniform {
    Sampling.requireFinite("he uniform", "negative slope", negativeSlope);
  }

  /** √(6 / ((1 + slope²)·fan)). */
  public double bound(Fans fans) {
    return Gain.leakyRelu(negativeSlope) * Math.sqrt(3.0 / mode.of(fans));
  }

  /** The standard deviation of that uniform distribution, bound / √3. */
  public double std(Fans fans) {
    return bound(fans) / Math.sqrt(3);
  }

  @Override
  public NDArray sample(DType dtype, Shape shape, @Nullable Fans fans, long seed, String path) {
    double bound = bound(Sampling.fans(fans, shape));
    return Sampling.uniform(dtype, shape, seed, path, -bound, bound);
  }
}
