package org.cajal.layer;

import org.cajal.tensor.Tensor;

/**
 * e^x / Σ e^x along an axis: numbers that are positive and sum to 1. Stable for any finite x. Train
 * on the numbers before it with a cross-entropy from logits rather than on its output.
 *
 * @param axis the axis of the classes, −1 for the last
 */
public record Softmax(int axis) implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    return x.softmax(axis);
  }
}
