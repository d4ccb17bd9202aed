package org.cajal.loss;

import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Negative log-likelihood of counts whose logarithmic rates are the outputs: e^x − t·x averaged
 * over all elements. Predictions are rates.
 *
 * @param full whether to add Stirling's approximation of ln t!
 */
public record Poisson(boolean full) implements Loss {
  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    return Reductions.weightedMean(
        "poisson", Losses.poisson(output, target, true, full, 0, Reduction.NONE), sampleWeights);
  }

  @Override
  public Tensor predictions(Tensor output) {
    return output.exp();
  }
}
