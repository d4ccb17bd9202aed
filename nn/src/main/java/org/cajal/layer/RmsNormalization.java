package org.cajal.layer;

import org.cajal.init.Initializer;
import org.cajal.tensor.Tensor;

/**
 * Scales each sample by its root mean square over the last axes: x/√(mean(x²) + ε) · weight (B.
 * Zhang, R. Sennrich: "Root mean square layer normalization", NeurIPS 2019). The same in training
 * and evaluation. Parameter: "weight" of the shape of those axes.
 *
 * @param axes how many of the last axes, usually 1
 * @param epsilon ε, larger than 0
 * @param scale whether to multiply by a learned weight
 */
public record RmsNormalization(int axes, double epsilon, boolean scale) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public RmsNormalization {
    Checks.atLeast("rms normalization", "axes", axes, 1);
    Checks.positive("rms normalization", "epsilon", epsilon);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    int[] last = LayerNormalization.last(scope, x, axes);
    Tensor y = x.dividedBy(x.square().meanKeep(last).plus(epsilon).sqrt());
    return scale
        ? y.times(
            scope.parameter("weight", x.shape().sub(x.rank() - axes, x.rank()), Initializer.ones()))
        : y;
  }
}
