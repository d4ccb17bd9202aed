package org.cajal.layer;

import org.cajal.tensor.Functions;
import org.cajal.tensor.Tensor;

/**
 * ELU scaled so that activations keep mean 0 and variance 1; start the weights with LeCun's normal
 * distribution (G. Klambauer et al.: "Self-normalizing neural networks", NIPS 2017).
 */
public record Selu() implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return Functions.selu(x);
  }
}
