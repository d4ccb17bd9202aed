package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/** The same elements in row-major order under another shape of the same size. */
public record Reshape(Shape to) implements Op.View {
  @Override
  public Shape shape(List<Node> inputs) {
    Shape from = inputs.get(0).shape();
    if (from.size() != to.size()) {
      throw error(from + " has " + from.size() + " elements, " + to + " has " + to.size());
    }
    return to;
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    return Arrays.asList(dy.reshape(y.input(0).shape()));
  }
}
