package org.cajal.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.junit.jupiter.api.Test;

final class ThresholdCurveTest {
  private static final int[] ACTUAL = {0, 1, 1, 0, 1};
  private static final double[] SCORES = {0.1, 0.4, 0.4, 0.4, 0.9};

  @Test
  void tiedScoresAreOneThreshold() {
    ThresholdCurve curve = ThresholdCurve.of(ACTUAL, SCORES);
    assertThat(curve.thresholds()).containsExactly(0.9, 0.4, 0.1);
    assertThat(curve.roc().x()).containsExactly(0, 0, 0.5, 1);
    assertThat(curve.roc().y()).containsExactly(0, 1.0 / 3, 1, 1);
    assertThat(curve.precisionRecall().x()).containsExactly(0, 1.0 / 3, 1, 1);
    assertThat(curve.precisionRecall().y()).containsExactly(1, 1, 0.75, 0.6);
    assertThat(curve.rocArea()).isCloseTo(5.0 / 6, within(1e-15));
    assertThat(curve.averagePrecision()).isCloseTo(1.0 / 3 + 2.0 / 3 * 0.75, within(1e-15));
    assertThat(curve.precisionRecallArea()).isCloseTo(1.0 / 3 + 2.0 / 3 * 0.875, within(1e-15));
    assertThat(curve.bestF1()).isEqualTo(new ThresholdCurve.BestF1(6.0 / 7, 0.4));
  }

  /**
   * The definition, quadratic: the share of pairs in which the positive sample scores higher, ties
   * counting half.
   */
  @Test
  void theRocAreaIsTheProbabilityOfTheRightOrder() {
    for (int run = 0; run < 20; run++) {
      long key = CounterRandom.key(1, run);
      int n = 60;
      int[] actual = new int[n];
      double[] scores = new double[n];
      for (int i = 0; i < n; i++) {
        actual[i] = (int) CounterRandom.below(key, 2L * i, 2);
        scores[i] = CounterRandom.below(key, 2L * i + 1, 12) + actual[i];
      }
      double right = 0;
      int pairs = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          if (actual[i] == 1 && actual[j] == 0) {
            right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
            pairs++;
          }
        }
      }
      assertThat(ThresholdCurve.of(actual, scores).rocArea())
          .isCloseTo(right / pairs, within(1e-12));
    }
  }

  @Test
  void aMillionSamplesAreSorted() {
    int n = 1_000_000;
    long key = CounterRandom.key(2, "scores");
    int[] actual = new int[n];
    float[] scores = new float[n];
    for (int i = 0; i < n; i++) {
      actual[i] = i % 2;
      scores[i] = (float) (CounterRandom.uniform(key, i) + (i % 2) * 0.5);
    }
    // Uniform numbers half a unit apart are in the right order with probability 1 − ½·½².
    assertThat(ThresholdCurve.of(actual, scores).rocArea()).isCloseTo(0.875, within(0.002));
  }

  @Test
  void signedZerosTieAndInfinitiesOrder() {
    double inf = Double.POSITIVE_INFINITY;
    ThresholdCurve curve =
        ThresholdCurve.of(new int[] {1, 0, 1, 0}, new double[] {0.0, -0.0, inf, -inf});
    assertThat(curve.thresholds()).hasSize(3);
    assertThat(curve.rocArea()).isEqualTo((0.5 + 3) / 4);
  }

  @Test
  void withoutOneClassAreasAreNotNumbers() {
    ThresholdCurve positive = ThresholdCurve.of(new int[] {1, 1}, new double[] {1, 2});
    assertThat(positive.rocArea()).isNaN();
    assertThat(positive.averagePrecision()).isOne();
    assertThat(Arrays.stream(positive.roc().x())).allMatch(x -> x.isNaN());
    ThresholdCurve negative = ThresholdCurve.of(new int[] {0, 0}, new double[] {1, 2});
    assertThat(negative.rocArea()).isNaN();
    assertThat(negative.averagePrecision()).isNaN();
    assertThat(negative.precisionRecallArea()).isNaN();
    assertThat(negative.bestF1()).isEqualTo(new ThresholdCurve.BestF1(0, Double.POSITIVE_INFINITY));
    assertThat(ThresholdCurve.of(new int[0], new double[0]).rocArea()).isNaN();
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> ThresholdCurve.of(new int[] {0, 2}, new double[2]))
        .isInstanceOf(CajalException.class)
        .hasMessage("[metric] true class of sample 1 is 2; allowed are 0 to 1");
    assertThatThrownBy(() -> ThresholdCurve.of(new int[] {0, 1}, new double[] {1, Double.NaN}))
        .hasMessage("[metric] score of sample 1 is NaN; scores must be numbers");
    assertThatThrownBy(() -> ThresholdCurve.of(new int[1], new double[2]))
        .hasMessage("[metric] 1 true classes and 2 scores; there must be as many");
  }
}
