package org.cajal.emit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Truth values between memory, one byte each, and the bits of a mask, the first lane lowest. Called
 * by generated code.
 */
final class Truth {
  private Truth() {}

  /** Reads so many bytes into bits. */
  static long load(MemorySegment segment, long offset, int lanes) {
    long bits = 0;
    for (int i = 0; i < lanes; i++) {
      if (segment.get(ValueLayout.JAVA_BYTE, offset + i) != 0) {
        bits |= 1L << i;
      }
    }
    return bits;
  }

  /** Writes so many bits as bytes. */
  static void store(MemorySegment segment, long offset, int lanes, long bits) {
    for (int i = 0; i < lanes; i++) {
      segment.set(ValueLayout.JAVA_BYTE, offset + i, (byte) (bits >>> i & 1));
    }
  }
}
