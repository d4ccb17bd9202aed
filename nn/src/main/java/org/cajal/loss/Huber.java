package org.cajal.loss;

import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Huber's loss: d²/2 where |d| ≤ δ, else δ·(|d| − δ/2), averaged over all elements.
 *
 * @param delta δ, larger than 0
 */
public record Huber(double delta) implements Loss {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public Huber {
    Reductions.positive("huber", "delta", delta);
  }

  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    return Reductions.weightedMean(
        "huber", Losses.huber(output, target, delta, Reduction.NONE), sampleWeights);
  }
}
