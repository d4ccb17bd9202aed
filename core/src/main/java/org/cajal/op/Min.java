package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The minimum over axes; NaN wins. Tied minima share the gradient equally.
 *
 * @param axes the reduced axes, ascending, from 0; they stay with size 1
 */
public record Min(List<Integer> axes) implements Op.Reduction {
  /** Fixes the axes. */
  public Min {
    axes = List.copyOf(axes);
  }

  @Override
  public Shape shape(List<Node> inputs) {
    for (int axis : axes) {
      if (inputs.get(0).shape().dim(axis) == 0) {
        throw error(
            "axis "
                + axis
                + " of shape "
                + inputs.get(0).shape()
                + " is empty; there is nothing to choose from");
      }
    }
    return Op.Reduction.super.shape(inputs);
  }

  @Override
  public double start() {
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public <V> V combine(Lanes<V> k, V accumulated, V x) {
    return k.minimum(accumulated, x);
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    Node x = y.input(0);
    Node tied = x.equal(y.broadcast(x.shape())).cast(x.dtype());
    Node share = dy.divide(tied.sum(axes));
    return Arrays.asList(share.broadcast(x.shape()).multiply(tied));
  }
}
