package org.cajal.compile;

import org.cajal.op.Node;
import org.cajal.op.Variable;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Where a value lies in memory during a run. Compared by identity, except that equal leaves are one
 * home.
 */
sealed interface Home {
  /** In the slab, contiguous, planned by lifetime. */
  final class Slab implements Home {
    final String label;
    final long bytes;

    /** First and last item that touches it. */
    int from = Integer.MAX_VALUE;

    int to = -1;
    long offset = -1;

    Slab(String label, DType dtype, Shape shape) {
      this(label, Math.multiplyExact(shape.size(), dtype.bytes()));
    }

    Slab(String label, long bytes) {
      this.label = label;
      this.bytes = bytes;
    }

    void touch(int item) {
      from = Math.min(from, item);
      to = Math.max(to, item);
    }
  }

  /**
   * Within the buffer of a concatenation, contiguous.
   *
   * @param whole the buffer, a {@link Slab} or again a part
   * @param start in bytes
   * @param node whose values these are
   */
  record Part(Home whole, long start, Node node) implements Home {}

  /** Fed by the caller. */
  record Fed(String name, DType dtype, Shape shape) implements Home {}

  /** The memory of a variable. */
  record Cell(Variable variable) implements Home {}

  /** Known at compile time. */
  record Fixed(NDArray value) implements Home {}
}
