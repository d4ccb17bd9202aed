package org.cajal.run;

import java.lang.foreign.MemorySegment;
import org.cajal.type.CajalException;
import org.cajal.type.DType;

/** Slices by index: see {@link org.cajal.op.Gather}. All buffers are contiguous. */
public final class GatherKernel implements Kernel {
  private final DType indexType;
  private final long batches;
  private final long size;
  private final long places;
  private final long sliceBytes;
  private final Operand x;
  private final Operand index;
  private final Operand out;

  /**
   * A kernel of fixed shapes.
   *
   * @param indexType I32 or I64
   * @param batches the product of the batch axes
   * @param size n, the length of the indexed axis
   * @param places how many indices there are for each batch
   * @param sliceBytes the size of one slice
   */
  public GatherKernel(
      DType indexType,
      long batches,
      long size,
      long places,
      long sliceBytes,
      Operand x,
      Operand index,
      Operand out) {
    this.indexType = indexType;
    this.batches = batches;
    this.size = size;
    this.places = places;
    this.sliceBytes = sliceBytes;
    this.x = x;
    this.index = index;
    this.out = out;
  }

  @Override
  public String name() {
    return "gather " + batches + "x" + places + " of " + sliceBytes + " bytes";
  }

  @Override
  public int pieces(int stage) {
    long all = batches * places;
    return all == 0 ? 0 : Elements.pieces((double) all * (8 + sliceBytes / 8.0), 50_000, all);
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    MemorySegment from = table[x.buffer()];
    MemorySegment which = table[index.buffer()];
    MemorySegment to = table[out.buffer()];
    long all = batches * places;
    int pieces = pieces(stage);
    int width = indexType.bytes();
    long end = all * (piece + 1) / pieces;
    long first = all * piece / pieces;
    long batch = first / places;
    long next = (batch + 1) * places;
    for (long i = first; i < end; i++) {
      if (i == next) {
        batch++;
        next += places;
      }
      long j = Elements.index(indexType, which, index.offset() + i * width);
      if (j < 0 || j >= size) {
        throw outOfRange("gather", j, size);
      }
      long source = x.offset() + (batch * size + j) * sliceBytes;
      long target = out.offset() + i * sliceBytes;
      if (sliceBytes == 4) {
        to.set(Elements.I32, target, from.get(Elements.I32, source));
      } else if (sliceBytes == 8) {
        to.set(Elements.I64, target, from.get(Elements.I64, source));
      } else {
        MemorySegment.copy(from, source, to, target, sliceBytes);
      }
    }
  }

  static CajalException outOfRange(String operation, long index, long size) {
    return new CajalException(
        "[" + operation + "] index " + index + " is out of range for an axis of size " + size);
  }
}
