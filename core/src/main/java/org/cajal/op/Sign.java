package org.cajal.op;

import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/** The sign of each element: -1, 0 or 1; NaN stays NaN. Piecewise constant: no gradient flows. */
public record Sign() implements Op.Unary {
  @Override
  public DType type(DType x) {
    return numeric(x);
  }

  @Override
  public <V> V lane(Lanes<V> k, V x) {
    return k.sign(x);
  }

  @Override
  public @Nullable Node vjp(Node dy, Node x, Node y) {
    return null;
  }

  @Override
  public Domain domain(int input) {
    return Domain.reals(0.1, 4).and(0.0, -0.0, -3, Double.NEGATIVE_INFINITY, Double.NaN);
  }
}
