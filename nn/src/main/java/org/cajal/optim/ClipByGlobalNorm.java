package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;

/**
 * All gradients scaled by min(1, limit / (norm + 1e-6)) with the norm of all of them together, so
 * that their direction stays (R. Pascanu, T. Mikolov, Y. Bengio: "On the difficulty of training
 * recurrent neural networks", ICML 2013).
 *
 * @param limit the largest norm, larger than 0
 */
public record ClipByGlobalNorm(double limit) implements Clipping {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if the limit is not positive
   */
  public ClipByGlobalNorm {
    Rule.positive("clip by global norm", "limit", limit);
  }

  @Override
  public List<Tensor> apply(List<Tensor> gradients) {
    if (gradients.isEmpty()) {
      return gradients;
    }
    Tensor norm = Clipping.globalNorm(gradients);
    Tensor one = Tensor.scalar(norm.dtype(), 1);
    Tensor scale = one.times(limit).dividedBy(norm.plus(1e-6)).minimum(one);
    return gradients.stream().map(g -> g.times(scale.cast(g.dtype()))).toList();
  }
}
