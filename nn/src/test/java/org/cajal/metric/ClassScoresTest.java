package org.cajal.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

final class ClassScoresTest {
  private static final double NAN = Double.NaN;
  private static final int[] ACTUAL = {0, 1, 2, 2};
  private static final NDArray PROBABILITIES =
      rows(3, 0.5, 0.25, 0.25, 0.25, 0.25, 0.5, 0, 0.5, 0.5, 0.125, 0.125, 0.75);

  private static NDArray rows(int classes, double... values) {
    return NDArray.of(values, Shape.of(values.length / classes, classes));
  }

  @Test
  void theFirstOfTiesIsTheBest() {
    assertThat(ClassScores.argmax(PROBABILITIES)).containsExactly(0, 2, 1, 2);
    assertThat(ClassScores.accuracy(ACTUAL, PROBABILITIES)).isEqualTo(0.5);
    assertThat(ClassScores.topK(ACTUAL, PROBABILITIES, 2)).isEqualTo(0.75);
    assertThat(ClassScores.topK(ACTUAL, PROBABILITIES, 3)).isEqualTo(1);
  }

  @Test
  void aRowThatHoldsNoNumbersCountsAsWrong() {
    NDArray scores = rows(2, 1, NAN, NAN, 1, 1, 0);
    assertThat(ClassScores.argmax(scores)).containsExactly(1, 0, 0);
    assertThat(ClassScores.topK(new int[] {0, 0, 0}, scores, 2)).isEqualTo(1.0 / 3);
  }

  @Test
  void lossAndBrierFollowTheirFormulas() {
    double loss = -(Math.log(0.5) + Math.log(0.25) + Math.log(0.5) + Math.log(0.75)) / 4;
    assertThat(ClassScores.logLoss(ACTUAL, PROBABILITIES)).isCloseTo(loss, within(1e-15));
    double brier =
        (0.25 + 0.0625 * 2 + 0.5625 + 0.0625 + 0.25 + 0.25 + 0.25 + 0.015625 * 2 + 0.0625) / 4;
    assertThat(ClassScores.brier(ACTUAL, PROBABILITIES)).isCloseTo(brier, within(1e-15));
    assertThat(ClassScores.logLoss(new int[] {1}, rows(2, 1, 0))).isInfinite();
    assertThat(ClassScores.brier(new int[] {1}, rows(2, 1, 0))).isEqualTo(2);
  }

  @Test
  void areasLeaveOutClassesWithoutSamples() {
    int[] actual = {0, 0, 1, 1};
    NDArray scores = rows(3, 9, 1, 5, 4, 6, 5, 3, 7, 5, 2, 5, 5);
    double first = 1;
    double second = 0.75;
    assertThat(ClassScores.rocAreaOneVsRest(actual, scores, Average.MACRO))
        .isEqualTo((first + second) / 2);
    assertThat(ClassScores.rocAreaOneVsRest(actual, scores, Average.WEIGHTED))
        .isEqualTo((first + second) / 2);
    assertThat(ClassScores.rocAreaOneVsOne(actual, scores)).isEqualTo((first + second) / 2);
    assertThat(ClassScores.averagePrecision(actual, scores, Average.MACRO))
        .isCloseTo((1 + (0.5 * 1 + 0.5 * 2 / 3)) / 2, within(1e-15));
    assertThat(ClassScores.rocAreaOneVsRest(new int[] {0, 0, 0, 0}, scores, Average.MACRO)).isNaN();
    assertThat(ClassScores.rocAreaOneVsOne(new int[] {0, 0, 0, 0}, scores)).isNaN();
  }

  @Test
  void badInputIsRefused() {
    refused(
        () -> ClassScores.argmax(NDArray.of(new double[4], Shape.of(4))),
        "[metric] scores have the shape [4]; [samples, classes] is expected");
    refused(
        () -> ClassScores.argmax(NDArray.of(new double[0], Shape.of(4, 0))),
        "[metric] scores have the shape [4, 0]: there are no classes");
    refused(
        () -> ClassScores.accuracy(new int[3], PROBABILITIES),
        "[metric] 3 true classes and 4 rows of scores; there must be as many");
    refused(
        () -> ClassScores.accuracy(new int[] {0, 0, 3, 0}, PROBABILITIES),
        "[metric] true class of sample 2 is 3; allowed are 0 to 2");
    refused(
        () -> ClassScores.topK(ACTUAL, PROBABILITIES, 4),
        "[metric] the 4 best of 3 classes; allowed are 1 to 3");
    refused(
        () -> ClassScores.accuracy(new int[0], NDArray.of(new double[0], Shape.of(0, 3))),
        "[metric] there are no samples; at least one is needed");
    refused(
        () -> ClassScores.logLoss(new int[1], rows(2, 0.5, 0.25)),
        "[metric] probabilities of sample 0 add up to 0.75; they must add up to 1 (apply"
            + " softmax?)");
    refused(
        () -> ClassScores.brier(new int[1], rows(2, -1, 2)),
        "[metric] probability of class 0 for sample 0 is -1.0; it must be from 0 to 1");
    refused(
        () -> ClassScores.rocAreaOneVsRest(ACTUAL, PROBABILITIES, Average.MICRO),
        "[metric] areas of one class against the rest are averaged MACRO or WEIGHTED, not MICRO");
    refused(
        () -> ClassScores.rocAreaOneVsOne(new int[] {0, 1}, rows(2, 1, 0, NAN, 0)),
        "[metric] score of sample 1 is NaN; scores must be numbers");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(CajalException.class).hasMessage(message);
  }
}
