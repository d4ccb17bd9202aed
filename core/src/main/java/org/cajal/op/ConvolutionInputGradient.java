package org.cajal.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of a convolution for its input: dy [N, O, out spatial...] and w [O, C/groups,
 * kernel...] → [N, C, spatial...]. Also known as transposed convolution.
 *
 * @param window of the convolution
 * @param groups of the convolution
 * @param spatial the spatial sizes of the convolution's input
 */
public record ConvolutionInputGradient(Window window, int groups, List<Integer> spatial)
    implements Op.Contraction {
  /** Fixes the sizes. */
  public ConvolutionInputGradient {
    spatial = List.copyOf(spatial);
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape dy = inputs.get(0).shape();
    Shape w = inputs.get(1).shape();
    int d = window.kernel().size();
    boolean fits =
        dy.rank() == d + 2
            && w.rank() == d + 2
            && spatial.size() == d
            && groups >= 1
            && dy.dim(1) == w.dim(0)
            && w.dim(0) % groups == 0
            && w.sub(2, d + 2).dims().equals(window.kernel());
    for (int i = 0; fits && i < d; i++) {
      fits = window.out(i, spatial.get(i)) == dy.dim(i + 2);
    }
    if (!fits) {
      throw error(
          "gradient "
              + dy
              + ", weight "
              + w
              + ", groups "
              + groups
              + " and "
              + window
              + " do not belong to an input of "
              + "spatial size "
              + spatial);
    }
    List<Integer> dims = new ArrayList<>(List.of(dy.dim(0), w.dim(1) * groups));
    dims.addAll(spatial);
    return new Shape(dims);
  }

  @Override
  public List<@Nullable Node> vjp(Node ddx, Node y) {
    Node dy = y.input(0);
    Node w = y.input(1);
    return Arrays.asList(
        Node.of(new Convolution(window, groups), ddx, w),
        Node.of(new ConvolutionWeightGradient(window, groups), ddx, dy));
  }
}
