package org.cajal.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cajal.data.Dataset;
import org.cajal.data.OutputRule;
import org.cajal.data.Task;
import org.cajal.loss.Losses;
import org.cajal.metric.Average;
import org.cajal.metric.ConfusionMatrix;
import org.cajal.metric.LabelScores;
import org.cajal.metric.RegressionErrors;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * How well a model does on rows whose targets are known.
 *
 * @param rows how many
 * @param loss the mean loss; NaN for one of several targets
 * @param labels the names of the classes or labels; empty for numbers and several targets
 * @param confusion how often each true class was taken for each class, without targets of the class
 *     that the loss ignores; absent but for classes
 * @param errors in units of the target; absent but for numbers
 * @param labelScores how well labels that do not exclude each other were found; else absent
 * @param targets each of several targets by name; empty for one
 * @param actual class indices I32 [N], 1 for labels that are there [N, labels], or numbers [N, k]
 *     in units of the target; empty for several targets
 * @param predicted probabilities [N, classes] (for sequences one row a symbol), or numbers [N, k]
 *     in units of the target; [0, classes] where there are more of them than are kept, 2²⁵
 * @param classes the most probable class of each row, I32 [N]; empty but for classes
 * @param certainty its probability, [N]
 */
public record Evaluation(
    long rows,
    double loss,
    List<String> labels,
    Optional<ConfusionMatrix> confusion,
    Optional<RegressionErrors> errors,
    Optional<LabelScores> labelScores,
    Map<String, Evaluation> targets,
    NDArray actual,
    NDArray predicted,
    NDArray classes,
    NDArray certainty) {
  /** So many probabilities are kept; measuring goes in parts where there are more. */
  private static final long KEPT = 1 << 25;

  private static final NDArray NONE = NDArray.zeros(DType.F32, Shape.of(0));

  /** Fixes the list. */
  public Evaluation {
    labels = List.copyOf(labels);
    targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
  }

  /**
   * Measures a network.
   *
   * @throws CajalException if the data does not fit it or is empty
   */
  public static Evaluation of(ModelSpec spec, Inference inference, Dataset data) {
    if (data.size() == 0) {
      throw new CajalException(
          "[" + data.name() + "] there are no rows to measure on; at least one is needed");
    }
    long values = data.size() * inference.outputShape().size();
    if (spec.task() == Task.CLASSIFICATION && values > KEPT) {
      return inParts(spec, inference, data);
    }
    Inference.Measured measured = inference.measure(data, null);
    return switch (spec.task()) {
      case REGRESSION ->
          ofNumbers(
              measured.loss(),
              natural(spec, flat(data.targets())),
              natural(spec, flat(measured.answers())));
      case CLASSIFICATION, SEQUENCE ->
          ofClasses(
              data.size(),
              measured.loss(),
              spec.labels(),
              spec.loss().ignoredClass(),
              data.targets().toInts(),
              probabilities(spec, measured.answers()));
      case MULTILABEL ->
          ofLabels(measured.loss(), spec.labels(), data.targets(), flat(measured.answers()));
      case MULTIOUTPUT ->
          ofTargets(
              measured.loss(), spec.several().orElseThrow(), data.targets(), measured.answers());
    };
  }

  /**
   * Compares numbers.
   *
   * @param actual [N, k] in units of the target
   * @param predicted of the same shape
   */
  public static Evaluation ofNumbers(double loss, NDArray actual, NDArray predicted) {
    return new Evaluation(
        actual.shape().dim(0),
        loss,
        List.of(),
        Optional.empty(),
        Optional.of(RegressionErrors.of(actual, predicted)),
        Optional.empty(),
        Map.of(),
        actual,
        predicted,
        NONE,
        NONE);
  }

  /**
   * Compares classes.
   *
   * @param rows how many examples; each has one class, or for sequences as many as it is long
   * @param actual the true class of each row of the probabilities
   * @param probabilities [N, classes]
   */
  public static Evaluation ofClasses(
      long rows, double loss, List<String> labels, int[] actual, NDArray probabilities) {
    return ofClasses(rows, loss, labels, Losses.NO_CLASS, actual, probabilities);
  }

  private static Evaluation ofClasses(
      long rows,
      double loss,
      List<String> labels,
      int ignored,
      int[] actual,
      NDArray probabilities) {
    int[] best = classes(probabilities);
    return ofClasses(
        rows, loss, labels, ignored, actual, probabilities, best, certainty(probabilities, best));
  }

  private static Evaluation ofClasses(
      long rows,
      double loss,
      List<String> labels,
      int ignored,
      int[] actual,
      NDArray probabilities,
      int[] best,
      float[] certainty) {
    return new Evaluation(
        rows,
        loss,
        labels,
        Optional.of(ConfusionMatrix.of(actual, best, labels.size(), ignored)),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        NDArray.of(actual, Shape.of(actual.length)),
        probabilities,
        NDArray.of(best, Shape.of(best.length)),
        NDArray.of(certainty, Shape.of(certainty.length)));
  }

  /**
   * Compares labels that do not exclude each other.
   *
   * @param actual [N, labels], 1 where a label is there
   * @param probabilities of the same shape
   */
  public static Evaluation ofLabels(
      double loss, List<String> labels, NDArray actual, NDArray probabilities) {
    return new Evaluation(
        actual.shape().dim(0),
        loss,
        labels,
        Optional.empty(),
        Optional.empty(),
        Optional.of(LabelScores.of(actual, probabilities)),
        Map.of(),
        actual,
        probabilities,
        NONE,
        NONE);
  }

  private static Evaluation ofTargets(
      double loss, OutputRule.OfSeveral several, NDArray targets, NDArray answers) {
    Map<String, Evaluation> each = new LinkedHashMap<>();
    int rows = targets.shape().dim(0);
    int from = 0;
    for (int k = 0; k < several.parts().size(); k++) {
      OutputRule part = several.parts().get(k);
      NDArray its = columns(answers, from, part.width());
      NDArray wanted = columns(targets, k, 1);
      each.put(
          part.column(),
          switch (part) {
            case OutputRule.OfNumber number ->
                ofNumbers(Double.NaN, decoded(number, wanted), decoded(number, its));
            case OutputRule.OfClasses classes ->
                ofClasses(rows, Double.NaN, classes.labels(), wanted.cast(DType.I32).toInts(), its);
            case OutputRule.OfLabels labels -> throw new AssertionError(labels);
            case OutputRule.OfSeveral inner -> throw new AssertionError(inner);
          });
      from += part.width();
    }
    return new Evaluation(
        rows,
        loss,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        each,
        NONE,
        NONE,
        NONE,
        NONE);
  }

  /** Some columns of [N, columns] in a new array. */
  private static NDArray columns(NDArray values, int from, int count) {
    int rows = values.shape().dim(0);
    int width = values.shape().dim(1);
    NDArray out = NDArray.zeros(values.dtype(), Shape.of(rows, count));
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < count; j++) {
        out.set((long) i * count + j, values.get((long) i * width + from + j));
      }
    }
    return out;
  }

  private static NDArray decoded(OutputRule.OfNumber rule, NDArray values) {
    NDArray out = NDArray.zeros(DType.F64, values.shape());
    for (long i = 0; i < out.size(); i++) {
      out.set(i, rule.decode(values.get(i)));
    }
    return out;
  }

  /** Classes so many that the probabilities of all rows at once would take too much memory. */
  private static Evaluation inParts(ModelSpec spec, Inference inference, Dataset data) {
    int rows = data.size();
    int[] best = new int[rows];
    float[] certainty = new float[rows];
    int step = Math.toIntExact(Math.max(1, KEPT / 4 / inference.outputShape().size()));
    double loss = 0;
    double weight = 0;
    for (int from = 0; from < rows; from += step) {
      int to = Math.min(rows, from + step);
      Inference.Measured measured =
          inference.measure(data.subset(IntStream.range(from, to).toArray()), null);
      NDArray probabilities = probabilities(spec, measured.answers());
      int[] some = classes(probabilities);
      System.arraycopy(some, 0, best, from, some.length);
      System.arraycopy(certainty(probabilities, some), 0, certainty, from, some.length);
      loss += measured.loss() * measured.weight();
      weight += measured.weight();
    }
    return ofClasses(
        rows,
        loss / weight,
        spec.labels(),
        spec.loss().ignoredClass(),
        data.targets().toInts(),
        NDArray.zeros(DType.F32, Shape.of(0, spec.labels().size())),
        best,
        certainty);
  }

  private static float[] certainty(NDArray probabilities, int[] classes) {
    int width = probabilities.shape().dim(1);
    float[] out = new float[classes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) probabilities.get((long) i * width + classes[i]);
    }
    return out;
  }

  private static NDArray flat(NDArray values) {
    int rows = values.shape().dim(0);
    return values.reshape(Shape.of(rows, Math.toIntExact(values.size() / Math.max(1, rows))));
  }

  /** Numbers in units of the target. */
  static NDArray natural(ModelSpec spec, NDArray answers) {
    NDArray out = NDArray.zeros(DType.F64, answers.shape());
    Optional<OutputRule.OfNumber> inverse = spec.inverse();
    for (long i = 0; i < out.size(); i++) {
      double value = answers.get(i);
      out.set(i, inverse.isPresent() ? inverse.get().decode(value) : value);
    }
    return out;
  }

  /** One row of probabilities for each example, or for each symbol of each sequence. */
  static NDArray probabilities(ModelSpec spec, NDArray answers) {
    int classes = spec.labels().size();
    int rows = answers.shape().dim(0);
    Shape one = answers.shape().sub(1, answers.shape().rank());
    if (spec.oneOutputForTwoClasses(one)) {
      NDArray out = NDArray.zeros(answers.dtype(), Shape.of(rows, 2));
      for (int i = 0; i < rows; i++) {
        double p = answers.get(i);
        p = spec.signed() ? (p > 0 ? 1 : 0) : p;
        out.set(2L * i, 1 - p);
        out.set(2L * i + 1, p);
      }
      return out;
    }
    return answers.reshape(Shape.of(Math.toIntExact(answers.size() / classes), classes));
  }

  /** The most probable class of each row, the first of equal ones. */
  static int[] classes(NDArray probabilities) {
    int classes = probabilities.shape().dim(1);
    int[] out = new int[probabilities.shape().dim(0)];
    for (int i = 0; i < out.length; i++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        if (probabilities.get((long) i * classes + c)
            > probabilities.get((long) i * classes + best)) {
          best = c;
        }
      }
      out[i] = best;
    }
    return out;
  }

  /** The share of right classes; NaN but for classes. */
  public double accuracy() {
    return confusion.map(ConfusionMatrix::accuracy).orElse(Double.NaN);
  }

  /** The mean of the classes' F1; NaN for regression. */
  public double f1() {
    return confusion.map(c -> c.f1(Average.MACRO)).orElse(Double.NaN);
  }

  /** The coefficient of determination; NaN for classes. */
  public double r2() {
    return errors.map(RegressionErrors::r2).orElse(Double.NaN);
  }

  /** The root of the mean squared error in units of the target; NaN for classes. */
  public double rmse() {
    return errors.map(RegressionErrors::rootMeanSquaredError).orElse(Double.NaN);
  }

  /** The mean absolute error in units of the target; NaN for classes. */
  public double mae() {
    return errors.map(RegressionErrors::meanAbsoluteError).orElse(Double.NaN);
  }

  /**
   * What there is to print, in order: {@code accuracy, loss, f1} or {@code r2, rmse, mae, loss};
   * for labels {@code subset_accuracy, micro_f1, macro_f1, hamming_loss, loss}; for several targets
   * the loss and each one's own after its name, {@code price r2}.
   */
  public Map<String, Double> metrics() {
    Map<String, Double> out = new LinkedHashMap<>();
    targets.forEach(
        (name, e) -> e.metrics().forEach((measure, v) -> out.put(name + " " + measure, v)));
    if (confusion.isPresent()) {
      out.put("accuracy", accuracy());
      out.put("loss", loss);
      out.put("f1", f1());
    } else if (labelScores.isPresent()) {
      LabelScores scores = labelScores.get();
      out.put("subset_accuracy", scores.subsetAccuracy());
      out.put("micro_f1", scores.f1(Average.MICRO));
      out.put("macro_f1", scores.f1(Average.MACRO));
      out.put("hamming_loss", scores.hammingLoss());
      out.put("loss", loss);
    } else if (errors.isPresent()) {
      out.put("r2", r2());
      out.put("rmse", rmse());
      out.put("mae", mae());
      out.put("loss", loss);
    } else {
      out.put("loss", loss);
    }
    if (Double.isNaN(loss)) {
      out.remove("loss");
    }
    return out;
  }

  /**
   * The confusion matrix as rows of counts, by true class; empty but for classes. The square of the
   * classes: for many of them {@link ConfusionMatrix#cells} says the same in less.
   */
  public List<List<Integer>> confusionRows() {
    return confusion
        .map(
            m ->
                IntStream.range(0, m.classes())
                    .mapToObj(
                        i ->
                            IntStream.range(0, m.classes())
                                .mapToObj(j -> (int) m.count(i, j))
                                .toList())
                    .toList())
        .orElse(List.of());
  }

  /**
   * What was predicted for a row.
   *
   * @throws CajalException if the probabilities were too many to be kept
   */
  public Prediction prediction(int row) {
    if (!targets.isEmpty()) {
      Map<String, Prediction> out = new LinkedHashMap<>();
      targets.forEach((name, e) -> out.put(name, e.prediction(row)));
      return Prediction.ofTargets(out);
    }
    int width = predicted.shape().dim(1);
    if (predicted.size() == 0) {
      throw new CajalException(
          "[evaluate] the probabilities of "
              + rows
              + " rows and "
              + width
              + " classes are not kept; classes() and certainty() have the most probable one");
    }
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      values.add(predicted.get((long) row * width + i));
    }
    return labelScores.isPresent()
        ? Prediction.ofLabels(labels, values)
        : new Prediction(labels, values);
  }

  /**
   * The rows with the worst mistakes, worst first: wrong classes by how sure the model was of them,
   * numbers by the absolute error, labels by how many are wrong. Empty for several targets, each of
   * which has its own.
   *
   * @param most how many rows at most
   */
  public List<Integer> worst(int most) {
    int n = targets.isEmpty() ? Math.toIntExact(actual.size() / width()) : 0;
    Comparator<Integer> order = Comparator.comparingDouble(i -> -badness(i));
    return IntStream.range(0, n)
        .boxed()
        .filter(i -> badness(i) > 0)
        .sorted(order)
        .limit(most)
        .toList();
  }

  /** The numbers of a row of the true values. */
  private int width() {
    return confusion.isPresent() ? 1 : actual.shape().dim(1);
  }

  private double badness(int row) {
    if (confusion.isPresent()) {
      int truth = (int) actual.get(row);
      return classes.get(row) == truth || confusion.get().ignores(truth) ? 0 : certainty.get(row);
    }
    double sum = 0;
    int width = width();
    for (int i = 0; i < width; i++) {
      double p = predicted.get((long) row * width + i);
      double y = actual.get((long) row * width + i);
      sum += labelScores.isEmpty() ? Math.abs(p - y) : p > 0.5 == y > 0.5 ? 0 : 1;
    }
    return sum;
  }
}
