package org.cajal.train;

import org.cajal.init.Initializer;
import org.cajal.layer.Layer;
import org.cajal.layer.Scope;
import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/** Multiplies each column by a learned number, which starts large. */
record Scaled(double start) implements Layer {
  @Override
  public Tensor apply(Tensor x, Scope scope) {
    return x.times(scope.parameter("scale", Shape.of(x.dim(-1)), Initializer.constant(start)));
  }
}
