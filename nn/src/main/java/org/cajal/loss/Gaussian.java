package org.cajal.loss;

import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * Negative log-likelihood of numbers under normal distributions: of the outputs [N, ..., 2d] the
 * first d of the last axis are means, the others logarithms of variances; targets are [N, ..., d].
 * Predictions are the means.
 *
 * @param full whether to add ½·ln(2π)
 */
public record Gaussian(boolean full) implements Loss {
  private static final double LEAST_VARIANCE = 1e-6;

  @Override
  public Tensor apply(Tensor output, Tensor target, @Nullable Tensor sampleWeights) {
    if (output.rank() < 1 || output.dim(-1) % 2 != 0) {
      throw CajalException.at(
          "gaussian",
          "needs means and logarithms of variances side by side on the last axis, an even number;"
              + " found "
              + output.shape());
    }
    Tensor losses =
        Losses.gaussian(
            half(output, 0), target, half(output, 1).exp(), full, LEAST_VARIANCE, Reduction.NONE);
    return Reductions.weightedMean("gaussian", losses, sampleWeights);
  }

  @Override
  public Tensor predictions(Tensor output) {
    return half(output, 0);
  }

  private static Tensor half(Tensor output, int which) {
    int d = output.dim(-1) / 2;
    return output.slice(-1, which * d, (which + 1) * d);
  }
}
