package org.cajal.layer;

import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/** Joins all axes but the first: x [N, a, b, ...] → [N, a·b·...], row-major; [N] becomes [N, 1]. */
public record Flatten() implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    if (x.rank() == 0) {
      throw scope.error("needs a batch axis, found a scalar; instead of [] give it [N, ...]");
    }
    return x.reshape(Shape.of(x.dim(0), Math.toIntExact(x.shape().sub(1, x.rank()).size())));
  }
}
