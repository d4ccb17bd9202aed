package org.cajal.layer;

import org.cajal.tensor.Tensor;

/**
 * In training max(0, x + noise) with normal noise of variance sigmoid(x), in evaluation max(0, x)
 * (V. Nair, G. Hinton: "Rectified linear units improve restricted Boltzmann machines", ICML 2010).
 * No gradient flows through the noise's variance.
 */
public record NoisyRelu() implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    if (!scope.training()) {
      return x.relu();
    }
    return x.plus(scope.randomNormal(x.shape()).times(x.sigmoid().sqrt().stopGradient())).relu();
  }
}
