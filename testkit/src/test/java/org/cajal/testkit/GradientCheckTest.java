package org.cajal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.cajal.tensor.Tensor;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The gradient checker itself: right rules pass, planted wrong ones are found. */
final class GradientCheckTest {
  private static final List<NDArray> POINT =
      List.of(NDArray.of(new double[] {0.3, -1.2, 0.7, 1.9, -0.4, 0.5}, Shape.of(2, 3)));

  private static Function<List<Tensor>, Tensor> of(UnaryOperator<Tensor> f) {
    return x -> f.apply(x.get(0));
  }

  private static Tensor withDerivative(Tensor value, Tensor x, Tensor derivative) {
    return value.region("planted", List.of(x), List.of(derivative));
  }

  @TestFactory
  Stream<DynamicTest> rightRulesPass() {
    Map<String, UnaryOperator<Tensor>> right =
        Map.of(
            "sin", Tensor::sin,
            "softmax", x -> x.softmax(-1),
            "own derivative", x -> withDerivative(x.exp(), x, x.exp()),
            "linear", x -> x.times(3),
            "constant", x -> x.times(0).plus(1),
            "scalar", x -> x.square().sum());
    return right.entrySet().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(), () -> GradientCheck.check(of(e.getValue()), POINT, 3, 1)));
  }

  @TestFactory
  Stream<DynamicTest> plantedFaultsAreFound() {
    Map<String, UnaryOperator<Tensor>> wrong =
        Map.of(
            "factor", x -> withDerivative(x.exp(), x, x.exp().times(1.0001)),
            "sign", x -> withDerivative(x.cos(), x, x.sin()),
            "missing term", x -> x.times(x.stopGradient()),
            "one element", x -> withDerivative(x.square(), x, x.times(Tensor.of(2, 2, 2.01))),
            "not a number", x -> withDerivative(x.square(), x, x.times(Double.NaN)));
    return wrong.entrySet().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () ->
                        assertThatThrownBy(() -> GradientCheck.check(of(e.getValue()), POINT, 1, 1))
                            .isInstanceOf(AssertionError.class)
                            .hasMessageStartingWith(
                                "gradient of order 1 is wrong: along a random direction the slope"
                                    + " is ")));
  }

  @Test
  void faultsOfTheSecondOrderAreFoundThere() {
    Function<List<Tensor>, Tensor> f = of(x -> withDerivative(x.sin(), x, x.cos().stopGradient()));
    assertThatCode(() -> GradientCheck.check(f, POINT, 1, 1)).doesNotThrowAnyException();
    assertThatThrownBy(() -> GradientCheck.check(f, POINT, 2, 1))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("gradient of order 2 is wrong");
  }

  @Test
  void parametersAreMovedAndRestored() {
    NDArray start = NDArray.of(new double[] {0.5, -1}, Shape.of(2));
    Tensor w = Tensor.parameter("w", start);
    Tensor x = Tensor.input("x", DType.F64, Shape.of(2));
    Map<String, NDArray> feed = Map.of("x", NDArray.of(new double[] {2, 3}, Shape.of(2)));
    GradientCheck.check(w.times(x).tanh(), List.of(w, x), feed, 2, 1);
    assertThat(w.variable().value()).isEqualTo(start);
    Tensor wrong = withDerivative(w.times(x), w, x.times(2));
    assertThatThrownBy(() -> GradientCheck.check(wrong, List.of(w), feed, 1, 1))
        .isInstanceOf(AssertionError.class);
    assertThat(w.variable().value()).isEqualTo(start);
  }

  @Test
  void leavesMustBeDouble() {
    Tensor w = Tensor.parameter("w", DType.F32, Shape.of(2));
    assertThatThrownBy(() -> GradientCheck.check(w.sum(), List.of(w), Map.of(), 1, 1))
        .hasMessageStartingWith("[gradientcheck] ")
        .hasMessageEndingWith(" is no F64 input or parameter");
  }
}
