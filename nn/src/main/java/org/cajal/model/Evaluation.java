package org.cajal.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cajal.data.Dataset;
import org.cajal.data.OutputRule;
import org.cajal.data.Task;
import org.cajal.metric.Average;
import org.cajal.metric.ConfusionMatrix;
import org.cajal.metric.RegressionErrors;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * How well a model does on rows whose targets are known.
 *
 * @param rows how many
 * @param loss the mean loss
 * @param labels the names of the classes; empty for regression
 * @param confusion how often each true class was taken for each class, without targets of the class
 *     that the loss ignores; absent for regression
 * @param errors in units of the target; absent for classes
 * @param actual class indices I32 [N], or numbers [N, k] in units of the target
 * @param predicted probabilities [N, classes] (for sequences one row a symbol), or numbers [N, k]
 *     in units of the target
 */
public record Evaluation(
    long rows,
    double loss,
    List<String> labels,
    Optional<ConfusionMatrix> confusion,
    Optional<RegressionErrors> errors,
    NDArray actual,
    NDArray predicted) {
  /** Fixes the list. */
  public Evaluation {
    labels = List.copyOf(labels);
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
    Inference.Measured measured = inference.measure(data, null);
    if (spec.task() == Task.REGRESSION) {
      NDArray answers = flat(measured.answers());
      NDArray targets = flat(data.targets());
      NDArray actual = natural(spec, targets);
      NDArray predicted = natural(spec, answers);
      RegressionErrors errors = RegressionErrors.of(actual, predicted);
      return new Evaluation(
          data.size(),
          measured.loss(),
          List.of(),
          Optional.empty(),
          Optional.of(errors),
          actual,
          predicted);
    }
    NDArray probabilities = probabilities(spec, measured.answers());
    int[] actual = data.targets().toInts();
    int[] predicted = classes(probabilities);
    ConfusionMatrix confusion =
        ConfusionMatrix.of(actual, predicted, spec.labels().size(), spec.loss().ignoredClass());
    return new Evaluation(
        data.size(),
        measured.loss(),
        spec.labels(),
        Optional.of(confusion),
        Optional.empty(),
        NDArray.of(actual, Shape.of(actual.length)),
        probabilities);
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

  /** The share of right classes; NaN for regression. */
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
   * What there is to print, in order: {@code accuracy, loss, f1} or {@code r2, rmse, mae, loss}.
   */
  public Map<String, Double> metrics() {
    Map<String, Double> out = new LinkedHashMap<>();
    if (confusion.isPresent()) {
      out.put("accuracy", accuracy());
      out.put("loss", loss);
      out.put("f1", f1());
    } else {
      out.put("r2", r2());
      out.put("rmse", rmse());
      out.put("mae", mae());
      out.put("loss", loss);
    }
    return out;
  }

  /** The confusion matrix as rows of counts, by true class; empty for regression. */
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

  /** What was predicted for a row. */
  public Prediction prediction(int row) {
    int width = predicted.shape().dim(1);
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      values.add(predicted.get((long) row * width + i));
    }
    return new Prediction(labels, values);
  }

  /**
   * The rows with the worst mistakes, worst first: wrong classes by how sure the model was of them,
   * or numbers by the absolute error.
   *
   * @param most how many rows at most
   */
  public List<Integer> worst(int most) {
    int rows = predicted.shape().dim(0);
    Comparator<Integer> order = Comparator.comparingDouble(i -> -badness(i));
    return IntStream.range(0, rows)
        .boxed()
        .filter(i -> badness(i) > 0)
        .sorted(order)
        .limit(most)
        .toList();
  }

  private double badness(int row) {
    int width = predicted.shape().dim(1);
    if (confusion.isPresent()) {
      Prediction p = prediction(row);
      int truth = (int) actual.get(row);
      return p.classIndex() == truth || confusion.get().ignores(truth) ? 0 : p.probability();
    }
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += Math.abs(predicted.get((long) row * width + i) - actual.get((long) row * width + i));
    }
    return sum;
  }
}
