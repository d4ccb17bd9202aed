package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.cajal.run.NativeMemory;

/**
 * The micro-kernel of matrix products in double precision: a tile of C is held in registers while
 * one column of A after the other is broadcast over the lanes and multiplied with one row of B. Its
 * scalar twin is {@link ScalarProducts#tileF64}, which gives the same bits: each element of C is
 * one chain of fused multiply-adds over the inner dimension.
 *
 * <p>One method for each number of rows and vectors, unrolled by hand because only local variables
 * stay in registers. All methods take the same arguments, those of {@link #tile}. Nothing else has
 * a place here, neither more rows nor masked stores nor adding to what is there: a method too large
 * for the JVM's first compiler with profiling, but not for the one without, may stay with the
 * latter for ever and run a hundred times slower.
 */
final class TilesF64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  static final int BYTES = S.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ORDER);

  private TilesF64() {}

  /**
   * One tile: {@code C[i, j] = sum over k of A[i, k] * B[k, j]}. All positions and steps are in
   * bytes. A is read one element at a time and may lie anyhow; B is read and C written by whole
   * vectors.
   *
   * @param height the number of rows of the method to use, one of {@link Tiling#heights}
   * @param wide whether the tile has two vectors of columns, else one
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
    if (wide) {
      switch (height) {
        case 4 -> tile4x2(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth);
        case 2 -> tile2x2(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth);
        default -> tile1x2(a, aAt, aStep, b, bAt, bStep, c, cAt, depth);
      }
    } else {
      switch (height) {
        case 4 -> tile4x1(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth);
        case 2 -> tile2x1(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth);
        default -> tile1x1(a, aAt, aStep, b, bAt, bStep, c, cAt, depth);
      }
    }
  }

  private static void tile4x2(
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
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    long a1 = aRow;
    long a2 = 2 * aRow;
    long a3 = 3 * aRow;
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector c0v0 = zero;
    DoubleVector c0v1 = zero;
    DoubleVector c1v0 = zero;
    DoubleVector c1v1 = zero;
    DoubleVector c2v0 = zero;
    DoubleVector c2v1 = zero;
    DoubleVector c3v0 = zero;
    DoubleVector c3v1 = zero;
    long ak = aAt;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, right, bk, ORDER);
      DoubleVector b1 = DoubleVector.fromMemorySegment(S, right, bk + BYTES, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, left.get(DOUBLE, ak));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      DoubleVector x1 = DoubleVector.broadcast(S, left.get(DOUBLE, ak + a1));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      DoubleVector x2 = DoubleVector.broadcast(S, left.get(DOUBLE, ak + a2));
      c2v0 = x2.fma(b0, c2v0);
      c2v1 = x2.fma(b1, c2v1);
      DoubleVector x3 = DoubleVector.broadcast(S, left.get(DOUBLE, ak + a3));
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

  private static void tile2x2(
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
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    long a1 = aRow;
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector c0v0 = zero;
    DoubleVector c0v1 = zero;
    DoubleVector c1v0 = zero;
    DoubleVector c1v1 = zero;
    long ak = aAt;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, right, bk, ORDER);
      DoubleVector b1 = DoubleVector.fromMemorySegment(S, right, bk + BYTES, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, left.get(DOUBLE, ak));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      DoubleVector x1 = DoubleVector.broadcast(S, left.get(DOUBLE, ak + a1));
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

  private static void tile1x2(
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
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector c0v0 = zero;
    DoubleVector c0v1 = zero;
    long ak = aAt;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, right, bk, ORDER);
      DoubleVector b1 = DoubleVector.fromMemorySegment(S, right, bk + BYTES, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, left.get(DOUBLE, ak));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      ak += aStep;
      bk += bStep;
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
  }

  private static void tile4x1(
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
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    long a1 = aRow;
    long a2 = 2 * aRow;
    long a3 = 3 * aRow;
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector c0 = zero;
    DoubleVector c1 = zero;
    DoubleVector c2 = zero;
    DoubleVector c3 = zero;
    long ak = aAt;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, right, bk, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, left.get(DOUBLE, ak));
      c0 = x0.fma(b0, c0);
      DoubleVector x1 = DoubleVector.broadcast(S, left.get(DOUBLE, ak + a1));
      c1 = x1.fma(b0, c1);
      DoubleVector x2 = DoubleVector.broadcast(S, left.get(DOUBLE, ak + a2));
      c2 = x2.fma(b0, c2);
      DoubleVector x3 = DoubleVector.broadcast(S, left.get(DOUBLE, ak + a3));
      c3 = x3.fma(b0, c3);
      ak += aStep;
      bk += bStep;
    }
    c0.intoMemorySegment(out, cAt, ORDER);
    c1.intoMemorySegment(out, cAt + cRow, ORDER);
    c2.intoMemorySegment(out, cAt + 2 * cRow, ORDER);
    c3.intoMemorySegment(out, cAt + 3 * cRow, ORDER);
  }

  private static void tile2x1(
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
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    long a1 = aRow;
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector c0 = zero;
    DoubleVector c1 = zero;
    long ak = aAt;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, right, bk, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, left.get(DOUBLE, ak));
      c0 = x0.fma(b0, c0);
      DoubleVector x1 = DoubleVector.broadcast(S, left.get(DOUBLE, ak + a1));
      c1 = x1.fma(b0, c1);
      ak += aStep;
      bk += bStep;
    }
    c0.intoMemorySegment(out, cAt, ORDER);
    c1.intoMemorySegment(out, cAt + cRow, ORDER);
  }

  private static void tile1x1(
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
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector c0 = zero;
    long ak = aAt;
    long bk = bAt;
    for (int k = 0; k < depth; k++) {
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, right, bk, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, left.get(DOUBLE, ak));
      c0 = x0.fma(b0, c0);
      ak += aStep;
      bk += bStep;
    }
    c0.intoMemorySegment(out, cAt, ORDER);
  }
}
