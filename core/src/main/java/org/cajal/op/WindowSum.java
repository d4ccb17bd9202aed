package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The sum of each window over the spatial axes of x [N, C, spatial...] → [N, C, out spatial...];
 * padding counts as 0.
 */
public record WindowSum(Window window) implements Op.Windowed {
  @Override
  public DType type(List<Node> inputs) {
    return floating(inputs.get(0).dtype());
  }

  @Override
  public Shape shape(List<Node> inputs) {
    return WindowArgMax.outShape(this, window, inputs.get(0).shape());
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    Shape x = y.input(0).shape();
    return Arrays.asList(Node.of(new WindowSumGradient(window, x.sub(2, x.rank()).dims()), dy));
  }
}
