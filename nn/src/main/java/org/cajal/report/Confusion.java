package org.cajal.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.cajal.type.CajalException;

/**
 * A confusion matrix: how often each true class (row) was taken for each class (column).
 *
 * @param classes the labels
 * @param counts one row a true class, one column a predicted class, none negative
 */
public record Confusion(List<String> classes, List<List<Integer>> counts) {
  private static final int LONGEST_LABEL = 12;
  private static final int MISTAKES = 10;

  /**
   * A matrix of unmodifiable copies.
   *
   * @throws CajalException if the matrix is not square, does not fit the classes or has a negative
   *     count
   */
  public Confusion {
    classes = List.copyOf(classes);
    counts = counts.stream().map(List::copyOf).toList();
    int n = classes.size();
    if (counts.size() != n || counts.stream().anyMatch(row -> row.size() != n)) {
      throw new CajalException(
          "[confusion] " + n + " classes need " + n + " rows of " + n + " counts each");
    }
    if (counts.stream().flatMap(List::stream).anyMatch(c -> c < 0)) {
      throw new CajalException("[confusion] counts must be 0 or more");
    }
  }

  /** One kind of mistake: so many examples of one class were taken for another. */
  public record Pair(String truth, String predicted, int count) {}

  /** How many examples of a true class there are. */
  public long support(int truth) {
    return counts.get(truth).stream().mapToLong(Integer::longValue).sum();
  }

  /** How many examples were taken for a class. */
  public long predicted(int column) {
    return counts.stream().mapToLong(row -> row.get(column)).sum();
  }

  /** How many examples there are in all. */
  public long total() {
    return counts.stream().flatMap(List::stream).mapToLong(Integer::longValue).sum();
  }

  /** The share of a true class that was recognised; {@code NaN} if the class has no examples. */
  public double recall(int truth) {
    return ratio(counts.get(truth).get(truth), support(truth));
  }

  /**
   * The share of right answers among those that say this class; {@code NaN} if it was never
   * predicted.
   */
  public double precision(int column) {
    return ratio(counts.get(column).get(column), predicted(column));
  }

  /**
   * F1 = 2·TP / (2·TP + FP + FN) of a class; {@code NaN} if it has no examples and was never
   * predicted.
   */
  public double f1(int label) {
    return ratio(2L * counts.get(label).get(label), support(label) + predicted(label));
  }

  /** The share of right answers; {@code NaN} without examples. */
  public double accuracy() {
    long hits = 0;
    for (int i = 0; i < classes.size(); i++) {
      hits += counts.get(i).get(i);
    }
    return ratio(hits, total());
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? Double.NaN : (double) part / whole;
  }

  /**
   * The entropy of the true classes in nats: the cross-entropy of a network that has learned
   * nothing but how frequent they are. {@code NaN} without examples.
   */
  public double chanceLoss() {
    double total = total();
    double entropy = 0;
    for (int i = 0; i < classes.size(); i++) {
      double p = support(i) / total;
      entropy -= p > 0 ? p * Math.log(p) : 0;
    }
    return total == 0 ? Double.NaN : entropy;
  }

  /** The kinds of mistakes that occur, most frequent first, at most so many. */
  public List<Pair> worst(int most) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < classes.size(); i++) {
      for (int j = 0; j < classes.size(); j++) {
        if (i != j && counts.get(i).get(j) > 0) {
          pairs.add(new Pair(classes.get(i), classes.get(j), counts.get(i).get(j)));
        }
      }
    }
    pairs.sort(Comparator.comparingInt(p -> -p.count()));
    return List.copyOf(pairs.subList(0, Math.min(most, pairs.size())));
  }

  /**
   * The matrix for a terminal, in aligned columns, with each class's recall at the right and its
   * precision below; labels are shortened where they must be. If that does not fit into {@code
   * width} columns, the most frequent mistakes are listed instead. Lines end with {@code \n}.
   *
   * @param width how many characters a line may have
   * @param unicode whether characters beyond ASCII may be used
   */
  public String text(int width, boolean unicode) {
    int n = classes.size();
    if (n == 0) {
      return "";
    }
    int digits = 1;
    for (List<Integer> row : counts) {
      for (int c : row) {
        digits = Math.max(digits, Integer.toString(c).length());
      }
    }
    int longest = classes.stream().mapToInt(c -> c.codePointCount(0, c.length())).max().orElse(1);
    int label = Math.max("precision".length(), Math.min(longest, LONGEST_LABEL));
    int room = (width - label - "  recall".length()) / n - 1;
    int cell = Math.min(room, Math.max(Math.max(digits, 4), Math.min(longest, LONGEST_LABEL)));
    if (cell < Math.max(digits, 3)) {
      return list(unicode);
    }
    List<String> heads = heads(cell, unicode);
    StringBuilder out = new StringBuilder();
    out.append(" ".repeat(label)).append(unicode ? "  predicted →\n" : "  predicted\n");
    out.append(padded(unicode ? "true ↓" : "true", label));
    for (String head : heads) {
      out.append(' ').append(right(head, cell));
    }
    out.append("  recall\n");
    for (int i = 0; i < n; i++) {
      out.append(padded(shortened(classes.get(i), label, unicode), label));
      for (int c : counts.get(i)) {
        out.append(' ').append(right(c == 0 ? (unicode ? "·" : ".") : Integer.toString(c), cell));
      }
      out.append("  ").append(right(whole(recall(i)), 6)).append('\n');
    }
    out.append(padded("precision", label));
    for (int j = 0; j < n; j++) {
      out.append(' ').append(right(cell >= 4 ? whole(precision(j)) : bare(precision(j)), cell));
    }
    return out.append("  ").append(right(whole(accuracy()), 6)).append(" right\n").toString();
  }

  /** Labels for columns: their beginnings, or their ends where the beginnings are alike. */
  private List<String> heads(int cell, boolean unicode) {
    List<String> starts = classes.stream().map(c -> shortened(c, cell, unicode)).toList();
    if (starts.stream().distinct().count() == classes.size()) {
      return starts;
    }
    List<String> ends =
        classes.stream().map(c -> reversed(shortened(reversed(c), cell, unicode))).toList();
    return ends.stream().distinct().count() > starts.stream().distinct().count() ? ends : starts;
  }

  private static String reversed(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  private String list(boolean unicode) {
    StringBuilder out = new StringBuilder();
    out.append(classes.size())
        .append(" classes, ")
        .append(whole(accuracy()))
        .append(" right; most frequent mistakes:\n");
    for (Pair pair : worst(MISTAKES)) {
      out.append(right(Numbers.count(pair.count()), 7))
          .append(unicode ? " × " : " x ")
          .append(shortened(pair.truth(), 30, unicode))
          .append(" taken for ")
          .append(shortened(pair.predicted(), 30, unicode))
          .append('\n');
    }
    return out.toString();
  }

  private static String whole(double share) {
    return Double.isNaN(share) ? "-" : bare(share) + "%";
  }

  /** Rounded down, so that only a flawless class shows 100. */
  private static String bare(double share) {
    return Double.isNaN(share)
        ? "-"
        : String.format(Locale.ROOT, "%d", (int) Math.floor(100 * share + 1e-9));
  }

  private static String shortened(String label, int width, boolean unicode) {
    String line =
        label
            .codePoints()
            .map(c -> Character.isISOControl(c) || (!unicode && c > 126) ? '?' : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    if (line.codePointCount(0, line.length()) <= width) {
      return line;
    }
    String mark = unicode ? "…" : "~";
    return line.substring(0, line.offsetByCodePoints(0, width - 1)) + mark;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.codePointCount(0, text.length())));
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.codePointCount(0, text.length()))) + text;
  }
}
