package org.cajal.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The axes in another order.
 *
 * @param permutation axis i of the result is axis permutation[i] of the input
 */
public record Transpose(List<Integer> permutation) implements Op.View {
  /** Fixes the permutation. */
  public Transpose {
    permutation = List.copyOf(permutation);
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape from = inputs.get(0).shape();
    List<Integer> sorted = new ArrayList<>(permutation);
    Collections.sort(sorted);
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      if (sorted.get(i) != i || sorted.size() != from.rank()) {
        throw error(permutation + " is not an order of the " + from.rank() + " axes of " + from);
      }
    }
    if (sorted.size() != from.rank()) {
      throw error(permutation + " is not an order of the " + from.rank() + " axes of " + from);
    }
    for (int axis : permutation) {
      dims.add(from.dim(axis));
    }
    return new Shape(dims);
  }

  /** The permutation that undoes this one. */
  public List<Integer> inverse() {
    Integer[] inverse = new Integer[permutation.size()];
    for (int i = 0; i < inverse.length; i++) {
      inverse[permutation.get(i)] = i;
    }
    return Arrays.asList(inverse);
  }

  @Override
  public List<@Nullable Node> vjp(Node dy, Node y) {
    return Arrays.asList(dy.transpose(inverse()));
  }
}
