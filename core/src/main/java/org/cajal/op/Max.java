package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The maximum over axes; NaN wins. Tied maxima share the gradient equally.
 *
 * @param axes the reduced axes, ascending, from 0; they stay with size 1
 */
public record Max(List<Integer> axes) implements Op.Reduction {
  /** Fixes the axes. */
  public Max {
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
    return Double.NEGATIVE_INFINITY;
  }

  @Override
  public <V> V combine(Lanes<V> k, V accumulated, V x) {
    return k.maximum(accumulated, x);
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    Node x = y.input(0);
    Node tied = x.equal(y.broadcast(x.shape())).cast(x.dtype());
    Node share = dy.divide(tied.sum(axes));
    return Arrays.asList(share.broadcast(x.shape()).multiply(tied));
  }
}
