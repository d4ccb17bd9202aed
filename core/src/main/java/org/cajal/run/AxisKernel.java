package org.cajal.run;

import java.lang.foreign.MemorySegment;
import org.cajal.type.DType;

/**
 * Walks along one axis of [outer, length, inner]: running sums and positions of maxima. All buffers
 * are contiguous.
 */
public final class AxisKernel implements Kernel {
  /** What is computed. */
  public enum Kind {
    /** The running sum, of x's type. */
    CUMULATIVE_SUM,
    /** The index of the largest element, I32, the first of ties; NaN counts as largest. */
    ARG_MAX
  }

  private final Kind kind;
  private final DType type;
  private final long outer;
  private final long length;
  private final long inner;
  private final Operand x;
  private final Operand out;

  /** A kernel of fixed shapes: x [outer, length, inner] of the given type. */
  public AxisKernel(
      Kind kind, DType type, long outer, long length, long inner, Operand x, Operand out) {
    this.kind = kind;
    this.type = type;
    this.outer = outer;
    this.length = length;
    this.inner = inner;
    this.x = x;
    this.out = out;
  }

  @Override
  public String name() {
    return kind + " " + outer + "x" + length + "x" + inner;
  }

  @Override
  public int pieces(int stage) {
    long lines = outer * inner;
    return lines == 0 ? 0 : Elements.pieces((double) lines * length, 20_000, lines);
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    MemorySegment from = table[x.buffer()];
    MemorySegment to = table[out.buffer()];
    long lines = outer * inner;
    int pieces = pieces(stage);
    int width = type.bytes();
    long end = lines * (piece + 1) / pieces;
    for (long line = lines * piece / pieces; line < end; line++) {
      long first = (line / inner * length * inner + line % inner) * width;
      if (kind == Kind.ARG_MAX) {
        double best = Elements.get(type, from, x.offset() + first);
        int where = 0;
        for (int i = 1; i < length; i++) {
          double v = Elements.get(type, from, x.offset() + first + i * inner * width);
          if (v > best || (Double.isNaN(v) && !Double.isNaN(best))) {
            best = v;
            where = i;
          }
        }
        to.set(Elements.I32, out.offset() + line * 4, where);
      } else {
        double sum = 0;
        for (long i = 0; i < length; i++) {
          long at = first + i * inner * width;
          sum += Elements.get(type, from, x.offset() + at);
          Elements.set(type, to, out.offset() + at, sum);
        }
      }
    }
  }
}
