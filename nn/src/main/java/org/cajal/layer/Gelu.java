package org.cajal.layer;

import org.cajal.tensor.Functions;
import org.cajal.tensor.Tensor;

/**
 * x·Φ(x) with the distribution function Φ of the normal distribution (D. Hendrycks, K. Gimpel:
 * "Gaussian error linear units", 2016).
 *
 * @param form exact, or the approximation by tanh that older transformers were trained with
 */
public record Gelu(Form form) implements Layer {
  /** How Φ is computed. */
  public enum Form {
    /** By the error function. */
    EXACT,
    /** 0.5x(1 + tanh(√(2/π)(x + 0.044715x³))). */
    TANH
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return form == Form.EXACT ? Functions.gelu(x) : Functions.geluTanh(x);
  }
}
