package org.cajal.loss;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/** Losses of elements to one number, and the checks that all losses share. */
final class Reductions {
  private Reductions() {}

  /** By the plain rule: the mean divides by the number of elements. */
  static Tensor reduce(Tensor losses, Reduction reduction) {
    return switch (reduction) {
      case NONE -> losses;
      case MEAN -> losses.mean();
      case SUM -> losses.sum();
    };
  }

  /**
   * Where the mean divides by the sum of the elements' weights, with which the losses have been
   * multiplied already.
   */
  static Tensor reduce(Tensor losses, @Nullable Tensor weights, Reduction reduction) {
    return weights == null || reduction != Reduction.MEAN
        ? reduce(losses, reduction)
        : ratio(losses.sum(), weights.sum());
  }

  /** Σ weight · loss / Σ weight. */
  static Tensor weightedMean(String name, Tensor losses, @Nullable Tensor sampleWeights) {
    if (sampleWeights == null) {
      return losses.mean();
    }
    Tensor w = alongSamples(name, sampleWeights, losses);
    return ratio(losses.times(w).sum(), w.sum());
  }

  /** Weights [N] as weights of every element of [N, ...]. */
  static Tensor alongSamples(String name, Tensor sampleWeights, Tensor losses) {
    if (sampleWeights.rank() != 1 || losses.rank() < 1 || sampleWeights.dim(0) != losses.dim(0)) {
      throw CajalException.at(
          name,
          "sample weights are "
              + sampleWeights.shape()
              + ", but the losses of the samples are "
              + losses.shape()
              + "; one weight for each sample is needed");
    }
    List<Integer> dims = new ArrayList<>(Collections.nCopies(losses.rank(), 1));
    dims.set(0, losses.dim(0));
    return sampleWeights.reshape(new Shape(dims)).broadcastTo(losses.shape());
  }

  /** sum / weight, and 0 where the weight is 0. */
  static Tensor ratio(Tensor sum, Tensor weight) {
    Tensor one = Tensor.scalar(weight.dtype(), 1);
    return sum.dividedBy(Tensor.where(weight.equalTo(0), one, weight));
  }

  /**
   * The target with the output's shape and type: truth values and integers become floating, and [N]
   * stands for [N, 1].
   *
   * @throws CajalException if it does not fit; nothing is broadcast, since [N] against [N, 1] would
   *     compare all with all
   */
  static Tensor fitted(String name, Tensor output, Tensor target) {
    Tensor t = target.dtype().isFloating() ? target : target.cast(output.dtype());
    if (t.dtype() != output.dtype()) {
      throw CajalException.at(
          name,
          "the output is "
              + output.dtype()
              + ", the target "
              + target.dtype()
              + "; write target.cast("
              + output.dtype()
              + ")");
    }
    if (t.shape().equals(output.shape())) {
      return t;
    }
    if (core(t.shape()).equals(core(output.shape()))) {
      return t.reshape(output.shape());
    }
    throw CajalException.at(
        name,
        "the output is "
            + output.shape()
            + ", the target "
            + target.shape()
            + "; both must have one shape");
  }

  /** A setting that must be a finite number above 0. */
  static void positive(String name, String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new CajalException(
          "[" + name + "] " + what + " is " + value + "; it must be larger than 0, and finite");
    }
  }

  private static List<Integer> core(Shape shape) {
    List<Integer> dims = new ArrayList<>(shape.dims());
    while (!dims.isEmpty() && dims.getLast() == 1) {
      dims.removeLast();
    }
    return dims;
  }
}
