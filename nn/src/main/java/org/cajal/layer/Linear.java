package org.cajal.layer;

import org.cajal.tensor.Tensor;

/** The identity: a layer that computes nothing, for networks whose activation is a setting. */
public record Linear() implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return x;
  }
}
