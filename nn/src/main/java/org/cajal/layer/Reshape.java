package org.cajal.layer;

import java.util.ArrayList;
import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.Shape;

/**
 * The same elements of each sample under another shape, row-major: x [N, ...] → [N, dims...].
 *
 * @param dims the new sizes without the batch axis; one of them may be −1 and is inferred
 */
public record Reshape(List<Integer> dims) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws CajalException if a size is below −1, or more than one is −1
   */
  public Reshape {
    dims = List.copyOf(dims);
    if (dims.stream().anyMatch(d -> d < -1) || dims.stream().filter(d -> d == -1).count() > 1) {
      throw new CajalException(
          "[reshape] sizes are " + dims + "; they must be 0 or larger, and one may be -1");
    }
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    if (x.rank() == 0) {
      throw scope.error("needs a batch axis, found a scalar; instead of [] give it [N, ...]");
    }
    long have = x.shape().sub(1, x.rank()).size();
    long known =
        dims.stream().filter(d -> d >= 0).mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    boolean infer = dims.contains(-1);
    if (infer ? known == 0 || have % known != 0 : known != have) {
      throw scope.error(
          "a sample of "
              + x.shape()
              + " has "
              + have
              + " elements, which "
              + dims
              + " cannot hold; instead of reshape("
              + String.join(", ", dims.stream().map(String::valueOf).toList())
              + ") write sizes whose product is "
              + have);
    }
    List<Integer> out = new ArrayList<>(List.of(x.dim(0)));
    dims.forEach(d -> out.add(d == -1 ? Math.toIntExact(have / known) : d));
    return x.reshape(new Shape(out));
  }
}
