package org.cajal.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of a window sum for its input: each dy [N, C, out spatial...] is added to the
 * elements of its window.
 *
 * @param window of the window sum
 * @param spatial the spatial sizes of the window sum's input
 */
public record WindowSumGradient(Window window, List<Integer> spatial) implements Op.Windowed {
  /** Fixes the sizes. */
  public WindowSumGradient {
    spatial = List.copyOf(spatial);
  }

  @Override
  public DType type(List<Node> inputs) {
    return floating(inputs.get(0).dtype());
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape dy = inputs.get(0).shape();
    int d = window.kernel().size();
    boolean fits = dy.rank() == d + 2 && spatial.size() == d;
    for (int i = 0; fits && i < d; i++) {
      fits = window.out(i, spatial.get(i)) == dy.dim(i + 2);
    }
    if (!fits) {
      throw error(
          "gradient "
              + dy
              + " and "
              + window
              + " do not belong to an input of spatial size "
              + spatial);
    }
    List<Integer> dims = new ArrayList<>(List.of(dy.dim(0), dy.dim(1)));
    dims.addAll(spatial);
    return new Shape(dims);
  }

  @Override
  public List<@Nullable Node> vjp(Node ddx, Node y) {
    return Arrays.asList(Node.of(new WindowSum(window), ddx));
  }
}
