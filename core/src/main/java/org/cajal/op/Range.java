package org.cajal.op;

import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/** The numbers 0, 1, ... length − 1 on one axis. */
public record Range(DType dtype, int length) implements Op.Leaf {
  @Override
  public DType type(List<Node> inputs) {
    return numeric(dtype);
  }

  @Override
  public Shape shape(List<Node> inputs) {
    return Shape.of(length);
  }
}
