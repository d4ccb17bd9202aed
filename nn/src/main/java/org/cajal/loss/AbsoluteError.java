package org.cajal.loss;

import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The mean absolute error: |x − t| averaged over all elements. */
public record AbsoluteError() implements Loss {
  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    return Reductions.weightedMean(
        "absolute error", Losses.absoluteError(output, target, Reduction.NONE), sampleWeights);
  }
}
