package org.cajal.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The input repeated along axes of size 1 and along new leading axes (NumPy's rule, aligned at the
 * last axis).
 */
public record Broadcast(Shape to) implements Op.View {
  @Override
  public Shape shape(List<Node> inputs) {
    Shape from = inputs.get(0).shape();
    int shift = to.rank() - from.rank();
    boolean fits = shift >= 0;
    for (int i = 0; fits && i < from.rank(); i++) {
      fits = from.dim(i) == 1 || from.dim(i) == to.dim(i + shift);
    }
    if (!fits) {
      throw error(
          from
              + " does not broadcast to "
              + to
              + "; only axes of size 1 and new leading axes can be repeated");
    }
    return to;
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    Shape from = y.input(0).shape();
    int shift = to.rank() - from.rank();
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < to.rank(); i++) {
      if (i < shift || (from.dim(i - shift) == 1 && to.dim(i) != 1)) {
        axes.add(i);
      }
    }
    return Arrays.asList(dy.sum(axes).reshape(from));
  }
}
