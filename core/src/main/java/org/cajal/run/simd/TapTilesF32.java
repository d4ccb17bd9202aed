package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.cajal.run.NativeMemory;

/**
 * The micro-kernels of convolutions in single precision: as those of {@link TilesF32} whose rows of
 * A are contiguous, but each row of B has its own place, given by a table. So B can be an image
 * itself: its rows are the image moved by one tap of the kernel after the other. Their scalar twin
 * is {@link ScalarProducts#tapTileF32}.
 */
final class TapTilesF32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);
  private static final int BYTES = S.vectorByteSize();

  private TapTilesF32() {}

  /**
   * One tile: {@code C[i, j] = sum over k of A[i, k] * B[k, j]}. All positions and steps are in
   * bytes. B is read and C written by whole vectors.
   *
   * @param height the number of rows of the method to use, one of {@link Tiling#tapHeights}
   * @param vectors vectors of columns: 1, 2 or 3
   * @param aRow from one row of A to the next; the elements of a row are contiguous
   * @param bRows where each row of B lies, from {@code bAt}
   * @param b1 from the first vector of a row of B to the second
   * @param b2 from the first vector of a row of B to the third
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
      long b1,
      long b2,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth) {
    switch (vectors) {
      case 3 -> {
        switch (height) {
          case 8 -> tile8x3(a, aAt, aRow, b, bAt, bRows, b1, b2, c, cAt, cRow, depth);
          case 6 -> tile6x3(a, aAt, aRow, b, bAt, bRows, b1, b2, c, cAt, cRow, depth);
          case 4 -> tile4x3(a, aAt, aRow, b, bAt, bRows, b1, b2, c, cAt, cRow, depth);
          case 2 -> tile2x3(a, aAt, aRow, b, bAt, bRows, b1, b2, c, cAt, cRow, depth);
          default -> tile1x3(a, aAt, b, bAt, bRows, b1, b2, c, cAt, depth);
        }
      }
      case 2 -> {
        switch (height) {
          case 8 -> tile8x2(a, aAt, aRow, b, bAt, bRows, b1, c, cAt, cRow, depth);
          case 6 -> tile6x2(a, aAt, aRow, b, bAt, bRows, b1, c, cAt, cRow, depth);
          case 4 -> tile4x2(a, aAt, aRow, b, bAt, bRows, b1, c, cAt, cRow, depth);
          case 2 -> tile2x2(a, aAt, aRow, b, bAt, bRows, b1, c, cAt, cRow, depth);
          default -> tile1x2(a, aAt, b, bAt, bRows, b1, c, cAt, depth);
        }
      }
      default -> {
        switch (height) {
          case 8 -> tile8x1(a, aAt, aRow, b, bAt, bRows, c, cAt, cRow, depth);
          case 6 -> tile6x1(a, aAt, aRow, b, bAt, bRows, c, cAt, cRow, depth);
          case 4 -> tile4x1(a, aAt, aRow, b, bAt, bRows, c, cAt, cRow, depth);
          case 2 -> tile2x1(a, aAt, aRow, b, bAt, bRows, c, cAt, cRow, depth);
          default -> tile1x1(a, aAt, b, bAt, bRows, c, cAt, depth);
        }
      }
    }
  }

  private static void tile8x3(
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      int[] bRows,
      long b1At,
      long b2At,
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
    FloatVector c0v2 = zero;
    FloatVector c1v0 = zero;
    FloatVector c1v1 = zero;
    FloatVector c1v2 = zero;
    FloatVector c2v0 = zero;
    FloatVector c2v1 = zero;
    FloatVector c2v2 = zero;
    FloatVector c3v0 = zero;
    FloatVector c3v1 = zero;
    FloatVector c3v2 = zero;
    FloatVector c4v0 = zero;
    FloatVector c4v1 = zero;
    FloatVector c4v2 = zero;
    FloatVector c5v0 = zero;
    FloatVector c5v1 = zero;
    FloatVector c5v2 = zero;
    FloatVector c6v0 = zero;
    FloatVector c6v1 = zero;
    FloatVector c6v2 = zero;
    FloatVector c7v0 = zero;
    FloatVector c7v1 = zero;
    FloatVector c7v2 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + b1At, ORDER);
      FloatVector b2 = FloatVector.fromMemorySegment(S, right, bk + b2At, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      c0v2 = x0.fma(b2, c0v2);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, a1 + 4L * k));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      c1v2 = x1.fma(b2, c1v2);
      FloatVector x2 = FloatVector.broadcast(S, left.get(FLOAT, a2 + 4L * k));
      c2v0 = x2.fma(b0, c2v0);
      c2v1 = x2.fma(b1, c2v1);
      c2v2 = x2.fma(b2, c2v2);
      FloatVector x3 = FloatVector.broadcast(S, left.get(FLOAT, a3 + 4L * k));
      c3v0 = x3.fma(b0, c3v0);
      c3v1 = x3.fma(b1, c3v1);
      c3v2 = x3.fma(b2, c3v2);
      FloatVector x4 = FloatVector.broadcast(S, left.get(FLOAT, a4 + 4L * k));
      c4v0 = x4.fma(b0, c4v0);
      c4v1 = x4.fma(b1, c4v1);
      c4v2 = x4.fma(b2, c4v2);
      FloatVector x5 = FloatVector.broadcast(S, left.get(FLOAT, a5 + 4L * k));
      c5v0 = x5.fma(b0, c5v0);
      c5v1 = x5.fma(b1, c5v1);
      c5v2 = x5.fma(b2, c5v2);
      FloatVector x6 = FloatVector.broadcast(S, left.get(FLOAT, a6 + 4L * k));
      c6v0 = x6.fma(b0, c6v0);
      c6v1 = x6.fma(b1, c6v1);
      c6v2 = x6.fma(b2, c6v2);
      FloatVector x7 = FloatVector.broadcast(S, left.get(FLOAT, a7 + 4L * k));
      c7v0 = x7.fma(b0, c7v0);
      c7v1 = x7.fma(b1, c7v1);
      c7v2 = x7.fma(b2, c7v2);
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
    c0v2.intoMemorySegment(out, cAt + 2L * BYTES, ORDER);
    c1v0.intoMemorySegment(out, cAt + cRow, ORDER);
    c1v1.intoMemorySegment(out, cAt + cRow + BYTES, ORDER);
    c1v2.intoMemorySegment(out, cAt + cRow + 2L * BYTES, ORDER);
    c2v0.intoMemorySegment(out, cAt + 2 * cRow, ORDER);
    c2v1.intoMemorySegment(out, cAt + 2 * cRow + BYTES, ORDER);
    c2v2.intoMemorySegment(out, cAt + 2 * cRow + 2L * BYTES, ORDER);
    c3v0.intoMemorySegment(out, cAt + 3 * cRow, ORDER);
    c3v1.intoMemorySegment(out, cAt + 3 * cRow + BYTES, ORDER);
    c3v2.intoMemorySegment(out, cAt + 3 * cRow + 2L * BYTES, ORDER);
    c4v0.intoMemorySegment(out, cAt + 4 * cRow, ORDER);
    c4v1.intoMemorySegment(out, cAt + 4 * cRow + BYTES, ORDER);
    c4v2.intoMemorySegment(out, cAt + 4 * cRow + 2L * BYTES, ORDER);
    c5v0.intoMemorySegment(out, cAt + 5 * cRow, ORDER);
    c5v1.intoMemorySegment(out, cAt + 5 * cRow + BYTES, ORDER);
    c5v2.intoMemorySegment(out, cAt + 5 * cRow + 2L * BYTES, ORDER);
    c6v0.intoMemorySegment(out, cAt + 6 * cRow, ORDER);
    c6v1.intoMemorySegment(out, cAt + 6 * cRow + BYTES, ORDER);
    c6v2.intoMemorySegment(out, cAt + 6 * cRow + 2L * BYTES, ORDER);
    c7v0.intoMemorySegment(out, cAt + 7 * cRow, ORDER);
    c7v1.intoMemorySegment(out, cAt + 7 * cRow + BYTES, ORDER);
    c7v2.intoMemorySegment(out, cAt + 7 * cRow + 2L * BYTES, ORDER);
  }

  private static void tile6x3(
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      int[] bRows,
      long b1At,
      long b2At,
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
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0v0 = zero;
    FloatVector c0v1 = zero;
    FloatVector c0v2 = zero;
    FloatVector c1v0 = zero;
    FloatVector c1v1 = zero;
    FloatVector c1v2 = zero;
    FloatVector c2v0 = zero;
    FloatVector c2v1 = zero;
    FloatVector c2v2 = zero;
    FloatVector c3v0 = zero;
    FloatVector c3v1 = zero;
    FloatVector c3v2 = zero;
    FloatVector c4v0 = zero;
    FloatVector c4v1 = zero;
    FloatVector c4v2 = zero;
    FloatVector c5v0 = zero;
    FloatVector c5v1 = zero;
    FloatVector c5v2 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + b1At, ORDER);
      FloatVector b2 = FloatVector.fromMemorySegment(S, right, bk + b2At, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      c0v2 = x0.fma(b2, c0v2);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, a1 + 4L * k));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      c1v2 = x1.fma(b2, c1v2);
      FloatVector x2 = FloatVector.broadcast(S, left.get(FLOAT, a2 + 4L * k));
      c2v0 = x2.fma(b0, c2v0);
      c2v1 = x2.fma(b1, c2v1);
      c2v2 = x2.fma(b2, c2v2);
      FloatVector x3 = FloatVector.broadcast(S, left.get(FLOAT, a3 + 4L * k));
      c3v0 = x3.fma(b0, c3v0);
      c3v1 = x3.fma(b1, c3v1);
      c3v2 = x3.fma(b2, c3v2);
      FloatVector x4 = FloatVector.broadcast(S, left.get(FLOAT, a4 + 4L * k));
      c4v0 = x4.fma(b0, c4v0);
      c4v1 = x4.fma(b1, c4v1);
      c4v2 = x4.fma(b2, c4v2);
      FloatVector x5 = FloatVector.broadcast(S, left.get(FLOAT, a5 + 4L * k));
      c5v0 = x5.fma(b0, c5v0);
      c5v1 = x5.fma(b1, c5v1);
      c5v2 = x5.fma(b2, c5v2);
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
    c0v2.intoMemorySegment(out, cAt + 2L * BYTES, ORDER);
    c1v0.intoMemorySegment(out, cAt + cRow, ORDER);
    c1v1.intoMemorySegment(out, cAt + cRow + BYTES, ORDER);
    c1v2.intoMemorySegment(out, cAt + cRow + 2L * BYTES, ORDER);
    c2v0.intoMemorySegment(out, cAt + 2 * cRow, ORDER);
    c2v1.intoMemorySegment(out, cAt + 2 * cRow + BYTES, ORDER);
    c2v2.intoMemorySegment(out, cAt + 2 * cRow + 2L * BYTES, ORDER);
    c3v0.intoMemorySegment(out, cAt + 3 * cRow, ORDER);
    c3v1.intoMemorySegment(out, cAt + 3 * cRow + BYTES, ORDER);
    c3v2.intoMemorySegment(out, cAt + 3 * cRow + 2L * BYTES, ORDER);
    c4v0.intoMemorySegment(out, cAt + 4 * cRow, ORDER);
    c4v1.intoMemorySegment(out, cAt + 4 * cRow + BYTES, ORDER);
    c4v2.intoMemorySegment(out, cAt + 4 * cRow + 2L * BYTES, ORDER);
    c5v0.intoMemorySegment(out, cAt + 5 * cRow, ORDER);
    c5v1.intoMemorySegment(out, cAt + 5 * cRow + BYTES, ORDER);
    c5v2.intoMemorySegment(out, cAt + 5 * cRow + 2L * BYTES, ORDER);
  }

  private static void tile4x3(
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      int[] bRows,
      long b1At,
      long b2At,
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
    FloatVector c0v2 = zero;
    FloatVector c1v0 = zero;
    FloatVector c1v1 = zero;
    FloatVector c1v2 = zero;
    FloatVector c2v0 = zero;
    FloatVector c2v1 = zero;
    FloatVector c2v2 = zero;
    FloatVector c3v0 = zero;
    FloatVector c3v1 = zero;
    FloatVector c3v2 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + b1At, ORDER);
      FloatVector b2 = FloatVector.fromMemorySegment(S, right, bk + b2At, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      c0v2 = x0.fma(b2, c0v2);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, a1 + 4L * k));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      c1v2 = x1.fma(b2, c1v2);
      FloatVector x2 = FloatVector.broadcast(S, left.get(FLOAT, a2 + 4L * k));
      c2v0 = x2.fma(b0, c2v0);
      c2v1 = x2.fma(b1, c2v1);
      c2v2 = x2.fma(b2, c2v2);
      FloatVector x3 = FloatVector.broadcast(S, left.get(FLOAT, a3 + 4L * k));
      c3v0 = x3.fma(b0, c3v0);
      c3v1 = x3.fma(b1, c3v1);
      c3v2 = x3.fma(b2, c3v2);
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
    c0v2.intoMemorySegment(out, cAt + 2L * BYTES, ORDER);
    c1v0.intoMemorySegment(out, cAt + cRow, ORDER);
    c1v1.intoMemorySegment(out, cAt + cRow + BYTES, ORDER);
    c1v2.intoMemorySegment(out, cAt + cRow + 2L * BYTES, ORDER);
    c2v0.intoMemorySegment(out, cAt + 2 * cRow, ORDER);
    c2v1.intoMemorySegment(out, cAt + 2 * cRow + BYTES, ORDER);
    c2v2.intoMemorySegment(out, cAt + 2 * cRow + 2L * BYTES, ORDER);
    c3v0.intoMemorySegment(out, cAt + 3 * cRow, ORDER);
    c3v1.intoMemorySegment(out, cAt + 3 * cRow + BYTES, ORDER);
    c3v2.intoMemorySegment(out, cAt + 3 * cRow + 2L * BYTES, ORDER);
  }

  private static void tile2x3(
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      int[] bRows,
      long b1At,
      long b2At,
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
    FloatVector c0v2 = zero;
    FloatVector c1v0 = zero;
    FloatVector c1v1 = zero;
    FloatVector c1v2 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + b1At, ORDER);
      FloatVector b2 = FloatVector.fromMemorySegment(S, right, bk + b2At, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      c0v2 = x0.fma(b2, c0v2);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, a1 + 4L * k));
      c1v0 = x1.fma(b0, c1v0);
      c1v1 = x1.fma(b1, c1v1);
      c1v2 = x1.fma(b2, c1v2);
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
    c0v2.intoMemorySegment(out, cAt + 2L * BYTES, ORDER);
    c1v0.intoMemorySegment(out, cAt + cRow, ORDER);
    c1v1.intoMemorySegment(out, cAt + cRow + BYTES, ORDER);
    c1v2.intoMemorySegment(out, cAt + cRow + 2L * BYTES, ORDER);
  }

  private static void tile1x3(
      MemorySegment a,
      long aAt,
      MemorySegment b,
      long bAt,
      int[] bRows,
      long b1At,
      long b2At,
      MemorySegment c,
      long cAt,
      int depth) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0v0 = zero;
    FloatVector c0v1 = zero;
    FloatVector c0v2 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + b1At, ORDER);
      FloatVector b2 = FloatVector.fromMemorySegment(S, right, bk + b2At, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      c0v2 = x0.fma(b2, c0v2);
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
    c0v2.intoMemorySegment(out, cAt + 2L * BYTES, ORDER);
  }

  private static void tile8x2(
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
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + b1At, ORDER);
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

  private static void tile6x2(
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
    long a4 = aAt + 4 * aRow;
    long a5 = aAt + 5 * aRow;
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
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + b1At, ORDER);
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
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0v0 = zero;
    FloatVector c0v1 = zero;
    FloatVector c1v0 = zero;
    FloatVector c1v1 = zero;
    FloatVector c2v0 = zero;
    FloatVector c2v1 = zero;
    FloatVector c3v0 = zero;
    FloatVector c3v1 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + b1At, ORDER);
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
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0v0 = zero;
    FloatVector c0v1 = zero;
    FloatVector c1v0 = zero;
    FloatVector c1v1 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + b1At, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, a1 + 4L * k));
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
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0v0 = zero;
    FloatVector c0v1 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(S, right, bk + b1At, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0v0 = x0.fma(b0, c0v0);
      c0v1 = x0.fma(b1, c0v1);
    }
    c0v0.intoMemorySegment(out, cAt, ORDER);
    c0v1.intoMemorySegment(out, cAt + BYTES, ORDER);
  }

  /**
   * A row of C of some vectors: {@code C[j] = sum over k of A[k] * B[k, j]}, eight at a time. The
   * vectors of a row of B lie one behind the other.
   */
  static void row(
      MemorySegment a,
      long aAt,
      MemorySegment b,
      long bAt,
      int[] bRows,
      MemorySegment c,
      long cAt,
      int depth,
      int vectors) {
    MemorySegment left = NativeMemory.of(a);
    MemorySegment right = NativeMemory.of(b);
    MemorySegment out = NativeMemory.of(c);
    FloatVector zero = FloatVector.zero(S);
    int vector = 0;
    for (; vector + 8 <= vectors; vector += 8) {
      long at = bAt + (long) BYTES * vector;
      FloatVector c0 = zero;
      FloatVector c1 = zero;
      FloatVector c2 = zero;
      FloatVector c3 = zero;
      FloatVector c4 = zero;
      FloatVector c5 = zero;
      FloatVector c6 = zero;
      FloatVector c7 = zero;
      for (int k = 0; k < depth; k++) {
        long bk = at + bRows[k];
        FloatVector x = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
        c0 = x.fma(FloatVector.fromMemorySegment(S, right, bk, ORDER), c0);
        c1 = x.fma(FloatVector.fromMemorySegment(S, right, bk + BYTES, ORDER), c1);
        c2 = x.fma(FloatVector.fromMemorySegment(S, right, bk + 2L * BYTES, ORDER), c2);
        c3 = x.fma(FloatVector.fromMemorySegment(S, right, bk + 3L * BYTES, ORDER), c3);
        c4 = x.fma(FloatVector.fromMemorySegment(S, right, bk + 4L * BYTES, ORDER), c4);
        c5 = x.fma(FloatVector.fromMemorySegment(S, right, bk + 5L * BYTES, ORDER), c5);
        c6 = x.fma(FloatVector.fromMemorySegment(S, right, bk + 6L * BYTES, ORDER), c6);
        c7 = x.fma(FloatVector.fromMemorySegment(S, right, bk + 7L * BYTES, ORDER), c7);
      }
      long to = cAt + (long) BYTES * vector;
      c0.intoMemorySegment(out, to, ORDER);
      c1.intoMemorySegment(out, to + BYTES, ORDER);
      c2.intoMemorySegment(out, to + 2L * BYTES, ORDER);
      c3.intoMemorySegment(out, to + 3L * BYTES, ORDER);
      c4.intoMemorySegment(out, to + 4L * BYTES, ORDER);
      c5.intoMemorySegment(out, to + 5L * BYTES, ORDER);
      c6.intoMemorySegment(out, to + 6L * BYTES, ORDER);
      c7.intoMemorySegment(out, to + 7L * BYTES, ORDER);
    }
    while (vector < vectors) {
      int wide = Math.min(3, vectors - vector);
      long moved = (long) BYTES * vector;
      tile(1, wide, a, aAt, 0, b, bAt + moved, bRows, BYTES, 2L * BYTES, c, cAt + moved, 0, depth);
      vector += wide;
    }
  }

  private static void tile8x1(
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
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
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

  private static void tile6x1(
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
    long a4 = aAt + 4 * aRow;
    long a5 = aAt + 5 * aRow;
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0 = zero;
    FloatVector c1 = zero;
    FloatVector c2 = zero;
    FloatVector c3 = zero;
    FloatVector c4 = zero;
    FloatVector c5 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
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
    }
    c0.intoMemorySegment(out, cAt, ORDER);
    c1.intoMemorySegment(out, cAt + cRow, ORDER);
    c2.intoMemorySegment(out, cAt + 2 * cRow, ORDER);
    c3.intoMemorySegment(out, cAt + 3 * cRow, ORDER);
    c4.intoMemorySegment(out, cAt + 4 * cRow, ORDER);
    c5.intoMemorySegment(out, cAt + 5 * cRow, ORDER);
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
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0 = zero;
    FloatVector c1 = zero;
    FloatVector c2 = zero;
    FloatVector c3 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0 = x0.fma(b0, c0);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, a1 + 4L * k));
      c1 = x1.fma(b0, c1);
      FloatVector x2 = FloatVector.broadcast(S, left.get(FLOAT, a2 + 4L * k));
      c2 = x2.fma(b0, c2);
      FloatVector x3 = FloatVector.broadcast(S, left.get(FLOAT, a3 + 4L * k));
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
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0 = zero;
    FloatVector c1 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0 = x0.fma(b0, c0);
      FloatVector x1 = FloatVector.broadcast(S, left.get(FLOAT, a1 + 4L * k));
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
    FloatVector zero = FloatVector.zero(S);
    FloatVector c0 = zero;
    for (int k = 0; k < depth; k++) {
      long bk = bAt + bRows[k];
      FloatVector b0 = FloatVector.fromMemorySegment(S, right, bk, ORDER);
      FloatVector x0 = FloatVector.broadcast(S, left.get(FLOAT, aAt + 4L * k));
      c0 = x0.fma(b0, c0);
    }
    c0.intoMemorySegment(out, cAt, ORDER);
  }
}
