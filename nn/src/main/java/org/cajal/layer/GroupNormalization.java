package org.cajal.layer;

import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/**
 * Normalises each group of channels of each sample: x [N, C, ...] → (x − mean)/√(variance + ε) over
 * the group (divisor n), then · weight + bias for each channel (Y. Wu, K. He: "Group
 * normalization", ECCV 2018). With a group for each channel it is instance normalisation (D.
 * Ulyanov, A. Vedaldi, V. Lempitsky, 2016). The same in training and evaluation. Parameters:
 * "weight" and "bias" [C].
 *
 * @param groups divides the channels; {@link #EACH_CHANNEL} for one group a channel
 * @param epsilon ε, larger than 0
 * @param affine whether to scale and shift
 */
public record GroupNormalization(int groups, double epsilon, boolean affine) implements Layer {
  /** As many groups as channels. */
  public static final int EACH_CHANNEL = 0;

  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public GroupNormalization {
    Checks.atLeast("group normalization", "groups", groups, EACH_CHANNEL);
    Checks.positive("group normalization", "epsilon", epsilon);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    PerChannel.requireChannels(scope, x);
    int count = groups == EACH_CHANNEL ? x.dim(1) : groups;
    Sliding.channels(scope, x, count);
    Tensor grouped =
        x.reshape(
            Shape.of(x.dim(0), count, Math.toIntExact(x.shape().sub(1, x.rank()).size() / count)));
    Tensor y = PerChannel.normalized(grouped, epsilon, 2).reshape(x.shape());
    return affine ? PerChannel.scaled(scope, y) : y;
  }
}
