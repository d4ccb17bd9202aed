package org.cajal.run.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.cajal.type.DType;

/**
 * Which micro-kernels are compiled. Until the JVM's optimising compiler has done a micro-kernel,
 * its vector code runs some fifty times slower than plain code; so the scalar twin, which gives the
 * same bits, does the work until then. The first call of a micro-kernel asks for it, and a daemon
 * thread runs it on a few numbers until it is fast. If it never is, because this JVM does not
 * compile the Vector API well, the scalar twin stays and one line of the log says so.
 */
final class Warmth {
  private static final int MOST_HEIGHT = 16;
  private static final int DEPTH = 64;

  /** The length of the rows on which {@link TapDots} runs. */
  private static final int DOT_VECTORS = 4;

  /** Every loop of {@link TapTilesF32#row} runs. */
  private static final int ROW_VECTORS = 8 + 3 + 2;

  private static final int CALLS_IN_ROUND = 16;

  /** Rounds after which only the compiler's queue can be what keeps us waiting. */
  private static final int ROUNDS_TO_ASK = 300;

  private static final long PATIENCE_NANOS = 120_000_000_000L;

  /** Micro-kernels that read an A whose rows are contiguous. */
  static final int ROWS = 0;

  /** Micro-kernels that read an A whose columns are contiguous. */
  static final int COLUMNS = 1;

  /** Micro-kernels that read B by a table. */
  static final int TAPS = 2;

  /** The micro-kernel of one row of A and many columns, which reads B by a table; wide, F32. */
  static final int TAP_ROW = 3;

  /** The micro-kernel of {@link TapDots}; one row, one vector, F32. */
  static final int TAP_DOTS = 4;

  /** {@link WinogradTransforms}; the height says which, one vector, F32. */
  static final int WINOGRAD = 5;

  private static final int KINDS = 6;

  private static final int MOST_VECTORS = 3;

  private static final boolean[] READY = new boolean[2 * MOST_VECTORS * KINDS * MOST_HEIGHT];
  private static final AtomicIntegerArray ASKED = new AtomicIntegerArray(READY.length);
  private static volatile boolean slow;

  private Warmth() {}

  /**
   * Whether a micro-kernel is fast; the first question for one starts its warming.
   *
   * @param kind {@link #ROWS}, {@link #COLUMNS}, {@link #TAPS}, {@link #TAP_ROW}, {@link #TAP_DOTS}
   *     or {@link #WINOGRAD}
   */
  static boolean ready(DType type, int height, int vectors, int kind) {
    int index = index(type, height, vectors, kind);
    if (READY[index]) {
      return true;
    }
    if (ASKED.get(index) == 0 && ASKED.compareAndSet(index, 0, 1)) {
      Thread.ofPlatform()
          .daemon()
          .name("cajal-warm-" + type + "-" + height)
          .start(() -> warm(type, height, vectors, kind));
    }
    return false;
  }

  /** Warms the micro-kernels of a type on the calling thread; afterwards they are in use. */
  static void await(DType type) {
    if (Simd.available()) {
      for (int height : Tiling.heights(type)) {
        for (int kind : new int[] {ROWS, COLUMNS}) {
          warm(type, height, 1, kind);
          warm(type, height, 2, kind);
        }
      }
      for (int height : Tiling.tapHeights(type)) {
        for (int vectors = 1; vectors <= Tiling.tapVectors(type); vectors++) {
          warm(type, height, vectors, TAPS);
        }
      }
      if (type == DType.F32) {
        warm(type, 1, 2, TAP_ROW);
        warm(type, 1, 1, TAP_DOTS);
        for (int transform = 0; transform < WinogradTransforms.COUNT; transform++) {
          warm(type, transform, 1, WINOGRAD);
        }
      }
    }
  }

  private static int index(DType type, int height, int vectors, int kind) {
    int width = (type == DType.F32 ? 0 : MOST_VECTORS) + vectors - 1;
    return (width * KINDS + kind) * MOST_HEIGHT + height;
  }

  /** Runs a micro-kernel until it is fast. */
  private static synchronized void warm(DType type, int height, int vectors, int kind) {
    int index = index(type, height, vectors, kind);
    if (READY[index] || slow) {
      return;
    }
    long size = type.bytes();
    long aRow = kind == COLUMNS ? size : DEPTH * size;
    long aStep = kind != COLUMNS ? size : height * size;
    long row = (long) MOST_VECTORS * Simd.VECTOR_BYTES;
    MemorySegment a =
        Arena.ofAuto().allocate(Math.max((long) height * DEPTH * size, DOT_VECTORS * row), 64);
    MemorySegment b = Arena.ofAuto().allocate((DEPTH + DOT_VECTORS) * row, 64);
    MemorySegment c = Arena.ofAuto().allocate((height + TapDots.TAPS) * row, 64);
    long next = Simd.VECTOR_BYTES;
    int[] taps = new int[DEPTH];
    for (int i = 0; i < DEPTH; i++) {
      taps[i] = (int) (i * row);
    }
    // Fully compiled, a tile takes a third of this or less; otherwise five times as much or more.
    long fast = 1_500 + 100L * height * vectors;
    long begun = System.nanoTime();
    for (int round = 0; System.nanoTime() - begun < PATIENCE_NANOS; round++) {
      if (round > ROUNDS_TO_ASK) {
        LockSupport.parkNanos(1_000_000);
      }
      long best = Long.MAX_VALUE;
      for (int call = 0; call < CALLS_IN_ROUND; call++) {
        long begin = System.nanoTime();
        if (kind == TAP_ROW) {
          TapTilesF32.row(a, 0, b, 0, taps, c, 0, DEPTH, ROW_VECTORS);
        } else if (kind == TAP_DOTS) {
          TapDots.Wide.add(a, 0, b, 0, taps, 0, DOT_VECTORS, c, 0);
        } else if (kind == WINOGRAD) {
          WinogradTransforms.warm(height, b, row);
        } else if (kind == TAPS && type == DType.F32) {
          TapTilesF32.tile(
              height, vectors, a, 0, aRow, b, 0, taps, next, 2 * next, c, 0, row, DEPTH);
        } else if (kind == TAPS) {
          TapTilesF64.tile(height, vectors, a, 0, aRow, b, 0, taps, next, c, 0, row, DEPTH);
        } else if (type == DType.F32) {
          TilesF32.tile(height, vectors == 2, a, 0, aRow, aStep, b, 0, row, c, 0, row, DEPTH);
        } else {
          TilesF64.tile(height, vectors == 2, a, 0, aRow, aStep, b, 0, row, c, 0, row, DEPTH);
        }
        best = Math.min(best, System.nanoTime() - begin);
      }
      if (best < fast) {
        READY[index] = true;
        return;
      }
    }
    slow = true;
    System.getLogger("org.cajal.run")
        .log(
            System.Logger.Level.WARNING,
            "Kernels run without vectors, many times slower: this Java virtual machine does not"
                + " compile the Vector API well");
  }
}
