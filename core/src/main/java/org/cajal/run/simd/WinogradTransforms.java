package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.cajal.run.NativeMemory;
import org.cajal.type.DType;

/**
 * The transformations of Winograd's minimal filtering F(2×2, 3×3) in single precision (Lavin and
 * Gray, Fast Algorithms for Convolutional Neural Networks, 2016). The 2×2 outputs y of the 3×3
 * kernel g over 4×4 inputs d are {@code y = A' [(G g G') * (B' d B)] A}, the product in brackets
 * element by element, where ' transposes and along one axis
 *
 * <pre>
 * B' d = (d0 - d2, d1 + d2, d2 - d1, d1 - d3)
 * G g  = (g0, (g0 + g2) / 2 + g1 / 2, (g0 + g2) / 2 - g1 / 2, g2)
 * A' m = (m0 + m1 + m2, m1 - m2 - m3)
 * </pre>
 *
 * <p>Lanes run over channels, or over whatever lies contiguous. The 16 elements of a transformed
 * tile lie {@code apart} bytes apart, row after row. All positions and steps are in bytes; whole
 * vectors are read and written. What is read from transformed tiles may be overwritten.
 */
final class WinogradTransforms {
  private static final int INPUT = 0;
  private static final int OUTPUT = 1;
  private static final int OUTPUT_GRADIENT = 2;
  private static final int WEIGHTS = 3;
  private static final int WEIGHT_GRADIENT = 4;

  /** The number of transformations. */
  static final int COUNT = 5;

  private static final int TILES_TO_WARM = 3;

  private WinogradTransforms() {}

  /**
   * Runs the vector code of a transformation on a few numbers.
   *
   * @param which 0 to {@link #COUNT}, excluded
   * @param memory 20 rows of at least a vector
   */
  static void warm(int which, MemorySegment memory, long row) {
    switch (which) {
      case INPUT -> Wide.input(memory, 0, row, row, TILES_TO_WARM, memory, 0, row, row);
      case OUTPUT -> Wide.output(memory, 0, row, row, TILES_TO_WARM, memory, 0, row, row);
      case OUTPUT_GRADIENT ->
          Wide.outputGradient(memory, 0, row, row, TILES_TO_WARM, memory, 0, row, row);
      case WEIGHTS -> Wide.weights(memory, 0, row, 1, memory, 0, row);
      default -> Wide.weightGradient(memory, 0, row, 1, memory, 0, row);
    }
  }

  private static boolean wide(int which) {
    return Simd.available() && Warmth.ready(DType.F32, which, 1, Warmth.WINOGRAD);
  }

  /**
   * A line of tiles of inputs, which overlap by two elements: {@code B' d B} of each.
   *
   * @param line from one line of inputs to the next
   * @param step from one input of a line to the next
   * @param vectors how many vectors each input has
   * @param toStep from one transformed tile to the next
   */
  static void input(
      MemorySegment from,
      long fromAt,
      long line,
      long step,
      int vectors,
      int tiles,
      MemorySegment to,
      long toAt,
      long apart,
      long toStep) {
    boolean wide = wide(INPUT);
    for (int vector = 0; vector < vectors; vector++) {
      long moved = (long) vector * Simd.VECTOR_BYTES;
      if (wide) {
        Wide.input(from, fromAt + moved, line, step, tiles, to, toAt + moved, apart, toStep);
      } else {
        Plain.input(from, fromAt + moved, line, step, tiles, to, toAt + moved, apart, toStep);
      }
    }
  }

  /**
   * A line of tiles of outputs, from their products m: {@code A' m A} of each.
   *
   * @param fromStep from one tile of products to the next
   * @param vectors how many vectors each output has
   * @param line from one line of outputs to the next
   * @param step from one output of a line to the next
   */
  static void output(
      MemorySegment from,
      long fromAt,
      long apart,
      long fromStep,
      int vectors,
      int tiles,
      MemorySegment to,
      long toAt,
      long line,
      long step) {
    boolean wide = wide(OUTPUT);
    for (int vector = 0; vector < vectors; vector++) {
      long moved = (long) vector * Simd.VECTOR_BYTES;
      if (wide) {
        Wide.output(from, fromAt + moved, apart, fromStep, tiles, to, toAt + moved, line, step);
      } else {
        Plain.output(from, fromAt + moved, apart, fromStep, tiles, to, toAt + moved, line, step);
      }
    }
  }

  /**
   * A line of tiles of the gradient with respect to outputs, dy: {@code A dy A'} of each, the
   * gradient with respect to the products. Arguments as for {@link #input}.
   */
  static void outputGradient(
      MemorySegment from,
      long fromAt,
      long line,
      long step,
      int vectors,
      int tiles,
      MemorySegment to,
      long toAt,
      long apart,
      long toStep) {
    boolean wide = wide(OUTPUT_GRADIENT);
    for (int vector = 0; vector < vectors; vector++) {
      long moved = (long) vector * Simd.VECTOR_BYTES;
      if (wide) {
        Wide.outputGradient(
            from, fromAt + moved, line, step, tiles, to, toAt + moved, apart, toStep);
      } else {
        Plain.outputGradient(
            from, fromAt + moved, line, step, tiles, to, toAt + moved, apart, toStep);
      }
    }
  }

  /**
   * Kernels: {@code G g G'} of each.
   *
   * @param tap from one of the 9 elements of the kernels to the next; negative if they are turned
   *     by half a circle, {@code fromAt} then being the last
   * @param vectors how many vectors of kernels
   */
  static void weights(
      MemorySegment from,
      long fromAt,
      long tap,
      int vectors,
      MemorySegment to,
      long toAt,
      long apart) {
    if (wide(WEIGHTS)) {
      Wide.weights(from, fromAt, tap, vectors, to, toAt, apart);
    } else {
      Plain.weights(from, fromAt, tap, vectors, to, toAt, apart);
    }
  }

  /**
   * The gradient with respect to kernels, from that with respect to transformed ones, u: {@code G'
   * u G} of each.
   *
   * @param vectors how many vectors of kernels
   * @param tap from one of the 9 elements of the kernels to the next
   */
  static void weightGradient(
      MemorySegment from,
      long fromAt,
      long apart,
      int vectors,
      MemorySegment to,
      long toAt,
      long tap) {
    if (wide(WEIGHT_GRADIENT)) {
      Wide.weightGradient(from, fromAt, apart, vectors, to, toAt, tap);
    } else {
      Plain.weightGradient(from, fromAt, apart, vectors, to, toAt, tap);
    }
  }

  /**
   * The scalar twins: one axis after the other, the first result in the place of the transformed
   * tile.
   */
  static final class Plain {
    private static final int LANES = Simd.VECTOR_BYTES / Float.BYTES;
    private static final ValueLayout.OfFloat FLOAT =
        ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Plain() {}

    static void input(
        MemorySegment from,
        long fromAt,
        long line,
        long step,
        int tiles,
        MemorySegment to,
        long toAt,
        long apart,
        long toStep) {
      for (int i = 0; i < tiles * LANES; i++) {
        long lane = i % LANES * 4L;
        long source = fromAt + 2L * (i / LANES) * step + lane;
        long target = toAt + i / LANES * toStep + lane;
        for (int column = 0; column < 4; column++) {
          input(from, source + column * step, line, to, target + column * apart, 4 * apart);
        }
        for (int row = 0; row < 4; row++) {
          long at = target + 4L * row * apart;
          input(to, at, apart, to, at, apart);
        }
      }
    }

    private static void input(
        MemorySegment from, long at, long step, MemorySegment to, long toAt, long toStep) {
      float d0 = from.get(FLOAT, at);
      float d1 = from.get(FLOAT, at + step);
      float d2 = from.get(FLOAT, at + 2 * step);
      float d3 = from.get(FLOAT, at + 3 * step);
      to.set(FLOAT, toAt, d0 - d2);
      to.set(FLOAT, toAt + toStep, d1 + d2);
      to.set(FLOAT, toAt + 2 * toStep, d2 - d1);
      to.set(FLOAT, toAt + 3 * toStep, d1 - d3);
    }

    static void output(
        MemorySegment from,
        long fromAt,
        long apart,
        long fromStep,
        int tiles,
        MemorySegment to,
        long toAt,
        long line,
        long step) {
      for (int i = 0; i < tiles * LANES; i++) {
        long lane = i % LANES * 4L;
        long source = fromAt + i / LANES * fromStep + lane;
        long target = toAt + 2L * (i / LANES) * step + lane;
        for (int column = 0; column < 4; column++) {
          long at = source + column * apart;
          output(from, at, 4 * apart, from, at, 4 * apart);
        }
        for (int row = 0; row < 2; row++) {
          output(from, source + 4L * row * apart, apart, to, target + row * line, step);
        }
      }
    }

    private static void output(
        MemorySegment from, long at, long step, MemorySegment to, long toAt, long toStep) {
      float m0 = from.get(FLOAT, at);
      float m1 = from.get(FLOAT, at + step);
      float m2 = from.get(FLOAT, at + 2 * step);
      float m3 = from.get(FLOAT, at + 3 * step);
      to.set(FLOAT, toAt, m0 + m1 + m2);
      to.set(FLOAT, toAt + toStep, m1 - m2 - m3);
    }

    static void outputGradient(
        MemorySegment from,
        long fromAt,
        long line,
        long step,
        int tiles,
        MemorySegment to,
        long toAt,
        long apart,
        long toStep) {
      for (int i = 0; i < tiles * LANES; i++) {
        long lane = i % LANES * 4L;
        long source = fromAt + 2L * (i / LANES) * step + lane;
        long target = toAt + i / LANES * toStep + lane;
        for (int column = 0; column < 2; column++) {
          long at = target + column * apart;
          outputGradient(from, source + column * step, line, to, at, 4 * apart);
        }
        for (int row = 0; row < 4; row++) {
          long at = target + 4L * row * apart;
          outputGradient(to, at, apart, to, at, apart);
        }
      }
    }

    private static void outputGradient(
        MemorySegment from, long at, long step, MemorySegment to, long toAt, long toStep) {
      float y0 = from.get(FLOAT, at);
      float y1 = from.get(FLOAT, at + step);
      to.set(FLOAT, toAt, y0);
      to.set(FLOAT, toAt + toStep, y0 + y1);
      to.set(FLOAT, toAt + 2 * toStep, y0 - y1);
      to.set(FLOAT, toAt + 3 * toStep, -y1);
    }

    static void weights(
        MemorySegment from,
        long fromAt,
        long tap,
        int vectors,
        MemorySegment to,
        long toAt,
        long apart) {
      for (int i = 0; i < vectors * LANES; i++) {
        long source = fromAt + i * 4L;
        long target = toAt + i * 4L;
        for (int column = 0; column < 3; column++) {
          weights(from, source + column * tap, 3 * tap, to, target + column * apart, 4 * apart);
        }
        for (int row = 0; row < 4; row++) {
          long at = target + 4L * row * apart;
          weights(to, at, apart, to, at, apart);
        }
      }
    }

    private static void weights(
        MemorySegment from, long at, long step, MemorySegment to, long toAt, long toStep) {
      float g0 = from.get(FLOAT, at);
      float g1 = from.get(FLOAT, at + step) * 0.5f;
      float g2 = from.get(FLOAT, at + 2 * step);
      float half = (g0 + g2) * 0.5f;
      to.set(FLOAT, toAt, g0);
      to.set(FLOAT, toAt + toStep, half + g1);
      to.set(FLOAT, toAt + 2 * toStep, half - g1);
      to.set(FLOAT, toAt + 3 * toStep, g2);
    }

    static void weightGradient(
        MemorySegment from,
        long fromAt,
        long apart,
        int vectors,
        MemorySegment to,
        long toAt,
        long tap) {
      for (int i = 0; i < vectors * LANES; i++) {
        long source = fromAt + i * 4L;
        long target = toAt + i * 4L;
        for (int column = 0; column < 4; column++) {
          long at = source + column * apart;
          weightGradient(from, at, 4 * apart, from, at, 4 * apart);
        }
        for (int row = 0; row < 3; row++) {
          weightGradient(from, source + 4L * row * apart, apart, to, target + 3L * row * tap, tap);
        }
      }
    }

    private static void weightGradient(
        MemorySegment from, long at, long step, MemorySegment to, long toAt, long toStep) {
      float u0 = from.get(FLOAT, at);
      float u1 = from.get(FLOAT, at + step);
      float u2 = from.get(FLOAT, at + 2 * step);
      float u3 = from.get(FLOAT, at + 3 * step);
      float half = (u1 + u2) * 0.5f;
      to.set(FLOAT, toAt, u0 + half);
      to.set(FLOAT, toAt + toStep, (u1 - u2) * 0.5f);
      to.set(FLOAT, toAt + 2 * toStep, half + u3);
    }
  }

  /** The vector half, a class of its own so that it loads only where there are vectors. */
  static final class Wide {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int BYTES = S.vectorByteSize();

    private Wide() {}

    private static FloatVector load(MemorySegment from, long at) {
      return FloatVector.fromMemorySegment(S, from, at, ORDER);
    }

    static void input(
        MemorySegment from,
        long fromAt,
        long line,
        long step,
        int tiles,
        MemorySegment to,
        long toAt,
        long apart,
        long toStep) {
      MemorySegment out = NativeMemory.of(to);
      // Of each column of inputs B' d; two of the four are those of the tile before.
      FloatVector d0 = load(from, fromAt);
      FloatVector d1 = load(from, fromAt + line);
      FloatVector d2 = load(from, fromAt + 2 * line);
      FloatVector d3 = load(from, fromAt + 3 * line);
      FloatVector a0 = d0.sub(d2);
      FloatVector a1 = d1.add(d2);
      FloatVector a2 = d2.sub(d1);
      FloatVector a3 = d1.sub(d3);
      long next = fromAt + step;
      d0 = load(from, next);
      d1 = load(from, next + line);
      d2 = load(from, next + 2 * line);
      d3 = load(from, next + 3 * line);
      FloatVector b0 = d0.sub(d2);
      FloatVector b1 = d1.add(d2);
      FloatVector b2 = d2.sub(d1);
      FloatVector b3 = d1.sub(d3);
      for (int tile = 0; tile < tiles; tile++) {
        next = fromAt + (2L * tile + 2) * step;
        d0 = load(from, next);
        d1 = load(from, next + line);
        d2 = load(from, next + 2 * line);
        d3 = load(from, next + 3 * line);
        FloatVector c0 = d0.sub(d2);
        FloatVector c1 = d1.add(d2);
        FloatVector c2 = d2.sub(d1);
        FloatVector c3 = d1.sub(d3);
        next += step;
        d0 = load(from, next);
        d1 = load(from, next + line);
        d2 = load(from, next + 2 * line);
        d3 = load(from, next + 3 * line);
        FloatVector e0 = d0.sub(d2);
        FloatVector e1 = d1.add(d2);
        FloatVector e2 = d2.sub(d1);
        FloatVector e3 = d1.sub(d3);
        long at = toAt + tile * toStep;
        a0.sub(c0).intoMemorySegment(out, at, ORDER);
        b0.add(c0).intoMemorySegment(out, at + apart, ORDER);
        c0.sub(b0).intoMemorySegment(out, at + 2 * apart, ORDER);
        b0.sub(e0).intoMemorySegment(out, at + 3 * apart, ORDER);
        at += 4 * apart;
        a1.sub(c1).intoMemorySegment(out, at, ORDER);
        b1.add(c1).intoMemorySegment(out, at + apart, ORDER);
        c1.sub(b1).intoMemorySegment(out, at + 2 * apart, ORDER);
        b1.sub(e1).intoMemorySegment(out, at + 3 * apart, ORDER);
        at += 4 * apart;
        a2.sub(c2).intoMemorySegment(out, at, ORDER);
        b2.add(c2).intoMemorySegment(out, at + apart, ORDER);
        c2.sub(b2).intoMemorySegment(out, at + 2 * apart, ORDER);
        b2.sub(e2).intoMemorySegment(out, at + 3 * apart, ORDER);
        at += 4 * apart;
        a3.sub(c3).intoMemorySegment(out, at, ORDER);
        b3.add(c3).intoMemorySegment(out, at + apart, ORDER);
        c3.sub(b3).intoMemorySegment(out, at + 2 * apart, ORDER);
        b3.sub(e3).intoMemorySegment(out, at + 3 * apart, ORDER);
        a0 = c0;
        b0 = e0;
        a1 = c1;
        b1 = e1;
        a2 = c2;
        b2 = e2;
        a3 = c3;
        b3 = e3;
      }
    }

    static void output(
        MemorySegment from,
        long fromAt,
        long apart,
        long fromStep,
        int tiles,
        MemorySegment to,
        long toAt,
        long line,
        long step) {
      MemorySegment out = NativeMemory.of(to);
      for (int tile = 0; tile < tiles; tile++) {
        long at = fromAt + tile * fromStep;
        FloatVector m0 = load(from, at);
        FloatVector m1 = load(from, at + 4 * apart);
        FloatVector m2 = load(from, at + 8 * apart);
        FloatVector m3 = load(from, at + 12 * apart);
        FloatVector p0 = m0.add(m1).add(m2);
        FloatVector q0 = m1.sub(m2).sub(m3);
        at += apart;
        m0 = load(from, at);
        m1 = load(from, at + 4 * apart);
        m2 = load(from, at + 8 * apart);
        m3 = load(from, at + 12 * apart);
        FloatVector p1 = m0.add(m1).add(m2);
        FloatVector q1 = m1.sub(m2).sub(m3);
        at += apart;
        m0 = load(from, at);
        m1 = load(from, at + 4 * apart);
        m2 = load(from, at + 8 * apart);
        m3 = load(from, at + 12 * apart);
        FloatVector p2 = m0.add(m1).add(m2);
        FloatVector q2 = m1.sub(m2).sub(m3);
        at += apart;
        m0 = load(from, at);
        m1 = load(from, at + 4 * apart);
        m2 = load(from, at + 8 * apart);
        m3 = load(from, at + 12 * apart);
        FloatVector p3 = m0.add(m1).add(m2);
        FloatVector q3 = m1.sub(m2).sub(m3);
        long target = toAt + 2L * tile * step;
        p0.add(p1).add(p2).intoMemorySegment(out, target, ORDER);
        p1.sub(p2).sub(p3).intoMemorySegment(out, target + step, ORDER);
        q0.add(q1).add(q2).intoMemorySegment(out, target + line, ORDER);
        q1.sub(q2).sub(q3).intoMemorySegment(out, target + line + step, ORDER);
      }
    }

    static void outputGradient(
        MemorySegment from,
        long fromAt,
        long line,
        long step,
        int tiles,
        MemorySegment to,
        long toAt,
        long apart,
        long toStep) {
      MemorySegment out = NativeMemory.of(to);
      for (int tile = 0; tile < tiles; tile++) {
        long source = fromAt + 2L * tile * step;
        FloatVector p0 = load(from, source);
        FloatVector q0 = load(from, source + step);
        FloatVector p3 = load(from, source + line);
        FloatVector q3 = load(from, source + line + step);
        FloatVector p1 = p0.add(p3);
        FloatVector q1 = q0.add(q3);
        FloatVector p2 = p0.sub(p3);
        FloatVector q2 = q0.sub(q3);
        p3 = p3.neg();
        q3 = q3.neg();
        long at = toAt + tile * toStep;
        p0.intoMemorySegment(out, at, ORDER);
        p0.add(q0).intoMemorySegment(out, at + apart, ORDER);
        p0.sub(q0).intoMemorySegment(out, at + 2 * apart, ORDER);
        q0.neg().intoMemorySegment(out, at + 3 * apart, ORDER);
        at += 4 * apart;
        p1.intoMemorySegment(out, at, ORDER);
        p1.add(q1).intoMemorySegment(out, at + apart, ORDER);
        p1.sub(q1).intoMemorySegment(out, at + 2 * apart, ORDER);
        q1.neg().intoMemorySegment(out, at + 3 * apart, ORDER);
        at += 4 * apart;
        p2.intoMemorySegment(out, at, ORDER);
        p2.add(q2).intoMemorySegment(out, at + apart, ORDER);
        p2.sub(q2).intoMemorySegment(out, at + 2 * apart, ORDER);
        q2.neg().intoMemorySegment(out, at + 3 * apart, ORDER);
        at += 4 * apart;
        p3.intoMemorySegment(out, at, ORDER);
        p3.add(q3).intoMemorySegment(out, at + apart, ORDER);
        p3.sub(q3).intoMemorySegment(out, at + 2 * apart, ORDER);
        q3.neg().intoMemorySegment(out, at + 3 * apart, ORDER);
      }
    }

    static void weights(
        MemorySegment from,
        long fromAt,
        long tap,
        int vectors,
        MemorySegment to,
        long toAt,
        long apart) {
      MemorySegment out = NativeMemory.of(to);
      FloatVector halfOf = FloatVector.broadcast(S, 0.5f);
      for (int vector = 0; vector < vectors; vector++) {
        long source = fromAt + (long) vector * BYTES;
        FloatVector g0c0 = load(from, source);
        FloatVector middle = load(from, source + 3 * tap).mul(halfOf);
        FloatVector g3c0 = load(from, source + 6 * tap);
        FloatVector half = g0c0.add(g3c0).mul(halfOf);
        FloatVector g1c0 = half.add(middle);
        FloatVector g2c0 = half.sub(middle);
        source += tap;
        FloatVector g0c1 = load(from, source);
        middle = load(from, source + 3 * tap).mul(halfOf);
        FloatVector g3c1 = load(from, source + 6 * tap);
        half = g0c1.add(g3c1).mul(halfOf);
        FloatVector g1c1 = half.add(middle);
        FloatVector g2c1 = half.sub(middle);
        source += tap;
        FloatVector g0c2 = load(from, source);
        middle = load(from, source + 3 * tap).mul(halfOf);
        FloatVector g3c2 = load(from, source + 6 * tap);
        half = g0c2.add(g3c2).mul(halfOf);
        FloatVector g1c2 = half.add(middle);
        FloatVector g2c2 = half.sub(middle);
        long at = toAt + (long) vector * BYTES;
        middle = g0c1.mul(halfOf);
        half = g0c0.add(g0c2).mul(halfOf);
        g0c0.intoMemorySegment(out, at, ORDER);
        half.add(middle).intoMemorySegment(out, at + apart, ORDER);
        half.sub(middle).intoMemorySegment(out, at + 2 * apart, ORDER);
        g0c2.intoMemorySegment(out, at + 3 * apart, ORDER);
        at += 4 * apart;
        middle = g1c1.mul(halfOf);
        half = g1c0.add(g1c2).mul(halfOf);
        g1c0.intoMemorySegment(out, at, ORDER);
        half.add(middle).intoMemorySegment(out, at + apart, ORDER);
        half.sub(middle).intoMemorySegment(out, at + 2 * apart, ORDER);
        g1c2.intoMemorySegment(out, at + 3 * apart, ORDER);
        at += 4 * apart;
        middle = g2c1.mul(halfOf);
        half = g2c0.add(g2c2).mul(halfOf);
        g2c0.intoMemorySegment(out, at, ORDER);
        half.add(middle).intoMemorySegment(out, at + apart, ORDER);
        half.sub(middle).intoMemorySegment(out, at + 2 * apart, ORDER);
        g2c2.intoMemorySegment(out, at + 3 * apart, ORDER);
        at += 4 * apart;
        middle = g3c1.mul(halfOf);
        half = g3c0.add(g3c2).mul(halfOf);
        g3c0.intoMemorySegment(out, at, ORDER);
        half.add(middle).intoMemorySegment(out, at + apart, ORDER);
        half.sub(middle).intoMemorySegment(out, at + 2 * apart, ORDER);
        g3c2.intoMemorySegment(out, at + 3 * apart, ORDER);
      }
    }

    static void weightGradient(
        MemorySegment from,
        long fromAt,
        long apart,
        int vectors,
        MemorySegment to,
        long toAt,
        long tap) {
      MemorySegment out = NativeMemory.of(to);
      FloatVector halfOf = FloatVector.broadcast(S, 0.5f);
      for (int vector = 0; vector < vectors; vector++) {
        long at = fromAt + (long) vector * BYTES;
        FloatVector first = load(from, at + 4 * apart);
        FloatVector second = load(from, at + 8 * apart);
        FloatVector half = first.add(second).mul(halfOf);
        FloatVector u0c0 = load(from, at).add(half);
        FloatVector u1c0 = first.sub(second).mul(halfOf);
        FloatVector u2c0 = half.add(load(from, at + 12 * apart));
        at += apart;
        first = load(from, at + 4 * apart);
        second = load(from, at + 8 * apart);
        half = first.add(second).mul(halfOf);
        FloatVector u0c1 = load(from, at).add(half);
        FloatVector u1c1 = first.sub(second).mul(halfOf);
        FloatVector u2c1 = half.add(load(from, at + 12 * apart));
        at += apart;
        first = load(from, at + 4 * apart);
        second = load(from, at + 8 * apart);
        half = first.add(second).mul(halfOf);
        FloatVector u0c2 = load(from, at).add(half);
        FloatVector u1c2 = first.sub(second).mul(halfOf);
        FloatVector u2c2 = half.add(load(from, at + 12 * apart));
        at += apart;
        first = load(from, at + 4 * apart);
        second = load(from, at + 8 * apart);
        half = first.add(second).mul(halfOf);
        FloatVector u0c3 = load(from, at).add(half);
        FloatVector u1c3 = first.sub(second).mul(halfOf);
        FloatVector u2c3 = half.add(load(from, at + 12 * apart));
        long target = toAt + (long) vector * BYTES;
        half = u0c1.add(u0c2).mul(halfOf);
        u0c0.add(half).intoMemorySegment(out, target, ORDER);
        u0c1.sub(u0c2).mul(halfOf).intoMemorySegment(out, target + tap, ORDER);
        half.add(u0c3).intoMemorySegment(out, target + 2 * tap, ORDER);
        target += 3 * tap;
        half = u1c1.add(u1c2).mul(halfOf);
        u1c0.add(half).intoMemorySegment(out, target, ORDER);
        u1c1.sub(u1c2).mul(halfOf).intoMemorySegment(out, target + tap, ORDER);
        half.add(u1c3).intoMemorySegment(out, target + 2 * tap, ORDER);
        target += 3 * tap;
        half = u2c1.add(u2c2).mul(halfOf);
        u2c0.add(half).intoMemorySegment(out, target, ORDER);
        u2c1.sub(u2c2).mul(halfOf).intoMemorySegment(out, target + tap, ORDER);
        half.add(u2c3).intoMemorySegment(out, target + 2 * tap, ORDER);
      }
    }
  }
}
