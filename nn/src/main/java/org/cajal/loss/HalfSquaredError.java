package org.cajal.loss;

import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * ½‖x − t‖² of each sample, averaged over the samples: the loss of textbooks, whose gradient is x −
 * t.
 */
public record HalfSquaredError() implements Loss {
  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    return Reductions.weightedMean(
        "half squared error",
        Losses.halfSquaredError(output, target, Reduction.NONE),
        sampleWeights);
  }
}
