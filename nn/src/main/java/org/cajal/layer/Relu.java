package org.cajal.layer;

import org.cajal.tensor.Tensor;

/**
 * max(x, 0), the rectifier; the derivative at 0 is 0 (V. Nair, G. Hinton: "Rectified linear units
 * improve restricted Boltzmann machines", ICML 2010).
 */
public record Relu() implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return x.relu();
  }
}
