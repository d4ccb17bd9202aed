package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.cajal.run.NativeMemory;
import org.cajal.type.DType;

/**
 * Copying, clearing, transposing and summing of short strips of memory, as packing needs them.
 * Positions, lengths and steps are in bytes; lengths are multiples of 4. Without the Vector API the
 * same is done by plain loops.
 */
final class Strips {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER);

  private Strips() {}

  /** Copies {@code bytes} bytes; the strips must not overlap. */
  static void copy(MemorySegment from, long fromAt, MemorySegment to, long toAt, int bytes) {
    if (Simd.available()) {
      Wide.copy(from, fromAt, to, toAt, bytes);
    } else {
      MemorySegment.copy(from, fromAt, to, toAt, bytes);
    }
  }

  /** Copies {@code count} strips of {@code bytes} bytes; they must not overlap. */
  static void copies(
      MemorySegment from,
      long fromAt,
      long fromStep,
      MemorySegment to,
      long toAt,
      long toStep,
      int count,
      int bytes) {
    if (Simd.available()) {
      Wide.copies(from, fromAt, fromStep, to, toAt, toStep, count, bytes);
    } else {
      for (int i = 0; i < count; i++) {
        MemorySegment.copy(from, fromAt + i * fromStep, to, toAt + i * toStep, bytes);
      }
    }
  }

  /** Clears {@code bytes} bytes. */
  static void zero(MemorySegment to, long toAt, int bytes) {
    if (Simd.available()) {
      Wide.zero(to, toAt, bytes);
    } else {
      for (int i = 0; i < bytes; i += 4) {
        to.set(INT, toAt + i, 0);
      }
    }
  }

  /**
   * Stores a tile: {@code to[i, j] = (add ? to[i, j] : 0) + from[i, j]} for the given rows and
   * columns. Rows of {@code from} hold two vectors.
   */
  static void store(
      DType type,
      MemorySegment from,
      long fromAt,
      long fromRow,
      MemorySegment to,
      long toAt,
      long toRow,
      int rows,
      int columns,
      boolean add) {
    if (!add) {
      for (int i = 0; i < rows; i++) {
        Wide.copy(from, fromAt + i * fromRow, to, toAt + i * toRow, columns * type.bytes());
      }
    } else if (type == DType.F32) {
      Wide.addF32(from, fromAt, fromRow, to, toAt, toRow, rows, columns);
    } else {
      Wide.addF64(from, fromAt, fromRow, to, toAt, toRow, rows, columns);
    }
  }

  /**
   * Copies strips of {@code count} elements to places {@code apart} elements apart.
   *
   * @param from readable for one vector more
   * @param size bytes of an element, 4 or 8
   */
  static void spread(
      int size,
      MemorySegment from,
      long fromAt,
      long fromStep,
      MemorySegment to,
      long toAt,
      long toStep,
      int strips,
      int count,
      int apart) {
    if (size == 4 && apart == 2 && Simd.available()) {
      Wide.spread(from, fromAt, fromStep, to, toAt, toStep, strips, count);
      return;
    }
    for (int strip = 0; strip < strips; strip++) {
      move(
          size,
          from,
          fromAt + strip * fromStep,
          size,
          to,
          toAt + strip * toStep,
          (long) apart * size,
          count);
    }
  }

  /**
   * Copies {@code count} elements that lie {@code fromStep} apart to places {@code toStep} apart.
   */
  static void move(
      int size,
      MemorySegment from,
      long fromAt,
      long fromStep,
      MemorySegment to,
      long toAt,
      long toStep,
      int count) {
    long source = fromAt;
    long target = toAt;
    if (size == 4) {
      for (int i = 0; i < count; i++) {
        to.set(INT, target, from.get(INT, source));
        source += fromStep;
        target += toStep;
      }
    } else {
      for (int i = 0; i < count; i++) {
        to.set(LONG, target, from.get(LONG, source));
        source += fromStep;
        target += toStep;
      }
    }
  }

  /**
   * Copies a matrix of elements that lie anyhow into rows: {@code to[i, j] = from[i, j]}, the
   * columns of {@code to} contiguous.
   *
   * @param size bytes of an element, 4 or 8
   */
  static void gather(
      int size,
      MemorySegment from,
      long fromAt,
      long fromRow,
      long fromColumn,
      MemorySegment to,
      long toAt,
      long toRow,
      int rows,
      int columns) {
    if (size == 4) {
      if (fromRow == 4 && toRow == 4L * columns && Simd.available() && Wide.few(columns)) {
        int done = Wide.whole(rows);
        Wide.interleave(from, fromAt, fromColumn, to, toAt, done, columns);
        gather4(
            from,
            fromAt + done * fromRow,
            fromRow,
            fromColumn,
            to,
            toAt + done * toRow,
            toRow,
            rows - done,
            columns);
        return;
      }
      if (fromRow == 4 && Simd.available() && !Wide.less(rows) && !Wide.less(columns)) {
        Wide.transpose(from, fromAt, fromColumn, to, toAt, toRow, rows, columns);
        return;
      }
      gather4(from, fromAt, fromRow, fromColumn, to, toAt, toRow, rows, columns);
    } else {
      gather8(from, fromAt, fromRow, fromColumn, to, toAt, toRow, rows, columns);
    }
  }

  private static void gather4(
      MemorySegment from,
      long fromAt,
      long fromRow,
      long fromColumn,
      MemorySegment to,
      long toAt,
      long toRow,
      int rows,
      int columns) {
    int j = 0;
    if (fromRow == 4) {
      // Two columns of two rows at a time: two loads and two stores of 8 bytes move four elements.
      for (; j + 2 <= columns; j += 2) {
        long p = fromAt + j * fromColumn;
        long q = p + fromColumn;
        long t = toAt + j * 4L;
        int i = 0;
        for (; i + 2 <= rows; i += 2) {
          long x = from.get(LONG, p + i * 4L);
          long y = from.get(LONG, q + i * 4L);
          to.set(LONG, t, (x & 0xFFFFFFFFL) | (y << 32));
          to.set(LONG, t + toRow, (x >>> 32) | (y & 0xFFFFFFFF00000000L));
          t += 2 * toRow;
        }
        if (i < rows) {
          to.set(INT, t, from.get(INT, p + i * 4L));
          to.set(INT, t + 4, from.get(INT, q + i * 4L));
        }
      }
    }
    for (; j < columns; j++) {
      long p = fromAt + j * fromColumn;
      long t = toAt + j * 4L;
      for (int i = 0; i < rows; i++) {
        to.set(INT, t, from.get(INT, p));
        p += fromRow;
        t += toRow;
      }
    }
  }

  private static void gather8(
      MemorySegment from,
      long fromAt,
      long fromRow,
      long fromColumn,
      MemorySegment to,
      long toAt,
      long toRow,
      int rows,
      int columns) {
    for (int j = 0; j < columns; j++) {
      long p = fromAt + j * fromColumn;
      long t = toAt + j * 8L;
      for (int i = 0; i < rows; i++) {
        to.set(LONG, t, from.get(LONG, p));
        p += fromRow;
        t += toRow;
      }
    }
  }

  /**
   * Sums strips of floating-point numbers: {@code to = from + (from moved by step) + ...}, {@code
   * count} terms in order.
   *
   * @param elements the length of a strip
   */
  static void sum(
      DType type,
      MemorySegment from,
      long fromAt,
      long step,
      int count,
      MemorySegment to,
      long toAt,
      int elements) {
    if (type == DType.F32) {
      if (Simd.available()) {
        Wide.sumF32(from, fromAt, step, count, to, toAt, elements);
      } else {
        ScalarProducts.sumF32(from, fromAt, step, count, to, toAt, elements);
      }
    } else if (Simd.available()) {
      Wide.sumF64(from, fromAt, step, count, to, toAt, elements);
    } else {
      ScalarProducts.sumF64(from, fromAt, step, count, to, toAt, elements);
    }
  }

  /** The vector half, a class of its own so that it loads only where there are vectors. */
  private static final class Wide {
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    private static final int BYTES = I.vectorByteSize();

    private Wide() {}

    /**
     * For each step of a transposition, a power of two, which lanes of two vectors the first and
     * the second of the new ones take.
     */
    private static final int[] SWAPS = swaps();

    private static int[] swaps() {
      int lanes = I.length();
      IntStream.Builder swaps = IntStream.builder();
      for (int step = 1; step < lanes; step *= 2) {
        for (int lane = 0; lane < lanes; lane++) {
          swaps.add((lane & step) == 0 ? lane : lanes + lane - step);
        }
        for (int lane = 0; lane < lanes; lane++) {
          swaps.add((lane & step) == 0 ? lane + step : lanes + lane);
        }
      }
      return swaps.build().toArray();
    }

    /** Whether {@code count} elements do not fill a vector. */
    static boolean less(int count) {
      return count < I.length();
    }

    /** The elements of {@code count} that fill whole vectors. */
    static int whole(int count) {
      return count / I.length() * I.length();
    }

    /**
     * Transposes blocks of as many rows and columns as a vector has lanes: in each block, for 1, 2,
     * 4, ... the off-diagonal squares of that size change places. The last blocks overlap those
     * before; there is at least one.
     */
    static void transpose(
        MemorySegment from,
        long fromAt,
        long fromColumn,
        MemorySegment to,
        long toAt,
        long toRow,
        int rows,
        int columns) {
      for (int j = 0; j < columns; j += I.length()) {
        int column = Math.min(j, columns - I.length());
        for (int i = 0; i < rows; i += I.length()) {
          int row = Math.min(i, rows - I.length());
          long source = fromAt + row * 4L + column * fromColumn;
          long target = toAt + row * toRow + column * 4L;
          swapTwice(from, source, fromColumn, to, target, toRow, 1);
          int step = 4;
          for (; 2 * step < I.length(); step *= 4) {
            swapTwice(to, target, toRow, to, target, toRow, step);
          }
          if (step < I.length()) {
            swap(to, target, toRow, step);
          }
        }
      }
    }

    /** Squares of one size change places. */
    private static void swap(MemorySegment memory, long at, long rowBytes, int step) {
      MemorySegment out = NativeMemory.of(memory);
      int swaps = 2 * I.length() * Integer.numberOfTrailingZeros(step);
      IntVector first = IntVector.fromArray(I, SWAPS, swaps);
      IntVector second = IntVector.fromArray(I, SWAPS, swaps + I.length());
      for (int pair = 0; pair < I.length() / 2; pair++) {
        int row = 2 * pair - (pair & (step - 1));
        IntVector x = IntVector.fromMemorySegment(I, out, at + row * rowBytes, ORDER);
        IntVector y = IntVector.fromMemorySegment(I, out, at + (row + step) * rowBytes, ORDER);
        first.selectFrom(x, y).intoMemorySegment(out, at + row * rowBytes, ORDER);
        second.selectFrom(x, y).intoMemorySegment(out, at + (row + step) * rowBytes, ORDER);
      }
    }

    /** Squares of one size and then of twice that size change places. */
    private static void swapTwice(
        MemorySegment from,
        long fromAt,
        long fromRow,
        MemorySegment to,
        long toAt,
        long toRow,
        int step) {
      MemorySegment out = NativeMemory.of(to);
      int swaps = 2 * I.length() * Integer.numberOfTrailingZeros(step);
      IntVector first = IntVector.fromArray(I, SWAPS, swaps);
      IntVector second = IntVector.fromArray(I, SWAPS, swaps + I.length());
      IntVector third = IntVector.fromArray(I, SWAPS, swaps + 2 * I.length());
      IntVector fourth = IntVector.fromArray(I, SWAPS, swaps + 3 * I.length());
      for (int four = 0; four < I.length() / 4; four++) {
        int row = 4 * four - 3 * (four & (step - 1));
        long source = fromAt + row * fromRow;
        long apart = step * fromRow;
        IntVector a = IntVector.fromMemorySegment(I, from, source, ORDER);
        IntVector b = IntVector.fromMemorySegment(I, from, source + apart, ORDER);
        IntVector c = IntVector.fromMemorySegment(I, from, source + 2 * apart, ORDER);
        IntVector d = IntVector.fromMemorySegment(I, from, source + 3 * apart, ORDER);
        IntVector p = first.selectFrom(a, b);
        IntVector q = second.selectFrom(a, b);
        IntVector r = first.selectFrom(c, d);
        IntVector s = second.selectFrom(c, d);
        long target = toAt + row * toRow;
        apart = step * toRow;
        third.selectFrom(p, r).intoMemorySegment(out, target, ORDER);
        third.selectFrom(q, s).intoMemorySegment(out, target + apart, ORDER);
        fourth.selectFrom(p, r).intoMemorySegment(out, target + 2 * apart, ORDER);
        fourth.selectFrom(q, s).intoMemorySegment(out, target + 3 * apart, ORDER);
      }
    }

    /** Whether columns are so few that their elements are interleaved. */
    static boolean few(int columns) {
      return columns > 1 && columns < I.length();
    }

    /**
     * For each number of columns, vector of their interleaved elements and column: which lanes of
     * the column the vector takes, the others being its own.
     */
    private static final int[][] WOVEN = woven();

    private static int[][] woven() {
      int lanes = I.length();
      int[][] all = new int[lanes][];
      for (int columns = 0; columns < lanes; columns++) {
        all[columns] = new int[columns * columns * lanes];
        for (int i = 0; i < all[columns].length; i++) {
          int column = i / lanes % columns;
          int element = i / lanes / columns * lanes + i % lanes;
          all[columns][i] = element % columns == column ? element / columns : lanes + i % lanes;
        }
      }
      return all;
    }

    /** Interleaves columns; rows are a multiple of the lanes. */
    static void interleave(
        MemorySegment from,
        long fromAt,
        long fromColumn,
        MemorySegment to,
        long toAt,
        int rows,
        int columns) {
      MemorySegment out = NativeMemory.of(to);
      int[] woven = WOVEN[columns];
      long target = toAt;
      for (int i = 0; i < rows; i += I.length()) {
        int at = 0;
        for (int vector = 0; vector < columns; vector++) {
          IntVector all = IntVector.zero(I);
          long source = fromAt + i * 4L;
          for (int column = 0; column < columns; column++) {
            IntVector lanes = IntVector.fromArray(I, woven, at);
            all = lanes.selectFrom(IntVector.fromMemorySegment(I, from, source, ORDER), all);
            at += I.length();
            source += fromColumn;
          }
          all.intoMemorySegment(out, target, ORDER);
          target += BYTES;
        }
      }
    }

    static void copy(MemorySegment from, long fromAt, MemorySegment to, long toAt, int bytes) {
      MemorySegment out = NativeMemory.of(to);
      int i = 0;
      for (; i + BYTES <= bytes; i += BYTES) {
        IntVector.fromMemorySegment(I, from, fromAt + i, ORDER)
            .intoMemorySegment(out, toAt + i, ORDER);
      }
      if (i < bytes) {
        VectorMask<Integer> rest = I.indexInRange(0, (bytes - i) >> 2);
        IntVector.fromMemorySegment(I, from, fromAt + i, ORDER, rest)
            .intoMemorySegment(out, toAt + i, ORDER, rest);
      }
    }

    static void copies(
        MemorySegment from,
        long fromAt,
        long fromStep,
        MemorySegment to,
        long toAt,
        long toStep,
        int count,
        int bytes) {
      MemorySegment out = NativeMemory.of(to);
      if (bytes < BYTES) {
        VectorMask<Integer> mask = I.indexInRange(0, bytes >> 2);
        for (int i = 0; i < count; i++) {
          IntVector.fromMemorySegment(I, from, fromAt + i * fromStep, ORDER, mask)
              .intoMemorySegment(out, toAt + i * toStep, ORDER, mask);
        }
        return;
      }
      // The last vector of a strip overlaps the one before: that is faster than lanes off.
      for (int at = 0; at < bytes; at += BYTES) {
        int moved = Math.min(at, bytes - BYTES);
        for (int i = 0; i < count; i++) {
          IntVector.fromMemorySegment(I, from, fromAt + i * fromStep + moved, ORDER)
              .intoMemorySegment(out, toAt + i * toStep + moved, ORDER);
        }
      }
    }

    /** The lanes that each half of a vector fills when its elements are two lanes apart. */
    private static final IntVector LOW_TWICE = twice(0);

    private static final IntVector HIGH_TWICE = twice(I.length() / 2);

    private static IntVector twice(int first) {
      return IntVector.fromArray(
          I, IntStream.range(0, I.length()).map(i -> first + i / 2).toArray(), 0);
    }

    /** Copies elements to every other place. */
    static void spread(
        MemorySegment from,
        long fromAt,
        long fromStep,
        MemorySegment to,
        long toAt,
        long toStep,
        int strips,
        int count) {
      MemorySegment out = NativeMemory.of(to);
      IntVector low = LOW_TWICE;
      IntVector high = HIGH_TWICE;
      VectorMask<Integer> even = VectorMask.fromLong(I, 0x5555_5555_5555_5555L);
      for (int at = 0; at < count; at += I.length()) {
        int lanes = 2 * (count - at) - 1;
        VectorMask<Integer> first = even.and(I.indexInRange(0, lanes));
        VectorMask<Integer> second = even.and(I.indexInRange(I.length(), lanes));
        long source = fromAt + 4L * at;
        long target = toAt + 8L * at;
        for (int i = 0; i < strips; i++) {
          IntVector x = IntVector.fromMemorySegment(I, from, source, ORDER);
          low.selectFrom(x).intoMemorySegment(out, target, ORDER, first);
          high.selectFrom(x).intoMemorySegment(out, target + BYTES, ORDER, second);
          source += fromStep;
          target += toStep;
        }
      }
    }

    static void zero(MemorySegment to, long toAt, int bytes) {
      MemorySegment out = NativeMemory.of(to);
      int i = 0;
      for (; i + BYTES <= bytes; i += BYTES) {
        IntVector.zero(I).intoMemorySegment(out, toAt + i, ORDER);
      }
      if (i < bytes) {
        IntVector.zero(I)
            .intoMemorySegment(out, toAt + i, ORDER, I.indexInRange(0, (bytes - i) >> 2));
      }
    }

    static void addF32(
        MemorySegment from,
        long fromAt,
        long fromRow,
        MemorySegment to,
        long toAt,
        long toRow,
        int rows,
        int columns) {
      MemorySegment out = NativeMemory.of(to);
      int whole = columns / F.length() * F.length();
      VectorMask<Float> rest = F.indexInRange(whole, columns);
      for (int i = 0; i < rows; i++) {
        long source = fromAt + i * fromRow;
        long target = toAt + i * toRow;
        for (int j = 0; j < whole; j += F.length()) {
          FloatVector.fromMemorySegment(F, from, source, ORDER)
              .add(FloatVector.fromMemorySegment(F, out, target, ORDER))
              .intoMemorySegment(out, target, ORDER);
          source += BYTES;
          target += BYTES;
        }
        if (whole < columns) {
          FloatVector.fromMemorySegment(F, from, source, ORDER)
              .add(FloatVector.fromMemorySegment(F, out, target, ORDER, rest))
              .intoMemorySegment(out, target, ORDER, rest);
        }
      }
    }

    static void addF64(
        MemorySegment from,
        long fromAt,
        long fromRow,
        MemorySegment to,
        long toAt,
        long toRow,
        int rows,
        int columns) {
      MemorySegment out = NativeMemory.of(to);
      int whole = columns / D.length() * D.length();
      VectorMask<Double> rest = D.indexInRange(whole, columns);
      for (int i = 0; i < rows; i++) {
        long source = fromAt + i * fromRow;
        long target = toAt + i * toRow;
        for (int j = 0; j < whole; j += D.length()) {
          DoubleVector.fromMemorySegment(D, from, source, ORDER)
              .add(DoubleVector.fromMemorySegment(D, out, target, ORDER))
              .intoMemorySegment(out, target, ORDER);
          source += BYTES;
          target += BYTES;
        }
        if (whole < columns) {
          DoubleVector.fromMemorySegment(D, from, source, ORDER)
              .add(DoubleVector.fromMemorySegment(D, out, target, ORDER, rest))
              .intoMemorySegment(out, target, ORDER, rest);
        }
      }
    }

    static void sumF32(
        MemorySegment from,
        long fromAt,
        long step,
        int count,
        MemorySegment to,
        long toAt,
        int elements) {
      MemorySegment out = NativeMemory.of(to);
      int i = 0;
      for (; i + F.length() <= elements; i += F.length()) {
        long at = fromAt + i * 4L;
        FloatVector sum = FloatVector.fromMemorySegment(F, from, at, ORDER);
        for (int s = 1; s < count; s++) {
          at += step;
          sum = sum.add(FloatVector.fromMemorySegment(F, from, at, ORDER));
        }
        sum.intoMemorySegment(out, toAt + i * 4L, ORDER);
      }
      if (i < elements) {
        ScalarProducts.sumF32(from, fromAt + i * 4L, step, count, to, toAt + i * 4L, elements - i);
      }
    }

    static void sumF64(
        MemorySegment from,
        long fromAt,
        long step,
        int count,
        MemorySegment to,
        long toAt,
        int elements) {
      MemorySegment out = NativeMemory.of(to);
      int i = 0;
      for (; i + D.length() <= elements; i += D.length()) {
        long at = fromAt + i * 8L;
        DoubleVector sum = DoubleVector.fromMemorySegment(D, from, at, ORDER);
        for (int s = 1; s < count; s++) {
          at += step;
          sum = sum.add(DoubleVector.fromMemorySegment(D, from, at, ORDER));
        }
        sum.intoMemorySegment(out, toAt + i * 8L, ORDER);
      }
      if (i < elements) {
        ScalarProducts.sumF64(from, fromAt + i * 8L, step, count, to, toAt + i * 8L, elements - i);
      }
    }
  }
}
