package org.cajal.data;

import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * N examples of one shape and element type, stored in whatever form is compact, and gathered into
 * batches in the form a network reads. Immutable and safe from any number of threads.
 */
public sealed interface Rows permits FloatRows, ByteRows, IndexRows, SparseRows, WindowRows {
  /** The number of examples N. */
  int size();

  /** The shape of one example, without N; a scalar for class indices. */
  Shape shape();

  /** The element type of gathered batches: F32 or I32. */
  DType dtype();

  /**
   * Writes examples {@code rows[from]} to {@code rows[to - 1]} one after the other into {@code
   * into}, starting at its first element. Elements of {@code into} behind them stay as they are.
   *
   * @param rows numbers of examples, each from 0 to N - 1, repeats allowed
   * @param into of {@link #dtype()}, or F64 where that is F32, with room for {@code to - from}
   *     examples
   * @throws CajalException if a row is out of range, or {@code into} has another type or too little
   *     room
   */
  void gather(int[] rows, int from, int to, NDArray into);

  /** All of the given examples as a new array of shape [rows.length, ...]. */
  default NDArray gather(int... rows) {
    NDArray out = NDArray.zeros(dtype(), Shape.of(rows.length).concat(shape()));
    gather(rows, 0, rows.length, out);
    return out;
  }

  /** Every example as one array of shape [N, ...]. */
  default NDArray all() {
    return gather(IntStream.range(0, size()).toArray());
  }

  /** Refuses a gather that would read or write outside. */
  static void check(Rows source, int[] rows, int from, int to, NDArray into) {
    if (from < 0 || to < from || to > rows.length) {
      throw new CajalException(
          "[gather] range "
              + from
              + " to "
              + to
              + " is outside the "
              + rows.length
              + " given row numbers");
    }
    boolean widened = source.dtype() == DType.F32 && into.dtype() == DType.F64;
    if (into.dtype() != source.dtype() && !widened) {
      throw new CajalException(
          "[gather] the rows are " + source.dtype() + ", the batch array is " + into.dtype());
    }
    if ((to - from) * source.shape().size() > into.size()) {
      throw new CajalException(
          "[gather] "
              + (to - from)
              + " rows of "
              + source.shape()
              + " do not fit into "
              + into.shape());
    }
    for (int i = from; i < to; i++) {
      if (rows[i] < 0 || rows[i] >= source.size()) {
        throw new CajalException(
            "[gather] row " + rows[i] + " is out of range; there are " + source.size() + " rows");
      }
    }
  }
}
