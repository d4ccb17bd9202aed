package org.cajal.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.cajal.op.Exp;
import org.cajal.op.Input;
import org.cajal.op.Node;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

final class GraphsTest {
  private static final Node X = Node.of(new Input("x", DType.F32, Shape.of(2)));

  @Test
  void inputsComeBeforeTheirUsers() {
    Node y = X.exp();
    Node z = y.add(X);
    assertThat(Graphs.order(List.of(z))).containsExactly(X, y, z);
    assertThat(Graphs.order(List.of(z, y, X))).containsExactly(X, y, z);
  }

  @Test
  void usesCountOperandsAndOutputs() {
    Node y = X.exp();
    Node z = y.add(y);
    assertThat(Graphs.uses(List.of(z, y)))
        .containsExactlyInAnyOrderEntriesOf(Map.of(X, 1, y, 3, z, 1));
  }

  @Test
  void rewritingReplacesAndKeepsSharing() {
    Node y = X.exp();
    Node z = y.add(y);
    Map<Node, Node> renewed =
        Graphs.rewrite(
            List.of(z),
            (node, in) -> node.op() instanceof Exp ? in.get(0).negate() : Node.of(node.op(), in));
    assertThat(Graphs.get(renewed, z)).isSameAs(X.negate().add(X.negate()));
  }

  @Test
  void deepGraphsDoNotRecurse() {
    Node y = X;
    for (int i = 0; i < 100_000; i++) {
      y = y.add(X);
    }
    assertThat(Graphs.order(List.of(y))).hasSize(100_001);
    Verifier.verify("test", List.of(y));
  }

  @Test
  void printsALineForEachNode() {
    assertThat(Graphs.print(List.of(X.exp())).lines())
        .hasSize(2)
        .last()
        .asString()
        .contains("Exp[]")
        .endsWith(": F32 [2]");
  }

  @Test
  void missingEntriesAreBugs() {
    assertThatThrownBy(() -> Graphs.get(Map.of(), X)).isInstanceOf(IllegalStateException.class);
  }
}
