package org.cajal.loss;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * −ln p[t] from log-probabilities over axis 1, what {@link CrossEntropy} does from logits: for
 * networks that end in a log-softmax. Predictions are probabilities.
 *
 * @param ignoredClass targets of this value count nothing; {@link Losses#NO_CLASS} for none
 * @param classWeights one for each class, or empty for ones; with weights w the mean divides by Σ
 *     w[t]
 */
public record NegativeLogLikelihood(int ignoredClass, List<Double> classWeights) implements Loss {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public NegativeLogLikelihood {
    classWeights = List.copyOf(classWeights);
  }

  /** No ignored class, no weights. */
  public NegativeLogLikelihood() {
    this(Losses.NO_CLASS, List.of());
  }

  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    return Losses.likelihood(
            output, target, Losses.constant(classWeights, output.dtype()), ignoredClass)
        .mean("negative log-likelihood", sampleWeights);
  }

  @Override
  public @Nullable Tensor weights(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    return Losses.likelihood(
            output, target, Losses.constant(classWeights, output.dtype()), ignoredClass)
        .weights("negative log-likelihood", sampleWeights);
  }

  @Override
  public Tensor predictions(Tensor output) {
    return output.exp();
  }
}
