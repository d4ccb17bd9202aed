package org.cajal.app;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cajal.data.Dataset;
import org.cajal.model.Evaluation;
import org.cajal.model.Prediction;
import org.cajal.report.TrainingReport;
import org.cajal.report.TrainingReport.Mistake;
import org.cajal.type.NDArray;
import org.jspecify.annotations.Nullable;

/** The worst mistakes of a model: wrong classes of which it was sure, numbers that are far off. */
final class Mistakes {
  private static final int MOST = 24;
  private static final int MOST_POINTS = 2000;

  private Mistakes() {}

  /** Adds the worst mistakes, and a regression's points, to a report. */
  static void report(
      TrainingReport.Builder report, Dataset data, Evaluation e, Optional<TableRows> rows) {
    if (e.confusion().isPresent()) {
      wrongClasses(report, data, e, rows.orElse(null));
    } else if (e.predicted().size() == data.size()) {
      farOff(report, data, e, rows.orElse(null));
    }
  }

  private static void wrongClasses(
      TrainingReport.Builder report, Dataset data, Evaluation e, @Nullable TableRows rows) {
    int[] actual = e.actual().toInts();
    if (actual.length != data.size()) {
      return; // one answer for each symbol of a sequence
    }
    IntStream.range(0, actual.length)
        .mapToObj(row -> new Wrong(row, e.prediction(row)))
        .filter(w -> !e.confusion().get().ignores(actual[w.row]))
        .filter(w -> w.prediction.classIndex() != actual[w.row])
        .sorted(Comparator.comparingDouble((Wrong w) -> w.prediction.probability()).reversed())
        .limit(MOST)
        .forEach(
            w ->
                report.mistake(
                    mistake(
                        data,
                        rows,
                        w.row,
                        e.labels().get(actual[w.row]),
                        w.prediction.label(),
                        w.prediction.probability())));
  }

  private static void farOff(
      TrainingReport.Builder report, Dataset data, Evaluation e, @Nullable TableRows rows) {
    NDArray actual = e.actual();
    NDArray predicted = e.predicted();
    int size = data.size();
    int step = Math.max(1, (size + MOST_POINTS - 1) / MOST_POINTS);
    for (int row = 0; row < size; row += step) {
      report.point(actual.get(row), predicted.get(row));
    }
    List<Integer> worst =
        IntStream.range(0, size)
            .boxed()
            .sorted(
                Comparator.comparingDouble(
                        (Integer row) -> Math.abs(actual.get(row) - predicted.get(row)))
                    .reversed())
            .limit(MOST)
            .toList();
    for (int row : worst) {
      report.mistake(
          mistake(
              data, rows, row, number(actual.get(row)), number(predicted.get(row)), Double.NaN));
    }
  }

  private static Mistake mistake(
      Dataset data,
      @Nullable TableRows rows,
      int row,
      String truth,
      String predicted,
      double probability) {
    if (data.featureShape().rank() == 3) {
      return Mistake.ofImage(
          data.features(row).reshape(data.featureShape()), truth, predicted, probability);
    }
    if (rows != null) {
      return Mistake.ofRow(rows.cells(row), truth, predicted, probability);
    }
    var fields = new java.util.LinkedHashMap<String, String>();
    NDArray x = data.features(row);
    for (int i = 0; i < x.size() && i < 100; i++) {
      String name = data.featureNames().isEmpty() ? "input " + (i + 1) : data.featureNames().get(i);
      fields.put(name, number(x.get(i)));
    }
    return Mistake.ofRow(fields, truth, predicted, probability);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.5g", value);
  }

  /** A row that was answered wrongly. */
  private record Wrong(int row, Prediction prediction) {}
}
