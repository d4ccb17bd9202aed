package org.cajal.loss;

import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** ln(1 + e^(−t·x)) averaged over all elements; targets are −1 and 1. */
public record SoftMargin() implements Loss {
  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    return Reductions.weightedMean(
        "soft margin", MarginLosses.softMargin(output, target, Reduction.NONE), sampleWeights);
  }
}
