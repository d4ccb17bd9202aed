package org.cajal.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Cross-correlation of x [N, C, spatial...] with w [O, C/groups, kernel...] → [N, O, out
 * spatial...], zeros as padding.
 *
 * @param window kernel, stride, padding and dilation on each spatial axis
 * @param groups the number of independent groups of channels
 */
public record Convolution(Window window, int groups) implements Op.Contraction {
  @Override
  public Shape shape(List<Node> inputs) {
    Shape x = inputs.get(0).shape();
    Shape w = inputs.get(1).shape();
    int d = window.kernel().size();
    if (x.rank() != d + 2 || w.rank() != d + 2) {
      throw error(
          "needs x [N, C, "
              + d
              + " spatial axes] and weight [O, C/groups, kernel], found "
              + x
              + " and "
              + w);
    }
    if (groups < 1
        || x.dim(1) % groups != 0
        || w.dim(0) % groups != 0
        || w.dim(1) != x.dim(1) / groups) {
      throw error(
          "channels do not fit: x "
              + x
              + ", weight "
              + w
              + ", groups "
              + groups
              + "; weight must be [multiple of groups, C/groups, ...]");
    }
    if (!w.sub(2, d + 2).dims().equals(window.kernel())) {
      throw error("the weight " + w + " has not the kernel " + window.kernel());
    }
    List<Integer> dims = new ArrayList<>(List.of(x.dim(0), w.dim(0)));
    for (int i = 0; i < d; i++) {
      int out = window.out(i, x.dim(i + 2));
      if (out < 1) {
        throw error("the kernel " + window.kernel() + " is larger than the padded input " + x);
      }
      dims.add(out);
    }
    return new Shape(dims);
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    Node x = y.input(0);
    Node w = y.input(1);
    List<Integer> spatial = x.shape().sub(2, x.shape().rank()).dims();
    return Arrays.asList(
        Node.of(new ConvolutionInputGradient(window, groups, spatial), dy, w),
        Node.of(new ConvolutionWeightGradient(window, groups), x, dy));
  }
}
