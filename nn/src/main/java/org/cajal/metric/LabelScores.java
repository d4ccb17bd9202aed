package org.cajal.metric;

import java.util.function.IntToDoubleFunction;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;

/**
 * How well labels that do not exclude each other were predicted: counts of each label, and the
 * ratios that follow, defined as in scikit-learn. A ratio whose divisor is 0, such as the precision
 * of a label that is never predicted, counts as 0. Immutable.
 */
public final class LabelScores {
  private final long samples;
  private final long[] hits;
  private final long[] predicted;
  private final long[] actual;
  private final long exact;

  private LabelScores(long samples, long[] hits, long[] predicted, long[] actual, long exact) {
    this.samples = samples;
    this.hits = hits;
    this.predicted = predicted;
    this.actual = actual;
    this.exact = exact;
  }

  /**
   * Counts predictions.
   *
   * @param actual [samples, labels], above one half where a label is there
   * @param predicted probabilities of the same shape; a label is predicted above one half
   * @throws CajalException if the shapes differ or are no [samples, labels]
   */
  public static LabelScores of(NDArray actual, NDArray predicted) {
    if (actual.shape().rank() != 2 || !actual.shape().equals(predicted.shape())) {
      throw new CajalException(
          "[metric] labels have the shape "
              + actual.shape()
              + ", predicted ones "
              + predicted.shape()
              + "; both must be [samples, labels]");
    }
    int n = actual.shape().dim(0);
    int labels = actual.shape().dim(1);
    long[] hits = new long[labels];
    long[] yes = new long[labels];
    long[] there = new long[labels];
    long exact = 0;
    for (int i = 0; i < n; i++) {
      boolean all = true;
      for (int k = 0; k < labels; k++) {
        boolean a = actual.get((long) i * labels + k) > 0.5;
        boolean p = predicted.get((long) i * labels + k) > 0.5;
        there[k] += a ? 1 : 0;
        yes[k] += p ? 1 : 0;
        hits[k] += a && p ? 1 : 0;
        all &= a == p;
      }
      exact += all ? 1 : 0;
    }
    return new LabelScores(n, hits, yes, there, exact);
  }

  /** The number of labels. */
  public int labels() {
    return hits.length;
  }

  /** The number of samples. */
  public long samples() {
    return samples;
  }

  /** How many samples have a label. */
  public long support(int label) {
    Checks.inRange("label", label, hits.length);
    return actual[label];
  }

  /** For how many samples a label was predicted. */
  public long predicted(int label) {
    Checks.inRange("label", label, hits.length);
    return predicted[label];
  }

  private long hits(int label) {
    Checks.inRange("label", label, hits.length);
    return hits[label];
  }

  /** How many samples all of whose labels are right. */
  public long exact() {
    return exact;
  }

  /** The share of samples all of whose labels are right. */
  public double subsetAccuracy() {
    return ratio(exact, samples);
  }

  /** The share of labels of all samples that are wrong: there but not predicted, or not there. */
  public double hammingLoss() {
    double wrong = 0;
    for (int k = 0; k < hits.length; k++) {
      wrong += actual[k] + predicted[k] - 2.0 * hits[k];
    }
    return ratio(wrong, (double) samples * hits.length);
  }

  /** The share of right ones among the samples for which a label was predicted. */
  public double precision(int label) {
    return ratio(hits(label), predicted[label]);
  }

  /** The share of a label's samples that were found. */
  public double recall(int label) {
    return ratio(hits(label), actual[label]);
  }

  /** The harmonic mean of precision and recall. */
  public double f1(int label) {
    return ratio(2.0 * hits(label), predicted[label] + actual[label]);
  }

  /** Precision over all labels. */
  public double precision(Average average) {
    return average == Average.MICRO
        ? ratio(sum(hits), sum(predicted))
        : mean(average, this::precision);
  }

  /** Recall over all labels. */
  public double recall(Average average) {
    return average == Average.MICRO ? ratio(sum(hits), sum(actual)) : mean(average, this::recall);
  }

  /** F1 over all labels; macro is the mean of the labels' F1. */
  public double f1(Average average) {
    return average == Average.MICRO
        ? ratio(2.0 * sum(hits), sum(predicted) + sum(actual))
        : mean(average, this::f1);
  }

  private double mean(Average average, IntToDoubleFunction ofLabel) {
    double sum = 0;
    double divisor = 0;
    for (int k = 0; k < hits.length; k++) {
      double weight = average == Average.WEIGHTED ? actual[k] : 1;
      sum += weight * ofLabel.applyAsDouble(k);
      divisor += weight;
    }
    return ratio(sum, divisor);
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long c : counts) {
      sum += c;
    }
    return sum;
  }

  private static double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 0;
  }
}
