package org.cajal.app;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cajal.model.Prediction;
import org.jspecify.annotations.Nullable;

/**
 * Predictions as CSV (RFC 4180 with line feeds): a header, then one line for each example with the
 * class and the probability of every class, or of the most probable ones where there are many; the
 * number; or the labels and the probability of each. Several targets stand side by side under their
 * names. Before them may stand what names the example: the file of an image, the time of a row of a
 * series.
 */
final class PredictionCsv {
  /** The probabilities of more classes than this are not all written. */
  private static final int MOST_CLASSES = 100;

  private static final int TOP = 5;

  private final PrintWriter out;
  private final int answers;
  private int unanswered;
  private final String separator;

  /**
   * Writes the header.
   *
   * @param like a prediction of the kind that will be written
   * @param names what the columns before the answer are called
   * @param separator what to write between labels that do not exclude each other
   */
  PredictionCsv(PrintWriter out, Prediction like, List<String> names, String separator) {
    this.out = out;
    this.separator = separator;
    List<String> header = new ArrayList<>(names);
    if (like.targets().isEmpty()) {
      names("prediction", "", like, header);
    } else {
      like.targets().forEach((name, p) -> names(name, name + " ", p, header));
    }
    answers = header.size() - names.size();
    line(header);
  }

  private static void names(String name, String prefix, Prediction like, List<String> header) {
    if (like.isClass() && like.labels().size() > MOST_CLASSES) {
      for (int i = 1; i <= TOP; i++) {
        header.add(i == 1 ? name : name + " " + i);
        header.add(prefix + (i == 1 ? "probability" : "probability " + i));
      }
    } else if (!like.labels().isEmpty() || like.values().size() == 1) {
      header.add(name);
      like.labels().forEach(label -> header.add(prefix + label));
    } else {
      for (int i = 1; i <= like.values().size(); i++) {
        header.add(name + " " + i);
      }
    }
  }

  /**
   * One line.
   *
   * @param names what names the example
   * @param prediction the answer; null where there is none, which leaves its cells empty, as do
   *     values that are no numbers
   */
  void add(List<String> names, @Nullable Prediction prediction) {
    List<String> cells = new ArrayList<>(names);
    if (prediction == null) {
      cells.addAll(Collections.nCopies(answers, ""));
    } else if (!prediction.isAnswer()) {
      cells.addAll(Collections.nCopies(answers, ""));
      unanswered++;
    } else if (prediction.targets().isEmpty()) {
      values(prediction, cells);
    } else {
      prediction.targets().values().forEach(p -> values(p, cells));
    }
    line(cells);
  }

  /** What to say of examples for which the network gave no numbers; empty where there are none. */
  Optional<String> note() {
    return unanswered == 0
        ? Optional.empty()
        : Optional.of(
            (unanswered == 1 ? "1 line has" : unanswered + " lines have")
                + " no answer, as the network's values are not numbers there: inputs are far beyond"
                + " those of the training");
  }

  private void values(Prediction prediction, List<String> cells) {
    if (prediction.isClass() && prediction.labels().size() > MOST_CLASSES) {
      prediction
          .top(TOP)
          .forEach(
              e -> {
                cells.add(e.getKey());
                cells.add(share(e.getValue()));
              });
    } else if (!prediction.labels().isEmpty()) {
      cells.add(
          prediction.isClass()
              ? prediction.label()
              : String.join(separator, prediction.predictedLabels()));
      prediction.values().forEach(p -> cells.add(share(p)));
    } else {
      prediction.values().forEach(v -> cells.add(number(v)));
    }
  }

  private static String share(double probability) {
    return String.format(Locale.ROOT, "%.6f", probability);
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
