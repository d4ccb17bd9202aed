package org.cajal.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cajal.init.Initializer;
import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/** What normalisations share: learned scale and shift, and vectors aligned with axis 1. */
final class PerChannel {
  private PerChannel() {}

  /** [C] → [C, 1, ...], which broadcasts along axis 1 of a tensor of that rank. */
  static Tensor align(Tensor vector, int rank) {
    List<Integer> dims = new ArrayList<>(Collections.nCopies(rank - 1, 1));
    dims.set(0, vector.dim(0));
    return vector.reshape(new Shape(dims));
  }

  /** y · weight + bias along axis 1, with parameters that start at 1 and 0. */
  static Tensor scaled(Scope scope, Tensor y) {
    Tensor weight = scope.parameter("weight", Shape.of(y.dim(1)), Initializer.ones());
    Tensor bias = scope.parameter("bias", Shape.of(y.dim(1)), Initializer.zeros());
    return y.times(align(weight, y.rank())).plus(align(bias, y.rank()));
  }

  /** (x − mean) / √(variance + ε). */
  static Tensor normalized(Tensor x, Tensor mean, Tensor variance, double epsilon) {
    return x.minus(mean).dividedBy(variance.plus(epsilon).sqrt());
  }

  /**
   * x less its mean over axes, divided by √(variance + ε). The deviation's gradient is stated by
   * the result, so that the backward pass needs nothing else of x's size.
   */
  static Tensor normalized(Tensor x, double epsilon, int... axes) {
    Tensor mean = x.meanKeep(axes);
    Tensor deviation = x.varianceKeep(0, axes).plus(epsilon).sqrt();
    Tensor centred = x.minus(mean);
    double share = (double) mean.shape().size() / x.shape().size();
    Tensor slope = centred.dividedBy(deviation).times(share);
    return centred.dividedBy(deviation.region("deviation", List.of(x), List.of(slope)));
  }

  static void requireChannels(Scope scope, Tensor x) {
    scope.requireFloating(x);
    if (x.rank() < 2) {
      throw scope.error("needs channels on axis 1, [N, C] or [N, C, ...], found " + x.shape());
    }
  }
}
