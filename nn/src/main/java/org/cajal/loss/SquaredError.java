package org.cajal.loss;

import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The mean squared error: (x − t)² averaged over all elements. */
public record SquaredError() implements Loss {
  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    return Reductions.weightedMean(
        "squared error", Losses.squaredError(output, target, Reduction.NONE), sampleWeights);
  }
}
