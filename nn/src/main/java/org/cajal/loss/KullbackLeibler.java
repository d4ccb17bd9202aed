package org.cajal.loss;

import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The Kullback–Leibler divergence of log-probabilities from target distributions: Σ t·(ln t − x) of
 * each sample, averaged over the samples. Predictions are probabilities.
 *
 * @param logTarget whether targets are logarithms of probabilities
 */
public record KullbackLeibler(boolean logTarget) implements Loss {
  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    return Reductions.weightedMean(
        "kullback-leibler",
        Losses.perSample(Losses.kullbackLeibler(output, target, logTarget, Reduction.NONE)),
        sampleWeights);
  }

  @Override
  public Tensor predictions(Tensor output) {
    return output.exp();
  }
}
