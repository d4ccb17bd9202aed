package org.cajal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.cajal.op.Add;
import org.cajal.op.Gather;
import org.cajal.op.Input;
import org.cajal.op.Node;
import org.cajal.op.RandomBits;
import org.cajal.op.Region;
import org.cajal.op.ScatterAdd;
import org.cajal.op.State;
import org.cajal.op.Variable;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

final class InterpreterTest {
  private static final Node X = Node.of(new Input("x", DType.F32, Shape.of(2)));

  private static NDArray run(Node node, Map<String, NDArray> feed) {
    return Interpreter.evaluate(List.of(node), feed::get).get(0);
  }

  private static NDArray run(Node node) {
    return run(node, Map.of());
  }

  private static NDArray floats(float... values) {
    return NDArray.of(values, Shape.of(values.length));
  }

  @Test
  void missingInputsAreNamed() {
    assertThatThrownBy(() -> run(X.exp()))
        .isInstanceOf(CajalException.class)
        .hasMessage("[run] input \"x\" is missing; feed F32 [2]");
  }

  @Test
  void inputsOfAnotherShapeAreRefused() {
    assertThatThrownBy(() -> run(X.exp(), Map.of("x", floats(1, 2, 3))))
        .isInstanceOf(CajalException.class)
        .hasMessage("[run] input \"x\" was fed F32 [3]; the program needs F32 [2]");
  }

  @Test
  void inputsOfAnotherTypeAreRefused() {
    NDArray wide = NDArray.of(new double[] {1, 2}, Shape.of(2));
    assertThatThrownBy(() -> run(X.exp(), Map.of("x", wide)))
        .isInstanceOf(CajalException.class)
        .hasMessage("[run] input \"x\" was fed F64 [2]; the program needs F32 [2]");
  }

  @Test
  void exactEvaluationTakesInputsInDouble() {
    NDArray wide = NDArray.of(new double[] {0.1, 0.2}, Shape.of(2));
    double[] exact = Interpreter.evaluateExact(List.of(X.add(X)), Map.of("x", wide)::get).get(0);
    assertThat(exact).containsExactly(0.2, 0.4);
    NDArray integers = NDArray.of(new int[] {1, 2}, Shape.of(2));
    assertThatThrownBy(() -> Interpreter.evaluateExact(List.of(X), Map.of("x", integers)::get))
        .hasMessage("[run] input \"x\" was fed I32 [2]; the program needs F32 [2]");
  }

  @Test
  void singlePrecisionIsRoundedAfterEachOperation() {
    Node third = Node.constant(DType.F32, 1).divide(Node.constant(DType.F32, 3));
    assertThat(run(third).scalar()).isEqualTo((float) (1.0 / 3));
    assertThat(Interpreter.evaluateExact(List.of(third), _ -> null).get(0))
        .containsExactly(1.0 / 3);
  }

  @Test
  void integersWrapAround() {
    Node big =
        Node.constant(
            NDArray.of(new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, 65537}, Shape.of(3)));
    Node one = Node.constant(NDArray.of(new int[] {1, 1, 65537}, Shape.of(3)));
    assertThat(run(big.add(one)).toInts())
        .containsExactly(Integer.MIN_VALUE, Integer.MIN_VALUE + 1, 131074);
    assertThat(run(big.multiply(one)).toInts())
        .containsExactly(Integer.MAX_VALUE, Integer.MIN_VALUE, 131073);
    assertThat(run(big.absolute()).toInts())
        .containsExactly(Integer.MAX_VALUE, Integer.MIN_VALUE, 65537);
  }

  @Test
  void castsSaturateAndCut() {
    Node x =
        Node.constant(NDArray.of(new double[] {2.9, -2.9, 1e20, Double.NaN, -0.0}, Shape.of(5)));
    assertThat(run(x.cast(DType.I32)).toInts()).containsExactly(2, -2, Integer.MAX_VALUE, 0, 0);
    assertThat(run(x.cast(DType.BOOL)).toDoubles()).containsExactly(1, 1, 1, 1, 0);
  }

  @Test
  void indicesOutOfRangeAreRefused() {
    Node x = Node.constant(floats(1, 2, 3, 4, 5));
    Node index = Node.constant(NDArray.of(new int[] {0, 7}, Shape.of(2)));
    Node negative = Node.constant(NDArray.of(new long[] {-1, 0}, Shape.of(2)));
    assertThatThrownBy(() -> run(Node.of(new Gather(0), x, index)))
        .isInstanceOf(CajalException.class)
        .hasMessage("[gather] index 7 is out of range for an axis of size 5");
    assertThatThrownBy(
            () -> run(Node.of(new ScatterAdd(0), x, negative, Node.constant(floats(1, 2)))))
        .isInstanceOf(CajalException.class)
        .hasMessage("[scatteradd] index -1 is out of range for an axis of size 5");
  }

  @Test
  void stateIsReadAsItIsAtTheRun() {
    Variable v = new Variable("v", floats(1, 2));
    Node twice = Node.of(new State(v)).add(Node.of(new State(v)));
    assertThat(run(twice).toFloats()).containsExactly(2, 4);
    v.set(floats(5, 6));
    assertThat(run(twice).toFloats()).containsExactly(10, 12);
  }

  @Test
  void derivativesOfRegionsAreNotComputed() {
    Node unfed = Node.of(new Input("unfed", DType.F32, Shape.of(2)));
    Node region = Node.of(new Region("f", 1), X.exp(), X, unfed);
    assertThat(run(region, Map.of("x", floats(0, 0))).toFloats()).containsExactly(1, 1);
  }

  @Test
  void deepGraphsDoNotRecurse() {
    Node y = X;
    for (int i = 0; i < 100_000; i++) {
      y = Node.of(new Add(), y, X);
    }
    assertThat(run(y, Map.of("x", floats(1, 2))).toFloats()).containsExactly(100_001, 200_002);
  }

  @Test
  void resultsDoNotShareMemoryWithInputs() {
    NDArray fed = floats(1, 2);
    NDArray out = run(X, Map.of("x", fed));
    out.set(0, 9);
    assertThat(fed.get(0)).isEqualTo(1);
  }

  @Test
  void randomBitsFollowFromKeyPlaceAndPosition() {
    Node key = Node.constant(NDArray.of(new int[] {17, -4}, Shape.of(2)));
    int[] bits = run(Node.of(new RandomBits(Shape.of(40), 5), key)).toInts();
    long derived = CounterRandom.bits(17, -4, 5, 0);
    for (int i = 0; i < bits.length; i++) {
      assertThat(bits[i])
          .isEqualTo(CounterRandom.word(derived, i) >>> 8)
          .isBetween(0, (1 << 24) - 1);
    }
    assertThat(run(Node.of(new RandomBits(Shape.of(40), 6), key)).toInts()).isNotEqualTo(bits);
    assertThat(run(Node.of(new RandomBits(Shape.of(8, 5), 5), key)).toInts()).isEqualTo(bits);
  }

  @Test
  void errorFunctionIsGoodToFifteenDigits() {
    // Values of mpmath in 30 digits.
    double[][] table = {
      {1e-300, 1.1283791670955126e-300},
      {1e-8, 1.1283791670955126e-08},
      {0.1, 0.1124629160182849},
      {0.5, 0.5204998778130465},
      {1, 0.8427007929497149},
      {2, 0.9953222650189527},
      {2.9, 0.9999589021219005},
      {3.1, 0.9999883513426328},
      {4, 0.9999999845827421},
      {5.5, 0.9999999999999927},
      {7, 1},
      {Double.POSITIVE_INFINITY, 1}
    };
    for (double[] row : table) {
      assertThat(Special.erf(row[0])).isCloseTo(row[1], within(2e-15 * row[1]));
      assertThat(Special.erf(-row[0])).isEqualTo(-Special.erf(row[0]));
    }
    assertThat(Special.erf(Double.NaN)).isNaN();
    assertThat(1 / Special.erf(-0.0)).isEqualTo(Double.NEGATIVE_INFINITY);
  }
}
