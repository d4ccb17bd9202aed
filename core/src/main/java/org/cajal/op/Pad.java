package org.cajal.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A constant around and between the elements.
 *
 * @param before how many constants before the first element of each axis, not negative
 * @param after how many after the last, not negative
 * @param between how many between neighbours, not negative
 * @param value the constant
 */
public record Pad(List<Integer> before, List<Integer> after, List<Integer> between, double value)
    implements Op.Arrange {
  /** Fixes the lists. */
  public Pad {
    before = List.copyOf(before);
    after = List.copyOf(after);
    between = List.copyOf(between);
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape from = inputs.get(0).shape();
    boolean fits =
        before.size() == from.rank()
            && after.size() == from.rank()
            && between.size() == from.rank();
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; fits && i < from.rank(); i++) {
      fits = before.get(i) >= 0 && after.get(i) >= 0 && between.get(i) >= 0;
      int n = from.dim(i);
      dims.add(
          Math.addExact(
              before.get(i) + after.get(i),
              n == 0 ? 0 : Math.multiplyExact(n - 1, between.get(i) + 1) + 1));
    }
    if (!fits) {
      throw error(
          "before "
              + before
              + ", after "
              + after
              + ", between "
              + between
              + " do not fit the shape "
              + from
              + "; one number of at least 0 is needed for each axis");
    }
    return new Shape(dims);
  }

  /** The slice that takes the elements out again. */
  public Slice inverse(Shape from) {
    return new Slice(before, from.dims(), between.stream().map(b -> b + 1).toList());
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    return Arrays.asList(Node.of(inverse(y.input(0).shape()), dy));
  }
}
