package org.cajal.data;

import java.lang.foreign.MemorySegment;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Examples stored as single-precision numbers; a gather in that type is one memory copy an example.
 * Images of numbers that are no bytes are stored so too, and are then read with a scaling a
 * channel.
 */
public final class FloatRows implements Rows {
  private final NDArray values;
  private final int size;
  private final Shape shape;
  private final @Nullable ImageScaling scaling;

  /**
   * Rows over an array without a copy; the array must not change afterwards.
   *
   * @param values F32 [N, ...]
   * @throws CajalException if the type is not F32 or there is no first axis
   */
  public FloatRows(NDArray values) {
    this(values, null);
  }

  private FloatRows(NDArray values, @Nullable ImageScaling scaling) {
    if (values.dtype() != DType.F32 || values.shape().rank() == 0) {
      throw new CajalException(
          "[rows] F32 [N, ...] is expected, found "
              + values.dtype()
              + " "
              + values.shape()
              + "; cast or reshape it");
    }
    this.values = values;
    this.size = values.shape().dim(0);
    this.shape = values.shape().sub(1, values.shape().rank());
    this.scaling = scaling;
  }

  /**
   * The same images [C, H, W] read as {@code (value - mean) / deviation} with the channel's mean
   * and deviation.
   */
  FloatRows scaled(ImageScaling by) {
    if (shape.rank() != 3 || by.channels() != shape.dim(0)) {
      throw new CajalException(
          "[images] the scaling has "
              + by.channels()
              + " channels, the examples are "
              + shape
              + "; [channels, height, width] is expected");
    }
    return new FloatRows(values, by);
  }

  /** The stored values, F32 [N, ...]. */
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
    return DType.F32;
  }

  @Override
  public void gather(int[] rows, int from, int to, NDArray into) {
    Rows.check(this, rows, from, to, into);
    if (scaling != null) {
      gatherScaled(scaling, rows, from, to, into);
      return;
    }
    if (into.dtype() == DType.F32) {
      copyRows(values.memory(), shape.size() * Float.BYTES, rows, from, to, into.memory());
      return;
    }
    long count = shape.size();
    for (int i = from; i < to; i++) {
      for (long j = 0; j < count; j++) {
        into.set((i - from) * count + j, values.get(rows[i] * count + j));
      }
    }
  }

  private void gatherScaled(ImageScaling by, int[] rows, int from, int to, NDArray into) {
    int count = Math.toIntExact(shape.size());
    int plane = count / shape.dim(0);
    for (int i = from; i < to; i++) {
      for (int j = 0; j < count; j++) {
        double value = values.get((long) rows[i] * count + j);
        int channel = j / plane;
        into.set(
            (long) (i - from) * count + j,
            (value - by.mean().get(channel)) / by.deviation().get(channel));
      }
    }
  }

  static void copyRows(
      MemorySegment source, long bytes, int[] rows, int from, int to, MemorySegment target) {
    for (int i = from; i < to; i++) {
      MemorySegment.copy(source, rows[i] * bytes, target, (i - from) * bytes, bytes);
    }
  }
}
