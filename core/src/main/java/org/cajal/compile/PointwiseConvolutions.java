package org.cajal.compile;

import org.cajal.op.Convolution;
import org.cajal.op.ConvolutionInputGradient;
import org.cajal.op.MatMul;
import org.cajal.op.Node;
import org.cajal.op.Window;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions whose kernel is one position, with step 1 and no padding, as the products that they
 * are: for each image {@code Y = W X} with {@code X [C, positions]}, and {@code dX = Wᵗ dY}; with
 * one position for all images {@code Y = X Wᵗ}. A product reads its matrices where they lie, a
 * convolution copies each block of an image first. An image of few positions is too little for a
 * product of its own; the convolution takes several at once.
 */
final class PointwiseConvolutions {
  private static final int LEAST_POSITIONS = 128;

  private PointwiseConvolutions() {}

  /** The same as a product, or null. */
  static @Nullable Node rule(Node node) {
    return switch (node.op()) {
      case Convolution c when isPointwise(c.window(), c.groups()) ->
          product(node.input(1), node.input(0), false, node.shape());
      case ConvolutionInputGradient c when isPointwise(c.window(), c.groups()) ->
          product(node.input(1), node.input(0), true, node.shape());
      default -> null;
    };
  }

  private static boolean isPointwise(Window window, int groups) {
    return groups == 1
        && window.kernel().stream().allMatch(k -> k == 1)
        && window.stride().stream().allMatch(s -> s == 1)
        && window.padLow().stream().allMatch(p -> p == 0)
        && window.padHigh().stream().allMatch(p -> p == 0);
  }

  /**
   * @param transposed whether channels of x are rows of w, as in the gradient of the input
   */
  private static @Nullable Node product(Node w, Node x, boolean transposed, Shape shape) {
    int images = x.shape().dim(0);
    int channels = x.shape().dim(1);
    Shape spatial = x.shape().sub(2, x.shape().rank());
    Node rows = w.reshape(w.shape().sub(0, 2));
    if (spatial.size() == 1) {
      Node each = x.reshape(Shape.of(images, channels));
      return product(each, transposed ? rows : rows.swapLast(), shape);
    }
    if (spatial.size() < LEAST_POSITIONS) {
      return null;
    }
    Node left = transposed ? rows.swapLast() : rows;
    Shape one = Shape.of(1).concat(left.shape());
    Shape all = Shape.of(images).concat(left.shape());
    return product(
        left.reshape(one).broadcast(all),
        x.reshape(Shape.of(images, channels, Math.toIntExact(spatial.size()))),
        shape);
  }

  private static Node product(Node a, Node b, Shape shape) {
    return Node.of(new MatMul(), a, b).reshape(shape);
  }
}
