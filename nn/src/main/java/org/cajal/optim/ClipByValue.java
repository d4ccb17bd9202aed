package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;

/**
 * Each number of each gradient cut to [−limit, limit]. NaN stays NaN.
 *
 * @param limit larger than 0
 */
public record ClipByValue(double limit) implements Clipping {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if the limit is not positive
   */
  public ClipByValue {
    Rule.positive("clip by value", "limit", limit);
  }

  @Override
  public List<Tensor> apply(List<Tensor> gradients) {
    return gradients.stream().map(this::clipped).toList();
  }

  private Tensor clipped(Tensor g) {
    return g.maximum(Tensor.scalar(g.dtype(), -limit)).minimum(Tensor.scalar(g.dtype(), limit));
  }
}
