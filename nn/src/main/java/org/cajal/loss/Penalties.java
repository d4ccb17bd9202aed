package org.cajal.loss;

import java.util.List;
import org.cajal.tensor.Tensor;

/**
 * What a loss gets added for large weights. Textbooks differ by constant factors; each method says
 * its own. Biases and the scales of normalisations are usually left out: see {@link
 * #withoutBiases}.
 */
public final class Penalties {
  private Penalties() {}

  /**
   * λ·Σ|w|, which drives weights to exactly 0; the gradient at 0 is 0.
   *
   * @param weights at least one
   */
  public static Tensor l1(List<Tensor> weights, double lambda) {
    return sum(weights.stream().map(w -> w.abs().sum()).toList()).times(lambda);
  }

  /**
   * ½·λ·Σ w², whose gradient is λ·w: with plain gradient descent the same as a weight decay of λ.
   *
   * @param weights at least one
   */
  public static Tensor l2(List<Tensor> weights, double lambda) {
    return sum(weights.stream().map(w -> w.square().sum()).toList()).times(lambda / 2);
  }

  /**
   * λ/(2m)·Σ w², the form of courses that divide the penalty, like the loss, by the number of
   * samples: the same as {@link #l2(List, double)} with λ/m.
   *
   * @param weights at least one
   * @param samples m, the number of training samples
   */
  public static Tensor l2(List<Tensor> weights, double lambda, long samples) {
    return l2(weights, lambda / samples);
  }

  /** The parameters of two axes and more: weights and kernels, not biases and scales. */
  public static List<Tensor> withoutBiases(List<Tensor> parameters) {
    return parameters.stream().filter(p -> p.rank() >= 2).toList();
  }

  private static Tensor sum(List<Tensor> terms) {
    Tensor sum = terms.get(0);
    for (Tensor term : terms.subList(1, terms.size())) {
      sum = sum.plus(term);
    }
    return sum;
  }
}
