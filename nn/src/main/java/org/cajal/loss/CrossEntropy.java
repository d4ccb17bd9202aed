package org.cajal.loss;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy from logits: softmax over axis 1 against classes 0 to C − 1 (I32 or I64 [N, d...])
 * or against probabilities of the output's shape. With class weights w and class targets the mean
 * divides by Σ w[t]. Predictions are probabilities.
 *
 * @param labelSmoothing ε from 0 to less than 1: the share of every target that is spread evenly
 *     over all classes (C. Szegedy et al.: "Rethinking the Inception architecture for computer
 *     vision", CVPR 2016)
 * @param ignoredClass class targets of this value count nothing; {@link Losses#NO_CLASS} for none
 * @param classWeights one for each class, or empty for ones
 */
public record CrossEntropy(double labelSmoothing, int ignoredClass, List<Double> classWeights)
    implements Loss {
  /**
   * Checks the setting.
   *
   * @throws CajalException if the smoothing is not in [0, 1) or a weight is negative or not finite
   */
  public CrossEntropy {
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new CajalException(
          "[cross entropy] label smoothing is "
              + labelSmoothing
              + "; it must be at least 0 and less than 1");
    }
    classWeights = List.copyOf(classWeights);
    for (double w : classWeights) {
      if (!(w >= 0 && w < Double.POSITIVE_INFINITY)) {
        throw new CajalException(
            "[cross entropy] a class weight is " + w + "; weights must be 0 or larger, and finite");
      }
    }
  }

  /** No smoothing, no ignored class, no weights. */
  public CrossEntropy() {
    this(0, Losses.NO_CLASS, List.of());
  }

  /** This with weights for the classes. */
  public CrossEntropy withClassWeights(List<Double> weights) {
    return new CrossEntropy(labelSmoothing, ignoredClass, weights);
  }

  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    Tensor weights = Losses.constant(classWeights, output.dtype());
    if (target.dtype().isInteger()) {
      return Losses.crossEntropy(output, target, weights, labelSmoothing, ignoredClass)
          .mean("cross entropy", sampleWeights);
    }
    return Reductions.weightedMean(
        "cross entropy",
        Losses.crossEntropyOfProbabilities(output, target, weights, labelSmoothing),
        sampleWeights);
  }

  @Override
  public @Nullable Tensor weights(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    if (!target.dtype().isInteger()) {
      return sampleWeights;
    }
    Tensor weights = Losses.constant(classWeights, output.dtype());
    return Losses.crossEntropy(output, target, weights, labelSmoothing, ignoredClass)
        .weights("cross entropy", sampleWeights);
  }

  @Override
  public Tensor predictions(Tensor output) {
    return output.softmax(1);
  }
}
