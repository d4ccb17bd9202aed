package org.cajal.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LossTest {
  private static Tensor matrix(int columns, double... values) {
    return Tensor.of(values).reshape(-1, columns);
  }

  private static double number(Tensor scalar) {
    return scalar.eval().scalar();
  }

  /**
   * A loss, an output and a target for which all losses are defined, and the loss of each sample.
   */
  private record Row(Loss loss, Tensor output, Tensor target, double... each) {}

  private static double log(double x) {
    return Math.log(x);
  }

  private static final Tensor X = matrix(2, 1, 3, -2, 0.5, 0.25, -0.25);
  private static final Tensor T = matrix(2, 0, 1, -2, 1, 1, 0);
  private static final Tensor SIGNS = matrix(2, 1, -1, -1, 1, -1, 1);

  private static final List<Row> ROWS =
      List.of(
          new Row(new SquaredError(), X, T, (1 + 4) / 2.0, 0.25 / 2, (0.5625 + 0.0625) / 2),
          new Row(new HalfSquaredError(), X, T, 2.5, 0.125, 0.3125),
          new Row(new AbsoluteError(), X, T, 1.5, 0.25, 0.5),
          new Row(new Huber(0.5), X, T, (0.375 + 0.875) / 2, 0.125 / 2, (0.25 + 0.03125) / 2),
          new Row(
              new SmoothAbsoluteError(0.5), X, T, (0.75 + 1.75) / 2, 0.25 / 2, (0.5 + 0.0625) / 2),
          new Row(new Hinge(1), X, SIGNS, 2, 0.25, 1.25),
          new Row(new SquaredHinge(1), X, SIGNS, 8, 0.125, 1.5625),
          new Row(new Perceptron(), X, SIGNS, 1.5, 0, 0.25),
          new Row(
              new SoftMargin(),
              X,
              SIGNS,
              (softplus(-1) + softplus(3)) / 2,
              (softplus(-2) + softplus(-0.5)) / 2,
              softplus(0.25)),
          new Row(
              new BinaryCrossEntropy(),
              X,
              matrix(2, 1, 0, 0, 1, 0, 0.5),
              (softplus(-1) + softplus(3)) / 2,
              (softplus(-2) + softplus(-0.5)) / 2,
              (softplus(0.25) + softplus(-0.25) / 2 + softplus(0.25) / 2) / 2),
          new Row(
              new BinaryCrossEntropy(List.of(3.0)),
              X,
              matrix(2, 1, 0, 0, 1, 0, 0),
              (3 * softplus(-1) + softplus(3)) / 2,
              (softplus(-2) + 3 * softplus(-0.5)) / 2,
              (softplus(0.25) + softplus(-0.25)) / 2),
          new Row(
              new CrossEntropy(),
              X,
              Tensor.of(0, 1, 1),
              softplus(2),
              softplus(-2.5),
              softplus(0.5)),
          new Row(
              new CrossEntropy(),
              X,
              matrix(2, 1, 0, 0, 1, 0.5, 0.5),
              softplus(2),
              softplus(-2.5),
              (softplus(0.5) + softplus(-0.5)) / 2),
          new Row(
              new MultiOutput(
                  List.of(
                      new MultiOutput.Part(new SquaredError(), 1, false, 1),
                      new MultiOutput.Part(new CrossEntropy(), 2, true, 0.5))),
              matrix(3, 3, 1, 3, 0.5, -2, 0.5, 1, 0.25, -0.25),
              matrix(2, 1, 0, 0, 1, 0, 1),
              4 + 0.5 * softplus(2),
              0.25 + 0.5 * softplus(-2.5),
              1 + 0.5 * softplus(0.5)),
          new Row(
              new NegativeLogLikelihood(),
              matrix(2, log(0.25), log(0.75), log(0.5), log(0.5), log(0.1), log(0.9)),
              Tensor.of(0, 1, 1),
              -log(0.25),
              -log(0.5),
              -log(0.9)),
          new Row(
              new KullbackLeibler(false),
              matrix(2, log(0.25), log(0.75), log(0.5), log(0.5), log(0.1), log(0.9)),
              matrix(2, 0.5, 0.5, 0, 1, 0.1, 0.9),
              0.5 * log(2) + 0.5 * log(2.0 / 3),
              log(2),
              0),
          new Row(
              new Poisson(false),
              matrix(1, 0, log(2), log(3)),
              matrix(1, 2, 0, 4),
              1,
              2,
              3 - 4 * log(3)),
          new Row(
              new Gaussian(false),
              matrix(2, 1, 0, 2, log(4), 0, log(0.25)),
              matrix(1, 1, 0, 1),
              0,
              0.5 * (log(4) + 1),
              0.5 * (log(0.25) + 4)));

  private static double softplus(double x) {
    return Math.log1p(Math.exp(x));
  }

  @TestFactory
  Stream<DynamicTest> lossesAreWeightedMeansOverSamples() {
    double[] weights = {0.5, 0, 2};
    return ROWS.stream()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.loss().toString(),
                    () -> {
                      double[] each = row.each();
                      assertThat(number(row.loss().apply(row.output(), row.target())))
                          .isCloseTo((each[0] + each[1] + each[2]) / 3, within(1e-12));
                      assertThat(
                              number(
                                  row.loss().apply(row.output(), row.target(), Tensor.of(weights))))
                          .isCloseTo((0.5 * each[0] + 2 * each[2]) / 2.5, within(1e-12));
                      assertThat(
                              number(
                                  row.loss()
                                      .apply(row.output(), row.target(), Tensor.of(0.0, 0.0, 0.0))))
                          .isZero();
                    }));
  }

  @Test
  void everyLossIsNamedAndHasARow() {
    assertThat(ROWS.stream().<Class<?>>map(row -> row.loss().getClass()).distinct())
        .containsExactlyInAnyOrderElementsOf(LossTypes.byName().values());
    assertThat(LossTypes.byName()).containsKeys("crossEntropy", "squaredError");
  }

  @Test
  void classAndSampleWeightsMultiply() {
    Loss loss = new CrossEntropy().withClassWeights(List.of(1.0, 3.0));
    double expected = (2 * softplus(2) + 3 * softplus(-2.5)) / (2 + 3);
    assertThat(number(loss.apply(X, Tensor.of(0, 1, 1), Tensor.of(2.0, 1.0, 0.0))))
        .isCloseTo(expected, within(1e-12));
  }

  @Test
  void ignoredClassesCountNothing() {
    Loss loss = new CrossEntropy(0, -1, List.of());
    assertThat(number(loss.apply(X, Tensor.of(0, -1, -1)))).isCloseTo(softplus(2), within(1e-12));
    assertThat(number(loss.apply(X, Tensor.of(-1, -1, -1)))).isZero();
  }

  @Test
  void outputsBecomePredictions() {
    assertThat(new CrossEntropy().predictions(X).sum(1).toDoubles())
        .containsExactly(new double[] {1, 1, 1}, within(1e-12));
    assertThat(new BinaryCrossEntropy().predictions(Tensor.of(0.0)).toDoubles())
        .containsExactly(0.5);
    assertThat(new Poisson(false).predictions(Tensor.of(0.0)).toDoubles()).containsExactly(1);
    assertThat(new Gaussian(false).predictions(matrix(2, 7, 1)).toDoubles()).containsExactly(7);
    assertThat(new SquaredError().predictions(X)).isEqualTo(X);
  }

  @Test
  void thePerceptronLearnsFromIndecision() {
    Tensor x = Tensor.parameter("x", NDArray.of(new double[] {0, 0, 1, -1}, Shape.of(4)));
    Tensor loss = MarginLosses.perceptron(x, Tensor.of(1.0, -1.0, 1.0, 1.0), Reduction.SUM);
    assertThat(Gradients.of(loss).withRespectTo(x).toDoubles())
        .containsExactly(new double[] {-1, 1, 0, -1}, within(0.0));
  }

  @Test
  void targetsOfOneColumnMayLackIt() {
    Tensor column = matrix(1, 1, 2, 3);
    assertThat(number(Losses.squaredError(column, Tensor.of(1.0, 2.0, 5.0))))
        .isCloseTo(4.0 / 3, within(1e-12));
    assertThat(number(Losses.squaredError(column, Tensor.of(1, 2, 5))))
        .isCloseTo(4.0 / 3, within(1e-12));
  }

  @Test
  void penaltiesHaveTheirFactors() {
    List<Tensor> weights = List.of(matrix(2, 1, -2), Tensor.of(3.0));
    assertThat(number(Penalties.l1(weights, 0.1))).isCloseTo(0.6, within(1e-12));
    assertThat(number(Penalties.l2(weights, 0.1))).isCloseTo(0.7, within(1e-12));
    assertThat(number(Penalties.l2(weights, 0.1, 10))).isCloseTo(0.07, within(1e-12));
    assertThat(Penalties.withoutBiases(weights)).containsExactly(weights.get(0));
  }

  private record Refusal(
      Loss loss, Tensor output, Tensor target, @Nullable Tensor weights, String message) {}

  private static Tensor input(String name, DType dtype, int... dims) {
    return Tensor.input(name, dtype, Shape.of(dims));
  }

  @TestFactory
  Stream<DynamicTest> inputsThatDoNotFitAreRefused() {
    Tensor logits = input("x", DType.F32, 4, 3);
    return Stream.of(
            new Refusal(
                new SquaredError(),
                logits,
                input("t", DType.F32, 4),
                null,
                "[squared error] the output is [4, 3], the target [4]; both must have one shape"),
            new Refusal(
                new SquaredError(),
                logits,
                input("t", DType.F64, 4, 3),
                null,
                "[squared error] the output is F32, the target F64; write target.cast(F32)"),
            new Refusal(
                new CrossEntropy(),
                logits,
                input("t", DType.I32, 4, 1),
                null,
                "[cross entropy] class indices must be I32 or I64 [4] for an output [4, 3], found"
                    + " I32 [4, 1]"),
            new Refusal(
                new CrossEntropy(),
                input("x", DType.F32, 4),
                input("t", DType.I32, 4),
                null,
                "[cross entropy] needs the classes on axis 1, [N, C] or [N, C, ...], found [4]"),
            new Refusal(
                new CrossEntropy().withClassWeights(List.of(1.0)),
                logits,
                input("t", DType.I32, 4),
                null,
                "[cross entropy] class weights are [1], but the output [4, 3] has 3 classes on axis"
                    + " 1; one weight for each class is needed"),
            new Refusal(
                new AbsoluteError(),
                logits,
                input("t", DType.F32, 4, 3),
                input("w", DType.F32, 3),
                "[absolute error] sample weights are [3], but the losses of the samples are [4, 3];"
                    + " one weight for each sample is needed"),
            new Refusal(
                new Gaussian(true),
                logits,
                logits,
                null,
                "[gaussian] needs means and logarithms of variances side by side on the last axis,"
                    + " an even number; found [4, 3]"))
        .map(
            r ->
                DynamicTest.dynamicTest(
                    r.message(),
                    () ->
                        assertThatThrownBy(
                                () -> r.loss().apply(r.output(), r.target(), r.weights()))
                            .isInstanceOf(CajalException.class)
                            .satisfies(
                                e ->
                                    assertThat(
                                            String.valueOf(e.getMessage())
                                                .split(" \\(built at", -1)[0])
                                        .isEqualTo(r.message()))));
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new CrossEntropy(1, Losses.NO_CLASS, List.of()))
        .hasMessage(
            "[cross entropy] label smoothing is 1.0; it must be at least 0 and less than 1");
    assertThatThrownBy(() -> new CrossEntropy().withClassWeights(List.of(-1.0)))
        .hasMessage(
            "[cross entropy] a class weight is -1.0; weights must be 0 or larger, and finite");
    assertThatThrownBy(() -> new Huber(0))
        .hasMessage("[huber] delta is 0.0; it must be larger than 0, and finite");
  }
}
