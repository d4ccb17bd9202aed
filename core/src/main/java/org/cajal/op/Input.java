package org.cajal.op;

import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/** A value fed at each run, known by its name. */
public record Input(String label, DType dtype, Shape dims) implements Op.Leaf {
  @Override
  public DType type(List<Node> inputs) {
    return dtype;
  }

  @Override
  public Shape shape(List<Node> inputs) {
    return dims;
  }
}
