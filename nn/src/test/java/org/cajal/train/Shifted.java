package org.cajal.train;

import org.cajal.layer.Layer;
import org.cajal.layer.Scope;
import org.cajal.tensor.Tensor;

/** Adds a number. */
record Shifted(double amount) implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    return x.plus(amount);
  }
}
