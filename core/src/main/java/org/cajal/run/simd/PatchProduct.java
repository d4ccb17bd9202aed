package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.cajal.run.Operand;
import org.cajal.type.DType;

/**
 * The product that both the forward pass of a convolution and the gradient of its input are made
 * of: for each image and group, a small matrix times the patches of the image, {@code out[image,
 * group, row, position] = sum over k of a[group, row, k] * patches[k, position]}. Positions are cut
 * into blocks; a piece takes blocks one after the other, copies what they read into planes, in its
 * own part of the scratch memory, and multiplies while these are in the second-level cache.
 * Immutable.
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

  /** The most steps that are summed in registers before they are added to the result. */
  private static final int DEPTH = 384;

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
  private final int channelsInBlock;
  private final int lanes;
  private final int tileColumns;
  private final TapPlanes planes;
  private final Blocks blocks;
  private final int tileGroups;
  private final int pieces;

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

    tiling = Tiling.ofTaps(type, outChannels);
    lanes = Simd.VECTOR_BYTES / size;
    tileColumns = Tiling.tapVectors(type) * lanes;
    int taps = patches.taps();
    depth = Math.multiplyExact(channels, taps);
    int most = Math.max(1, DEPTH / Math.max(1, taps));
    // Half a block's channels more cost less than adding to the result once more.
    int channelBlocks = Math.max(1, (channels + most / 2) / most);
    channelsInBlock = Math.max(1, (channels + channelBlocks - 1) / channelBlocks);
    planes =
        new TapPlanes(
            type, outChannels == 0 ? 0 : images, patches, channelsInBlock, GATHERED_BYTES, 0);
    blocks = planes.blocks();

    double flops = 2.0 * images * groups * outChannels * depth * patches.positions();
    long units = (long) blocks.count() * groups;
    int wanted = (int) Math.max(1, Math.min(MOST_PIECES, flops / PIECE_FLOPS));
    tileGroups =
        units >= PIECES_WANTED || units == 0
            ? 1
            : (int) Math.min(tiling.count(), Math.max(1, Math.min(wanted, PIECES_WANTED) / units));
    pieces = (int) Math.min(wanted, units * tileGroups);

    resultAt = Geometry.cacheLines(planes.bytes());
    long whole = ((long) planes.largestSpan() + lanes - 1) / lanes * lanes;
    resultRow = Geometry.cacheLines(whole * size) + 64;
    spillAt = resultAt + (straight() ? 0 : resultRow * outChannels);
    slotBytes = spillAt + Tiling.SPILL_BYTES;
  }

  /** Whether tiles go where they belong, with nothing between them. */
  private boolean straight() {
    return direct
        && blocks.imagesInBlock() == 1
        && planes.width() == blocks.columnsInBlock()
        && (blocks.slicesInBlock() == 1 || planes.slice() == patches.rows() * planes.width());
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
    int columns = patches.columns();
    int firstImage = blocks.firstImage(block);
    int lastImage = blocks.lastImage(block);
    int total = planes.span(block);
    long sourceImage = patches.channelBytes() * channels * groups;
    long sourceAt = source.offset() + group * patches.channelBytes() * channels;
    boolean straight = straight();
    MemorySegment result = straight ? table[target.buffer()] : memory;
    int firstLine = blocks.firstSlice(block) * patches.rows() + blocks.firstLine(block);
    long resultStart =
        straight
            ? targetAt(firstImage, group)
                + ((long) firstLine * columns + blocks.firstColumn(block)) * size
            : slot + resultAt;
    long row = straight ? targetChannelBytes : resultRow;
    MemorySegment weights = table[left.at().buffer()];
    long weightsAt = left.at().offset() + group * left.groupBytes();
    int firstTile = tiling.firstOfGroup(tileGroup, tileGroups);
    int lastTile = tiling.firstOfGroup(tileGroup + 1, tileGroups);

    int channel = 0;
    do {
      int next = Math.min(channels, channel + channelsInBlock);
      planes.fill(
          block, table[source.buffer()], sourceAt, sourceImage, channel, next, memory, slot);
      int taps = patches.taps();
      int together = 0;
      if (outChannels == 1 && channel == 0) {
        // A row alone is so little work that a call for each tile would cost more.
        int vectors = straight ? total / lanes : (total + lanes - 1) / lanes;
        tiling.tapRow(
            weights,
            weightsAt,
            memory,
            slot,
            planes.rows(),
            result,
            resultStart,
            next * taps,
            vectors,
            memory,
            slot + spillAt);
        together = vectors * lanes;
      }
      for (int column = together; column < total; column += tileColumns) {
        // Beyond the last column there is room in the scratch memory: whole vectors store fastest.
        int rest = straight ? total - column : (total - column + lanes - 1) / lanes * lanes;
        int width = Math.min(tileColumns, rest);
        for (int tile = firstTile; tile < lastTile; tile++) {
          tiling.tapTile(
              tile,
              weights,
              weightsAt + (long) channel * taps * size,
              left.rowBytes(),
              memory,
              slot + (long) column * size,
              planes.rows(),
              Simd.VECTOR_BYTES,
              2L * Simd.VECTOR_BYTES,
              result,
              resultStart + (long) column * size,
              row,
              (next - channel) * taps,
              width,
              channel > 0,
              memory,
              slot + spillAt);
        }
      }
      channel = next;
    } while (channel < channels);

    if (!straight) {
      int firstRow = tiling.start(firstTile);
      int lastRow = tiling.start(lastTile);
      for (int image = firstImage; image < lastImage; image++) {
        for (int slice = 0; slice < blocks.slicesInBlock(); slice++) {
          long from =
              slot
                  + resultAt
                  + ((long) (image - firstImage) * planes.image() + (long) slice * planes.slice())
                      * size;
          for (int out = firstRow; out < lastRow; out++) {
            scatter(
                memory,
                from + out * resultRow,
                table[target.buffer()],
                targetAt(image, group) + out * targetChannelBytes,
                blocks.firstSlice(block) + slice,
                block);
          }
        }
      }
    }
  }

  private long targetAt(int image, int group) {
    return target.offset() + ((long) image * groups + group) * outChannels * targetChannelBytes;
  }

  /** Copies the lines of one channel and slice to where they belong. */
  private void scatter(
      MemorySegment from, long fromAt, MemorySegment to, long channelAt, int slice, int block) {
    int firstLine = blocks.firstLine(block);
    int lines = blocks.lastLine(block) - firstLine;
    int firstColumn = blocks.firstColumn(block);
    int count = blocks.lastColumn(block) - firstColumn;
    long depthAt = (long) slice * step[0] + start[0];
    long heightAt = (long) firstLine * step[1] + start[1];
    long widthAt = (long) firstColumn * step[2] + start[2];
    long at = channelAt + ((depthAt * targetHeight + heightAt) * targetWidth + widthAt) * size;
    long fromLine = (long) planes.width() * size;
    long toLine = (long) step[1] * targetWidth * size;
    if (step[2] == 1) {
      Strips.copies(from, fromAt, fromLine, to, at, toLine, lines, count * size);
    } else {
      Strips.spread(size, from, fromAt, fromLine, to, at, toLine, lines, count, step[2]);
    }
  }
}
