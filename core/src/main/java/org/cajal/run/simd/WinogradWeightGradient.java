package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.type.DType;

/**
 * The gradient with respect to the weights of a convolution that {@link WinogradConvolution} is
 * for, by the transposed transformations: what a tile adds to the gradient with respect to a
 * transformed kernel is the product of its inputs and of the gradient with respect to its outputs,
 * both transformed, so 16 multiplications instead of 36.
 *
 * <p>Blocks of tiles fall into a number of ranges that depends on shapes alone. The first stage
 * transforms the tiles of a block and multiplies 16 matrices of tiles and channels; each range is
 * summed apart. The second adds the ranges in order and transforms the sums back.
 */
final class WinogradWeightGradient implements Kernel {
  /** Fewer tiles do not repay the sums of so many more weights. */
  private static final int FEWEST_TILES = 512;

  /** Fewer tiles in a block would add to the sums too often. */
  private static final int TILES_LEAST = 64;

  private static final int TILES_IN_RANGE = 128;

  /** What the sums of all ranges should take at most: those of 128×128 kernels eight times. */
  private static final long PARTIAL_BYTES = 9 << 20;

  private static final double PIECE_FLOPS = 1_000_000;
  private static final int MOST_PIECES = 16;

  /** Fewer ranges would leave threads without work. */
  private static final int RANGES_WANTED = 8;

  private static final int COLUMNS = Tiling.panelColumns(DType.F32);

  private final Geometry geometry;
  private final Operand x;
  private final Operand dy;
  private final Operand dw;
  private final Operand scratch;
  private final int channels;
  private final int outChannels;

  private final Blocks blocks;
  private final WinogradTiles inputs;
  private final WinogradTiles outputs;
  private final Tiling tiling;
  private final int splits;
  private final int pieces;

  private final long inputsAt;
  private final long outputsAt;
  private final long spillAt;
  private final long slotBytes;
  private final long partialApart;
  private final long partialBytes;
  private final long partialsAt;

  /** A gradient; arguments as in {@link ConvolutionWeightGradient#of}. */
  WinogradWeightGradient(Geometry geometry, Operand x, Operand dy, Operand dw, Operand scratch) {
    this.geometry = geometry;
    this.x = x;
    this.dy = dy;
    this.dw = dw;
    this.scratch = scratch;
    channels = geometry.inChannels();
    outChannels = geometry.outChannels();
    int groups = geometry.groups();
    Patches read = WinogradTiles.inputs(geometry.in(), geometry.out(), geometry.padLow());
    blocks = WinogradTiles.blocks(geometry, read, TILES_LEAST);
    inputs = new WinogradTiles(groups, channels, read, blocks);
    outputs = new WinogradTiles(groups, outChannels, WinogradTiles.outputs(geometry.out()), blocks);
    tiling = new Tiling(DType.F32, outChannels);

    partialApart = Geometry.cacheLines(outChannels * inputs.rowBytes()) | 64;
    partialBytes = WinogradTiles.ELEMENTS * partialApart;
    int wanted = (int) Math.clamp(geometry.flops() / PIECE_FLOPS, 1, MOST_PIECES);
    long affordable = Math.max(1, PARTIAL_BYTES / (partialBytes * groups));
    long worthwhile = Math.max(1, WinogradTiles.tiles(geometry) / TILES_IN_RANGE);
    splits =
        (int)
            Math.min(
                Math.min(blocks.count(), Math.min(affordable, worthwhile)),
                Math.ceilDiv(wanted, groups));
    pieces = Math.min(Math.max(wanted, splits), splits * groups);

    inputsAt = Geometry.cacheLines(Math.max(inputs.copiedBytes(), outputs.copiedBytes()));
    outputsAt = inputsAt + inputs.bytes();
    spillAt = outputsAt + outputs.bytes();
    slotBytes = spillAt + Tiling.SPILL_BYTES;
    partialsAt = Math.multiplyExact(slotBytes, (long) pieces);
  }

  /** Whether a convolution is one that this is for, and faster than others. */
  static boolean serves(Geometry geometry) {
    long weights = (long) geometry.groups() * geometry.outChannels() * geometry.inChannels();
    return WinogradTiles.fit(geometry)
        && WinogradTiles.tiles(geometry) >= FEWEST_TILES
        && 4 * WinogradTiles.ELEMENTS * weights <= PARTIAL_BYTES / RANGES_WANTED;
  }

  /** The bytes of scratch memory. */
  long scratchBytes() {
    return Math.addExact(
        partialsAt, Math.multiplyExact(partialBytes, (long) splits * geometry.groups()));
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
    return stage == 0 ? pieces : geometry.groups() * sumPieces();
  }

  /** How many pieces sum one group's ranges. */
  private int sumPieces() {
    double weights = (double) channels * WinogradTiles.ELEMENTS * outChannels;
    return (int) Math.clamp(weights * (splits + 2) / 65536, 1, Math.min(outChannels, 16));
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    if (stage == 1) {
      sum(table, piece / sumPieces(), piece % sumPieces());
      return;
    }
    long slot = scratch.offset() + piece * slotBytes;
    int units = splits * geometry.groups();
    int last = (int) ((long) units * (piece + 1) / pieces);
    for (int unit = (int) ((long) units * piece / pieces); unit < last; unit++) {
      range(table, slot, unit / splits, unit % splits);
    }
  }

  private long partial(int split, int group) {
    return scratch.offset()
        + partialsAt
        + partialBytes * ((long) split * geometry.groups() + group);
  }

  /** The sum over one range of blocks, for one group. */
  private void range(MemorySegment[] table, long slot, int group, int split) {
    MemorySegment memory = table[scratch.buffer()];
    int first = (int) ((long) blocks.count() * split / splits);
    int last = (int) ((long) blocks.count() * (split + 1) / splits);
    int columns = (int) (inputs.rowBytes() / 4);
    for (int block = first; block < last; block++) {
      inputs.fill(group, block, table[x.buffer()], x.offset(), memory, slot, slot + inputsAt);
      outputs.fill(group, block, table[dy.buffer()], dy.offset(), memory, slot, slot + outputsAt);
      int depth = WinogradTiles.tiles(blocks, block);
      for (int element = 0; element < WinogradTiles.ELEMENTS; element++) {
        for (int column = 0; column < columns; column += COLUMNS) {
          for (int tile = 0; tile < tiling.count(); tile++) {
            tiling.tile(
                tile,
                memory,
                slot + outputsAt + element * outputs.apart(),
                4,
                outputs.rowBytes(),
                memory,
                slot + inputsAt + element * inputs.apart() + 4L * column,
                inputs.rowBytes(),
                memory,
                partial(split, group) + element * partialApart + 4L * column,
                inputs.rowBytes(),
                depth,
                Math.min(COLUMNS, columns - column),
                block > first,
                memory,
                slot + spillAt);
          }
        }
      }
    }
  }

  /** Adds the ranges of some output channels, in the first range's place, and transforms them. */
  private void sum(MemorySegment[] table, int group, int part) {
    MemorySegment memory = table[scratch.buffer()];
    int parts = sumPieces();
    int first = (int) ((long) outChannels * part / parts);
    int last = (int) ((long) outChannels * (part + 1) / parts);
    long row = inputs.rowBytes();
    long from = partial(0, group) + first * row;
    if (splits > 1) {
      for (int element = 0; element < WinogradTiles.ELEMENTS; element++) {
        long at = from + element * partialApart;
        long step = partialBytes * geometry.groups();
        int elements = (int) ((last - first) * row / 4);
        Strips.sum(DType.F32, memory, at, step, splits, memory, at, elements);
      }
    }
    int vectors = (int) (row / Simd.VECTOR_BYTES);
    long to =
        dw.offset() + 4L * WinogradTiles.TAPS * channels * ((long) group * outChannels + first);
    for (int i = first; i < last; i++) {
      WinogradTransforms.weightGradient(
          memory, from, partialApart, vectors, memory, from, partialApart);
      Strips.gather(
          4,
          memory,
          from,
          4,
          partialApart,
          table[dw.buffer()],
          to,
          4L * WinogradTiles.TAPS,
          channels,
          WinogradTiles.TAPS);
      from += row;
      to += 4L * WinogradTiles.TAPS * channels;
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
