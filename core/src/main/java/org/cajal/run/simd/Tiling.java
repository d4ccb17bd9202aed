package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.cajal.type.DType;

/**
 * How a matrix of a given number of rows is cut into the heights for which there is a micro-kernel,
 * and the one place that calls the micro-kernels, vector or scalar. Immutable; the cut depends on
 * rows and element type alone.
 */
final class Tiling {
  /**
   * Heights for which {@link TilesF32} has methods, the tallest first; each half of the one before.
   */
  private static final int[] HEIGHTS_F32 = {8, 4, 2, 1};

  /** Heights for which {@link TapTilesF32} has methods: convolutions often have few channels. */
  private static final int[] TAP_HEIGHTS_F32 = {8, 6, 4, 2, 1};

  /** The most vectors of columns for which {@link TapTilesF32} has methods. */
  private static final int TAP_VECTORS_F32 = 3;

  /** Heights for which {@link TilesF64} and {@link TapTilesF64} have methods. */
  private static final int[] HEIGHTS_F64 = {4, 2, 1};

  /**
   * The memory in which a tile waits that cannot be stored as it is; every thread that multiplies
   * needs its own.
   */
  static final int SPILL_BYTES = HEIGHTS_F32[0] * TAP_VECTORS_F32 * Simd.VECTOR_BYTES;

  private final DType type;
  private final int lanes;
  private final int[] starts;

  /**
   * The cut of {@code rows} rows.
   *
   * @param type F32 or F64
   */
  Tiling(DType type, int rows) {
    this(type, rows, heights(type));
  }

  private Tiling(DType type, int rows, int[] heights) {
    this.type = type;
    lanes = panelColumns(type) / 2;
    IntStream.Builder cut = IntStream.builder();
    int row = 0;
    for (int height : heights) {
      for (; rows - row >= height; row += height) {
        cut.add(row);
      }
    }
    starts = IntStream.concat(cut.build(), IntStream.of(rows)).toArray();
  }

  /** The cut of {@code rows} rows for {@link #tapTile}. */
  static Tiling ofTaps(DType type, int rows) {
    return new Tiling(type, rows, tapHeights(type));
  }

  /** The heights that this machine has registers for, the tallest first. */
  static int[] heights(DType type) {
    return present(type == DType.F32 ? HEIGHTS_F32 : HEIGHTS_F64);
  }

  /** The heights of {@link #tapTile}. */
  static int[] tapHeights(DType type) {
    return present(type == DType.F32 ? TAP_HEIGHTS_F32 : HEIGHTS_F64);
  }

  private static int[] present(int[] heights) {
    return Arrays.stream(heights).filter(h -> h <= Simd.TALLEST).toArray();
  }

  /** The number of tiles. */
  int count() {
    return starts.length - 1;
  }

  /** The first row of a tile; the number of rows for the tile after the last. */
  int start(int tile) {
    return starts[tile];
  }

  /**
   * The first tile of a group when all tiles are cut into groups of neighbours, as even as can be;
   * {@link #count} for the group after the last. No group is empty unless there are more than
   * tiles.
   */
  int firstOfGroup(int group, int groups) {
    return (int) ((long) count() * group / groups);
  }

  /** The number of rows of the tallest tile, 0 if there is none. */
  int tallest() {
    return count() == 0 ? 0 : starts[1];
  }

  /** The most vectors of columns of {@link #tapTile}. */
  static int tapVectors(DType type) {
    return type == DType.F32 ? TAP_VECTORS_F32 : 2;
  }

  /** The number of columns of a panel: two vectors. */
  static int panelColumns(DType type) {
    return 2 * Simd.VECTOR_BYTES / type.bytes();
  }

  /**
   * One tile of a product: {@code C[i, j] = (add ? C[i, j] : 0) + sum over k of A[i, k] * B[k, j]}.
   * Positions of A and C are those of row 0 of the whole matrix; they and the steps are in bytes.
   * Rows or columns of A must be contiguous; rows of B must be readable for one whole vector if
   * {@code columns} fits into one and for two else; of C only the tile's rows and the given columns
   * are touched.
   *
   * @param aRow from one row of A to the next
   * @param aStep from one column of A to the next; this or {@code aRow} is the size of an element
   * @param columns 1 to twice the number of lanes
   * @param spill {@link #SPILL_BYTES} bytes of this thread's; not used if {@code columns} fills its
   *     vectors and {@code add} is false
   */
  void tile(
      int tile,
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
      boolean add,
      MemorySegment spill,
      long spillAt) {
    int start = starts[tile];
    int height = starts[tile + 1] - start;
    long aTile = aAt + start * aRow;
    long cTile = cAt + start * cRow;
    boolean wide = columns > lanes;
    if (!Simd.available()
        || !Warmth.ready(
            type, height, wide ? 2 : 1, aStep == type.bytes() ? Warmth.ROWS : Warmth.COLUMNS)) {
      if (type == DType.F32) {
        ScalarProducts.tileF32(
            height, a, aTile, aRow, aStep, b, bAt, bStep, c, cTile, cRow, depth, columns, add);
      } else {
        ScalarProducts.tileF64(
            height, a, aTile, aRow, aStep, b, bAt, bStep, c, cTile, cRow, depth, columns, add);
      }
    } else if (!add && columns == (wide ? 2 * lanes : lanes)) {
      vectors(type, height, wide, a, aTile, aRow, aStep, b, bAt, bStep, c, cTile, cRow, depth);
    } else {
      long spillRow = 2L * Simd.VECTOR_BYTES;
      vectors(
          type, height, wide, a, aTile, aRow, aStep, b, bAt, bStep, spill, spillAt, spillRow,
          depth);
      Strips.store(type, spill, spillAt, spillRow, c, cTile, cRow, height, columns, add);
    }
  }

  /**
   * One tile of a product whose B is read by a table: {@code C[i, j] = (add ? C[i, j] : 0) + sum
   * over k of A[i, k] * B[k, j]}. As {@link #tile}, but the rows of A are contiguous and row k of B
   * begins at {@code bAt + bRows[k]}.
   *
   * @param b1 from the first vector of a row of B to the second
   * @param b2 from the first vector of a row of B to the third; F32 only
   * @param columns 1 to {@link #tapVectors} times the number of lanes
   */
  void tapTile(
      int tile,
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
      int depth,
      int columns,
      boolean add,
      MemorySegment spill,
      long spillAt) {
    int start = starts[tile];
    int height = starts[tile + 1] - start;
    long aTile = aAt + start * aRow;
    long cTile = cAt + start * cRow;
    int vectors = (columns + lanes - 1) / lanes;
    if (!Simd.available() || !Warmth.ready(type, height, vectors, Warmth.TAPS)) {
      if (type == DType.F32) {
        ScalarProducts.tapTileF32(
            height, a, aTile, aRow, b, bAt, bRows, b1, b2, lanes, c, cTile, cRow, depth, columns,
            add);
      } else {
        ScalarProducts.tapTileF64(
            height, a, aTile, aRow, b, bAt, bRows, b1, b2, lanes, c, cTile, cRow, depth, columns,
            add);
      }
      return;
    }
    boolean direct = !add && columns == vectors * lanes;
    MemorySegment to = direct ? c : spill;
    long toAt = direct ? cTile : spillAt;
    long toRow = direct ? cRow : (long) vectors * Simd.VECTOR_BYTES;
    if (type == DType.F32) {
      TapTilesF32.tile(
          height, vectors, a, aTile, aRow, b, bAt, bRows, b1, b2, to, toAt, toRow, depth);
    } else {
      TapTilesF64.tile(height, vectors, a, aTile, aRow, b, bAt, bRows, b1, to, toAt, toRow, depth);
    }
    if (!direct) {
      Strips.store(type, spill, spillAt, toRow, c, cTile, cRow, height, columns, add);
    }
  }

  /**
   * Whole vectors of a matrix of one row, in one call: what {@link #tapTile} gives for one after
   * the other, without adding.
   *
   * @param vectors how many vectors of columns, all to be written
   */
  void tapRow(
      MemorySegment a,
      long aAt,
      MemorySegment b,
      long bAt,
      int[] bRows,
      MemorySegment c,
      long cAt,
      int depth,
      int vectors,
      MemorySegment spill,
      long spillAt) {
    if (type == DType.F32 && Simd.available() && Warmth.ready(type, 1, 2, Warmth.TAP_ROW)) {
      TapTilesF32.row(a, aAt, b, bAt, bRows, c, cAt, depth, vectors);
      return;
    }
    for (int vector = 0; vector < vectors; vector++) {
      long moved = (long) Simd.VECTOR_BYTES * vector;
      tapTile(
          0,
          a,
          aAt,
          0,
          b,
          bAt + moved,
          bRows,
          0,
          0,
          c,
          cAt + moved,
          0,
          depth,
          lanes,
          false,
          spill,
          spillAt);
    }
  }

  private static void vectors(
      DType type,
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
    if (type == DType.F32) {
      TilesF32.tile(height, wide, a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth);
    } else {
      TilesF64.tile(height, wide, a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, depth);
    }
  }
}
