package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/** The difference of two elements. */
public record Subtract() implements Op.Binary {
  @Override
  public DType type(DType x) {
    return numeric(x);
  }

  @Override
  public <V> V lane(Lanes<V> k, V x, V y) {
    return k.subtract(x, y);
  }

  @Override
  public List<@Nullable Node> vjp(Node dz, Node x, Node y, Node z) {
    return Arrays.asList(dz, dz.negate());
  }
}
