package org.cajal.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.cajal.type.StandardNormal;
import org.junit.jupiter.api.Test;

final class InitializerTest {
  private static final Shape LARGE = Shape.of(200, 250);
  private static final Fans FANS = Fans.dense(400, 500);

  private static double[] sorted(Initializer initializer) {
    double[] values = initializer.sample(DType.F64, LARGE, FANS, 42, "0/weight").toDoubles();
    Arrays.sort(values);
    return values;
  }

  /**
   * Kolmogorov's test: the largest distance between the sample's distribution function and the
   * right one. With n values it exceeds 1.95/√n by chance once in a thousand seeds; the seed is
   * fixed.
   */
  private static void assertDistribution(double[] sorted, DoubleUnaryOperator cdf) {
    double distance = 0;
    int n = sorted.length;
    for (int i = 0; i < n; i++) {
      double p = cdf.applyAsDouble(sorted[i]);
      distance = Math.max(distance, Math.max(p - i / (double) n, (i + 1) / (double) n - p));
    }
    assertThat(distance).isLessThan(1.95 / Math.sqrt(n));
  }

  private static DoubleUnaryOperator normal(double mean, double std) {
    return x -> StandardNormal.cdf((x - mean) / std);
  }

  private static DoubleUnaryOperator uniform(double low, double high) {
    return x -> Math.clamp((x - low) / (high - low), 0, 1);
  }

  @Test
  void samplesFollowTheStatedDistributions() {
    double glorot = Math.sqrt(6.0 / 900);
    double leCun = Math.sqrt(3.0 / 400);
    assertDistribution(sorted(Initializer.uniform(-1, 3)), uniform(-1, 3));
    assertDistribution(sorted(Initializer.uniform(0.05)), uniform(-0.05, 0.05));
    assertDistribution(sorted(Initializer.normal(2, 0.5)), normal(2, 0.5));
    assertDistribution(sorted(Initializer.glorotUniform()), uniform(-glorot, glorot));
    assertDistribution(sorted(Initializer.glorotNormal()), normal(0, Math.sqrt(2.0 / 900)));
    assertDistribution(
        sorted(Initializer.heUniform()), uniform(-Math.sqrt(6.0 / 400), Math.sqrt(6.0 / 400)));
    assertDistribution(sorted(Initializer.heNormal()), normal(0, Math.sqrt(2.0 / 400)));
    assertDistribution(sorted(new HeNormal(FanMode.FAN_OUT, 0)), normal(0, Math.sqrt(2.0 / 500)));
    assertDistribution(sorted(Initializer.leCunUniform()), uniform(-leCun, leCun));
    assertDistribution(sorted(Initializer.leCunNormal()), normal(0, 0.05));
  }

  @Test
  void truncatedNormalsFollowTheirDistributionInsideTheirInterval() {
    for (TruncatedNormal t :
        List.of(
            new TruncatedNormal(0, 1, -2, 2),
            new TruncatedNormal(0.5, 1, -1, 1.2),
            new TruncatedNormal(0, 1, 0.5, 3),
            new TruncatedNormal(0, 1, 8, 9),
            new TruncatedNormal(0, 1, -20, -19))) {
      double[] values = sorted(t);
      assertThat(values[0]).isGreaterThanOrEqualTo(t.low());
      assertThat(values[values.length - 1]).isLessThanOrEqualTo(t.high());
      assertDistribution(values, t::cdf);
      double mean = Arrays.stream(values).average().orElseThrow();
      assertThat(mean)
          .isCloseTo(t.expectedMean(), within(5 * t.expectedStd() / Math.sqrt(values.length)));
    }
  }

  @Test
  void orthogonalRowsOrColumnsAreOrthonormalUpToTheGain() {
    for (Shape shape :
        List.of(
            Shape.of(6, 6), Shape.of(9, 4), Shape.of(4, 9), Shape.of(1, 5), Shape.of(8, 3, 2, 2))) {
      double gain = 1.7;
      NDArray w = new Orthogonal(gain).sample(DType.F64, shape, null, 3, "w");
      int rows = shape.dim(0);
      int columns = (int) (w.size() / rows);
      boolean wide = rows <= columns;
      for (int i = 0; i < Math.min(rows, columns); i++) {
        for (int j = 0; j <= i; j++) {
          double dot = 0;
          for (int k = 0; k < Math.max(rows, columns); k++) {
            dot +=
                wide
                    ? w.get((long) i * columns + k) * w.get((long) j * columns + k)
                    : w.get((long) k * columns + i) * w.get((long) k * columns + j);
          }
          assertThat(dot)
              .as("%s %s·%s", shape, i, j)
              .isCloseTo(i == j ? gain * gain : 0, within(1e-13));
        }
      }
    }
  }

  @Test
  void orthogonalMatricesAreUniformOverAllOfThem() {
    int seeds = 4000;
    double[] mean = new double[4];
    int reflections = 0;
    for (int seed = 0; seed < seeds; seed++) {
      double[] w =
          Initializer.orthogonal().sample(DType.F64, Shape.of(2, 2), null, seed, "w").toDoubles();
      for (int i = 0; i < 4; i++) {
        mean[i] += w[i] / seeds;
      }
      reflections += w[0] * w[3] - w[1] * w[2] < 0 ? 1 : 0;
    }
    // An entry is the cosine of a uniform angle: its mean over 4000 seeds has a standard deviation
    // of 0.011.
    assertThat(Arrays.stream(mean)).allMatch(m -> Math.abs(m) < 0.045);
    assertThat(reflections).isBetween(1870, 2130);
  }

  @Test
  void constantsFillAnyShape() {
    assertThat(Initializer.zeros().sample(DType.F32, Shape.of(2, 0), null, 1, "w").size()).isZero();
    assertThat(Initializer.zeros().sample(DType.F32, Shape.of(3), null, 1, "b").toFloats())
        .containsOnly(0f);
    assertThat(Initializer.ones().sample(DType.F32, Shape.of(3), null, 1, "b").toFloats())
        .containsOnly(1f);
    assertThat(Initializer.constant(0.5).sample(DType.F64, Shape.SCALAR, null, 1, "b").scalar())
        .isEqualTo(0.5);
    assertThat(Initializer.orthogonal().sample(DType.F32, Shape.of(0, 3), null, 1, "w").size())
        .isZero();
  }

  @Test
  void samplesDependOnSeedPathAndPositionAlone() throws InterruptedException {
    NDArray expected =
        Initializer.heNormal().sample(DType.F32, Shape.of(64, 32), null, 5, "1/weight");
    ConcurrentLinkedQueue<NDArray> others = new ConcurrentLinkedQueue<>();
    List<Thread> threads =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    Thread.ofPlatform()
                        .start(
                            () ->
                                others.add(
                                    Initializer.heNormal()
                                        .sample(DType.F32, Shape.of(64, 32), null, 5, "1/weight"))))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(others).hasSize(4).allMatch(expected::equals);
    assertThat(Initializer.heNormal().sample(DType.F32, Shape.of(64, 32), null, 6, "1/weight"))
        .isNotEqualTo(expected);
    assertThat(Initializer.heNormal().sample(DType.F32, Shape.of(64, 32), null, 5, "2/weight"))
        .isNotEqualTo(expected);
    NDArray wide = Initializer.normal(1).sample(DType.F64, Shape.of(100), null, 5, "p");
    NDArray longer = Initializer.normal(1).sample(DType.F64, Shape.of(200), null, 5, "p");
    assertThat(Arrays.copyOf(longer.toDoubles(), 100)).isEqualTo(wide.toDoubles());
    assertThat(Initializer.normal(1).sample(DType.F32, Shape.of(100), null, 5, "p"))
        .isEqualTo(wide.cast(DType.F32));
  }

  @Test
  void fansFollowFromTheLayer() {
    assertThat(Fans.of(Shape.of(784, 10))).isEqualTo(new Fans(784, 10));
    assertThat(Fans.convolution(Shape.of(16, 3, 5, 5))).isEqualTo(new Fans(75, 400));
    assertThat(Fans.of(Shape.of(16, 3, 5, 5))).isEqualTo(new Fans(75, 400));
    assertThat(new GlorotUniform(1).bound(new Fans(2, 4))).isEqualTo(1);
    assertThat(new HeUniform(FanMode.FAN_IN, Math.sqrt(5)).bound(new Fans(25, 1)))
        .isCloseTo(0.2, within(1e-15));
  }

  @Test
  void badSettingsAreRefused() {
    refused(
        () -> new Fans(0, 3),
        "[init] fan-in 0 and fan-out 3 do not describe a layer; both must be 1 or larger");
    refused(
        () -> Initializer.heNormal().sample(DType.F32, Shape.of(5), null, 1, "0/bias"),
        "[init] the shape [5] has no fan-in and fan-out; give them, or use zeros, constant, uniform"
            + " or normal");
    refused(
        () -> Fans.convolution(Shape.of(5)),
        "[init] a convolution's weight has the shape [out, in / groups, kernel...], found [5]");
    refused(
        () -> Initializer.zeros().sample(DType.I64, Shape.of(5), null, 1, "0/index"),
        "[init] 0/index has the element type i64; parameters start as f32 or f64");
    refused(
        () -> Initializer.orthogonal().sample(DType.F32, Shape.of(5), null, 1, "0/bias"),
        "[init] orthogonal: 0/bias has the shape [5]; at least two axes are needed");
    refused(
        () -> Initializer.uniform(2, 1), "[init] uniform: low 2.0 is above high 1.0; swap them");
    refused(
        () -> Initializer.constant(Double.NaN),
        "[init] constant: value is NaN; it must be a finite number");
    refused(
        () -> Initializer.normal(-1),
        "[init] normal: std is -1.0; it must be 0 or larger, and finite");
    refused(
        () -> new Orthogonal(0),
        "[init] orthogonal: gain is 0.0; it must be larger than 0, and finite");
    refused(
        () -> new TruncatedNormal(0, 1, 1, 1),
        "[init] truncated normal: low 1.0 is not below high 1.0; the interval must not be empty");
    refused(
        () -> new TruncatedNormal(0, 1, 100, 101),
        "[init] truncated normal: [100.0, 101.0] lies too far from the mean 0.0 (std 1.0): no"
            + " probability is left there");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(CajalException.class).hasMessage(message);
  }
}
