package org.cajal.init;

import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Normal around 0 with the standard deviation √(2 / ((1 + slope²)·fan)), made for rectifiers (K.
 * He, X. Zhang, S. Ren, J. Sun: "Delving deep into rectifiers", ICCV 2015).
 *
 * @param mode the fan by which the variance is kept
 * @param negativeSlope the slope of the rectifier left of 0; 0 for the ReLU
 */
public record HeNormal(FanMode mode, double negativeSlope) implements Initializer {
  /**
   * Checks the setting.
   *
   * @throws CajalException if the slope is not finite
   */
  public HeNormal {
    Sampling.requireFinite("he normal", "negative slope", negativeSlope);
  }

  /** √(2 / ((1 + slope²)·fan)). */
  public double std(Fans fans) {
    return Gain.leakyRelu(negativeSlope) / Math.sqrt((double) mode.of(fans));
  }

  @Override
  public NDArray sample(DType dtype, Shape shape, @Nullable Fans fans, long seed, String path) {
    return Sampling.normal(dtype, shape, seed, path, 0, std(Sampling.fans(fans, shape)));
  }
}
