package org.cajal.data;

import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Examples stored as 32-bit whole numbers: class indices [N], codes of categories or of symbols [N,
 * ...].
 */
public final class IndexRows implements Rows {
  private final NDArray values;
  private final int size;
  private final Shape shape;

  /**
   * Rows over an array without a copy; the array must not change afterwards.
   *
   * @param values I32 [N, ...]
   * @throws CajalException if the type is not I32 or there is no first axis
   */
  public IndexRows(NDArray values) {
    if (values.dtype() != DType.I32 || values.shape().rank() == 0) {
      throw new CajalException(
          "[rows] I32 [N, ...] is expected, found "
              + values.dtype()
              + " "
              + values.shape()
              + "; cast or reshape it");
    }
    this.values = values;
    this.size = values.shape().dim(0);
    this.shape = values.shape().sub(1, values.shape().rank());
  }

  /** Rows of one number each. */
  public static IndexRows of(int... values) {
    return new IndexRows(NDArray.of(values, Shape.of(values.length)));
  }

  /** The stored values, I32 [N, ...]. */
  public NDArray values() {
    return values;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public DType dtype() {
    return DType.I32;
  }

  @Override
  public void gather(int[] rows, int from, int to, NDArray into) {
    Rows.check(this, rows, from, to, into);
    FloatRows.copyRows(
        values.memory(), shape.size() * Integer.BYTES, rows, from, to, into.memory());
  }
}
