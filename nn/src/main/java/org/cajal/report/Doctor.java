package org.cajal.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Warnings about a training run, each one sentence that says what was seen and what to try. Every
 * method is a function of plain statistics, answers nothing where all is well, and states its
 * threshold.
 */
public final class Doctor {
  /**
   * Two inputs whose standard deviations differ by more than this factor are of wildly different
   * scale.
   */
  public static final double SCALE_RATIO = 100;

  /** Targets whose size differs from 1 by more than this factor are not scaled. */
  public static final double TARGET_SCALE = 100;

  /** The share of units that are never active above which a layer is reported. */
  public static final double DEAD_SHARE = 0.25;

  /** A class that is more than so many times as frequent as another makes an imbalance. */
  public static final double CLASS_RATIO = 10;

  /** The relative change of the training loss over all epochs below which it barely moves. */
  public static final double BARELY = 0.01;

  /** The relative rise of the training loss over all epochs that counts as rising. */
  public static final double RISE = 0.05;

  /** The relative jump from epoch to epoch that counts as a swing. */
  public static final double SWING = 0.2;

  /** The share of a series' test rows before the last training row above which it was mixed. */
  public static final double MIXED_SHARE = 0.1;

  private static final String WORSE_THAN_MEAN = "R² is ";

  private Doctor() {}

  /**
   * Inputs on wildly different scales: the largest standard deviation is more than {@value
   * #SCALE_RATIO} times the smallest that is not 0.
   *
   * @param names the inputs
   * @param deviations the standard deviation of each on the training rows, as the network gets it
   */
  public static Optional<String> inputScales(List<String> names, List<Double> deviations) {
    int small = -1;
    int large = -1;
    for (int i = 0; i < deviations.size(); i++) {
      double s = deviations.get(i);
      if (s > 0 && Double.isFinite(s)) {
        small = small < 0 || s < deviations.get(small) ? i : small;
        large = large < 0 || s > deviations.get(large) ? i : large;
      }
    }
    if (small < 0 || deviations.get(large) <= SCALE_RATIO * deviations.get(small)) {
      return Optional.empty();
    }
    return Optional.of(
        "The inputs are on wildly different scales: \""
            + names.get(large)
            + "\" varies by "
            + Numbers.plain(deviations.get(large))
            + ", \""
            + names.get(small)
            + "\" by "
            + Numbers.plain(deviations.get(small))
            + "; standardise them so that each varies by about 1.");
  }

  /**
   * Targets on another scale than a network's first answers, which are about −1 to 1: the root of
   * their mean square is more than {@value #TARGET_SCALE}, or less than its inverse.
   *
   * @param mean of the targets as the network is to answer them
   * @param deviation their standard deviation
   */
  public static Optional<String> targetScale(double mean, double deviation) {
    double size = Math.hypot(mean, deviation);
    if (!(size > 0 && Double.isFinite(size))
        || (size <= TARGET_SCALE && size >= 1 / TARGET_SCALE)) {
      return Optional.empty();
    }
    String center = Numbers.plain(mean);
    String off =
        mean == 0 ? "y" : mean < 0 ? "(y + " + center.substring(1) + ")" : "(y − " + center + ")";
    return Optional.of(
        "The targets are not scaled: they are of the order "
            + Numbers.order(size)
            + " (mean "
            + center
            + ", standard deviation "
            + Numbers.plain(deviation)
            + "), where a network's answers begin between about −1 and 1; standardise them"
            + (deviation > 0
                ? ": train on "
                    + off
                    + " / "
                    + Numbers.plain(deviation)
                    + " and undo it in the answers."
                : "."));
  }

  /**
   * Numbers predicted worse than by always answering their mean: R² is below 0.
   *
   * @param part which rows were measured on: {@code validation}
   * @param r2 the coefficient of determination on them
   * @param scaled whether inputs and targets are standardised already
   */
  public static Optional<String> worseThanMean(String part, double r2, boolean scaled) {
    if (!(r2 < 0)) {
      return Optional.empty();
    }
    return Optional.of(
        WORSE_THAN_MEAN
            + Numbers.plain(r2)
            + " on the "
            + part
            + " rows: the network is worse than always answering the mean; try "
            + (scaled ? "" : "standardised inputs and targets, ")
            + "inputs that say more, more rows, another learning rate or more epochs.");
  }

  /** Whether a warning is that of {@link #worseThanMean}. */
  public static boolean isWorseThanMean(String warning) {
    return warning.startsWith(WORSE_THAN_MEAN);
  }

  /**
   * A single predicted class: there are examples of two classes or more, and every one gets the
   * same answer.
   *
   * @param classes the labels
   * @param actual how many examples of each class there are
   * @param predicted how often each class was predicted
   * @param weighted whether class weights are on already
   * @param scaled whether inputs are standardised already
   */
  public static Optional<String> singleClass(
      List<String> classes,
      List<Long> actual,
      List<Long> predicted,
      boolean weighted,
      boolean scaled) {
    long kinds = actual.stream().filter(n -> n > 0).count();
    List<Integer> answers = new ArrayList<>();
    for (int i = 0; i < predicted.size(); i++) {
      if (predicted.get(i) > 0) {
        answers.add(i);
      }
    }
    if (kinds < 2 || answers.size() != 1) {
      return Optional.empty();
    }
    return Optional.of(
        "The network answers \""
            + classes.get(answers.getFirst())
            + "\" for every example, though "
            + kinds
            + " classes occur; try "
            + (scaled ? "" : "standardised inputs, ")
            + (weighted ? "" : "class weights, ")
            + "more epochs or a smaller learning rate.");
  }

  /**
   * Dead units: more than {@value #DEAD_SHARE} of a layer's rectified units were 0 for every
   * example that was looked at.
   *
   * @param layer its name
   * @param dead how many units were never active
   * @param units how many units it has
   */
  public static Optional<String> deadUnits(String layer, long dead, long units) {
    if (units == 0 || dead <= DEAD_SHARE * units) {
      return Optional.empty();
    }
    return Optional.of(
        "In layer \""
            + layer
            + "\" "
            + Numbers.count(dead)
            + " of "
            + Numbers.count(units)
            + " ReLU units are dead (never active, so they cannot learn); try a smaller learning"
            + " rate, He initialisation or leaky ReLU.");
  }

  /**
   * A learning rate that is too high or too low, by the training loss after each epoch.
   *
   * <p>Too high: the last loss is not finite; or, from 3 epochs on, it is above the first by more
   * than {@value #RISE} of that; or, from 6 epochs on, at least half of the epochs' losses turn (up
   * after down, or down after up) by more than {@value #SWING} of the loss. Too low: from 5 epochs
   * on, the loss never rose and fell by less than {@value #BARELY} of itself over all epochs.
   *
   * @param losses the training loss after each epoch
   * @param learningRate the rate at the start, for the sentence
   */
  public static Optional<String> learningRate(List<Double> losses, double learningRate) {
    if (losses.isEmpty()) {
      return Optional.empty();
    }
    String rate = "The learning rate " + Numbers.plain(learningRate) + " looks too ";
    String smaller = "; try " + Numbers.plain(learningRate / 10) + ".";
    double first = losses.getFirst();
    double last = losses.getLast();
    int epochs = losses.size();
    if (!Double.isFinite(last)) {
      return Optional.of(
          rate + "high: the loss is " + Numbers.plain(last) + " after epoch " + epochs + smaller);
    }
    if (epochs >= 3 && last - first > RISE * Math.abs(first)) {
      return Optional.of(
          rate
              + "high: the training loss rose from "
              + Numbers.plain(first)
              + " to "
              + Numbers.plain(last)
              + smaller);
    }
    int swings = swings(losses);
    if (epochs >= 6 && 2 * swings >= epochs) {
      return Optional.of(
          rate
              + "high: the training loss swings up and down, in "
              + swings
              + " of "
              + epochs
              + " epochs"
              + smaller);
    }
    if (epochs >= 5 && neverRises(losses) && first - last < BARELY * Math.abs(first)) {
      return Optional.of(
          rate
              + "low: in "
              + epochs
              + " epochs the training loss only moved from "
              + Numbers.plain(first)
              + " to "
              + Numbers.plain(last)
              + "; try "
              + Numbers.plain(learningRate * 10)
              + ".");
    }
    return Optional.empty();
  }

  private static int swings(List<Double> losses) {
    int swings = 0;
    for (int i = 2; i < losses.size(); i++) {
      double before = losses.get(i - 1) - losses.get(i - 2);
      double after = losses.get(i) - losses.get(i - 1);
      double limit = SWING * Math.abs(losses.get(i - 1));
      if (before * after < 0 && Math.abs(before) > limit && Math.abs(after) > limit) {
        swings++;
      }
    }
    return swings;
  }

  private static boolean neverRises(List<Double> losses) {
    for (int i = 1; i < losses.size(); i++) {
      if (!(losses.get(i) <= losses.get(i - 1))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Class imbalance: the most frequent class has more than {@value #CLASS_RATIO} times as many
   * training examples as the rarest that occurs.
   *
   * @param classes the labels
   * @param counts how many training examples each class has
   * @param weighted whether class weights are on already
   */
  public static Optional<String> imbalance(
      List<String> classes, List<Long> counts, boolean weighted) {
    int rare = -1;
    int frequent = -1;
    for (int i = 0; i < counts.size(); i++) {
      long n = counts.get(i);
      if (n > 0) {
        rare = rare < 0 || n < counts.get(rare) ? i : rare;
        frequent = frequent < 0 || n > counts.get(frequent) ? i : frequent;
      }
    }
    if (rare < 0 || counts.get(frequent) <= CLASS_RATIO * counts.get(rare)) {
      return Optional.empty();
    }
    return Optional.of(
        "The classes are unbalanced: \""
            + classes.get(frequent)
            + "\" has "
            + Numbers.count(counts.get(frequent))
            + " training examples, \""
            + classes.get(rare)
            + "\" only "
            + Numbers.count(counts.get(rare))
            + (weighted ? "; " : "; try class weights, and ")
            + "look at recall and F1 rather than accuracy.");
  }

  /**
   * Equal rows in both sets: at least one test row has the very inputs of a training row.
   *
   * @param part which rows are looked at: {@code test}
   * @param shared how many of them do
   * @param same how many of those have the target of that row too
   * @param testRows how many of them there are
   */
  public static Optional<String> sharedRows(String part, long shared, long same, long testRows) {
    if (shared <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        Numbers.count(shared)
            + " of "
            + Numbers.count(testRows)
            + " "
            + part
            + " rows ("
            + Numbers.percent((double) shared / testRows)
            + ") have the inputs of a training row"
            + (same == shared
                ? " and its target"
                : same == 0
                    ? " and another target"
                    : ", " + Numbers.count(same) + " of them its target too")
            + (same > 0
                ? ": if they are copies of it, the result looks better than it is; remove"
                    + " duplicates before splitting."
                : ": no network can tell them apart by these columns."));
  }

  /**
   * Inputs that tell the target alone, as copies of it do, or what is known only afterwards.
   *
   * @param inputs their names
   */
  public static Optional<String> tellingInputs(List<String> inputs) {
    if (inputs.isEmpty()) {
      return Optional.empty();
    }
    List<String> shown = inputs.stream().limit(3).map(name -> "\"" + name + "\"").toList();
    return Optional.of(
        (inputs.size() == 1 ? "Input " : "Each of the inputs ")
            + String.join(", ", shown)
            + (inputs.size() > 3 ? ", … (" + inputs.size() + ")" : "")
            + " alone tells the target of every training row; if it is made from the target, or"
            + " known only after it, the result will not hold: leave it out.");
  }

  /**
   * A series divided by chance: more than {@value #MIXED_SHARE} of the test rows lie before the
   * last training row, so that the network has learned from what came after them. For rows that are
   * a series in time only; other rows are rightly divided by chance.
   *
   * @param column the name of the column of time
   * @param training the times of the training rows in any one unit; those that are not a number are
   *     passed over
   * @param test the times of the test rows, likewise
   */
  public static Optional<String> chanceSplit(
      String column, List<Double> training, List<Double> test) {
    double last =
        training.stream()
            .mapToDouble(Double::doubleValue)
            .filter(t -> !Double.isNaN(t))
            .max()
            .orElse(Double.NEGATIVE_INFINITY);
    long before = test.stream().filter(t -> t < last).count();
    if (before <= MIXED_SHARE * test.size()) {
      return Optional.empty();
    }
    return Optional.of(
        "The rows are a series in time, but "
            + Numbers.count(before)
            + " of "
            + Numbers.count(test.size())
            + " test rows lie before the last training row in \""
            + column
            + "\": the network has learned from what came after them, which makes the result look"
            + " better than the future will be; test on the last part of the series.");
  }

  /**
   * No better than the naive forecast: the network's error on a series is at least that of a past
   * value taken as the answer.
   *
   * @param measure what is compared, {@code RMSE} or {@code error rate}
   * @param network of the network, less is better
   * @param naive of the past value
   * @param rowsBefore how many rows before the answered one the past value stands
   * @param lags what to say so that past values are inputs of the network, {@code --lags 14}; empty
   *     where they are
   */
  public static Optional<String> naiveForecast(
      String measure, double network, double naive, int rowsBefore, Optional<String> lags) {
    if (!(network >= naive)) {
      return Optional.empty();
    }
    return Optional.of(
        "The network ("
            + measure
            + " "
            + Numbers.plain(network)
            + ") is no better than the naive forecast, the value "
            + (rowsBefore == 1 ? "1 row" : Numbers.count(rowsBefore) + " rows")
            + " before ("
            + Numbers.plain(naive)
            + "): "
            + lags.map(option -> "it does not know the past; " + option + " forecasts from it.")
                .orElse(
                    "it has learned nothing about the future that this value does not tell; use"
                        + " that instead, or give more rows or other columns."));
  }
}
