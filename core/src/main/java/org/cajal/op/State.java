package org.cajal.op;

import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/** The value a variable has when a run begins. */
public record State(Variable variable) implements Op.Leaf {
  @Override
  public DType type(List<Node> inputs) {
    return variable.dtype();
  }

  @Override
  public Shape shape(List<Node> inputs) {
    return variable.shape();
  }
}
