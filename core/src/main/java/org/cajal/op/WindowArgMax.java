package org.cajal.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Where the maximum of each window lies: x [N, C, spatial...] → I32 [N, C, out spatial...], the
 * flat position within the unpadded spatial axes, the first of ties; NaN wins; padding never does.
 * The maxima themselves are a {@link Gather}, so that their gradients, of any order, are scatters
 * and gathers by the same positions.
 */
public record WindowArgMax(Window window) implements Op.Windowed {
  @Override
  public DType type(List<Node> inputs) {
    floating(inputs.get(0).dtype());
    return DType.I32;
  }

  @Override
  public Shape shape(List<Node> inputs) {
    return outShape(this, window, inputs.get(0).shape());
  }

  static Shape outShape(Op op, Window window, Shape x) {
    int d = window.kernel().size();
    if (x.rank() != d + 2) {
      throw op.error("needs [N, C, " + d + " spatial axes], found " + x);
    }
    List<Integer> dims = new ArrayList<>(List.of(x.dim(0), x.dim(1)));
    for (int i = 0; i < d; i++) {
      int out = window.out(i, x.dim(i + 2));
      if (out < 1) {
        throw op.error("the window " + window.kernel() + " is larger than the padded input " + x);
      }
      dims.add(out);
    }
    return new Shape(dims);
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    return Arrays.asList((Node) null);
  }
}
