package org.cajal.run.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.cajal.type.DType;

/**
 * Buffers of floating-point numbers for tests: exactly as long as they must be, so that an access
 * beyond the end throws.
 */
final class Numbers {
  private Numbers() {}

  /** Aligned memory of exactly that many bytes, each of the given value. */
  static MemorySegment exactly(long bytes, byte value) {
    return Arena.ofAuto().allocate(Math.max(1, bytes), 64).asSlice(0, bytes).fill(value);
  }

  /** Numbers between -1 and 1. */
  static MemorySegment random(DType type, long count, Random random) {
    MemorySegment memory = exactly(count * type.bytes(), (byte) 0);
    for (long i = 0; i < count; i++) {
      set(type, memory, i, 2 * random.nextDouble() - 1);
    }
    return memory;
  }

  static double get(DType type, MemorySegment memory, long index) {
    return type == DType.F32
        ? memory.getAtIndex(ValueLayout.JAVA_FLOAT, index)
        : memory.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
  }

  static void set(DType type, MemorySegment memory, long index, double value) {
    if (type == DType.F32) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
    } else {
      memory.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
    }
  }

  static Offset<Double> near(double tolerance) {
    return Offset.offset(tolerance);
  }
}
