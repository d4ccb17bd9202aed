package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/** The quotient of two elements; by 0 it is infinite or NaN as IEEE 754 has it. */
public record Divide() implements Op.Binary {
  @Override
  public DType type(DType x) {
    return floating(x);
  }

  @Override
  public <V> V lane(Lanes<V> k, V x, V y) {
    return k.divide(x, y);
  }

  @Override
  public List<@Nullable Node> vjp(Node dz, Node x, Node y, Node z) {
    return Arrays.asList(dz.divide(y), dz.multiply(z).divide(y).negate());
  }

  @Override
  public Domain domain(int input) {
    return input == 0 ? Domain.reals(-4, 4).and(0.0, 1) : Domain.reals(0.2, 4).and(0.0, -2, 1);
  }
}
