package org.cajal.layer;

import org.cajal.op.Convolution;
import org.cajal.op.ConvolutionInputGradient;
import org.cajal.op.ConvolutionWeightGradient;
import org.cajal.op.MatMul;
import org.cajal.op.Node;
import org.cajal.op.Op;
import org.cajal.type.Shape;

/**
 * How many products are summed by a node: what counts as work in a summary. Elementwise operations
 * count as none.
 */
final class MultiplyAdds {
  private MultiplyAdds() {}

  static long of(Node node) {
    if (!(node.op() instanceof Op.Contraction contraction)) {
      return 0;
    }
    return switch (contraction) {
      case MatMul ignored -> node.shape().size() * node.input(0).shape().dim(-1);
      case Convolution ignored -> node.shape().size() * perOutput(node.input(1).shape());
      case ConvolutionInputGradient ignored ->
          node.input(0).shape().size() * perOutput(node.input(1).shape());
      case ConvolutionWeightGradient ignored ->
          node.input(1).shape().size() * perOutput(node.shape());
    };
  }

  /** Products for one element of a convolution's output. */
  private static long perOutput(Shape weight) {
    return weight.sub(1, weight.rank()).size();
  }
}
