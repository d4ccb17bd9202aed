package org.cajal.loss;

import java.util.ArrayList;
import java.util.List;
import org.cajal.tensor.Functions;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Losses as functions on tensors. Without a {@link Reduction} they answer the mean, a scalar. Where
 * a loss has a form in logits (the numbers before sigmoid or softmax), that form is stable for any
 * finite input.
 *
 * <p>Output and target must have one shape (a target [N] also fits an output [N, 1]); nothing is
 * broadcast but weights. Targets may be truth values or integers.
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
    return Reductions.reduce(
        x.minus(Reductions.fitted("squared error", x, target)).square(), reduction);
  }

  /** ½‖x − t‖² for each sample: half of the sum of squares over all axes but the first. */
  public static Tensor halfSquaredError(Tensor x, Tensor target, Reduction reduction) {
    Tensor d = x.minus(Reductions.fitted("half squared error", x, target));
    return Reductions.reduce(perSample(d.square()).times(0.5), reduction);
  }

  /** |x − t|, averaged over all elements. */
  public static Tensor absoluteError(Tensor x, Tensor target) {
    return absoluteError(x, target, Reduction.MEAN);
  }

  /** |x − t|; the gradient is 0 where they are equal. */
  public static Tensor absoluteError(Tensor x, Tensor target, Reduction reduction) {
    return Reductions.reduce(
        x.minus(Reductions.fitted("absolute error", x, target)).abs(), reduction);
  }

  /**
   * d²/2 where |d| ≤ δ, else δ·(|d| − δ/2), with d = x − t: quadratic near 0, linear for outliers
   * (P. Huber: "Robust estimation of a location parameter", 1964).
   *
   * @param delta δ, larger than 0
   */
  public static Tensor huber(Tensor x, Tensor target, double delta, Reduction reduction) {
    Tensor d = x.minus(Reductions.fitted("huber", x, target));
    Tensor size = d.abs();
    Tensor losses =
        Tensor.where(
            size.lessOrEqual(delta), d.square().times(0.5), size.minus(delta / 2).times(delta));
    return Reductions.reduce(losses, reduction);
  }

  /**
   * d²/(2β) where |d| &lt; β, else |d| − β/2, with d = x − t: Huber's loss divided by its
   * threshold.
   *
   * @param beta β, larger than 0
   */
  public static Tensor smoothAbsoluteError(
      Tensor x, Tensor target, double beta, Reduction reduction) {
    Tensor d = x.minus(Reductions.fitted("smooth absolute error", x, target));
    Tensor size = d.abs();
    Tensor losses =
        Tensor.where(size.less(beta), d.square().times(0.5 / beta), size.minus(beta / 2));
    return Reductions.reduce(losses, reduction);
  }

  /** The sum over all axes but the first. */
  static Tensor perSample(Tensor x) {
    return x.rank() < 2
        ? x
        : x.reshape(Shape.of(x.dim(0), Math.toIntExact(x.shape().sub(1, x.rank()).size()))).sum(1);
  }

  // Two classes, or several independent ones

  /**
   * Binary cross-entropy of logits, averaged over all elements; stable for any finite input.
   *
   * @param logits the numbers before the sigmoid
   * @param target probabilities or truth values, of the logits' shape
   */
  public static Tensor binaryCrossEntropyFromLogits(Tensor logits, Tensor target) {
    return binaryCrossEntropyFromLogits(logits, target, null, null, Reduction.MEAN);
  }

  /**
   * Binary cross-entropy of logits: −w·(v·t·ln s(x) + (1 − t)·ln(1 − s(x))), stable for any finite
   * x. The mean divides by the number of elements.
   *
   * @param logits the numbers before the sigmoid
   * @param target probabilities or truth values, of the logits' shape
   * @param positiveWeights v, broadcast to the logits, usually one for each place of the last axis;
   *     null for ones
   * @param weights w, broadcast to the logits; null for ones
   */
  public static Tensor binaryCrossEntropyFromLogits(
      Tensor logits,
      Tensor target,
      @Nullable Tensor positiveWeights,
      @Nullable Tensor weights,
      Reduction reduction) {
    Tensor t = Reductions.fitted("binary cross entropy", logits, target);
    Tensor positive = t.times(Functions.softplus(logits.negate()));
    Tensor negative = t.negate().plus(1).times(Functions.softplus(logits));
    Tensor losses =
        (positiveWeights == null ? positive : positive.times(positiveWeights)).plus(negative);
    return Reductions.reduce(weights == null ? losses : losses.times(weights), reduction);
  }

  /**
   * Binary cross-entropy of probabilities: −w·(t·ln x + (1 − t)·ln(1 − x)), each logarithm no
   * smaller than −100. The mean divides by the number of elements. From logits {@link
   * #binaryCrossEntropyFromLogits} keeps more digits.
   *
   * @param probabilities x, from 0 to 1
   * @param target probabilities or truth values, of the same shape
   * @param weights w, broadcast to the probabilities; null for ones
   */
  public static Tensor binaryCrossEntropy(
      Tensor probabilities, Tensor target, @Nullable Tensor weights, Reduction reduction) {
    Tensor t = Reductions.fitted("binary cross entropy", probabilities, target);
    Tensor least = Tensor.scalar(probabilities.dtype(), -100);
    Tensor positive = t.times(probabilities.log().maximum(least));
    Tensor negative = t.negate().plus(1).times(probabilities.negate().log1p().maximum(least));
    Tensor losses = positive.plus(negative).negate();
    return Reductions.reduce(weights == null ? losses : losses.times(weights), reduction);
  }

  // Several classes, of which one is right

  /**
   * Cross-entropy of softmax over axis 1, averaged over the samples.
   *
   * @param logits [N, C] or [N, C, d...]
   * @param target classes 0 to C − 1 (I32 or I64) [N] or [N, d...], or probabilities of the logits'
   *     shape
   */
  public static Tensor crossEntropy(Tensor logits, Tensor target) {
    return target.dtype().isInteger()
        ? crossEntropy(logits, target, null, 0, NO_CLASS, Reduction.MEAN)
        : crossEntropyOfProbabilities(logits, target, null, 0, Reduction.MEAN);
  }

  /** No class is ignored. */
  public static final int NO_CLASS = Integer.MIN_VALUE;

  /**
   * Cross-entropy of softmax over axis 1 with class indices: (1 − ε)·w[t]·(−ln p[t]) + ε/C · Σ_c
   * w[c]·(−ln p[c]). The mean divides by the sum of w[t] over the targets that count. A target
   * outside 0 to C − 1 that is not ignored is refused when the program runs.
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
      return Reductions.ratio(
          losses.times(s).sum(), (weights == null ? s : weights.times(s)).sum());
    }

    /** What the mean divides by the sum of; null where all weights are 1. */
    @Nullable Tensor weights(String name, @Nullable Tensor sampleWeights) {
      if (sampleWeights == null) {
        return weights;
      }
      Tensor s = Reductions.alongSamples(name, sampleWeights, losses);
      return weights == null ? s : weights.times(s);
    }
  }

  static Weighted crossEntropy(
      Tensor logits,
      Tensor target,
      @Nullable Tensor classWeights,
      double labelSmoothing,
      int ignoredClass) {
    requireClasses("cross entropy", logits);
    return picked(
        "cross entropy", logits.logSoftmax(1), target, classWeights, labelSmoothing, ignoredClass);
  }

  /**
   * Negative log-likelihood −w[t]·x[t] of log-probabilities over axis 1; the mean as in
   * cross-entropy.
   *
   * @param logProbabilities [N, C] or [N, C, d...]
   * @param target I32 or I64 [N] or [N, d...]
   * @param classWeights w, [C], or null for ones
   * @param ignoredClass targets of this value count nothing; {@link #NO_CLASS} for none
   */
  public static Tensor negativeLogLikelihood(
      Tensor logProbabilities,
      Tensor target,
      @Nullable Tensor classWeights,
      int ignoredClass,
      Reduction reduction) {
    Weighted w = likelihood(logProbabilities, target, classWeights, ignoredClass);
    return Reductions.reduce(w.losses(), w.weights(), reduction);
  }

  static Weighted likelihood(
      Tensor logProbabilities, Tensor target, @Nullable Tensor classWeights, int ignoredClass) {
    requireClasses("negative log-likelihood", logProbabilities);
    return picked(
        "negative log-likelihood", logProbabilities, target, classWeights, 0, ignoredClass);
  }

  private static void requireClasses(String name, Tensor x) {
    if (x.rank() < 2) {
      throw CajalException.at(
          name, "needs the classes on axis 1, [N, C] or [N, C, ...], found " + x.shape());
    }
  }

  private static Weighted picked(
      String name,
      Tensor logProbabilities,
      Tensor target,
      @Nullable Tensor classWeights,
      double smoothing,
      int ignoredClass) {
    Shape expected =
        logProbabilities
            .shape()
            .sub(0, 1)
            .concat(logProbabilities.shape().sub(2, logProbabilities.rank()));
    if (!target.dtype().isInteger() || !target.shape().equals(expected)) {
      throw CajalException.at(
          name,
          "class indices must be I32 or I64 "
              + expected
              + " for an output "
              + logProbabilities.shape()
              + ", found "
              + target.dtype()
              + " "
              + target.shape());
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
          name,
          "class weights are "
              + classWeights.shape()
              + ", but the output "
              + x.shape()
              + " has "
              + x.dim(1)
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
   * Cross-entropy of softmax over axis 1 with probabilities: −Σ_c w[c]·t[c]·ln p[c], where
   * smoothing replaces t by (1 − ε)·t + ε/C. The mean divides by the number of samples.
   *
   * @param logits [N, C] or [N, C, d...]
   * @param target probabilities over axis 1, of the logits' shape and type
   * @param classWeights w, [C], or null for ones
   * @param labelSmoothing ε, 0 for none
   */
  public static Tensor crossEntropyOfProbabilities(
      Tensor logits,
      Tensor target,
      @Nullable Tensor classWeights,
      double labelSmoothing,
      Reduction reduction) {
    return Reductions.reduce(
        crossEntropyOfProbabilities(logits, target, classWeights, labelSmoothing), reduction);
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
    return (classWeights == null ? losses : losses.times(alongClasses(classWeights, logits.rank())))
        .sum(1);
  }

  /** [C] → [C, 1, ...], to be aligned with axis 1. */
  private static Tensor alongClasses(Tensor classWeights, int rank) {
    List<Integer> dims = new ArrayList<>(List.of(classWeights.dim(0)));
    for (int i = 2; i < rank; i++) {
      dims.add(1);
    }
    return classWeights.reshape(new Shape(dims));
  }

  // Distributions

  /**
   * Kullback–Leibler divergence of log-probabilities x from a target distribution: t·(ln t − x),
   * and 0 where t is 0. The mean divides by the number of elements; the divergence proper is the
   * sum over the classes, see {@link KullbackLeibler}.
   *
   * @param logProbabilities x
   * @param target t, or ln t where {@code logTarget}
   */
  public static Tensor kullbackLeibler(
      Tensor logProbabilities, Tensor target, boolean logTarget, Reduction reduction) {
    Tensor t = Reductions.fitted("kullback-leibler", logProbabilities, target);
    if (logTarget) {
      return Reductions.reduce(t.exp().times(t.minus(logProbabilities)), reduction);
    }
    Tensor none = t.equalTo(0);
    Tensor log = Tensor.where(none, Tensor.ones(t.dtype(), t.shape()), t).log();
    Tensor losses =
        Tensor.where(
            none, Tensor.zeros(t.dtype(), t.shape()), t.times(log.minus(logProbabilities)));
    return Reductions.reduce(losses, reduction);
  }

  /**
   * Negative log-likelihood of counts under a Poisson distribution, without the terms that do not
   * depend on x: e^x − t·x, or from rates x − t·ln(x + ε).
   *
   * @param x logarithms of rates, or rates
   * @param target counts
   * @param logInput whether x are logarithms
   * @param full whether to add Stirling's approximation t·ln t − t + ½·ln(2πt) of ln t! where t
   *     &gt; 1
   * @param epsilon ε
   */
  public static Tensor poisson(
      Tensor x,
      Tensor target,
      boolean logInput,
      boolean full,
      double epsilon,
      Reduction reduction) {
    Tensor t = Reductions.fitted("poisson", x, target);
    Tensor losses = logInput ? x.exp().minus(t.times(x)) : x.minus(t.times(x.plus(epsilon).log()));
    if (full) {
      Tensor many = t.greater(1);
      Tensor safe = Tensor.where(many, t, Tensor.ones(t.dtype(), t.shape()));
      Tensor stirling =
          safe.times(safe.log()).minus(safe).plus(safe.times(2 * Math.PI).log().times(0.5));
      losses = losses.plus(Tensor.where(many, stirling, Tensor.zeros(t.dtype(), t.shape())));
    }
    return Reductions.reduce(losses, reduction);
  }

  /**
   * Negative log-likelihood under a normal distribution: ½·(ln v + (x − t)²/v) with v =
   * max(variance, ε). The gradient for the variance does not see the bound, so that a variance that
   * has fallen below it can rise again.
   *
   * @param x means
   * @param target of x's shape
   * @param variance of x's shape, or broadcast to it
   * @param full whether to add ½·ln(2π)
   * @param epsilon ε
   */
  public static Tensor gaussian(
      Tensor x, Tensor target, Tensor variance, boolean full, double epsilon, Reduction reduction) {
    Tensor t = Reductions.fitted("gaussian", x, target);
    Tensor bounded = variance.maximum(Tensor.scalar(variance.dtype(), epsilon)).stopGradient();
    Tensor v =
        bounded.region(
            "boundedVariance",
            List.of(variance),
            List.of(Tensor.ones(variance.dtype(), variance.shape())));
    Tensor losses = v.log().plus(x.minus(t).square().dividedBy(v)).times(0.5);
    return Reductions.reduce(full ? losses.plus(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
  }

  /** A constant vector of weights in a type. */
  static @Nullable Tensor constant(List<Double> weights, DType dtype) {
    return weights.isEmpty()
        ? null
        : Tensor.of(weights.stream().mapToDouble(Double::doubleValue).toArray()).cast(dtype);
  }
}
