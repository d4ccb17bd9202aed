package org.cajal.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Windows over one long sequence of symbols: example i is the {@code length} symbols from {@code i
 * * stride + shift} on.
 */
public final class WindowRows implements Rows {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int[] symbols;
  private final int length;
  private final int stride;
  private final int shift;
  private final int size;

  /**
   * All windows, {@code shift} symbols further on, that leave room for {@code reserve} symbols
   * behind the unshifted ones.
   */
  WindowRows(int[] symbols, int length, int stride, int shift, int reserve) {
    if (length < 1 || stride < 1) {
      throw new CajalException(
          "[text] window length " + length + " and stride " + stride + " must be 1 or larger");
    }
    int room = symbols.length - length - reserve;
    if (room < 0) {
      throw new CajalException(
          "[text] "
              + symbols.length
              + " symbols are too few for one window of "
              + length
              + " and the "
              + reserve
              + " after it; use a longer text or shorter windows");
    }
    this.symbols = symbols;
    this.length = length;
    this.stride = stride;
    this.shift = shift;
    this.size = room / stride + 1;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Shape shape() {
    return Shape.of(length);
  }

  @Override
  public DType dtype() {
    return DType.I32;
  }

  @Override
  public void gather(int[] rows, int from, int to, NDArray into) {
    Rows.check(this, rows, from, to, into);
    for (int i = from; i < to; i++) {
      MemorySegment.copy(
          symbols,
          rows[i] * stride + shift,
          into.memory(),
          INT,
          (long) (i - from) * length * Integer.BYTES,
          length);
    }
  }
}
