package org.cajal.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.cajal.type.DType;

/** Single elements in memory, little-endian. */
final class Elements {
  static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Elements() {}

  /** The element at a byte position, as a double. */
  static double get(DType type, MemorySegment memory, long at) {
    return switch (type) {
      case F32 -> memory.get(F32, at);
      case F64 -> memory.get(F64, at);
      case I32 -> memory.get(I32, at);
      case I64 -> memory.get(I64, at);
      case BOOL -> memory.get(ValueLayout.JAVA_BYTE, at);
    };
  }

  /** Sets the element at a byte position. */
  static void set(DType type, MemorySegment memory, long at, double value) {
    switch (type) {
      case F32 -> memory.set(F32, at, (float) value);
      case F64 -> memory.set(F64, at, value);
      case I32 -> memory.set(I32, at, (int) value);
      case I64 -> memory.set(I64, at, (long) value);
      case BOOL -> memory.set(ValueLayout.JAVA_BYTE, at, (byte) value);
    }
  }

  /** The integer element at a byte position, for indices. */
  static long index(DType type, MemorySegment memory, long at) {
    return type == DType.I32 ? memory.get(I32, at) : memory.get(I64, at);
  }

  /**
   * How many pieces work of a size is worth: one for each {@code grain} units, at most 64 and at
   * most {@code limit}.
   */
  static int pieces(double work, double grain, long limit) {
    return (int) Math.max(1, Math.min(Math.min(64, limit), work / grain));
  }
}
