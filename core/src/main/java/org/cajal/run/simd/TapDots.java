package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.cajal.run.NativeMemory;
import org.cajal.type.DType;

/**
 * Scalar products of one row of numbers with others, each given by its place in a table, in single
 * precision: the micro-kernel of {@link DepthwiseWeightGradient}. Vector lanes run along the rows,
 * and each lane is summed apart.
 */
final class TapDots {
  /** How many rows one call takes. */
  static final int TAPS = 9;

  private static final int LANES = Simd.VECTOR_BYTES / 4;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private TapDots() {}

  /**
   * Adds the products of {@link #TAPS} rows: {@code sums[t, lane] = (add ? sums[t, lane] : 0) + sum
   * over vectors v of a[v, lane] * b[taps[first + t] + v, lane]}. Positions are in bytes.
   *
   * @param taps where each row begins, from {@code bAt}
   * @param vectors the length of a row
   */
  static void add(
      MemorySegment a,
      long aAt,
      MemorySegment b,
      long bAt,
      int[] taps,
      int first,
      int vectors,
      MemorySegment sums,
      long sumsAt,
      boolean add) {
    if (!add) {
      Strips.zero(sums, sumsAt, TAPS * Simd.VECTOR_BYTES);
    }
    if (Simd.available() && Warmth.ready(DType.F32, 1, 1, Warmth.TAP_DOTS)) {
      Wide.add(a, aAt, b, bAt, taps, first, vectors, sums, sumsAt);
    } else {
      ScalarProducts.tapDots(a, aAt, b, bAt, taps, first, TAPS, vectors, LANES, sums, sumsAt);
    }
  }

  /** The sum of the lanes of one vector, each half added to the other, written to {@code to}. */
  static void addLanes(MemorySegment sums, long sumsAt, MemorySegment to, long toAt) {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int lane = 0; lane < half; lane++) {
        long at = sumsAt + lane * 4L;
        sums.set(FLOAT, at, sums.get(FLOAT, at) + sums.get(FLOAT, at + half * 4L));
      }
    }
    to.set(FLOAT, toAt, sums.get(FLOAT, sumsAt));
  }

  /** The vector half, a class of its own so that it loads only where there are vectors. */
  static final class Wide {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int BYTES = S.vectorByteSize();

    private Wide() {}

    static void add(
        MemorySegment a,
        long aAt,
        MemorySegment b,
        long bAt,
        int[] taps,
        int first,
        int vectors,
        MemorySegment sums,
        long sumsAt) {
      MemorySegment out = NativeMemory.of(sums);
      long b0 = bAt + taps[first];
      long b1 = bAt + taps[first + 1];
      long b2 = bAt + taps[first + 2];
      long b3 = bAt + taps[first + 3];
      long b4 = bAt + taps[first + 4];
      long b5 = bAt + taps[first + 5];
      long b6 = bAt + taps[first + 6];
      long b7 = bAt + taps[first + 7];
      long b8 = bAt + taps[first + 8];
      FloatVector s0 = FloatVector.fromMemorySegment(S, out, sumsAt, ORDER);
      FloatVector s1 = FloatVector.fromMemorySegment(S, out, sumsAt + BYTES, ORDER);
      FloatVector s2 = FloatVector.fromMemorySegment(S, out, sumsAt + 2L * BYTES, ORDER);
      FloatVector s3 = FloatVector.fromMemorySegment(S, out, sumsAt + 3L * BYTES, ORDER);
      FloatVector s4 = FloatVector.fromMemorySegment(S, out, sumsAt + 4L * BYTES, ORDER);
      FloatVector s5 = FloatVector.fromMemorySegment(S, out, sumsAt + 5L * BYTES, ORDER);
      FloatVector s6 = FloatVector.fromMemorySegment(S, out, sumsAt + 6L * BYTES, ORDER);
      FloatVector s7 = FloatVector.fromMemorySegment(S, out, sumsAt + 7L * BYTES, ORDER);
      FloatVector s8 = FloatVector.fromMemorySegment(S, out, sumsAt + 8L * BYTES, ORDER);
      for (int v = 0; v < vectors; v++) {
        long at = (long) v * BYTES;
        FloatVector x = FloatVector.fromMemorySegment(S, a, aAt + at, ORDER);
        s0 = x.fma(FloatVector.fromMemorySegment(S, b, b0 + at, ORDER), s0);
        s1 = x.fma(FloatVector.fromMemorySegment(S, b, b1 + at, ORDER), s1);
        s2 = x.fma(FloatVector.fromMemorySegment(S, b, b2 + at, ORDER), s2);
        s3 = x.fma(FloatVector.fromMemorySegment(S, b, b3 + at, ORDER), s3);
        s4 = x.fma(FloatVector.fromMemorySegment(S, b, b4 + at, ORDER), s4);
        s5 = x.fma(FloatVector.fromMemorySegment(S, b, b5 + at, ORDER), s5);
        s6 = x.fma(FloatVector.fromMemorySegment(S, b, b6 + at, ORDER), s6);
        s7 = x.fma(FloatVector.fromMemorySegment(S, b, b7 + at, ORDER), s7);
        s8 = x.fma(FloatVector.fromMemorySegment(S, b, b8 + at, ORDER), s8);
      }
      s0.intoMemorySegment(out, sumsAt, ORDER);
      s1.intoMemorySegment(out, sumsAt + BYTES, ORDER);
      s2.intoMemorySegment(out, sumsAt + 2L * BYTES, ORDER);
      s3.intoMemorySegment(out, sumsAt + 3L * BYTES, ORDER);
      s4.intoMemorySegment(out, sumsAt + 4L * BYTES, ORDER);
      s5.intoMemorySegment(out, sumsAt + 5L * BYTES, ORDER);
      s6.intoMemorySegment(out, sumsAt + 6L * BYTES, ORDER);
      s7.intoMemorySegment(out, sumsAt + 7L * BYTES, ORDER);
      s8.intoMemorySegment(out, sumsAt + 8L * BYTES, ORDER);
    }
  }
}
