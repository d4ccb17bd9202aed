package org.cajal.init;

import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Normally distributed.
 *
 * @param mean the mean
 * @param std the standard deviation, 0 or larger
 */
public record Normal(double mean, double std) implements Initializer {
  /**
   * Checks the settings.
   *
   * @throws CajalException if the mean is not finite or the standard deviation negative or not
   *     finite
   */
  public Normal {
    Sampling.requireFinite("normal", "mean", mean);
    Sampling.requireNotNegative("normal", "std", std);
  }

  @Override
  public NDArray sample(DType dtype, Shape shape, @Nullable Fans fans, long seed, String path) {
    return Sampling.normal(dtype, shape, seed, path, mean, std);
  }
}
