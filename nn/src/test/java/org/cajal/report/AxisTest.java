package org.cajal.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AxisTest {
  @Test
  void hasRoundEndsAndTicks() {
    Axis axis = Axis.around(List.of(0.13, 0.87, Double.NaN), false, 0, 100);
    assertThat(axis.low()).isZero();
    assertThat(axis.high()).isCloseTo(1, within(1e-12));
    assertThat(axis.at(0.5)).isCloseTo(50, within(1e-9));
    assertThat(axis.ticks(5)).hasSize(6);
  }

  @Test
  void turnsLogarithmicOverALargeRatio() {
    Axis axis = Axis.around(List.of(0.001, 2.3), true, 200, 0);
    assertThat(axis.logarithmic()).isTrue();
    assertThat(axis.at(axis.low())).isEqualTo(200);
    assertThat(axis.at(axis.high())).isCloseTo(0, within(1e-9));
    assertThat(axis.ticks(5)).containsExactly(0.001, 0.01, 0.1, 1.0);
    assertThat(Axis.around(List.of(0.0, 2.3), true, 200, 0).logarithmic()).isFalse();
    assertThat(Axis.around(List.of(0.001, 2.3), false, 200, 0).logarithmic()).isFalse();
  }

  @Test
  void standsOnAnyValues() {
    for (List<Double> values :
        List.of(
            List.<Double>of(),
            List.of(Double.NaN),
            List.of(0.0, 0.0),
            List.of(5.0),
            List.of(-1e300, 1e300))) {
      Axis axis = Axis.around(values, true, 0, 100);
      assertThat(axis.high()).isGreaterThan(axis.low());
      assertThat(axis.ticks(5)).isNotEmpty().hasSizeLessThan(12);
    }
  }

  @Test
  void holdsAllItsValuesAndFewTicks() {
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < 2000; i++) {
      double scale = Math.pow(10, random.nextInt(-8, 9));
      List<Double> values =
          List.of(
              scale * random.nextDouble(),
              scale * random.nextDouble(),
              -scale * random.nextDouble());
      Axis axis = Axis.around(values.subList(0, random.nextInt(1, 4)), true, 0, 100);
      assertThat(axis.at(values.getFirst())).isBetween(-1e-6, 100 + 1e-6);
      assertThat(axis.ticks(5)).hasSizeBetween(1, 10);
    }
  }
}
