package org.cajal.emit;

import java.lang.foreign.MemorySegment;

/** The code of one nest; generated classes extend it. */
abstract class Loop {
  /** Called by generated classes. */
  protected Loop() {}

  /**
   * Runs the nest.
   *
   * @param table the buffers of a run
   * @param buffers for each access the index of its buffer
   * @param numbers the extents of all axes, then for each access its byte offset and its byte stride along each axis
   * @param from where axis 0 begins
   * @param to where axis 0 ends, excluded
   */
  abstract void run(MemorySegment[] table, int[] buffers, long[] numbers, long from, long to);
}
