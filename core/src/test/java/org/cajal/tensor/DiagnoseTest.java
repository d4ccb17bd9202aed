package org.cajal.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

class DiagnoseTest {
  private final Tensor x = Tensor.input("x", DType.F32, Shape.of(3));

  private static Feed feed(double... values) {
    return Feed.of("x", NDArray.of(DType.F32, values, Shape.of(values.length)));
  }

  @Test
  void findsTheOperationThatTheOutputsFaultCameFrom() {
    Tensor log = x.log();
    Tensor loss = log.times(0).plus(x.exp()).sum();
    Diagnose.Fault fault = Diagnose.nonFinite(List.of(loss), feed(1, 0, 2)).orElseThrow();
    assertThat(fault.tensor()).isEqualTo(log);
    assertThat(fault.operation()).isEqualTo("log");
    assertThat(fault.value()).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void passesOverFaultsThatReachNoOutput() {
    Tensor safe = Tensor.where(x.greater(0), x.log(), Tensor.zeros(DType.F32, x.shape())).sum();
    assertThat(Diagnose.nonFinite(List.of(safe), feed(1, 0, 2))).isEmpty();
    Tensor loss = safe.plus(x.exp().sum());
    assertThat(Diagnose.nonFinite(List.of(loss), feed(1, 0, 200)).orElseThrow().operation())
        .isEqualTo("exp");
  }

  @Test
  void overflowsWhereSinglePrecisionDoes() {
    Tensor square = x.square();
    Diagnose.Fault fault =
        Diagnose.nonFinite(List.of(square.sum()), feed(1, 1e30, 0)).orElseThrow();
    assertThat(fault.tensor()).isEqualTo(square);
    assertThat(fault.value()).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void namesWhatCameFromOutside() {
    Diagnose.Fault fed =
        Diagnose.nonFinite(List.of(x.times(2)), feed(1, Double.NaN, 0)).orElseThrow();
    assertThat(fed.operation()).isEqualTo("input");
    assertThat(fed.value()).isNaN();
    Tensor w =
        Tensor.parameter("w", NDArray.of(new float[] {Float.POSITIVE_INFINITY}, Shape.of(1)));
    Diagnose.Fault held = Diagnose.nonFinite(List.of(x.times(w)), feed(1, 2, 3)).orElseThrow();
    assertThat(held.operation()).isEqualTo("state");
    assertThat(held.tensor().variable().name()).isEqualTo("w");
  }

  @Test
  void looksAtOutputsInTheirOrder() {
    Tensor first = x.exp();
    Tensor second = x.log();
    assertThat(Diagnose.nonFinite(List.of(first, second), feed(0, 1, 1)).orElseThrow().operation())
        .isEqualTo("log");
    assertThat(
            Diagnose.nonFinite(List.of(first, second), feed(0, 1, 100)).orElseThrow().operation())
        .isEqualTo("exp");
  }
}
