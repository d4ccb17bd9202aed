package org.cajal.loss;

import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What training makes small: the trainer's setting, and a record in model files. Every loss is a
 * weighted mean Σ wᵢ·ℓᵢ / Σ wᵢ over the samples of a batch, so that a batch that is filled up with
 * samples of weight 0 has the loss of its real samples; without weights all of them are 1, and a
 * batch of weight 0 has loss 0.
 */
public interface Loss {
  /**
   * The loss of a batch.
   *
   * @param output what the model answers, [N, ...]
   * @param target what it should answer
   * @param sampleWeights floating [N], not negative; null for equal weights
   * @return a scalar of the output's type
   * @throws org.cajal.type.CajalException if the shapes or types do not fit
   */
  Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights);

  /**
   * How much each sample of a batch counts in the mean.
   *
   * @param output what the model answers, [N, ...]
   * @param target what it should answer
   * @param sampleWeights floating [N], not negative; null for equal weights
   * @return the weights, [N] or in the shape of the target; null where all are 1
   */
  default @Nullable Tensor weights(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    return sampleWeights;
  }

  /**
   * The class whose targets count nowhere, in the loss as in what is measured: padding of
   * sequences, for instance. {@link Losses#NO_CLASS} for none.
   */
  default int ignoredClass() {
    return Losses.NO_CLASS;
  }

  /** The loss of a batch of equally weighted samples. */
  default Tensor apply(Tensor output, Tensor target) {
    return apply(output, target, null);
  }

  /** What to tell a user: the output as probabilities, rates or plain numbers. */
  default Tensor predictions(Tensor output) {
    return output;
  }
}
