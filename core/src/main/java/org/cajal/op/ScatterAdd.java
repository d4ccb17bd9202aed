package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Slices added by index: a copy of x [batch..., n, rest...] to which source [batch..., places...,
 * rest...] is added at index [batch..., places...] (I32 or I64), in the order of the places. An
 * index outside 0 to n − 1 is refused when the program runs.
 *
 * @param batch the number of leading axes that all three share
 */
public record ScatterAdd(int batch) implements Op.Indexed {
  @Override
  public DType type(List<Node> inputs) {
    if (!inputs.get(1).dtype().isInteger()) {
      throw error("the index must be I32 or I64, found " + inputs.get(1).dtype());
    }
    return numeric(same(inputs.get(0).dtype(), inputs.get(2).dtype()));
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape x = inputs.get(0).shape();
    Shape index = inputs.get(1).shape();
    Shape source = inputs.get(2).shape();
    if (x.rank() <= batch
        || index.rank() < batch
        || !x.sub(0, batch).equals(index.sub(0, batch))
        || !source.equals(index.concat(x.sub(batch + 1, x.rank())))) {
      throw error(
          "x "
              + x
              + ", index "
              + index
              + " and source "
              + source
              + " do not fit with "
              + batch
              + " leading axes");
    }
    return x;
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    return Arrays.asList(dy, null, Node.of(new Gather(batch), dy, y.input(1)));
  }
}
