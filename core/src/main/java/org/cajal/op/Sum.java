package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sum over axes; 0 over nothing.
 *
 * @param axes the reduced axes, ascending, from 0; they stay with size 1
 */
public record Sum(List<Integer> axes) implements Op.Reduction {
  /** Fixes the axes. */
  public Sum {
    axes = List.copyOf(axes);
  }

  @Override
  public double start() {
    return 0;
  }

  @Override
  public <V> V combine(Lanes<V> k, V accumulated, V x) {
    return k.add(accumulated, x);
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    Node x = y.input(0);
    return Arrays.asList(dy.broadcast(x.shape()));
  }
}
