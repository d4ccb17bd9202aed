package org.cajal.layer;

import java.util.stream.IntStream;
import org.cajal.init.Initializer;
import org.cajal.tensor.Tensor;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Normalises each channel over the batch and all spatial axes: x [N, C] or [N, C, spatial...] → (x
 * − mean)/√(variance + ε), then · weight + bias (S. Ioffe, C. Szegedy: "Batch normalization:
 * accelerating deep network training", ICML 2015). In training mean and variance (divisor n) are
 * the batch's, and running ← (1 − momentum)·running + momentum·batch keeps them, the variance with
 * divisor n − 1 (unchanged where n is 1); in evaluation they are the running ones. Parameters:
 * "weight" and "bias" [C]; state: "running_mean" and "running_var" [C].
 *
 * @param momentum how much of the running statistics a batch replaces, from 0 to 1; usually 0.1
 * @param epsilon ε, larger than 0
 * @param affine whether to scale and shift
 */
public record BatchNormalization(double momentum, double epsilon, boolean affine) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public BatchNormalization {
    Checks.positive("batch normalization", "epsilon", epsilon);
    Checks.share("batch normalization", "momentum", momentum);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    PerChannel.requireChannels(scope, x);
    Shape channels = Shape.of(x.dim(1));
    Tensor runningMean =
        scope.state("running_mean", channels, () -> NDArray.zeros(scope.dtype(), channels));
    Tensor runningVariance =
        scope.state(
            "running_var",
            channels,
            () -> Initializer.ones().sample(scope.dtype(), channels, null, 0, "running_var"));
    Tensor y;
    if (scope.training()) {
      int[] axes = IntStream.range(0, x.rank()).filter(axis -> axis != 1).toArray();
      Tensor mean = x.meanKeep(axes);
      Tensor variance = x.varianceKeep(0, axes);
      y = PerChannel.normalized(x, epsilon, axes);
      scope.update("running_mean", moved(runningMean, mean.reshape(channels)));
      long count = x.shape().size() / Math.max(1, x.dim(1));
      if (count > 1) {
        Tensor unbiased = variance.reshape(channels).times((double) count / (count - 1));
        scope.update("running_var", moved(runningVariance, unbiased));
      }
    } else {
      y =
          PerChannel.normalized(
              x,
              PerChannel.align(runningMean, x.rank()),
              PerChannel.align(runningVariance, x.rank()),
              epsilon);
    }
    return affine ? PerChannel.scaled(scope, y) : y;
  }

  private Tensor moved(Tensor running, Tensor batch) {
    return running.times(1 - momentum).plus(batch.times(momentum));
  }
}
