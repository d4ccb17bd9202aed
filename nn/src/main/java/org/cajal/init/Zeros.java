package org.cajal.init;

import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/** All zeros: the start of biases. */
public record Zeros() implements Initializer {
  @Override
  public NDArray sample(DType dtype, Shape shape, @Nullable Fans fans, long seed, String path) {
    return Sampling.floating(dtype, shape, path);
  }
}
