package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.cajal.run.Operand;
import org.cajal.type.DType;

/**
 * The product that both the forward pass of a convolution and the gradient of its input are made
 * of: for each image and group, a small matrix times the patches of the image, {@code out[image,
 * group, row, position] = sum over k of a[group, row, k] * patches[k, position]}. Positions are cut
 * into blocks; a piece takes blocks one after the other, gathers their patches into its own part of
 * the scratch memory and multiplies while they are in the second-level cache. Immutable.
 */
final class PatchProduct {
  private static final int GATHERED_BYTES = 1 << 18;
  private static final double PIECE_FLOPS = 1_000_000;
  private static final int MOST_PIECES = 32;
  private static final int PIECES_WANTED = 8;

  /**
   * The left matrices: one for each group.
   *
   * @param groupBytes from one group's to the next
   * @param rowBytes from one row to the next; the elements of a row are contiguous
   */
  record Left(Operand at, long groupBytes, long rowBytes) {}

  /**
   * Where results go: position p along a spatial axis is element {@code p * step + start} of that
   * axis.
   *
   * @param sizes elements along the spatial axes
   */
  record Target(Operand at, List<Integer> sizes, List<Integer> step, List<Integer> start) {
    boolean everyElement() {
      return step.stream().allMatch(s -> s == 1);
    }
  }

  private final int size;
  private final int groups;
  private final int channels;
  private final int outChannels;
  private final Left left;
  private final Operand source;
  private final Patches patches;
  private final Operand target;
  private final boolean direct;
  private final int targetHeight;
  private final int targetWidth;
  private final int[] step;
  private final int[] start;
  private final long targetChannelBytes;

  private final Tiling tiling;
  private final int depth;
  private final int depthInBlock;
  private final int panelColumns;
  private final int columns;
  private final Blocks blocks;
  private final int tileGroups;
  private final int tilesInGroup;
  private final int pieces;

  private final long gatheredRow;
  private final long resultAt;
  private final long resultRow;
  private final long spillAt;
  private final long slotBytes;

  /**
   * A product of fixed sizes.
   *
   * @param channels channels of the source in one group
   * @param outChannels rows of the left matrices: channels of the result in one group
   */
  PatchProduct(
      DType type,
      int images,
      int groups,
      int channels,
      int outChannels,
      Left left,
      Operand source,
      Patches patches,
      Target target) {
    this.size = type.bytes();
    this.groups = groups;
    this.channels = channels;
    this.outChannels = outChannels;
    this.left = left;
    this.source = source;
    this.patches = patches;
    this.target = target.at();
    direct = target.everyElement();
    targetHeight = target.sizes().get(1);
    targetWidth = target.sizes().get(2);
    step = target.step().stream().mapToInt(Integer::intValue).toArray();
    start = target.start().stream().mapToInt(Integer::intValue).toArray();
    targetChannelBytes = (long) Geometry.product(target.sizes()) * size;

    tiling = new Tiling(type, outChannels);
    panelColumns = Tiling.panelColumns(type);
    depth = Math.multiplyExact(channels, patches.taps());
    int depthBlocks = Math.max(1, (depth + Product.DEPTH - 1) / Product.DEPTH);
    depthInBlock = Math.max(1, (depth + depthBlocks - 1) / depthBlocks);
    columns = patches.columns();
    int room =
        Math.max(
            panelColumns, GATHERED_BYTES / (depthInBlock * size) / panelColumns * panelColumns);
    blocks = new Blocks(outChannels == 0 ? 0 : images, patches, room);

    double flops = 2.0 * images * groups * outChannels * depth * patches.positions();
    long units = (long) blocks.count() * groups;
    int wanted = (int) Math.max(1, Math.min(MOST_PIECES, flops / PIECE_FLOPS));
    tileGroups =
        units >= PIECES_WANTED || units == 0
            ? 1
            : (int) Math.min(tiling.count(), Math.max(1, Math.min(wanted, PIECES_WANTED) / units));
    tilesInGroup = (Math.max(1, tiling.count()) + tileGroups - 1) / tileGroups;
    pieces = (int) Math.min(wanted, units * tileGroups);

    long panelled = ((long) blocks.largest() + panelColumns - 1) / panelColumns * panelColumns;
    gatheredRow = line(panelled * size + Patches.OVERRUN_BYTES);
    resultAt = gatheredRow * (depthInBlock + 1);
    resultRow = line((long) blocks.largest() * size);
    boolean scattered = !direct || !blocks.withinImages();
    spillAt = resultAt + (scattered ? resultRow * outChannels : 0);
    slotBytes = spillAt + Tiling.SPILL_BYTES;
  }

  private static long line(long bytes) {
    return (bytes + 63) & -64L;
  }

  /** The number of pieces. */
  int pieces() {
    return pieces;
  }

  /** The scratch memory of all pieces. */
  long scratchBytes() {
    return Math.multiplyExact(slotBytes, (long) pieces);
  }

  /**
   * Does one piece.
   *
   * @param scratchAt where in the scratch memory the {@link #scratchBytes} bytes of this product
   *     begin
   */
  void run(MemorySegment[] table, Operand scratch, long scratchAt, int piece) {
    MemorySegment memory = table[scratch.buffer()];
    long slot = scratch.offset() + scratchAt + piece * slotBytes;
    long units = (long) blocks.count() * groups * tileGroups;
    long last = units * (piece + 1) / pieces;
    for (long unit = units * piece / pieces; unit < last; unit++) {
      int tileGroup = (int) (unit % tileGroups);
      long rest = unit / tileGroups;
      block(
          table,
          memory,
          slot,
          (int) (rest / blocks.count()),
          (int) (rest % blocks.count()),
          tileGroup);
    }
  }

  private void block(
      MemorySegment[] table, MemorySegment memory, long slot, int group, int block, int tileGroup) {
    int firstImage = blocks.firstImage(block);
    int lastImage = blocks.lastImage(block);
    int firstLine = blocks.firstLine(block);
    int lastLine = blocks.lastLine(block);
    int firstColumn = blocks.firstColumn(block);
    int lastColumn = blocks.lastColumn(block);
    int ofImage = blocks.positionsInImage(block);
    int total = ofImage * (lastImage - firstImage);

    long sourceImage = patches.channelBytes() * channels * groups;
    long sourceAt = source.offset() + group * patches.channelBytes() * channels;
    boolean straight = direct && blocks.withinImages();
    MemorySegment result = straight ? table[target.buffer()] : memory;
    long resultStart =
        straight
            ? targetAt(firstImage, group) + ((long) firstLine * columns + firstColumn) * size
            : slot + resultAt;
    long row = straight ? targetChannelBytes : resultRow;
    MemorySegment weights = table[left.at().buffer()];
    long weightsAt = left.at().offset() + group * left.groupBytes();
    int firstTile = tileGroup * tilesInGroup;
    int lastTile = Math.min(tiling.count(), firstTile + tilesInGroup);

    int k0 = 0;
    do {
      int rows = Math.min(depthInBlock, depth - k0);
      for (int image = firstImage; image < lastImage; image++) {
        patches.gather(
            table[source.buffer()],
            sourceAt + image * sourceImage,
            k0,
            k0 + rows,
            firstLine,
            lastLine,
            firstColumn,
            lastColumn,
            memory,
            slot + (long) (image - firstImage) * ofImage * size,
            gatheredRow);
      }
      for (int column = 0; column < total; column += panelColumns) {
        int width = Math.min(panelColumns, total - column);
        for (int tile = firstTile; tile < lastTile; tile++) {
          tiling.tile(
              tile,
              weights,
              weightsAt + (long) k0 * size,
              left.rowBytes(),
              size,
              memory,
              slot + (long) column * size,
              gatheredRow,
              result,
              resultStart + (long) column * size,
              row,
              rows,
              width,
              k0 > 0,
              memory,
              slot + spillAt);
        }
      }
      k0 += depthInBlock;
    } while (k0 < depth);

    if (!straight) {
      int firstRow = tiling.start(firstTile);
      int lastRow = tiling.start(lastTile);
      for (int image = firstImage; image < lastImage; image++) {
        long from = slot + resultAt + (long) (image - firstImage) * ofImage * size;
        for (int channel = firstRow; channel < lastRow; channel++) {
          scatter(
              memory,
              from + channel * resultRow,
              table[target.buffer()],
              targetAt(image, group) + channel * targetChannelBytes,
              firstLine,
              lastLine,
              firstColumn,
              lastColumn);
        }
      }
    }
  }

  private long targetAt(int image, int group) {
    return target.offset() + ((long) image * groups + group) * outChannels * targetChannelBytes;
  }

  /** Copies lines of one channel to where they belong. */
  private void scatter(
      MemorySegment from,
      long fromAt,
      MemorySegment to,
      long channelAt,
      int firstLine,
      int lastLine,
      int firstColumn,
      int lastColumn) {
    int rows = patches.rows();
    int count = lastColumn - firstColumn;
    if (direct) {
      Strips.copy(
          from,
          fromAt,
          to,
          channelAt + ((long) firstLine * columns + firstColumn) * size,
          (lastLine - firstLine) * count * size);
      return;
    }
    long at = fromAt;
    for (int line = firstLine; line < lastLine; line++) {
      long depthAt = (long) (line / rows) * step[0] + start[0];
      long heightAt = (long) (line % rows) * step[1] + start[1];
      long widthAt = (long) firstColumn * step[2] + start[2];
      long target0 =
          channelAt + ((depthAt * targetHeight + heightAt) * targetWidth + widthAt) * size;
      if (step[2] == 1) {
        Strips.copy(from, at, to, target0, count * size);
      } else {
        Strips.move(size, from, at, size, to, target0, (long) step[2] * size, count);
      }
      at += (long) count * size;
    }
  }
}
