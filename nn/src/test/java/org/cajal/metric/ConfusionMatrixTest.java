package org.cajal.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cajal.type.CajalException;
import org.junit.jupiter.api.Test;

final class ConfusionMatrixTest {
  /** Of class 0: 3 right, 1 taken for 1; of class 1: 2 right, 4 taken for 0. */
  private static final ConfusionMatrix TWO =
      ConfusionMatrix.of(
          new int[] {0, 0, 0, 0, 1, 1, 1, 1, 1, 1}, new int[] {0, 0, 0, 1, 1, 1, 0, 0, 0, 0}, 2);

  @Test
  void ratiosOfOneClassFollowFromItsCounts() {
    assertThat(TWO.samples()).isEqualTo(10);
    assertThat(TWO.count(1, 0)).isEqualTo(4);
    assertThat(TWO.support(1)).isEqualTo(6);
    assertThat(TWO.predicted(1)).isEqualTo(3);
    assertThat(TWO.accuracy()).isEqualTo(0.5);
    assertThat(TWO.precision(1)).isEqualTo(2.0 / 3);
    assertThat(TWO.recall(1)).isEqualTo(1.0 / 3);
    assertThat(TWO.f1(1)).isEqualTo(4.0 / 9);
    assertThat(TWO.fBeta(1, 2)).isEqualTo(5.0 * 2 / (3 + 4 * 6));
    assertThat(TWO.jaccard(1)).isEqualTo(2.0 / 7);
    assertThat(TWO.balancedAccuracy()).isCloseTo((0.75 + 1.0 / 3) / 2, within(1e-15));
    // TP·TN − FP·FN over the root of the product of the margins, Matthews' own formula for two
    // classes.
    assertThat(TWO.matthewsCorrelation())
        .isCloseTo((2 * 3 - 4) / Math.sqrt(3 * 7 * 6 * 4.0), within(1e-15));
    // Observed agreement 0.5, by chance 0.4·0.7 + 0.6·0.3.
    assertThat(TWO.cohensKappa()).isCloseTo((0.5 - 0.46) / (1 - 0.46), within(1e-15));
  }

  @Test
  void averagesWeighClassesAsTheySay() {
    assertThat(TWO.recall(Average.MACRO)).isCloseTo((0.75 + 1.0 / 3) / 2, within(1e-15));
    assertThat(TWO.recall(Average.WEIGHTED)).isCloseTo(0.5, within(1e-15));
    assertThat(TWO.recall(Average.MICRO)).isEqualTo(0.5);
    assertThat(TWO.f1(Average.MICRO)).isEqualTo(0.5);
    assertThat(TWO.jaccard(Average.MICRO)).isEqualTo(5.0 / 15);
  }

  @Test
  void undefinedRatiosCountAsZero() {
    ConfusionMatrix never = ConfusionMatrix.of(new int[] {0, 1, 0}, new int[] {0, 0, 0}, 3);
    assertThat(never.precision(1)).isZero();
    assertThat(never.recall(2)).isZero();
    assertThat(never.f1(2)).isZero();
    assertThat(never.jaccard(2)).isZero();
    assertThat(never.matthewsCorrelation()).isZero();
    assertThat(never.balancedAccuracy()).isEqualTo(0.5);
    ConfusionMatrix empty = ConfusionMatrix.empty(2);
    for (Average average : Average.values()) {
      assertThat(empty.precision(average)).isZero();
      assertThat(empty.f1(average)).isZero();
    }
    assertThat(empty.accuracy()).isZero();
    assertThat(empty.balancedAccuracy()).isZero();
    assertThat(empty.matthewsCorrelation()).isZero();
    assertThat(empty.cohensKappa()).isZero();
  }

  @Test
  void perfectPredictionsAreOneAndInvertedOnesMinusOne() {
    int[] classes = {0, 1, 2, 2, 1, 0};
    ConfusionMatrix perfect = ConfusionMatrix.of(classes, classes, 3);
    assertThat(perfect.accuracy()).isOne();
    assertThat(perfect.matthewsCorrelation()).isCloseTo(1, within(1e-15));
    for (ConfusionMatrix.Disagreement disagreement : ConfusionMatrix.Disagreement.values()) {
      assertThat(perfect.cohensKappa(disagreement)).isOne();
    }
    ConfusionMatrix inverted =
        ConfusionMatrix.of(new int[] {0, 0, 1, 1}, new int[] {1, 1, 0, 0}, 2);
    assertThat(inverted.matthewsCorrelation()).isCloseTo(-1, within(1e-15));
    assertThat(inverted.cohensKappa()).isEqualTo(-1);
  }

  @Test
  void weightedKappaForgivesNeighbours() {
    ConfusionMatrix near = ConfusionMatrix.of(new int[] {0, 1, 2, 3}, new int[] {1, 2, 3, 2}, 4);
    ConfusionMatrix far = ConfusionMatrix.of(new int[] {0, 1, 2, 3}, new int[] {3, 3, 0, 0}, 4);
    for (ConfusionMatrix.Disagreement disagreement :
        new ConfusionMatrix.Disagreement[] {
          ConfusionMatrix.Disagreement.LINEAR, ConfusionMatrix.Disagreement.QUADRATIC
        }) {
      assertThat(near.cohensKappa(disagreement)).isGreaterThan(near.cohensKappa());
      assertThat(near.cohensKappa(disagreement)).isGreaterThan(far.cohensKappa(disagreement));
    }
  }

  @Test
  void matricesOfBatchesAddUp() {
    ConfusionMatrix first =
        ConfusionMatrix.of(new int[] {0, 0, 0, 0, 1}, new int[] {0, 0, 0, 1, 1}, 2);
    ConfusionMatrix second =
        ConfusionMatrix.of(new int[] {1, 1, 1, 1, 1}, new int[] {1, 0, 0, 0, 0}, 2);
    assertThat(ConfusionMatrix.empty(2).plus(first).plus(second))
        .isEqualTo(TWO)
        .hasSameHashCodeAs(TWO);
    assertThat(first).isNotEqualTo(second);
    assertThat(TWO).hasToString(" 3 1\n 4 2\n");
  }

  /** The numbers are scikit-learn's. */
  @Test
  void fourClassesHaveTheNumbersOfTheReference() {
    ConfusionMatrix m =
        ConfusionMatrix.of(
            new int[] {0, 1, 2, 3, 2, 1, 0, 3, 3, 2, 1, 0},
            new int[] {0, 2, 2, 3, 1, 1, 0, 0, 3, 2, 3, 1},
            4);
    assertThat(m.cohensKappa()).isCloseTo(0.4444444444444444, within(1e-15));
    assertThat(m.cohensKappa(ConfusionMatrix.Disagreement.LINEAR))
        .isCloseTo(0.4666666666666667, within(1e-15));
    assertThat(m.cohensKappa(ConfusionMatrix.Disagreement.QUADRATIC))
        .isCloseTo(0.4666666666666667, within(1e-15));
    assertThat(m.matthewsCorrelation()).isCloseTo(0.4444444444444444, within(1e-15));
    assertThat(m.f1(Average.MACRO)).isCloseTo(0.5833333333333333, within(1e-15));
  }

  @Test
  void manyClassesTakeNoMoreThanTheirSamples() {
    int classes = 60_000;
    int[] actual = new int[] {0, 59_999, 59_999, 59_999, 7};
    ConfusionMatrix m = ConfusionMatrix.of(actual, new int[] {0, 3, 3, 59_999, 8}, classes);
    assertThat(m.count(59_999, 3)).isEqualTo(2);
    assertThat(m.count(3, 59_999)).isZero();
    assertThat(m.accuracy()).isEqualTo(0.4);
    assertThat(m.mistakes(5))
        .containsExactly(new ConfusionMatrix.Cell(59_999, 3, 2), new ConfusionMatrix.Cell(7, 8, 1));
    assertThat(m.cells()).hasSize(4);
    assertThat(m.plus(m).count(59_999, 3)).isEqualTo(4);
    assertThat(m).hasToString("60000 classes, 2 of 5 right");
  }

  @Test
  void badClassesAreRefused() {
    refused(
        () -> ConfusionMatrix.of(new int[2], new int[3], 2),
        "[metric] 2 true classes and 3 predicted classes; there must be as many");
    refused(
        () -> ConfusionMatrix.of(new int[] {0, 2}, new int[2], 2),
        "[metric] true class of sample 1 is 2; allowed are 0 to 1");
    refused(
        () -> ConfusionMatrix.of(new int[2], new int[] {0, -1}, 2),
        "[metric] predicted class of sample 1 is -1; allowed are 0 to 1");
    refused(
        () -> ConfusionMatrix.empty(0),
        "[metric] a confusion matrix of 0 classes; at least 1 is needed");
    refused(() -> TWO.precision(2), "[metric] true class is 2; allowed are 0 to 1");
    refused(() -> TWO.fBeta(0, 0), "[metric] beta is 0.0; it must be larger than 0, and finite");
    refused(
        () -> TWO.plus(ConfusionMatrix.empty(3)),
        "[metric] confusion matrices of 2 and 3 classes do not add up");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(CajalException.class).hasMessage(message);
  }

  @Test
  void anIgnoredClassCountsNowhere() {
    int[] actual = {0, 1, 2, 0, 1, 2, 0};
    int[] predicted = {0, 1, 2, 1, 1, 0, 2};
    ConfusionMatrix all = ConfusionMatrix.of(actual, predicted, 3);
    ConfusionMatrix some = ConfusionMatrix.of(actual, predicted, 3, 0);
    assertThat(all.samples()).isEqualTo(7);
    assertThat(some.samples()).isEqualTo(4);
    assertThat(some.support(0)).isZero();
    assertThat(some.count(2, 0)).isEqualTo(1);
    assertThat(some.accuracy()).isEqualTo(3.0 / 4);
    assertThat(some.f1(Average.MACRO)).isEqualTo((1 + 2.0 / 3) / 2);
    assertThat(some.ignores(0)).isTrue();
    assertThat(some.ignores(1)).isFalse();
    ConfusionMatrix outside =
        ConfusionMatrix.of(new int[] {-100, 1, -100}, new int[] {0, 1, 1}, 2, -100);
    assertThat(outside.samples()).isEqualTo(1);
    assertThat(outside.accuracy()).isEqualTo(1);
    assertThatThrownBy(() -> all.plus(some))
        .isInstanceOf(CajalException.class)
        .hasMessage("[metric] confusion matrices that ignore no class and class 0 do not add up");
  }
}
