package org.cajal.loss;

import java.util.ArrayList;
import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Losses as functions on tensors. Without a {@link Reduction} they answer the mean, a scalar. Where a loss has a form in logits
 * (the numbers before sigmoid or softmax), that form is stable for any finite input.
 *
 * <p>Output and target must have one shape (a target [N] also fits an output [N, 1]); nothing is broadcast but weights. Targets
 * may be truth values or integers.
 */
public final class Losses {
  private Losses() {}

  // Regression

  /** (x − t)², averaged over all elements. */
  public static Tensor squaredError(Tensor x, Tensor target) {
    return squaredError(x, target, Reduction.MEAN);
  }

  /** (x − t)². */
  public static Tensor squaredError(Tensor x, Tensor target, Reduction reduction) {
    return Reductions.reduce(x.minus(Reductions.fitted("squared error", x, target)).square(), reduction);
  }

  /** ½‖x − t‖² for each sample: half of the sum of squares over all axes but the first. */
  public static Tensor halfSquaredError(Tensor x, Tensor target, Reduction reduction) {
    Tensor d = x.minus(Reductions.fitted("half squared error", x, target));
    return Reductions.reduce(perSample(d.square()).times(0.5), reduction);
  }

  /** The sum over all axes but the first. */
  static Tensor perSample(Tensor x) {
    return x.rank() < 2 ? x : x.reshape(Shape.of(x.dim(0), Math.toIntExact(x.shape().sub(1, x.rank()).size()))).sum(1);
  }

  // Classification from logits

  /**
   * Cross-entropy of softmax over axis 1, averaged over the samples.
   *
   * @param logits [N, C] or [N, C, d...]
   * @param target classes 0 to C − 1 (I32 or I64) [N] or [N, d...], or probabilities of the logits' shape
   */
  public static Tensor crossEntropy(Tensor logits, Tensor target) {
    return target.dtype().isInteger()
        ? crossEntropy(logits, target, null, 0, NO_CLASS, Reduction.MEAN)
        : crossEntropyOfProbabilities(logits, target, null, 0, Reduction.MEAN);
  }

  /** No class is ignored. */
  public static final int NO_CLASS = Integer.MIN_VALUE;

  /**
   * Cross-entropy of softmax over axis 1 with class indices: (1 − ε)·w[t]·(−ln p[t]) + ε/C · Σ_c w[c]·(−ln p[c]). The mean divides
   * by the sum of w[t] over the targets that count. A target outside 0 to C − 1 that is not ignored is refused when the program
   * runs.
   *
   * @param logits [N, C] or [N, C, d...]
   * @param target I32 or I64 [N] or [N, d...]
   * @param classWeights w, [C] of the logits' type, or null for ones
   * @param labelSmoothing ε, 0 for none
   * @param ignoredClass targets of this value count nothing; {@link #NO_CLASS} for none
   */
  public static Tensor crossEntropy(
      Tensor logits,
      Tensor target,
      @Nullable Tensor classWeights,
      double labelSmoothing,
      int ignoredClass,
      Reduction reduction) {
    Weighted w = crossEntropy(logits, target, classWeights, labelSmoothing, ignoredClass);
    return Reductions.reduce(w.losses(), w.weights(), reduction);
  }

  /** Losses that are multiplied by their weights already. */
  record Weighted(Tensor losses, @Nullable Tensor weights) {
    /** The weighted mean over samples that have weights of their own. */
    Tensor mean(String name, @Nullable Tensor sampleWeights) {
      if (sampleWeights == null) {
        return Reductions.reduce(losses, weights, Reduction.MEAN);
      }
      Tensor s = Reductions.alongSamples(name, sampleWeights, losses);
      return Reductions.ratio(losses.times(s).sum(), (weights == null ? s : weights.times(s)).sum());
    }
  }

  static Weighted crossEntropy(
      Tensor logits, Tensor target, @Nullable Tensor classWeights, double labelSmoothing, int ignoredClass) {
    requireClasses("cross entropy", logits);
    return picked("cross entropy", logits.logSoftmax(1), target, classWeights, labelSmoothing, ignoredClass);
  }

  /**
   * Negative log-likelihood −w[t]·x[t] of log-probabilities over axis 1; the mean as in cross-entropy.
   *
   * @param logProbabilities [N, C] or [N, C, d...]
   * @param target I32 or I64 [N] or [N, d...]
   * @param classWeights w, [C], or null for ones
   * @param ignoredClass targets of this value count nothing; {@link #NO_CLASS} for none
   */
  public static Tensor negativeLogLikelihood(
      Tensor logProbabilities, Tensor target, @Nullable Tensor classWeights, int ignoredClass, Reduction reduction) {
    requireClasses("negative log-likelihood", logProbabilities);
    Weighted w = picked("negative log-likelihood", logProbabilities, target, classWeights, 0, ignoredClass);
    return Reductions.reduce(w.losses(), w.weights(), reduction);
  }

  private static void requireClasses(String name, Tensor x) {
    if (x.rank() < 2) {
      throw CajalException.at(name, "needs the classes on axis 1, [N, C] or [N, C, ...], found " + x.shape());
    }
  }

  private static Weighted picked(
      String name,
      Tensor logProbabilities,
      Tensor target,
      @Nullable Tensor classWeights,
      double smoothing,
      int ignoredClass) {
    Shape expected = logProbabilities.shape().sub(0, 1).concat(logProbabilities.shape().sub(2, logProbabilities.rank()));
    if (!target.dtype().isInteger() || !target.shape().equals(expected)) {
      throw CajalException.at(
          name, "class indices must be I32 or I64 " + expected + " for an output " + logProbabilities.shape() + ", found "
              + target.dtype() + " " + target.shape());
    }
    requireClassWeights(name, logProbabilities, classWeights);
    Tensor minus = classesLast(logProbabilities).negate();
    Tensor index = target;
    Tensor counts = null;
    if (ignoredClass != NO_CLASS) {
      Tensor ignored = target.equalTo(ignoredClass);
      index = Tensor.where(ignored, Tensor.zeros(target.dtype(), target.shape()), target);
      counts = ignored.not().cast(logProbabilities.dtype());
    }
    int batch = index.rank();
    Tensor losses = minus.gather(index, batch);
    Tensor weights = counts;
    if (classWeights != null) {
      Tensor w = classWeights.take(index, 0);
      losses = losses.times(w);
      weights = counts == null ? w : w.times(counts);
    }
    if (smoothing != 0) {
      Tensor all = classWeights == null ? minus : minus.times(classWeights);
      losses = losses.times(1 - smoothing).plus(all.sum(-1).times(smoothing / minus.dim(-1)));
    }
    return new Weighted(counts == null ? losses : losses.times(counts), weights);
  }

  private static void requireClassWeights(String name, Tensor x, @Nullable Tensor classWeights) {
    if (classWeights != null && !classWeights.shape().equals(Shape.of(x.dim(1)))) {
      throw CajalException.at(
          name, "class weights are " + classWeights.shape() + ", but the output " + x.shape() + " has " + x.dim(1)
              + " classes on axis 1; one weight for each class is needed");
    }
  }

  /** [N, C, d...] → [N, d..., C]. */
  private static Tensor classesLast(Tensor x) {
    if (x.rank() == 2) {
      return x;
    }
    int[] order = new int[x.rank()];
    for (int i = 1; i + 1 < order.length; i++) {
      order[i] = i + 1;
    }
    order[order.length - 1] = 1;
    return x.transpose(order);
  }

  /**
   * Cross-entropy of softmax over axis 1 with probabilities: −Σ_c w[c]·t[c]·ln p[c], where smoothing replaces t by (1 − ε)·t + ε/C.
   * The mean divides by the number of samples.
   *
   * @param logits [N, C] or [N, C, d...]
   * @param target probabilities over axis 1, of the logits' shape and type
   * @param classWeights w, [C], or null for ones
   * @param labelSmoothing ε, 0 for none
   */
  public static Tensor crossEntropyOfProbabilities(
      Tensor logits, Tensor target, @Nullable Tensor classWeights, double labelSmoothing, Reduction reduction) {
    return Reductions.reduce(crossEntropyOfProbabilities(logits, target, classWeights, labelSmoothing), reduction);
  }

  static Tensor crossEntropyOfProbabilities(
      Tensor logits, Tensor target, @Nullable Tensor classWeights, double labelSmoothing) {
    String name = "cross entropy";
    requireClasses(name, logits);
    requireClassWeights(name, logits, classWeights);
    Tensor t = Reductions.fitted(name, logits, target);
    if (labelSmoothing != 0) {
      t = t.times(1 - labelSmoothing).plus(labelSmoothing / logits.dim(1));
    }
    Tensor losses = t.times(logits.logSoftmax(1)).negate();
    return (classWeights == null ? losses : losses.times(alongClasses(classWeights, logits.rank()))).sum(1);
  }

  /** [C] → [C, 1, ...], to be aligned with axis 1. */
  private static Tensor alongClasses(Tensor classWeights, int rank) {
    List<Integer> dims = new ArrayList<>(List.of(classWeights.dim(0)));
    for (int i = 2; i < rank; i++) {
      dims.add(1);
    }
    return classWeights.reshape(new Shape(dims));
  }

  /** A constant vector of weights in a type. */
  static @Nullable Tensor constant(List<Double> weights, DType dtype) {
    return weights.isEmpty() ? null : Tensor.of(weights.stream().mapToDouble(Double::doubleValue).toArray()).cast(dtype);
  }
}
