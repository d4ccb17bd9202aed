package org.cajal.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cajal.metric.ConfusionMatrix;
import org.cajal.model.Evaluation;

/** What was measured, for a person. */
final class ResultText {
  private static final int MOST_CLASSES = 20;
  private static final int LONGEST_LABEL = 16;
  private static final int WIDTH = 100;

  private ResultText() {}

  /**
   * One line: {@code test accuracy 98.70 % (1974 of 2000), loss 0.0431, F1 0.9869}.
   *
   * @param part which rows were measured on: {@code test}
   */
  static String line(String part, Evaluation e) {
    if (e.confusion().isPresent()) {
      long right = Math.round(e.accuracy() * e.confusion().get().samples());
      return String.format(
          Locale.ROOT,
          "%s accuracy %.2f %% (%,d of %,d), loss %.4f, F1 %.4f",
          part,
          100 * e.accuracy(),
          right,
          e.confusion().get().samples(),
          e.loss(),
          e.f1());
    }
    return String.format(
        Locale.ROOT,
        "%s R² %.4f, RMSE %s, MAE %s (%,d rows)",
        part,
        e.r2(),
        number(e.rmse()),
        number(e.mae()),
        e.rows());
  }

  static String number(double value) {
    return Math.abs(value) >= 1000
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  /**
   * The confusion matrix, a line a class; nothing for numbers, and for more classes than a terminal
   * has room for.
   */
  static List<String> confusion(Evaluation e) {
    if (e.confusion().isEmpty() || e.labels().size() > MOST_CLASSES) {
      return List.of();
    }
    ConfusionMatrix matrix = e.confusion().get();
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
