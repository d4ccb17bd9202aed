package org.cajal.op;

import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/**
 * Each element in another type. To BOOL means "differs from 0", from BOOL gives 0 and 1, to
 * integers cuts the fraction. The gradient flows between floating types only.
 */
public record Cast(DType to, DType from) implements Op.Unary {
  @Override
  public DType type(DType x) {
    return to;
  }

  @Override
  public <V> V lane(Lanes<V> k, V x) {
    return k.cast(x, from, to);
  }

  @Override
  public @Nullable Node vjp(Node dy, Node x, Node y) {
    return x.dtype().isFloating() && to.isFloating() ? dy.cast(x.dtype()) : null;
  }

  @Override
  public Domain domain(int input) {
    return Domain.reals(-4, 4).and(0.0, -0.0, 1, 2.5, -2.5);
  }
}
