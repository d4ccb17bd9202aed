package org.cajal.layer;

import org.cajal.tensor.Functions;
import org.cajal.tensor.Tensor;

/**
 * x above 0, else α(e^x − 1); the derivative at 0 is α (D. Clevert, T. Unterthiner, S. Hochreiter:
 * "Fast and accurate deep network learning by exponential linear units", ICLR 2016).
 *
 * @param alpha α, usually 1
 */
public record Elu(double alpha) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public Elu {
    Checks.positive("elu", "alpha", alpha);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return Functions.elu(x, alpha);
  }
}
