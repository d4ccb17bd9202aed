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
      Kind kind, DType type, Window window, long planes, List<Integer> spatial, Operand from, Operand to) {
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
            spreadF32(x, from.offset() + plane * g.outSize * 4, y, to.offset() + plane * g.inSize * 4);
          } else {
            spreadF64(x, from.offset() + plane * g.outSize * 8, y, to.offset() + plane * g.inSize * 8);
          }
        }
        case ARG_MAX -> argMax(x, from.offset() + plane * g.inSize * type.bytes(), y, to.offset() + plane * g.outSize * 4);
      }
    }
  }

  private int origin(int axis, int position) {
    return position * g.stride[axis] - g.pad[axis];
  }

  private void sumF32(MemorySegment x, long xAt, MemorySegment y, long yAt) {
    int width = g.in[2];
    for (int d = 0; d < g.out[0]; d++) {
      for (int h = 0; h < g.out[1]; h++) {
        for (int w = 0; w < g.out[2]; w++) {
          float sum = 0;
          int c0 = g.first(2, w);
          int c1 = g.last(2, w);
          for (int a = g.first(0, d); a < g.last(0, d); a++) {
            int plane = (origin(0, d) + a * g.dilation[0]) * g.in[1];
            for (int b = g.first(1, h); b < g.last(1, h); b++) {
              int row = (plane + origin(1, h) + b * g.dilation[1]) * width + origin(2, w);
              for (int c = c0; c < c1; c++) {
                sum += x.get(Elements.F32, xAt + 4L * (row + c * g.dilation[2]));
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
    int width = g.in[2];
    for (int d = 0; d < g.out[0]; d++) {
      for (int h = 0; h < g.out[1]; h++) {
        for (int w = 0; w < g.out[2]; w++) {
          double sum = 0;
          for (int a = g.first(0, d); a < g.last(0, d); a++) {
            int plane = (origin(0, d) + a * g.dilation[0]) * g.in[1];
            for (int b = g.first(1, h); b < g.last(1, h); b++) {
              int row = (plane + origin(1, h) + b * g.dilation[1]) * width + origin(2, w);
              for (int c = g.first(2, w); c < g.last(2, w); c++) {
                sum += x.get(Elements.F64, xAt + 8L * (row + c * g.dilation[2]));
              }
            }
          }
          y.set(Elements.F64, yAt, sum);
          yAt += 8;
        }
      }
    }
  }

  private void spreadF32(MemorySegment dy, long dyAt, MemorySegment dx, long dxAt) {
    int width = g.in[2];
    for (int d = 0; d < g.out[0]; d++) {
      for (int h = 0; h < g.out[1]; h++) {
        for (int w = 0; w < g.out[2]; w++) {
          float value = dy.get(Elements.F32, dyAt);
          dyAt += 4;
          int c0 = g.first(2, w);
          int c1 = g.last(2, w);
          for (int a = g.first(0, d); a < g.last(0, d); a++) {
            int plane = (origin(0, d) + a * g.dilation[0]) * g.in[1];
            for (int b = g.first(1, h); b < g.last(1, h); b++) {
              int row = (plane + origin(1, h) + b * g.dilation[1]) * width + origin(2, w);
              for (int c = c0; c < c1; c++) {
                long at = dxAt + 4L * (row + c * g.dilation[2]);
                dx.set(Elements.F32, at, dx.get(Elements.F32, at) + value);
              }
            }
          }
        }
      }
    }
  }

  private void spreadF64(MemorySegment dy, long dyAt, MemorySegment dx, long dxAt) {
    int width = g.in[2];
    for (int d = 0; d < g.out[0]; d++) {
      for (int h = 0; h < g.out[1]; h++) {
        for (int w = 0; w < g.out[2]; w++) {
          double value = dy.get(Elements.F64, dyAt);
          dyAt += 8;
          for (int a = g.first(0, d); a < g.last(0, d); a++) {
            int plane = (origin(0, d) + a * g.dilation[0]) * g.in[1];
            for (int b = g.first(1, h); b < g.last(1, h); b++) {
              int row = (plane + origin(1, h) + b * g.dilation[1]) * width + origin(2, w);
              for (int c = g.first(2, w); c < g.last(2, w); c++) {
                long at = dxAt + 8L * (row + c * g.dilation[2]);
                dx.set(Elements.F64, at, dx.get(Elements.F64, at) + value);
              }
            }
          }
        }
      }
    }
  }

  private void argMax(MemorySegment x, long xAt, MemorySegment y, long yAt) {
    int width = g.in[2];
    boolean single = type == DType.F32;
    for (int d = 0; d < g.out[0]; d++) {
      for (int h = 0; h < g.out[1]; h++) {
        for (int w = 0; w < g.out[2]; w++) {
          double best = Double.NEGATIVE_INFINITY;
          int where = -1;
          int c0 = g.first(2, w);
          int c1 = g.last(2, w);
          for (int a = g.first(0, d); a < g.last(0, d); a++) {
            int plane = (origin(0, d) + a * g.dilation[0]) * g.in[1];
            for (int b = g.first(1, h); b < g.last(1, h); b++) {
              int row = (plane + origin(1, h) + b * g.dilation[1]) * width + origin(2, w);
              for (int c = c0; c < c1; c++) {
                int at = row + c * g.dilation[2];
                double v = single ? x.get(Elements.F32, xAt + 4L * at) : x.get(Elements.F64, xAt + 8L * at);
                if (v > best || where < 0 || (Double.isNaN(v) && !Double.isNaN(best))) {
                  best = v;
                  where = at;
                }
              }
            }
          }
          y.set(Elements.I32, yAt, Math.max(where, 0));
          yAt += 4;
        }
      }
    }
  }
}
