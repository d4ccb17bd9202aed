package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The order of the elements along axes reversed.
 *
 * @param axes the reversed axes, from 0
 */
public record Flip(List<Integer> axes) implements Op.View {
  /** Fixes the axes. */
  public Flip {
    axes = List.copyOf(axes);
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape s = inputs.get(0).shape();
    for (int axis : axes) {
      s.axis("flip", axis);
    }
    return s;
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    return Arrays.asList(Node.of(this, dy));
  }
}
