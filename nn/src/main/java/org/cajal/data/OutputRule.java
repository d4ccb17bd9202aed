package org.cajal.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cajal.type.CajalException;

/**
 * How the target becomes what a network learns, and its answer an answer again: plain data, fitted
 * on training rows.
 */
public sealed interface OutputRule
    permits OutputRule.OfClasses, OutputRule.OfNumber, OutputRule.OfLabels, OutputRule.OfSeveral {
  /** The target's name; those of several columns with commas between them. */
  default String column() {
    return String.join(", ", columns());
  }

  /** The columns that hold the target. */
  List<String> columns();

  /** What is to be learned. */
  Task task();

  /** The number of values that the network gives: one a class or label, or one number. */
  int width();

  /** As plain data for JSON. */
  Map<String, Object> toMap();

  /**
   * Classes.
   *
   * @param labels the classes' names by index, at least 2
   */
  record OfClasses(String column, List<String> labels) implements OutputRule {
    /** A rule with an immutable list. */
    public OfClasses {
      labels = List.copyOf(labels);
    }

    @Override
    public List<String> columns() {
      return List.of(column);
    }

    @Override
    public Task task() {
      return Task.CLASSIFICATION;
    }

    @Override
    public int width() {
      return labels.size();
    }

    @Override
    public Map<String, Object> toMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("task", task().name());
      map.put("column", column);
      map.put("labels", labels);
      return map;
    }
  }

  /**
   * Labels that do not exclude each other.
   *
   * @param columns one that holds all labels of a row in a cell, or one a label that says whether
   *     it is there
   * @param labels by index, at least 1
   * @param separator between the labels in a cell; empty where each label has a column
   */
  record OfLabels(List<String> columns, List<String> labels, String separator)
      implements OutputRule {
    /**
     * A rule with immutable lists.
     *
     * @throws CajalException if the numbers of columns and labels do not go together
     */
    public OfLabels {
      columns = List.copyOf(columns);
      labels = List.copyOf(labels);
      if (labels.isEmpty() || columns.size() != (separator.isEmpty() ? labels.size() : 1)) {
        throw new CajalException(
            "[output] " + columns.size() + " columns and " + labels.size() + " labels do not fit");
      }
    }

    @Override
    public Task task() {
      return Task.MULTILABEL;
    }

    @Override
    public int width() {
      return labels.size();
    }

    @Override
    public Map<String, Object> toMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("task", task().name());
      map.put("columns", columns);
      map.put("labels", labels);
      map.put("separator", separator);
      return map;
    }

    /** The labels of a cell, without blanks around them; empty ones are passed over. */
    static List<String> split(String cell, String separator) {
      List<String> out = new ArrayList<>();
      int from = 0;
      while (from <= cell.length()) {
        int to = cell.indexOf(separator, from);
        to = to < 0 ? cell.length() : to;
        String label = cell.substring(from, to).strip();
        if (!label.isEmpty()) {
          out.add(label);
        }
        from = to + separator.length();
      }
      return out;
    }

    /** Whether a cell of a label's own column says that it is there: 1 or 0; NaN for neither. */
    static double truth(String cell) {
      double value = Cells.number(cell, false);
      if (value == 0 || value == 1) {
        return value;
      }
      String lower = cell.toLowerCase(Locale.ROOT);
      for (List<String> pair : Cells.BOOLEANS) {
        if (pair.contains(lower)) {
          return pair.indexOf(lower);
        }
      }
      return Double.NaN;
    }
  }

  /**
   * Several targets, each with a rule of its own; the network's values are those of the first, then
   * those of the second, and so on.
   *
   * @param parts at least 2, of classes or numbers
   */
  record OfSeveral(List<OutputRule> parts) implements OutputRule {
    /**
     * A rule with an immutable list.
     *
     * @throws CajalException if there are fewer than 2, or one is neither of classes nor a number
     */
    public OfSeveral {
      parts = List.copyOf(parts);
      if (parts.size() < 2
          || parts.stream().anyMatch(p -> !(p instanceof OfClasses || p instanceof OfNumber))) {
        throw new CajalException(
            "[output] several targets are 2 or more, each classes or a number");
      }
    }

    @Override
    public List<String> columns() {
      return parts.stream().map(OutputRule::column).toList();
    }

    @Override
    public Task task() {
      return Task.MULTIOUTPUT;
    }

    @Override
    public int width() {
      return parts.stream().mapToInt(OutputRule::width).sum();
    }

    @Override
    public Map<String, Object> toMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("task", task().name());
      map.put("parts", parts.stream().map(OutputRule::toMap).toList());
      return map;
    }
  }

  /**
   * A number, standardised: the network learns {@code (f(y) - center) / scale}, where f is the
   * natural logarithm or nothing.
   *
   * @param logarithm whether the logarithm of the target is learned; all training targets were
   *     positive then
   */
  record OfNumber(String column, boolean logarithm, double center, double scale)
      implements OutputRule {
    @Override
    public List<String> columns() {
      return List.of(column);
    }

    @Override
    public Task task() {
      return Task.REGRESSION;
    }

    @Override
    public int width() {
      return 1;
    }

    /**
     * What the network learns for a target; a target of 0 or less has no logarithm and becomes NaN
     * or an infinity.
     */
    public double encode(double value) {
      return ((logarithm ? Math.log(value) : value) - center) / scale;
    }

    /** The target that an answer of the network means. */
    public double decode(double answer) {
      double value = answer * scale + center;
      return logarithm ? Math.exp(value) : value;
    }

    @Override
    public Map<String, Object> toMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("task", task().name());
      map.put("column", column);
      map.put("logarithm", logarithm);
      map.put("center", center);
      map.put("scale", scale);
      return map;
    }
  }
}
