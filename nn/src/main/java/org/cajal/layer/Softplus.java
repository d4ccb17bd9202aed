package org.cajal.layer;

import org.cajal.tensor.Functions;
import org.cajal.tensor.Tensor;

/**
 * ln(1 + e^(βx))/β, a smooth rectifier, stable for any x; its derivative is sigmoid(βx).
 *
 * @param beta β, usually 1
 */
public record Softplus(double beta) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public Softplus {
    Checks.positive("softplus", "beta", beta);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return beta == 1 ? Functions.softplus(x) : Functions.softplus(x.times(beta)).dividedBy(beta);
  }
}
