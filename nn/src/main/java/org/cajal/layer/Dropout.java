package org.cajal.layer;

import org.cajal.tensor.Tensor;

/**
 * In training sets each element to 0 with probability {@code rate}, on its own, and scales the
 * others by 1/(1 − rate), so that the expectation stays; in evaluation it is the identity (N.
 * Srivastava et al.: "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15,
 * 2014). The mask is a function of the step's random key and of the layer's path.
 *
 * @param rate the share of zeros, from 0 to less than 1
 */
public record Dropout(double rate) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if the rate is not in [0, 1)
   */
  public Dropout {
    Checks.probability("dropout", "rate", rate);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return rate == 0 || !scope.training()
        ? x
        : masked(x, scope.randomUniform(x.shape()).greaterOrEqual(rate), rate);
  }

  /**
   * x · mask / (1 − rate).
   *
   * @param mask BOOL of x's shape: true where an element is kept
   */
  public static Tensor masked(Tensor x, Tensor mask, double rate) {
    return Tensor.where(mask, x.times(1 / (1 - rate)), Tensor.zeros(x.dtype(), x.shape()));
  }
}
