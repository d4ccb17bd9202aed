package org.cajal.init;

import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Normal around 0 with the standard deviation gain·√(2 / (fan-in + fan-out)) (X. Glorot, Y. Bengio:
 * "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010).
 *
 * @param gain the factor for the nonlinearity that follows, see {@link Gain}
 */
public record GlorotNormal(double gain) implements Initializer {
  /**
   * Checks the setting.
   *
   * @throws CajalException if the gain is not positive
   */
  public GlorotNormal {
    Sampling.requirePositive("glorot normal", "gain", gain);
  }

  /** gain·√(2 / (fan-in + fan-out)). */
  public double std(Fans fans) {
    return gain * Math.sqrt(2.0 / (fans.in() + fans.out()));
  }

  @Override
  public NDArray sample(DType dtype, Shape shape, @Nullable Fans fans, long seed, String path) {
    return Sampling.normal(dtype, shape, seed, path, 0, std(Sampling.fans(fans, shape)));
  }
}
