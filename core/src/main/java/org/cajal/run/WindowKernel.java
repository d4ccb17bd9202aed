package org.cajal.run;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.cajal.op.Window;
import org.cajal.type.DType;

/** Sums of windows, their gradient, and the positions of windows' maxima, plane by plane. */
public final class WindowKernel implements Kernel {
  /** What is computed. */
  public enum Kind {
    /** x → the sum of each window. */
    SUM,
    /** The gradients of sums → x's. */
    SUM_GRADIENT,
    /** x → the flat spatial position of each window's maximum, I32, the first of ties; NaN wins. */
    ARG_MAX
  }

  private final Kind kind;
  private final DType type;
  private final Planes g;
  private final Operand from;
  private final Operand to;

  /**
   * A kernel of fixed shapes over contiguous buffers.
   *
   * @param type F32 or F64
   * @param planes N · C
   * @param spatial the spatial sizes of x
   * @param from what is read: x, or the gradients
   * @param to what is written
   */
  public WindowKernel(
      Kind kind,
      DType type,
      Window window,
      long planes,
      List<Integer> spatial,
      Operand from,
      Operand to) {
    this.kind = kind;
    this.type = type;
    this.g = new Planes(window, planes, spatial);
    this.from = from;
    this.to = to;
  }

  @Override
  public String name() {
    return "window " + kind + " " + g.planes + "x" + g.outSize + " of " + g.windowSize;
  }

  @Override
  public int pieces(int stage) {
    return g.planes == 0 ? 0 : g.pieces();
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    MemorySegment x = table[from.buffer()];
    MemorySegment y = table[to.buffer()];
    for (long plane = g.begin(piece); plane < g.begin(piece + 1); plane++) {
      switch (kind) {
        case SUM -> {
          if (type == DType.F32) {
            sumF32(x, from.offset() + plane * g.inSize * 4, y, to.offset() + plane * g.outSize * 4);
          } else {
            sumF64(x, from.offset() + plane * g.inSize * 8, y, to.offset() + plane * g.outSize * 8);
          }
        }
        case SUM_GRADIENT -> {
          long size = (long) g.inSize * type.bytes();
          y.asSlice(to.offset() + plane * size, size).fill((byte) 0);
          if (type == DType.F32) {
            spreadF32(
                x, from.offset() + plane * g.outSize * 4, y, to.offset() + plane * g.inSize * 4);
          } else {
            spreadF64(
                x, from.offset() + plane * g.outSize * 8, y, to.offset() + plane * g.inSize * 8);
          }
        }
        case ARG_MAX ->
            argMax(
                x,
                from.offset() + plane * g.inSize * type.bytes(),
                y,
                to.offset() + plane * g.outSize * 4);
      }
    }
  }

  private void sumF32(MemorySegment x, long xAt, MemorySegment y, long yAt) {
    int[] taps = g.taps;
    for (int d = 0; d < g.out[0]; d++) {
      for (int h = 0; h < g.out[1]; h++) {
        boolean inside = g.inside(0, d) && g.inside(1, h);
        int row = row(d, h);
        for (int w = 0; w < g.out[2]; w++) {
          float sum = 0;
          if (inside && g.inside(2, w)) {
            long at = xAt + 4L * (row + g.origin(2, w));
            for (int tap : taps) {
              sum += x.get(Elements.F32, at + 4L * tap);
            }
          } else {
            for (int a = g.first(0, d); a < g.last(0, d); a++) {
              for (int b = g.first(1, h); b < g.last(1, h); b++) {
                for (int c = g.first(2, w); c < g.last(2, w); c++) {
                  sum += x.get(Elements.F32, xAt + 4L * position(row, w, a, b, c));
                }
              }
            }
          }
          y.set(Elements.F32, yAt, sum);
          yAt += 4;
        }
      }
    }
  }

  private void sumF64(MemorySegment x, long xAt, MemorySegment y, long yAt) {
    for (int d = 0; d < g.out[0]; d++) {
      for (int h = 0; h < g.out[1]; h++) {
        int row = row(d, h);
        for (int w = 0; w < g.out[2]; w++) {
          double sum = 0;
          for (int a = g.first(0, d); a < g.last(0, d); a++) {
            for (int b = g.first(1, h); b < g.last(1, h); b++) {
              for (int c = g.first(2, w); c < g.last(2, w); c++) {
                sum += x.get(Elements.F64, xAt + 8L * position(row, w, a, b, c));
              }
            }
          }
          y.set(Elements.F64, yAt, sum);
          yAt += 8;
        }
      }
    }
  }

  /**
   * The flat position of the first element of row h of windows, at width 0; may lie in the padding.
   */
  private int row(int d, int h) {
    return (g.origin(0, d) * g.in[1] + g.origin(1, h)) * g.in[2];
  }

  /** The flat position of an element of the window at width w. */
  private int position(int row, int w, int a, int b, int c) {
    return row
        + g.origin(2, w)
        + (a * g.dilation[0] * g.in[1] + b * g.dilation[1]) * g.in[2]
        + c * g.dilation[2];
  }

  private void spreadF32(MemorySegment dy, long dyAt, MemorySegment dx, long dxAt) {
    int[] taps = g.taps;
    for (int d = 0; d < g.out[0]; d++) {
      for (int h = 0; h < g.out[1]; h++) {
        boolean inside = g.inside(0, d) && g.inside(1, h);
        int row = row(d, h);
        for (int w = 0; w < g.out[2]; w++) {
          float value = dy.get(Elements.F32, dyAt);
          dyAt += 4;
          if (inside && g.inside(2, w)) {
            long at = dxAt + 4L * (row + g.origin(2, w));
            for (int tap : taps) {
              long to = at + 4L * tap;
              dx.set(Elements.F32, to, dx.get(Elements.F32, to) + value);
            }
          } else {
            for (int a = g.first(0, d); a < g.last(0, d); a++) {
              for (int b = g.first(1, h); b < g.last(1, h); b++) {
                for (int c = g.first(2, w); c < g.last(2, w); c++) {
                  long to = dxAt + 4L * position(row, w, a, b, c);
                  dx.set(Elements.F32, to, dx.get(Elements.F32, to) + value);
                }
              }
            }
          }
        }
      }
    }
  }

  private void spreadF64(MemorySegment dy, long dyAt, MemorySegment dx, long dxAt) {
    for (int d = 0; d < g.out[0]; d++) {
      for (int h = 0; h < g.out[1]; h++) {
        int row = row(d, h);
        for (int w = 0; w < g.out[2]; w++) {
          double value = dy.get(Elements.F64, dyAt);
          dyAt += 8;
          for (int a = g.first(0, d); a < g.last(0, d); a++) {
            for (int b = g.first(1, h); b < g.last(1, h); b++) {
              for (int c = g.first(2, w); c < g.last(2, w); c++) {
                long to = dxAt + 8L * position(row, w, a, b, c);
                dx.set(Elements.F64, to, dx.get(Elements.F64, to) + value);
              }
            }
          }
        }
      }
    }
  }

  private void argMax(MemorySegment x, long xAt, MemorySegment y, long yAt) {
    int[] taps = g.taps;
    boolean single = type == DType.F32;
    for (int d = 0; d < g.out[0]; d++) {
      for (int h = 0; h < g.out[1]; h++) {
        boolean inside = single && g.inside(0, d) && g.inside(1, h);
        int row = row(d, h);
        for (int w = 0; w < g.out[2]; w++) {
          int where;
          if (inside && g.inside(2, w)) {
            int base = row + g.origin(2, w);
            float best = x.get(Elements.F32, xAt + 4L * base);
            where = base;
            for (int t = 1; t < taps.length; t++) {
              float v = x.get(Elements.F32, xAt + 4L * (base + taps[t]));
              if (v > best || (Float.isNaN(v) && !Float.isNaN(best))) {
                best = v;
                where = base + taps[t];
              }
            }
          } else {
            where = argMaxAtEdge(x, xAt, row, d, h, w);
          }
          y.set(Elements.I32, yAt, where);
          yAt += 4;
        }
      }
    }
  }

  private int argMaxAtEdge(MemorySegment x, long xAt, int row, int d, int h, int w) {
    double best = Double.NEGATIVE_INFINITY;
    int where = -1;
    for (int a = g.first(0, d); a < g.last(0, d); a++) {
      for (int b = g.first(1, h); b < g.last(1, h); b++) {
        for (int c = g.first(2, w); c < g.last(2, w); c++) {
          int at = position(row, w, a, b, c);
          double v = Elements.get(type, x, xAt + (long) at * type.bytes());
          if (v > best || where < 0 || (Double.isNaN(v) && !Double.isNaN(best))) {
            best = v;
            where = at;
          }
        }
      }
    }
    return Math.max(where, 0);
  }
}
