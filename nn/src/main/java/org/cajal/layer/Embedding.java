package org.cajal.layer;

import org.cajal.init.Fans;
import org.cajal.init.Initializer;
import org.cajal.tensor.Tensor;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/**
 * A learned vector for each category or token: indices [N, ...] → [N, ..., size]. Indices are I32
 * or I64, or whole numbers in floating point; one outside 0 to count − 1 is refused when the
 * program runs. Parameter: "weight" [count, size].
 *
 * @param count the number of categories
 * @param size the length of a vector
 * @param paddingIndex an index whose vector starts at 0 and is not trained; {@link #NO_PADDING} for
 *     none
 * @param weights the start of the vectors; {@link Layers#embedding} takes normal numbers with
 *     standard deviation 1/√size, so that vectors have length 1 or so
 */
public record Embedding(int count, int size, int paddingIndex, Initializer weights)
    implements Layer {
  /** All vectors are trained. */
  public static final int NO_PADDING = -1;

  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is too small, or the padding index is no
   *     category
   */
  public Embedding {
    Checks.atLeast("embedding", "count", count, 1);
    Checks.atLeast("embedding", "size", size, 1);
    Checks.between("embedding", "padding index", paddingIndex, NO_PADDING, count - 1);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    if (x.dtype() == DType.BOOL) {
      throw scope.error("needs indices, found BOOL " + x.shape() + "; write x.cast(I32)");
    }
    Tensor index = x.dtype().isInteger() ? x : whole(x);
    Tensor weight =
        scope.parameter(
            "weight",
            Shape.of(count, size),
            weights,
            Fans.dense(size, count),
            values -> {
              for (long i = 0; paddingIndex != NO_PADDING && i < size; i++) {
                values.set((long) paddingIndex * size + i, 0);
              }
            });
    Tensor vectors = weight.take(index, 0);
    return paddingIndex == NO_PADDING
        ? vectors
        : Tensor.where(index.equalTo(paddingIndex).expandDims(-1), vectors.stopGradient(), vectors);
  }

  /** Floating numbers as indices; −1, which no row has, where they are not whole. */
  private static Tensor whole(Tensor x) {
    Tensor index = x.cast(DType.I32);
    return Tensor.where(index.cast(x.dtype()).equalTo(x), index, Tensor.scalar(DType.I32, -1));
  }
}
