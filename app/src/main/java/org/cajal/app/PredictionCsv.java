package org.cajal.app;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.cajal.model.ModelSpec;
import org.cajal.model.Prediction;
import org.jspecify.annotations.Nullable;

/**
 * Predictions as CSV (RFC 4180 with line feeds): a header, then one line for each example with the
 * class and the probability of every class, or the number. Before them may stand what names the
 * example: the file of an image, the time of a row of a series.
 */
final class PredictionCsv {
  private final PrintWriter out;
  private final int answers;

  /**
   * Writes the header.
   *
   * @param names what the columns before the answer are called
   */
  PredictionCsv(PrintWriter out, ModelSpec spec, int values, List<String> names) {
    this.out = out;
    List<String> header = new ArrayList<>(names);
    if (!spec.labels().isEmpty()) {
      header.add("prediction");
      header.addAll(spec.labels());
    } else if (values == 1) {
      header.add("prediction");
    } else {
      for (int i = 1; i <= values; i++) {
        header.add("prediction " + i);
      }
    }
    answers = header.size() - names.size();
    line(header);
  }

  /**
   * One line.
   *
   * @param names what names the example
   * @param prediction the answer; null where there is none, which leaves its cells empty
   */
  void add(List<String> names, @Nullable Prediction prediction) {
    List<String> cells = new ArrayList<>(names);
    if (prediction == null) {
      cells.addAll(Collections.nCopies(answers, ""));
    } else if (prediction.isClass()) {
      cells.add(prediction.label());
      prediction.values().forEach(p -> cells.add(String.format(Locale.ROOT, "%.6f", p)));
    } else {
      prediction.values().forEach(v -> cells.add(number(v)));
    }
    line(cells);
  }

  /** A number with the seven digits that single precision has. */
  private static String number(double value) {
    double size = Math.abs(value);
    return size != 0 && (size < 1e-4 || size >= 1e15)
        ? String.format(Locale.ROOT, "%.6e", value)
        : Float.toString((float) value).indexOf('E') >= 0
            ? String.format(Locale.ROOT, "%.0f", value)
            : Float.toString((float) value);
  }

  private void line(List<String> cells) {
    out.print(String.join(",", cells.stream().map(PredictionCsv::quoted).toList()) + "\n");
  }

  static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain && cell.strip().length() == cell.length()
        ? cell
        : "\"" + cell.replace("\"", "\"\"") + "\"";
  }
}
