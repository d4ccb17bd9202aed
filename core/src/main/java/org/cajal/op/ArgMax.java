package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The index of the largest element along an axis, which stays with size 1: I32, the first of ties;
 * NaN counts as largest.
 *
 * @param axis from 0
 */
public record ArgMax(int axis) implements Op.Indexed {
  @Override
  public DType type(List<Node> inputs) {
    numeric(inputs.get(0).dtype());
    return DType.I32;
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape s = inputs.get(0).shape();
    if (s.dim(axis) == 0) {
      throw error("axis " + axis + " of shape " + s + " is empty; there is nothing to choose from");
    }
    return s.with(axis, 1);
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    return Arrays.asList((Node) null);
  }
}
