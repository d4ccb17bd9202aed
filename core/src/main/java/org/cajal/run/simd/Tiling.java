package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cajal.type.DType;

/**
 * How a matrix of a given number of rows is cut into the heights for which there is a micro-kernel, and the one place that calls
 * the micro-kernels, vector or scalar. Immutable; the cut depends on rows and element type alone.
 */
final class Tiling {
  /** Heights for which {@link TilesF32} has methods, the tallest first. */
  private static final int[] HEIGHTS_F32 = {14, 6, 4, 1};

  /** Heights for which {@link TilesF64} has methods. */
  private static final int[] HEIGHTS_F64 = {6, 1};

  private final DType type;
  private final int[] starts;
  private final int[] heights;
  private final int rows;

  /**
   * The cheapest cut of {@code rows} rows.
   *
   * @param type F32 or F64
   */
  Tiling(DType type, int rows) {
    this.type = type;
    this.rows = rows;
    int[] available = type == DType.F32 ? HEIGHTS_F32 : HEIGHTS_F64;
    List<Integer> cut = cut(available, rows);
    heights = cut.stream().mapToInt(Integer::intValue).toArray();
    starts = new int[heights.length];
    for (int i = 1; i < heights.length; i++) {
      starts[i] = starts[i - 1] + heights[i - 1];
    }
  }

  /** Tallest tiles as long as many rows are left, then what wastes least of the last few. */
  private static List<Integer> cut(int[] available, int rows) {
    int tallest = 0;
    for (int height : available) {
      tallest = Math.max(tallest, height <= Simd.TALLEST ? height : 0);
    }
    List<Integer> out = new ArrayList<>();
    int left = rows;
    while (left > 2 * tallest) {
      out.add(tallest);
      left -= tallest;
    }
    int[] cost = new int[left + 1];
    int[] choice = new int[left + 1];
    for (int n = 1; n <= left; n++) {
      cost[n] = Integer.MAX_VALUE;
      for (int height : available) {
        // A tile costs its rows, at least the latency of one multiply-add, and a little for its loads of B.
        int total = 2 * Math.max(height, 2) + 1 + cost[Math.max(0, n - height)];
        if (height <= tallest && total < cost[n]) {
          cost[n] = total;
          choice[n] = height;
        }
      }
    }
    List<Integer> rest = new ArrayList<>();
    for (int n = left; n > 0; n -= choice[n]) {
      rest.add(choice[n]);
    }
    rest.sort(Collections.reverseOrder());
    out.addAll(rest);
    return out;
  }

  /** The number of tiles. */
  int count() {
    return heights.length;
  }

  /** The first row of a tile; the number of rows for the tile after the last. */
  int start(int tile) {
    return tile < starts.length ? starts[tile] : rows;
  }

  /** The number of rows of the tallest tile, 0 if there is none. */
  int tallest() {
    return heights.length == 0 ? 0 : heights[0];
  }

  /** The number of columns of a panel: two vectors. */
  static int panelColumns(DType type) {
    return 2 * Simd.VECTOR_BYTES / type.bytes();
  }

  /**
   * One tile of a product, see {@link TilesF32#tile}. Positions of A and C are those of row 0 of the whole matrix, in bytes.
   */
  void tile(
      int tile,
      MemorySegment a, long aAt, long aRow, long aStep,
      MemorySegment b, long bAt, long bStep,
      MemorySegment c, long cAt, long cRow,
      int depth, int columns, boolean add) {
    int start = starts[tile];
    int height = heights[tile];
    int valid = Math.min(height, rows - start);
    long aTile = aAt + start * aRow;
    long cTile = cAt + start * cRow;
    if (!Simd.available()) {
      if (type == DType.F32) {
        ScalarProducts.tileF32(a, aTile, aRow, aStep, b, bAt, bStep, c, cTile, cRow, depth, valid, columns, add);
      } else {
        ScalarProducts.tileF64(a, aTile, aRow, aStep, b, bAt, bStep, c, cTile, cRow, depth, valid, columns, add);
      }
    } else if (type == DType.F32) {
      TilesF32.tile(height, a, aTile, aRow, aStep, b, bAt, bStep, c, cTile, cRow, depth, valid, columns, add);
    } else {
      TilesF64.tile(height, a, aTile, aRow, aStep, b, bAt, bStep, c, cTile, cRow, depth, valid, columns, add);
    }
  }
}
