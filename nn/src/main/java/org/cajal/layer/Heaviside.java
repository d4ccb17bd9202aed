package org.cajal.layer;

import org.cajal.tensor.Tensor;

/**
 * The threshold neuron of McCulloch and Pitts (1943): 1 where x &gt; 0, else 0. Forward only:
 * asking for a gradient through it is an error.
 */
public record Heaviside() implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return x.sign()
        .relu()
        .undifferentiable("heaviside", "use sigmoid, or train with the perceptron rule");
  }
}
