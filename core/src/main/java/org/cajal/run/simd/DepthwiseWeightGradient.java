package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.type.DType;

/**
 * The gradient of a convolution with respect to its weights as {@link ConvolutionWeightGradient},
 * for groups of one input channel, in single precision. There lanes over channels would be empty;
 * so they run over positions: the input is copied into {@link TapPlanes}, dy into a plane of the
 * same lines, with zeros where there is no position, and each weight is the scalar product of the
 * two, moved by its tap. An input that is not finite therefore reaches every weight of its channel.
 *
 * <p>The blocks of positions are cut into a number of ranges that depends on shapes alone; each
 * range is summed apart, and the last stage adds the ranges and the lanes in order.
 */
final class DepthwiseWeightGradient implements Kernel {
  private static final int COPIED_BYTES = 1 << 17;
  private static final int POSITIONS_IN_RANGE = 4096;
  private static final double PIECE_FLOPS = 1_000_000;
  private static final int MOST_PIECES = 32;
  private static final int LANES = Simd.VECTOR_BYTES / 4;

  /** Beyond these, rows of a micro-kernel over output channels use more of the registers. */
  private static final int MOST_OUT_CHANNELS = 4;

  private final Geometry geometry;
  private final Operand x;
  private final Operand dy;
  private final Operand dw;
  private final Operand scratch;
  private final int groups;
  private final int outChannels;
  private final Patches patches;
  private final TapPlanes planes;
  private final Blocks blocks;

  /** The positions as they lie in a block's plane of dy. */
  private final Patches lines;

  /** Where each tap's plane begins; the last one repeated to fill the last call. */
  private final int[] taps;

  private final int splits;
  private final int groupParts;
  private final long dyAt;
  private final long slotBytes;
  private final long weightBytes;
  private final long partialsAt;
  private final long scratchBytes;

  /** A gradient of sizes that this class {@linkplain #serves serves}. */
  DepthwiseWeightGradient(Geometry geometry, Operand x, Operand dy, Operand dw, Operand scratch) {
    this.geometry = geometry;
    this.x = x;
    this.dy = dy;
    this.dw = dw;
    this.scratch = scratch;
    groups = geometry.groups();
    outChannels = geometry.outChannels();
    patches = geometry.inputPatches();
    planes = new TapPlanes(DType.F32, geometry.images(), patches, 1, COPIED_BYTES, LANES - 1);
    blocks = planes.blocks();
    int slice = planes.slice();
    lines =
        new Patches(
            DType.F32,
            geometry.out(),
            blocks.whole()
                ? List.of(planes.image() / slice, slice / planes.width(), planes.width())
                : List.of(
                    patches.slices(),
                    patches.rows(),
                    blocks.wholeLines() ? planes.width() : patches.columns()),
            List.of(1, 1, 1),
            new int[][] {{0}, {0}, {0}});
    int calls = (patches.taps() + TapDots.TAPS - 1) / TapDots.TAPS;
    taps = Arrays.copyOf(planes.rows(), calls * TapDots.TAPS);
    Arrays.fill(taps, patches.taps(), taps.length, planes.rows()[patches.taps() - 1]);

    int wanted = (int) Math.clamp(geometry.flops() / PIECE_FLOPS, 1, MOST_PIECES);
    groupParts = Math.clamp(wanted, 1, Math.max(1, groups));
    long worthwhile =
        Math.max(1, (long) geometry.images() * patches.positions() / POSITIONS_IN_RANGE);
    splits =
        (int)
            Math.min(Math.min(blocks.count(), worthwhile), (wanted + groupParts - 1) / groupParts);

    dyAt = Geometry.cacheLines(planes.bytes());
    slotBytes = dyAt + planes.planeBytes();
    weightBytes = (long) taps.length * Simd.VECTOR_BYTES;
    partialsAt = Math.multiplyExact(slotBytes, (long) splits * groupParts);
    scratchBytes =
        Math.addExact(
            partialsAt, Math.multiplyExact(weightBytes, (long) splits * groups * outChannels));
  }

  /** Whether this is the class for a gradient of these sizes. */
  static boolean serves(Geometry geometry) {
    return geometry.type() == DType.F32
        && geometry.inChannels() == 1
        && geometry.outChannels() > 0
        && geometry.outChannels() <= MOST_OUT_CHANNELS
        && geometry.taps() > 0
        && geometry.images() > 0
        && geometry.outPositions() > 0;
  }

  /** The bytes of scratch memory that the gradient needs. */
  long scratchBytes() {
    return scratchBytes;
  }

  @Override
  public String name() {
    return geometry.label("convolution weight gradient");
  }

  @Override
  public int stages() {
    return 2;
  }

  @Override
  public int pieces(int stage) {
    return stage == 0 ? splits * groupParts : groupParts;
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    int part = piece % groupParts;
    int firstGroup = (int) ((long) groups * part / groupParts);
    int lastGroup = (int) ((long) groups * (part + 1) / groupParts);
    if (stage == 1) {
      sum(table, firstGroup * outChannels, lastGroup * outChannels);
      return;
    }
    long slot = scratch.offset() + piece * slotBytes;
    int split = piece / groupParts;
    int first = (int) ((long) blocks.count() * split / splits);
    int last = (int) ((long) blocks.count() * (split + 1) / splits);
    for (int block = first; block < last; block++) {
      for (int group = firstGroup; group < lastGroup; group++) {
        block(table, slot, group, split, block, block > first);
      }
    }
  }

  private void block(
      MemorySegment[] table, long slot, int group, int split, int block, boolean add) {
    MemorySegment memory = table[scratch.buffer()];
    long channelBytes = patches.channelBytes();
    planes.fill(
        block,
        table[x.buffer()],
        x.offset() + group * channelBytes,
        channelBytes * groups,
        0,
        1,
        memory,
        slot);
    int vectors = (planes.span(block) + LANES - 1) / LANES;
    for (int out = 0; out < outChannels; out++) {
      int channel = group * outChannels + out;
      fillDy(table[dy.buffer()], channel, block, memory, slot + dyAt, vectors * LANES);
      for (int call = 0; call < taps.length; call += TapDots.TAPS) {
        TapDots.add(
            memory,
            slot + dyAt,
            memory,
            slot,
            taps,
            call,
            vectors,
            memory,
            partial(split, channel) + (long) call * Simd.VECTOR_BYTES,
            add);
      }
    }
  }

  /** Copies a block of one channel of dy into a plane, with zeros up to a number of elements. */
  private void fillDy(
      MemorySegment from, int channel, int block, MemorySegment to, long toAt, int elements) {
    long channelBytes = lines.channelBytes();
    int written;
    if (blocks.whole()) {
      written = 0;
      for (int image = blocks.firstImage(block); image < blocks.lastImage(block); image++) {
        lines.gather(
            from,
            dy.offset() + ((long) image * groups * outChannels + channel) * channelBytes,
            0,
            1,
            0,
            lines.slices() * lines.rows(),
            0,
            lines.columns(),
            to,
            toAt + written * 4L,
            0);
        written += planes.image();
      }
    } else {
      int image = blocks.firstImage(block);
      int line = blocks.firstSlice(block) * patches.rows();
      int firstColumn = blocks.firstColumn(block);
      int lastColumn = blocks.wholeLines() ? planes.width() : blocks.lastColumn(block);
      lines.gather(
          from,
          dy.offset() + ((long) image * groups * outChannels + channel) * channelBytes,
          0,
          1,
          line + blocks.firstLine(block),
          line + blocks.lastLine(block),
          firstColumn,
          lastColumn,
          to,
          toAt,
          0);
      written = (blocks.lastLine(block) - blocks.firstLine(block)) * (lastColumn - firstColumn);
    }
    if (written < elements) {
      Strips.zero(to, toAt + written * 4L, (elements - written) * 4);
    }
  }

  private long partial(int split, int channel) {
    return scratch.offset()
        + partialsAt
        + ((long) split * groups * outChannels + channel) * weightBytes;
  }

  /** Adds ranges and lanes for some output channels. */
  private void sum(MemorySegment[] table, int first, int last) {
    MemorySegment memory = table[scratch.buffer()];
    long from = partial(0, first);
    Strips.sum(
        DType.F32,
        memory,
        from,
        (long) groups * outChannels * weightBytes,
        splits,
        memory,
        from,
        Math.toIntExact((last - first) * weightBytes / 4));
    for (int channel = first; channel < last; channel++) {
      for (int tap = 0; tap < patches.taps(); tap++) {
        TapDots.addLanes(
            memory,
            partial(0, channel) + (long) tap * Simd.VECTOR_BYTES,
            table[dw.buffer()],
            dw.offset() + ((long) channel * patches.taps() + tap) * 4);
      }
    }
  }

  @Override
  public double flops() {
    return geometry.flops();
  }

  @Override
  public double bytes() {
    return geometry.bytes();
  }
}
