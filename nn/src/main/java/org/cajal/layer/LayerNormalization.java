package org.cajal.layer;

import org.cajal.init.Initializer;
import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/**
 * Normalises each sample over its last axes: (x − mean)/√(variance + ε) with divisor n, then ·
 * weight + bias (J. Ba, J. Kiros, G. Hinton: "Layer normalization", 2016). The same in training and
 * evaluation. Parameters: "weight" and "bias" of the shape of those axes.
 *
 * @param axes how many of the last axes, usually 1
 * @param epsilon ε, larger than 0
 * @param affine whether to scale and shift
 */
public record LayerNormalization(int axes, double epsilon, boolean affine) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public LayerNormalization {
    Checks.atLeast("layer normalization", "axes", axes, 1);
    Checks.positive("layer normalization", "epsilon", epsilon);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    int[] last = last(scope, x, axes);
    Tensor y = PerChannel.normalized(x, epsilon, last);
    if (!affine) {
      return y;
    }
    Shape shape = x.shape().sub(x.rank() - axes, x.rank());
    return y.times(scope.parameter("weight", shape, Initializer.ones()))
        .plus(scope.parameter("bias", shape, Initializer.zeros()));
  }

  /** The last axes of an input that has a batch axis before them. */
  static int[] last(Scope scope, Tensor x, int axes) {
    scope.requireFloating(x);
    if (x.rank() <= axes) {
      throw scope.error(
          "needs a batch axis and " + axes + " more to normalise over, found " + x.shape());
    }
    int[] last = new int[axes];
    for (int i = 0; i < axes; i++) {
      last[i] = i - axes;
    }
    return last;
  }
}
