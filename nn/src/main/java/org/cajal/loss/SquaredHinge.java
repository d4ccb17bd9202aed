package org.cajal.loss;

import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * max(0, margin − t·x)² averaged over all elements; targets are −1 and 1.
 *
 * @param margin usually 1
 */
public record SquaredHinge(double margin) implements Loss {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public SquaredHinge {
    Reductions.positive("squared hinge", "margin", margin);
  }

  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    return Reductions.weightedMean(
        "squared hinge",
        MarginLosses.squaredHinge(output, target, margin, Reduction.NONE),
        sampleWeights);
  }
}
