package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/**
 * The larger of two elements; NaN wins. A tie gives half of the gradient to each side. For truth
 * values: or.
 */
public record Maximum() implements Op.Binary {
  @Override
  public DType type(DType x) {
    return x;
  }

  @Override
  public <V> V lane(Lanes<V> k, V x, V y) {
    return k.maximum(x, y);
  }

  @Override
  public List<@Nullable Node> vjp(Node dz, Node x, Node y, Node z) {
    Node tie = dz.multiply(dz.like(0.5));
    Node zero = dz.like(0);
    Node left = y.less(x);
    Node equal = x.equal(y);
    Node dx = Node.select(left, dz, Node.select(equal, tie, zero));
    Node dy = Node.select(left, zero, Node.select(equal, tie, dz));
    return Arrays.asList(dx, dy);
  }
}
