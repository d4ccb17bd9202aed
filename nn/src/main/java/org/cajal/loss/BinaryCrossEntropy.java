package org.cajal.loss;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Binary cross-entropy from logits, averaged over all elements: one output for two classes, or
 * several outputs for classes that do not exclude each other. Targets are 0 or 1, or probabilities
 * between. Predictions are probabilities.
 *
 * @param positiveWeights how much more targets 1 count than targets 0: empty for as much, one
 *     number for all outputs, or one for each place of the last axis
 */
public record BinaryCrossEntropy(List<Double> positiveWeights) implements Loss {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public BinaryCrossEntropy {
    positiveWeights = List.copyOf(positiveWeights);
    positiveWeights.forEach(
        w -> Reductions.positive("binary cross entropy", "a positive weight", w));
  }

  /** Both targets count the same. */
  public BinaryCrossEntropy() {
    this(List.of());
  }

  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    Tensor weights = Losses.constant(positiveWeights, output.dtype());
    return Reductions.weightedMean(
        "binary cross entropy",
        Losses.binaryCrossEntropyFromLogits(output, target, weights, null, Reduction.NONE),
        sampleWeights);
  }

  @Override
  public Tensor predictions(Tensor output) {
    return output.sigmoid();
  }
}
