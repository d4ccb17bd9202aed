package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.cajal.op.Window;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.type.DType;

/**
 * Sums of windows, their gradient, and the positions of windows' maxima, plane by plane. In F32,
 * with steps of 1 or 2 along the last axis, vector lanes run over the windows of a line that lie
 * inside of the input; each element's sum has the same terms in the same order either way.
 */
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

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);

  private final Kind kind;
  private final DType type;
  private final Windows g;
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
    this.g = new Windows(window, planes, spatial);
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
    long xBytes = (long) (kind == Kind.SUM_GRADIENT ? g.outSize : g.inSize) * type.bytes();
    long yBytes =
        kind == Kind.ARG_MAX
            ? 4L * g.outSize
            : (long) (kind == Kind.SUM ? g.outSize : g.inSize) * type.bytes();
    boolean lanes = type == DType.F32 && g.stride[2] <= 2 && Simd.available();
    for (long plane = g.begin(piece); plane < g.begin(piece + 1); plane++) {
      long xAt = from.offset() + plane * xBytes;
      long yAt = to.offset() + plane * yBytes;
      if (kind == Kind.SUM_GRADIENT && !(lanes && g.tiled)) {
        y.asSlice(yAt, yBytes).fill((byte) 0);
      }
      for (int d = 0; d < g.out[0]; d++) {
        int lines;
        for (int h = 0; h < g.out[1]; h += lines) {
          int wide = lanes && g.inside(0, d) && g.inside(1, h) ? together(x, xAt, d, h) : 0;
          int low = wide > 0 ? g.insideFrom(2) : g.out[2];
          int high = wide > 0 ? g.insideTo(2) : g.out[2];
          lines = Math.max(1, wide);
          windows(x, xAt, y, yAt, d, h, lines, 0, low);
          if (low < high) {
            int base = row(d, h) + g.origin(2, low);
            long line = (long) (d * g.out[1] + h) * g.out[2] + low;
            int count = high - low;
            switch (kind) {
              case SUM -> Wide.sum(x, xAt + 4L * base, g, y, yAt + 4 * line, lines, count);
              case SUM_GRADIENT -> {
                if (g.apart) {
                  Wide.spread(x, xAt + 4 * line, y, yAt + 4L * base, g, lines, count);
                } else {
                  Wide.add(x, xAt + 4 * line, y, yAt + 4L * base, g, count);
                }
              }
              case ARG_MAX ->
                  Wide.argMax(x, xAt + 4L * base, g, base, y, yAt + 4 * line, lines, count);
            }
          }
          windows(x, xAt, y, yAt, d, h, lines, high, g.out[2]);
        }
      }
    }
  }

  /** How many lines of windows from line h on vectors can do at once. */
  private int together(MemorySegment x, long xAt, int d, int h) {
    int lines = g.insideTo(1) - h;
    if (kind == Kind.SUM_GRADIENT) {
      return g.apart ? lines : 1;
    }
    // Whole vectors are read: the last lines of memory may have to go element by element.
    long begin = xAt + 4L * (row(d, h) + g.origin(2, g.insideFrom(2)));
    long room = x.byteSize() - begin - Wide.reach(g);
    return Math.clamp(Math.floorDiv(room, 4L * g.stride[1] * g.in[2]) + 1, 0, lines);
  }

  /** The windows from low to high of some lines from line h on. */
  private void windows(
      MemorySegment x,
      long xAt,
      MemorySegment y,
      long yAt,
      int d,
      int firstLine,
      int lines,
      int low,
      int high) {
    if (low == high) {
      return;
    }
    int size = type.bytes();
    for (int h = firstLine; h < firstLine + lines; h++) {
      int row = row(d, h);
      int line = (d * g.out[1] + h) * g.out[2];
      for (int w = low; w < high; w++) {
        long outAt = line + (long) w;
        switch (kind) {
          case SUM -> {
            if (type == DType.F32) {
              y.set(F32, yAt + 4 * outAt, sumF32(x, xAt, row, d, h, w));
            } else {
              y.set(F64, yAt + 8 * outAt, sumF64(x, xAt, row, d, h, w));
            }
          }
          case SUM_GRADIENT -> spread(x, xAt + outAt * size, y, yAt, row, d, h, w);
          case ARG_MAX -> y.set(I32, yAt + 4 * outAt, argMax(x, xAt, row, d, h, w));
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

  private float sumF32(MemorySegment x, long xAt, int row, int d, int h, int w) {
    float sum = 0;
    for (int a = g.first(0, d); a < g.last(0, d); a++) {
      for (int b = g.first(1, h); b < g.last(1, h); b++) {
        for (int c = g.first(2, w); c < g.last(2, w); c++) {
          sum += x.get(F32, xAt + 4L * position(row, w, a, b, c));
        }
      }
    }
    return sum;
  }

  private double sumF64(MemorySegment x, long xAt, int row, int d, int h, int w) {
    double sum = 0;
    for (int a = g.first(0, d); a < g.last(0, d); a++) {
      for (int b = g.first(1, h); b < g.last(1, h); b++) {
        for (int c = g.first(2, w); c < g.last(2, w); c++) {
          sum += x.get(F64, xAt + 8L * position(row, w, a, b, c));
        }
      }
    }
    return sum;
  }

  private void spread(
      MemorySegment dy, long dyAt, MemorySegment dx, long dxAt, int row, int d, int h, int w) {
    for (int a = g.first(0, d); a < g.last(0, d); a++) {
      for (int b = g.first(1, h); b < g.last(1, h); b++) {
        for (int c = g.first(2, w); c < g.last(2, w); c++) {
          long to = dxAt + (long) position(row, w, a, b, c) * type.bytes();
          if (type == DType.F32) {
            dx.set(F32, to, dx.get(F32, to) + dy.get(F32, dyAt));
          } else {
            dx.set(F64, to, dx.get(F64, to) + dy.get(F64, dyAt));
          }
        }
      }
    }
  }

  private int argMax(MemorySegment x, long xAt, int row, int d, int h, int w) {
    double best = Double.NEGATIVE_INFINITY;
    int where = -1;
    for (int a = g.first(0, d); a < g.last(0, d); a++) {
      for (int b = g.first(1, h); b < g.last(1, h); b++) {
        for (int c = g.first(2, w); c < g.last(2, w); c++) {
          int at = position(row, w, a, b, c);
          double v = type == DType.F32 ? x.get(F32, xAt + 4L * at) : x.get(F64, xAt + 8L * at);
          if (v > best || where < 0 || (Double.isNaN(v) && !Double.isNaN(best))) {
            best = v;
            where = at;
          }
        }
      }
    }
    return Math.max(where, 0);
  }

  /**
   * The vector code for some windows of one line, all inside of the input, with a step of 1 or 2;
   * in a class of its own so that it loads only where there are vectors.
   */
  private static final class Wide {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final int LANES = F.length();
    private static final IntVector STEPS = IntVector.zero(I).addIndex(1);

    /** The elements of half a vector, each followed by the first of another. */
    private static final IntVector SPREAD_LOW = spread(0);

    private static final IntVector SPREAD_HIGH = spread(LANES / 2);

    /** The elements of half a vector, each twice. */
    private static final IntVector TWICE_LOW = STEPS.lanewise(VectorOperators.LSHR, 1);

    private static final IntVector TWICE_HIGH = TWICE_LOW.add(LANES / 2);

    private Wide() {}

    private static IntVector spread(int first) {
      int[] lanes = new int[LANES];
      for (int i = 0; i < LANES; i++) {
        lanes[i] = i % 2 == 0 ? first + i / 2 : LANES;
      }
      return IntVector.fromArray(I, lanes, 0);
    }

    /** The bytes from the first element of a line's windows that its loads may touch. */
    static long reach(Windows g) {
      int vectors = (g.insideTo(2) - g.insideFrom(2) + LANES - 1) / LANES;
      return 4L * (vectors * LANES * g.stride[2] + LANES + g.taps[g.taps.length - 1]);
    }

    static void sum(
        MemorySegment x, long at, Windows g, MemorySegment y, long yAt, int lines, int count) {
      int[] taps = g.taps;
      int step = g.stride[2];
      IntVector chosen = STEPS.mul(step);
      long xLine = 4L * g.stride[1] * g.in[2];
      long yLine = 4L * g.out[2];
      for (int i = 0; i < count; i += LANES) {
        VectorMask<Float> out = F.indexInRange(i, count);
        long source = at + 4L * i * step;
        long target = yAt + 4L * i;
        for (int line = 0; line < lines; line++) {
          FloatVector sum = FloatVector.zero(F);
          for (int tap : taps) {
            long first = source + 4L * tap;
            IntVector a = IntVector.fromMemorySegment(I, x, first, ORDER);
            IntVector b = IntVector.fromMemorySegment(I, x, first + 4L * LANES, ORDER);
            sum = sum.add(chosen.selectFrom(a, b).reinterpretAsFloats());
          }
          sum.intoMemorySegment(y, target, ORDER, out);
          source += xLine;
          target += yLine;
        }
      }
    }

    static void argMax(
        MemorySegment x,
        long at,
        Windows g,
        int base,
        MemorySegment y,
        long yAt,
        int lines,
        int count) {
      int[] taps = g.taps;
      int step = g.stride[2];
      IntVector chosen = STEPS.mul(step);
      int lineStep = g.stride[1] * g.in[2];
      long yLine = 4L * g.out[2];
      for (int i = 0; i < count; i += LANES) {
        VectorMask<Integer> out = I.indexInRange(i, count);
        IntVector first = chosen.add(base + i * step);
        long source = at + 4L * i * step;
        long target = yAt + 4L * i;
        for (int line = 0; line < lines; line++) {
          IntVector where = first;
          FloatVector best =
              chosen
                  .selectFrom(
                      IntVector.fromMemorySegment(I, x, source, ORDER),
                      IntVector.fromMemorySegment(I, x, source + 4L * LANES, ORDER))
                  .reinterpretAsFloats();
          for (int t = 1; t < taps.length; t++) {
            long at1 = source + 4L * taps[t];
            IntVector a = IntVector.fromMemorySegment(I, x, at1, ORDER);
            IntVector b = IntVector.fromMemorySegment(I, x, at1 + 4L * LANES, ORDER);
            FloatVector v = chosen.selectFrom(a, b).reinterpretAsFloats();
            // Neither less nor equal: greater, or one of them is NaN; where the best is, it stays.
            VectorMask<Float> better =
                v.compare(VectorOperators.LE, best)
                    .not()
                    .and(best.compare(VectorOperators.EQ, best));
            best = best.blend(v, better);
            where = where.blend(first.add(taps[t]), better.cast(I));
          }
          where.intoMemorySegment(y, target, ORDER, out);
          first = first.add(lineStep);
          source += 4L * lineStep;
          target += yLine;
        }
      }
    }

    /** The gradients of windows that are apart: each element belongs to one and is stored once. */
    static void spread(
        MemorySegment dy, long dyAt, MemorySegment dx, long at, Windows g, int lines, int count) {
      int step = g.stride[2];
      int[] taps = g.taps;
      int row = g.kernel[2];
      IntVector zero = IntVector.zero(I);
      IntVector lanesLow = row == 2 ? TWICE_LOW : step == 2 ? SPREAD_LOW : STEPS;
      IntVector lanesHigh = row == 2 ? TWICE_HIGH : SPREAD_HIGH;
      long dyLine = 4L * g.out[2];
      long dxLine = 4L * g.stride[1] * g.in[2];
      for (int i = 0; i < count; i += LANES) {
        int last = (Math.min(LANES, count - i) - 1) * step + row;
        VectorMask<Float> low = F.indexInRange(0, last);
        VectorMask<Float> high = F.indexInRange(LANES, last);
        VectorMask<Float> in = F.indexInRange(i, count);
        long source = dyAt + 4L * i;
        long target = at + 4L * i * step;
        for (int line = 0; line < lines; line++) {
          IntVector value =
              FloatVector.fromMemorySegment(F, dy, source, ORDER, in).add(0f).reinterpretAsInts();
          FloatVector a = lanesLow.selectFrom(value, zero).reinterpretAsFloats();
          FloatVector b = lanesHigh.selectFrom(value, zero).reinterpretAsFloats();
          for (int t = 0; t < taps.length; t += row) {
            long to = target + 4L * taps[t];
            a.intoMemorySegment(dx, to, ORDER, low);
            if (step == 2) {
              b.intoMemorySegment(dx, to + 4L * LANES, ORDER, high);
            }
          }
          source += dyLine;
          target += dxLine;
        }
      }
    }

    /**
     * The gradients of one line of windows that overlap. Those of one element are added in order:
     * what its last tap gives comes first.
     */
    static void add(MemorySegment dy, long dyAt, MemorySegment dx, long at, Windows g, int count) {
      int step = g.stride[2];
      int[] taps = g.taps;
      IntVector zero = IntVector.zero(I);
      for (int i = 0; i < count; i += LANES) {
        int last = (Math.min(LANES, count - i) - 1) * step + 1;
        VectorMask<Float> low = F.indexInRange(0, last);
        VectorMask<Float> high = F.indexInRange(LANES, last);
        FloatVector value =
            FloatVector.fromMemorySegment(F, dy, dyAt + 4L * i, ORDER, F.indexInRange(i, count));
        IntVector bits = value.reinterpretAsInts();
        FloatVector a = step == 1 ? value : SPREAD_LOW.selectFrom(bits, zero).reinterpretAsFloats();
        FloatVector b = SPREAD_HIGH.selectFrom(bits, zero).reinterpretAsFloats();
        for (int t = taps.length - 1; t >= 0; t--) {
          long to = at + 4L * (i * step + taps[t]);
          add(a, dx, to, low);
          if (step == 2) {
            add(b, dx, to + 4L * LANES, high);
          }
        }
      }
    }

    private static void add(FloatVector value, MemorySegment to, long at, VectorMask<Float> mask) {
      FloatVector.fromMemorySegment(F, to, at, ORDER, mask)
          .add(value)
          .intoMemorySegment(to, at, ORDER, mask);
    }
  }
}
