package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernel of matrix products in double precision: a tile of C is held in registers while one column of A after the
 * other is broadcast over the lanes and multiplied with one row of B. Its scalar twin is {@link ScalarProducts#tileF64}, which
 * gives the same bits: each element of C is one chain of fused multiply-adds over the inner dimension.
 *
 * <p>One method for each number of rows and vectors, unrolled by hand because only local variables stay in registers. All
 * methods take the same arguments, those of {@link #tile}; rows beyond {@code rows} repeat the last one and are not stored.
 */
final class TilesF64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  static final int BYTES = S.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ORDER);

  private TilesF64() {}

  /**
   * One tile: {@code C[i, j] = (add ? C[i, j] : 0) + sum over k of A[i, k] * B[k, j]}. All positions and steps are in bytes. A is
   * read one element at a time and may lie anyhow; rows of B must be readable for one whole vector if {@code columns} fits into
   * one and for two else; of C only the given rows and columns are touched.
   *
   * @param height the number of rows of the method to use, one of {@link Tiling#HEIGHTS}
   * @param depth the inner dimension
   * @param rows how many of the rows exist, 1 to height
   * @param columns how many columns exist, 1 to twice the number of lanes
   * @param add whether the sums are added to C
   */
  static void tile(
      int height,
      MemorySegment a, long aAt, long aRow, long aStep,
      MemorySegment b, long bAt, long bStep,
      MemorySegment c, long cAt, long cRow,
      int depth, int rows, int columns, boolean add) {
    if (columns > LANES) {
      switch (height) {
        case 6 -> tile6x2(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth, rows, columns, add);
        default -> tile1x2(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth, rows, columns, add);
      }
    } else {
      switch (height) {
        case 6 -> tile6x1(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth, rows, columns, add);
        default -> tile1x1(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth, rows, columns, add);
      }
    }
  }

  private static void tile6x2(
      MemorySegment a, long aAt, long aRow, long aStep,
      MemorySegment b, long bAt, long bStep,
      MemorySegment c, long cAt, long cRow,
      int depth, int rows, int columns, boolean add) {
    long a0 = aAt;
    long a1 = aAt + Math.min(1, rows - 1) * aRow;
    long a2 = aAt + Math.min(2, rows - 1) * aRow;
    long a3 = aAt + Math.min(3, rows - 1) * aRow;
    long a4 = aAt + Math.min(4, rows - 1) * aRow;
    long a5 = aAt + Math.min(5, rows - 1) * aRow;
    DoubleVector c0v0 = DoubleVector.zero(S);
    DoubleVector c0v1 = DoubleVector.zero(S);
    DoubleVector c1v0 = DoubleVector.zero(S);
    DoubleVector c1v1 = DoubleVector.zero(S);
    DoubleVector c2v0 = DoubleVector.zero(S);
    DoubleVector c2v1 = DoubleVector.zero(S);
    DoubleVector c3v0 = DoubleVector.zero(S);
    DoubleVector c3v1 = DoubleVector.zero(S);
    DoubleVector c4v0 = DoubleVector.zero(S);
    DoubleVector c4v1 = DoubleVector.zero(S);
    DoubleVector c5v0 = DoubleVector.zero(S);
    DoubleVector c5v1 = DoubleVector.zero(S);
    long ak = 0;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, b, bk, ORDER);
      DoubleVector b1 = DoubleVector.fromMemorySegment(S, b, bk + BYTES, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, a.get(DOUBLE, a0 + ak));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      DoubleVector x1 = DoubleVector.broadcast(S, a.get(DOUBLE, a1 + ak));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      DoubleVector x2 = DoubleVector.broadcast(S, a.get(DOUBLE, a2 + ak));
      c2v0 = x2.fma(b0, c2v0);
      c2v1 = x2.fma(b1, c2v1);
      DoubleVector x3 = DoubleVector.broadcast(S, a.get(DOUBLE, a3 + ak));
      c3v0 = x3.fma(b0, c3v0);
      c3v1 = x3.fma(b1, c3v1);
      DoubleVector x4 = DoubleVector.broadcast(S, a.get(DOUBLE, a4 + ak));
      c4v0 = x4.fma(b0, c4v0);
      c4v1 = x4.fma(b1, c4v1);
      DoubleVector x5 = DoubleVector.broadcast(S, a.get(DOUBLE, a5 + ak));
      c5v0 = x5.fma(b0, c5v0);
      c5v1 = x5.fma(b1, c5v1);
      ak += aStep;
      bk += bStep;
    }
    VectorMask<Double> last = S.indexInRange(LANES, columns);
    if (add) {
      c0v0 = c0v0.add(DoubleVector.fromMemorySegment(S, c, cAt, ORDER));
      c0v1 = c0v1.add(DoubleVector.fromMemorySegment(S, c, cAt + BYTES, ORDER, last));
    }
    c0v0.intoMemorySegment(c, cAt, ORDER);
    c0v1.intoMemorySegment(c, cAt + BYTES, ORDER, last);
    if (rows > 1) {
      long to = cAt + cRow;
      if (add) {
        c1v0 = c1v0.add(DoubleVector.fromMemorySegment(S, c, to, ORDER));
        c1v1 = c1v1.add(DoubleVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c1v0.intoMemorySegment(c, to, ORDER);
      c1v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 2) {
      long to = cAt + 2 * cRow;
      if (add) {
        c2v0 = c2v0.add(DoubleVector.fromMemorySegment(S, c, to, ORDER));
        c2v1 = c2v1.add(DoubleVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c2v0.intoMemorySegment(c, to, ORDER);
      c2v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 3) {
      long to = cAt + 3 * cRow;
      if (add) {
        c3v0 = c3v0.add(DoubleVector.fromMemorySegment(S, c, to, ORDER));
        c3v1 = c3v1.add(DoubleVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c3v0.intoMemorySegment(c, to, ORDER);
      c3v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 4) {
      long to = cAt + 4 * cRow;
      if (add) {
        c4v0 = c4v0.add(DoubleVector.fromMemorySegment(S, c, to, ORDER));
        c4v1 = c4v1.add(DoubleVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c4v0.intoMemorySegment(c, to, ORDER);
      c4v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 5) {
      long to = cAt + 5 * cRow;
      if (add) {
        c5v0 = c5v0.add(DoubleVector.fromMemorySegment(S, c, to, ORDER));
        c5v1 = c5v1.add(DoubleVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c5v0.intoMemorySegment(c, to, ORDER);
      c5v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
  }

  private static void tile1x2(
      MemorySegment a, long aAt, long aRow, long aStep,
      MemorySegment b, long bAt, long bStep,
      MemorySegment c, long cAt, long cRow,
      int depth, int rows, int columns, boolean add) {
    long a0 = aAt;
    DoubleVector c0v0 = DoubleVector.zero(S);
    DoubleVector c0v1 = DoubleVector.zero(S);
    long ak = 0;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, b, bk, ORDER);
      DoubleVector b1 = DoubleVector.fromMemorySegment(S, b, bk + BYTES, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, a.get(DOUBLE, a0 + ak));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      ak += aStep;
      bk += bStep;
    }
    VectorMask<Double> last = S.indexInRange(LANES, columns);
    if (add) {
      c0v0 = c0v0.add(DoubleVector.fromMemorySegment(S, c, cAt, ORDER));
      c0v1 = c0v1.add(DoubleVector.fromMemorySegment(S, c, cAt + BYTES, ORDER, last));
    }
    c0v0.intoMemorySegment(c, cAt, ORDER);
    c0v1.intoMemorySegment(c, cAt + BYTES, ORDER, last);
  }

  private static void tile6x1(
      MemorySegment a, long aAt, long aRow, long aStep,
      MemorySegment b, long bAt, long bStep,
      MemorySegment c, long cAt, long cRow,
      int depth, int rows, int columns, boolean add) {
    long a0 = aAt;
    long a1 = aAt + Math.min(1, rows - 1) * aRow;
    long a2 = aAt + Math.min(2, rows - 1) * aRow;
    long a3 = aAt + Math.min(3, rows - 1) * aRow;
    long a4 = aAt + Math.min(4, rows - 1) * aRow;
    long a5 = aAt + Math.min(5, rows - 1) * aRow;
    DoubleVector c0 = DoubleVector.zero(S);
    DoubleVector c1 = DoubleVector.zero(S);
    DoubleVector c2 = DoubleVector.zero(S);
    DoubleVector c3 = DoubleVector.zero(S);
    DoubleVector c4 = DoubleVector.zero(S);
    DoubleVector c5 = DoubleVector.zero(S);
    long ak = 0;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, b, bk, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, a.get(DOUBLE, a0 + ak));
      c0 = x0.fma(b0, c0);
      DoubleVector x1 = DoubleVector.broadcast(S, a.get(DOUBLE, a1 + ak));
      c1 = x1.fma(b0, c1);
      DoubleVector x2 = DoubleVector.broadcast(S, a.get(DOUBLE, a2 + ak));
      c2 = x2.fma(b0, c2);
      DoubleVector x3 = DoubleVector.broadcast(S, a.get(DOUBLE, a3 + ak));
      c3 = x3.fma(b0, c3);
      DoubleVector x4 = DoubleVector.broadcast(S, a.get(DOUBLE, a4 + ak));
      c4 = x4.fma(b0, c4);
      DoubleVector x5 = DoubleVector.broadcast(S, a.get(DOUBLE, a5 + ak));
      c5 = x5.fma(b0, c5);
      ak += aStep;
      bk += bStep;
    }
    VectorMask<Double> last = S.indexInRange(0, columns);
    if (add) {
      c0 = c0.add(DoubleVector.fromMemorySegment(S, c, cAt, ORDER, last));
    }
    c0.intoMemorySegment(c, cAt, ORDER, last);
    if (rows > 1) {
      long to = cAt + cRow;
      if (add) {
        c1 = c1.add(DoubleVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c1.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 2) {
      long to = cAt + 2 * cRow;
      if (add) {
        c2 = c2.add(DoubleVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c2.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 3) {
      long to = cAt + 3 * cRow;
      if (add) {
        c3 = c3.add(DoubleVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c3.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 4) {
      long to = cAt + 4 * cRow;
      if (add) {
        c4 = c4.add(DoubleVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c4.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 5) {
      long to = cAt + 5 * cRow;
      if (add) {
        c5 = c5.add(DoubleVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c5.intoMemorySegment(c, to, ORDER, last);
    }
  }

  private static void tile1x1(
      MemorySegment a, long aAt, long aRow, long aStep,
      MemorySegment b, long bAt, long bStep,
      MemorySegment c, long cAt, long cRow,
      int depth, int rows, int columns, boolean add) {
    long a0 = aAt;
    DoubleVector c0 = DoubleVector.zero(S);
    long ak = 0;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, b, bk, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, a.get(DOUBLE, a0 + ak));
      c0 = x0.fma(b0, c0);
      ak += aStep;
      bk += bStep;
    }
    VectorMask<Double> last = S.indexInRange(0, columns);
    if (add) {
      c0 = c0.add(DoubleVector.fromMemorySegment(S, c, cAt, ORDER, last));
    }
    c0.intoMemorySegment(c, cAt, ORDER, last);
  }
}
