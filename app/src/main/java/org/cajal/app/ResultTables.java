package org.cajal.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.cajal.metric.ConfusionMatrix;
import org.cajal.metric.LabelScores;
import org.cajal.metric.ThresholdCurve;
import org.cajal.model.Evaluation;
import org.cajal.report.TrainingReport;

/** What was measured, as the confusion matrix and the tables of a report. */
final class ResultTables {
  /** The matrix of more classes than this is not drawn. */
  private static final int MOST_CLASSES = 200;

  private static final int MOST_IN_A_TABLE = 20;
  private static final int MOST_ROWS = 200;
  private static final int MOST_MISTAKES = 50;
  private static final int MOST_POINTS = 400;
  private static final int BINS = 20;

  private ResultTables() {}

  /** Adds what an evaluation says to a report. */
  static void of(TrainingReport.Builder report, Evaluation e) {
    if (!e.targets().isEmpty()) {
      measures(report, e);
      e.targets().forEach((name, of) -> tables(report, name + ": ", of));
      e.targets().forEach((name, of) -> twoClasses(report, name, of));
    } else if (e.confusion().isPresent() && e.labels().size() <= MOST_CLASSES) {
      report.confusion(e.labels(), e.confusionRows());
      twoClasses(report, "", e);
    } else {
      tables(report, "", e);
    }
  }

  /** The curves over all thresholds of two classes of which both are there. */
  private static void twoClasses(TrainingReport.Builder report, String target, Evaluation e) {
    int rows = Math.toIntExact(e.actual().size());
    if (e.labels().size() != 2 || e.confusion().isEmpty() || e.predicted().size() != 2L * rows) {
      return;
    }
    int[] actual = e.actual().toInts();
    double[] scores = new double[rows];
    int[][] bins = new int[2][BINS];
    long[] examples = new long[2];
    for (int i = 0; i < rows; i++) {
      scores[i] = e.predicted().get(2L * i + 1);
      if (actual[i] < 0 || actual[i] > 1 || !(scores[i] >= 0 && scores[i] <= 1)) {
        return; // rows of a class that does not count, or answers that are no probabilities
      }
      bins[actual[i]][Math.min(BINS - 1, (int) (scores[i] * BINS))]++;
      examples[actual[i]]++;
    }
    if (examples[0] == 0 || examples[1] == 0) {
      return;
    }
    ThresholdCurve curve = ThresholdCurve.of(actual, scores);
    report.twoClasses(
        new TrainingReport.TwoClasses(
            target,
            e.labels().get(1),
            e.labels().get(0),
            points(curve.roc()),
            curve.rocArea(),
            points(curve.precisionRecall()),
            curve.averagePrecision(),
            Arrays.stream(bins[1]).boxed().toList(),
            Arrays.stream(bins[0]).boxed().toList()));
  }

  /** At most {@value #MOST_POINTS} points of a curve, with the first and the last. */
  private static List<TrainingReport.At> points(ThresholdCurve.Points curve) {
    int n = curve.x().length;
    int step = Math.max(1, (n + MOST_POINTS - 1) / MOST_POINTS);
    return IntStream.range(0, n)
        .filter(i -> i % step == 0 || i == n - 1)
        .mapToObj(i -> new TrainingReport.At(curve.x()[i], curve.y()[i]))
        .toList();
  }

  private static void tables(TrainingReport.Builder report, String head, Evaluation e) {
    if (e.labelScores().isPresent()) {
      labels(report, head, e, e.labelScores().get());
    } else if (e.confusion().isPresent() && e.labels().size() <= MOST_IN_A_TABLE) {
      matrix(report, head, e, e.confusion().get());
    } else if (e.confusion().isPresent()) {
      mistakes(report, head, e, e.confusion().get());
      classes(report, head, e, e.confusion().get());
    }
  }

  private static void measures(TrainingReport.Builder report, Evaluation e) {
    List<List<String>> rows = new ArrayList<>();
    e.targets()
        .forEach(
            (name, of) ->
                of.metrics()
                    .forEach((measure, value) -> rows.add(List.of(name, measure, number(value)))));
    report.table(
        new TrainingReport.ResultTable(
            "Each target", "", List.of("target", "measure", "value"), rows));
  }

  private static void labels(
      TrainingReport.Builder report, String head, Evaluation e, LabelScores scores) {
    List<List<String>> rows =
        IntStream.range(0, scores.labels())
            .boxed()
            .sorted(Comparator.comparingDouble(scores::f1))
            .limit(MOST_ROWS)
            .map(
                k ->
                    List.of(
                        e.labels().get(k),
                        Long.toString(scores.support(k)),
                        number(scores.precision(k)),
                        number(scores.recall(k)),
                        number(scores.f1(k))))
            .toList();
    report.table(
        new TrainingReport.ResultTable(
            head + "Each label",
            "Lowest F1 first"
                + (scores.labels() > MOST_ROWS ? ", the first " + MOST_ROWS : "")
                + ".",
            List.of("label", "examples", "precision", "recall", "F1"),
            rows));
  }

  private static void matrix(
      TrainingReport.Builder report, String head, Evaluation e, ConfusionMatrix m) {
    List<String> header = new ArrayList<>(List.of("true"));
    header.addAll(e.labels());
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < m.classes(); i++) {
      List<String> row = new ArrayList<>(List.of(e.labels().get(i)));
      for (int j = 0; j < m.classes(); j++) {
        row.add(Long.toString(m.count(i, j)));
      }
      rows.add(row);
    }
    report.table(
        new TrainingReport.ResultTable(
            head + "Confusion matrix",
            "Rows are the true classes, columns the predicted ones.",
            header,
            rows));
  }

  private static void mistakes(
      TrainingReport.Builder report, String head, Evaluation e, ConfusionMatrix m) {
    List<List<String>> rows =
        m.mistakes(MOST_MISTAKES).stream()
            .map(
                c ->
                    List.of(
                        e.labels().get(c.actual()),
                        e.labels().get(c.predicted()),
                        Long.toString(c.count())))
            .toList();
    report.table(
        new TrainingReport.ResultTable(
            head + "Most frequent mistakes",
            String.format(
                Locale.ROOT, "Of %,d classes, the matrix of which is not drawn.", m.classes()),
            List.of("class", "taken for", "times"),
            rows));
  }

  private static void classes(
      TrainingReport.Builder report, String head, Evaluation e, ConfusionMatrix m) {
    List<List<String>> rows =
        IntStream.range(0, m.classes())
            .boxed()
            .filter(k -> m.support(k) > 0)
            .sorted(
                Comparator.comparingDouble((Integer k) -> m.recall(k))
                    .thenComparing(Comparator.comparingLong((Integer k) -> -m.support(k))))
            .limit(MOST_ROWS)
            .map(
                k ->
                    List.of(
                        e.labels().get(k),
                        Long.toString(m.support(k)),
                        number(m.recall(k)),
                        number(m.precision(k)),
                        number(m.f1(k))))
            .toList();
    report.table(
        new TrainingReport.ResultTable(
            head + "Classes that were recognised worst",
            "The lowest recall first, at most " + MOST_ROWS + " classes.",
            List.of("class", "examples", "recall", "precision", "F1"),
            rows));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
