package org.cajal.op;

import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/** The sine of each element, in radians. */
public record Sin() implements Op.Unary {
  @Override
  public DType type(DType x) {
    return floating(x);
  }

  @Override
  public <V> V lane(Lanes<V> k, V x) {
    return k.sin(x);
  }

  @Override
  public @Nullable Node vjp(Node dy, Node x, Node y) {
    return dy.multiply(x.cos());
  }

  @Override
  public Domain domain(int input) {
    return Domain.reals(-7, 7).and(0.0, -0.0, 100, -1000);
  }
}
