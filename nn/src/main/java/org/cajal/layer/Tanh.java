package org.cajal.layer;

import org.cajal.tensor.Tensor;

/** The hyperbolic tangent; its derivative is 1 − y². */
public record Tanh() implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return x.tanh();
  }
}
