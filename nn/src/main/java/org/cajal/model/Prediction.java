package org.cajal.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cajal.type.CajalException;

/**
 * What a model answers for one example.
 *
 * @param labels the names of the classes; empty for regression
 * @param values one probability for each class, which add up to 1; or the numbers, in units of the
 *     target
 */
public record Prediction(List<String> labels, List<Double> values) {
  /** Fixes the lists. */
  public Prediction {
    labels = List.copyOf(labels);
    values = List.copyOf(values);
    if (!labels.isEmpty() && labels.size() != values.size()) {
      throw new CajalException(
          "[predict] " + labels.size() + " classes, but " + values.size() + " values");
    }
  }

  /** Whether this is a class. */
  public boolean isClass() {
    return !labels.isEmpty();
  }

  /**
   * The number of the most probable class, from 0; the first of equal ones.
   *
   * @throws CajalException if the model predicts numbers
   */
  public int classIndex() {
    if (!isClass()) {
      throw new CajalException("[predict] this model predicts numbers, not classes; use value()");
    }
    int best = 0;
    for (int i = 1; i < values.size(); i++) {
      if (values.get(i) > values.get(best)) {
        best = i;
      }
    }
    return best;
  }

  /**
   * The most probable class.
   *
   * @throws CajalException if the model predicts numbers
   */
  public String label() {
    return labels.get(classIndex());
  }

  /**
   * The probability of the most probable class.
   *
   * @throws CajalException if the model predicts numbers
   */
  public double probability() {
    return values.get(classIndex());
  }

  /**
   * The probability of a class.
   *
   * @throws CajalException if there is no such class
   */
  public double probability(String label) {
    int i = labels.indexOf(label);
    if (i < 0) {
      throw new CajalException(
          "[predict] no class \"" + label + "\"; known are " + String.join(", ", labels));
    }
    return values.get(i);
  }

  /** The probability of each class in the classes' order; empty for regression. */
  public Map<String, Double> probabilities() {
    Map<String, Double> out = new LinkedHashMap<>();
    for (int i = 0; i < labels.size(); i++) {
      out.put(labels.get(i), values.get(i));
    }
    return Collections.unmodifiableMap(out);
  }

  /**
   * The predicted number.
   *
   * @throws CajalException if the model predicts classes, or several numbers
   */
  public double value() {
    if (isClass() || values.size() != 1) {
      throw new CajalException(
          "[predict] this model predicts "
              + (isClass() ? "classes; use label()" : values.size() + " numbers; use values()"));
    }
    return values.get(0);
  }

  /** {@code setosa (0.98)}, or the numbers. */
  @Override
  public String toString() {
    return isClass()
        ? String.format(Locale.ROOT, "%s (%.2f)", label(), probability())
        : values.toString();
  }
}
