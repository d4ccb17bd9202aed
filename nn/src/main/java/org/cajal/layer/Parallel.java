package org.cajal.layer;

import java.util.ArrayList;
import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;

/**
 * Several layers on the same input, merged. Each is named by its position: {@code 0}, {@code 1},
 * ...
 *
 * @param branches at least one
 * @param merge how their outputs become one
 * @param axis where outputs are concatenated, usually 1, the channels or features; of no meaning
 *     for sums
 */
public record Parallel(List<Layer> branches, Merge merge, int axis) implements Layer {
  /** How several outputs become one. */
  public enum Merge {
    /** Added; shapes must be equal. */
    SUM,
    /** One after the other along an axis; all other sizes must be equal. */
    CONCATENATE
  }

  /**
   * Fixes the list.
   *
   * @throws CajalException if there are no branches
   */
  public Parallel {
    branches = List.copyOf(branches);
    if (branches.isEmpty()) {
      throw new CajalException("[parallel] there are no branches; at least one is needed");
    }
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    List<Tensor> outputs = new ArrayList<>();
    for (int i = 0; i < branches.size(); i++) {
      outputs.add(scope.apply(Integer.toString(i), branches.get(i), x));
    }
    Tensor first = outputs.get(0);
    for (Tensor y : outputs) {
      boolean fits =
          merge == Merge.SUM
              ? y.shape().equals(first.shape())
              : y.rank() == first.rank()
                  && axis >= -y.rank()
                  && axis < y.rank()
                  && y.shape().with(axis, 0).equals(first.shape().with(axis, 0));
      if (!fits) {
        throw scope.error(
            "branches give "
                + outputs.stream().map(Tensor::shape).toList()
                + ", which "
                + (merge == Merge.SUM
                    ? "cannot be added; shapes must be equal"
                    : "cannot be joined along axis " + axis + "; all other sizes must be equal"));
      }
    }
    if (merge == Merge.CONCATENATE) {
      return outputs.size() == 1 ? first : Tensor.concatenate(axis, outputs);
    }
    Tensor sum = first;
    for (Tensor y : outputs.subList(1, outputs.size())) {
      sum = sum.plus(y);
    }
    return sum;
  }
}
