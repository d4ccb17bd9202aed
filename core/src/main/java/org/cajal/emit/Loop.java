package org.cajal.emit;

import java.lang.foreign.MemorySegment;
import org.cajal.type.NDArray;

/** The code of one nest; generated classes extend it. */
abstract class Loop {
  /** Called by generated classes. */
  protected Loop() {}

  /**
   * Runs the nest.
   *
   * @param table the buffers of a run
   * @param buffers for each access the index of its buffer
   * @param numbers the extents of all axes, then for each access its byte offset and its byte
   *     stride along each axis
   * @param from where axis 0 begins
   * @param to where axis 0 ends, excluded
   */
  abstract void run(MemorySegment[] table, int[] buffers, long[] numbers, long from, long to);

  private static final int CALLS_IN_ROUND = 500;

  /** Compiled, a call on a few vectors takes a fraction of this; interpreted, a multiple. */
  private static final long FAST_NANOS = 2_500;

  private static final long SCRATCH_BYTES = 1 << 14;
  private static final int LEAST_ROUNDS = 12;
  private static final int MOST_ROUNDS = 400;
  private int rounds;
  private long slowest;
  private boolean fast;

  /**
   * One round of calls on a few zeros; see {@link org.cajal.run.Kernel#warm}.
   *
   * @param accesses how many accesses the nest has
   * @param axes how many axes
   * @param numbers those of some kernel of this nest: which strides are 0 or one element is part of
   *     the nest
   * @param rows whether the last axis keeps its extent
   */
  final synchronized boolean warm(int accesses, int axes, long[] numbers, boolean rows) {
    if (fast) {
      return true;
    }
    MemorySegment[] table = {NDArray.allocate(accesses * SCRATCH_BYTES)};
    int[] buffers = new int[accesses];
    long[] few = new long[numbers.length];
    int at = axes;
    // Each has its own part, lest what one stores are the offsets of another.
    for (int a = 0; a < accesses; a++) {
      few[at++] = a * SCRATCH_BYTES;
      for (int k = 0; k < axes; k++, at++) {
        few[at] = Math.abs(numbers[at]) <= Long.BYTES ? numbers[at] : 64;
      }
    }
    long best = Long.MAX_VALUE;
    for (int call = 0; call < CALLS_IN_ROUND; call++) {
      for (int k = 0; k < axes; k++) {
        boolean last = k == axes - 1;
        few[k] =
            numbers[k] == 1 || (rows && last)
                ? numbers[k]
                : last ? 3 + call % 3 * 17 : 2 + call % 2;
      }
      long begin = System.nanoTime();
      run(table, buffers, few, 0, few[0]);
      best = Math.min(best, System.nanoTime() - begin);
    }
    rounds++;
    slowest = Math.max(slowest, best);
    fast =
        rounds > LEAST_ROUNDS && (best < FAST_NANOS || best < slowest / 8) || rounds > MOST_ROUNDS;
    return fast;
  }
}
