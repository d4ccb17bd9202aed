package org.cajal.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

final class LabelScoresTest {
  private static final NDArray ACTUAL =
      NDArray.of(
          new float[] {1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0},
          Shape.of(6, 4));

  private static final NDArray PREDICTED =
      NDArray.of(
          new double[] {
            .9, .2, .6, .1, .4, .8, .7, .1, .2, .9, .1, .2, .1, .1, .1, .1, .8, .6, .3, .4, .3, .7,
            .9, .5
          },
          Shape.of(6, 4));

  /** The numbers are scikit-learn's, with zero_division=0. */
  @Test
  void scoresAreThoseOfTheReference() {
    LabelScores s = LabelScores.of(ACTUAL, PREDICTED);
    assertThat(s.subsetAccuracy()).isEqualTo(0.5);
    assertThat(s.exact()).isEqualTo(3);
    assertThat(s.hammingLoss()).isEqualTo(0.125);
    assertThat(s.precision(Average.MICRO)).isCloseTo(0.7777777777777778, within(1e-15));
    assertThat(s.recall(Average.MICRO)).isEqualTo(0.875);
    assertThat(s.f1(Average.MICRO)).isCloseTo(0.8235294117647058, within(1e-15));
    assertThat(s.precision(Average.MACRO)).isCloseTo(0.6041666666666666, within(1e-15));
    assertThat(s.recall(Average.MACRO)).isCloseTo(0.6666666666666666, within(1e-15));
    assertThat(s.f1(Average.MACRO)).isCloseTo(0.6142857142857143, within(1e-15));
    assertThat(s.precision(Average.WEIGHTED)).isCloseTo(0.8229166666666666, within(1e-15));
    assertThat(s.recall(Average.WEIGHTED)).isEqualTo(0.875);
    assertThat(s.f1(Average.WEIGHTED)).isCloseTo(0.8214285714285714, within(1e-15));
    double[] precision = {1, 0.75, 2.0 / 3, 0};
    double[] recall = {2.0 / 3, 1, 1, 0};
    double[] f1 = {0.8, 0.8571428571428571, 0.8, 0};
    long[] support = {3, 3, 2, 0};
    for (int k = 0; k < 4; k++) {
      assertThat(s.precision(k)).isCloseTo(precision[k], within(1e-15));
      assertThat(s.recall(k)).isCloseTo(recall[k], within(1e-15));
      assertThat(s.f1(k)).isCloseTo(f1[k], within(1e-15));
      assertThat(s.support(k)).isEqualTo(support[k]);
    }
  }

  @Test
  void shapesThatDoNotAgreeAreRefused() {
    assertThatThrownBy(() -> LabelScores.of(ACTUAL, NDArray.of(new float[4], Shape.of(2, 2))))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            "[metric] labels have the shape [6, 4], predicted ones [2, 2]; both must be [samples,"
                + " labels]");
    assertThatThrownBy(() -> LabelScores.of(ACTUAL, PREDICTED).recall(4))
        .isInstanceOf(CajalException.class)
        .hasMessage("[metric] label is 4; allowed are 0 to 3");
  }
}
