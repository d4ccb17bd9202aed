package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The scalar twins of this package's vector code: the same arguments, the same bits, no Vector API.
 * They run where it is missing and are what its tests compare with.
 */
final class ScalarProducts {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private ScalarProducts() {}

  /** The twin of {@link Tiling#tile} in single precision, for any number of rows and columns. */
  static void tileF32(
      int rows,
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
      int depth,
      int columns,
      boolean add) {
    for (int i = 0; i < rows; i++) {
      int j = 0;
      for (; j + 4 <= columns; j += 4) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        long ak = aAt + i * aRow;
        long bk = bAt + j * 4L;
        for (int k = 0; k < depth; k++) {
          float x = a.get(FLOAT, ak);
          s0 = Math.fma(x, b.get(FLOAT, bk), s0);
          s1 = Math.fma(x, b.get(FLOAT, bk + 4), s1);
          s2 = Math.fma(x, b.get(FLOAT, bk + 8), s2);
          s3 = Math.fma(x, b.get(FLOAT, bk + 12), s3);
          ak += aStep;
          bk += bStep;
        }
        long to = cAt + i * cRow + j * 4L;
        c.set(FLOAT, to, add ? s0 + c.get(FLOAT, to) : s0);
        c.set(FLOAT, to + 4, add ? s1 + c.get(FLOAT, to + 4) : s1);
        c.set(FLOAT, to + 8, add ? s2 + c.get(FLOAT, to + 8) : s2);
        c.set(FLOAT, to + 12, add ? s3 + c.get(FLOAT, to + 12) : s3);
      }
      for (; j < columns; j++) {
        float sum = 0;
        long ak = aAt + i * aRow;
        long bk = bAt + j * 4L;
        for (int k = 0; k < depth; k++) {
          sum = Math.fma(a.get(FLOAT, ak), b.get(FLOAT, bk), sum);
          ak += aStep;
          bk += bStep;
        }
        long to = cAt + i * cRow + j * 4L;
        c.set(FLOAT, to, add ? sum + c.get(FLOAT, to) : sum);
      }
    }
  }

  /** The twin of {@link Tiling#tile} in double precision. */
  static void tileF64(
      int rows,
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
      int depth,
      int columns,
      boolean add) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double sum = 0;
        long ak = aAt + i * aRow;
        long bk = bAt + j * 8L;
        for (int k = 0; k < depth; k++) {
          sum = Math.fma(a.get(DOUBLE, ak), b.get(DOUBLE, bk), sum);
          ak += aStep;
          bk += bStep;
        }
        long to = cAt + i * cRow + j * 8L;
        c.set(DOUBLE, to, add ? sum + c.get(DOUBLE, to) : sum);
      }
    }
  }

  /** The twin of {@link Tiling#tapTile} in single precision. */
  static void tapTileF32(
      int rows,
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      int[] bRows,
      long b1,
      long b2,
      int lanes,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth,
      int columns,
      boolean add) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = 0;
        long ak = aAt + i * aRow;
        long bj = bAt + (j < lanes ? 0 : j < 2 * lanes ? b1 : b2) + j % lanes * 4L;
        for (int k = 0; k < depth; k++) {
          sum = Math.fma(a.get(FLOAT, ak + k * 4L), b.get(FLOAT, bj + bRows[k]), sum);
        }
        long to = cAt + i * cRow + j * 4L;
        c.set(FLOAT, to, add ? sum + c.get(FLOAT, to) : sum);
      }
    }
  }

  /** The twin of {@link Tiling#tapTile} in double precision. */
  static void tapTileF64(
      int rows,
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      int[] bRows,
      long b1,
      long b2,
      int lanes,
      MemorySegment c,
      long cAt,
      long cRow,
      int depth,
      int columns,
      boolean add) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double sum = 0;
        long ak = aAt + i * aRow;
        long bj = bAt + (j < lanes ? 0 : j < 2 * lanes ? b1 : b2) + j % lanes * 8L;
        for (int k = 0; k < depth; k++) {
          sum = Math.fma(a.get(DOUBLE, ak + k * 8L), b.get(DOUBLE, bj + bRows[k]), sum);
        }
        long to = cAt + i * cRow + j * 8L;
        c.set(DOUBLE, to, add ? sum + c.get(DOUBLE, to) : sum);
      }
    }
  }

  /** The twin of {@link TapDots#add}. */
  static void tapDots(
      MemorySegment a,
      long aAt,
      MemorySegment b,
      long bAt,
      int[] taps,
      int first,
      int count,
      int vectors,
      int lanes,
      MemorySegment sums,
      long sumsAt) {
    for (int tap = 0; tap < count; tap++) {
      long bTap = bAt + taps[first + tap];
      for (int lane = 0; lane < lanes; lane++) {
        long to = sumsAt + ((long) tap * lanes + lane) * 4;
        float sum = sums.get(FLOAT, to);
        for (int v = 0; v < vectors; v++) {
          long at = ((long) v * lanes + lane) * 4;
          sum = Math.fma(a.get(FLOAT, aAt + at), b.get(FLOAT, bTap + at), sum);
        }
        sums.set(FLOAT, to, sum);
      }
    }
  }

  /**
   * The twin of {@link Strips#sum}: {@code to[i] = from[i] + from[i + step] + ...}, {@code count}
   * terms in order.
   */
  static void sumF32(
      MemorySegment from,
      long fromAt,
      long step,
      int count,
      MemorySegment to,
      long toAt,
      int length) {
    for (int i = 0; i < length; i++) {
      float sum = from.get(FLOAT, fromAt + i * 4L);
      for (int s = 1; s < count; s++) {
        sum += from.get(FLOAT, fromAt + s * step + i * 4L);
      }
      to.set(FLOAT, toAt + i * 4L, sum);
    }
  }

  /** The twin of {@link Strips#sum} in double precision. */
  static void sumF64(
      MemorySegment from,
      long fromAt,
      long step,
      int count,
      MemorySegment to,
      long toAt,
      int length) {
    for (int i = 0; i < length; i++) {
      double sum = from.get(DOUBLE, fromAt + i * 8L);
      for (int s = 1; s < count; s++) {
        sum += from.get(DOUBLE, fromAt + s * step + i * 8L);
      }
      to.set(DOUBLE, toAt + i * 8L, sum);
    }
  }
}
