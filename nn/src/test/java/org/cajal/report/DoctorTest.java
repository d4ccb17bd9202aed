package org.cajal.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DoctorTest {
  @Test
  void warnsOfInputsOnDifferentScales() {
    assertThat(Doctor.inputScales(List.of("age", "income", "flat"), List.of(10.0, 1001.0, 0.0)))
        .contains(
            "The inputs are on wildly different scales: \"income\" varies by 1001, \"age\" by 10;"
                + " standardise them so that each varies by about 1.");
    assertThat(Doctor.inputScales(List.of("age", "income"), List.of(10.0, 1000.0))).isEmpty();
    assertThat(Doctor.inputScales(List.of("a", "b"), List.of(0.0, Double.NaN))).isEmpty();
    assertThat(Doctor.inputScales(List.of(), List.of())).isEmpty();
  }

  @Test
  void warnsOfASinglePredictedClass() {
    List<String> classes = List.of("cat", "dog", "owl");
    List<Long> actual = List.of(5L, 4L, 0L);
    List<Long> dogs = List.of(0L, 9L, 0L);
    String seen = "The network answers \"dog\" for every example, though 2 classes occur; try ";
    assertThat(Doctor.singleClass(classes, actual, dogs, false, false))
        .contains(
            seen + "standardised inputs, class weights, more epochs or a smaller learning rate.");
    assertThat(Doctor.singleClass(classes, actual, dogs, true, true))
        .contains(seen + "more epochs or a smaller learning rate.");
    assertThat(Doctor.singleClass(classes, actual, List.of(1L, 8L, 0L), false, false)).isEmpty();
    assertThat(Doctor.singleClass(classes, dogs, dogs, false, false)).isEmpty();
    assertThat(Doctor.singleClass(classes, List.of(0L, 0L, 0L), List.of(0L, 0L, 0L), false, false))
        .isEmpty();
  }

  @Test
  void warnsOfDeadUnits() {
    assertThat(Doctor.deadUnits("2/relu", 26, 100))
        .contains(
            "In layer \"2/relu\" 26 of 100 ReLU units are dead (never active, so they cannot"
                + " learn); try a smaller learning rate, He initialisation or leaky ReLU.");
    assertThat(Doctor.deadUnits("2/relu", 25, 100)).isEmpty();
    assertThat(Doctor.deadUnits("2/relu", 0, 0)).isEmpty();
  }

  @Test
  void warnsOfALearningRateThatIsTooHigh() {
    assertThat(Doctor.learningRate(List.of(2.0, Double.POSITIVE_INFINITY), 0.5))
        .contains("The learning rate 0.5 looks too high: the loss is ∞ after epoch 2; try 0.05.");
    assertThat(Doctor.learningRate(List.of(2.0, 2.5, 3.0), 0.5))
        .contains(
            "The learning rate 0.5 looks too high: the training loss rose from 2 to 3; try 0.05.");
    assertThat(Doctor.learningRate(List.of(2.0, 1.0, 1.9, 1.0, 1.8, 1.0, 1.7), 0.5))
        .contains(
            "The learning rate 0.5 looks too high: the training loss swings up and down, in 5 of 7"
                + " epochs; try 0.05.");
  }

  @Test
  void warnsOfALearningRateThatIsTooLow() {
    assertThat(Doctor.learningRate(List.of(2.0, 1.999, 1.998, 1.997, 1.996), 1e-6))
        .contains(
            "The learning rate 1e-6 looks too low: in 5 epochs the training loss only moved from 2"
                + " to 1.996; try 1e-5.");
    assertThat(Doctor.learningRate(List.of(2.0, 1.999, 1.998, 1.997), 1e-6)).isEmpty();
  }

  @Test
  void acceptsAHealthyLoss() {
    assertThat(Doctor.learningRate(List.of(2.0, 1.0, 0.5, 0.55, 0.4, 0.35, 0.36, 0.3), 0.1))
        .isEmpty();
    assertThat(Doctor.learningRate(List.of(1.0, 1.02, 0.99, 1.04), 0.1)).isEmpty();
    assertThat(Doctor.learningRate(List.of(), 0.1)).isEmpty();
  }

  @Test
  void warnsOfClassImbalance() {
    assertThat(Doctor.imbalance(List.of("no", "yes", "none"), List.of(11001L, 1000L, 0L), false))
        .contains(
            "The classes are unbalanced: \"no\" has 11,001 training examples, \"yes\" only 1,000;"
                + " try class weights, and look at recall and F1 rather than accuracy.");
    assertThat(Doctor.imbalance(List.of("no", "yes"), List.of(11001L, 1000L), true))
        .contains(
            "The classes are unbalanced: \"no\" has 11,001 training examples, \"yes\" only 1,000;"
                + " look at recall and F1 rather than accuracy.");
    assertThat(Doctor.imbalance(List.of("no", "yes"), List.of(10000L, 1000L), false)).isEmpty();
    assertThat(Doctor.imbalance(List.of("a"), List.of(0L), false)).isEmpty();
  }

  @Test
  void warnsOfRowsInBothSets() {
    String copies =
        ": if they are copies of it, the result looks better than it is; remove duplicates before"
            + " splitting.";
    assertThat(Doctor.sharedRows("test", 3, 3, 200))
        .contains(
            "3 of 200 test rows (1.5 %) have the inputs of a training row and its target" + copies);
    assertThat(Doctor.sharedRows("validation", 3, 1, 200))
        .contains(
            "3 of 200 validation rows (1.5 %) have the inputs of a training row, 1 of them its"
                + " target too"
                + copies);
    assertThat(Doctor.sharedRows("test", 3, 0, 200))
        .contains(
            "3 of 200 test rows (1.5 %) have the inputs of a training row and another target: no"
                + " network can tell them apart by these columns.");
    assertThat(Doctor.sharedRows("test", 0, 0, 200)).isEmpty();
  }

  @Test
  void writesEachWarningAsOneLine() {
    assertThat(
            Doctor.imbalance(Collections.nCopies(2, "x"), List.of(1000L, 1L), false).orElseThrow())
        .doesNotContain("\n");
  }

  @Test
  void warnsOfASeriesDividedByChance() {
    List<Double> training = List.of(1.0, 2.0, 4.0, 5.0, 7.0, 8.0, 10.0, Double.NaN);
    assertThat(Doctor.chanceSplit("day", training, List.of(3.0, 6.0, 9.0, 11.0)))
        .contains(
            "The rows are a series in time, but 3 of 4 test rows lie before the last training row"
                + " in \"day\": the network has learned from what came after them, which makes the"
                + " result look better than the future will be; test on the last part of the"
                + " series.");
    assertThat(Doctor.chanceSplit("day", training, List.of(10.0, 11.0, 12.0))).isEmpty();
    assertThat(Doctor.chanceSplit("day", List.of(Double.NaN), List.of(1.0))).isEmpty();
    assertThat(Doctor.chanceSplit("day", List.of(), List.of())).isEmpty();
  }

  @Test
  void warnsOfTargetsThatAreNotScaled() {
    assertThat(Doctor.targetScale(291_212, 152_791))
        .contains(
            "The targets are not scaled: they are of the order 300,000 (mean 291,212, standard"
                + " deviation 152,791), where a network's answers begin between about −1 and 1;"
                + " standardise them: train on (y − 291,212) / 152,791 and undo it in the"
                + " answers.");
    assertThat(Doctor.targetScale(-0.002, 0.001))
        .contains(
            "The targets are not scaled: they are of the order 0.002 (mean -0.002, standard"
                + " deviation 0.001), where a network's answers begin between about −1 and 1;"
                + " standardise them: train on (y + 0.002) / 0.001 and undo it in the answers.");
    assertThat(Doctor.targetScale(0, 1)).isEmpty();
    assertThat(Doctor.targetScale(100, 0)).isEmpty();
    assertThat(Doctor.targetScale(0, 0)).isEmpty();
    assertThat(Doctor.targetScale(Double.NaN, 1)).isEmpty();
  }

  @Test
  void warnsOfInputsThatTellTheTarget() {
    String tail =
        " alone tells the target of every training row; if it is made from the target, or known"
            + " only after it, the result will not hold: leave it out.";
    assertThat(Doctor.tellingInputs(List.of("paid"))).contains("Input \"paid\"" + tail);
    assertThat(Doctor.tellingInputs(List.of("a", "b", "c", "d")))
        .contains("Each of the inputs \"a\", \"b\", \"c\", … (4)" + tail);
    assertThat(Doctor.tellingInputs(List.of())).isEmpty();
  }

  @Test
  void warnsOfAnswersWorseThanTheMean() {
    String seen =
        "R² is -3.5 on the validation rows: the network is worse than always answering the mean;"
            + " try ";
    String advice = "inputs that say more, more rows, another learning rate or more epochs.";
    assertThat(Doctor.worseThanMean("validation", -3.5, false))
        .contains(seen + "standardised inputs and targets, " + advice);
    assertThat(Doctor.worseThanMean("validation", -3.5, true)).contains(seen + advice);
    assertThat(Doctor.worseThanMean("validation", 0, false)).isEmpty();
    assertThat(Doctor.worseThanMean("validation", Double.NaN, false)).isEmpty();
  }

  @Test
  void warnsOfANetworkThatIsNoBetterThanAPastValue() {
    assertThat(Doctor.naiveForecast("RMSE", 2.5, 2, 1, Optional.of("--lags 14")))
        .contains(
            "The network (RMSE 2.5) is no better than the naive forecast, the value 1 row before"
                + " (2): it does not know the past; --lags 14 forecasts from it.");
    assertThat(Doctor.naiveForecast("error rate", 0.5, 0.5, 7, Optional.empty()))
        .contains(
            "The network (error rate 0.5) is no better than the naive forecast, the value 7 rows"
                + " before (0.5): it has learned nothing about the future that this value does not"
                + " tell; use that instead, or give more rows or other columns.");
    assertThat(Doctor.naiveForecast("RMSE", 1.9, 2, 1, Optional.empty())).isEmpty();
  }
}
