package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.cajal.run.NativeMemory;
import org.cajal.type.DType;

/**
 * Gathers patches of an image of one or more channels into a matrix: a row for each channel and
 * tap, a column for each position, so that a convolution is the product of its weights with it.
 * Position p along an axis and tap t read the source at {@code p * step + offset[t]}, and zero
 * outside of the source. Immutable.
 */
final class Patches {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER);

  /**
   * What {@link #gather} may write behind the last column of a row, and the room that rows must
   * leave for it.
   */
  static final int OVERRUN_BYTES = Math.max(64, Simd.VECTOR_BYTES);

  private final int size;
  private final List<Integer> source;
  private final List<Integer> count;
  private final int depths;
  private final int heights;
  private final int widths;
  private final int rows;
  private final int columns;
  private final int depthStep;
  private final int rowStep;
  private final int columnStep;
  private final int[] depthOffsets;
  private final int[] rowOffsets;
  private final int[] columnOffsets;

  /** The three offsets of each tap. */
  private final int[] tapOffsets;

  private final int taps;
  private final int positions;

  /**
   * A way to gather, over three axes.
   *
   * @param source sizes of the source
   * @param count number of positions along each axis
   * @param step how far the source moves for each position
   * @param offsets for each axis the offset of each tap; an axis without taps gives a matrix
   *     without rows
   */
  Patches(
      DType type, List<Integer> source, List<Integer> count, List<Integer> step, int[][] offsets) {
    size = type.bytes();
    this.source = source;
    this.count = count;
    depths = source.get(0);
    heights = source.get(1);
    widths = source.get(2);
    rows = count.get(1);
    columns = count.get(2);
    depthStep = step.get(0);
    rowStep = step.get(1);
    columnStep = step.get(2);
    depthOffsets = offsets[0];
    rowOffsets = offsets[1];
    columnOffsets = offsets[2];
    taps = depthOffsets.length * rowOffsets.length * columnOffsets.length;
    positions = Geometry.product(count);
    IntStream.Builder all = IntStream.builder();
    for (int depth : depthOffsets) {
      for (int row : rowOffsets) {
        for (int column : columnOffsets) {
          all.add(depth).add(row).add(column);
        }
      }
    }
    tapOffsets = all.build().toArray();
  }

  /** Rows of the matrix for each channel. */
  int taps() {
    return taps;
  }

  /** Columns of the matrix. */
  int positions() {
    return positions;
  }

  /** Positions along the last axis. */
  int columns() {
    return columns;
  }

  /** Positions along the last but one axis. */
  int rows() {
    return rows;
  }

  /** Positions along the first axis. */
  int slices() {
    return count.get(0);
  }

  /** Positions along an axis. */
  int count(int axis) {
    return count.get(axis);
  }

  /** Sizes of the source. */
  List<Integer> source() {
    return source;
  }

  /** How far the source moves for each position along an axis. */
  int step(int axis) {
    return axis == 0 ? depthStep : axis == 1 ? rowStep : columnStep;
  }

  /** The offset of each tap along an axis. */
  int[] offsets(int axis) {
    return axis == 0 ? depthOffsets : axis == 1 ? rowOffsets : columnOffsets;
  }

  /** Bytes of one channel of the source. */
  long channelBytes() {
    return (long) depths * heights * widths * size;
  }

  /**
   * Gathers a part of the matrix. After each row of it, up to {@link #OVERRUN_BYTES} are
   * overwritten.
   *
   * @param from the source, at {@code fromAt} its first channel; channels are contiguous
   * @param first first row of the matrix: {@code channel * taps + tap}
   * @param last last row, excluded
   * @param firstLine first position divided by the positions along the last axis
   * @param lastLine the same of the last, excluded
   * @param firstColumn first position along the last axis; 0 unless there is one line only
   * @param lastColumn last position along the last axis, excluded; {@link #columns()} unless there
   *     is one line only
   * @param toRow bytes from one row of the result to the next
   */
  void gather(
      MemorySegment from,
      long fromAt,
      int first,
      int last,
      int firstLine,
      int lastLine,
      int firstColumn,
      int lastColumn,
      MemorySegment to,
      long toAt,
      long toRow) {
    if (first == last) {
      return;
    }
    long target = toAt;
    int tap = first % taps;
    long channelAt = fromAt + first / taps * channelBytes();
    for (int row = first; row < last; row++) {
      int depthOffset = tapOffsets[3 * tap];
      int rowOffset = tapOffsets[3 * tap + 1];
      int columnOffset = tapOffsets[3 * tap + 2];
      if ((columnStep == 1 || columnStep == 2 && size == 4) && Simd.available()) {
        lines(
            from,
            channelAt,
            depthOffset,
            rowOffset,
            columnOffset,
            firstLine,
            lastLine,
            firstColumn,
            lastColumn,
            to,
            target);
      } else {
        linesScalar(
            from,
            channelAt,
            depthOffset,
            rowOffset,
            columnOffset,
            firstLine,
            lastLine,
            firstColumn,
            lastColumn,
            to,
            target);
      }
      target += toRow;
      tap++;
      if (tap == taps) {
        tap = 0;
        channelAt += channelBytes();
      }
    }
  }

  /**
   * One row of the matrix, vectors at a time. Where {@link Wide#halves} has less than a vector to
   * write, what it writes too much belongs to the next line, which is written later.
   */
  private void lines(
      MemorySegment from,
      long channelAt,
      int depthOffset,
      int rowOffset,
      int columnOffset,
      int firstLine,
      int lastLine,
      int firstColumn,
      int lastColumn,
      MemorySegment to,
      long toAt) {
    int words = size >> 2;
    long lineBytes = (long) (lastColumn - firstColumn) * size;
    // Columns whose source column exists are those from left to right.
    int left = Math.clamp(firstAtLeast(-columnOffset, columnStep), firstColumn, lastColumn);
    int right = Math.clamp(firstAtLeast(widths - columnOffset, columnStep), left, lastColumn);
    int count = (right - left) * words;
    long target = toAt;
    int height = firstLine % rows;
    int depth = firstLine / rows;
    int line = firstLine;
    while (line < lastLine) {
      int run = Math.min(rows - height, lastLine - line);
      int sourceDepth = depth * depthStep + depthOffset;
      // Lines whose source row exists are those from low to high.
      int low = run;
      int high = run;
      if (count > 0 && sourceDepth >= 0 && sourceDepth < depths) {
        low = Math.clamp(firstAtLeast(-rowOffset, rowStep) - height, 0, run);
        high = Math.clamp(firstAtLeast(heights - rowOffset, rowStep) - height, low, run);
      }
      Strips.zero(to, target, Math.toIntExact(low * lineBytes));
      if (low < high) {
        long row = (long) sourceDepth * heights + (long) (height + low) * rowStep + rowOffset;
        long source = channelAt + (row * widths + (long) left * columnStep + columnOffset) * size;
        long fromStep = (long) rowStep * widths * size;
        long first = target + low * lineBytes;
        long at = first + (long) (left - firstColumn) * size;
        if (columnStep == 1) {
          Strips.copies(from, source, fromStep, to, at, lineBytes, high - low, count * 4);
        } else {
          Wide.halves(from, source, fromStep, to, at, lineBytes, high - low, count);
        }
        zeros(to, first, lineBytes, high - low, (left - firstColumn) * words);
        long end = first + (long) (right - firstColumn) * size;
        zeros(to, end, lineBytes, high - low, (lastColumn - right) * words);
      }
      Strips.zero(to, target + high * lineBytes, Math.toIntExact((run - high) * lineBytes));
      target += run * lineBytes;
      line += run;
      height = 0;
      depth++;
    }
  }

  /** Some words of zeros in each of some lines. */
  private static void zeros(MemorySegment to, long toAt, long toStep, int lines, int words) {
    for (int word = 0; word < words; word++) {
      long target = toAt + 4L * word;
      for (int i = 0; i < lines; i++) {
        to.set(INT, target, 0);
        target += toStep;
      }
    }
  }

  /** The smallest p, at least 0, with {@code p * step >= bound}. */
  private static int firstAtLeast(int bound, int step) {
    return bound <= 0 ? 0 : step == 1 ? bound : (bound + step - 1) / step;
  }

  /**
   * One row of the matrix, element after element: for any step of the last axis, and the twin of
   * {@link #lines}.
   */
  private void linesScalar(
      MemorySegment from,
      long channelAt,
      int depthOffset,
      int rowOffset,
      int columnOffset,
      int firstLine,
      int lastLine,
      int firstColumn,
      int lastColumn,
      MemorySegment to,
      long toAt) {
    int low = Math.clamp(firstAtLeast(-columnOffset, columnStep), firstColumn, lastColumn);
    int high = Math.clamp(firstAtLeast(widths - columnOffset, columnStep), low, lastColumn);
    int lineBytes = (lastColumn - firstColumn) * size;
    long target = toAt;
    for (int line = firstLine; line < lastLine; line++) {
      int depth = line / rows * depthStep + depthOffset;
      int height = line % rows * rowStep + rowOffset;
      if (low == high || depth < 0 || depth >= depths || height < 0 || height >= heights) {
        clear(to, target, lineBytes);
      } else {
        clear(to, target, (low - firstColumn) * size);
        long source =
            channelAt
                + (((long) depth * heights + height) * widths
                        + (long) low * columnStep
                        + columnOffset)
                    * size;
        long at = target + (long) (low - firstColumn) * size;
        if (size == 4) {
          for (int i = low; i < high; i++) {
            to.set(INT, at, from.get(INT, source));
            at += 4;
            source += 4L * columnStep;
          }
        } else {
          for (int i = low; i < high; i++) {
            to.set(LONG, at, from.get(LONG, source));
            at += 8;
            source += 8L * columnStep;
          }
        }
        clear(to, at, (lastColumn - high) * size);
      }
      target += lineBytes;
    }
  }

  private static void clear(MemorySegment to, long at, int bytes) {
    for (int i = 0; i < bytes; i += 4) {
      to.set(INT, at + i, 0);
    }
  }

  /** The vector code, in a class of its own so that it loads only where there are vectors. */
  private static final class Wide {
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    static final int LANES = I.length();

    private Wide() {}

    /**
     * Which lanes a vector of every other word takes of two vectors, of which the second begins a
     * word before the first ends, so that no word behind the last one is read.
     */
    private static final IntVector EVERY_OTHER =
        IntVector.fromArray(
            I, IntStream.range(0, LANES).map(i -> i < LANES / 2 ? 2 * i : 2 * i + 1).toArray(), 0);

    /** Every other word of each of some lines; fewer than a vector are followed by zeros. */
    static void halves(
        MemorySegment from,
        long fromAt,
        long fromStep,
        MemorySegment to,
        long toAt,
        long toStep,
        int lines,
        int words) {
      MemorySegment out = NativeMemory.of(to);
      IntVector lanes = EVERY_OTHER;
      if (words < LANES) {
        VectorMask<Integer> low = I.indexInRange(0, 2 * words - 1);
        VectorMask<Integer> high = I.indexInRange(LANES - 1, 2 * words - 1);
        long source = fromAt;
        long target = toAt;
        for (int i = 0; i < lines; i++) {
          IntVector x = IntVector.fromMemorySegment(I, from, source, ORDER, low);
          IntVector y =
              IntVector.fromMemorySegment(I, from, source + 4L * (LANES - 1), ORDER, high);
          lanes.selectFrom(x, y).intoMemorySegment(out, target, ORDER);
          source += fromStep;
          target += toStep;
        }
        return;
      }
      for (int at = 0; at < words; at += LANES) {
        int word = Math.min(at, words - LANES);
        long source = fromAt + 8L * word;
        long target = toAt + 4L * word;
        for (int i = 0; i < lines; i++) {
          IntVector x = IntVector.fromMemorySegment(I, from, source, ORDER);
          IntVector y = IntVector.fromMemorySegment(I, from, source + 4L * (LANES - 1), ORDER);
          lanes.selectFrom(x, y).intoMemorySegment(out, target, ORDER);
          source += fromStep;
          target += toStep;
        }
      }
    }
  }
}
