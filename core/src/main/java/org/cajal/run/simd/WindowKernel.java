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
      if (kind == Kind.SUM_GRADIENT) {
        y.asSlice(yAt, yBytes).fill((byte) 0);
      }
      for (int d = 0; d < g.out[0]; d++) {
        for (int h = 0; h < g.out[1]; h++) {
          boolean inside = lanes && g.inside(0, d) && g.inside(1, h);
          int low = inside ? g.insideFrom : g.out[2];
          int high = inside ? g.insideTo : g.out[2];
          int line = (d * g.out[1] + h) * g.out[2];
          windows(x, xAt, y, yAt, d, h, line, 0, low);
          if (low < high) {
            int base = row(d, h) + g.origin(2, low);
            switch (kind) {
              case SUM -> Wide.sum(x, xAt + 4L * base, g, y, yAt + 4L * (line + low), high - low);
              case SUM_GRADIENT ->
                  Wide.spread(x, xAt + 4L * (line + low), y, yAt + 4L * base, g, high - low);
              case ARG_MAX ->
                  Wide.argMax(x, xAt + 4L * base, g, base, y, yAt + 4L * (line + low), high - low);
            }
          }
          windows(x, xAt, y, yAt, d, h, line, high, g.out[2]);
        }
      }
    }
  }

  /** The windows from low to high of one line, which begins at position {@code line}. */
  private void windows(
      MemorySegment x,
      long xAt,
      MemorySegment y,
      long yAt,
      int d,
      int h,
      int line,
      int low,
      int high) {
    int size = type.bytes();
    int row = row(d, h);
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

    /** Of the elements of two vectors every second one. */
    private static final IntVector EVEN = STEPS.mul(2);

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

    static void sum(MemorySegment x, long at, Windows g, MemorySegment y, long yAt, int count) {
      int step = g.stride[2];
      for (int i = 0; i < count; i += LANES) {
        int last = (Math.min(LANES, count - i) - 1) * step + 1;
        VectorMask<Float> low = F.indexInRange(0, last);
        VectorMask<Float> high = F.indexInRange(LANES, last);
        boolean room = room(x, at + 4L * i * step, g);
        FloatVector sum = FloatVector.zero(F);
        for (int tap : g.taps) {
          sum = sum.add(load(x, at + 4L * (i * step + tap), step, room, low, high));
        }
        sum.intoMemorySegment(y, yAt + 4L * i, ORDER, F.indexInRange(i, count));
      }
    }

    static void argMax(
        MemorySegment x, long at, Windows g, int base, MemorySegment y, long yAt, int count) {
      int step = g.stride[2];
      int[] taps = g.taps;
      for (int i = 0; i < count; i += LANES) {
        int last = (Math.min(LANES, count - i) - 1) * step + 1;
        VectorMask<Float> low = F.indexInRange(0, last);
        VectorMask<Float> high = F.indexInRange(LANES, last);
        IntVector first = STEPS.mul(step).add(base + i * step);
        IntVector where = first;
        boolean room = room(x, at + 4L * i * step, g);
        FloatVector best = load(x, at + 4L * i * step, step, room, low, high);
        for (int t = 1; t < taps.length; t++) {
          FloatVector v = load(x, at + 4L * (i * step + taps[t]), step, room, low, high);
          // Neither less nor equal: greater, or one of them is NaN; where the best is, it stays.
          VectorMask<Float> better =
              v.compare(VectorOperators.LE, best).not().and(best.compare(VectorOperators.EQ, best));
          best = best.blend(v, better);
          where = where.blend(first.add(taps[t]), better.cast(I));
        }
        where.intoMemorySegment(y, yAt + 4L * i, ORDER, I.indexInRange(i, count));
      }
    }

    /**
     * The windows of one element are added in order: what its last tap gives comes first. Windows
     * that are apart are stored, row by row: adding tap after tap would load what was stored just
     * before, a few bytes further, for which processors wait.
     */
    static void spread(
        MemorySegment dy, long dyAt, MemorySegment dx, long at, Windows g, int count) {
      int step = g.stride[2];
      int[] taps = g.taps;
      IntVector zero = IntVector.zero(I);
      boolean twice = g.apart && g.kernel[2] == 2;
      for (int i = 0; i < count; i += LANES) {
        int last = (Math.min(LANES, count - i) - 1) * step + (twice ? 2 : 1);
        long first = at + 4L * i * step;
        VectorMask<Float> low = F.indexInRange(0, last);
        VectorMask<Float> high = F.indexInRange(LANES, last);
        FloatVector value =
            FloatVector.fromMemorySegment(F, dy, dyAt + 4L * i, ORDER, F.indexInRange(i, count))
                .add(0f);
        IntVector bits = value.reinterpretAsInts();
        FloatVector a =
            step == 1
                ? value
                : (twice ? TWICE_LOW : SPREAD_LOW).selectFrom(bits, zero).reinterpretAsFloats();
        FloatVector b =
            (twice ? TWICE_HIGH : SPREAD_HIGH).selectFrom(bits, zero).reinterpretAsFloats();
        if (g.apart) {
          for (int t = 0; t < taps.length; t += g.kernel[2]) {
            long to = first + 4L * taps[t];
            a.intoMemorySegment(dx, to, ORDER, low);
            if (step == 2) {
              b.intoMemorySegment(dx, to + 4L * LANES, ORDER, high);
            }
          }
        } else {
          for (int t = taps.length - 1; t >= 0; t--) {
            long to = first + 4L * taps[t];
            add(a, dx, to, low);
            if (step == 2) {
              add(b, dx, to + 4L * LANES, high);
            }
          }
        }
      }
    }

    private static void add(FloatVector value, MemorySegment to, long at, VectorMask<Float> mask) {
      FloatVector.fromMemorySegment(F, to, at, ORDER, mask)
          .add(value)
          .intoMemorySegment(to, at, ORDER, mask);
    }

    /** Whether all that a vector of windows may touch lies in memory: then no masks are needed. */
    private static boolean room(MemorySegment x, long at, Windows g) {
      return at + 4L * (g.taps[g.taps.length - 1] + 2 * LANES) <= x.byteSize();
    }

    /** One element of each window. */
    private static FloatVector load(
        MemorySegment x,
        long at,
        int step,
        boolean room,
        VectorMask<Float> low,
        VectorMask<Float> high) {
      FloatVector first =
          room
              ? FloatVector.fromMemorySegment(F, x, at, ORDER)
              : FloatVector.fromMemorySegment(F, x, at, ORDER, low);
      if (step == 1) {
        return first;
      }
      FloatVector second =
          room
              ? FloatVector.fromMemorySegment(F, x, at + 4L * LANES, ORDER)
              : FloatVector.fromMemorySegment(F, x, at + 4L * LANES, ORDER, high);
      return EVEN.selectFrom(first.reinterpretAsInts(), second.reinterpretAsInts())
          .reinterpretAsFloats();
    }
  }
}
