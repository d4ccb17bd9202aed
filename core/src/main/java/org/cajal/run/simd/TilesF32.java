package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernel of matrix products in single precision: a tile of C is held in registers while one column of A after the
 * other is broadcast over the lanes and multiplied with one row of B. Its scalar twin is {@link ScalarProducts#tileF32}, which
 * gives the same bits: each element of C is one chain of fused multiply-adds over the inner dimension.
 *
 * <p>One method for each number of rows and vectors, unrolled by hand because only local variables stay in registers. All
 * methods take the same arguments, those of {@link #tile}; rows beyond {@code rows} repeat the last one and are not stored.
 */
final class TilesF32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  static final int BYTES = S.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);

  private TilesF32() {}

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
        case 14 -> tile14x2(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth, rows, columns, add);
        case 6 -> tile6x2(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth, rows, columns, add);
        case 4 -> tile4x2(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth, rows, columns, add);
        default -> tile1x2(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth, rows, columns, add);
      }
    } else {
      switch (height) {
        case 14 -> tile14x1(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth, rows, columns, add);
        case 6 -> tile6x1(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth, rows, columns, add);
        case 4 -> tile4x1(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth, rows, columns, add);
        default -> tile1x1(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth, rows, columns, add);
      }
    }
  }

  private static void tile14x2(
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
    long a6 = aAt + Math.min(6, rows - 1) * aRow;
    long a7 = aAt + Math.min(7, rows - 1) * aRow;
    long a8 = aAt + Math.min(8, rows - 1) * aRow;
    long a9 = aAt + Math.min(9, rows - 1) * aRow;
    long a10 = aAt + Math.min(10, rows - 1) * aRow;
    long a11 = aAt + Math.min(11, rows - 1) * aRow;
    long a12 = aAt + Math.min(12, rows - 1) * aRow;
    long a13 = aAt + Math.min(13, rows - 1) * aRow;
    FloatVector c0v0 = FloatVector.zero(S);
    FloatVector c0v1 = FloatVector.zero(S);
    FloatVector c1v0 = FloatVector.zero(S);
    FloatVector c1v1 = FloatVector.zero(S);
    FloatVector c2v0 = FloatVector.zero(S);
    FloatVector c2v1 = FloatVector.zero(S);
    FloatVector c3v0 = FloatVector.zero(S);
    FloatVector c3v1 = FloatVector.zero(S);
    FloatVector c4v0 = FloatVector.zero(S);
    FloatVector c4v1 = FloatVector.zero(S);
    FloatVector c5v0 = FloatVector.zero(S);
    FloatVector c5v1 = FloatVector.zero(S);
    FloatVector c6v0 = FloatVector.zero(S);
    FloatVector c6v1 = FloatVector.zero(S);
    FloatVector c7v0 = FloatVector.zero(S);
    FloatVector c7v1 = FloatVector.zero(S);
    FloatVector c8v0 = FloatVector.zero(S);
    FloatVector c8v1 = FloatVector.zero(S);
    FloatVector c9v0 = FloatVector.zero(S);
    FloatVector c9v1 = FloatVector.zero(S);
    FloatVector c10v0 = FloatVector.zero(S);
    FloatVector c10v1 = FloatVector.zero(S);
    FloatVector c11v0 = FloatVector.zero(S);
    FloatVector c11v1 = FloatVector.zero(S);
    FloatVector c12v0 = FloatVector.zero(S);
    FloatVector c12v1 = FloatVector.zero(S);
    FloatVector c13v0 = FloatVector.zero(S);
    FloatVector c13v1 = FloatVector.zero(S);
    long ak = 0;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, b, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, b, bk + BYTES, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, a.get(FLOAT, a0 + ak));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      FloatVector x1 = FloatVector.broadcast(S, a.get(FLOAT, a1 + ak));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      FloatVector x2 = FloatVector.broadcast(S, a.get(FLOAT, a2 + ak));
      c2v0 = x2.fma(b0, c2v0);
      c2v1 = x2.fma(b1, c2v1);
      FloatVector x3 = FloatVector.broadcast(S, a.get(FLOAT, a3 + ak));
      c3v0 = x3.fma(b0, c3v0);
      c3v1 = x3.fma(b1, c3v1);
      FloatVector x4 = FloatVector.broadcast(S, a.get(FLOAT, a4 + ak));
      c4v0 = x4.fma(b0, c4v0);
      c4v1 = x4.fma(b1, c4v1);
      FloatVector x5 = FloatVector.broadcast(S, a.get(FLOAT, a5 + ak));
      c5v0 = x5.fma(b0, c5v0);
      c5v1 = x5.fma(b1, c5v1);
      FloatVector x6 = FloatVector.broadcast(S, a.get(FLOAT, a6 + ak));
      c6v0 = x6.fma(b0, c6v0);
      c6v1 = x6.fma(b1, c6v1);
      FloatVector x7 = FloatVector.broadcast(S, a.get(FLOAT, a7 + ak));
      c7v0 = x7.fma(b0, c7v0);
      c7v1 = x7.fma(b1, c7v1);
      FloatVector x8 = FloatVector.broadcast(S, a.get(FLOAT, a8 + ak));
      c8v0 = x8.fma(b0, c8v0);
      c8v1 = x8.fma(b1, c8v1);
      FloatVector x9 = FloatVector.broadcast(S, a.get(FLOAT, a9 + ak));
      c9v0 = x9.fma(b0, c9v0);
      c9v1 = x9.fma(b1, c9v1);
      FloatVector x10 = FloatVector.broadcast(S, a.get(FLOAT, a10 + ak));
      c10v0 = x10.fma(b0, c10v0);
      c10v1 = x10.fma(b1, c10v1);
      FloatVector x11 = FloatVector.broadcast(S, a.get(FLOAT, a11 + ak));
      c11v0 = x11.fma(b0, c11v0);
      c11v1 = x11.fma(b1, c11v1);
      FloatVector x12 = FloatVector.broadcast(S, a.get(FLOAT, a12 + ak));
      c12v0 = x12.fma(b0, c12v0);
      c12v1 = x12.fma(b1, c12v1);
      FloatVector x13 = FloatVector.broadcast(S, a.get(FLOAT, a13 + ak));
      c13v0 = x13.fma(b0, c13v0);
      c13v1 = x13.fma(b1, c13v1);
      ak += aStep;
      bk += bStep;
    }
    VectorMask<Float> last = S.indexInRange(LANES, columns);
    if (add) {
      c0v0 = c0v0.add(FloatVector.fromMemorySegment(S, c, cAt, ORDER));
      c0v1 = c0v1.add(FloatVector.fromMemorySegment(S, c, cAt + BYTES, ORDER, last));
    }
    c0v0.intoMemorySegment(c, cAt, ORDER);
    c0v1.intoMemorySegment(c, cAt + BYTES, ORDER, last);
    if (rows > 1) {
      long to = cAt + cRow;
      if (add) {
        c1v0 = c1v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c1v1 = c1v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c1v0.intoMemorySegment(c, to, ORDER);
      c1v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 2) {
      long to = cAt + 2 * cRow;
      if (add) {
        c2v0 = c2v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c2v1 = c2v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c2v0.intoMemorySegment(c, to, ORDER);
      c2v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 3) {
      long to = cAt + 3 * cRow;
      if (add) {
        c3v0 = c3v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c3v1 = c3v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c3v0.intoMemorySegment(c, to, ORDER);
      c3v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 4) {
      long to = cAt + 4 * cRow;
      if (add) {
        c4v0 = c4v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c4v1 = c4v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c4v0.intoMemorySegment(c, to, ORDER);
      c4v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 5) {
      long to = cAt + 5 * cRow;
      if (add) {
        c5v0 = c5v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c5v1 = c5v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c5v0.intoMemorySegment(c, to, ORDER);
      c5v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 6) {
      long to = cAt + 6 * cRow;
      if (add) {
        c6v0 = c6v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c6v1 = c6v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c6v0.intoMemorySegment(c, to, ORDER);
      c6v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 7) {
      long to = cAt + 7 * cRow;
      if (add) {
        c7v0 = c7v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c7v1 = c7v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c7v0.intoMemorySegment(c, to, ORDER);
      c7v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 8) {
      long to = cAt + 8 * cRow;
      if (add) {
        c8v0 = c8v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c8v1 = c8v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c8v0.intoMemorySegment(c, to, ORDER);
      c8v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 9) {
      long to = cAt + 9 * cRow;
      if (add) {
        c9v0 = c9v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c9v1 = c9v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c9v0.intoMemorySegment(c, to, ORDER);
      c9v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 10) {
      long to = cAt + 10 * cRow;
      if (add) {
        c10v0 = c10v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c10v1 = c10v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c10v0.intoMemorySegment(c, to, ORDER);
      c10v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 11) {
      long to = cAt + 11 * cRow;
      if (add) {
        c11v0 = c11v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c11v1 = c11v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c11v0.intoMemorySegment(c, to, ORDER);
      c11v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 12) {
      long to = cAt + 12 * cRow;
      if (add) {
        c12v0 = c12v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c12v1 = c12v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c12v0.intoMemorySegment(c, to, ORDER);
      c12v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 13) {
      long to = cAt + 13 * cRow;
      if (add) {
        c13v0 = c13v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c13v1 = c13v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c13v0.intoMemorySegment(c, to, ORDER);
      c13v1.intoMemorySegment(c, to + BYTES, ORDER, last);
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
    FloatVector c0v0 = FloatVector.zero(S);
    FloatVector c0v1 = FloatVector.zero(S);
    FloatVector c1v0 = FloatVector.zero(S);
    FloatVector c1v1 = FloatVector.zero(S);
    FloatVector c2v0 = FloatVector.zero(S);
    FloatVector c2v1 = FloatVector.zero(S);
    FloatVector c3v0 = FloatVector.zero(S);
    FloatVector c3v1 = FloatVector.zero(S);
    FloatVector c4v0 = FloatVector.zero(S);
    FloatVector c4v1 = FloatVector.zero(S);
    FloatVector c5v0 = FloatVector.zero(S);
    FloatVector c5v1 = FloatVector.zero(S);
    long ak = 0;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, b, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, b, bk + BYTES, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, a.get(FLOAT, a0 + ak));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      FloatVector x1 = FloatVector.broadcast(S, a.get(FLOAT, a1 + ak));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      FloatVector x2 = FloatVector.broadcast(S, a.get(FLOAT, a2 + ak));
      c2v0 = x2.fma(b0, c2v0);
      c2v1 = x2.fma(b1, c2v1);
      FloatVector x3 = FloatVector.broadcast(S, a.get(FLOAT, a3 + ak));
      c3v0 = x3.fma(b0, c3v0);
      c3v1 = x3.fma(b1, c3v1);
      FloatVector x4 = FloatVector.broadcast(S, a.get(FLOAT, a4 + ak));
      c4v0 = x4.fma(b0, c4v0);
      c4v1 = x4.fma(b1, c4v1);
      FloatVector x5 = FloatVector.broadcast(S, a.get(FLOAT, a5 + ak));
      c5v0 = x5.fma(b0, c5v0);
      c5v1 = x5.fma(b1, c5v1);
      ak += aStep;
      bk += bStep;
    }
    VectorMask<Float> last = S.indexInRange(LANES, columns);
    if (add) {
      c0v0 = c0v0.add(FloatVector.fromMemorySegment(S, c, cAt, ORDER));
      c0v1 = c0v1.add(FloatVector.fromMemorySegment(S, c, cAt + BYTES, ORDER, last));
    }
    c0v0.intoMemorySegment(c, cAt, ORDER);
    c0v1.intoMemorySegment(c, cAt + BYTES, ORDER, last);
    if (rows > 1) {
      long to = cAt + cRow;
      if (add) {
        c1v0 = c1v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c1v1 = c1v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c1v0.intoMemorySegment(c, to, ORDER);
      c1v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 2) {
      long to = cAt + 2 * cRow;
      if (add) {
        c2v0 = c2v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c2v1 = c2v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c2v0.intoMemorySegment(c, to, ORDER);
      c2v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 3) {
      long to = cAt + 3 * cRow;
      if (add) {
        c3v0 = c3v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c3v1 = c3v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c3v0.intoMemorySegment(c, to, ORDER);
      c3v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 4) {
      long to = cAt + 4 * cRow;
      if (add) {
        c4v0 = c4v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c4v1 = c4v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c4v0.intoMemorySegment(c, to, ORDER);
      c4v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 5) {
      long to = cAt + 5 * cRow;
      if (add) {
        c5v0 = c5v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c5v1 = c5v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c5v0.intoMemorySegment(c, to, ORDER);
      c5v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
  }

  private static void tile4x2(
      MemorySegment a, long aAt, long aRow, long aStep,
      MemorySegment b, long bAt, long bStep,
      MemorySegment c, long cAt, long cRow,
      int depth, int rows, int columns, boolean add) {
    long a0 = aAt;
    long a1 = aAt + Math.min(1, rows - 1) * aRow;
    long a2 = aAt + Math.min(2, rows - 1) * aRow;
    long a3 = aAt + Math.min(3, rows - 1) * aRow;
    FloatVector c0v0 = FloatVector.zero(S);
    FloatVector c0v1 = FloatVector.zero(S);
    FloatVector c1v0 = FloatVector.zero(S);
    FloatVector c1v1 = FloatVector.zero(S);
    FloatVector c2v0 = FloatVector.zero(S);
    FloatVector c2v1 = FloatVector.zero(S);
    FloatVector c3v0 = FloatVector.zero(S);
    FloatVector c3v1 = FloatVector.zero(S);
    long ak = 0;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, b, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, b, bk + BYTES, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, a.get(FLOAT, a0 + ak));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      FloatVector x1 = FloatVector.broadcast(S, a.get(FLOAT, a1 + ak));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      FloatVector x2 = FloatVector.broadcast(S, a.get(FLOAT, a2 + ak));
      c2v0 = x2.fma(b0, c2v0);
      c2v1 = x2.fma(b1, c2v1);
      FloatVector x3 = FloatVector.broadcast(S, a.get(FLOAT, a3 + ak));
      c3v0 = x3.fma(b0, c3v0);
      c3v1 = x3.fma(b1, c3v1);
      ak += aStep;
      bk += bStep;
    }
    VectorMask<Float> last = S.indexInRange(LANES, columns);
    if (add) {
      c0v0 = c0v0.add(FloatVector.fromMemorySegment(S, c, cAt, ORDER));
      c0v1 = c0v1.add(FloatVector.fromMemorySegment(S, c, cAt + BYTES, ORDER, last));
    }
    c0v0.intoMemorySegment(c, cAt, ORDER);
    c0v1.intoMemorySegment(c, cAt + BYTES, ORDER, last);
    if (rows > 1) {
      long to = cAt + cRow;
      if (add) {
        c1v0 = c1v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c1v1 = c1v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c1v0.intoMemorySegment(c, to, ORDER);
      c1v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 2) {
      long to = cAt + 2 * cRow;
      if (add) {
        c2v0 = c2v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c2v1 = c2v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c2v0.intoMemorySegment(c, to, ORDER);
      c2v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
    if (rows > 3) {
      long to = cAt + 3 * cRow;
      if (add) {
        c3v0 = c3v0.add(FloatVector.fromMemorySegment(S, c, to, ORDER));
        c3v1 = c3v1.add(FloatVector.fromMemorySegment(S, c, to + BYTES, ORDER, last));
      }
      c3v0.intoMemorySegment(c, to, ORDER);
      c3v1.intoMemorySegment(c, to + BYTES, ORDER, last);
    }
  }

  private static void tile1x2(
      MemorySegment a, long aAt, long aRow, long aStep,
      MemorySegment b, long bAt, long bStep,
      MemorySegment c, long cAt, long cRow,
      int depth, int rows, int columns, boolean add) {
    long a0 = aAt;
    FloatVector c0v0 = FloatVector.zero(S);
    FloatVector c0v1 = FloatVector.zero(S);
    long ak = 0;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, b, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, b, bk + BYTES, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, a.get(FLOAT, a0 + ak));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      ak += aStep;
      bk += bStep;
    }
    VectorMask<Float> last = S.indexInRange(LANES, columns);
    if (add) {
      c0v0 = c0v0.add(FloatVector.fromMemorySegment(S, c, cAt, ORDER));
      c0v1 = c0v1.add(FloatVector.fromMemorySegment(S, c, cAt + BYTES, ORDER, last));
    }
    c0v0.intoMemorySegment(c, cAt, ORDER);
    c0v1.intoMemorySegment(c, cAt + BYTES, ORDER, last);
  }

  private static void tile14x1(
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
    long a6 = aAt + Math.min(6, rows - 1) * aRow;
    long a7 = aAt + Math.min(7, rows - 1) * aRow;
    long a8 = aAt + Math.min(8, rows - 1) * aRow;
    long a9 = aAt + Math.min(9, rows - 1) * aRow;
    long a10 = aAt + Math.min(10, rows - 1) * aRow;
    long a11 = aAt + Math.min(11, rows - 1) * aRow;
    long a12 = aAt + Math.min(12, rows - 1) * aRow;
    long a13 = aAt + Math.min(13, rows - 1) * aRow;
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector c2 = FloatVector.zero(S);
    FloatVector c3 = FloatVector.zero(S);
    FloatVector c4 = FloatVector.zero(S);
    FloatVector c5 = FloatVector.zero(S);
    FloatVector c6 = FloatVector.zero(S);
    FloatVector c7 = FloatVector.zero(S);
    FloatVector c8 = FloatVector.zero(S);
    FloatVector c9 = FloatVector.zero(S);
    FloatVector c10 = FloatVector.zero(S);
    FloatVector c11 = FloatVector.zero(S);
    FloatVector c12 = FloatVector.zero(S);
    FloatVector c13 = FloatVector.zero(S);
    long ak = 0;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, b, bk, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, a.get(FLOAT, a0 + ak));
      c0 = x0.fma(b0, c0);
      FloatVector x1 = FloatVector.broadcast(S, a.get(FLOAT, a1 + ak));
      c1 = x1.fma(b0, c1);
      FloatVector x2 = FloatVector.broadcast(S, a.get(FLOAT, a2 + ak));
      c2 = x2.fma(b0, c2);
      FloatVector x3 = FloatVector.broadcast(S, a.get(FLOAT, a3 + ak));
      c3 = x3.fma(b0, c3);
      FloatVector x4 = FloatVector.broadcast(S, a.get(FLOAT, a4 + ak));
      c4 = x4.fma(b0, c4);
      FloatVector x5 = FloatVector.broadcast(S, a.get(FLOAT, a5 + ak));
      c5 = x5.fma(b0, c5);
      FloatVector x6 = FloatVector.broadcast(S, a.get(FLOAT, a6 + ak));
      c6 = x6.fma(b0, c6);
      FloatVector x7 = FloatVector.broadcast(S, a.get(FLOAT, a7 + ak));
      c7 = x7.fma(b0, c7);
      FloatVector x8 = FloatVector.broadcast(S, a.get(FLOAT, a8 + ak));
      c8 = x8.fma(b0, c8);
      FloatVector x9 = FloatVector.broadcast(S, a.get(FLOAT, a9 + ak));
      c9 = x9.fma(b0, c9);
      FloatVector x10 = FloatVector.broadcast(S, a.get(FLOAT, a10 + ak));
      c10 = x10.fma(b0, c10);
      FloatVector x11 = FloatVector.broadcast(S, a.get(FLOAT, a11 + ak));
      c11 = x11.fma(b0, c11);
      FloatVector x12 = FloatVector.broadcast(S, a.get(FLOAT, a12 + ak));
      c12 = x12.fma(b0, c12);
      FloatVector x13 = FloatVector.broadcast(S, a.get(FLOAT, a13 + ak));
      c13 = x13.fma(b0, c13);
      ak += aStep;
      bk += bStep;
    }
    VectorMask<Float> last = S.indexInRange(0, columns);
    if (add) {
      c0 = c0.add(FloatVector.fromMemorySegment(S, c, cAt, ORDER, last));
    }
    c0.intoMemorySegment(c, cAt, ORDER, last);
    if (rows > 1) {
      long to = cAt + cRow;
      if (add) {
        c1 = c1.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c1.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 2) {
      long to = cAt + 2 * cRow;
      if (add) {
        c2 = c2.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c2.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 3) {
      long to = cAt + 3 * cRow;
      if (add) {
        c3 = c3.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c3.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 4) {
      long to = cAt + 4 * cRow;
      if (add) {
        c4 = c4.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c4.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 5) {
      long to = cAt + 5 * cRow;
      if (add) {
        c5 = c5.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c5.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 6) {
      long to = cAt + 6 * cRow;
      if (add) {
        c6 = c6.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c6.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 7) {
      long to = cAt + 7 * cRow;
      if (add) {
        c7 = c7.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c7.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 8) {
      long to = cAt + 8 * cRow;
      if (add) {
        c8 = c8.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c8.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 9) {
      long to = cAt + 9 * cRow;
      if (add) {
        c9 = c9.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c9.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 10) {
      long to = cAt + 10 * cRow;
      if (add) {
        c10 = c10.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c10.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 11) {
      long to = cAt + 11 * cRow;
      if (add) {
        c11 = c11.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c11.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 12) {
      long to = cAt + 12 * cRow;
      if (add) {
        c12 = c12.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c12.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 13) {
      long to = cAt + 13 * cRow;
      if (add) {
        c13 = c13.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c13.intoMemorySegment(c, to, ORDER, last);
    }
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
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector c2 = FloatVector.zero(S);
    FloatVector c3 = FloatVector.zero(S);
    FloatVector c4 = FloatVector.zero(S);
    FloatVector c5 = FloatVector.zero(S);
    long ak = 0;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, b, bk, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, a.get(FLOAT, a0 + ak));
      c0 = x0.fma(b0, c0);
      FloatVector x1 = FloatVector.broadcast(S, a.get(FLOAT, a1 + ak));
      c1 = x1.fma(b0, c1);
      FloatVector x2 = FloatVector.broadcast(S, a.get(FLOAT, a2 + ak));
      c2 = x2.fma(b0, c2);
      FloatVector x3 = FloatVector.broadcast(S, a.get(FLOAT, a3 + ak));
      c3 = x3.fma(b0, c3);
      FloatVector x4 = FloatVector.broadcast(S, a.get(FLOAT, a4 + ak));
      c4 = x4.fma(b0, c4);
      FloatVector x5 = FloatVector.broadcast(S, a.get(FLOAT, a5 + ak));
      c5 = x5.fma(b0, c5);
      ak += aStep;
      bk += bStep;
    }
    VectorMask<Float> last = S.indexInRange(0, columns);
    if (add) {
      c0 = c0.add(FloatVector.fromMemorySegment(S, c, cAt, ORDER, last));
    }
    c0.intoMemorySegment(c, cAt, ORDER, last);
    if (rows > 1) {
      long to = cAt + cRow;
      if (add) {
        c1 = c1.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c1.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 2) {
      long to = cAt + 2 * cRow;
      if (add) {
        c2 = c2.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c2.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 3) {
      long to = cAt + 3 * cRow;
      if (add) {
        c3 = c3.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c3.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 4) {
      long to = cAt + 4 * cRow;
      if (add) {
        c4 = c4.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c4.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 5) {
      long to = cAt + 5 * cRow;
      if (add) {
        c5 = c5.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c5.intoMemorySegment(c, to, ORDER, last);
    }
  }

  private static void tile4x1(
      MemorySegment a, long aAt, long aRow, long aStep,
      MemorySegment b, long bAt, long bStep,
      MemorySegment c, long cAt, long cRow,
      int depth, int rows, int columns, boolean add) {
    long a0 = aAt;
    long a1 = aAt + Math.min(1, rows - 1) * aRow;
    long a2 = aAt + Math.min(2, rows - 1) * aRow;
    long a3 = aAt + Math.min(3, rows - 1) * aRow;
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector c2 = FloatVector.zero(S);
    FloatVector c3 = FloatVector.zero(S);
    long ak = 0;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, b, bk, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, a.get(FLOAT, a0 + ak));
      c0 = x0.fma(b0, c0);
      FloatVector x1 = FloatVector.broadcast(S, a.get(FLOAT, a1 + ak));
      c1 = x1.fma(b0, c1);
      FloatVector x2 = FloatVector.broadcast(S, a.get(FLOAT, a2 + ak));
      c2 = x2.fma(b0, c2);
      FloatVector x3 = FloatVector.broadcast(S, a.get(FLOAT, a3 + ak));
      c3 = x3.fma(b0, c3);
      ak += aStep;
      bk += bStep;
    }
    VectorMask<Float> last = S.indexInRange(0, columns);
    if (add) {
      c0 = c0.add(FloatVector.fromMemorySegment(S, c, cAt, ORDER, last));
    }
    c0.intoMemorySegment(c, cAt, ORDER, last);
    if (rows > 1) {
      long to = cAt + cRow;
      if (add) {
        c1 = c1.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c1.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 2) {
      long to = cAt + 2 * cRow;
      if (add) {
        c2 = c2.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c2.intoMemorySegment(c, to, ORDER, last);
    }
    if (rows > 3) {
      long to = cAt + 3 * cRow;
      if (add) {
        c3 = c3.add(FloatVector.fromMemorySegment(S, c, to, ORDER, last));
      }
      c3.intoMemorySegment(c, to, ORDER, last);
    }
  }

  private static void tile1x1(
      MemorySegment a, long aAt, long aRow, long aStep,
      MemorySegment b, long bAt, long bStep,
      MemorySegment c, long cAt, long cRow,
      int depth, int rows, int columns, boolean add) {
    long a0 = aAt;
    FloatVector c0 = FloatVector.zero(S);
    long ak = 0;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, b, bk, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, a.get(FLOAT, a0 + ak));
      c0 = x0.fma(b0, c0);
      ak += aStep;
      bk += bStep;
    }
    VectorMask<Float> last = S.indexInRange(0, columns);
    if (add) {
      c0 = c0.add(FloatVector.fromMemorySegment(S, c, cAt, ORDER, last));
    }
    c0.intoMemorySegment(c, cAt, ORDER, last);
  }
}
