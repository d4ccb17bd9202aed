package org.cajal.layer;

import org.cajal.tensor.Functions;
import org.cajal.tensor.Tensor;

/**
 * x·sigmoid(x), also known as swish (P. Ramachandran, B. Zoph, Q. Le: "Searching for activation
 * functions", 2017).
 */
public record Silu() implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return Functions.silu(x);
  }
}
