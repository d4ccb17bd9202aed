package org.cajal.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cajal.io.JsonObject;

/**
 * What was measured after each epoch of a training, and which epoch's weights were kept.
 *
 * @param epochs in order
 * @param bestEpoch the epoch of the kept weights, from 1; 0 where none was finished
 */
public record History(List<Epoch> epochs, int bestEpoch) {
  /**
   * One pass over the training rows.
   *
   * @param number from 1
   * @param learningRate at the epoch's end
   * @param loss the mean over the training rows, each measured before its step, without penalties
   * @param accuracy the share of training rows that were right before their step; NaN for
   *     regression
   * @param validationLoss the mean over the validation rows at the epoch's end; NaN without such
   * @param validationAccuracy the share of validation rows that are right; NaN for regression or
   *     without such
   * @param seconds the time of the epoch, validation included
   * @param samples the training rows
   */
  public record Epoch(
      int number,
      double learningRate,
      double loss,
      double accuracy,
      double validationLoss,
      double validationAccuracy,
      double seconds,
      long samples) {
    /** Training rows a second. */
    public double samplesPerSecond() {
      return seconds > 0 ? samples / seconds : 0;
    }

    /**
     * What there is to show: {@code loss}, {@code accuracy}, {@code validation loss}, {@code
     * validation accuracy}.
     */
    public Map<String, Double> values() {
      Map<String, Double> out = new LinkedHashMap<>();
      out.put("loss", loss);
      put(out, "accuracy", accuracy);
      put(out, "validation loss", validationLoss);
      put(out, "validation accuracy", validationAccuracy);
      return out;
    }

    private static void put(Map<String, Double> out, String name, double value) {
      if (!Double.isNaN(value)) {
        out.put(name, value);
      }
    }
  }

  /** No epoch. */
  public static final History NONE = new History(List.of(), 0);

  /** Fixes the list. */
  public History {
    epochs = List.copyOf(epochs);
  }

  /** The training loss after each epoch. */
  public List<Double> losses() {
    return epochs.stream().map(Epoch::loss).toList();
  }

  /** The validation loss after each epoch; empty without a validation set. */
  public List<Double> validationLosses() {
    return known(epochs.stream().map(Epoch::validationLoss).toList());
  }

  /** The training accuracy after each epoch; empty for regression. */
  public List<Double> accuracies() {
    return known(epochs.stream().map(Epoch::accuracy).toList());
  }

  /** The validation accuracy after each epoch; empty for regression or without a validation set. */
  public List<Double> validationAccuracies() {
    return known(epochs.stream().map(Epoch::validationAccuracy).toList());
  }

  private static List<Double> known(List<Double> values) {
    return values.stream().allMatch(v -> v.isNaN()) ? List.of() : values;
  }

  /** The seconds of all epochs together. */
  public double seconds() {
    return epochs.stream().mapToDouble(Epoch::seconds).sum();
  }

  /** As plain data for JSON. */
  public Map<String, Object> toMap() {
    List<Object> list = new ArrayList<>();
    for (Epoch e : epochs) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("number", e.number);
      map.put("learningRate", e.learningRate);
      map.put("loss", e.loss);
      map.put("accuracy", e.accuracy);
      map.put("validationLoss", e.validationLoss);
      map.put("validationAccuracy", e.validationAccuracy);
      map.put("seconds", e.seconds);
      map.put("samples", e.samples);
      list.add(map);
    }
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("bestEpoch", bestEpoch);
    out.put("epochs", list);
    return out;
  }

  /**
   * From plain data.
   *
   * @throws org.cajal.type.CajalException if a field is missing or of another kind
   */
  public static History from(JsonObject data) {
    List<Epoch> epochs = new ArrayList<>();
    for (JsonObject e : data.objects("epochs")) {
      epochs.add(
          new Epoch(
              e.integer("number"),
              e.number("learningRate"),
              e.number("loss"),
              e.number("accuracy"),
              e.number("validationLoss"),
              e.number("validationAccuracy"),
              e.number("seconds"),
              e.longInteger("samples")));
    }
    return new History(epochs, data.integer("bestEpoch"));
  }
}
