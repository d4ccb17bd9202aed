package org.cajal.emit;

import java.lang.foreign.MemorySegment;
import org.cajal.type.NDArray;

/**
 * The last bytes of a buffer where a whole vector may be read. Generated code reads vectors of
 * which only some lanes count as whole ones, which is in bounds everywhere but at the end of a
 * buffer; there it reads a copy.
 */
final class Tail {
  private static final long VECTOR_BYTES = 256;

  private static final ThreadLocal<MemorySegment> COPY =
      ThreadLocal.withInitial(() -> NDArray.allocate(VECTOR_BYTES));

  private Tail() {}

  /** What lies in a buffer from an offset on, fewer bytes than a vector has, until the next call. */
  static MemorySegment of(MemorySegment buffer, long offset) {
    MemorySegment copy = COPY.get();
    MemorySegment.copy(buffer, offset, copy, 0, buffer.byteSize() - offset);
    return copy;
  }
}
