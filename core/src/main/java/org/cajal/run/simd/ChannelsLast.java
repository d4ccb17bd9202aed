package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.cajal.type.DType;

/**
 * Copies of what a block of positions reads of one group's channels, padded and with the channels
 * last: all channels of one element of the input are contiguous, and so are the elements of a line.
 * Immutable.
 */
final class ChannelsLast {
  private final int size;
  private final int groups;
  private final int channels;
  private final Patches patches;

  /** The padded input, channel by channel. */
  private final Patches padded;

  private final Blocks blocks;

  /** How many more elements than positions, times the step, a block reads along each axis. */
  private final int[] halo = new int[Geometry.AXES];

  /** Rows of the kernel brought together: 1 or all. */
  private final int rows;

  /** How many lines lie between two such rows. */
  private final int rowStep;

  /** Elements of a line, lines of a slice and slices of an image of a block. */
  private final int width;

  private final int height;
  private final int depth;

  /** Whether there is no padding: channels are brought together from where they lie. */
  private final boolean unpadded;

  private final long planeBytes;

  /**
   * Copies for the given patches.
   *
   * @param channels channels of one group
   * @param rows rows of the kernel whose elements are brought together with the channels: 1, or all
   * @param rowStep lines from one such row to the next
   */
  ChannelsLast(
      DType type, int groups, int channels, Patches patches, Blocks blocks, int rows, int rowStep) {
    size = type.bytes();
    this.groups = groups;
    this.channels = channels;
    this.patches = patches;
    this.blocks = blocks;
    this.rows = rows;
    this.rowStep = rowStep;
    int[][] least = new int[Geometry.AXES][];
    List<Integer> extent = new ArrayList<>();
    for (int axis = 0; axis < Geometry.AXES; axis++) {
      least[axis] = new int[] {least(patches, axis)};
      halo[axis] = halo(patches, axis);
      extent.add(reach(axis, patches.count(axis)));
    }
    padded = new Patches(type, patches.source(), extent, List.of(1, 1, 1), least);
    width = reach(2, blocks.columnsInBlock());
    height = reach(1, blocks.linesInBlock());
    depth = reach(0, blocks.slicesInBlock());
    boolean inside = channels * rows > 1 && width == patches.source().get(2);
    for (int axis = 0; axis < Geometry.AXES; axis++) {
      inside &= least[axis][0] == 0 && extent.get(axis) <= patches.source().get(axis);
    }
    unpadded = inside;
    planeBytes = Geometry.cacheLines((long) copied() * size + Patches.OVERRUN_BYTES) | 64;
  }

  private static int least(Patches patches, int axis) {
    return IntStream.of(patches.offsets(axis)).min().orElse(0);
  }

  /** How many more elements than positions, times the step, a block reads along an axis. */
  static int halo(Patches patches, int axis) {
    int most = IntStream.of(patches.offsets(axis)).max().orElse(0);
    return most - least(patches, axis) + 1 - patches.step(axis);
  }

  /** Elements that some positions read along an axis. */
  private int reach(int axis, int count) {
    return count == 0 ? 0 : count * patches.step(axis) + halo[axis];
  }

  /** Elements of a block in one channel. */
  private int copied() {
    return blocks.imagesInBlock() * image();
  }

  /** Elements of a line. */
  int width() {
    return width;
  }

  /** Elements of a slice. */
  int slice() {
    return height * width;
  }

  /** Elements of an image in one block. */
  int image() {
    return depth * height * width;
  }

  /** Bytes from one element to the next: all channels, and the rows brought together. */
  long elementBytes() {
    return (long) channels * rows * size;
  }

  /**
   * The memory that {@link #fill} needs; its end may be read by a vector beyond the last element.
   */
  long bytes() {
    return Geometry.cacheLines(lastAt() + copied() * elementBytes() + 3L * Patches.OVERRUN_BYTES);
  }

  private long lastAt() {
    return planeBytes * channels;
  }

  /**
   * Copies what a block reads.
   *
   * @param fromAt the first channel of the first group and image
   * @param to where {@link #bytes} bytes from {@code toAt} are overwritten
   * @return where the copies lie in {@code to}
   */
  long fill(int group, int block, MemorySegment from, long fromAt, MemorySegment to, long toAt) {
    int firstImage = blocks.firstImage(block);
    int lines = reach(1, blocks.lastLine(block) - blocks.firstLine(block));
    int firstSlice = blocks.firstSlice(block) * patches.step(0);
    int firstLine = blocks.firstLine(block) * patches.step(1);
    int firstColumn = blocks.firstColumn(block) * patches.step(2);
    long imageBytes = patches.channelBytes() * channels;
    for (int image = firstImage; image < blocks.lastImage(block); image++) {
      long source = fromAt + ((long) image * groups + group) * imageBytes;
      for (int slice = 0; slice < depth; slice++) {
        int line = (firstSlice + slice) * padded.rows() + firstLine;
        long at = (long) ((image - firstImage) * depth + slice) * height * width * size;
        if (unpadded) {
          long sourceLine = (long) (firstSlice + slice) * patches.source().get(1) + firstLine;
          long lineAt = source + sourceLine * width * size;
          turn(from, lineAt, patches.channelBytes(), to, toAt, at, lines);
          continue;
        }
        padded.gather(
            from,
            source,
            0,
            channels,
            line,
            line + lines,
            firstColumn,
            firstColumn + width,
            to,
            toAt + at,
            planeBytes);
        if (channels * rows > 1) {
          turn(to, toAt + at, planeBytes, to, toAt, at, lines);
        }
      }
    }
    return channels * rows > 1 ? toAt + lastAt() : toAt;
  }

  /**
   * Brings channels together, and the lines that the rows of the kernel read.
   *
   * @param channelBytes from one channel to the next
   * @param at where the lines begin in a channel's copy
   */
  private void turn(
      MemorySegment from,
      long fromAt,
      long channelBytes,
      MemorySegment to,
      long toAt,
      long at,
      int lines) {
    int lineStep = rowStep * width;
    // The rows of one channel lie as regularly as the channels of one row.
    int parts = channels == 1 ? 1 : rows;
    for (int part = 0; part < parts; part++) {
      Strips.gather(
          size,
          from,
          fromAt + (long) part * lineStep * size,
          size,
          channels == 1 ? (long) lineStep * size : channelBytes,
          to,
          toAt + lastAt() + (at * rows + (long) part * size) * channels,
          elementBytes(),
          lines * width - (rows - 1) * lineStep,
          channels * rows / parts);
    }
  }
}
