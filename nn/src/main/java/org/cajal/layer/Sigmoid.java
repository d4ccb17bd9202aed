package org.cajal.layer;

import org.cajal.tensor.Tensor;

/** The logistic function 1/(1 + e^−x); its derivative is y(1 − y). */
public record Sigmoid() implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return x.sigmoid();
  }
}
