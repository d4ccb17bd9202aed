package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.cajal.run.NativeMemory;

/**
 * The micro-kernels of matrix products in single precision: a tile of C is held in registers while
 * one column of A after the other is broadcast over the lanes and multiplied with one row of B.
 * Their scalar twin is {@link ScalarProducts#tileF32}, which gives the same bits: each element of C
 * is one chain of fused multiply-adds over the inner dimension.
 *
 * <p>One method for each number of rows and vectors and each of two ways in which A may lie,
 * unrolled by hand because only local variables stay in registers. In the methods called {@code
 * rows} the elements of a row of A are contiguous: positions that grow by a constant let the JVM
 * move its bounds checks out of the loop, which then reaches the limit of the processor; with a
 * variable step it reaches four fifths. In those called {@code columns} the elements of a column
 * are: their checks stay, but cost nothing, as one position serves all rows.
 *
 * <p>Nothing else has a place here, neither more rows nor masked stores nor adding to what is
 * there: a method too large for the JVM's first compiler with profiling, but not for the one
 * without, may stay with the latter for ever and run a hundred times slower.
 */
final class TilesF32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  static final int BYTES = S.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);

  private TilesF32() {}

  /**
   * One tile: {@code C[i, j] = sum over k of A[i, k] * B[k, j]}. All positions and steps are in
   * bytes. B is read and C written by whole vectors.
   *
   * @param height the number of rows of the method to use, one of {@link Tiling#heights}
   * @param wide whether the tile has two vectors of columns, else one
   * @param aRow from one row of A to the next
   * @param aStep from one column of A to the next; this or {@code aRow} is the size of an element,
   *     unless there is one row only
   * @param depth the inner dimension
   */
  static void tile(
      int height,
      boolean wide,
      MemorySegment a,
      long aAt,
      long aRow,
      long aStep,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    boolean rows = aStep == Float.BYTES;
    if (wide) {
      switch (height) {
        case 8 -> {
          if (rows) {
            rows8x2(a, aAt, aRow, b, bAt, bStep, c, cAt, cRow, depth);
          } else {
            columns8x2(a, aAt, aStep, b, bAt, bStep, c, cAt, cRow, depth);
          }
        }
        case 4 -> {
          if (rows) {
            rows4x2(a, aAt, aRow, b, bAt, bStep, c, cAt, cRow, depth);
          } else {
            columns4x2(a, aAt, aStep, b, bAt, bStep, c, cAt, cRow, depth);
          }
        }
        case 2 -> {
          if (rows) {
            rows2x2(a, aAt, aRow, b, bAt, bStep, c, cAt, cRow, depth);
          } else {
            columns2x2(a, aAt, aStep, b, bAt, bStep, c, cAt, cRow, depth);
          }
        }
        default -> row2(a, aAt, aStep, b, bAt, bStep, c, cAt, depth);
      }
    } else {
      switch (height) {
        case 8 -> {
          if (rows) {
            rows8x1(a, aAt, aRow, b, bAt, bStep, c, cAt, cRow, depth);
          } else {
            columns8x1(a, aAt, aStep, b, bAt, bStep, c, cAt, cRow, depth);
          }
        }
        case 4 -> {
          if (rows) {
            rows4x1(a, aAt, aRow, b, bAt, bStep, c, cAt, cRow, depth);
          } else {
            columns4x1(a, aAt, aStep, b, bAt, bStep, c, cAt, cRow, depth);
          }
        }
        case 2 -> {
          if (rows) {
            rows2x1(a, aAt, aRow, b, bAt, bStep, c, cAt, cRow, depth);
          } else {
            columns2x1(a, aAt, aStep, b, bAt, bStep, c, cAt, cRow, depth);
          }
        }
        default -> row1(a, aAt, aStep, b, bAt, bStep, c, cAt, depth);
      }
    }
  }

  private static void rows8x2(
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    long a1 = aAt + aRow;
    long a2 = aAt + 2 * aRow;
    long a3 = aAt + 3 * aRow;
    long a4 = aAt + 4 * aRow;
    long a5 = aAt + 5 * aRow;
    long a6 = aAt + 6 * aRow;
    long a7 = aAt + 7 * aRow;
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0v0 = zero;
    FloatVector c0v1 = zero;
    FloatVector c1v0 = zero;
    FloatVector c1v1 = zero;
    FloatVector c2v0 = zero;
    FloatVector c2v1 = zero;
    FloatVector c3v0 = zero;
    FloatVector c3v1 = zero;
    FloatVector c4v0 = zero;
    FloatVector c4v1 = zero;
    FloatVector c5v0 = zero;
    FloatVector c5v1 = zero;
    FloatVector c6v0 = zero;
    FloatVector c6v1 = zero;
    FloatVector c7v0 = zero;
    FloatVector c7v1 = zero;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + BYTES, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, a1 + 4L * k));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      FloatVector x2 = FloatVector.broadcast(S, left.get(FLOAT, a2 + 4L * k));
      c2v0 = x2.fma(b0, c2v0);
      c2v1 = x2.fma(b1, c2v1);
      FloatVector x3 = FloatVector.broadcast(S, left.get(FLOAT, a3 + 4L * k));
      c3v0 = x3.fma(b0, c3v0);
      c3v1 = x3.fma(b1, c3v1);
      FloatVector x4 = FloatVector.broadcast(S, left.get(FLOAT, a4 + 4L * k));
      c4v0 = x4.fma(b0, c4v0);
      c4v1 = x4.fma(b1, c4v1);
      FloatVector x5 = FloatVector.broadcast(S, left.get(FLOAT, a5 + 4L * k));
      c5v0 = x5.fma(b0, c5v0);
      c5v1 = x5.fma(b1, c5v1);
      FloatVector x6 = FloatVector.broadcast(S, left.get(FLOAT, a6 + 4L * k));
      c6v0 = x6.fma(b0, c6v0);
      c6v1 = x6.fma(b1, c6v1);
      FloatVector x7 = FloatVector.broadcast(S, left.get(FLOAT, a7 + 4L * k));
      c7v0 = x7.fma(b0, c7v0);
      c7v1 = x7.fma(b1, c7v1);
      bk += bStep;
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
    c1v0.intoMemorySegment(out, cAt + cRow, ORDER);
    c1v1.intoMemorySegment(out, cAt + cRow + BYTES, ORDER);
    c2v0.intoMemorySegment(out, cAt + 2 * cRow, ORDER);
    c2v1.intoMemorySegment(out, cAt + 2 * cRow + BYTES, ORDER);
    c3v0.intoMemorySegment(out, cAt + 3 * cRow, ORDER);
    c3v1.intoMemorySegment(out, cAt + 3 * cRow + BYTES, ORDER);
    c4v0.intoMemorySegment(out, cAt + 4 * cRow, ORDER);
    c4v1.intoMemorySegment(out, cAt + 4 * cRow + BYTES, ORDER);
    c5v0.intoMemorySegment(out, cAt + 5 * cRow, ORDER);
    c5v1.intoMemorySegment(out, cAt + 5 * cRow + BYTES, ORDER);
    c6v0.intoMemorySegment(out, cAt + 6 * cRow, ORDER);
    c6v1.intoMemorySegment(out, cAt + 6 * cRow + BYTES, ORDER);
    c7v0.intoMemorySegment(out, cAt + 7 * cRow, ORDER);
    c7v1.intoMemorySegment(out, cAt + 7 * cRow + BYTES, ORDER);
  }

  private static void columns8x2(
      MemorySegment a,
      long aAt,
      long aStep,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0v0 = zero;
    FloatVector c0v1 = zero;
    FloatVector c1v0 = zero;
    FloatVector c1v1 = zero;
    FloatVector c2v0 = zero;
    FloatVector c2v1 = zero;
    FloatVector c3v0 = zero;
    FloatVector c3v1 = zero;
    FloatVector c4v0 = zero;
    FloatVector c4v1 = zero;
    FloatVector c5v0 = zero;
    FloatVector c5v1 = zero;
    FloatVector c6v0 = zero;
    FloatVector c6v1 = zero;
    FloatVector c7v0 = zero;
    FloatVector c7v1 = zero;
    long ak = aAt;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + BYTES, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, ak));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, ak + 4));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      FloatVector x2 = FloatVector.broadcast(S, left.get(FLOAT, ak + 8));
      c2v0 = x2.fma(b0, c2v0);
      c2v1 = x2.fma(b1, c2v1);
      FloatVector x3 = FloatVector.broadcast(S, left.get(FLOAT, ak + 12));
      c3v0 = x3.fma(b0, c3v0);
      c3v1 = x3.fma(b1, c3v1);
      FloatVector x4 = FloatVector.broadcast(S, left.get(FLOAT, ak + 16));
      c4v0 = x4.fma(b0, c4v0);
      c4v1 = x4.fma(b1, c4v1);
      FloatVector x5 = FloatVector.broadcast(S, left.get(FLOAT, ak + 20));
      c5v0 = x5.fma(b0, c5v0);
      c5v1 = x5.fma(b1, c5v1);
      FloatVector x6 = FloatVector.broadcast(S, left.get(FLOAT, ak + 24));
      c6v0 = x6.fma(b0, c6v0);
      c6v1 = x6.fma(b1, c6v1);
      FloatVector x7 = FloatVector.broadcast(S, left.get(FLOAT, ak + 28));
      c7v0 = x7.fma(b0, c7v0);
      c7v1 = x7.fma(b1, c7v1);
      ak += aStep;
      bk += bStep;
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
    c1v0.intoMemorySegment(out, cAt + cRow, ORDER);
    c1v1.intoMemorySegment(out, cAt + cRow + BYTES, ORDER);
    c2v0.intoMemorySegment(out, cAt + 2 * cRow, ORDER);
    c2v1.intoMemorySegment(out, cAt + 2 * cRow + BYTES, ORDER);
    c3v0.intoMemorySegment(out, cAt + 3 * cRow, ORDER);
    c3v1.intoMemorySegment(out, cAt + 3 * cRow + BYTES, ORDER);
    c4v0.intoMemorySegment(out, cAt + 4 * cRow, ORDER);
    c4v1.intoMemorySegment(out, cAt + 4 * cRow + BYTES, ORDER);
    c5v0.intoMemorySegment(out, cAt + 5 * cRow, ORDER);
    c5v1.intoMemorySegment(out, cAt + 5 * cRow + BYTES, ORDER);
    c6v0.intoMemorySegment(out, cAt + 6 * cRow, ORDER);
    c6v1.intoMemorySegment(out, cAt + 6 * cRow + BYTES, ORDER);
    c7v0.intoMemorySegment(out, cAt + 7 * cRow, ORDER);
    c7v1.intoMemorySegment(out, cAt + 7 * cRow + BYTES, ORDER);
  }

  private static void rows4x2(
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    long a1 = aAt + aRow;
    long a2 = aAt + 2 * aRow;
    long a3 = aAt + 3 * aRow;
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0v0 = zero;
    FloatVector c0v1 = zero;
    FloatVector c1v0 = zero;
    FloatVector c1v1 = zero;
    FloatVector c2v0 = zero;
    FloatVector c2v1 = zero;
    FloatVector c3v0 = zero;
    FloatVector c3v1 = zero;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + BYTES, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, a1 + 4L * k));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      FloatVector x2 = FloatVector.broadcast(S, left.get(FLOAT, a2 + 4L * k));
      c2v0 = x2.fma(b0, c2v0);
      c2v1 = x2.fma(b1, c2v1);
      FloatVector x3 = FloatVector.broadcast(S, left.get(FLOAT, a3 + 4L * k));
      c3v0 = x3.fma(b0, c3v0);
      c3v1 = x3.fma(b1, c3v1);
      bk += bStep;
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
    c1v0.intoMemorySegment(out, cAt + cRow, ORDER);
    c1v1.intoMemorySegment(out, cAt + cRow + BYTES, ORDER);
    c2v0.intoMemorySegment(out, cAt + 2 * cRow, ORDER);
    c2v1.intoMemorySegment(out, cAt + 2 * cRow + BYTES, ORDER);
    c3v0.intoMemorySegment(out, cAt + 3 * cRow, ORDER);
    c3v1.intoMemorySegment(out, cAt + 3 * cRow + BYTES, ORDER);
  }

  private static void columns4x2(
      MemorySegment a,
      long aAt,
      long aStep,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0v0 = zero;
    FloatVector c0v1 = zero;
    FloatVector c1v0 = zero;
    FloatVector c1v1 = zero;
    FloatVector c2v0 = zero;
    FloatVector c2v1 = zero;
    FloatVector c3v0 = zero;
    FloatVector c3v1 = zero;
    long ak = aAt;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + BYTES, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, ak));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, ak + 4));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      FloatVector x2 = FloatVector.broadcast(S, left.get(FLOAT, ak + 8));
      c2v0 = x2.fma(b0, c2v0);
      c2v1 = x2.fma(b1, c2v1);
      FloatVector x3 = FloatVector.broadcast(S, left.get(FLOAT, ak + 12));
      c3v0 = x3.fma(b0, c3v0);
      c3v1 = x3.fma(b1, c3v1);
      ak += aStep;
      bk += bStep;
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
    c1v0.intoMemorySegment(out, cAt + cRow, ORDER);
    c1v1.intoMemorySegment(out, cAt + cRow + BYTES, ORDER);
    c2v0.intoMemorySegment(out, cAt + 2 * cRow, ORDER);
    c2v1.intoMemorySegment(out, cAt + 2 * cRow + BYTES, ORDER);
    c3v0.intoMemorySegment(out, cAt + 3 * cRow, ORDER);
    c3v1.intoMemorySegment(out, cAt + 3 * cRow + BYTES, ORDER);
  }

  private static void rows2x2(
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    long a1 = aAt + aRow;
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0v0 = zero;
    FloatVector c0v1 = zero;
    FloatVector c1v0 = zero;
    FloatVector c1v1 = zero;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + BYTES, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, a1 + 4L * k));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      bk += bStep;
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
    c1v0.intoMemorySegment(out, cAt + cRow, ORDER);
    c1v1.intoMemorySegment(out, cAt + cRow + BYTES, ORDER);
  }

  private static void columns2x2(
      MemorySegment a,
      long aAt,
      long aStep,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0v0 = zero;
    FloatVector c0v1 = zero;
    FloatVector c1v0 = zero;
    FloatVector c1v1 = zero;
    long ak = aAt;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + BYTES, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, ak));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, ak + 4));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      ak += aStep;
      bk += bStep;
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
    c1v0.intoMemorySegment(out, cAt + cRow, ORDER);
    c1v1.intoMemorySegment(out, cAt + cRow + BYTES, ORDER);
  }

  private static void row2(
      MemorySegment a,
      long aAt,
      long aStep,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0v0 = zero;
    FloatVector c0v1 = zero;
    long ak = aAt;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + BYTES, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, ak));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      ak += aStep;
      bk += bStep;
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
  }

  private static void rows8x1(
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    long a1 = aAt + aRow;
    long a2 = aAt + 2 * aRow;
    long a3 = aAt + 3 * aRow;
    long a4 = aAt + 4 * aRow;
    long a5 = aAt + 5 * aRow;
    long a6 = aAt + 6 * aRow;
    long a7 = aAt + 7 * aRow;
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0 = zero;
    FloatVector c1 = zero;
    FloatVector c2 = zero;
    FloatVector c3 = zero;
    FloatVector c4 = zero;
    FloatVector c5 = zero;
    FloatVector c6 = zero;
    FloatVector c7 = zero;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0 = x0.fma(b0, c0);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, a1 + 4L * k));
      c1 = x1.fma(b0, c1);
      FloatVector x2 = FloatVector.broadcast(S, left.get(FLOAT, a2 + 4L * k));
      c2 = x2.fma(b0, c2);
      FloatVector x3 = FloatVector.broadcast(S, left.get(FLOAT, a3 + 4L * k));
      c3 = x3.fma(b0, c3);
      FloatVector x4 = FloatVector.broadcast(S, left.get(FLOAT, a4 + 4L * k));
      c4 = x4.fma(b0, c4);
      FloatVector x5 = FloatVector.broadcast(S, left.get(FLOAT, a5 + 4L * k));
      c5 = x5.fma(b0, c5);
      FloatVector x6 = FloatVector.broadcast(S, left.get(FLOAT, a6 + 4L * k));
      c6 = x6.fma(b0, c6);
      FloatVector x7 = FloatVector.broadcast(S, left.get(FLOAT, a7 + 4L * k));
      c7 = x7.fma(b0, c7);
      bk += bStep;
    }
    c0.intoMemorySegment(out, cAt, ORDER);
    c1.intoMemorySegment(out, cAt + cRow, ORDER);
    c2.intoMemorySegment(out, cAt + 2 * cRow, ORDER);
    c3.intoMemorySegment(out, cAt + 3 * cRow, ORDER);
    c4.intoMemorySegment(out, cAt + 4 * cRow, ORDER);
    c5.intoMemorySegment(out, cAt + 5 * cRow, ORDER);
    c6.intoMemorySegment(out, cAt + 6 * cRow, ORDER);
    c7.intoMemorySegment(out, cAt + 7 * cRow, ORDER);
  }

  private static void columns8x1(
      MemorySegment a,
      long aAt,
      long aStep,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0 = zero;
    FloatVector c1 = zero;
    FloatVector c2 = zero;
    FloatVector c3 = zero;
    FloatVector c4 = zero;
    FloatVector c5 = zero;
    FloatVector c6 = zero;
    FloatVector c7 = zero;
    long ak = aAt;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, ak));
      c0 = x0.fma(b0, c0);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, ak + 4));
      c1 = x1.fma(b0, c1);
      FloatVector x2 = FloatVector.broadcast(S, left.get(FLOAT, ak + 8));
      c2 = x2.fma(b0, c2);
      FloatVector x3 = FloatVector.broadcast(S, left.get(FLOAT, ak + 12));
      c3 = x3.fma(b0, c3);
      FloatVector x4 = FloatVector.broadcast(S, left.get(FLOAT, ak + 16));
      c4 = x4.fma(b0, c4);
      FloatVector x5 = FloatVector.broadcast(S, left.get(FLOAT, ak + 20));
      c5 = x5.fma(b0, c5);
      FloatVector x6 = FloatVector.broadcast(S, left.get(FLOAT, ak + 24));
      c6 = x6.fma(b0, c6);
      FloatVector x7 = FloatVector.broadcast(S, left.get(FLOAT, ak + 28));
      c7 = x7.fma(b0, c7);
      ak += aStep;
      bk += bStep;
    }
    c0.intoMemorySegment(out, cAt, ORDER);
    c1.intoMemorySegment(out, cAt + cRow, ORDER);
    c2.intoMemorySegment(out, cAt + 2 * cRow, ORDER);
    c3.intoMemorySegment(out, cAt + 3 * cRow, ORDER);
    c4.intoMemorySegment(out, cAt + 4 * cRow, ORDER);
    c5.intoMemorySegment(out, cAt + 5 * cRow, ORDER);
    c6.intoMemorySegment(out, cAt + 6 * cRow, ORDER);
    c7.intoMemorySegment(out, cAt + 7 * cRow, ORDER);
  }

  private static void rows4x1(
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    long a1 = aAt + aRow;
    long a2 = aAt + 2 * aRow;
    long a3 = aAt + 3 * aRow;
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0 = zero;
    FloatVector c1 = zero;
    FloatVector c2 = zero;
    FloatVector c3 = zero;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0 = x0.fma(b0, c0);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, a1 + 4L * k));
      c1 = x1.fma(b0, c1);
      FloatVector x2 = FloatVector.broadcast(S, left.get(FLOAT, a2 + 4L * k));
      c2 = x2.fma(b0, c2);
      FloatVector x3 = FloatVector.broadcast(S, left.get(FLOAT, a3 + 4L * k));
      c3 = x3.fma(b0, c3);
      bk += bStep;
    }
    c0.intoMemorySegment(out, cAt, ORDER);
    c1.intoMemorySegment(out, cAt + cRow, ORDER);
    c2.intoMemorySegment(out, cAt + 2 * cRow, ORDER);
    c3.intoMemorySegment(out, cAt + 3 * cRow, ORDER);
  }

  private static void columns4x1(
      MemorySegment a,
      long aAt,
      long aStep,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0 = zero;
    FloatVector c1 = zero;
    FloatVector c2 = zero;
    FloatVector c3 = zero;
    long ak = aAt;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, ak));
      c0 = x0.fma(b0, c0);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, ak + 4));
      c1 = x1.fma(b0, c1);
      FloatVector x2 = FloatVector.broadcast(S, left.get(FLOAT, ak + 8));
      c2 = x2.fma(b0, c2);
      FloatVector x3 = FloatVector.broadcast(S, left.get(FLOAT, ak + 12));
      c3 = x3.fma(b0, c3);
      ak += aStep;
      bk += bStep;
    }
    c0.intoMemorySegment(out, cAt, ORDER);
    c1.intoMemorySegment(out, cAt + cRow, ORDER);
    c2.intoMemorySegment(out, cAt + 2 * cRow, ORDER);
    c3.intoMemorySegment(out, cAt + 3 * cRow, ORDER);
  }

  private static void rows2x1(
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    long a1 = aAt + aRow;
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0 = zero;
    FloatVector c1 = zero;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0 = x0.fma(b0, c0);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, a1 + 4L * k));
      c1 = x1.fma(b0, c1);
      bk += bStep;
    }
    c0.intoMemorySegment(out, cAt, ORDER);
    c1.intoMemorySegment(out, cAt + cRow, ORDER);
  }

  private static void columns2x1(
      MemorySegment a,
      long aAt,
      long aStep,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0 = zero;
    FloatVector c1 = zero;
    long ak = aAt;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, ak));
      c0 = x0.fma(b0, c0);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, ak + 4));
      c1 = x1.fma(b0, c1);
      ak += aStep;
      bk += bStep;
    }
    c0.intoMemorySegment(out, cAt, ORDER);
    c1.intoMemorySegment(out, cAt + cRow, ORDER);
  }

  private static void row1(
      MemorySegment a,
      long aAt,
      long aStep,
      MemorySegment b,
      long bAt,
      long bStep,
      MemorySegment c,
      long cAt,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0 = zero;
    long ak = aAt;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, ak));
      c0 = x0.fma(b0, c0);
      ak += aStep;
      bk += bStep;
    }
    c0.intoMemorySegment(out, cAt, ORDER);
  }
}
