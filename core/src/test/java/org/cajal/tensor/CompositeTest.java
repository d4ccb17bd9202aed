package org.cajal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withPrecision;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

/** What the golden values do not ask: extreme arguments, odd shapes, ties. */
final class CompositeTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  private static double[] gradient(Tensor y, Tensor x) {
    return Gradients.of(y.sum()).withRespectTo(x).toDoubles();
  }

  private static Tensor parameter(double... values) {
    return Tensor.parameter("x", NDArray.of(values, Shape.of(values.length)));
  }

  @Test
  void equalValuesAreSortedInTheirOrder() {
    Tensor x = Tensor.of(2.0, 1, 2, 1, 3);
    assertThat(Reductions.sort(x, 0, false).indices().eval().toInts())
        .containsExactly(1, 3, 0, 2, 4);
    assertThat(Reductions.sort(x, 0, true).indices().eval().toInts())
        .containsExactly(4, 0, 2, 1, 3);
  }

  @Test
  void notANumberIsLargest() {
    Tensor x = Tensor.of(2.0, NAN, INF, -INF, NAN);
    assertThat(Reductions.sort(x, 0, false).indices().eval().toInts())
        .containsExactly(3, 0, 2, 1, 4);
    assertThat(Reductions.sort(x, 0, true).indices().eval().toInts())
        .containsExactly(1, 4, 2, 0, 3);
    assertThat(Reductions.topK(x, 2, 0, false).indices().eval().toInts()).containsExactly(3, 0);
  }

  @Test
  void longAxesAreSearchedAsShortOnesAreSorted() {
    int n = 400;
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = i % 50 == 7 ? -INF : CounterRandom.below(3, i, 40);
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
    for (boolean largest : List.of(true, false)) {
      Comparator<Integer> byValue = Comparator.comparingDouble(i -> values[i]);
      order.sort((largest ? byValue.reversed() : byValue).thenComparing(Comparator.naturalOrder()));
      int[] found = Reductions.topK(Tensor.of(values), 12, 0, largest).indices().eval().toInts();
      assertThat(found)
          .containsExactly(order.subList(0, 12).stream().mapToInt(Integer::intValue).toArray());
    }
    Tensor nothing = Tensor.full(DType.F64, Shape.of(2, 300), -INF);
    assertThat(Reductions.topK(nothing, 3, 1, true).indices().eval().toInts())
        .containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void runningProductsKnowZeros() {
    Tensor x = parameter(2, 0, 3);
    assertThat(Reductions.cumulativeProduct(x, 0).toDoubles()).containsExactly(2, 0, 0);
    assertThat(gradient(Reductions.cumulativeProduct(x, 0), x)).containsExactly(1, 2 + 6, 0);
  }

  @Test
  void lengthsDoNotOverflow() {
    Tensor x = parameter(3e200, 0, INF);
    Tensor y = parameter(4e200, 0, 1);
    assertThat(Functions.hypot(x, y).toDoubles())
        .containsExactly(new double[] {5e200, 0, INF}, withPrecision(1e186));
    double[] slope = gradient(Functions.hypot(x, y), x);
    assertThat(slope[0]).isCloseTo(0.6, within(1e-15));
    assertThat(slope[1]).isZero();
  }

  @Test
  void complementOfTheErrorFunctionKeepsItsDigits() {
    // Values of mpmath in 30 digits.
    Tensor x = Tensor.of(-3.0, 0, 0.5, 2, 5, 20);
    double[] expected = {
      1.9999779095030015,
      1,
      0.4795001221869535,
      0.004677734981047266,
      1.5374597944280349e-12,
      5.3958656116079005e-176
    };
    double[] y = Functions.erfc(x).toDoubles();
    for (int i = 0; i < y.length; i++) {
      assertThat(y[i]).isCloseTo(expected[i], within(1e-14 * expected[i]));
    }
  }

  @Test
  void remaindersOfMultiplesAreZero() {
    Tensor x = Tensor.of(0.6f, -0.6f, 7f, 1e8f);
    Tensor y = Tensor.of(0.2f, 0.2f, 7f, 3f);
    assertThat(Functions.fmod(x, y).toFloats())
        .containsExactly(
            (float) ((double) 0.6f % 0.2f), (float) ((double) -0.6f % 0.2f), 0, 1e8f % 3f);
    assertThat(
            Functions.remainder(Tensor.of(-1f, 5f, 5f), Tensor.of(3f, -3f, Float.POSITIVE_INFINITY))
                .toFloats())
        .containsExactly(2, -1, 5);
  }

  @Test
  void roundingIsHalfToEven() {
    Tensor x =
        Tensor.of(0.5, 1.5, 2.5, -0.5, -1.5, 4503599627370497.0, INF, NAN, 0.49999999999999994);
    assertThat(x.round().toDoubles())
        .containsExactly(0, 2, 2, 0, -2, 4503599627370497.0, INF, NAN, 0);
    assertThat(x.trunc().toDoubles()).startsWith(0, 1, 2, -0.0, -1);
  }

  @Test
  void logSumExpOfNothingIsMinusInfinity() {
    assertThat(Tensor.zeros(DType.F32, Shape.of(2, 0)).logSumExp(1).toDoubles())
        .containsExactly(-INF, -INF);
    Tensor x = parameter(-INF, -INF);
    assertThat(x.logSumExp().toDoubles()).containsExactly(-INF);
    assertThat(gradient(x.logSumExp(), x)).containsExactly(0, 0);
  }

  @Test
  void varianceOfOneSampleIsUndefined() {
    Tensor x = parameter(3);
    assertThat(x.variance(1).toDoubles()[0]).isNaN();
    assertThat(x.standardDeviation(0).toDoubles()[0]).isZero();
    assertThat(gradient(x.standardDeviation(0), x)).containsExactly(0);
  }

  @Test
  void emptyAxesPassThrough() {
    Tensor x = Tensor.zeros(DType.F32, Shape.of(2, 0, 3));
    assertThat(x.softmax(1).eval().shape()).isEqualTo(Shape.of(2, 0, 3));
    assertThat(x.matmul(Tensor.zeros(DType.F32, Shape.of(3, 4))).eval().shape())
        .isEqualTo(Shape.of(2, 0, 4));
    assertThat(
            Tensor.zeros(DType.F32, Shape.of(2, 3, 0))
                .matmul(Tensor.zeros(DType.F32, Shape.of(0, 4)))
                .sum()
                .toDoubles())
        .containsExactly(0);
    assertThat(Movement.roll(x, 1, 1).shape()).isEqualTo(Shape.of(2, 0, 3));
    assertThat(Reductions.sort(x, 1, false).values().shape()).isEqualTo(Shape.of(2, 0, 3));
    assertThat(Movement.diagonal(Tensor.zeros(DType.F32, Shape.of(0)), -2).shape())
        .isEqualTo(Shape.of(2, 2));
  }

  @Test
  void scatterTakesIndicesSmallerThanTheTensor() {
    Tensor x = Tensor.zeros(DType.F64, Shape.of(3, 3));
    Tensor index = Tensor.constant(NDArray.of(new int[] {2, 2}, Shape.of(2, 1)));
    Tensor source = Tensor.constant(NDArray.of(new double[] {5, 6}, Shape.of(2, 1)));
    assertThat(Movement.scatterAddAlong(x, index, source, 0).toDoubles())
        .containsExactly(0, 0, 0, 0, 0, 0, 11, 0, 0);
    assertThat(Movement.scatterAlong(x.plus(1), index, source, 1).toDoubles())
        .containsExactly(1, 1, 5, 1, 1, 6, 1, 1, 1);
  }

  @Test
  void einsumBroadcastsItsEllipsis() {
    Tensor a = Tensor.range(DType.F64, 12).reshape(1, 2, 6);
    Tensor b = Tensor.range(DType.F64, 18).reshape(3, 6);
    Tensor sum = Einsum.of("...ij,...j->...i", a.reshape(1, 2, 6), b);
    assertThat(sum.shape()).isEqualTo(Shape.of(3, 2));
    assertThat(sum.toDoubles()).isEqualTo(b.matmul(a.reshape(2, 6).transpose()).toDoubles());
    assertThat(Einsum.of("ba", Tensor.range(DType.F64, 6).reshape(2, 3)).shape())
        .isEqualTo(Shape.of(3, 2));
    assertThat(Einsum.of("i,i,i->", b.select(0, 0), b.select(0, 0), b.select(0, 0)).toDoubles())
        .containsExactly(225);
    assertThat(Einsum.of("iiji->ij", Tensor.range(DType.F64, 16).reshape(2, 2, 2, 2)).toDoubles())
        .containsExactly(0, 2, 13, 15);
    assertThat(Einsum.of("iij->j", Tensor.range(DType.F64, 8).reshape(2, 2, 2)).toDoubles())
        .containsExactly(6, 8);
  }

  @Test
  void poolingTakesTheFirstOfTies() {
    Tensor x = Tensor.parameter("x", NDArray.of(new double[] {1, 1, 1, 1}, Shape.of(1, 1, 2, 2)));
    assertThat(gradient(Pooling.globalMax(x), x)).containsExactly(1, 0, 0, 0);
    assertThat(gradient(Pooling.adaptiveMax(x, List.of(1, 1)), x)).containsExactly(1, 0, 0, 0);
    assertThat(gradient(x.max(), x)).containsExactly(0.25, 0.25, 0.25, 0.25);
  }

  @Test
  void causalWindowsSeeThePastOnly() {
    Tensor x = Tensor.range(DType.F32, 5).plus(1).reshape(1, 1, 5);
    Tensor w = Tensor.of(10f, 1f).reshape(1, 1, 2);
    assertThat(Convolutions.convolution(x, w, null, Windows.causal(2, 2), 1).toFloats())
        .containsExactly(1, 2, 13, 24, 35);
  }

  @Test
  void derivativesOfManyVariables() {
    Tensor x = parameter(1, 2);
    Tensor y = x.square().sum().square();
    assertThat(Derivatives.hessian(y, x).toDoubles()).containsExactly(28, 16, 16, 52);
    Tensor v = Tensor.of(1.0, -1);
    assertThat(Derivatives.hessianVector(y, List.of(x), List.of(v)).get(0).toDoubles())
        .containsExactly(12, -36);
    assertThat(Derivatives.jacobianVector(x.square(), x, v).toDoubles()).containsExactly(2, -4);
    assertThat(Derivatives.jacobian(Tensor.zeros(DType.F64, Shape.of(0)), x).shape())
        .isEqualTo(Shape.of(0, 2));
  }
}
