package org.cajal.op;

import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/** Values known when the graph is built. The array must not be changed afterwards. */
public record Constant(NDArray value) implements Op.Leaf {
  @Override
  public DType type(List<Node> inputs) {
    return value.dtype();
  }

  @Override
  public Shape shape(List<Node> inputs) {
    return value.shape();
  }
}
