package org.cajal.init;

import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Uniform on an interval; [−ε, ε] is the classical small random start.
 *
 * @param low the lower end
 * @param high the upper end
 */
public record Uniform(double low, double high) implements Initializer {
  /**
   * Checks the settings.
   *
   * @throws CajalException if an end is not finite or the ends are swapped
   */
  public Uniform {
    Sampling.requireFinite("uniform", "low", low);
    Sampling.requireFinite("uniform", "high", high);
    if (low > high) {
      throw new CajalException(
          "[init] uniform: low " + low + " is above high " + high + "; swap them");
    }
  }

  @Override
  public NDArray sample(DType dtype, Shape shape, @Nullable Fans fans, long seed, String path) {
    return Sampling.uniform(dtype, shape, seed, path, low, high);
  }
}
