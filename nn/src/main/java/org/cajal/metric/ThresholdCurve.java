package org.cajal.metric;

import java.util.Arrays;
import org.cajal.type.CajalException;

/**
 * Two classes told apart by a score, at every threshold: how many samples of each class have a
 * score of at least each distinct score, from the highest down. The curves and areas that follow
 * treat tied scores as one threshold. Built in O(n log n).
 */
public final class ThresholdCurve {
  private final double[] thresholds;
  private final long[] truePositives;
  private final long[] falsePositives;
  private final long positives;
  private final long negatives;

  /**
   * A point with the highest F1.
   *
   * @param f1 the F1 of the positive class
   * @param threshold the score from which on a sample is called positive; where several give that
   *     F1, the highest
   */
  public record BestF1(double f1, double threshold) {}

  /**
   * Points of a curve.
   *
   * @param x abscissae
   * @param y ordinates, as many
   */
  @SuppressWarnings("ArrayRecordComponent") // a plotting buffer; compared by nobody
  public record Points(double[] x, double[] y) {}

  private ThresholdCurve(double[] positiveScores, double[] negativeScores) {
    Arrays.sort(positiveScores);
    Arrays.sort(negativeScores);
    positives = positiveScores.length;
    negatives = negativeScores.length;
    int n = positiveScores.length + negativeScores.length;
    double[] thresholds = new double[n];
    long[] hits = new long[n];
    long[] alarms = new long[n];
    int points = 0;
    int i = positiveScores.length - 1;
    int j = negativeScores.length - 1;
    while (i >= 0 || j >= 0) {
      double threshold =
          j < 0 || (i >= 0 && positiveScores[i] >= negativeScores[j])
              ? positiveScores[i]
              : negativeScores[j];
      while (i >= 0 && positiveScores[i] == threshold) {
        i--;
      }
      while (j >= 0 && negativeScores[j] == threshold) {
        j--;
      }
      thresholds[points] = threshold;
      hits[points] = positives - 1 - i;
      alarms[points] = negatives - 1 - j;
      points++;
    }
    this.thresholds = Arrays.copyOf(thresholds, points);
    this.truePositives = Arrays.copyOf(hits, points);
    this.falsePositives = Arrays.copyOf(alarms, points);
  }

  /**
   * The curve of scored samples.
   *
   * @param actual 1 for the positive class, 0 for the negative one
   * @param scores a score for each sample, higher for more positive; infinite ones are allowed, NaN
   *     is not
   * @throws CajalException if the lengths differ, a class is neither 0 nor 1, or a score is NaN
   */
  public static ThresholdCurve of(int[] actual, double[] scores) {
    Checks.sameLength(actual.length, "true classes", scores.length, "scores");
    int positives = 0;
    for (int i = 0; i < actual.length; i++) {
      Checks.inRange("true class", actual[i], i, 2);
      if (Double.isNaN(scores[i])) {
        throw new CajalException(
            "[metric] score of sample " + i + " is NaN; scores must be numbers");
      }
      positives += actual[i];
    }
    double[] positive = new double[positives];
    double[] negative = new double[actual.length - positives];
    int p = 0;
    int n = 0;
    for (int i = 0; i < actual.length; i++) {
      if (actual[i] == 1) {
        positive[p++] = scores[i];
      } else {
        negative[n++] = scores[i];
      }
    }
    return new ThresholdCurve(positive, negative);
  }

  /** The curve of scored samples, see {@link #of(int[], double[])}. */
  public static ThresholdCurve of(int[] actual, float[] scores) {
    double[] doubles = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      doubles[i] = scores[i];
    }
    return of(actual, doubles);
  }

  /**
   * The curve of the scores of the positive and of the negative samples, which are sorted in place.
   */
  static ThresholdCurve ofScores(double[] positiveScores, double[] negativeScores) {
    return new ThresholdCurve(positiveScores, negativeScores);
  }

  /** The number of positive samples. */
  public long positives() {
    return positives;
  }

  /** The number of negative samples. */
  public long negatives() {
    return negatives;
  }

  /** The distinct scores, highest first. */
  public double[] thresholds() {
    return thresholds.clone();
  }

  /**
   * The receiver operating characteristic: false positive rate against true positive rate, from (0,
   * 0), one point for each distinct score, to (1, 1). The rate of a class without samples is NaN.
   */
  public Points roc() {
    int n = thresholds.length;
    double[] x = new double[n + 1];
    double[] y = new double[n + 1];
    x[0] = negatives == 0 ? Double.NaN : 0;
    y[0] = positives == 0 ? Double.NaN : 0;
    for (int i = 0; i < n; i++) {
      x[i + 1] = (double) falsePositives[i] / negatives;
      y[i + 1] = (double) truePositives[i] / positives;
    }
    return new Points(x, y);
  }

  /**
   * The area under the ROC curve: the probability that a positive sample scores higher than a
   * negative one, ties counting half (J. A. Hanley, B. J. McNeil: "The meaning and use of the area
   * under a receiver operating characteristic curve", 1982). NaN where a class has no samples.
   */
  public double rocArea() {
    double doubled = 0;
    long hits = 0;
    long alarms = 0;
    for (int i = 0; i < thresholds.length; i++) {
      doubled += (double) (falsePositives[i] - alarms) * (truePositives[i] + hits);
      hits = truePositives[i];
      alarms = falsePositives[i];
    }
    return doubled / (2.0 * positives * negatives);
  }

  /**
   * Recall against precision: from (0, 1), which stands for a threshold above all scores, one point
   * for each distinct score. Recall is NaN where there are no positive samples.
   */
  public Points precisionRecall() {
    int n = thresholds.length;
    double[] recall = new double[n + 1];
    double[] precision = new double[n + 1];
    recall[0] = positives == 0 ? Double.NaN : 0;
    precision[0] = 1;
    for (int i = 0; i < n; i++) {
      recall[i + 1] = (double) truePositives[i] / positives;
      precision[i + 1] = precisionAt(i);
    }
    return new Points(recall, precision);
  }

  /**
   * The average precision Σ (Rₙ − Rₙ₋₁)·Pₙ over falling thresholds: the area under the steps of the
   * precision–recall curve. NaN where there are no positive samples.
   */
  public double averagePrecision() {
    double sum = 0;
    long hits = 0;
    for (int i = 0; i < thresholds.length; i++) {
      sum += (truePositives[i] - hits) * precisionAt(i);
      hits = truePositives[i];
    }
    return sum / positives;
  }

  /**
   * The area under the precision–recall curve by trapezoids, which is too kind where points lie far
   * apart (J. Davis, M. Goadrich, ICML 2006); {@link #averagePrecision} is not. NaN where there are
   * no positive samples.
   */
  public double precisionRecallArea() {
    double doubled = 0;
    double precision = 1;
    long hits = 0;
    for (int i = 0; i < thresholds.length; i++) {
      doubled += (truePositives[i] - hits) * (precisionAt(i) + precision);
      hits = truePositives[i];
      precision = precisionAt(i);
    }
    return doubled / (2.0 * positives);
  }

  /**
   * The highest F1 = 2·TP / (2·TP + FP + FN) of any threshold; 0 at an infinite threshold where
   * there are no positives.
   */
  public BestF1 bestF1() {
    BestF1 best = new BestF1(0, Double.POSITIVE_INFINITY);
    for (int i = 0; i < thresholds.length; i++) {
      double f1 = 2.0 * truePositives[i] / (truePositives[i] + falsePositives[i] + positives);
      if (f1 > best.f1) {
        best = new BestF1(f1, thresholds[i]);
      }
    }
    return best;
  }

  private double precisionAt(int i) {
    return (double) truePositives[i] / (truePositives[i] + falsePositives[i]);
  }

  @Override
  public String toString() {
    return "curve of "
        + positives
        + " positive and "
        + negatives
        + " negative samples, "
        + thresholds.length
        + " thresholds";
  }
}
