package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.type.CajalException;
import org.cajal.type.DType;

/**
 * Adds wide rows by index to a matrix that holds the base already: see {@link
 * org.cajal.op.ScatterAdd}. All buffers are contiguous. Pieces own columns, so that additions to
 * one element keep their order.
 */
public final class WideScatterAdd implements Kernel {
  /** The fewest columns of a piece. */
  private static final int COLUMNS = 64;

  private static final int MOST_PIECES = 16;
  private static final long PIECE_ELEMENTS = 20_000;

  private final DType type;
  private final boolean longIndex;
  private final long size;
  private final long places;
  private final int width;
  private final int pieces;
  private final Operand index;
  private final Operand source;
  private final Operand out;

  /**
   * A kernel of fixed shapes.
   *
   * @param type F32 or F64
   * @param indexType I32 or I64
   * @param size the number of rows of the result
   * @param places how many rows are added
   * @param width the length of a row, for which {@link #fits} is true
   * @param out the base, added to in place
   */
  public WideScatterAdd(
      DType type,
      DType indexType,
      long size,
      long places,
      int width,
      Operand index,
      Operand source,
      Operand out) {
    this.type = type;
    this.longIndex = indexType == DType.I64;
    this.size = size;
    this.places = places;
    this.width = width;
    this.index = index;
    this.source = source;
    this.out = out;
    long worth = places * width / PIECE_ELEMENTS;
    pieces = Math.clamp(worth, 1, Math.min(MOST_PIECES, width / COLUMNS));
  }

  /** Whether there are vectors, and rows are wide enough to be shared by pieces. */
  public static boolean fits(DType type, long width) {
    return Simd.available()
        && type.isFloating()
        && width >= 4 * COLUMNS
        && width <= Integer.MAX_VALUE
        && width % COLUMNS == 0;
  }

  @Override
  public String name() {
    return "scatterAdd " + places + " of " + width;
  }

  @Override
  public int pieces(int stage) {
    return pieces;
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    MemorySegment which = table[index.buffer()];
    int blocks = width / COLUMNS;
    int begin = blocks * piece / pieces * COLUMNS;
    int columns = blocks * (piece + 1) / pieces * COLUMNS - begin;
    long row = (long) width * type.bytes();
    long column = (long) begin * type.bytes();
    for (long i = 0; i < places; i++) {
      long j =
          longIndex
              ? which.get(ValueLayout.JAVA_LONG_UNALIGNED, index.offset() + 8 * i)
              : which.get(ValueLayout.JAVA_INT_UNALIGNED, index.offset() + 4 * i);
      if (j < 0 || j >= size) {
        throw new CajalException(
            "[scatteradd] index " + j + " is out of range for an axis of size " + size);
      }
      Strips.store(
          type,
          table[source.buffer()],
          source.offset() + i * row + column,
          row,
          table[out.buffer()],
          out.offset() + j * row + column,
          row,
          1,
          columns,
          true);
    }
  }

  @Override
  public double bytes() {
    return (double) places * width * type.bytes();
  }
}
