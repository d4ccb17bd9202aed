package org.cajal.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Every step-th element from a start along each axis.
 *
 * @param start the first index on each axis
 * @param size how many indices on each axis
 * @param step the distance between them, at least 1
 */
public record Slice(List<Integer> start, List<Integer> size, List<Integer> step)
    implements Op.View {
  /** Fixes the lists. */
  public Slice {
    start = List.copyOf(start);
    size = List.copyOf(size);
    step = List.copyOf(step);
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape from = inputs.get(0).shape();
    boolean fits =
        start.size() == from.rank() && size.size() == from.rank() && step.size() == from.rank();
    for (int i = 0; fits && i < from.rank(); i++) {
      int n = size.get(i);
      fits =
          start.get(i) >= 0
              && n >= 0
              && step.get(i) >= 1
              && (n == 0 || start.get(i) + (long) (n - 1) * step.get(i) < from.dim(i));
    }
    if (!fits) {
      throw error(
          "start " + start + ", size " + size + ", step " + step + " leave the shape " + from);
    }
    return new Shape(size);
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    Shape from = y.input(0).shape();
    List<Integer> after = new ArrayList<>();
    for (int i = 0; i < from.rank(); i++) {
      int n = size.get(i);
      int used = n == 0 ? 0 : (n - 1) * step.get(i) + 1;
      after.add(from.dim(i) - start.get(i) - used);
    }
    List<Integer> between = step.stream().map(s -> s - 1).toList();
    return Arrays.asList(Node.of(new Pad(start, after, between, 0), dy));
  }
}
