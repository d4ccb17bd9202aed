package org.cajal.op;

import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/** The hyperbolic tangent of each element. */
public record Tanh() implements Op.Unary {
  @Override
  public DType type(DType x) {
    return floating(x);
  }

  @Override
  public <V> V lane(Lanes<V> k, V x) {
    return k.tanh(x);
  }

  @Override
  public @Nullable Node vjp(Node dy, Node x, Node y) {
    return dy.multiply(y.like(1).subtract(y.multiply(y)));
  }

  @Override
  public Domain domain(int input) {
    return Domain.reals(-4, 4).and(0.0, -0.0, 20, -20, 1e-6, Double.POSITIVE_INFINITY, Double.NaN);
  }
}
