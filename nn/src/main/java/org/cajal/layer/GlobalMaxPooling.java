package org.cajal.layer;

import org.cajal.tensor.Pooling;
import org.cajal.tensor.Tensor;

/** The maximum over all spatial axes: x [N, C, spatial...] → [N, C]. */
public record GlobalMaxPooling() implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    if (x.rank() < 3) {
      throw scope.error(
          "needs [N, C, spatial...], found "
              + x.shape()
              + "; put it before flatten(), not after it");
    }
    return Pooling.globalMax(x);
  }
}
