package org.cajal.train;

import org.cajal.layer.Layer;
import org.cajal.layer.Scope;
import org.cajal.tensor.Tensor;

/** The logarithm, which is infinite at 0. */
record Logarithm() implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    return x.log();
  }
}
