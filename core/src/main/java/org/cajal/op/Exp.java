package org.cajal.op;

import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/** The natural exponential of each element. */
public record Exp() implements Op.Unary {
  @Override
  public DType type(DType x) {
    return floating(x);
  }

  @Override
  public <V> V lane(Lanes<V> k, V x) {
    return k.exp(x);
  }

  @Override
  public @Nullable Node vjp(Node dy, Node x, Node y) {
    return dy.multiply(y);
  }

  @Override
  public Domain domain(int input) {
    return Domain.reals(-10, 10)
        .and(0.0, -0.0, 88.7, -104, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN);
  }
}
