package org.cajal.run;

import java.lang.foreign.MemorySegment;

/**
 * One unit of scheduled work, immutable and free of state, so that any number of threads run it at
 * once on different tables. Its work is cut into stages, each begun when the one before is
 * complete, and each stage into pieces that may run in any order on any thread. How many pieces
 * there are depends on shapes alone, never on the number of threads, and every result is written by
 * exactly one piece: so the bits are the same on any number of threads.
 */
public interface Kernel {
  /** What a profile calls it, for example {@code product 64x128x784}. */
  String name();

  /** The number of stages, at least 1. */
  default int stages() {
    return 1;
  }

  /** The number of pieces of a stage, at least 0. */
  int pieces(int stage);

  /**
   * Does one piece.
   *
   * @param table the buffers of one run; a kernel holds indices into it. Segments are native and at
   *     least 64-byte aligned
   * @param stage from 0 to {@link #stages()}, excluded
   * @param piece from 0 to {@link #pieces}, excluded
   */
  void run(MemorySegment[] table, int stage, int piece);

  /** Floating-point operations of a run, for profiles. */
  default double flops() {
    return 0;
  }

  /** Bytes read and written by a run, for profiles. */
  default double bytes() {
    return 0;
  }

  /**
   * Runs the kernel's code a few hundred times on a few numbers of its own, so that the JVM's
   * optimising compiler takes it up: until then vector code is some fifty times slower. Does
   * nothing to any buffer of a run.
   *
   * @return whether the code is fast now
   */
  default boolean warm() {
    return true;
  }
}
