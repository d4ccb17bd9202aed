package org.cajal.op;

import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/** The arc tangent of each element, in radians. */
public record Atan() implements Op.Unary {
  @Override
  public DType type(DType x) {
    return floating(x);
  }

  @Override
  public <V> V lane(Lanes<V> k, V x) {
    return k.atan(x);
  }

  @Override
  public @Nullable Node vjp(Node dy, Node x, Node y) {
    return dy.divide(x.multiply(x).add(x.like(1)));
  }

  @Override
  public Domain domain(int input) {
    return Domain.reals(-4, 4)
        .and(0.0, -0.0, 1e6, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN);
  }
}
