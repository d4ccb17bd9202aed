package org.cajal.layer;

import org.cajal.init.Initializer;
import org.cajal.tensor.Functions;
import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/**
 * x above 0, else weight·x with a learned weight; the derivative at 0 is the weight (K. He, X.
 * Zhang, S. Ren, J. Sun: "Delving deep into rectifiers", ICCV 2015). Parameter: "weight" [C] of
 * axis 1, or [1].
 *
 * @param initial the first weight, usually 0.25
 * @param perChannel whether every channel has a weight of its own
 */
public record Prelu(double initial, boolean perChannel) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public Prelu {
    Checks.finite("prelu", "initial", initial);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    if (perChannel && x.rank() < 2) {
      throw scope.error("needs channels on axis 1, [N, C] or [N, C, ...], found " + x.shape());
    }
    Tensor weight =
        scope.parameter(
            "weight", Shape.of(perChannel ? x.dim(1) : 1), Initializer.constant(initial));
    return Functions.prelu(x, weight);
  }
}
