package org.cajal.run;

/**
 * A kernel whose result is a matrix that the pieces of its last stage write rectangle by rectangle.
 * Every element is in the rectangle of exactly one piece, which alone writes it; once {@code
 * run(table, stages() - 1, piece)} returns, its rectangle is final. So whoever wraps the kernel may
 * go on with a rectangle right after the piece that wrote it, on the same thread and while it is in
 * that processor's cache.
 */
public interface Blocked extends Kernel {
  /**
   * The number of rows of the result: for a batch of matrices, those of all one below another. 0 if
   * the result is empty.
   */
  long rows();

  /** The number of columns of the result. */
  int columns();

  /**
   * What a piece of the last stage writes. Depends on shapes alone.
   *
   * @param piece from 0 to {@code pieces(stages() - 1)}, excluded
   */
  Region region(int piece);

  /**
   * A rectangle of a row-major matrix; it may be empty.
   *
   * @param firstRow the first row
   * @param lastRow the row after the last
   * @param firstColumn the first column
   * @param lastColumn the column after the last
   */
  record Region(long firstRow, long lastRow, int firstColumn, int lastColumn) {}
}
