package org.cajal.grad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.cajal.graph.Graphs;
import org.cajal.graph.Verifier;
import org.cajal.op.Input;
import org.cajal.op.Node;
import org.cajal.op.StopGradient;
import org.cajal.op.Undifferentiable;
import org.cajal.run.Interpreter;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

final class BackpropagationTest {
  private static final Node X = Node.of(new Input("x", DType.F64, Shape.of(2)));
  private static final Node Y = Node.of(new Input("y", DType.F64, Shape.of(2)));
  private static final Map<String, NDArray> FEED =
      Map.of(
          "x",
          NDArray.of(new double[] {0.5, -2}, Shape.of(2)),
          "y",
          NDArray.of(new double[] {3, 4}, Shape.of(2)));

  private static Node gradient(Node output, Node wanted) {
    Node g =
        Backpropagation.gradients(List.of(output), List.of(output.like(1)), List.of(wanted)).get(0);
    Verifier.verify("gradients", List.of(g));
    return g;
  }

  private static double[] run(Node node) {
    return Interpreter.evaluate(List.of(node), FEED::get).get(0).toDoubles();
  }

  @Test
  void sharedNodesSumTheirGradients() {
    Node square = X.multiply(X);
    assertThat(run(gradient(square.add(square).add(X), X))).containsExactly(3, -7);
  }

  @Test
  void whatIsNotReachedHasZeros() {
    assertThat(gradient(X.exp(), Y)).isSameAs(Y.like(0));
    assertThat(gradient(Node.of(new StopGradient(), X), X)).isSameAs(X.like(0));
    assertThat(gradient(X.floor(), X)).isSameAs(X.like(0));
  }

  @Test
  void anOutputIsItsOwnGradient() {
    assertThat(gradient(X, X)).isSameAs(X.like(1));
  }

  @Test
  void seedsWeighTheOutputs() {
    List<Node> g =
        Backpropagation.gradients(
            List.of(X.multiply(Y), X), List.of(X.like(2), X.like(10)), List.of(X, Y));
    assertThat(run(g.get(0))).containsExactly(16, 18);
    assertThat(run(g.get(1))).containsExactly(1, -4);
  }

  @Test
  void innerNodesCanBeWanted() {
    Node inner = X.multiply(Y);
    List<Node> g =
        Backpropagation.gradients(
            List.of(inner.multiply(inner)), List.of(X.like(1)), List.of(inner, X));
    assertThat(run(g.get(0))).containsExactly(3, -16);
    assertThat(run(g.get(1))).containsExactly(9, -64);
  }

  @Test
  void gradientsCanBeTakenAgain() {
    Node y = X.sin();
    for (int order = 0; order < 4; order++) {
      y = gradient(y, X);
    }
    assertThat(run(y)[0]).isCloseTo(Math.sin(0.5), within(1e-15));
    assertThat(run(y)[1]).isCloseTo(Math.sin(-2), within(1e-15));
  }

  @Test
  void onlyWhatLeadsToTheWantedIsDifferentiated() {
    Node step = Node.of(new Undifferentiable("heaviside", "use sigmoid"), Y);
    assertThat(run(gradient(X.multiply(step), X))).containsExactly(3, 4);
    assertThatThrownBy(() -> gradient(X.multiply(step), Y))
        .isInstanceOf(CajalException.class)
        .hasMessageMatching(
            "\\[heaviside\\] has no useful gradient: it is 0 wherever it exists; use sigmoid"
                + " \\(built at BackpropagationTest\\.java:\\d+\\)");
  }

  @Test
  void deepGraphsDoNotRecurse() {
    Node y = X;
    for (int i = 0; i < 20_000; i++) {
      y = y.add(X);
    }
    Node g = gradient(y, X);
    assertThat(run(g)).containsExactly(20_001, 20_001);
    assertThat(Graphs.order(List.of(g))).hasSizeLessThan(50_000);
  }

  @Test
  void theUntakenSideOfAChoiceHasNoGradient() {
    Node zero = X.like(0);
    Node positive = zero.less(X);
    // Below 0 the logarithm is NaN, and must not show.
    assertThat(run(gradient(Node.select(positive, X.log(), X), X))).containsExactly(2, 1);
    // The root's slope is NaN there, and would show as 0 times NaN: its argument must be chosen,
    // too.
    assertThat(run(gradient(Node.select(positive, X.sqrt(), X), X))[1]).isNaN();
    Node safe = Node.select(positive, X, X.like(1));
    assertThat(run(gradient(Node.select(positive, safe.sqrt(), X), X))[1]).isEqualTo(1);
  }
}
