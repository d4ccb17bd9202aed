package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.cajal.type.DType;

/**
 * The tiles of a block of images, transformed by {@link WinogradTransforms}: for each of the 16
 * elements of a transformed tile a matrix with a row for each tile and a column for each channel of
 * one group. Tiles of inputs are 4×4 and overlap, those of outputs 2×2. Single precision.
 * Immutable.
 */
final class WinogradTiles {
  /** Elements of a transformed tile. */
  static final int ELEMENTS = 16;

  /** Elements of a kernel. */
  static final int TAPS = 9;

  /** Outputs of a tile along each of the last two axes. */
  static final int SIDE = 2;

  /** What a tile takes for each pair of channels: directly, and by products of whole vectors. */
  private static final int DIRECT_COST = 36;

  private static final int PRODUCT_COST = 19;

  /** What copying, turning and transforming a tile takes for each channel of whole vectors. */
  private static final int TRANSFORM_COST = 230;

  /** Those of 64-byte vectors on every machine: results must not depend on its width. */
  private static final int COST_LANES = 16;

  /** What the transformed tiles and products of a block should take at most. */
  private static final int BLOCK_BYTES = 3 << 18;

  /** Blocks of so many tiles are wanted even if they take more than {@link #BLOCK_BYTES}. */
  private static final int TILES_WANTED = 64;

  private static final int BLOCKS_WANTED = 8;

  private final boolean ofInputs;
  private final int vectors;
  private final Blocks blocks;
  private final ChannelsLast copies;
  private final long rowBytes;
  private final long apart;

  /**
   * Tiles.
   *
   * @param channels channels of one group
   * @param patches what tiles read: {@link #inputs} or {@link #outputs}
   */
  WinogradTiles(int groups, int channels, Patches patches, Blocks blocks) {
    this.blocks = blocks;
    ofInputs = patches.offsets(2).length > SIDE;
    copies = new ChannelsLast(DType.F32, groups, channels, patches, blocks, 1, 1);
    rowBytes = rowBytes(channels);
    vectors = (int) (rowBytes / Simd.VECTOR_BYTES);
    apart = apart(blocks, channels);
  }

  /**
   * Whether these tiles are for a convolution, 3×3 with stride 1 in F32, and so many channels that
   * they take less than the direct way. Costs are in multiply-adds of the direct way and measured;
   * with 24 or 40 channels on both sides they take more, with 32 or 48 less.
   */
  static boolean fit(Geometry geometry) {
    double in = geometry.inChannels();
    double out = geometry.outChannels();
    double wholeIn = Math.ceil(in / COST_LANES) * COST_LANES;
    double wholeOut = Math.ceil(out / COST_LANES) * COST_LANES;
    double cost =
        PRODUCT_COST * Math.max(in * wholeOut, wholeIn * out)
            + TRANSFORM_COST * (wholeIn + wholeOut);
    return geometry.type() == DType.F32
        && geometry.kernel().equals(List.of(1, 3, 3))
        && geometry.stride().equals(List.of(1, 1, 1))
        && geometry.dilation().equals(List.of(1, 1, 1))
        && geometry.in().get(0) == 1
        && geometry.out().get(0) == 1
        && cost < DIRECT_COST * in * out;
  }

  /** The tiles of all images. */
  static long tiles(Geometry geometry) {
    return (long) geometry.images()
        * Math.ceilDiv(geometry.out().get(1), SIDE)
        * Math.ceilDiv(geometry.out().get(2), SIDE);
  }

  /**
   * How the tiles of a convolution, or of the gradient of its input, are cut into blocks.
   *
   * @param patches what they read
   * @param fewest tiles that a block should have if there are so many
   */
  static Blocks blocks(Geometry geometry, Patches patches, int fewest) {
    long tileBytes = 4L * ELEMENTS * (geometry.inChannels() + geometry.outChannels());
    long most = Math.max(BLOCK_BYTES / tileBytes, TILES_WANTED);
    long all = (long) geometry.images() * geometry.groups() * patches.positions();
    int room = (int) Math.max(fewest, Math.min(most, all / BLOCKS_WANTED));
    return new Blocks(geometry.images(), patches, new int[Geometry.AXES], room);
  }

  /**
   * What tiles of inputs read.
   *
   * @param source sizes of the input
   * @param out sizes of the output
   * @param padLow zeros before the input
   */
  static Patches inputs(List<Integer> source, List<Integer> out, List<Integer> padLow) {
    int[][] offsets = {{0}, new int[SIDE + 2], new int[SIDE + 2]};
    for (int axis = 1; axis < Geometry.AXES; axis++) {
      for (int i = 0; i < offsets[axis].length; i++) {
        offsets[axis][i] = i - padLow.get(axis);
      }
    }
    return patches(source, out, offsets);
  }

  /** What tiles of outputs read. */
  static Patches outputs(List<Integer> out) {
    return patches(out, out, new int[][] {{0}, {0, 1}, {0, 1}});
  }

  private static Patches patches(List<Integer> source, List<Integer> out, int[][] offsets) {
    List<Integer> tiles =
        List.of(out.get(0), Math.ceilDiv(out.get(1), SIDE), Math.ceilDiv(out.get(2), SIDE));
    return new Patches(DType.F32, source, tiles, List.of(1, SIDE, SIDE), offsets);
  }

  /** Bytes of a row of whole vectors. */
  static long rowBytes(int channels) {
    return (4L * channels + Simd.VECTOR_BYTES - 1) / Simd.VECTOR_BYTES * Simd.VECTOR_BYTES;
  }

  /** Bytes from the matrix of one element to the next, an odd number of cache lines. */
  static long apart(Blocks blocks, int channels) {
    return Geometry.cacheLines(tilesInBlock(blocks) * rowBytes(channels)) | 64;
  }

  /** The most tiles of a block. */
  static int tilesInBlock(Blocks blocks) {
    return blocks.imagesInBlock()
        * blocks.slicesInBlock()
        * blocks.linesInBlock()
        * blocks.columnsInBlock();
  }

  /** The tiles of a block. */
  static int tiles(Blocks blocks, int block) {
    return (blocks.lastImage(block) - blocks.firstImage(block))
        * (blocks.lastLine(block) - blocks.firstLine(block))
        * (blocks.lastColumn(block) - blocks.firstColumn(block));
  }

  /** Bytes from one row of a matrix to the next. */
  long rowBytes() {
    return rowBytes;
  }

  /** Bytes from the matrix of one element to the next. */
  long apart() {
    return apart;
  }

  /** The memory of the matrices. */
  long bytes() {
    return ELEMENTS * apart;
  }

  /** The memory that {@link #fill} needs beside the matrices. */
  long copiedBytes() {
    return copies.bytes();
  }

  /**
   * Fills the matrices with the tiles of a block.
   *
   * @param fromAt the first channel of the first group and image
   * @param copiesAt where {@link #copiedBytes} bytes of {@code memory} are overwritten
   * @param toAt where the matrices begin in {@code memory}
   */
  void fill(
      int group,
      int block,
      MemorySegment from,
      long fromAt,
      MemorySegment memory,
      long copiesAt,
      long toAt) {
    long at = copies.fill(group, block, from, fromAt, memory, copiesAt);
    int images = blocks.lastImage(block) - blocks.firstImage(block);
    int lines = blocks.lastLine(block) - blocks.firstLine(block);
    int columns = blocks.lastColumn(block) - blocks.firstColumn(block);
    long step = copies.elementBytes();
    long line = copies.width() * step;
    long target = toAt;
    for (int image = 0; image < images; image++) {
      for (int i = 0; i < lines; i++) {
        long source = at + step * image * copies.image() + line * SIDE * i;
        if (ofInputs) {
          WinogradTransforms.input(
              memory, source, line, step, vectors, columns, memory, target, apart, rowBytes);
        } else {
          WinogradTransforms.outputGradient(
              memory, source, line, step, vectors, columns, memory, target, apart, rowBytes);
        }
        target += columns * rowBytes;
      }
    }
  }
}
