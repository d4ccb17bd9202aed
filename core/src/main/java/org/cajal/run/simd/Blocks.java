package org.cajal.run.simd;

/**
 * How the positions of all images are cut into blocks: each some whole images, or some lines of one
 * slice of an image, or a part of one line. A line is the positions along the last axis, a slice
 * those along the last two. Depends on sizes alone. Immutable.
 */
final class Blocks {
  private static final int COLUMNS_WANTED = 128;
  private static final int COLUMNS_LEAST = 64;

  private final int images;
  private final int slices;
  private final int lines;
  private final int columns;
  private final boolean whole;
  private final int imagesInBlock;
  private final int linesInBlock;
  private final int columnsInBlock;
  private final int blocksInLine;
  private final int blocksInSlice;
  private final int blocksInImage;
  private final int count;

  /**
   * A cut.
   *
   * @param halo how many more elements than positions a block reads along each axis
   * @param room elements that a block should read at most, at least 1
   */
  Blocks(int images, Patches patches, int[] halo, int room) {
    this.images = images;
    slices = patches.slices();
    lines = patches.rows();
    columns = patches.columns();
    int positions = patches.positions();
    boolean empty = positions == 0 || images == 0;
    int width = columns + halo[2];
    long slice = (long) (lines + halo[1]) * width;
    long image = (slices + halo[0]) * slice;
    whole = empty || image <= room;
    if (whole) {
      int together =
          empty || positions >= COLUMNS_WANTED / 2
              ? 1
              : Math.max(1, (int) Math.min(COLUMNS_WANTED / positions, room / image));
      imagesInBlock = Math.max(1, Math.min(images, together));
      linesInBlock = lines;
      columnsInBlock = columns;
    } else {
      imagesInBlock = 1;
      int roomInSlice = Math.max(1, room / (halo[0] + 1));
      int most = Math.max(1, roomInSlice / width - halo[1]);
      int parts = (lines + most - 1) / most;
      linesInBlock = (lines + parts - 1) / parts;
      columnsInBlock =
          linesInBlock > 1
              ? columns
              : Math.min(columns, Math.max(COLUMNS_LEAST, roomInSlice / (halo[1] + 1) - halo[2]));
    }
    blocksInLine = empty ? 0 : (columns + columnsInBlock - 1) / columnsInBlock;
    blocksInSlice =
        empty ? 0 : Math.multiplyExact(blocksInLine, (lines + linesInBlock - 1) / linesInBlock);
    blocksInImage = whole ? blocksInSlice : Math.multiplyExact(blocksInSlice, slices);
    count =
        empty ? 0 : Math.multiplyExact((images + imagesInBlock - 1) / imagesInBlock, blocksInImage);
  }

  /** The number of blocks. */
  int count() {
    return count;
  }

  /** Whether blocks are whole images. */
  boolean whole() {
    return whole;
  }

  /** Whether a block's lines are whole, not a part of one. */
  boolean wholeLines() {
    return columnsInBlock == columns;
  }

  int imagesInBlock() {
    return imagesInBlock;
  }

  int slicesInBlock() {
    return whole ? slices : 1;
  }

  int linesInBlock() {
    return linesInBlock;
  }

  int columnsInBlock() {
    return columnsInBlock;
  }

  int firstImage(int block) {
    return block / blocksInImage * imagesInBlock;
  }

  int lastImage(int block) {
    return Math.min(images, firstImage(block) + imagesInBlock);
  }

  int firstSlice(int block) {
    return whole ? 0 : block % blocksInImage / blocksInSlice;
  }

  int firstLine(int block) {
    return block % blocksInSlice / blocksInLine * linesInBlock;
  }

  int lastLine(int block) {
    return Math.min(lines, firstLine(block) + linesInBlock);
  }

  int firstColumn(int block) {
    return block % blocksInLine * columnsInBlock;
  }

  int lastColumn(int block) {
    return Math.min(columns, firstColumn(block) + columnsInBlock);
  }
}
