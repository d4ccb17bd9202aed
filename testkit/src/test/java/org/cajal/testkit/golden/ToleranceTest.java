package org.cajal.testkit.golden;

import static org.assertj.core.api.Assertions.assertThat;

import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

final class ToleranceTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  private static NDArray f64(double... values) {
    return NDArray.of(values, Shape.of(values.length));
  }

  private static Comparison f32(Tolerance tolerance, double actual, double expected) {
    return tolerance.compare(
        NDArray.of(new float[] {(float) actual}, Shape.of(1)), f64(expected), DType.F32, null);
  }

  @Test
  void sumsAreHeldToAShareOfTheLargestEntry() {
    Tolerance tolerance = Tolerance.f32(1e-6);
    NDArray expected = f64(100, 0.001);
    assertThat(tolerance.compare(f64(100, 0.001 + 3.9e-4), expected, DType.F64, null).passed())
        .isTrue();
    Comparison beyond = tolerance.compare(f64(100, 0.001 + 4.1e-4), expected, DType.F64, null);
    assertThat(beyond.passed()).isFalse();
    assertThat(beyond.compared()).isEqualTo(2);
    assertThat(beyond.description())
        .isEqualTo("worst at [1]: 0.00141, expected 0.001, 1.025 times the limit");
    assertThat(Tolerance.f32(0).compare(f64(1 + 1.9e-6), f64(1), DType.F64, null).passed())
        .as("the floor")
        .isTrue();
    assertThat(Tolerance.f32(0).compare(f64(1 + 2.1e-6), f64(1), DType.F64, null).passed())
        .isFalse();
  }

  @Test
  void elementwiseResultsAreHeldToTheirOwnSize() {
    Tolerance tolerance = Tolerance.f32Elementwise(1e-6);
    NDArray expected = f64(1e30, 1e-5);
    assertThat(
            tolerance.compare(f64(1e30, 1e-5 * (1 + 3.9e-6)), expected, DType.F64, null).passed())
        .isTrue();
    assertThat(
            tolerance.compare(f64(1e30, 1e-5 * (1 + 4.1e-6)), expected, DType.F64, null).passed())
        .isFalse();
    assertThat(
            Tolerance.f64Elementwise(0).compare(f64(1 + 2e-10), f64(1), DType.F64, null).passed())
        .isFalse();
    assertThat(
            Tolerance.f64Elementwise(1).compare(f64(1 + 2e-10), f64(1), DType.F64, null).passed())
        .isTrue();
  }

  @Test
  void expectedValuesAreRoundedToSinglePrecisionFirst() {
    Tolerance tolerance = Tolerance.f32Elementwise(0);
    assertThat(f32(tolerance, INF, 1e39).passed()).isTrue();
    assertThat(f32(tolerance, Float.MAX_VALUE, 1e39).passed()).isFalse();
    assertThat(f32(tolerance, 0, 1e-50).passed()).isTrue();
    assertThat(f32(tolerance, 0, 1e-38).passed()).as("subnormal numbers may be flushed").isTrue();
    assertThat(tolerance.compare(f64(INF), f64(1e39), DType.F64, null).passed()).isFalse();
  }

  @Test
  void whatIsNotFiniteMatchesItselfAlone() {
    Tolerance tolerance = new Tolerance(1, 1, 1);
    double[] special = {NAN, INF, -INF, 1};
    for (double a : special) {
      for (double e : special) {
        Comparison comparison = tolerance.compare(f64(a), f64(e), DType.F64, null);
        assertThat(comparison.passed()).as("%s for %s", a, e).isEqualTo(Double.compare(a, e) == 0);
        assertThat(comparison.worst()).isEqualTo(comparison.passed() ? 0 : INF);
      }
    }
    assertThat(tolerance.compare(f64(-0.0), f64(0.0), DType.F64, null).worst()).isZero();
  }

  @Test
  void maskedEntriesAreSkippedAndDoNotSetTheScale() {
    Tolerance tolerance = Tolerance.f32(0);
    NDArray mask = NDArray.of(new long[] {0, 1}, Shape.of(2));
    Comparison skipped = tolerance.compare(f64(NAN, 1), f64(1e30, 1), DType.F64, mask);
    assertThat(skipped.passed()).isTrue();
    assertThat(skipped.compared()).isEqualTo(1);
    assertThat(tolerance.compare(f64(NAN, 1.001), f64(1e30, 1), DType.F64, mask).passed())
        .isFalse();
  }

  @Test
  void anArrayOfZerosLeavesRoomForTheRoundingOfASumThatCancels() {
    assertThat(Tolerance.f32(0).compare(f64(1e-7, 0), f64(0, 0), DType.F64, null).passed())
        .isTrue();
    assertThat(Tolerance.f32(0).compare(f64(1e-5, 0), f64(0, 0), DType.F64, null).passed())
        .isFalse();
    assertThat(Tolerance.f32Elementwise(0).compare(f64(1e-7), f64(0), DType.F64, null).passed())
        .isFalse();
  }

  @Test
  void integersMustBeEqual() {
    NDArray expected = NDArray.of(new long[] {3, 4}, Shape.of(2));
    Tolerance loose = new Tolerance(1, 1, 1);
    assertThat(
            loose
                .compare(NDArray.of(new int[] {3, 4}, Shape.of(2)), expected, DType.F32, null)
                .passed())
        .isTrue();
    assertThat(
            loose
                .compare(NDArray.of(new int[] {3, 5}, Shape.of(2)), expected, DType.F32, null)
                .passed())
        .isFalse();
  }

  @Test
  void shapesMustBeEqual() {
    Comparison comparison =
        Tolerance.F64.compare(
            f64(1, 2), NDArray.of(new double[] {1, 2}, Shape.of(2, 1)), DType.F64, null);
    assertThat(comparison.passed()).isFalse();
    assertThat(comparison.description()).isEqualTo("the shape is [2], expected is [2, 1]");
  }
}
