package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
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
 * <p>Vector lanes run over output channels, rows of the micro-kernel over channels and taps. The
 * images and positions are cut into blocks, these into a number of ranges that depends on shapes
 * alone; each range is summed apart, and the last stage adds the ranges in order.
 */
public final class ConvolutionWeightGradient implements Kernel {
  private static final int GATHERED_BYTES = 1 << 18;
  private static final int MOST_ROWS = 392;
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
  private final Patches patches;
  private final Blocks blocks;
  private final Tiling tiling;
  private final int depth;
  private final int panelColumns;
  private final int tilesInBlock;
  private final int splits;
  private final int tileGroups;
  private final int tilesInGroup;
  private final int pieces;
  private final long gatheredRow;
  private final long transposedAt;
  private final long outRow;
  private final long spillAt;
  private final long slotBytes;
  private final long partialsAt;
  private final long scratchBytes;

  /**
   * A gradient of fixed shapes; arguments as in {@link Convolution}, with {@code dy} shaped as the
   * output.
   */
  public ConvolutionWeightGradient(
      DType type,
      Shape xShape,
      Shape wShape,
      Window window,
      int groups,
      Operand x,
      Operand dy,
      Operand dw,
      Operand scratch) {
    geometry = Geometry.of(type, xShape, wShape, window, groups);
    this.x = x;
    this.dy = dy;
    this.dw = dw;
    this.scratch = scratch;
    size = type.bytes();
    patches = geometry.inputPatches();
    depth = Math.multiplyExact(geometry.inChannels(), patches.taps());
    panelColumns = Tiling.panelColumns(type);
    tiling = new Tiling(type, depth);
    int outChannels = geometry.outChannels();
    boolean empty = depth == 0 || outChannels == 0;
    tilesInBlock = Math.max(1, MOST_ROWS / Math.max(1, tiling.tallest()));
    int rowsInBlock = Math.min(depth, tilesInBlock * Math.max(1, tiling.tallest()));
    int room =
        Math.max(
            panelColumns,
            GATHERED_BYTES / (Math.max(1, rowsInBlock) * size) / panelColumns * panelColumns);
    blocks = new Blocks(empty ? 0 : geometry.images(), patches, Math.min(room, 1024));

    outRow = line((long) (outChannels + panelColumns - 1) / panelColumns * panelColumns * size);
    long partial = Math.multiplyExact(outRow, (long) groups * depth);
    int wanted = (int) Math.clamp(geometry.flops() / PIECE_FLOPS, 1, MOST_PIECES);
    long affordable = Math.max(1, PARTIAL_BYTES / Math.max(1, partial));
    splits = (int) Math.min(Math.min(blocks.count(), affordable), (wanted + groups - 1) / groups);
    long units = (long) splits * groups;
    tileGroups =
        units == 0
            ? 1
            : Math.clamp(Math.min(wanted, PIECES_WANTED) / units, 1, Math.max(1, tiling.count()));
    tilesInGroup = (tiling.count() + tileGroups - 1) / tileGroups;
    pieces = (int) Math.min(wanted, units * tileGroups);

    long panelled = ((long) blocks.largest() + panelColumns - 1) / panelColumns * panelColumns;
    gatheredRow = line(panelled * size + Patches.OVERRUN_BYTES);
    transposedAt = gatheredRow * (rowsInBlock + 1);
    spillAt = transposedAt + outRow * blocks.largest();
    slotBytes = spillAt + Tiling.SPILL_BYTES;
    partialsAt = Math.multiplyExact(slotBytes, (long) pieces);
    scratchBytes = Math.addExact(partialsAt, Math.multiplyExact(partial, (long) splits));
  }

  private static long line(long bytes) {
    return (bytes + 63) & -64L;
  }

  /** The bytes of scratch memory that the gradient of these arguments needs. */
  public static long scratchBytes(
      DType type, Shape xShape, Shape wShape, Window window, int groups) {
    Operand none = new Operand(0, 0);
    return new ConvolutionWeightGradient(
            type, xShape, wShape, window, groups, none, none, none, none)
        .scratchBytes;
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
        : geometry.outChannels() == 0 || depth == 0 ? 0 : geometry.groups() * sumPieces();
  }

  /** How many pieces sum and transpose one group's weights. */
  private int sumPieces() {
    return (int)
        Math.clamp(
            (double) depth * geometry.outChannels() * (splits + 2) / 65536, 1, Math.min(depth, 16));
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
    int lastImage = blocks.lastImage(block);
    int ofImage = blocks.positionsInImage(block);
    int total = ofImage * (lastImage - firstImage);
    int outChannels = geometry.outChannels();

    long outBytes = (long) patches.positions() * size;
    long position = (long) blocks.firstLine(block) * patches.columns() + blocks.firstColumn(block);
    for (int image = firstImage; image < lastImage; image++) {
      Strips.gather(
          size,
          table[dy.buffer()],
          dy.offset()
              + ((long) image * geometry.groups() + group) * outChannels * outBytes
              + position * size,
          size,
          outBytes,
          memory,
          slot + transposedAt + (long) (image - firstImage) * ofImage * outRow,
          outRow,
          ofImage,
          outChannels);
    }

    long imageBytes = patches.channelBytes() * geometry.inChannels();
    long partial = partial(split, group);
    int lastTile = Math.min(tiling.count(), (tileGroup + 1) * tilesInGroup);
    for (int tile0 = tileGroup * tilesInGroup; tile0 < lastTile; tile0 += tilesInBlock) {
      int tile1 = Math.min(lastTile, tile0 + tilesInBlock);
      int row0 = tiling.start(tile0);
      for (int image = firstImage; image < lastImage; image++) {
        patches.gather(
            table[x.buffer()],
            x.offset() + ((long) image * geometry.groups() + group) * imageBytes,
            row0,
            tiling.start(tile1),
            blocks.firstLine(block),
            blocks.lastLine(block),
            blocks.firstColumn(block),
            blocks.lastColumn(block),
            memory,
            slot + (long) (image - firstImage) * ofImage * size,
            gatheredRow);
      }
      for (int out = 0; out < outChannels; out += panelColumns) {
        int width = Math.min(panelColumns, outChannels - out);
        for (int tile = tile0; tile < tile1; tile++) {
          tiling.tile(
              tile,
              memory,
              slot - row0 * gatheredRow,
              gatheredRow,
              size,
              memory,
              slot + transposedAt + (long) out * size,
              outRow,
              memory,
              partial + (long) out * size,
              outRow,
              total,
              width,
              add,
              memory,
              slot + spillAt);
        }
      }
    }
  }

  private long partial(int split, int group) {
    return scratch.offset()
        + partialsAt
        + ((long) split * geometry.groups() + group) * depth * outRow;
  }

  /**
   * Adds the ranges of some rows of one group, into the first range's place, and transposes them
   * into the weights.
   */
  private void sum(MemorySegment[] table, int group, int part) {
    int parts = sumPieces();
    int first = (int) ((long) depth * part / parts);
    int last = (int) ((long) depth * (part + 1) / parts);
    int outChannels = geometry.outChannels();
    long to = dw.offset() + ((long) group * outChannels * depth + first) * size;
    if (splits == 0) {
      for (int out = 0; out < outChannels; out++) {
        table[dw.buffer()]
            .asSlice(to + (long) out * depth * size, (long) (last - first) * size)
            .fill((byte) 0);
      }
      return;
    }
    MemorySegment memory = table[scratch.buffer()];
    long from = partial(0, group) + first * outRow;
    if (splits > 1) {
      long step = (long) geometry.groups() * depth * outRow;
      int elements = (int) (outRow / size);
      for (int row = 0; row < last - first; row++) {
        long at = from + row * outRow;
        Strips.sum(
            geometry.type(), memory, at, step, splits, memory, at, Math.min(elements, outChannels));
      }
    }
    Strips.gather(
        size,
        memory,
        from,
        size,
        outRow,
        table[dw.buffer()],
        to,
        (long) depth * size,
        outChannels,
        last - first);
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
