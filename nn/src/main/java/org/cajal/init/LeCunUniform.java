package org.cajal.init;

import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Uniform on [−bound, bound] with bound = √(3 / fan-in): activations of unit variance stay so in
 * linear layers (Y. LeCun, L. Bottou, G. Orr, K.-R. Müller: "Efficient BackProp", 1998, section
 * 4.6).
 */
public record LeCunUniform() implements Initializer {
  /** √(3 / fan-in). */
  public double bound(Fans fans) {
    return Math.sqrt(3.0 / fans.in());
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
