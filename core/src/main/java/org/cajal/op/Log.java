package org.cajal.op;

import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/** The natural logarithm of each element: -infinity at 0, NaN below. */
public record Log() implements Op.Unary {
  @Override
  public DType type(DType x) {
    return floating(x);
  }

  @Override
  public <V> V lane(Lanes<V> k, V x) {
    return k.log(x);
  }

  @Override
  public @Nullable Node vjp(Node dy, Node x, Node y) {
    return dy.divide(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.reals(0.01, 10).and(0.0, 1, 1e-30, -1, Double.POSITIVE_INFINITY, Double.NaN);
  }
}
