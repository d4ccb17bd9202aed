package org.cajal.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.cajal.type.CajalException;

/**
 * How many samples of each class were predicted as each class, and the ratios that follow from it.
 * Immutable; matrices of batches add up. A ratio whose divisor is 0, such as the precision of a
 * class that is never predicted, counts as 0.
 */
public final class ConfusionMatrix {
  /** How a disagreement between two classes weighs in Cohen's kappa. */
  public enum Disagreement {
    /** All disagreements weigh the same: classes without an order. */
    EQUAL,
    /** By the distance of the classes' numbers: ordered classes. */
    LINEAR,
    /** By the square of that distance. */
    QUADRATIC
  }

  /** What {@link #ignored} is where every class counts. */
  private static final int NO_CLASS = Integer.MIN_VALUE;

  private static final int MOST_PRINTED = 200;

  private final int classes;
  private final int ignored;

  /** The pairs that occur, actual · classes + predicted, in ascending order. */
  private final long[] pairs;

  private final long[] counts;
  private final long[] actual;
  private final long[] predicted;
  private final long samples;

  private ConfusionMatrix(int classes, int ignored, long[] pairs, long[] counts) {
    this.classes = classes;
    this.ignored = ignored;
    this.pairs = pairs;
    this.counts = counts;
    this.actual = new long[classes];
    this.predicted = new long[classes];
    for (int i = 0; i < pairs.length; i++) {
      actual[(int) (pairs[i] / classes)] += counts[i];
      predicted[(int) (pairs[i] % classes)] += counts[i];
    }
    this.samples = LongStream.of(actual).sum();
  }

  /**
   * So many samples of one class that were predicted as one class.
   *
   * @param actual the true class
   * @param predicted the predicted class
   * @param count of samples, at least 1
   */
  public record Cell(int actual, int predicted, long count) {}

  /**
   * Counts predictions; what is stored grows with the samples, not with the square of the classes.
   *
   * @param actual the true class of each sample, 0 to {@code classes} − 1
   * @param predicted the predicted class of each sample
   * @param classes the number of classes, at least 1
   * @throws CajalException if the lengths differ or a class is out of range
   */
  public static ConfusionMatrix of(int[] actual, int[] predicted, int classes) {
    return of(actual, predicted, classes, NO_CLASS);
  }

  /**
   * Counts predictions but for samples of one class, padding for instance. If it is one of the
   * classes, it has no samples and no part in means over classes; a sample of another class that
   * was predicted as it is a mistake like any other.
   *
   * @param actual the true class of each sample, 0 to {@code classes} − 1 or {@code ignored}
   * @param predicted the predicted class of each sample
   * @param classes the number of classes, at least 1
   * @param ignored the class that does not count; may lie outside the classes
   * @throws CajalException if the lengths differ or a class is out of range
   */
  public static ConfusionMatrix of(int[] actual, int[] predicted, int classes, int ignored) {
    Checks.matrixSize(classes);
    Checks.sameLength(actual.length, "true classes", predicted.length, "predicted classes");
    long[] all = new long[actual.length];
    int n = 0;
    for (int i = 0; i < actual.length; i++) {
      if (actual[i] == ignored) {
        continue;
      }
      Checks.inRange("true class", actual[i], i, classes);
      Checks.inRange("predicted class", predicted[i], i, classes);
      all[n++] = (long) actual[i] * classes + predicted[i];
    }
    all = Arrays.copyOf(all, n);
    Arrays.sort(all);
    long[] ones = new long[n];
    Arrays.fill(ones, 1);
    return summed(classes, ignored, all, ones);
  }

  /** Joins equal neighbours of sorted pairs. */
  private static ConfusionMatrix summed(int classes, int ignored, long[] pairs, long[] counts) {
    long[] distinct = new long[pairs.length];
    long[] sums = new long[pairs.length];
    int n = 0;
    for (int i = 0; i < pairs.length; i++) {
      if (n == 0 || distinct[n - 1] != pairs[i]) {
        distinct[n++] = pairs[i];
      }
      sums[n - 1] += counts[i];
    }
    return new ConfusionMatrix(
        classes, ignored, Arrays.copyOf(distinct, n), Arrays.copyOf(sums, n));
  }

  /** A matrix without samples. */
  public static ConfusionMatrix empty(int classes) {
    return of(new int[0], new int[0], classes);
  }

  /**
   * The matrix of both sets of samples.
   *
   * @throws CajalException if the numbers of classes or the ignored classes differ
   */
  public ConfusionMatrix plus(ConfusionMatrix other) {
    if (other.classes != classes) {
      throw new CajalException(
          "[metric] confusion matrices of "
              + classes
              + " and "
              + other.classes
              + " classes do not add up");
    }
    if (other.ignored != ignored) {
      throw new CajalException(
          "[metric] confusion matrices that ignore "
              + (ignored == NO_CLASS ? "no class" : "class " + ignored)
              + " and "
              + (other.ignored == NO_CLASS ? "no class" : "class " + other.ignored)
              + " do not add up");
    }
    int n = pairs.length;
    int m = other.pairs.length;
    long[] both = new long[n + m];
    long[] sums = new long[n + m];
    for (int i = 0, j = 0; i + j < n + m; ) {
      boolean mine = j == m || (i < n && pairs[i] <= other.pairs[j]);
      both[i + j] = mine ? pairs[i] : other.pairs[j];
      sums[i + j] = mine ? counts[i] : other.counts[j];
      i += mine ? 1 : 0;
      j += mine ? 0 : 1;
    }
    return summed(classes, ignored, both, sums);
  }

  /** The number of classes. */
  public int classes() {
    return classes;
  }

  /** Whether samples of a class do not count. */
  public boolean ignores(int k) {
    return k == ignored && ignored != NO_CLASS;
  }

  /** The number of samples. */
  public long samples() {
    return samples;
  }

  /** How many samples of class {@code actual} were predicted as class {@code predicted}. */
  public long count(int actual, int predicted) {
    Checks.inRange("true class", actual, classes);
    Checks.inRange("predicted class", predicted, classes);
    int place = Arrays.binarySearch(pairs, (long) actual * classes + predicted);
    return place < 0 ? 0 : counts[place];
  }

  /** The pairs of classes that occur, by true and then by predicted class. */
  public List<Cell> cells() {
    List<Cell> out = new ArrayList<>(pairs.length);
    for (int i = 0; i < pairs.length; i++) {
      out.add(new Cell((int) (pairs[i] / classes), (int) (pairs[i] % classes), counts[i]));
    }
    return out;
  }

  /**
   * The kinds of mistakes that occur, most frequent first, equal ones by true and predicted class.
   *
   * @param most how many at most
   */
  public List<Cell> mistakes(int most) {
    return cells().stream()
        .filter(c -> c.actual != c.predicted)
        .sorted(Comparator.comparingLong((Cell c) -> -c.count))
        .limit(most)
        .toList();
  }

  /** How many samples a class has. */
  public long support(int k) {
    Checks.inRange("class", k, classes);
    return actual[k];
  }

  /** How many samples were predicted as a class. */
  public long predicted(int k) {
    Checks.inRange("class", k, classes);
    return predicted[k];
  }

  /** The share of samples whose class was predicted right. */
  public double accuracy() {
    return ratio(correct(), samples);
  }

  /** The mean recall of the classes that have samples. */
  public double balancedAccuracy() {
    return IntStream.range(0, classes)
        .filter(k -> actual[k] > 0)
        .mapToDouble(this::recall)
        .average()
        .orElse(0);
  }

  /** The share of right ones among the samples predicted as a class: TP / (TP + FP). */
  public double precision(int k) {
    return ratio(count(k, k), predicted(k));
  }

  /** The share of a class's samples that were found: TP / (TP + FN). */
  public double recall(int k) {
    return ratio(count(k, k), support(k));
  }

  /** The harmonic mean of precision and recall: 2·TP / (2·TP + FP + FN). */
  public double f1(int k) {
    return fBeta(k, 1);
  }

  /**
   * (1 + β²)·TP / ((1 + β²)·TP + FP + β²·FN): recall counts β times as much as precision (C. J. van
   * Rijsbergen: "Information Retrieval", 1979, chapter 7).
   *
   * @throws CajalException if β is not positive
   */
  public double fBeta(int k, double beta) {
    Checks.positive("beta", beta);
    return fBeta(count(k, k), predicted(k), support(k), beta);
  }

  /** The Jaccard index of a class: TP / (TP + FP + FN). */
  public double jaccard(int k) {
    return ratio(count(k, k), predicted(k) + support(k) - count(k, k));
  }

  /** Precision over all classes. */
  public double precision(Average average) {
    return average == Average.MICRO ? accuracy() : mean(average, this::precision);
  }

  /** Recall over all classes. */
  public double recall(Average average) {
    return average == Average.MICRO ? accuracy() : mean(average, this::recall);
  }

  /** F1 over all classes; macro is the mean of the classes' F1. */
  public double f1(Average average) {
    return fBeta(average, 1);
  }

  /**
   * F-beta over all classes.
   *
   * @throws CajalException if β is not positive
   */
  public double fBeta(Average average, double beta) {
    Checks.positive("beta", beta);
    return average == Average.MICRO
        ? fBeta(correct(), samples, samples, beta)
        : mean(average, k -> fBeta(k, beta));
  }

  /** The Jaccard index over all classes. */
  public double jaccard(Average average) {
    return average == Average.MICRO
        ? ratio(correct(), 2 * samples - correct())
        : mean(average, this::jaccard);
  }

  /** {@link #cohensKappa(Disagreement)} with equal weights. */
  public double cohensKappa() {
    return cohensKappa(Disagreement.EQUAL);
  }

  /**
   * Agreement beyond chance: 1 − Σ w·observed / Σ w·expected, where expected counts follow from the
   * margins and w weighs disagreements (J. Cohen: "A coefficient of agreement for nominal scales",
   * 1960; "Weighted kappa", 1968). 1 is perfect, 0 is chance; 0 too where chance alone leaves no
   * disagreement.
   */
  public double cohensKappa(Disagreement disagreement) {
    double observed = 0;
    for (Cell c : cells()) {
      observed += weight(disagreement, Math.abs(c.actual - c.predicted)) * c.count;
    }
    // Σ w(i − j)·aᵢ·pⱼ by sums over the classes before: w is 1 but on the diagonal, |i − j| or
    // (i − j)².
    double expected = 0;
    double n = 0;
    double first = 0;
    double second = 0;
    double m = 0;
    double mFirst = 0;
    double mSecond = 0;
    for (double i = 0; i < classes; i++) {
      double a = actual[(int) i];
      double p = predicted[(int) i];
      expected +=
          switch (disagreement) {
            case EQUAL -> a * n + p * m;
            case LINEAR -> a * (i * n - first) + p * (i * m - mFirst);
            case QUADRATIC ->
                a * (i * i * n - 2 * i * first + second)
                    + p * (i * i * m - 2 * i * mFirst + mSecond);
          };
      n += p;
      first += i * p;
      second += i * i * p;
      m += a;
      mFirst += i * a;
      mSecond += i * i * a;
    }
    expected /= samples;
    return expected > 0 ? 1 - observed / expected : 0;
  }

  private static double weight(Disagreement disagreement, double distance) {
    return switch (disagreement) {
      case EQUAL -> distance == 0 ? 0 : 1;
      case LINEAR -> distance;
      case QUADRATIC -> distance * distance;
    };
  }

  /**
   * Matthews' correlation coefficient for any number of classes: (c·s − Σ pₖ·tₖ) / √((s² − Σ
   * pₖ²)·(s² − Σ tₖ²)) with c right ones among s samples, pₖ predictions and tₖ samples of class k
   * (B. W. Matthews, 1975; J. Gorodkin: "Comparing two K-category assignments by a K-category
   * correlation coefficient", 2004). 1 is perfect, 0 is chance.
   */
  public double matthewsCorrelation() {
    double s = samples;
    double crossed = 0;
    double predictions = 0;
    double truths = 0;
    for (int k = 0; k < classes; k++) {
      crossed += (double) predicted[k] * actual[k];
      predictions += (double) predicted[k] * predicted[k];
      truths += (double) actual[k] * actual[k];
    }
    double divisor = Math.sqrt(s * s - predictions) * Math.sqrt(s * s - truths);
    return divisor > 0 ? (correct() * s - crossed) / divisor : 0;
  }

  private long correct() {
    long correct = 0;
    for (int k = 0; k < classes; k++) {
      correct += count(k, k);
    }
    return correct;
  }

  private double mean(Average average, IntToDoubleFunction ofClass) {
    double sum = 0;
    double divisor = 0;
    for (int k = 0; k < classes; k++) {
      if (k != ignored) {
        double weight = average == Average.WEIGHTED ? actual[k] : 1;
        sum += ofClass.applyAsDouble(k) * weight;
        divisor += weight;
      }
    }
    return divisor > 0 ? sum / divisor : 0;
  }

  private static double fBeta(long hits, long predicted, long actual, double beta) {
    double square = beta * beta;
    double divisor = predicted + square * actual;
    return divisor > 0 ? (1 + square) * hits / divisor : 0;
  }

  private static double ratio(long part, long whole) {
    return whole > 0 ? (double) part / whole : 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfusionMatrix m
        && m.classes == classes
        && m.ignored == ignored
        && Arrays.equals(m.pairs, pairs)
        && Arrays.equals(m.counts, counts);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(pairs) + Arrays.hashCode(counts)) + ignored;
  }

  /**
   * One line for each true class, one column for each predicted class; for more than 200 classes
   * one sentence.
   */
  @Override
  public String toString() {
    if (classes > MOST_PRINTED) {
      return classes + " classes, " + correct() + " of " + samples + " right";
    }
    int width = Long.toString(LongStream.of(counts).max().orElse(0)).length() + 1;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        text.append(String.format(Locale.ROOT, "%" + width + "d", count(i, j)));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
