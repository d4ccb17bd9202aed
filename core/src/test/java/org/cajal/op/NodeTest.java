package org.cajal.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

final class NodeTest {
  private static final Node X = Node.of(new Input("x", DType.F32, Shape.of(2, 3)));

  @Test
  void equalOperationsOnEqualInputsAreOneNode() {
    assertThat(X.exp()).isSameAs(X.exp()).isNotSameAs(X.log());
    assertThat(X.like(2)).isSameAs(X.like(2)).isNotSameAs(X.like(3));
    assertThat(X.transpose(List.of(1, 0))).isSameAs(X.swapLast());
    assertThat(Node.of(new Input("x", DType.F32, Shape.of(2, 3)))).isSameAs(X);
  }

  @Test
  void variablesAreEqualByIdentity() {
    Node a = Node.of(new State(new Variable("v", DType.F32, Shape.of(2))));
    Node b = Node.of(new State(new Variable("v", DType.F32, Shape.of(2))));
    assertThat(a).isNotSameAs(b);
  }

  @Test
  void inputsAreOlderThanTheirUsers() {
    Node y = X.exp().add(X);
    assertThat(y.id()).isGreaterThan(y.input(0).id()).isGreaterThan(y.input(1).id());
  }

  @Test
  void nothingIsMadeWhereNothingChanges() {
    assertThat(X.cast(DType.F32)).isSameAs(X);
    assertThat(X.reshape(Shape.of(2, 3))).isSameAs(X);
    assertThat(X.broadcast(Shape.of(2, 3))).isSameAs(X);
    assertThat(X.transpose(List.of(0, 1))).isSameAs(X);
    assertThat(X.sum(List.of())).isSameAs(X);
  }

  @Test
  void typesAndShapesAreKnownAtOnce() {
    Node y = X.sum(List.of(1));
    assertThat(y.shape()).isEqualTo(Shape.of(2, 1));
    assertThat(X.less(X).dtype()).isEqualTo(DType.BOOL);
    assertThat(Node.of(new ArgMax(1), X).dtype()).isEqualTo(DType.I32);
    assertThat(X.toString())
        .matches("%\\d+ = Input\\[label=x, dtype=F32, dims=\\[2, 3\\]\\] \\[\\] : F32 \\[2, 3\\]");
  }

  @Test
  void variablesBeginWithTheirFirstValueCopied() {
    NDArray first = NDArray.of(new float[] {1, 2}, Shape.of(2));
    Variable v = new Variable("v", first);
    first.set(0, 9);
    assertThat(v.value().toFloats()).containsExactly(1, 2);
    assertThat(new Variable("z", DType.I32, Shape.of(2)).value().toInts()).containsExactly(0, 0);
  }
}
