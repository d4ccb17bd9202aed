package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.type.CajalException;
import org.cajal.type.DType;

/**
 * A batched matrix product: {@code C[batch.., m, n] = A[batch.., m, k] x B[batch.., k, n]} in F32
 * or F64, where A and B may lie anyhow and C is contiguous. The algorithm is that of Goto and van
 * de Geijn (Anatomy of High-Performance Matrix Multiplication, 2008), with one departure: operands
 * are read where they lie unless that is slow. A is moved only if neither its rows nor its columns
 * are contiguous, or if they fall on the same lines of the first-level cache. B is packed into
 * panels where whole vectors cannot be read in place, or where its rows fall on the same lines.
 *
 * <p>Each element of C is one chain of fused multiply-adds for every {@value #DEPTH} steps of k;
 * these chains are added in order. Where m and n are small and k is long, k is also cut into ranges
 * that are computed apart and summed in order. The cuts depend on shapes and on the width of
 * vectors only.
 */
public final class Product implements Kernel {
  /** Steps of k that are summed in registers before they are added to C. */
  static final int DEPTH = 384;

  /**
   * Tiles of rows that pass over one panel of B before the next: their part of A stays in the
   * second-level cache.
   */
  private static final int TILES_IN_BLOCK = 24;

  /** Up to here one thread does everything in a single piece. */
  private static final double SMALL_FLOPS = 400_000;

  private static final double PIECE_FLOPS = 1_000_000;
  private static final int MOST_PIECES = 256;
  private static final int PACK_BYTES = 1 << 17;
  private static final int PACK_DEPTH = 1024;
  private static final int PIECES_WANTED = 16;

  /** Rows this many bytes apart share a set of the first-level cache, which holds eight of them. */
  private static final int ALIAS_BYTES = 4096;

  private static final int CACHE_LINE = 64;

  /**
   * Where the matrices of one side lie. Strides count elements and may be 0 or anything else that
   * stays inside the buffer.
   *
   * @param at the element [0.., 0, 0]
   * @param rowStride from one row to the next
   * @param columnStride from one column to the next
   * @param batchStrides from one matrix to the next along each batch axis, outermost first; 0
   *     repeats it
   */
  public record Matrix(Operand at, long rowStride, long columnStride, List<Long> batchStrides) {
    /** Keeps a copy of the list. */
    public Matrix {
      batchStrides = List.copyOf(batchStrides);
    }

    /** Contiguous row-major matrices, batch after batch. */
    public static Matrix rowMajor(Operand at, List<Integer> batch, int rows, int columns) {
      Long[] strides = new Long[batch.size()];
      long step = (long) rows * columns;
      for (int i = batch.size() - 1; i >= 0; i--) {
        strides[i] = step;
        step *= batch.get(i);
      }
      return new Matrix(at, columns, 1, List.of(strides));
    }

    /** The same memory read with rows and columns exchanged. */
    public Matrix transposed() {
      return new Matrix(at, columnStride, rowStride, batchStrides);
    }
  }

  private final DType type;
  private final String name;
  private final int size;
  private final int m;
  private final int k;
  private final int n;
  private final Operand a;
  private final Operand b;
  private final Operand c;
  private final Operand scratch;
  private final long aRow;
  private final long aColumn;
  private final long bRow;
  private final long bColumn;
  private final int[] batch;
  private final long[] aBatch;
  private final long[] bBatch;
  private final int batches;

  private final Tiling tiling;
  private final int panelColumns;
  private final int panelBytes;
  private final int panels;

  /** Panels from this one on are packed. */
  private final int firstPacked;

  /** How many different matrices B there are to pack: one if all batches share it. */
  private final int packedMatrices;

  private final int packChunks;
  private final int packUnits;
  private final int packUnitsInPiece;

  /** Whether the micro-kernel reads an A whose columns are contiguous, else one whose rows are. */
  private final boolean byColumns;

  /** Whether A is copied, line by line: its columns if {@link #byColumns}, else its rows. */
  private final boolean moveA;

  private final int movedMatrices;
  private final int movedLines;
  private final int movedLength;
  private final long movedStep;
  private final int movedLinesInUnit;
  private final int moveUnitsInMatrix;
  private final int moveUnits;
  private final long movedAt;

  private final int splits;
  private final int splitDepth;
  private final int batchesInPiece;
  private final int tilesInPiece;
  private final int panelsInPiece;
  private final int batchGroups;
  private final int tileGroups;
  private final int panelGroups;
  private final boolean small;
  private final long partialsAt;

  /** Where the pieces' memory for spilled tiles lies; 0 bytes each where none is spilled. */
  private final long spillAt;

  private final int spillBytes;
  private final long scratchBytes;

  /**
   * A product of fixed shapes.
   *
   * @param type F32 or F64, of all three
   * @param batch sizes of the batch axes, outermost first; none for a single product
   * @param m rows of A and C
   * @param k columns of A and rows of B; 0 gives zeros
   * @param n columns of B and C
   * @param c where C lies: contiguous, row-major
   * @param scratch at least {@link #scratchBytes} bytes of which this kernel may do as it likes
   *     while it runs; 64-byte aligned
   * @throws CajalException if the type is not a floating-point one
   */
  public Product(
      DType type,
      List<Integer> batch,
      int m,
      int k,
      int n,
      Matrix a,
      Matrix b,
      Operand c,
      Operand scratch) {
    if (!type.isFloating()) {
      throw new CajalException("[product] elements are " + type + "; F32 and F64 are allowed");
    }
    if (a.batchStrides().size() != batch.size() || b.batchStrides().size() != batch.size()) {
      throw new CajalException(
          "[product] "
              + batch.size()
              + " batch axes, but strides for "
              + a.batchStrides().size()
              + " and "
              + b.batchStrides().size());
    }
    this.type = type;
    this.size = type.bytes();
    this.k = k;
    this.n = n;
    this.a = a.at();
    this.b = b.at();
    this.c = c;
    this.scratch = scratch;
    name = "product " + batch + " " + m + "x" + k + "x" + n;
    aRow = a.rowStride() * size;
    aColumn = a.columnStride() * size;
    bRow = b.rowStride() * size;
    bColumn = b.columnStride() * size;

    // Axes of size 1 go; a batch axis along which B repeats and A continues its rows becomes rows.
    List<Integer> axes = new ArrayList<>();
    List<Long> aSteps = new ArrayList<>();
    List<Long> bSteps = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.get(i) != 1) {
        axes.add(batch.get(i));
        aSteps.add(a.batchStrides().get(i) * size);
        bSteps.add(b.batchStrides().get(i) * size);
      }
    }
    int rows = m;
    while (!axes.isEmpty()
        && bSteps.getLast() == 0
        && aSteps.getLast() == rows * aRow
        && (long) rows * axes.getLast() <= Integer.MAX_VALUE) {
      rows *= axes.removeLast();
      aSteps.removeLast();
      bSteps.removeLast();
    }
    this.m = rows;
    this.batch = axes.stream().mapToInt(Integer::intValue).toArray();
    aBatch = aSteps.stream().mapToLong(Long::longValue).toArray();
    bBatch = bSteps.stream().mapToLong(Long::longValue).toArray();
    int count = 1;
    for (int d : this.batch) {
      count = Math.multiplyExact(count, d);
    }
    boolean empty = rows == 0 || n == 0;
    batches = empty ? 0 : count;

    tiling = new Tiling(type, rows);
    panelColumns = Tiling.panelColumns(type);
    panelBytes = panelColumns * size;
    panels = (int) (((long) n + panelColumns - 1) / panelColumns);

    boolean wholeVectors = n % (panelColumns / 2) == 0;
    firstPacked = k == 0 ? panels : !readInPlace() ? 0 : wholeVectors ? panels : panels - 1;
    packedMatrices = repeats(bBatch) ? Math.min(1, batches) : batches;
    packChunks = (k + PACK_DEPTH - 1) / PACK_DEPTH;
    packUnits =
        Math.multiplyExact(Math.multiplyExact(packedMatrices, panels - firstPacked), packChunks);
    packUnitsInPiece = Math.max(1, PACK_BYTES / Math.max(1, Math.min(k, PACK_DEPTH) * panelBytes));

    byColumns = aRow == size && aColumn != size;
    boolean scattered = aRow != size && aColumn != size;
    moveA =
        scattered
            || aliased(byColumns ? aColumn : aRow) && rows > 8 && n > 3 * panelColumns && k >= 64;
    movedMatrices = !moveA ? 0 : repeats(aBatch) ? Math.min(1, batches) : batches;
    movedLines = byColumns ? k : rows;
    movedLength = byColumns ? rows : k;
    movedStep = ((long) movedLength * size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE + CACHE_LINE;
    movedLinesInUnit = (int) Math.max(1, PACK_BYTES / movedStep);
    moveUnitsInMatrix = (movedLines + movedLinesInUnit - 1) / movedLinesInUnit;
    moveUnits = Math.multiplyExact(movedMatrices, moveUnitsInMatrix);

    double one = 2.0 * rows * n * k;
    double total = one * batches;
    small = total <= SMALL_FLOPS;
    long tiles = (long) Math.max(1, batches) * Math.max(1, tiling.count()) * Math.max(1, panels);
    splits =
        small || tiles >= PIECES_WANTED || total < 4 * PIECE_FLOPS
            ? 1
            : (int) Math.max(1, Math.min(PIECES_WANTED / tiles, k / (2 * DEPTH)));
    splitDepth = (k + splits - 1) / splits;
    double target = Math.max(PIECE_FLOPS, total / MOST_PIECES);
    int tilesWanted = Math.max(1, tiling.count());
    int panelsWanted = Math.max(1, panels);
    if (!small) {
      while (2.0 * tilesWanted * tiling.tallest() * panelsWanted * panelColumns * splitDepth
              > target
          && tilesWanted * panelsWanted > 1) {
        if (panelsWanted == 1
            || tilesWanted > 1 && tilesWanted * tiling.tallest() >= panelsWanted * panelColumns) {
          tilesWanted = (tilesWanted + 1) / 2;
        } else {
          panelsWanted = (panelsWanted + 1) / 2;
        }
      }
    }
    tilesInPiece = tilesWanted;
    panelsInPiece = panelsWanted;
    tileGroups = (tiling.count() + tilesInPiece - 1) / tilesInPiece;
    panelGroups = (panels + panelsInPiece - 1) / panelsInPiece;
    batchesInPiece =
        tileGroups * panelGroups * splits > 1
            ? 1
            : (int) Math.max(1, Math.min(batches, target / Math.max(1, one)));
    batchGroups = (batches + batchesInPiece - 1) / batchesInPiece;

    movedAt =
        Math.multiplyExact((long) packedMatrices * (panels - firstPacked), (long) k * panelBytes);
    partialsAt =
        Math.addExact(movedAt, Math.multiplyExact((long) movedMatrices * movedLines, movedStep));
    long partials =
        splits == 1
            ? 0
            : Math.multiplyExact(
                Math.multiplyExact((long) batches * splits, rows), (long) n * size);
    spillAt = (Math.addExact(partialsAt, partials) + CACHE_LINE - 1) & -CACHE_LINE;
    spillBytes = wholeVectors && splitDepth <= DEPTH ? 0 : Tiling.SPILL_BYTES;
    scratchBytes =
        Math.addExact(spillAt, (long) spillBytes * batchGroups * splits * tileGroups * panelGroups);
  }

  /**
   * The bytes of scratch memory that the product of these arguments needs; 0 for most small ones.
   */
  public static long scratchBytes(
      DType type, List<Integer> batch, int m, int k, int n, Matrix a, Matrix b) {
    Operand none = new Operand(0, 0);
    return new Product(type, batch, m, k, n, a, b, none, none).scratchBytes;
  }

  /**
   * Whether rows of B are read where they lie: contiguous, and not thrown out of the cache by one
   * another before the next tile.
   */
  private boolean readInPlace() {
    return bColumn == size && !(aliased(bRow) && m > 28 && k > 8);
  }

  private static boolean aliased(long stride) {
    return stride != 0 && Math.floorMod(stride + CACHE_LINE, ALIAS_BYTES) <= 2 * CACHE_LINE;
  }

  private static boolean repeats(long[] batchStrides) {
    for (long stride : batchStrides) {
      if (stride != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int stages() {
    return small ? 1 : 1 + (packPieces() > 0 ? 1 : 0) + (splits > 1 ? 1 : 0);
  }

  @Override
  public int pieces(int stage) {
    if (small) {
      return batches == 0 ? 0 : 1;
    }
    if (stage == 0 && packPieces() > 0) {
      return packPieces();
    }
    if (splits > 1 && stage == stages() - 1) {
      return sumPieces();
    }
    return batchGroups * splits * tileGroups * panelGroups;
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    if (small) {
      pack(table, 0, packUnits);
      move(table, 0, moveUnits);
      multiply(table, 0, 0, 0, 0, 0);
    } else if (stage == 0 && packPieces() > 0) {
      int first = piece * packUnitsInPiece;
      if (first < packUnits) {
        pack(table, first, Math.min(packUnits, first + packUnitsInPiece));
      } else {
        int unit = piece - panelPieces();
        move(table, unit, unit + 1);
      }
    } else if (splits > 1 && stage == stages() - 1) {
      sum(table, piece);
    } else {
      // Neighbouring pieces share columns of B, so that threads that run side by side read the same
      // panels.
      int tileGroup = piece % tileGroups;
      int rest = piece / tileGroups;
      int panelGroup = rest % panelGroups;
      rest /= panelGroups;
      multiply(table, piece, rest / splits, rest % splits, tileGroup, panelGroup);
    }
  }

  @Override
  public double flops() {
    return 2.0 * batches * m * n * k;
  }

  @Override
  public double bytes() {
    return (double) size * batches * ((double) m * k + (double) k * n + (double) m * n);
  }

  private int packPieces() {
    return panelPieces() + moveUnits;
  }

  private int panelPieces() {
    return (packUnits + packUnitsInPiece - 1) / packUnitsInPiece;
  }

  /**
   * Copies groups of lines of A, each a cache line further from the one before than a multiple of
   * the cache's period.
   */
  private void move(MemorySegment[] table, int from, int to) {
    MemorySegment source = table[a.buffer()];
    MemorySegment moved = table[scratch.buffer()];
    for (int unit = from; unit < to; unit++) {
      int index = unit / moveUnitsInMatrix;
      int first = unit % moveUnitsInMatrix * movedLinesInUnit;
      int count = Math.min(movedLines - first, movedLinesInUnit);
      long line = byColumns ? aColumn : aRow;
      long element = byColumns ? aRow : aColumn;
      long at = a.offset() + batchOffset(aBatch, index) + first * line;
      long target = scratch.offset() + movedAt + ((long) index * movedLines + first) * movedStep;
      if (element == size) {
        for (int i = 0; i < count; i++) {
          long bytes = (long) movedLength * size;
          MemorySegment.copy(source, at + i * line, moved, target + i * movedStep, bytes);
        }
      } else {
        Strips.gather(
            size, source, at, line, element, moved, target, movedStep, count, movedLength);
      }
    }
  }

  /**
   * Packs chunks of panels: rows of B, each panel's columns contiguous, zeros beyond the last
   * column.
   */
  private void pack(MemorySegment[] table, int from, int to) {
    MemorySegment source = table[b.buffer()];
    MemorySegment packed = table[scratch.buffer()];
    int packedPanels = panels - firstPacked;
    for (int unit = from; unit < to; unit++) {
      int chunk = unit % packChunks;
      int slot = unit / packChunks;
      int panel = firstPacked + slot % packedPanels;
      int k0 = chunk * PACK_DEPTH;
      int rows = Math.min(PACK_DEPTH, k - k0);
      int columns = Math.min(panelColumns, n - panel * panelColumns);
      long at =
          b.offset()
              + batchOffset(bBatch, slot / packedPanels)
              + k0 * bRow
              + (long) panel * panelColumns * bColumn;
      long packedAt = scratch.offset() + ((long) slot * k + k0) * panelBytes;
      if (bColumn == size) {
        int bytes = columns * size;
        for (int i = 0; i < rows; i++) {
          Strips.copy(source, at + i * bRow, packed, packedAt + (long) i * panelBytes, bytes);
        }
      } else {
        Strips.gather(size, source, at, bRow, bColumn, packed, packedAt, panelBytes, rows, columns);
      }
      if (columns < panelColumns) {
        for (int i = 0; i < rows; i++) {
          Strips.zero(
              packed,
              packedAt + (long) i * panelBytes + (long) columns * size,
              (panelColumns - columns) * size);
        }
      }
    }
  }

  private void multiply(
      MemorySegment[] table, int piece, int batchGroup, int split, int tileGroup, int panelGroup) {
    int last = Math.min(batches, (batchGroup + 1) * batchesInPiece);
    for (int index = batchGroup * batchesInPiece; index < last; index++) {
      multiplyOne(table, piece, index, split, tileGroup, panelGroup);
    }
  }

  private void multiplyOne(
      MemorySegment[] table, int piece, int index, int split, int tileGroup, int panelGroup) {
    MemorySegment aMemory = table[moveA ? scratch.buffer() : a.buffer()];
    MemorySegment bMemory = table[b.buffer()];
    MemorySegment packed = scratchBytes == 0 ? bMemory : table[scratch.buffer()];
    long spill = scratch.offset() + spillAt + (long) spillBytes * piece;
    MemorySegment cMemory = splits == 1 ? table[c.buffer()] : packed;
    long aAt =
        moveA
            ? scratch.offset()
                + movedAt
                + (movedMatrices == 1 ? 0L : index) * movedLines * movedStep
            : a.offset() + batchOffset(aBatch, index);
    long aRowStep = !moveA ? aRow : byColumns ? size : movedStep;
    long aStep = !moveA ? aColumn : byColumns ? movedStep : size;
    long bAt = b.offset() + batchOffset(bBatch, index);
    long packedAt =
        scratch.offset()
            + (packedMatrices == 1 ? 0L : index) * (panels - firstPacked) * k * panelBytes;
    long cRow = (long) n * size;
    long cAt =
        splits == 1
            ? c.offset() + (long) index * m * cRow
            : scratch.offset() + partialsAt + ((long) index * splits + split) * m * cRow;

    int kEnd = Math.min(k, (split + 1) * splitDepth);
    int kBegin = Math.min(k, split * splitDepth);
    int tileEnd = Math.min(tiling.count(), (tileGroup + 1) * tilesInPiece);
    int panelBegin = panelGroup * panelsInPiece;
    int panelEnd = Math.min(panels, panelBegin + panelsInPiece);
    int k0 = kBegin;
    do {
      int depth = Math.min(DEPTH, kEnd - k0);
      for (int block = tileGroup * tilesInPiece; block < tileEnd; block += TILES_IN_BLOCK) {
        int blockEnd = Math.min(tileEnd, block + TILES_IN_BLOCK);
        for (int panel = panelBegin; panel < panelEnd; panel++) {
          boolean inPlace = panel < firstPacked;
          MemorySegment from = inPlace ? bMemory : packed;
          long panelAt =
              inPlace
                  ? bAt + k0 * bRow + (long) panel * panelBytes
                  : packedAt + ((long) (panel - firstPacked) * k + k0) * panelBytes;
          long step = inPlace ? bRow : panelBytes;
          int columns = Math.min(panelColumns, n - panel * panelColumns);
          for (int tile = block; tile < blockEnd; tile++) {
            tiling.tile(
                tile,
                aMemory,
                aAt + k0 * aStep,
                aRowStep,
                aStep,
                from,
                panelAt,
                step,
                cMemory,
                cAt + (long) panel * panelBytes,
                cRow,
                depth,
                columns,
                k0 > kBegin,
                packed,
                spill);
          }
        }
      }
      k0 += DEPTH;
    } while (k0 < kEnd);
  }

  private int sumPieces() {
    return (int) Math.max(1, Math.min(PIECES_WANTED, (long) batches * m * n * splits / 16384));
  }

  /** Sums the partial products of one range of C's elements. */
  private void sum(MemorySegment[] table, int piece) {
    long each = (long) m * n;
    int pieces = sumPieces();
    for (int index = 0; index < batches; index++) {
      long from = each * piece / pieces;
      long to = each * (piece + 1) / pieces;
      long partial = scratch.offset() + partialsAt + (long) index * splits * each * size;
      Strips.sum(
          type,
          table[scratch.buffer()],
          partial + from * size,
          each * size,
          splits,
          table[c.buffer()],
          c.offset() + (index * each + from) * size,
          (int) (to - from));
    }
  }

  private long batchOffset(long[] strides, int index) {
    long offset = 0;
    int rest = index;
    for (int axis = batch.length - 1; axis >= 0; axis--) {
      offset += rest % batch[axis] * strides[axis];
      rest /= batch[axis];
    }
    return offset;
  }
}
