package org.cajal.op;

import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/** The negative of each element. */
public record Negate() implements Op.Unary {
  @Override
  public DType type(DType x) {
    return numeric(x);
  }

  @Override
  public <V> V lane(Lanes<V> k, V x) {
    return k.negate(x);
  }

  @Override
  public @Nullable Node vjp(Node dy, Node x, Node y) {
    return dy.negate();
  }

  @Override
  public Domain domain(int input) {
    return Domain.reals(-4, 4).and(0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY);
  }
}
