package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/**
 * The second element where the first (BOOL) holds, else the third. The side not taken gets gradient
 * 0, whatever its value.
 */
public record Select() implements Op.Elementwise {
  @Override
  public DType type(List<Node> inputs) {
    if (inputs.get(0).dtype() != DType.BOOL) {
      throw error("the condition must be BOOL, found " + inputs.get(0).dtype());
    }
    return same(inputs.get(1).dtype(), inputs.get(2).dtype());
  }

  @Override
  public <V> V lane(Lanes<V> k, List<V> x) {
    return k.select(x.get(0), x.get(1), x.get(2));
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    Node zero = dy.like(0);
    Node condition = y.input(0);
    return Arrays.asList(null, Node.select(condition, dy, zero), Node.select(condition, zero, dy));
  }
}
