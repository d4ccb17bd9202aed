package org.cajal.run.simd;

/**
 * How the positions of all images are cut into blocks: each some whole images, or some lines of one
 * image, or a part of one line (a line being the positions along the last axis). Depends on sizes
 * alone. Immutable.
 */
final class Blocks {
  private static final int COLUMNS_WANTED = 128;

  private final int images;
  private final int columns;
  private final int lines;
  private final int imagesInBlock;
  private final int linesInBlock;
  private final int columnsInBlock;
  private final int blocksInLine;
  private final int blocksInImage;
  private final int count;

  /**
   * A cut.
   *
   * @param room positions that a block should have at most, at least 1
   */
  Blocks(int images, Patches patches, int room) {
    this.images = images;
    columns = patches.columns();
    int positions = patches.positions();
    boolean empty = positions == 0 || images == 0;
    lines = positions == 0 ? 0 : positions / columns;
    if (empty) {
      imagesInBlock = 1;
      linesInBlock = 1;
      columnsInBlock = 1;
    } else if (positions <= room) {
      int together =
          positions >= COLUMNS_WANTED / 2
              ? 1
              : Math.max(1, Math.min(COLUMNS_WANTED, room) / positions);
      imagesInBlock = Math.min(images, together);
      linesInBlock = lines;
      columnsInBlock = columns;
    } else if (columns <= room) {
      int parts = (int) (((long) positions + room - 1) / room);
      imagesInBlock = 1;
      linesInBlock = Math.min(Math.max(1, room / columns), (lines + parts - 1) / parts);
      columnsInBlock = columns;
    } else {
      imagesInBlock = 1;
      linesInBlock = 1;
      columnsInBlock = room;
    }
    blocksInLine = empty ? 0 : (columns + columnsInBlock - 1) / columnsInBlock;
    blocksInImage =
        empty ? 0 : Math.multiplyExact(blocksInLine, (lines + linesInBlock - 1) / linesInBlock);
    count =
        empty ? 0 : Math.multiplyExact((images + imagesInBlock - 1) / imagesInBlock, blocksInImage);
  }

  /** The number of blocks. */
  int count() {
    return count;
  }

  /** The most positions of a block. */
  int largest() {
    return imagesInBlock * linesInBlock * columnsInBlock;
  }

  /** Whether blocks lie within one image. */
  boolean withinImages() {
    return imagesInBlock == 1;
  }

  int firstImage(int block) {
    return block / blocksInImage * imagesInBlock;
  }

  int lastImage(int block) {
    return Math.min(images, firstImage(block) + imagesInBlock);
  }

  int firstLine(int block) {
    return block % blocksInImage / blocksInLine * linesInBlock;
  }

  int lastLine(int block) {
    return Math.min(lines, firstLine(block) + linesInBlock);
  }

  int firstColumn(int block) {
    return block % blocksInImage % blocksInLine * columnsInBlock;
  }

  int lastColumn(int block) {
    return Math.min(columns, firstColumn(block) + columnsInBlock);
  }

  /** The positions of a block in one image. */
  int positionsInImage(int block) {
    return (lastLine(block) - firstLine(block)) * (lastColumn(block) - firstColumn(block));
  }
}
