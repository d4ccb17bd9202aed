package org.cajal.loss;

import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The perceptron criterion max(0, −t·x) averaged over all elements, see {@link
 * MarginLosses#perceptron}; targets are −1 and 1.
 */
public record Perceptron() implements Loss {
  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    return Reductions.weightedMean(
        "perceptron", MarginLosses.perceptron(output, target, Reduction.NONE), sampleWeights);
  }
}
