package org.cajal.run;

import java.lang.foreign.MemorySegment;
import org.cajal.type.DType;

/**
 * Adds slices by index to a buffer that holds the base already: see {@link
 * org.cajal.op.ScatterAdd}. All buffers are contiguous. Pieces own batches, or ranges of targets
 * within the only batch, so that additions to one target keep their order.
 */
public final class ScatterAddKernel implements Kernel {
  private final DType type;
  private final DType indexType;
  private final long batches;
  private final long size;
  private final long places;
  private final long slice;
  private final Operand index;
  private final Operand source;
  private final Operand out;

  /**
   * A kernel of fixed shapes.
   *
   * @param type of the added elements
   * @param indexType I32 or I64
   * @param batches the product of the batch axes
   * @param size n, the length of the indexed axis
   * @param places how many indices there are for each batch
   * @param slice the number of elements of one slice
   * @param out the base, added to in place
   */
  public ScatterAddKernel(
      DType type,
      DType indexType,
      long batches,
      long size,
      long places,
      long slice,
      Operand index,
      Operand source,
      Operand out) {
    this.type = type;
    this.indexType = indexType;
    this.batches = batches;
    this.size = size;
    this.places = places;
    this.slice = slice;
    this.index = index;
    this.source = source;
    this.out = out;
  }

  @Override
  public String name() {
    return "scatterAdd " + batches + "x" + places + " of " + slice;
  }

  @Override
  public int pieces(int stage) {
    return Elements.pieces(
        (double) batches * places * (4 + slice), 20_000, batches > 1 ? batches : Math.min(size, 8));
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    MemorySegment which = table[index.buffer()];
    MemorySegment from = table[source.buffer()];
    MemorySegment to = table[out.buffer()];
    int pieces = pieces(stage);
    boolean byBatch = batches > 1;
    long firstBatch = byBatch ? batches * piece / pieces : 0;
    long lastBatch = byBatch ? batches * (piece + 1) / pieces : batches;
    long low = byBatch ? 0 : size * piece / pieces;
    long high = byBatch ? size : size * (piece + 1) / pieces;
    int width = type.bytes();
    if (byBatch && slice == 1 && type == DType.F32 && indexType == DType.I32) {
      for (long b = firstBatch; b < lastBatch; b++) {
        addSingles(which, from, to, b);
      }
      return;
    }
    for (long b = firstBatch; b < lastBatch; b++) {
      for (long p = 0; p < places; p++) {
        long i = b * places + p;
        long j = Elements.index(indexType, which, index.offset() + i * indexType.bytes());
        if (j < 0 || j >= size) {
          throw GatherKernel.outOfRange("scatteradd", j, size);
        }
        if (j < low || j >= high) {
          continue;
        }
        long source0 = source.offset() + i * slice * width;
        long target0 = out.offset() + (b * size + j) * slice * width;
        if (type == DType.F32) {
          for (long e = 0; e < 4 * slice; e += 4) {
            to.set(
                Elements.F32,
                target0 + e,
                to.get(Elements.F32, target0 + e) + from.get(Elements.F32, source0 + e));
          }
        } else {
          for (long e = 0; e < slice * width; e += width) {
            Elements.set(
                type,
                to,
                target0 + e,
                Elements.get(type, to, target0 + e) + Elements.get(type, from, source0 + e));
          }
        }
      }
    }
  }

  /** Adds single elements in F32 for one batch, as the gradient of a maximum of windows needs. */
  private void addSingles(MemorySegment which, MemorySegment from, MemorySegment to, long batch) {
    long indexAt = index.offset() + 4 * batch * places;
    long sourceAt = source.offset() + 4 * batch * places;
    long targetAt = out.offset() + 4 * batch * size;
    for (int p = 0; p < places; p++) {
      int j = which.get(Elements.I32, indexAt + 4L * p);
      if (j < 0 || j >= size) {
        throw GatherKernel.outOfRange("scatteradd", j, size);
      }
      long target = targetAt + 4L * j;
      to.set(
          Elements.F32,
          target,
          to.get(Elements.F32, target) + from.get(Elements.F32, sourceAt + 4L * p));
    }
  }
}
