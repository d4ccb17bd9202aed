package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Uniform random whole numbers from 0 to 2^24 − 1 (exact in F32): I32 of the given shape, a pure
 * function of the key (I32 [2], an input), the place and the position. Threefry-2x32 with 20 rounds
 * (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
 *
 * @param dims the shape
 * @param place tells apart several uses of one key
 */
public record RandomBits(Shape dims, int place) implements Op.Indexed {
  @Override
  public DType type(List<Node> inputs) {
    return DType.I32;
  }

  @Override
  public Shape shape(List<Node> inputs) {
    if (inputs.get(0).dtype() != DType.I32 || !inputs.get(0).shape().equals(Shape.of(2))) {
      throw error(
          "the key must be I32 [2], found " + inputs.get(0).dtype() + " " + inputs.get(0).shape());
    }
    return dims;
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    return Arrays.asList((Node) null);
  }
}
