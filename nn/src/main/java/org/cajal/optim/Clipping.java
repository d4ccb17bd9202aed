package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;

/**
 * What is done to gradients before an optimiser sees them, so that a rare large one does not throw
 * the parameters far away.
 */
public interface Clipping {
  /**
   * The clipped gradients, in the same order.
   *
   * @param gradients floating, of any shapes
   */
  List<Tensor> apply(List<Tensor> gradients);

  /** Gradients as they are. */
  static Clipping none() {
    return new NoClipping();
  }

  /** {@link ClipByValue}. */
  static Clipping byValue(double limit) {
    return new ClipByValue(limit);
  }

  /** {@link ClipByGlobalNorm}. */
  static Clipping byGlobalNorm(double limit) {
    return new ClipByGlobalNorm(limit);
  }

  /**
   * The Euclidean norm of all gradients together, a scalar of the first one's type.
   *
   * @param gradients at least one
   */
  static Tensor globalNorm(List<Tensor> gradients) {
    Tensor sum = gradients.get(0).square().sum();
    for (Tensor g : gradients.subList(1, gradients.size())) {
      sum = sum.plus(g.square().sum().cast(sum.dtype()));
    }
    return sum.sqrt();
  }
}
