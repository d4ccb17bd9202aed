package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The running sum along an axis.
 *
 * @param axis from 0
 */
public record CumulativeSum(int axis) implements Op.Indexed {
  @Override
  public DType type(List<Node> inputs) {
    return numeric(inputs.get(0).dtype());
  }

  @Override
  public Shape shape(List<Node> inputs) {
    inputs.get(0).shape().axis("cumulativesum", axis);
    return inputs.get(0).shape();
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    Flip flip = new Flip(List.of(axis));
    return Arrays.asList(Node.of(flip, Node.of(this, Node.of(flip, dy))));
  }
}
