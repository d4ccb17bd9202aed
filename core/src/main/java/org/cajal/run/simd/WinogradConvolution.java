package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.type.DType;

/**
 * A convolution of 3×3 kernels with stride 1 in single precision by Winograd's minimal filtering
 * ({@link WinogradTransforms}): 16 multiplications for a tile of 2×2 outputs and a pair of channels
 * instead of 36, and more additions, which are few if there are many channels. Also the gradient
 * with respect to its input, which is such a convolution with the kernels turned.
 *
 * <p>The first stage transforms the kernels. In the second, a piece takes blocks of tiles one after
 * the other: transforms them, multiplies 16 matrices of tiles and channels with those of the
 * kernels, and transforms the results back, all in its own part of the scratch memory.
 */
final class WinogradConvolution implements Kernel {
  /** Fewer tiles do not repay the transformation of the kernels. */
  private static final int FEWEST_TILES = 128;

  /** Fewer tiles in a block would turn more of their borders than of themselves. */
  private static final int TILES_LEAST = 8;

  private static final double PIECE_FLOPS = 1_000_000;
  private static final int MOST_PIECES = 16;

  /** Fewer pieces if more than {@link #PIECES_LEAST} would take more scratch memory than this. */
  private static final long SLOTS_BYTES = 1 << 24;

  private static final int PIECES_LEAST = 8;
  private static final int COLUMNS = Tiling.panelColumns(DType.F32);

  /** What the products of a block for some channels of the target should take at most. */
  private static final int PRODUCT_BYTES = 1 << 18;

  private final Geometry geometry;
  private final String label;
  private final Operand source;
  private final Operand weights;
  private final Operand target;
  private final Operand scratch;

  /** Channels of the source and the target in one group. */
  private final int channels;

  private final int outChannels;

  /** Bytes of the weights between channels of the source, of the target, and the kernel's taps. */
  private final long channelStep;

  private final long outChannelStep;
  private final boolean turned;

  private final Blocks blocks;
  private final WinogradTiles tiles;
  private final Tiling tiling;
  private final int height;
  private final int width;
  private final int pieces;

  /** Channels of the target that are in work at once. */
  private final int chunk;

  private final long outRow;
  private final long outApart;
  private final long kernelRow;
  private final long kernelApart;
  private final long kernelsBytes;
  private final long tilesAt;
  private final long productsAt;
  private final long spillAt;
  private final long slotBytes;

  private WinogradConvolution(
      Geometry geometry,
      boolean gradient,
      Operand source,
      Operand weights,
      Operand target,
      Operand scratch) {
    this.geometry = geometry;
    this.source = source;
    this.weights = weights;
    this.target = target;
    this.scratch = scratch;
    turned = gradient;
    label = gradient ? "convolution input gradient" : "convolution";
    channels = gradient ? geometry.outChannels() : geometry.inChannels();
    outChannels = gradient ? geometry.inChannels() : geometry.outChannels();
    long kernel = 4L * WinogradTiles.TAPS;
    long kernels = kernel * geometry.inChannels();
    channelStep = gradient ? kernels : kernel;
    outChannelStep = gradient ? kernel : kernels;
    List<Integer> in = gradient ? geometry.out() : geometry.in();
    List<Integer> out = gradient ? geometry.in() : geometry.out();
    height = out.get(1);
    width = out.get(2);
    List<Integer> low = geometry.padLow();
    Patches patches =
        WinogradTiles.inputs(in, out, gradient ? List.of(0, 2 - low.get(1), 2 - low.get(2)) : low);

    blocks = WinogradTiles.blocks(geometry, patches, TILES_LEAST);
    tiles = new WinogradTiles(geometry.groups(), channels, patches, blocks);
    tiling = new Tiling(DType.F32, WinogradTiles.tilesInBlock(blocks));
    kernelRow = WinogradTiles.rowBytes(outChannels);
    int tilesInBlock = WinogradTiles.tilesInBlock(blocks);
    int affordable = PRODUCT_BYTES / (4 * WinogradTiles.ELEMENTS * tilesInBlock);
    chunk = Math.min(outChannels, Math.max(1, affordable / COLUMNS) * COLUMNS);
    outRow = WinogradTiles.rowBytes(chunk);
    outApart = WinogradTiles.apart(blocks, chunk);
    kernelApart = Geometry.cacheLines(channels * kernelRow) | 64;
    kernelsBytes = Geometry.cacheLines(kernelApart * geometry.groups() * WinogradTiles.ELEMENTS);
    // Of the copies, the results and the taps of the kernels one is in work at a time.
    long results = outRow * WinogradTiles.SIDE * WinogradTiles.SIDE * tilesInBlock;
    tilesAt =
        Geometry.cacheLines(
            Math.max(tiles.copiedBytes(), Math.max(results, WinogradTiles.TAPS * kernelRow)));
    productsAt = tilesAt + tiles.bytes();
    spillAt = productsAt + WinogradTiles.ELEMENTS * outApart;
    slotBytes = spillAt + Tiling.SPILL_BYTES;

    long wanted = (long) Math.clamp(geometry.flops() / PIECE_FLOPS, 1, MOST_PIECES);
    long affordablePieces = Math.max(PIECES_LEAST, SLOTS_BYTES / slotBytes);
    long units = (long) blocks.count() * geometry.groups();
    pieces = (int) Math.min(units, Math.min(wanted, affordablePieces));
  }

  /** Whether a convolution is one that this is for, and faster than others. */
  static boolean serves(Geometry geometry) {
    return WinogradTiles.fit(geometry) && WinogradTiles.tiles(geometry) >= FEWEST_TILES;
  }

  /** The convolution; arguments as in {@link Convolution}. */
  static WinogradConvolution forward(
      Geometry geometry, Operand x, Operand w, Operand y, Operand scratch) {
    return new WinogradConvolution(geometry, false, x, w, y, scratch);
  }

  /** The gradient with respect to the input; arguments as in {@link ConvolutionInputGradient}. */
  static WinogradConvolution inputGradient(
      Geometry geometry, Operand dy, Operand w, Operand dx, Operand scratch) {
    return new WinogradConvolution(geometry, true, dy, w, dx, scratch);
  }

  /** The bytes of scratch memory. */
  long scratchBytes() {
    return Math.addExact(kernelsBytes, Math.multiplyExact(slotBytes, (long) pieces));
  }

  @Override
  public String name() {
    return geometry.label(label);
  }

  @Override
  public int stages() {
    return 2;
  }

  @Override
  public int pieces(int stage) {
    return stage == 0 ? Math.min(pieces, geometry.groups() * channels) : pieces;
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    long slot = scratch.offset() + kernelsBytes + piece * slotBytes;
    long units = (long) geometry.groups() * (stage == 0 ? channels : blocks.count());
    int count = pieces(stage);
    long last = units * (piece + 1) / count;
    for (long unit = units * piece / count; unit < last; unit++) {
      if (stage == 0) {
        kernels(table, slot, (int) (unit / channels), (int) (unit % channels));
      } else {
        block(table, slot, (int) (unit / blocks.count()), (int) (unit % blocks.count()));
      }
    }
  }

  private long kernelsAt(int group) {
    return scratch.offset() + kernelApart * group * WinogradTiles.ELEMENTS;
  }

  /** Transforms the kernels of one channel of the source. */
  private void kernels(MemorySegment[] table, long slot, int group, int channel) {
    MemorySegment memory = table[scratch.buffer()];
    long groupBytes = 4L * WinogradTiles.TAPS * geometry.inChannels() * geometry.outChannels();
    Strips.gather(
        4,
        table[weights.buffer()],
        weights.offset() + group * groupBytes + channel * channelStep,
        4,
        outChannelStep,
        memory,
        slot,
        kernelRow,
        WinogradTiles.TAPS,
        outChannels);
    WinogradTransforms.weights(
        memory,
        turned ? slot + (WinogradTiles.TAPS - 1) * kernelRow : slot,
        turned ? -kernelRow : kernelRow,
        (int) (kernelRow / Simd.VECTOR_BYTES),
        memory,
        kernelsAt(group) + channel * kernelRow,
        kernelApart);
  }

  private void block(MemorySegment[] table, long slot, int group, int block) {
    MemorySegment memory = table[scratch.buffer()];
    tiles.fill(group, block, table[source.buffer()], source.offset(), memory, slot, slot + tilesAt);
    for (int first = 0; first < outChannels; first += chunk) {
      int count = Math.min(chunk, outChannels - first);
      products(memory, slot, group, block, first, count);
      outputs(table, slot, group, block, first, count);
    }
  }

  /** Multiplies the tiles of a block with the kernels of some channels of the target. */
  private void products(
      MemorySegment memory, long slot, int group, int block, int first, int count) {
    int rows = WinogradTiles.tiles(blocks, block);
    int columns = (int) (WinogradTiles.rowBytes(count) / 4);
    for (int element = 0; element < WinogradTiles.ELEMENTS; element++) {
      for (int column = 0; column < columns; column += COLUMNS) {
        for (int tile = 0; tiling.start(tile) < rows; tile++) {
          tiling.tile(
              tile,
              memory,
              slot + tilesAt + element * tiles.apart(),
              tiles.rowBytes(),
              4,
              memory,
              kernelsAt(group) + element * kernelApart + 4L * (first + column),
              kernelRow,
              memory,
              slot + productsAt + element * outApart + 4L * column,
              outRow,
              channels,
              Math.min(COLUMNS, columns - column),
              false,
              memory,
              slot + spillAt);
        }
      }
    }
  }

  /** Transforms the products back and brings the results to where they belong. */
  private void outputs(
      MemorySegment[] table, long slot, int group, int block, int first, int count) {
    MemorySegment memory = table[scratch.buffer()];
    int lines = blocks.lastLine(block) - blocks.firstLine(block);
    int columns = blocks.lastColumn(block) - blocks.firstColumn(block);
    int vectors = (int) (WinogradTiles.rowBytes(count) / Simd.VECTOR_BYTES);
    int lineColumns = WinogradTiles.SIDE * columns;
    int firstLine = WinogradTiles.SIDE * blocks.firstLine(block);
    int firstColumn = WinogradTiles.SIDE * blocks.firstColumn(block);
    int outLines = Math.min(height - firstLine, WinogradTiles.SIDE * lines);
    int outColumns = Math.min(width - firstColumn, lineColumns);
    boolean together = lineColumns == width;
    long channelBytes = 4L * height * width;
    long from = slot + productsAt;
    for (int image = blocks.firstImage(block); image < blocks.lastImage(block); image++) {
      for (int line = 0; line < lines; line++) {
        WinogradTransforms.output(
            memory,
            from,
            outApart,
            outRow,
            vectors,
            columns,
            memory,
            slot + (long) WinogradTiles.SIDE * line * lineColumns * outRow,
            lineColumns * outRow,
            outRow);
        from += columns * outRow;
      }
      long to =
          target.offset()
              + (((long) image * geometry.groups() + group) * outChannels + first) * channelBytes
              + 4L * ((long) firstLine * width + firstColumn);
      for (int line = 0; line < (together ? 1 : outLines); line++) {
        Strips.gather(
            4,
            memory,
            slot + (long) line * lineColumns * outRow,
            4,
            outRow,
            table[target.buffer()],
            to + 4L * line * width,
            channelBytes,
            count,
            together ? outLines * lineColumns : outColumns);
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
