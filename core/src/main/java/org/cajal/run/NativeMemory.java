package org.cajal.run;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Tells the JVM's compiler that a segment lies outside the heap, as all buffers of a run do. It
 * would guess from what the JDK's own methods have seen, among it arrays on the heap: the Vector
 * API's reinterpretations go through such until they are compiled. Code that could meet either kind
 * checks a segment at each access, around barriers that keep loops from doing it once.
 */
public final class NativeMemory {
  private static final Class<? extends MemorySegment> TYPE = Arena.global().allocate(1).getClass();

  private NativeMemory() {}

  /**
   * The same segment.
   *
   * @throws ClassCastException if it lies on the heap
   */
  public static MemorySegment of(MemorySegment segment) {
    return TYPE.cast(segment);
  }
}
