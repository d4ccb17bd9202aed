package org.cajal.op;

import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/** The largest whole number not above each element. Piecewise constant: no gradient flows. */
public record Floor() implements Op.Unary {
  @Override
  public DType type(DType x) {
    return floating(x);
  }

  @Override
  public <V> V lane(Lanes<V> k, V x) {
    return k.floor(x);
  }

  @Override
  public @Nullable Node vjp(Node dy, Node x, Node y) {
    return null;
  }

  @Override
  public Domain domain(int input) {
    return Domain.reals(0.1, 0.9)
        .and(0.0, -0.0, -3.5, 1e9, -1e-9, 8388609, Double.NEGATIVE_INFINITY, Double.NaN);
  }
}
