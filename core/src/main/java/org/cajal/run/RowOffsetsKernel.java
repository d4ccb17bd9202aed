package org.cajal.run;

import java.lang.foreign.MemorySegment;
import org.cajal.type.DType;

/**
 * Where the rows lie that indices ask for, as byte offsets in I64, for loops that read rows of a
 * table by index: each index is checked once. All buffers are contiguous.
 */
public final class RowOffsetsKernel implements Kernel {
  private final DType indexType;
  private final long places;
  private final long size;
  private final long rowBytes;
  private final Operand index;
  private final Operand out;

  /**
   * A kernel of fixed shapes.
   *
   * @param indexType I32 or I64
   * @param places how many indices there are
   * @param size the number of rows; an index from 0 to one less is allowed
   * @param rowBytes from one row to the next
   */
  public RowOffsetsKernel(
      DType indexType, long places, long size, long rowBytes, Operand index, Operand out) {
    this.indexType = indexType;
    this.places = places;
    this.size = size;
    this.rowBytes = rowBytes;
    this.index = index;
    this.out = out;
  }

  @Override
  public String name() {
    return "row offsets " + places + " of " + size;
  }

  @Override
  public int pieces(int stage) {
    return places == 0 ? 0 : Elements.pieces((double) places, 20_000, places);
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    MemorySegment from = table[index.buffer()];
    MemorySegment to = table[out.buffer()];
    int pieces = pieces(stage);
    long end = places * (piece + 1) / pieces;
    for (long i = places * piece / pieces; i < end; i++) {
      long row = Elements.index(indexType, from, index.offset() + i * indexType.bytes());
      if (row < 0 || row >= size) {
        throw GatherKernel.outOfRange("gather", row, size);
      }
      to.set(Elements.I64, out.offset() + i * Long.BYTES, row * rowBytes);
    }
  }

  @Override
  public double bytes() {
    return (double) places * (indexType.bytes() + Long.BYTES);
  }
}
