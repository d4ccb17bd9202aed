package org.cajal.op;

import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/** The absolute value of each element; its gradient at 0 is 0. */
public record Absolute() implements Op.Unary {
  @Override
  public DType type(DType x) {
    return numeric(x);
  }

  @Override
  public <V> V lane(Lanes<V> k, V x) {
    return k.absolute(x);
  }

  @Override
  public @Nullable Node vjp(Node dy, Node x, Node y) {
    return dy.multiply(x.sign());
  }

  @Override
  public Domain domain(int input) {
    return Domain.reals(0.1, 4).and(0.0, -0.0, -3, Double.NEGATIVE_INFINITY, Double.NaN);
  }
}
