package org.cajal.app;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cajal.data.Dataset;
import org.cajal.model.Evaluation;
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
    if (!e.targets().isEmpty()) {
      int most = Math.max(1, MOST / e.targets().size());
      e.targets().forEach((name, of) -> worst(report, data, of, rows.orElse(null), name, most));
      return;
    }
    if (e.errors().isPresent() && e.predicted().size() == data.size()) {
      points(report, data, e);
    }
    worst(report, data, e, rows.orElse(null), "", MOST);
  }

  private static void worst(
      TrainingReport.Builder report,
      Dataset data,
      Evaluation e,
      @Nullable TableRows rows,
      String target,
      int most) {
    String head = target.isEmpty() ? "" : target + " ";
    boolean classes = e.confusion().isPresent();
    boolean labels = e.labelScores().isPresent();
    if (e.actual().shape().dim(0) != data.size()
        || (e.errors().isPresent() && e.actual().size() != data.size())) {
      return; // one answer for each symbol of a sequence, or several numbers without names
    }
    for (int row : e.worst(most)) {
      int width = labels ? e.labels().size() : 1;
      String truth =
          classes
              ? e.labels().get((int) e.actual().get(row))
              : labels ? names(e, e.actual(), row, width) : number(e.actual().get(row));
      String predicted =
          classes
              ? e.labels().get((int) e.classes().get(row))
              : labels ? names(e, e.predicted(), row, width) : number(e.predicted().get(row));
      Mistake mistake =
          mistake(
              data,
              rows,
              row,
              head + truth,
              head + predicted,
              classes ? e.certainty().get(row) : Double.NaN);
      report.mistake(
          classes || labels
              ? mistake
              : mistake.withError(number(e.predicted().get(row) - e.actual().get(row))));
    }
  }

  /** The labels of a row, or a dash. */
  private static String names(Evaluation e, NDArray values, int row, int width) {
    List<String> names =
        IntStream.range(0, width)
            .filter(k -> values.get((long) row * width + k) > 0.5)
            .mapToObj(e.labels()::get)
            .toList();
    return names.isEmpty() ? "–" : String.join(", ", names);
  }

  private static void points(TrainingReport.Builder report, Dataset data, Evaluation e) {
    int size = data.size();
    int step = Math.max(1, (size + MOST_POINTS - 1) / MOST_POINTS);
    for (int row = 0; row < size; row += step) {
      report.point(e.actual().get(row), e.predicted().get(row));
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
}
