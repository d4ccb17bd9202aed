package org.cajal.run.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.cajal.op.Window;
import org.cajal.run.Operand;
import org.cajal.run.Team;
import org.cajal.type.DType;
import org.junit.jupiter.api.Test;

/** Windows in F32 against plain loops, bit by bit: with lanes and without. */
class WindowKernelTest {
  private static final int PLANES = 3;

  @Test
  void giveTheBitsOfPlainLoops() {
    Random random = new Random(11);
    for (int width : new int[] {1, 2, 5, 14, 28, 31, 33, 70}) {
      for (int kernel = 1; kernel <= 3; kernel++) {
        for (int stride = 1; stride <= 3; stride++) {
          for (int pad = 0; pad < kernel; pad++) {
            for (int dilation = 1; dilation <= 2; dilation++) {
              if (width + 2 * pad > (kernel - 1) * dilation) {
                check(width, kernel, stride, pad, dilation, random);
              }
            }
          }
        }
      }
    }
  }

  private static void check(
      int width, int kernel, int stride, int pad, int dilation, Random random) {
    int height = 9;
    Window window =
        new Window(
            List.of(kernel, kernel),
            List.of(stride, stride),
            List.of(pad, pad),
            List.of(pad, pad),
            List.of(dilation, dilation));
    int h = window.out(0, height);
    int w = window.out(1, width);
    int in = height * width;
    float[] x = new float[PLANES * in];
    for (int i = 0; i < x.length; i++) {
      // Ties, zeros of both signs and NaN.
      x[i] = random.nextInt(20) == 0 ? Float.NaN : (random.nextInt(7) - 3) * -0.1f;
    }
    float[] dy = new float[PLANES * h * w];
    for (int i = 0; i < dy.length; i++) {
      dy[i] = (float) random.nextGaussian();
    }
    float[] sums = new float[dy.length];
    float[] dx = new float[x.length];
    int[] where = new int[dy.length];
    for (int i = 0; i < dy.length; i++) {
      int plane = i / (h * w) * in;
      int best = -1;
      for (int tap = 0; tap < kernel * kernel; tap++) {
        int r = i / w % h * stride - pad + tap / kernel * dilation;
        int c = i % w * stride - pad + tap % kernel * dilation;
        if (r < 0 || r >= height || c < 0 || c >= width) {
          continue;
        }
        int at = r * width + c;
        sums[i] += x[plane + at];
        dx[plane + at] += dy[i];
        float v = x[plane + at];
        if (best < 0 || v > x[plane + best] || (Float.isNaN(v) && !Float.isNaN(x[plane + best]))) {
          best = at;
        }
      }
      where[i] = Math.max(best, 0);
    }
    String name = width + " kernel " + kernel + " " + stride + " " + pad + " " + dilation;
    MemorySegment of = MemorySegment.ofArray(x);
    MemorySegment gradients = MemorySegment.ofArray(dy);
    assertThat(run(WindowKernel.Kind.SUM, window, width, of, dy.length))
        .as("sums %s", name)
        .isEqualTo(bits(MemorySegment.ofArray(sums)));
    assertThat(run(WindowKernel.Kind.SUM_GRADIENT, window, width, gradients, x.length))
        .as("gradients %s", name)
        .isEqualTo(bits(MemorySegment.ofArray(dx)));
    assertThat(run(WindowKernel.Kind.ARG_MAX, window, width, of, dy.length))
        .as("positions %s", name)
        .isEqualTo(where);
  }

  private static int[] run(
      WindowKernel.Kind kind, Window window, int width, MemorySegment from, int results) {
    MemorySegment source = Numbers.exactly(from.byteSize(), (byte) 0).copyFrom(from);
    MemorySegment result = Numbers.exactly(4L * results, (byte) 0xFF);
    try (Team team = new Team(2)) {
      team.run(
          new WindowKernel(
              kind,
              DType.F32,
              window,
              PLANES,
              List.of(9, width),
              new Operand(0, 0),
              new Operand(1, 0)),
          new MemorySegment[] {source, result});
    }
    return bits(result);
  }

  private static int[] bits(MemorySegment numbers) {
    int[] bits = new int[(int) (numbers.byteSize() / 4)];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = numbers.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i);
      if (Float.isNaN(Float.intBitsToFloat(bits[i]))) {
        bits[i] = 0x7FC00000;
      }
    }
    return bits;
  }
}
