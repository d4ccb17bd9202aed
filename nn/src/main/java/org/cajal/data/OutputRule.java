package org.cajal.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the target becomes what a network learns, and its answer an answer again: plain data, fitted
 * on training rows.
 */
public sealed interface OutputRule permits OutputRule.OfClasses, OutputRule.OfNumber {
  /** The target's name. */
  String column();

  /** Classification or regression. */
  Task task();

  /** The number of values that the network gives: one a class, or one number. */
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
    public Task task() {
      return Task.CLASSIFICATION;
    }

    @Override
    public int width() {
      return labels.size();
    }

    /**
     * The index of a label, or -1; a full stop after a known label is passed over, as the Adult
     * test file has it.
     */
    public int index(String label) {
      int index = labels.indexOf(label);
      return index < 0 && label.endsWith(".")
          ? labels.indexOf(label.substring(0, label.length() - 1))
          : index;
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
   * A number, standardised: the network learns {@code (f(y) - center) / scale}, where f is the
   * natural logarithm or nothing.
   *
   * @param logarithm whether the logarithm of the target is learned; all training targets were
   *     positive then
   */
  record OfNumber(String column, boolean logarithm, double center, double scale)
      implements OutputRule {
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
