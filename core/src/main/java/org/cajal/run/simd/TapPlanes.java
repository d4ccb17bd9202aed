package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import org.cajal.type.DType;

/**
 * Copies of a block of images in which what a tap of the kernel reads at successive positions is
 * contiguous, so that the rows of the patches' matrix need not be gathered: they are the copy
 * itself, moved by a distance for each channel and tap. There is a plane for each channel and each
 * phase of the step, with zeros around it; with step 1 that is the padded image. Along a line of
 * positions that distance is exact; between lines, slices and images lie a few elements that are no
 * position, whose results are dropped. Immutable.
 */
final class TapPlanes {
  private final int size;
  private final Patches patches;
  private final Patches planes;
  private final int[] halo = new int[Geometry.AXES];
  private final int[][] phases = new int[Geometry.AXES][];
  private final int phaseCount;
  private final Blocks blocks;
  private final int channels;
  private final int width;
  private final int height;
  private final int tail;
  private final long planeBytes;
  private final int[] distances;

  /**
   * Planes for the given patches.
   *
   * @param channels how many channels are copied at once
   * @param bytes how many bytes the planes of all these channels should take at most
   * @param behind how many elements behind those that positions read are to be zero
   */
  TapPlanes(DType type, int images, Patches patches, int channels, int bytes, int behind) {
    this.size = type.bytes();
    this.patches = patches;
    this.channels = channels;
    List<Integer> source = patches.source();
    int[][] offsets = new int[Geometry.AXES][];
    int[] extent = new int[Geometry.AXES];
    int[] shared = new int[Geometry.AXES];
    for (int axis = 0; axis < Geometry.AXES; axis++) {
      int step = patches.step(axis);
      int least = IntStream.of(patches.offsets(axis)).min().orElse(0);
      int most = IntStream.of(patches.offsets(axis)).max().orElse(0);
      halo[axis] = (most - least) / step;
      phases[axis] =
          IntStream.of(patches.offsets(axis)).map(o -> (o - least) % step).distinct().toArray();
      offsets[axis] = IntStream.of(phases[axis]).map(phase -> phase + least).toArray();
      extent[axis] = patches.count(axis) + halo[axis];
      // Zeros at the end of a line that may be those at the beginning of the next.
      shared[axis] = Math.max(0, extent[axis] - 1);
      for (int offset : offsets[axis]) {
        int low = Math.max(0, Math.ceilDiv(-offset, step));
        int high = extent[axis] - Math.max(0, Math.ceilDiv(source.get(axis) - offset, step));
        shared[axis] = Math.clamp(Math.min(low, high), 0, shared[axis]);
      }
    }
    phaseCount = Geometry.product(IntStream.of(lengths()).boxed().toList());
    planes =
        new Patches(
            type,
            source,
            List.of(extent[0], extent[1], extent[2]),
            List.of(patches.step(0), patches.step(1), patches.step(2)),
            offsets);
    int room = Math.max(1, bytes / (size * Math.max(1, channels * phaseCount)));
    blocks = new Blocks(images, patches, halo, room);
    width = blocks.wholeLines() ? extent[2] - shared[2] : blocks.columnsInBlock() + halo[2];
    height = blocks.whole() ? extent[1] - shared[1] : blocks.linesInBlock() + halo[1];
    int lineTail = blocks.wholeLines() ? shared[2] : 0;
    tail = (blocks.whole() ? shared[1] * width : 0) + lineTail + behind;
    long content = (long) blocks.imagesInBlock() * depth() * height * width * size;
    // An odd number of cache lines: planes must not fall on the same sets of the cache.
    planeBytes = ((content + (long) tail * size + Patches.OVERRUN_BYTES + 63) / 64 | 1) * 64;
    distances = distances();
  }

  private int[] lengths() {
    return new int[] {phases[0].length, phases[1].length, phases[2].length};
  }

  private int depth() {
    return blocks.slicesInBlock() + halo[0];
  }

  /** How far the row of the patches' matrix for each channel and tap is from the first plane. */
  private int[] distances() {
    int[] all = new int[Math.multiplyExact(channels, patches.taps())];
    int i = 0;
    for (int channel = 0; channel < channels; channel++) {
      for (int d : patches.offsets(0)) {
        for (int h : patches.offsets(1)) {
          for (int w : patches.offsets(2)) {
            int plane =
                ((channel * phases[0].length + phase(0, d)) * phases[1].length + phase(1, h))
                        * phases[2].length
                    + phase(2, w);
            int at = (moved(0, d) * height + moved(1, h)) * width + moved(2, w);
            all[i++] = Math.toIntExact(plane * planeBytes + (long) at * size);
          }
        }
      }
    }
    return all;
  }

  private int least(int axis) {
    return IntStream.of(patches.offsets(axis)).min().orElse(0);
  }

  private int phase(int axis, int offset) {
    int phase = (offset - least(axis)) % patches.step(axis);
    int index = 0;
    while (phases[axis][index] != phase) {
      index++;
    }
    return index;
  }

  private int moved(int axis, int offset) {
    return (offset - least(axis)) / patches.step(axis);
  }

  Blocks blocks() {
    return blocks;
  }

  /** Where the row of the patches' matrix for each channel and tap begins, in bytes. */
  int[] rows() {
    return distances;
  }

  /** Elements from one line of positions to the next. */
  int width() {
    return width;
  }

  /** Elements from one slice of positions to the next. */
  int slice() {
    return height * width;
  }

  /** Elements from one image to the next. */
  int image() {
    return depth() * height * width;
  }

  /** Elements from the first position of a block to one past the last. */
  int span(int block) {
    return (blocks.lastImage(block) - blocks.firstImage(block) - 1) * image()
        + (blocks.slicesInBlock() - 1) * slice()
        + (blocks.lastLine(block) - blocks.firstLine(block) - 1) * width
        + blocks.lastColumn(block)
        - blocks.firstColumn(block);
  }

  /** The most elements of {@link #span}. */
  int largestSpan() {
    return blocks.count() == 0
        ? 0
        : (blocks.imagesInBlock() - 1) * image()
            + (blocks.slicesInBlock() - 1) * slice()
            + (blocks.linesInBlock() - 1) * width
            + blocks.columnsInBlock();
  }

  /** The memory of one plane. */
  long planeBytes() {
    return planeBytes;
  }

  /** The memory of the planes, with room to read two vectors from any position. */
  long bytes() {
    return planeBytes * channels * phaseCount + 3L * Patches.OVERRUN_BYTES;
  }

  /**
   * Fills the planes for one block.
   *
   * @param fromAt the first channel of the first image
   * @param imageBytes from one image to the next
   * @param first the first channel
   * @param last the last channel, excluded
   */
  void fill(
      int block,
      MemorySegment from,
      long fromAt,
      long imageBytes,
      int first,
      int last,
      MemorySegment to,
      long toAt) {
    int firstImage = blocks.firstImage(block);
    int lastImage = blocks.lastImage(block);
    int firstLine = blocks.firstLine(block);
    int lines = blocks.whole() ? height : blocks.lastLine(block) - firstLine + halo[1];
    int firstColumn = blocks.firstColumn(block);
    for (int image = firstImage; image < lastImage; image++) {
      for (int d = 0; d < depth(); d++) {
        long at = toAt + (long) ((image - firstImage) * depth() + d) * slice() * size;
        int line = (blocks.firstSlice(block) + d) * planes.rows() + firstLine;
        planes.gather(
            from,
            fromAt + image * imageBytes,
            first * phaseCount,
            last * phaseCount,
            line,
            line + lines,
            firstColumn,
            firstColumn + width,
            to,
            at,
            planeBytes);
        if (tail > 0) {
          long end = at + (long) lines * width * size;
          for (int plane = 0; plane < (last - first) * phaseCount; plane++) {
            Strips.zero(to, end + plane * planeBytes, tail * size);
          }
        }
      }
    }
  }
}
