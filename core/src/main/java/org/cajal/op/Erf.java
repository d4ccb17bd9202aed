package org.cajal.op;

import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/**
 * The error function of each element, 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x
 * (Abramowitz and Stegun 7.1.1).
 */
public record Erf() implements Op.Unary {
  @Override
  public DType type(DType x) {
    return floating(x);
  }

  @Override
  public <V> V lane(Lanes<V> k, V x) {
    return k.erf(x);
  }

  @Override
  public @Nullable Node vjp(Node dy, Node x, Node y) {
    return dy.multiply(x.multiply(x).negate().exp().multiply(x.like(2 / Math.sqrt(Math.PI))));
  }

  @Override
  public Domain domain(int input) {
    return Domain.reals(-3, 3).and(0.0, -0.0, 6, -6, 1e-8, Double.POSITIVE_INFINITY, Double.NaN);
  }
}
