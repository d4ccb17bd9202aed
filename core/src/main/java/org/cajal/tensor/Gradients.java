package org.cajal.tensor;

import java.util.List;
import org.cajal.grad.Backpropagation;
import org.cajal.op.Node;
import org.cajal.type.CajalException;

/**
 * Gradients of a tensor as more tensors, which can be differentiated again.
 *
 * <pre>{@code Tensor dw = Gradients.of(loss).withRespectTo(w);}</pre>
 */
public final class Gradients {
  private final Tensor output;
  private final Tensor seed;

  private Gradients(Tensor output, Tensor seed) {
    this.output = output;
    this.seed = seed;
  }

  /**
   * Gradients of a scalar.
   *
   * @throws CajalException if the tensor has more than one element or is not floating
   */
  public static Gradients of(Tensor scalar) {
    if (!scalar.dtype().isFloating() || scalar.shape().size() != 1) {
      throw CajalException.at(
          "gradients",
          "needs a floating scalar, found "
              + scalar.dtype()
              + " "
              + scalar.shape()
              + "; reduce it first, or give a seed");
    }
    return new Gradients(scalar, Tensor.ones(scalar.dtype(), scalar.shape()));
  }

  /**
   * Gradients of Σ output · seed.
   *
   * @throws CajalException if seed and output differ in type or shape
   */
  public static Gradients of(Tensor output, Tensor seed) {
    if (output.dtype() != seed.dtype() || !output.shape().equals(seed.shape())) {
      throw CajalException.at(
          "gradients",
          "the seed "
              + seed.dtype()
              + " "
              + seed.shape()
              + " does not fit the output "
              + output.dtype()
              + " "
              + output.shape());
    }
    return new Gradients(output, seed);
  }

  /** The gradient for one tensor, of its shape; zeros where the output does not depend on it. */
  public Tensor withRespectTo(Tensor wanted) {
    return withRespectTo(List.of(wanted)).get(0);
  }

  /** The gradients for several tensors, in one backward pass. */
  public List<Tensor> withRespectTo(List<Tensor> wanted) {
    for (Tensor t : wanted) {
      if (!t.dtype().isFloating()) {
        throw CajalException.at(
            "gradients",
            "no gradient for " + t.dtype() + " " + t.shape() + "; only F32 and F64 have one");
      }
    }
    List<Node> nodes = wanted.stream().map(Tensor::node).toList();
    return Backpropagation.gradients(List.of(output.node()), List.of(seed.node()), nodes).stream()
        .map(Tensor::new)
        .toList();
  }
}
