package org.cajal.metric;

import java.util.Arrays;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;

/**
 * Metrics of one score or probability for each sample and class. Everywhere {@code actual} holds
 * the true class of each sample, 0 to C − 1, and {@code scores} one row for each sample: [N, C], of
 * any floating type. Errors are {@link CajalException}s that name the sample.
 */
public final class ClassScores {
  private ClassScores() {}

  /** The class with the highest score of each row; the first of ties, and NaN counts as highest. */
  public static int[] argmax(NDArray scores) {
    Checks.classScores(new int[scores.shape().rank() == 2 ? scores.shape().dim(0) : 0], scores);
    int[] best = new int[scores.shape().dim(0)];
    int classes = scores.shape().dim(1);
    for (int i = 0; i < best.length; i++) {
      double highest = at(scores, i, 0);
      for (int k = 1; k < classes && !Double.isNaN(highest); k++) {
        double score = at(scores, i, k);
        if (score > highest || Double.isNaN(score)) {
          highest = score;
          best[i] = k;
        }
      }
    }
    return best;
  }

  /** The share of samples whose true class has the highest score, the first of ties. */
  public static double accuracy(int[] actual, NDArray scores) {
    return topK(actual, scores, 1);
  }

  /**
   * The share of samples whose true class is among the k highest scores; of tied scores the lower
   * class number comes first, and a row with NaN counts as wrong.
   *
   * @param k from 1 to the number of classes
   * @throws CajalException if k is out of range or there are no samples
   */
  public static double topK(int[] actual, NDArray scores, int k) {
    Checks.classScores(actual, scores);
    Checks.notEmpty(actual.length);
    int classes = scores.shape().dim(1);
    if (k < 1 || k > classes) {
      throw new CajalException(
          "[metric] the " + k + " best of " + classes + " classes; allowed are 1 to " + classes);
    }
    long hits = 0;
    for (int i = 0; i < actual.length; i++) {
      double score = at(scores, i, actual[i]);
      int better = 0;
      boolean numbers = true;
      for (int c = 0; c < classes; c++) {
        double other = at(scores, i, c);
        numbers &= !Double.isNaN(other);
        better += other > score || (other == score && c < actual[i]) ? 1 : 0;
      }
      hits += numbers && better < k ? 1 : 0;
    }
    return (double) hits / actual.length;
  }

  /**
   * The mean of −ln p over samples, p being the probability given to the true class; infinite where
   * one is 0.
   *
   * @throws CajalException if a row is no probabilities (within 1e-4 of the sum 1), or there are no
   *     samples
   */
  public static double logLoss(int[] actual, NDArray probabilities) {
    probabilities(actual, probabilities);
    double sum = 0;
    for (int i = 0; i < actual.length; i++) {
      sum -= Math.log(at(probabilities, i, actual[i]));
    }
    return sum / actual.length;
  }

  /**
   * The Brier score: the mean over samples of the squared distance between the probabilities and
   * the one-hot true class, summed over classes, from 0 to 2 (G. W. Brier: "Verification of
   * forecasts expressed in terms of probability", 1950).
   *
   * @throws CajalException if a row is no probabilities (within 1e-4 of the sum 1), or there are no
   *     samples
   */
  public static double brier(int[] actual, NDArray probabilities) {
    probabilities(actual, probabilities);
    int classes = probabilities.shape().dim(1);
    double sum = 0;
    for (int i = 0; i < actual.length; i++) {
      for (int k = 0; k < classes; k++) {
        double difference = at(probabilities, i, k) - (k == actual[i] ? 1 : 0);
        sum += difference * difference;
      }
    }
    return sum / actual.length;
  }

  /**
   * The area under the ROC curve of each class against all others, averaged. A class with no
   * sample, or with all of them, has no such area and is left out; NaN where none is left.
   *
   * @param average MACRO, or WEIGHTED by the samples of each class
   * @throws CajalException for MICRO, if a score is NaN or lengths differ
   */
  public static double rocAreaOneVsRest(int[] actual, NDArray scores, Average average) {
    return oneVsRest(actual, scores, average, true);
  }

  /**
   * The average precision of each class against all others, averaged. A class without samples is
   * left out; NaN where none is left.
   *
   * @param average MACRO, or WEIGHTED by the samples of each class
   * @throws CajalException for MICRO, if a score is NaN or lengths differ
   */
  public static double averagePrecision(int[] actual, NDArray scores, Average average) {
    return oneVsRest(actual, scores, average, false);
  }

  private static double oneVsRest(int[] actual, NDArray scores, Average average, boolean roc) {
    Checks.classScores(actual, scores);
    if (average == Average.MICRO) {
      throw new CajalException(
          "[metric] areas of one class against the rest are averaged MACRO or WEIGHTED, not MICRO");
    }
    double sum = 0;
    double weights = 0;
    int[] isClass = new int[actual.length];
    double[] column = new double[actual.length];
    for (int k = 0; k < scores.shape().dim(1); k++) {
      for (int i = 0; i < actual.length; i++) {
        isClass[i] = actual[i] == k ? 1 : 0;
        column[i] = at(scores, i, k);
      }
      ThresholdCurve curve = ThresholdCurve.of(isClass, column);
      double area = roc ? curve.rocArea() : curve.averagePrecision();
      if (!Double.isNaN(area)) {
        double weight = average == Average.WEIGHTED ? curve.positives() : 1;
        sum += weight * area;
        weights += weight;
      }
    }
    return sum / weights;
  }

  /**
   * The mean over all pairs of classes of the area under the ROC curve between the two, each
   * class's own score taken in turn; it does not depend on how frequent classes are (D. J. Hand, R.
   * J. Till: "A simple generalisation of the area under the ROC curve for multiple class
   * classification problems", 2001). Classes without samples are left out; NaN where fewer than two
   * are left.
   *
   * @throws CajalException if a score is NaN or lengths differ
   */
  public static double rocAreaOneVsOne(int[] actual, NDArray scores) {
    Checks.classScores(actual, scores);
    int classes = scores.shape().dim(1);
    int[] support = new int[classes];
    for (int k : actual) {
      support[k]++;
    }
    double sum = 0;
    long pairs = 0;
    for (int k = 0; k < classes; k++) {
      if (support[k] == 0) {
        continue;
      }
      double[][] ofClass = scoresByClass(actual, scores, k, support);
      for (int other = 0; other < classes; other++) {
        if (other != k && support[other] > 0) {
          sum += ThresholdCurve.ofScores(ofClass[k], ofClass[other]).rocArea();
          pairs++;
        }
      }
    }
    return sum / pairs;
  }

  /** The scores of class k, by the true class of their sample. */
  private static double[][] scoresByClass(int[] actual, NDArray scores, int k, int[] support) {
    double[][] ofClass = new double[support.length][];
    Arrays.setAll(ofClass, c -> new double[support[c]]);
    int[] filled = new int[support.length];
    for (int i = 0; i < actual.length; i++) {
      double score = at(scores, i, k);
      if (Double.isNaN(score)) {
        throw new CajalException(
            "[metric] score of sample " + i + " is NaN; scores must be numbers");
      }
      ofClass[actual[i]][filled[actual[i]]++] = score;
    }
    return ofClass;
  }

  private static void probabilities(int[] actual, NDArray probabilities) {
    Checks.classScores(actual, probabilities);
    Checks.notEmpty(actual.length);
    int classes = probabilities.shape().dim(1);
    for (int i = 0; i < actual.length; i++) {
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        double p = at(probabilities, i, k);
        if (!(p >= 0 && p <= 1 + 1e-4)) {
          throw new CajalException(
              "[metric] probability of class "
                  + k
                  + " for sample "
                  + i
                  + " is "
                  + p
                  + "; it must be from 0 to 1");
        }
        sum += p;
      }
      if (Math.abs(sum - 1) > 1e-4) {
        throw new CajalException(
            "[metric] probabilities of sample "
                + i
                + " add up to "
                + sum
                + "; they must add up to 1 (apply softmax?)");
      }
    }
  }

  private static double at(NDArray scores, int row, int column) {
    return scores.get((long) row * scores.shape().dim(1) + column);
  }
}
