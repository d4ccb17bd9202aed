package org.cajal.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

final class RegressionErrorsTest {
  @Test
  void errorsFollowTheirFormulas() {
    RegressionErrors e = RegressionErrors.of(new double[] {1, 2, 3, 6}, new double[] {2, 2, 5, 5});
    assertThat(e.meanSquaredError()).isEqualTo(6.0 / 4);
    assertThat(e.rootMeanSquaredError()).isEqualTo(Math.sqrt(1.5));
    assertThat(e.meanAbsoluteError()).isEqualTo(1);
    assertThat(e.medianAbsoluteError()).isEqualTo(1);
    assertThat(e.maxError()).isEqualTo(2);
    assertThat(e.r2()).isCloseTo(1 - 6.0 / 14, within(1e-15));
    assertThat(e.explainedVariance()).isCloseTo(1 - (6 - 4 * 0.25) / 14, within(1e-15));
  }

  @Test
  void aConstantOffsetIsExplained() {
    RegressionErrors e = RegressionErrors.of(new double[] {1, 2, 3}, new double[] {2, 3, 4});
    assertThat(e.explainedVariance()).isOne();
    assertThat(e.r2()).isEqualTo(-0.5);
    assertThat(e.medianAbsoluteError()).isOne();
  }

  @Test
  void aConstantTargetIsMetOrNot() {
    assertThat(RegressionErrors.of(new double[] {2, 2}, new double[] {2, 2}).r2()).isOne();
    assertThat(RegressionErrors.of(new double[] {2, 2}, new double[] {1, 2}).r2()).isZero();
    assertThat(RegressionErrors.of(new double[] {2, 2}, new double[] {3, 3}).explainedVariance())
        .isOne();
  }

  @Test
  void outputsAreAveraged() {
    NDArray actual = NDArray.of(new float[] {0, 0, 4, 2}, Shape.of(2, 2));
    NDArray predicted = NDArray.of(new float[] {0, 3, 0, 5}, Shape.of(2, 2));
    RegressionErrors e = RegressionErrors.of(actual, predicted);
    RegressionErrors first = RegressionErrors.of(new double[] {0, 4}, new double[] {0, 0});
    RegressionErrors second = RegressionErrors.of(new double[] {0, 2}, new double[] {3, 5});
    assertThat(e.meanSquaredError())
        .isEqualTo((first.meanSquaredError() + second.meanSquaredError()) / 2);
    assertThat(e.rootMeanSquaredError()).isEqualTo((Math.sqrt(8) + 3) / 2);
    assertThat(e.meanAbsoluteError()).isEqualTo(2.5);
    assertThat(e.medianAbsoluteError()).isEqualTo(2.5);
    assertThat(e.maxError()).isEqualTo(4);
    assertThat(e.r2()).isEqualTo((first.r2() + second.r2()) / 2);
    assertThat(e.explainedVariance())
        .isEqualTo((first.explainedVariance() + second.explainedVariance()) / 2);
  }

  @Test
  void notANumberStaysVisible() {
    RegressionErrors e = RegressionErrors.of(new double[] {1, 2}, new double[] {Double.NaN, 2});
    assertThat(e.meanSquaredError()).isNaN();
    assertThat(e.maxError()).isNaN();
    assertThat(e.r2()).isNaN();
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> RegressionErrors.of(new double[2], new double[3]))
        .isInstanceOf(CajalException.class)
        .hasMessage("[metric] 2 true values and 3 predicted values; there must be as many");
    assertThatThrownBy(() -> RegressionErrors.of(new double[0], new double[0]))
        .hasMessage("[metric] there are no samples; at least one is needed");
    NDArray column = NDArray.of(new double[2], Shape.of(2, 1));
    assertThatThrownBy(() -> RegressionErrors.of(NDArray.of(new double[2], Shape.of(2)), column))
        .hasMessage(
            "[metric] true values have the shape [2], predicted ones [2, 1]; they must agree");
    NDArray scalar = NDArray.of(new double[1], Shape.SCALAR);
    assertThatThrownBy(() -> RegressionErrors.of(scalar, scalar))
        .hasMessage(
            "[metric] values have the shape []; [samples] or [samples, outputs] is expected");
  }
}
