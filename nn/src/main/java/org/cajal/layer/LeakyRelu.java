package org.cajal.layer;

import org.cajal.tensor.Functions;
import org.cajal.tensor.Tensor;

/**
 * x above 0, else slope·x; the derivative at 0 is the slope (A. Maas, A. Hannun, A. Ng: "Rectifier
 * nonlinearities improve neural network acoustic models", 2013).
 *
 * @param slope usually 0.01
 */
public record LeakyRelu(double slope) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public LeakyRelu {
    Checks.finite("leaky relu", "slope", slope);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return Functions.leakyRelu(x, slope);
  }
}
