package org.cajal.loss;

import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * max(0, margin − t·x) averaged over all elements; targets are −1 and 1.
 *
 * @param margin usually 1
 */
public record Hinge(double margin) implements Loss {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public Hinge {
    Reductions.positive("hinge", "margin", margin);
  }

  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    return Reductions.weightedMean(
        "hinge", MarginLosses.hinge(output, target, margin, Reduction.NONE), sampleWeights);
  }
}
