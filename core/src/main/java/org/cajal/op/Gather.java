package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Slices by index: x [batch..., n, rest...] and index [batch..., places...] (I32 or I64) →
 * [batch..., places..., rest...]. An index outside 0 to n − 1 is refused when the program runs.
 *
 * @param batch the number of leading axes that x and index share
 */
public record Gather(int batch) implements Op.Indexed {
  @Override
  public DType type(List<Node> inputs) {
    if (!inputs.get(1).dtype().isInteger()) {
      throw error("the index must be I32 or I64, found " + inputs.get(1).dtype());
    }
    return inputs.get(0).dtype();
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape x = inputs.get(0).shape();
    Shape index = inputs.get(1).shape();
    if (x.rank() <= batch || index.rank() < batch || !x.sub(0, batch).equals(index.sub(0, batch))) {
      throw error("x " + x + " and index " + index + " do not share " + batch + " leading axes");
    }
    return index.concat(x.sub(batch + 1, x.rank()));
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    Node x = y.input(0);
    return Arrays.asList(Node.of(new ScatterAdd(batch), x.like(0), y.input(1), dy), null);
  }
}
