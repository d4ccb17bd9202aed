package org.cajal.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of a convolution for its weight: x [N, C, spatial...] and dy [N, O, out spatial...]
 * → [O, C/groups, kernel...].
 *
 * @param window of the convolution
 * @param groups of the convolution
 */
public record ConvolutionWeightGradient(Window window, int groups) implements Op.Contraction {
  @Override
  public Shape shape(List<Node> inputs) {
    Shape x = inputs.get(0).shape();
    Shape dy = inputs.get(1).shape();
    int d = window.kernel().size();
    boolean fits =
        x.rank() == d + 2
            && dy.rank() == d + 2
            && x.dim(0) == dy.dim(0)
            && groups >= 1
            && x.dim(1) % groups == 0
            && dy.dim(1) % groups == 0;
    for (int i = 0; fits && i < d; i++) {
      fits = window.out(i, x.dim(i + 2)) == dy.dim(i + 2);
    }
    if (!fits) {
      throw error(
          "input "
              + x
              + ", gradient "
              + dy
              + ", groups "
              + groups
              + " and "
              + window
              + " do not fit");
    }
    List<Integer> dims = new ArrayList<>(List.of(dy.dim(1), x.dim(1) / groups));
    dims.addAll(window.kernel());
    return new Shape(dims);
  }

  @Override
  public List<@Nullable Node> vjp(Node ddw, Node y) {
    Node x = y.input(0);
    Node dy = y.input(1);
    List<Integer> spatial = x.shape().sub(2, x.shape().rank()).dims();
    return Arrays.asList(
        Node.of(new ConvolutionInputGradient(window, groups, spatial), dy, ddw),
        Node.of(new Convolution(window, groups), x, ddw));
  }
}
