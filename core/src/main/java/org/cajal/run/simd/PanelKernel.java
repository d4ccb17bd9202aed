package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.type.DType;

/**
 * Lays a matrix [k, n] out in panels, as products read their right matrix fastest: k rows of two
 * vectors of columns, panel after panel, with zeros beyond the last column. It pays where several
 * products multiply by the same matrix. Immutable.
 */
public final class PanelKernel implements Kernel {
  /** Rows of a panel in one piece. */
  private static final int ROWS = 256;

  private final DType type;
  private final int k;
  private final int n;
  private final Operand from;
  private final long row;
  private final long column;
  private final Operand to;
  private final int panelColumns;
  private final int chunks;

  /**
   * For a matrix of fixed shape.
   *
   * @param from how it lies; without batch axes
   * @param to at least {@link #bytes} bytes, 64-byte aligned
   */
  public PanelKernel(DType type, int k, int n, Product.Matrix from, Operand to) {
    this.type = type;
    this.k = k;
    this.n = n;
    this.from = from.at();
    row = from.rowStride() * type.bytes();
    column = from.columnStride() * type.bytes();
    this.to = to;
    panelColumns = Tiling.panelColumns(type);
    chunks = (k + ROWS - 1) / ROWS;
  }

  /** The size of all panels of a matrix [k, n] in bytes. */
  public static long bytes(DType type, int k, int n) {
    int columns = Tiling.panelColumns(type);
    long panels = ((long) n + columns - 1) / columns;
    return Math.multiplyExact(panels * columns, (long) k * type.bytes());
  }

  @Override
  public String name() {
    return "panels " + k + "x" + n;
  }

  @Override
  public int pieces(int stage) {
    return (n + panelColumns - 1) / panelColumns * chunks;
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    // Neighbouring pieces read the same rows, so that a page is read only once.
    int panels = (n + panelColumns - 1) / panelColumns;
    int first = piece / panels * ROWS;
    int begin = piece % panels * panelColumns;
    long panel = (long) begin * k * type.bytes();
    pack(
        type,
        table[from.buffer()],
        from.offset() + first * row + begin * column,
        row,
        column,
        table[to.buffer()],
        to.offset() + panel + (long) first * panelColumns * type.bytes(),
        Math.min(ROWS, k - first),
        Math.min(panelColumns, n - begin));
  }

  @Override
  public double bytes() {
    return 2.0 * bytes(type, k, n);
  }

  /**
   * Packs rows of a panel: columns contiguous, zeros beyond the last.
   *
   * @param row bytes from one row to the next
   * @param column bytes from one column to the next
   */
  static void pack(
      DType type,
      MemorySegment from,
      long fromAt,
      long row,
      long column,
      MemorySegment to,
      long toAt,
      int rows,
      int columns) {
    int size = type.bytes();
    int panelColumns = Tiling.panelColumns(type);
    long panelRow = (long) panelColumns * size;
    if (column == size) {
      for (int i = 0; i < rows; i++) {
        Strips.copy(from, fromAt + i * row, to, toAt + i * panelRow, columns * size);
      }
    } else {
      Strips.gather(size, from, fromAt, row, column, to, toAt, panelRow, rows, columns);
    }
    if (columns < panelColumns) {
      for (int i = 0; i < rows; i++) {
        Strips.zero(
            to, toAt + i * panelRow + (long) columns * size, (panelColumns - columns) * size);
      }
    }
  }
}
