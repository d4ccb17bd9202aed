package org.cajal.layer;

import org.cajal.tensor.Tensor;

/**
 * Adds waves that tell positions apart: x [N, T, size] → x + {@link Attention#sinusoidalPositions}
 * (A. Vaswani et al.: "Attention is all you need", NIPS 2017).
 *
 * @param base the longest wave's length over 2π, usually 10000
 */
public record SinusoidalPositions(double base) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if the base is not positive
   */
  public SinusoidalPositions {
    Checks.positive("sinusoidal positions", "base", base);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    if (x.rank() != 3) {
      throw scope.error("needs sequences [N, steps, features], found " + x.shape());
    }
    return x.plus(Attention.sinusoidalPositions(x.dtype(), x.dim(1), x.dim(2), base));
  }
}
