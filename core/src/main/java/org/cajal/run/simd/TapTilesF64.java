package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.cajal.run.NativeMemory;

/**
 * The micro-kernels of convolutions in double precision: as those of {@link TilesF64} whose rows of
 * A are contiguous, but each row of B has its own place, given by a table. So B can be an image
 * itself: its rows are the image moved by one tap of the kernel after the other. Their scalar twin
 * is {@link ScalarProducts#tapTileF64}.
 */
final class TapTilesF64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ORDER);
  private static final int BYTES = S.vectorByteSize();

  private TapTilesF64() {}

  /**
   * One tile: {@code C[i, j] = sum over k of A[i, k] * B[k, j]}. All positions and steps are in
   * bytes. B is read and C written by whole vectors.
   *
   * @param height the number of rows of the method to use, one of {@link Tiling#tapHeights}
   * @param vectors vectors of columns: 1 or 2
   * @param aRow from one row of A to the next; the elements of a row are contiguous
   * @param bRows where each row of B lies, from {@code bAt}
   * @param b1At from the first vector of a row of B to the second
   * @param depth the inner dimension
   */
  static void tile(
      int height,
      int vectors,
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      int[] bRows,
      long b1At,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    if (vectors == 2) {
      switch (height) {
        case 4 -> tile4x2(a, aAt, aRow, b, bAt, bRows, b1At, c, cAt, cRow, depth);
        case 2 -> tile2x2(a, aAt, aRow, b, bAt, bRows, b1At, c, cAt, cRow, depth);
        default -> tile1x2(a, aAt, b, bAt, bRows, b1At, c, cAt, depth);
      }
    } else {
      switch (height) {
        case 4 -> tile4x1(a, aAt, aRow, b, bAt, bRows, c, cAt, cRow, depth);
        case 2 -> tile2x1(a, aAt, aRow, b, bAt, bRows, c, cAt, cRow, depth);
        default -> tile1x1(a, aAt, b, bAt, bRows, c, cAt, depth);
      }
    }
  }

  private static void tile4x2(
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      int[] bRows,
      long b1At,
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
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector c0v0 = zero;
    DoubleVector c0v1 = zero;
    DoubleVector c1v0 = zero;
    DoubleVector c1v1 = zero;
    DoubleVector c2v0 = zero;
    DoubleVector c2v1 = zero;
    DoubleVector c3v0 = zero;
    DoubleVector c3v1 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, right, bk, ORDER);
      DoubleVector b1 = DoubleVector.fromMemorySegment(S, right, bk + b1At, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, left.get(DOUBLE, aAt + 8L * k));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      DoubleVector x1 = DoubleVector.broadcast(S, left.get(DOUBLE, a1 + 8L * k));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      DoubleVector x2 = DoubleVector.broadcast(S, left.get(DOUBLE, a2 + 8L * k));
      c2v0 = x2.fma(b0, c2v0);
      c2v1 = x2.fma(b1, c2v1);
      DoubleVector x3 = DoubleVector.broadcast(S, left.get(DOUBLE, a3 + 8L * k));
      c3v0 = x3.fma(b0, c3v0);
      c3v1 = x3.fma(b1, c3v1);
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
      MemorySegment b,
      long bAt,
      int[] bRows,
      long b1At,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    long a1 = aAt + aRow;
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector c0v0 = zero;
    DoubleVector c0v1 = zero;
    DoubleVector c1v0 = zero;
    DoubleVector c1v1 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, right, bk, ORDER);
      DoubleVector b1 = DoubleVector.fromMemorySegment(S, right, bk + b1At, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, left.get(DOUBLE, aAt + 8L * k));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      DoubleVector x1 = DoubleVector.broadcast(S, left.get(DOUBLE, a1 + 8L * k));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
    c1v0.intoMemorySegment(out, cAt + cRow, ORDER);
    c1v1.intoMemorySegment(out, cAt + cRow + BYTES, ORDER);
  }

  private static void tile1x2(
      MemorySegment a,
      long aAt,
      MemorySegment b,
      long bAt,
      int[] bRows,
      long b1At,
      MemorySegment c,
      long cAt,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector c0v0 = zero;
    DoubleVector c0v1 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, right, bk, ORDER);
      DoubleVector b1 = DoubleVector.fromMemorySegment(S, right, bk + b1At, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, left.get(DOUBLE, aAt + 8L * k));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
  }

  private static void tile4x1(
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      int[] bRows,
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
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector c0 = zero;
    DoubleVector c1 = zero;
    DoubleVector c2 = zero;
    DoubleVector c3 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, right, bk, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, left.get(DOUBLE, aAt + 8L * k));
      c0 = x0.fma(b0, c0);
      DoubleVector x1 = DoubleVector.broadcast(S, left.get(DOUBLE, a1 + 8L * k));
      c1 = x1.fma(b0, c1);
      DoubleVector x2 = DoubleVector.broadcast(S, left.get(DOUBLE, a2 + 8L * k));
      c2 = x2.fma(b0, c2);
      DoubleVector x3 = DoubleVector.broadcast(S, left.get(DOUBLE, a3 + 8L * k));
      c3 = x3.fma(b0, c3);
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
      MemorySegment b,
      long bAt,
      int[] bRows,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    long a1 = aAt + aRow;
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector c0 = zero;
    DoubleVector c1 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, right, bk, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, left.get(DOUBLE, aAt + 8L * k));
      c0 = x0.fma(b0, c0);
      DoubleVector x1 = DoubleVector.broadcast(S, left.get(DOUBLE, a1 + 8L * k));
      c1 = x1.fma(b0, c1);
    }
    c0.intoMemorySegment(out, cAt, ORDER);
    c1.intoMemorySegment(out, cAt + cRow, ORDER);
  }

  private static void tile1x1(
      MemorySegment a,
      long aAt,
      MemorySegment b,
      long bAt,
      int[] bRows,
      MemorySegment c,
      long cAt,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector c0 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      DoubleVector b0 = DoubleVector.fromMemorySegment(S, right, bk, ORDER);
      DoubleVector x0 = DoubleVector.broadcast(S, left.get(DOUBLE, aAt + 8L * k));
      c0 = x0.fma(b0, c0);
    }
    c0.intoMemorySegment(out, cAt, ORDER);
  }
}
