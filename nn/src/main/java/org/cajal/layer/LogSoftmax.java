package org.cajal.layer;

import org.cajal.tensor.Tensor;

/**
 * x − ln Σ e^x along an axis: the logarithms of softmax, stable for any finite x.
 *
 * @param axis the axis of the classes, −1 for the last
 */
public record LogSoftmax(int axis) implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return x.logSoftmax(axis);
  }
}
