package org.cajal.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;

/**
 * What a model answers for one example.
 *
 * @param labels the names of the classes, or of labels that do not exclude each other; empty for
 *     numbers and for several targets
 * @param values one probability for each class, which add up to 1; one for each label; or the
 *     numbers, in units of the target; empty for several targets
 * @param multilabel whether the labels do not exclude each other
 * @param targets the answer for each of several targets by name; empty for one
 */
public record Prediction(
    List<String> labels, List<Double> values, boolean multilabel, Map<String, Prediction> targets) {
  /** Fixes the lists. */
  public Prediction {
    labels = List.copyOf(labels);
    values = List.copyOf(values);
    targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
    if (!labels.isEmpty() && labels.size() != values.size()) {
      throw new CajalException(
          "[predict] " + labels.size() + " classes, but " + values.size() + " values");
    }
  }

  /** Probabilities of classes, or without labels numbers. */
  public Prediction(List<String> labels, List<Double> values) {
    this(labels, values, false, Map.of());
  }

  /** Probabilities of labels that do not exclude each other. */
  public static Prediction ofLabels(List<String> labels, List<Double> values) {
    return new Prediction(labels, values, true, Map.of());
  }

  /** The answers for several targets by name. */
  public static Prediction ofTargets(Map<String, Prediction> targets) {
    return new Prediction(List.of(), List.of(), false, targets);
  }

  /**
   * Whether this is an answer: none of the values is NaN. A row that has no past to be forecast
   * from has none, nor has one with inputs so large that the network's values are no numbers.
   */
  public boolean isAnswer() {
    return values.stream().noneMatch(v -> Double.isNaN(v))
        && targets.values().stream().allMatch(Prediction::isAnswer);
  }

  private void requireAnswer() {
    if (!isAnswer()) {
      throw new CajalException(
          "[predict] this row has no answer: the network's values for it are not numbers, or the"
              + " past that it is forecast from is not in the table");
    }
  }

  /** Whether this is a class. */
  public boolean isClass() {
    return !labels.isEmpty() && !multilabel;
  }

  /**
   * The answer for one of several targets.
   *
   * @throws CajalException if there is no such target
   */
  public Prediction target(String name) {
    Prediction found = targets.get(name);
    if (found == null) {
      throw new CajalException(
          targets.isEmpty()
              ? "[predict] this model predicts one target; leave out target(\"" + name + "\")"
              : "[predict] no target \""
                  + name
                  + "\"; known are "
                  + String.join(", ", targets.keySet()));
    }
    return found;
  }

  /**
   * The labels that are there, which are those of a probability above one half, in the labels'
   * order.
   *
   * @throws CajalException if the model does not predict labels that do not exclude each other, or
   *     this is no answer
   */
  public List<String> predictedLabels() {
    if (!multilabel) {
      throw new CajalException("[predict] this model predicts " + instead());
    }
    requireAnswer();
    return IntStream.range(0, labels.size())
        .filter(i -> values.get(i) > 0.5)
        .mapToObj(labels::get)
        .toList();
  }

  /** What the model predicts, and how to get it. */
  private String instead() {
    if (!targets.isEmpty()) {
      return "several targets, "
          + String.join(", ", targets.keySet())
          + "; use target(name) to get one";
    }
    if (multilabel) {
      return "labels that do not exclude each other; use predictedLabels()";
    }
    return isClass()
        ? "classes; use label()"
        : values.size() == 1 ? "numbers, not classes; use value()" : "numbers; use values()";
  }

  /**
   * The number of the most probable class, from 0; the first of equal ones.
   *
   * @throws CajalException if the model predicts numbers, or this is no answer
   */
  public int classIndex() {
    if (!isClass()) {
      throw new CajalException("[predict] this model predicts " + instead());
    }
    requireAnswer();
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
   * The probability of a class or label.
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

  /** The probability of each class or label in their order; empty for numbers. */
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
    if (!labels.isEmpty() || values.size() != 1) {
      throw new CajalException(
          "[predict] this model predicts "
              + (labels.isEmpty() && targets.isEmpty() ? values.size() + " " : "")
              + instead());
    }
    return values.get(0);
  }

  /**
   * The most probable classes, most probable first, equal ones in the classes' order.
   *
   * @param most how many at most
   * @throws CajalException if the model does not predict classes
   */
  public List<Map.Entry<String, Double>> top(int most) {
    if (!isClass()) {
      throw new CajalException("[predict] this model predicts " + instead());
    }
    PriorityQueue<Integer> kept = // the worst of the best so far comes out first
        new PriorityQueue<>(
            Comparator.<Integer>comparingDouble(values::get)
                .thenComparing(Comparator.reverseOrder()));
    for (int i = 0; i < values.size(); i++) {
      kept.add(i);
      if (kept.size() > most) {
        kept.remove();
      }
    }
    List<Map.Entry<String, Double>> out = new ArrayList<>();
    while (!kept.isEmpty()) {
      int i = kept.remove();
      out.addFirst(Map.entry(labels.get(i), values.get(i)));
    }
    return out;
  }

  /**
   * {@code setosa (0.98)}, the labels, the numbers, the answer for each target, or that there is
   * none.
   */
  @Override
  public String toString() {
    if (!isAnswer()) {
      return "no answer";
    }
    if (!targets.isEmpty()) {
      return targets.toString();
    }
    if (multilabel) {
      return predictedLabels().toString();
    }
    return isClass()
        ? String.format(Locale.ROOT, "%s (%.2f)", label(), probability())
        : values.toString();
  }
}
