package org.cajal.init;

import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Normal around 0 with the standard deviation 1/√fan-in: activations of unit variance stay so in
 * linear layers (Y. LeCun, L. Bottou, G. Orr, K.-R. Müller: "Efficient BackProp", 1998, section
 * 4.6); what SELU networks need.
 */
public record LeCunNormal() implements Initializer {
  /** 1/√fan-in. */
  public double std(Fans fans) {
    return 1 / Math.sqrt((double) fans.in());
  }

  @Override
  public NDArray sample(DType dtype, Shape shape, @Nullable Fans fans, long seed, String path) {
    return Sampling.normal(dtype, shape, seed, path, 0, std(Sampling.fans(fans, shape)));
  }
}
