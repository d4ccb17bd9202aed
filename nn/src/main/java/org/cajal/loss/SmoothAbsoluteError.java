package org.cajal.loss;

import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * d²/(2β) where |d| &lt; β, else |d| − β/2, averaged over all elements.
 *
 * @param beta β, larger than 0
 */
public record SmoothAbsoluteError(double beta) implements Loss {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public SmoothAbsoluteError {
    Reductions.positive("smooth absolute error", "beta", beta);
  }

  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    return Reductions.weightedMean(
        "smooth absolute error",
        Losses.smoothAbsoluteError(output, target, beta, Reduction.NONE),
        sampleWeights);
  }
}
