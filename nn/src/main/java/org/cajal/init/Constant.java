package org.cajal.init;

import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * One value everywhere.
 *
 * @param value the value
 */
public record Constant(double value) implements Initializer {
  /**
   * Checks the setting.
   *
   * @throws CajalException if the value is not finite
   */
  public Constant {
    Sampling.requireFinite("constant", "value", value);
  }

  @Override
  public NDArray sample(DType dtype, Shape shape, @Nullable Fans fans, long seed, String path) {
    NDArray out = Sampling.floating(dtype, shape, path);
    for (long i = 0; i < out.size(); i++) {
      out.set(i, value);
    }
    return out;
  }
}
