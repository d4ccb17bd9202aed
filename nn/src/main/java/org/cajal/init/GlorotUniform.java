package org.cajal.init;

import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Uniform on [−bound, bound] with bound = gain·√(6 / (fan-in + fan-out)), which keeps the variance
 * of activations and of gradients about the same from layer to layer (X. Glorot, Y. Bengio:
 * "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010).
 *
 * @param gain the factor for the nonlinearity that follows, see {@link Gain}
 */
public record GlorotUniform(double gain) implements Initializer {
  /**
   * Checks the setting.
   *
   * @throws CajalException if the gain is not positive
   */
  public GlorotUniform {
    Sampling.requirePositive("glorot uniform", "gain", gain);
  }

  /** gain·√(6 / (fan-in + fan-out)). */
  public double bound(Fans fans) {
    return gain * Math.sqrt(6.0 / (fans.in() + fans.out()));
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
