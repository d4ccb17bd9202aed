package org.cajal.layer;

import org.cajal.tensor.Tensor;

/**
 * −1, 0 or 1 by the sign of x, the output of the perceptron with bipolar targets. Forward only:
 * asking for a gradient through it is an error.
 */
public record Sign() implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return x.sign().undifferentiable("sign", "use tanh, or train with the perceptron rule");
  }
}
