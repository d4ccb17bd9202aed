package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Batched matrix product [batch..., m, k] × [batch..., k, n] → [batch..., m, n]; the batch axes
 * agree.
 */
public record MatMul() implements Op.Contraction {
  @Override
  public Shape shape(List<Node> inputs) {
    Shape a = inputs.get(0).shape();
    Shape b = inputs.get(1).shape();
    int rank = a.rank();
    if (rank < 2 || b.rank() != rank || !a.sub(0, rank - 2).equals(b.sub(0, rank - 2))) {
      throw error("batch axes differ: " + a + " × " + b);
    }
    if (a.dim(-1) != b.dim(-2)) {
      throw error("inner dimensions differ: " + a + " × " + b);
    }
    return a.with(-1, b.dim(-1));
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    Node a = y.input(0);
    Node b = y.input(1);
    return Arrays.asList(Node.of(this, dy, b.swapLast()), Node.of(this, a.swapLast(), dy));
  }
}
