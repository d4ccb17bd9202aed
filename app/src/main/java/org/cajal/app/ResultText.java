package org.cajal.app;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.cajal.metric.Average;
import org.cajal.metric.ConfusionMatrix;
import org.cajal.metric.LabelScores;
import org.cajal.model.Evaluation;
import org.cajal.type.NDArray;

/** What was measured, for a person. */
final class ResultText {
  private static final int MOST_CLASSES = 20;
  private static final int MOST_LABELS = 30;
  private static final int MOST_MISTAKES = 10;
  private static final int LONGEST_LABEL = 16;
  private static final int WIDTH = 100;

  private ResultText() {}

  /**
   * One line: {@code test accuracy 98.70 % (1974 of 2000), loss 0.0431, F1 0.9869}; for several
   * targets one line each, after one for all.
   *
   * @param part which rows were measured on: {@code test}
   */
  static List<String> lines(String part, Evaluation e) {
    if (e.targets().isEmpty()) {
      return List.of(line(part, e));
    }
    List<String> out = new ArrayList<>();
    out.add(
        String.format(
            Locale.ROOT,
            "%s: %d targets, loss %.4f (%,d rows)",
            part,
            e.targets().size(),
            e.loss(),
            e.rows()));
    e.targets().forEach((name, of) -> out.add("  " + line(name, of)));
    return out;
  }

  private static String line(String part, Evaluation e) {
    String loss = Double.isNaN(e.loss()) ? "" : String.format(Locale.ROOT, ", loss %.4f", e.loss());
    if (e.confusion().isPresent()) {
      long right = Math.round(e.accuracy() * e.confusion().get().samples());
      return String.format(
          Locale.ROOT,
          "%s accuracy %.2f %% (%,d of %,d)%s, %s",
          part,
          100 * e.accuracy(),
          right,
          e.confusion().get().samples(),
          loss,
          f1(e, e.confusion().get()));
    }
    if (e.labelScores().isPresent()) {
      LabelScores scores = e.labelScores().get();
      return String.format(
          Locale.ROOT,
          "%s all labels right %.2f %% (%,d of %,d)%s, micro F1 %.4f, macro F1 %.4f, Hamming loss"
              + " %.4f",
          part,
          100 * scores.subsetAccuracy(),
          scores.exact(),
          scores.samples(),
          loss,
          scores.f1(Average.MICRO),
          scores.f1(Average.MACRO),
          scores.hammingLoss());
    }
    return String.format(
        Locale.ROOT,
        "%s %s, RMSE %s, MAE %s (%s)",
        part,
        isConstant(e.actual())
            ? "R² undefined (it needs two different targets)"
            : String.format(Locale.ROOT, "R² %.4f", e.r2()),
        number(e.rmse()),
        number(e.mae()),
        e.rows() == 1 ? "1 row" : String.format(Locale.ROOT, "%,d rows", e.rows()));
  }

  /** The mean over the classes, of which some may have no example among those measured on. */
  private static String f1(Evaluation e, ConfusionMatrix matrix) {
    long absent = IntStream.range(0, matrix.classes()).filter(k -> matrix.support(k) == 0).count();
    return String.format(Locale.ROOT, "F1 %.4f", e.f1())
        + (absent == 0
            ? ""
            : String.format(
                Locale.ROOT, " (no example of %d of the %,d classes)", absent, matrix.classes()));
  }

  /** Whether all numbers are equal, so that no share of their variance can be told. */
  private static boolean isConstant(NDArray values) {
    for (long i = 1; i < values.size(); i++) {
      if (values.get(i) != values.get(0)) {
        return false;
      }
    }
    return true;
  }

  static String number(double value) {
    return Math.abs(value) >= 1000
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  /**
   * The confusion matrix, a line a class; for more classes than a terminal has room for the most
   * frequent mistakes; precision, recall and F1 of each label; nothing for numbers. For several
   * targets those of each.
   */
  static List<String> details(Evaluation e) {
    if (!e.targets().isEmpty()) {
      List<String> out = new ArrayList<>();
      e.targets()
          .forEach(
              (name, of) -> {
                List<String> its = details(of);
                if (!its.isEmpty()) {
                  out.add(name + ": " + its.getFirst());
                  out.addAll(its.subList(1, its.size()));
                }
              });
      return out;
    }
    if (e.labelScores().isPresent()) {
      return labels(e, e.labelScores().get());
    }
    if (e.confusion().isEmpty()) {
      return List.of();
    }
    return e.labels().size() > MOST_CLASSES
        ? mistakes(e, e.confusion().get())
        : confusion(e, e.confusion().get());
  }

  private static List<String> mistakes(Evaluation e, ConfusionMatrix matrix) {
    List<String> lines = new ArrayList<>();
    for (ConfusionMatrix.Cell cell : matrix.mistakes(MOST_MISTAKES)) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %,d × %s taken for %s",
              cell.count(),
              shortened(e.labels().get(cell.actual())),
              shortened(e.labels().get(cell.predicted()))));
    }
    if (!lines.isEmpty()) {
      lines.addFirst(
          String.format(Locale.ROOT, "most frequent mistakes, of %,d classes", matrix.classes()));
    }
    return lines;
  }

  private static List<String> labels(Evaluation e, LabelScores scores) {
    int n = scores.labels();
    List<Integer> shown = // of many labels those that occur most
        IntStream.range(0, n)
            .boxed()
            .sorted(
                Comparator.comparingLong((Integer k) -> n > MOST_LABELS ? -scores.support(k) : 0))
            .limit(MOST_LABELS)
            .toList();
    List<String> names = shown.stream().map(k -> shortened(e.labels().get(k))).toList();
    int head = Math.max(5, names.stream().mapToInt(String::length).max().orElse(0));
    List<String> lines = new ArrayList<>();
    lines.add(
        n > MOST_LABELS
            ? String.format(Locale.ROOT, "the %d most frequent of %,d labels", MOST_LABELS, n)
            : "each label");
    lines.add(" ".repeat(head + 2) + "  examples  precision  recall      F1");
    for (int i = 0; i < names.size(); i++) {
      int k = shown.get(i);
      lines.add(
          "  "
              + " ".repeat(head - names.get(i).length())
              + names.get(i)
              + String.format(
                  Locale.ROOT,
                  "  %,8d  %9.4f  %6.4f  %6.4f",
                  scores.support(k),
                  scores.precision(k),
                  scores.recall(k),
                  scores.f1(k)));
    }
    return lines;
  }

  private static List<String> confusion(Evaluation e, ConfusionMatrix matrix) {
    List<String> labels = e.labels().stream().map(ResultText::shortened).toList();
    int head = Math.max(4, labels.stream().mapToInt(String::length).max().orElse(0));
    int room = Math.max(6, (WIDTH - head - 2) / matrix.classes() - 2);
    int cell = 2;
    for (int i = 0; i < matrix.classes(); i++) {
      cell = Math.max(cell, Math.min(room, labels.get(i).length()));
      for (int j = 0; j < matrix.classes(); j++) {
        cell = Math.max(cell, Long.toString(matrix.count(i, j)).length());
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add("confusion matrix (a line: the true class; a column: what was predicted)");
    StringBuilder top = new StringBuilder(" ".repeat(head + 2));
    for (String label : labels) {
      String name = label.length() > cell ? label.substring(0, cell) : label;
      top.append("  ").append(" ".repeat(cell - name.length())).append(name);
    }
    lines.add(top.toString());
    for (int i = 0; i < matrix.classes(); i++) {
      StringBuilder line =
          new StringBuilder("  ")
              .append(" ".repeat(head - labels.get(i).length()))
              .append(labels.get(i));
      for (int j = 0; j < matrix.classes(); j++) {
        String count = matrix.count(i, j) == 0 ? "." : Long.toString(matrix.count(i, j));
        line.append("  ").append(" ".repeat(cell - count.length())).append(count);
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static String shortened(String label) {
    return label.length() > LONGEST_LABEL ? label.substring(0, LONGEST_LABEL - 1) + "…" : label;
  }
}
