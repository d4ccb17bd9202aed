package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/**
 * The first element to the power of the second, as {@link Math#pow}. At base 0 the exponent's
 * gradient is 0.
 */
public record Power() implements Op.Binary {
  @Override
  public DType type(DType x) {
    return floating(x);
  }

  @Override
  public <V> V lane(Lanes<V> k, V x, V y) {
    return k.power(x, y);
  }

  @Override
  public List<@Nullable Node> vjp(Node dz, Node x, Node y, Node z) {
    Node one = y.like(1);
    Node zero = y.like(0);
    Node dx = Node.select(y.equal(zero), zero, dz.multiply(y).multiply(x.power(y.subtract(one))));
    Node still = x.equal(zero).and(zero.lessOrEqual(y));
    Node logarithm = Node.select(still, one, x).log();
    return Arrays.asList(dx, Node.select(still, zero, dz.multiply(z).multiply(logarithm)));
  }

  @Override
  public Domain domain(int input) {
    return input == 0
        ? Domain.reals(0.2, 4).and(0.0, 1, 2)
        : Domain.reals(-2, 3).and(0.0, 1, 2, -1, 0.5);
  }
}
