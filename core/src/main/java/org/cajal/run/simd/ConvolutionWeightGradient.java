package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.cajal.op.Window;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/**
 * The gradient of a convolution with respect to its weights: {@code dw[o, c, tap] = sum over images
 * and positions p of dy[image, o, p] * (the input that position p with that tap reads)}. Shapes and
 * layouts as in {@link Convolution}.
 *
 * <p>The input is padded and its channels brought together, so that for each position and each row
 * of the kernel the channels and columns that it meets are contiguous: vector lanes run over these,
 * rows of the micro-kernel over output channels, its inner dimension over positions, and dy is read
 * where it lies. Where these would fill few lanes, the rows of the kernel are brought together too.
 * The images and positions are cut into blocks, these into a number of ranges that depends on
 * shapes alone; each range is summed apart, and the last stage adds the ranges in order.
 */
public final class ConvolutionWeightGradient implements Kernel {
  private static final int COPIED_BYTES = 1 << 18;

  /** Positions that are summed in registers before they are added to memory. */
  private static final int POSITIONS_IN_CHAIN = 256;

  private static final int POSITIONS_IN_RANGE = 512;
  private static final long PARTIAL_BYTES = 1 << 23;
  private static final double PIECE_FLOPS = 1_000_000;
  private static final int MOST_PIECES = 32;
  private static final int PIECES_WANTED = 8;

  private final Geometry geometry;
  private final Operand x;
  private final Operand dy;
  private final Operand dw;
  private final Operand scratch;
  private final int size;
  private final int channels;
  private final int outChannels;
  private final Patches patches;

  private final Blocks blocks;
  private final ChannelsLast input;
  private final Tiling tiling;
  private final int tileVectors;

  /** Where each position of a block begins, in bytes; in chains. */
  private final int[][] positions;

  /** Where each vector of the result's rows reads, from there on. */
  private final int[] vectors;

  /** Rows of the kernel brought together: 1 or all. */
  private final int rows;

  private final int runs;
  private final int vectorsInRun;
  private final int splits;
  private final int tileGroups;
  private final int pieces;
  private final long dyAt;
  private final long dyRow;
  private final long spillAt;
  private final long slotBytes;
  private final long partialRow;
  private final long partialsAt;
  private final long scratchBytes;

  /**
   * A gradient of fixed shapes; arguments as in {@link Convolution}, with {@code dy} shaped as the
   * output. Groups of one input channel and few output channels have a {@link
   * DepthwiseWeightGradient}, 3×3 kernels over many channels a {@link WinogradWeightGradient}.
   */
  public static Kernel of(
      DType type,
      Shape xShape,
      Shape wShape,
      Window window,
      int groups,
      Operand x,
      Operand dy,
      Operand dw,
      Operand scratch) {
    Geometry geometry = Geometry.of(type, xShape, wShape, window, groups);
    if (DepthwiseWeightGradient.serves(geometry)) {
      return new DepthwiseWeightGradient(geometry, x, dy, dw, scratch);
    }
    return WinogradWeightGradient.serves(geometry)
        ? new WinogradWeightGradient(geometry, x, dy, dw, scratch)
        : new ConvolutionWeightGradient(geometry, x, dy, dw, scratch);
  }

  private ConvolutionWeightGradient(
      Geometry geometry, Operand x, Operand dy, Operand dw, Operand scratch) {
    this.geometry = geometry;
    DType type = geometry.type();
    int groups = geometry.groups();
    this.x = x;
    this.dy = dy;
    this.dw = dw;
    this.scratch = scratch;
    size = type.bytes();
    channels = geometry.inChannels();
    outChannels = geometry.outChannels();
    patches = geometry.inputPatches();
    tiling = Tiling.ofTaps(type, outChannels);
    tileVectors = Tiling.tapVectors(type);
    boolean empty = channels == 0 || outChannels == 0 || patches.taps() == 0;
    int steps = patches.step(0) * patches.step(1) * patches.step(2);
    int[] blockHalo = new int[Geometry.AXES];
    for (int axis = 0; axis < Geometry.AXES; axis++) {
      blockHalo[axis] =
          Math.max(0, Math.ceilDiv(ChannelsLast.halo(patches, axis), patches.step(axis)));
    }
    blocks =
        new Blocks(
            empty ? 0 : geometry.images(),
            patches,
            blockHalo,
            Math.max(1, COPIED_BYTES / (size * Math.max(1, channels) * steps)));

    int lanes = Simd.VECTOR_BYTES / size;
    int columns = geometry.dilation().get(2) == 1 ? patches.offsets(2).length : 1;
    int lines = patches.offsets(1).length;
    boolean few =
        columns == patches.offsets(2).length
            && 2 * Math.ceilDiv(channels * columns * lines, lanes)
                <= lines * Math.ceilDiv(channels * columns, lanes);
    rows = few ? lines : 1;
    int run = channels * columns * rows;
    input =
        new ChannelsLast(type, groups, channels, patches, blocks, rows, geometry.dilation().get(1));
    runs = empty ? 0 : patches.taps() * channels / run;
    vectorsInRun = (run + lanes - 1) / lanes;
    positions = positions();
    vectors = vectors(columns);
    partialRow = (long) vectors.length * Simd.VECTOR_BYTES;

    long partial = Math.multiplyExact(partialRow, (long) groups * outChannels);
    int wanted = (int) Math.clamp(geometry.flops() / PIECE_FLOPS, 1, MOST_PIECES);
    long affordable = Math.max(1, PARTIAL_BYTES / Math.max(1, partial));
    long worthwhile =
        Math.max(1, (long) geometry.images() * patches.positions() / POSITIONS_IN_RANGE);
    splits =
        (int)
            Math.min(
                Math.min(blocks.count(), Math.min(affordable, worthwhile)),
                (wanted + groups - 1) / groups);
    long units = (long) splits * groups;
    tileGroups =
        units == 0
            ? 1
            : Math.clamp(Math.min(wanted, PIECES_WANTED) / units, 1, Math.max(1, tiling.count()));
    pieces = (int) Math.min(Math.max(wanted, splits), units * tileGroups);

    dyAt = input.bytes();
    dyRow = Geometry.cacheLines((long) blocks.imagesInBlock() * patches.positions() * size) + 64;
    spillAt = dyAt + (blocks.imagesInBlock() == 1 ? 0 : dyRow * outChannels);
    slotBytes = spillAt + Tiling.SPILL_BYTES;
    partialsAt = Math.multiplyExact(slotBytes, (long) pieces);
    scratchBytes = Math.addExact(partialsAt, Math.multiplyExact(partial, (long) splits));
  }

  private int[][] positions() {
    int line = input.width() * patches.step(1);
    int slice = input.slice() * patches.step(0);
    int[] all =
        new int
            [blocks.count() == 0
                ? 0
                : blocks.imagesInBlock()
                    * blocks.slicesInBlock()
                    * blocks.linesInBlock()
                    * blocks.columnsInBlock()];
    for (int i = 0; i < all.length; i++) {
      int column = i % blocks.columnsInBlock();
      int rest = i / blocks.columnsInBlock();
      int row = rest % blocks.linesInBlock();
      rest /= blocks.linesInBlock();
      int at =
          rest / blocks.slicesInBlock() * input.image()
              + rest % blocks.slicesInBlock() * slice
              + row * line
              + column * patches.step(2);
      all[i] = Math.toIntExact(at * input.elementBytes());
    }
    int chains = Math.max(1, (all.length + POSITIONS_IN_CHAIN - 1) / POSITIONS_IN_CHAIN);
    int length = (all.length + chains - 1) / chains;
    int[][] cut = new int[chains][];
    for (int i = 0; i < chains; i++) {
      int first = Math.min(all.length, i * length);
      cut[i] = Arrays.copyOfRange(all, first, Math.min(all.length, first + length));
    }
    return cut;
  }

  /** Where the vectors of all runs begin. */
  private int[] vectors(int columnsInRun) {
    int[] all = new int[runs * vectorsInRun];
    int i = 0;
    for (int run = 0; run < runs; run++) {
      int columnRuns = patches.offsets(2).length / columnsInRun;
      int column = run % columnRuns * geometry.dilation().get(2);
      int rest = run / columnRuns;
      int rowRuns = patches.offsets(1).length / rows;
      int row = rest % rowRuns * geometry.dilation().get(1);
      int slice = rest / rowRuns * geometry.dilation().get(0);
      int at =
          Math.toIntExact(
              (slice * input.slice() + row * input.width() + column) * input.elementBytes());
      for (int vector = 0; vector < vectorsInRun; vector++) {
        all[i++] = at + vector * Simd.VECTOR_BYTES;
      }
    }
    return all;
  }

  /** The bytes of scratch memory that the gradient of these arguments needs. */
  public static long scratchBytes(
      DType type, Shape xShape, Shape wShape, Window window, int groups) {
    Operand none = new Operand(0, 0);
    Geometry geometry = Geometry.of(type, xShape, wShape, window, groups);
    if (DepthwiseWeightGradient.serves(geometry)) {
      return new DepthwiseWeightGradient(geometry, none, none, none, none).scratchBytes();
    }
    return WinogradWeightGradient.serves(geometry)
        ? new WinogradWeightGradient(geometry, none, none, none, none).scratchBytes()
        : new ConvolutionWeightGradient(geometry, none, none, none, none).scratchBytes;
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
    return stage == 0
        ? pieces
        : outChannels == 0 || channels == 0 || patches.taps() == 0
            ? 0
            : geometry.groups() * sumPieces();
  }

  /** How many pieces sum and reorder one group's weights. */
  private int sumPieces() {
    double weights = (double) channels * patches.taps() * outChannels;
    return (int) Math.clamp(weights * (splits + 2) / 65536, 1, Math.min(outChannels, 16));
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    if (stage == 1) {
      sum(table, piece / sumPieces(), piece % sumPieces());
      return;
    }
    long slot = scratch.offset() + piece * slotBytes;
    long units = (long) splits * geometry.groups() * tileGroups;
    long last = units * (piece + 1) / pieces;
    for (long unit = units * piece / pieces; unit < last; unit++) {
      int tileGroup = (int) (unit % tileGroups);
      long rest = unit / tileGroups;
      range(table, slot, (int) (rest / splits), (int) (rest % splits), tileGroup);
    }
  }

  /** The sum over one range of blocks, for one group and some of its rows. */
  private void range(MemorySegment[] table, long slot, int group, int split, int tileGroup) {
    int first = (int) ((long) blocks.count() * split / splits);
    int last = (int) ((long) blocks.count() * (split + 1) / splits);
    for (int block = first; block < last; block++) {
      block(table, slot, group, split, tileGroup, block, block > first);
    }
  }

  private void block(
      MemorySegment[] table,
      long slot,
      int group,
      int split,
      int tileGroup,
      int block,
      boolean add) {
    MemorySegment memory = table[scratch.buffer()];
    int firstImage = blocks.firstImage(block);
    int images = blocks.lastImage(block) - firstImage;
    int firstSlice = blocks.firstSlice(block);
    int firstLine = blocks.firstLine(block);
    int firstColumn = blocks.firstColumn(block);
    int ofImage =
        blocks.slicesInBlock()
            * (blocks.lastLine(block) - firstLine)
            * (blocks.lastColumn(block) - firstColumn);
    int total = ofImage * images;
    long together = input.fill(group, block, table[x.buffer()], x.offset(), memory, slot);

    long outBytes = (long) patches.positions() * size;
    long outAt =
        dy.offset()
            + ((long) firstImage * geometry.groups() + group) * outChannels * outBytes
            + ((long) (firstSlice * patches.rows() + firstLine) * patches.columns() + firstColumn)
                * size;
    MemorySegment a = table[dy.buffer()];
    long aRow = outBytes;
    if (blocks.imagesInBlock() > 1) {
      for (int image = 0; image < images; image++) {
        Strips.copies(
            table[dy.buffer()],
            outAt + (long) image * geometry.groups() * outChannels * outBytes,
            outBytes,
            memory,
            slot + dyAt + (long) image * ofImage * size,
            dyRow,
            outChannels,
            ofImage * size);
      }
      a = memory;
      outAt = slot + dyAt;
      aRow = dyRow;
    }

    long partial = partial(split, group);
    int firstTile = tiling.firstOfGroup(tileGroup, tileGroups);
    int lastTile = tiling.firstOfGroup(tileGroup + 1, tileGroups);
    int done = 0;
    for (int chain = 0; done < total; chain++) {
      int[] chosen = positions[chain];
      int length = Math.min(chosen.length, total - done);
      for (int vector = 0; vector < vectors.length; vector += tileVectors) {
        int wide = Math.min(tileVectors, vectors.length - vector);
        for (int tile = firstTile; tile < lastTile; tile++) {
          tiling.tapTile(
              tile,
              a,
              outAt + (long) done * size,
              aRow,
              memory,
              together + vectors[vector],
              chosen,
              wide > 1 ? vectors[vector + 1] - vectors[vector] : 0,
              wide > 2 ? vectors[vector + 2] - vectors[vector] : 0,
              memory,
              partial + (long) vector * Simd.VECTOR_BYTES,
              partialRow,
              length,
              wide * (Simd.VECTOR_BYTES / size),
              add || done > 0,
              memory,
              slot + spillAt);
        }
      }
      done += length;
    }
  }

  private long partial(int split, int group) {
    return scratch.offset()
        + partialsAt
        + ((long) split * geometry.groups() + group) * outChannels * partialRow;
  }

  /**
   * Adds the ranges of some output channels of one group, into the first range's place, and brings
   * the sums into the weights' order.
   */
  private void sum(MemorySegment[] table, int group, int part) {
    int parts = sumPieces();
    int taps = patches.taps();
    int first = (int) ((long) outChannels * part / parts);
    int last = (int) ((long) outChannels * (part + 1) / parts);
    long row = (long) channels * taps * size;
    long to = dw.offset() + ((long) group * outChannels + first) * row;
    if (splits == 0) {
      table[dw.buffer()].asSlice(to, (last - first) * row).fill((byte) 0);
      return;
    }
    MemorySegment memory = table[scratch.buffer()];
    long from = partial(0, group) + first * partialRow;
    if (splits > 1) {
      long step = (long) geometry.groups() * outChannels * partialRow;
      Strips.sum(
          geometry.type(),
          memory,
          from,
          step,
          splits,
          memory,
          from,
          (int) ((last - first) * partialRow / size));
    }
    int tapsInRun = taps / runs;
    int columns = tapsInRun / rows;
    for (int out = 0; out < last - first; out++) {
      for (int tap = 0; tap < taps; tap++) {
        int inRun = tap % tapsInRun;
        int place = inRun % columns * rows + inRun / columns;
        Strips.move(
            size,
            memory,
            from
                + out * partialRow
                + (long) (tap / tapsInRun) * vectorsInRun * Simd.VECTOR_BYTES
                + (long) place * channels * size,
            size,
            table[dw.buffer()],
            to + out * row + (long) tap * size,
            (long) taps * size,
            channels);
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
