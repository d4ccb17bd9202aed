package org.cajal.layer;

import org.cajal.init.Fans;
import org.cajal.init.Initializer;
import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/**
 * A fully connected layer: x [..., in] → x · weight + bias [..., units], on the last axis.
 * Parameters: "weight" [in, units] and "bias" [units], which starts at 0.
 *
 * @param units the number of neurons, at least 1
 * @param bias whether there is a bias
 * @param weights the start of the weights; {@link Layers#dense} takes Glorot's uniform
 *     distribution, which suits sigmoid, tanh and linear outputs; before a rectifier He's keeps the
 *     variance better, before SELU LeCun's
 */
public record Dense(int units, boolean bias, Initializer weights) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if there are no units
   */
  public Dense {
    Checks.atLeast("dense", "units", units, 1);
  }

  /** This with or without a bias. */
  public Dense withBias(boolean whether) {
    return new Dense(units, whether, weights);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    if (x.rank() < 1 || x.dim(-1) < 1) {
      throw scope.error(
          "needs features on the last axis, found "
              + x.shape()
              + "; instead of [] or [N, 0] give it [N, features]");
    }
    int in = x.dim(-1);
    Tensor y =
        x.matmul(scope.parameter("weight", Shape.of(in, units), weights, Fans.dense(in, units)));
    return bias ? y.plus(scope.parameter("bias", Shape.of(units), Initializer.zeros())) : y;
  }
}
