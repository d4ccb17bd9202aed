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
 * or F64, where A and B may lie anyhow and C is contiguous. The loops are those of Goto and van de
 * Geijn (Anatomy of High-Performance Matrix Multiplication, 2008): a block of A stays in the
 * second-level cache while one panel of B after the other is multiplied with all its tiles.
 * Operands are read where they lie unless that is slow or impossible. A is moved, in a stage
 * before, only if neither its rows nor its columns are contiguous. Panels of B are packed where
 * whole vectors cannot be read in place, or where their rows fall on the same lines of the
 * first-level cache and are read often: by the piece that uses a panel, or in a stage before if
 * several do.
 *
 * <p>Each element of C is one chain of fused multiply-adds for as many steps of k as {@value
 * #DEPTH_BYTES} bytes of A hold, or less; these chains are added in order. Where m and n are small
 * and k is long, k is also cut into ranges that are computed apart and summed in order. The cuts
 * depend on shapes, strides and the width of vectors only.
 */
public final class Product implements Kernel {
  /**
   * The most bytes of a row of A that are summed in registers before they are added to C: with
   * {@link #MOST_ROWS} rows as much of A as a second-level cache holds.
   */
  private static final int DEPTH_BYTES = 4096;

  /** The same where operands read in place use few sets of a cache. */
  private static final int CROWDED_DEPTH_BYTES = 1536;

  /** Steps of k are cut at multiples of this, the rows that {@link Strips} transposes at a time. */
  private static final int DEPTH_STEP = 16;

  /** Rows of a piece: their part of A, for one range of k, is what a second-level cache holds. */
  private static final int MOST_ROWS = 256;

  /** Rows below which a piece should not fall that packs its panels of B. */
  private static final int ROWS_TO_PACK = 64;

  /** From as many rows on it pays to pack panels of a B whose rows share cache sets. */
  private static final int ROWS_TO_UNALIAS = 128;

  /** Rows that are made of columns together: whole cache lines are read, some at a time. */
  private static final int ROWS_TO_TURN = 64;

  /** From as many steps of k and columns of C on it pays to turn columns of A into rows. */
  private static final int STEPS_TO_TURN = 256;

  private static final int COLUMNS_TO_TURN = 1024;

  /** The fewest steps of k of a range that is computed apart. */
  private static final int STEPS_TO_SPLIT = 768;

  private static final double PIECE_FLOPS = 500_000;
  private static final double LARGE_PIECE_FLOPS = 8_000_000;
  private static final int PIECES_WANTED = 16;
  private static final int MOST_PIECES = 64;
  private static final int MOVE_BYTES = 1 << 17;

  /** Rows and panels that are packed together: long stretches of a row, so that memory streams. */
  private static final int PACK_ROWS = 32;

  private static final int PACK_PANELS = 32;

  /** Lines this many bytes apart share a set of the first-level cache, which holds few of them. */
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
   * @param panelStride from one panel of columns to the next, if it is not what the columns'
   *     distance gives; else 0
   */
  public record Matrix(
      Operand at, long rowStride, long columnStride, List<Long> batchStrides, long panelStride) {
    /** Keeps a copy of the list. */
    public Matrix {
      batchStrides = List.copyOf(batchStrides);
    }

    /** Matrices whose columns all lie equally far apart. */
    public Matrix(Operand at, long rowStride, long columnStride, List<Long> batchStrides) {
      this(at, rowStride, columnStride, batchStrides, 0);
    }

    /** One right matrix of k rows in panels, as {@link PanelKernel} writes them. */
    public static Matrix panels(DType type, Operand at, int k) {
      int columns = Tiling.panelColumns(type);
      return new Matrix(at, columns, 1, List.of(), (long) k * columns);
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

  /** From one panel of B to the next. */
  private final long bPanel;

  /** Whether B lies in panels already, with zeros after the last column. */
  private final boolean inPanels;

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

  /** Whether panels are packed in a stage before, as several pieces use each. */
  private final boolean shared;

  /** How many different matrices B there are to pack in that stage: one if all batches share it. */
  private final int sharedMatrices;

  private final int packGroups;
  private final int packChunks;
  private final long packedAt;

  /** From one shared panel to the next. */
  private final long packedStep;

  /** Whether rows of A are copied to where their elements are contiguous. */
  private final boolean moveA;

  private final int movedMatrices;
  private final long movedRow;
  private final int movedRowsInUnit;
  private final int moveUnitsInMatrix;
  private final int moveUnits;

  private final int splits;
  private final int splitDepth;
  private final int depthInBlock;
  private final int batchesInPiece;
  private final int tilesInPiece;
  private final int panelsInPiece;
  private final int batchGroups;
  private final int tileGroups;
  private final int panelGroups;
  private final long partialsAt;

  /** Where the pieces' own memory begins: a packed panel and a spilled tile each. */
  private final long slotsAt;

  private final long spillAt;
  private final long slotBytes;
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
    inPanels = b.panelStride() != 0;
    bPanel = inPanels ? b.panelStride() * size : panelColumns * bColumn;
    panels = (int) (((long) n + panelColumns - 1) / panelColumns);

    boolean turns = k >= STEPS_TO_TURN && n >= COLUMNS_TO_TURN;
    moveA = rows > 1 && aColumn != size && (aRow != size || turns);
    movedMatrices = !moveA ? 0 : repeats(aBatch) ? Math.min(1, batches) : batches;
    movedRow = roundUp((long) k * size, CACHE_LINE) + CACHE_LINE;
    movedRowsInUnit = (int) Math.max(aRow == size ? ROWS_TO_TURN : 1, MOVE_BYTES / movedRow);
    moveUnitsInMatrix = (rows + movedRowsInUnit - 1) / movedRowsInUnit;
    moveUnits = Math.multiplyExact(movedMatrices, moveUnitsInMatrix);

    // As many pieces as the work is worth: first by batches, blocks of rows and panels; then by
    // ranges of k, if that gives few; else by fewer rows.
    double total = 2.0 * rows * n * k * batches;
    int wanted =
        (int)
            Math.clamp(
                Math.max(Math.min(total / PIECE_FLOPS, PIECES_WANTED), total / LARGE_PIECE_FLOPS),
                1,
                MOST_PIECES);
    boolean aliased = !inPanels && bColumn == size && aliased(bRow);
    boolean unaliases = aliased && rows >= ROWS_TO_UNALIAS;
    int tiles = Math.max(1, tiling.count());
    int height = Math.max(1, tiling.tallest());
    int inMatrix = (wanted + batches - 1) / Math.max(1, batches);
    int rowGroups = (tiles * height + MOST_ROWS - 1) / MOST_ROWS;
    int columnGroups = Math.clamp((inMatrix + rowGroups - 1) / rowGroups, 1, Math.max(1, panels));
    boolean few = (long) tiles * panels < PIECES_WANTED;
    splits = few ? Math.clamp(inMatrix / columnGroups, 1, Math.max(1, k / STEPS_TO_SPLIT)) : 1;
    splitDepth = Math.max(1, roundUp((k + splits - 1) / splits, DEPTH_STEP));
    boolean crowded = aliased && !unaliases || aColumn != size && !moveA;
    int depth = (crowded ? CROWDED_DEPTH_BYTES : DEPTH_BYTES) / size;
    int depthBlocks = (splitDepth + depth - 1) / depth;
    depthInBlock = roundUp((splitDepth + depthBlocks - 1) / depthBlocks, DEPTH_STEP);
    if (splits == 1) {
      int tilesAtLeast = bColumn == size ? 1 : (ROWS_TO_PACK + height - 1) / height;
      int most = Math.max(rowGroups, tiles / tilesAtLeast);
      rowGroups = Math.clamp((inMatrix + columnGroups - 1) / columnGroups, rowGroups, most);
    }
    tilesInPiece = (tiles + rowGroups - 1) / rowGroups;
    panelsInPiece = (Math.max(1, panels) + columnGroups - 1) / columnGroups;
    tileGroups = (tiles + tilesInPiece - 1) / tilesInPiece;
    panelGroups = (panels + panelsInPiece - 1) / panelsInPiece;
    batchesInPiece = tileGroups * panelGroups * splits > 1 ? 1 : Math.max(1, batches / wanted);
    batchGroups = (batches + batchesInPiece - 1) / batchesInPiece;

    boolean wholeVectors = n % (panelColumns / 2) == 0;
    boolean readInPlace = bColumn == size && !unaliases;
    boolean readable = inPanels || readInPlace && wholeVectors;
    firstPacked = k == 0 || readable ? panels : readInPlace ? panels - 1 : 0;

    shared = tileGroups > 1 && firstPacked < panels;
    sharedMatrices = !shared ? 0 : repeats(bBatch) ? Math.min(1, batches) : batches;
    packGroups = (panels - firstPacked + PACK_PANELS - 1) / PACK_PANELS;
    packChunks = (k + PACK_ROWS - 1) / PACK_ROWS;

    // A row more, lest the panels' rows fall on the same sets of a cache.
    packedStep = (k + 1L) * panelBytes;
    packedAt = Math.multiplyExact((long) movedMatrices * rows, movedRow);
    long packed = Math.multiplyExact((long) sharedMatrices * (panels - firstPacked), packedStep);
    partialsAt = Math.addExact(packedAt, packed);
    long partials =
        splits == 1
            ? 0
            : Math.multiplyExact(
                Math.multiplyExact((long) batches * splits, rows), (long) n * size);
    slotsAt = roundUp(Math.addExact(partialsAt, partials), CACHE_LINE);
    spillAt = firstPacked == panels || shared ? 0 : (long) Math.min(k, depthInBlock) * panelBytes;
    boolean spills = !wholeVectors || Math.min(k, splitDepth) > depthInBlock;
    slotBytes = spillAt + (spills ? Tiling.SPILL_BYTES : 0);
    long slots = (long) batchGroups * splits * tileGroups * panelGroups;
    scratchBytes = Math.addExact(slotsAt, Math.multiplyExact(slotBytes, slots));
  }

  private static int roundUp(int number, int step) {
    return (number + step - 1) / step * step;
  }

  private static long roundUp(long number, int step) {
    return (number + step - 1) / step * step;
  }

  /**
   * The bytes of scratch memory that the product of these arguments needs; 0 for most small ones.
   */
  public static long scratchBytes(
      DType type, List<Integer> batch, int m, int k, int n, Matrix a, Matrix b) {
    Operand none = new Operand(0, 0);
    return new Product(type, batch, m, k, n, a, b, none, none).scratchBytes;
  }

  /** Whether lines this far apart fall on the same sets of the first-level cache. */
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
    return 1 + (preparing() ? 1 : 0) + (splits > 1 ? 1 : 0);
  }

  /** Whether there is a stage before the multiplication. */
  private boolean preparing() {
    return moveA || shared;
  }

  @Override
  public int pieces(int stage) {
    if (preparing() && stage == 0) {
      return moveUnits + packUnits();
    }
    if (splits > 1 && stage == stages() - 1) {
      return batches == 0 ? 0 : sumPieces();
    }
    return batchGroups * splits * tileGroups * panelGroups;
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    if (preparing() && stage == 0) {
      if (piece < moveUnits) {
        move(table, piece);
      } else {
        pack(table, piece - moveUnits);
      }
    } else if (splits > 1 && stage == stages() - 1) {
      sum(table, piece);
    } else {
      multiply(table, piece);
    }
  }

  /** The rows of all matrices C one below another. */
  private long rows() {
    return (long) batches * m;
  }

  @Override
  public double flops() {
    return 2.0 * batches * m * n * k;
  }

  @Override
  public double bytes() {
    return (double) size * batches * ((double) m * k + (double) k * n + (double) m * n);
  }

  /** Copies some rows of A to where their elements are contiguous. */
  private void move(MemorySegment[] table, int unit) {
    int index = unit / moveUnitsInMatrix;
    int row = unit % moveUnitsInMatrix * movedRowsInUnit;
    Strips.gather(
        size,
        table[a.buffer()],
        a.offset() + batchOffset(aBatch, index) + row * aRow,
        aRow,
        aColumn,
        table[scratch.buffer()],
        scratch.offset() + ((long) index * m + row) * movedRow,
        movedRow,
        Math.min(m - row, movedRowsInUnit),
        k);
  }

  private void multiply(MemorySegment[] table, int piece) {
    int panelGroup = piece % panelGroups;
    int rest = piece / panelGroups;
    int tileGroup = rest % tileGroups;
    rest /= tileGroups;
    int split = rest % splits;
    int batchGroup = rest / splits;
    long slot = scratch.offset() + slotsAt + slotBytes * piece;
    int last = Math.min(batches, (batchGroup + 1) * batchesInPiece);
    for (int index = batchGroup * batchesInPiece; index < last; index++) {
      multiply(table, slot, index, split, tileGroup, panelGroup);
    }
  }

  private void multiply(
      MemorySegment[] table, long slot, int index, int split, int tileGroup, int panelGroup) {
    MemorySegment bMemory = table[b.buffer()];
    MemorySegment own = scratchBytes == 0 ? bMemory : table[scratch.buffer()];
    MemorySegment aMemory = moveA ? own : table[a.buffer()];
    MemorySegment cMemory = splits == 1 ? table[c.buffer()] : own;
    long aAt =
        moveA
            ? scratch.offset() + (movedMatrices == 1 ? 0L : index) * m * movedRow
            : a.offset() + batchOffset(aBatch, index);
    long aRowStep = moveA ? movedRow : aRow;
    long aStep = moveA ? size : aColumn;
    long bAt = b.offset() + batchOffset(bBatch, index);
    long cRow = (long) n * size;
    long cAt =
        splits == 1
            ? c.offset() + (long) index * m * cRow
            : scratch.offset() + partialsAt + ((long) index * splits + split) * m * cRow;

    int kBegin = Math.min(k, split * splitDepth);
    int kEnd = Math.min(k, kBegin + splitDepth);
    int tileBegin = tileGroup * tilesInPiece;
    int tileEnd = Math.min(tiling.count(), tileBegin + tilesInPiece);
    int panelBegin = panelGroup * panelsInPiece;
    int panelEnd = Math.min(panels, panelBegin + panelsInPiece);
    int k0 = kBegin;
    do {
      int depth = Math.min(depthInBlock, kEnd - k0);
      for (int panel = panelBegin; panel < panelEnd; panel++) {
        int columns = Math.min(panelColumns, n - panel * panelColumns);
        long panelAt = bAt + k0 * bRow + panel * bPanel;
        boolean packed = panel >= firstPacked;
        long packedStart = slot;
        if (packed && shared) {
          packedStart = packedAt(index, panel, k0);
        } else if (packed) {
          pack(bMemory, panelAt, own, slot, depth, columns);
        }
        for (int tile = tileBegin; tile < tileEnd; tile++) {
          tiling.tile(
              tile,
              aMemory,
              aAt + k0 * aStep,
              aRowStep,
              aStep,
              packed ? own : bMemory,
              packed ? packedStart : panelAt,
              packed ? panelBytes : bRow,
              cMemory,
              cAt + (long) panel * panelBytes,
              cRow,
              depth,
              columns,
              k0 > kBegin,
              own,
              slot + spillAt);
        }
      }
      k0 += depthInBlock;
    } while (k0 < kEnd);
  }

  private int packUnits() {
    return Math.multiplyExact(sharedMatrices * packGroups, packChunks);
  }

  /** Where the shared panels hold row k0 of a panel. */
  private long packedAt(int index, int panel, int k0) {
    long matrix = sharedMatrices == 1 ? 0 : index;
    long panelsBefore = matrix * (panels - firstPacked) + panel - firstPacked;
    return scratch.offset() + packedAt + panelsBefore * packedStep + (long) k0 * panelBytes;
  }

  /** Packs some rows of some neighbouring panels, row after row where these are contiguous. */
  private void pack(MemorySegment[] table, int unit) {
    int index = unit / packGroups / packChunks;
    int k0 = unit / packGroups % packChunks * PACK_ROWS;
    int first = firstPacked + unit % packGroups * PACK_PANELS;
    int end = Math.min(panels, first + PACK_PANELS);
    int rows = Math.min(PACK_ROWS, k - k0);
    MemorySegment from = table[b.buffer()];
    MemorySegment to = table[scratch.buffer()];
    long bAt = b.offset() + batchOffset(bBatch, index) + k0 * bRow;
    int whole = bColumn == size ? Math.clamp(n / panelColumns, first, end) : first;
    for (int row = 0; row < rows && whole > first; row++) {
      Strips.copies(
          from,
          bAt + row * bRow + first * bPanel,
          panelBytes,
          to,
          packedAt(index, first, k0 + row),
          packedStep,
          whole - first,
          panelBytes);
    }
    for (int panel = whole; panel < end; panel++) {
      pack(
          from,
          bAt + panel * bPanel,
          to,
          packedAt(index, panel, k0),
          rows,
          Math.min(panelColumns, n - panel * panelColumns));
    }
  }

  private void pack(
      MemorySegment from, long fromAt, MemorySegment to, long toAt, int rows, int columns) {
    PanelKernel.pack(type, from, fromAt, bRow, bColumn, to, toAt, rows, columns);
  }

  private int sumPieces() {
    return (int) Math.clamp(rows() * n * splits / 16384, 1, Math.min(rows(), PIECES_WANTED));
  }

  /** The first row of C that a piece sums. */
  private long sumRow(int piece) {
    return rows() * piece / sumPieces();
  }

  /** Sums the partial products of some rows of C. */
  private void sum(MemorySegment[] table, int piece) {
    long cRow = (long) n * size;
    long row = sumRow(piece);
    long last = sumRow(piece + 1);
    while (row < last) {
      long index = row / m;
      long end = Math.min(last, (index + 1) * m);
      Strips.sum(
          type,
          table[scratch.buffer()],
          scratch.offset() + partialsAt + (index * splits * m + row % m) * cRow,
          m * cRow,
          splits,
          table[c.buffer()],
          c.offset() + row * cRow,
          Math.toIntExact((end - row) * n));
      row = end;
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
