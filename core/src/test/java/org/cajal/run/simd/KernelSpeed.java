package org.cajal.run.simd;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.cajal.op.Window;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.run.Team;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/**
 * Prints what the kernels reach, in GFLOP/s and microseconds, best of several rounds, on one thread
 * and on all. Not a test: run its main by hand, on a quiet machine.
 */
final class KernelSpeed {
  private KernelSpeed() {}

  /**
   * Measures.
   *
   * @param arguments only kernels whose name contains the first argument, if there is one
   */
  public static void main(String[] arguments) {
    Warmth.await(DType.F32);
    String only = arguments.length == 0 ? "" : arguments[0];
    for (int height : Tiling.heights(DType.F32)) {
      tile(only, height, true, true);
      tile(only, height, true, false);
      tile(only, height, false, true);
      tile(only, height, false, false);
    }
    for (int size : new int[] {16, 32, 63, 64, 65, 100, 128, 256, 512, 1000, 1023, 1024, 2048}) {
      product(only, 1, size, size, size, false, false);
    }
    product(only, 1, 1024, 1024, 1024, true, false);
    product(only, 1, 1024, 1024, 1024, false, true);
    product(only, 1, 1, 784, 128, false, false);
    product(only, 1, 64, 784, 128, false, false);
    product(only, 1, 784, 64, 128, true, false);
    product(only, 1, 1024, 784, 128, false, false);
    product(only, 1, 64, 128, 10, false, false);
    product(only, 1, 1024, 128, 10, false, false);
    product(only, 1, 128, 64, 10, true, false);
    product(only, 1, 64, 10, 128, false, true);
    product(only, 1, 128, 784, 512, false, false);
    product(only, 1, 128, 512, 512, false, true);
    product(only, 1, 512, 128, 784, true, false);
    product(only, 1, 512, 512, 128, false, false);
    product(only, 1, 2048, 256, 65, false, false);
    product(only, 1, 32, 256, 1024, false, false);
    product(only, 1, 32, 1024, 256, false, true);
    product(only, 1, 2048, 64, 1024, false, false);
    product(only, 1, 256, 2048, 1024, true, false);
    product(only, 1, 768, 128, 384, false, false);
    product(only, 1, 768, 128, 512, false, false);
    product(only, 1, 768, 512, 128, false, false);
    product(only, 1, 128, 768, 512, true, false);
    product(only, 48, 64, 32, 64, false, true);
    product(only, 48, 64, 64, 32, false, false);
    product(only, 1, 10, 50_000, 25, false, true);
    convolution(only, 64, 1, 28, 6, 5, 1, 2, 1);
    convolution(only, 64, 6, 14, 16, 5, 1, 0, 1);
    convolution(only, 64, 1, 28, 32, 3, 1, 1, 1);
    convolution(only, 64, 32, 28, 32, 3, 1, 1, 1);
    convolution(only, 64, 32, 14, 64, 3, 1, 1, 1);
    convolution(only, 64, 64, 14, 64, 3, 1, 1, 1);
    convolution(only, 16, 64, 56, 64, 1, 1, 0, 1);
    convolution(only, 16, 64, 56, 128, 3, 2, 1, 1);
    convolution(only, 1, 64, 56, 64, 3, 1, 1, 1);
    convolution(only, 1, 512, 7, 512, 3, 1, 1, 1);
    convolution(only, 16, 64, 28, 64, 3, 1, 1, 64);
    convolution(only, 8, 3, 64, 64, 7, 2, 3, 1);
    convolution(only, 256, 128, 7, 128, 3, 1, 1, 1);
    windows(only, 2048, 28, 2, 2, 0);
    windows(only, 4096, 14, 2, 2, 0);
    windows(only, 384, 28, 2, 2, 0);
    windows(only, 1024, 10, 2, 2, 0);
    windows(only, 1024, 56, 3, 2, 1);
    windows(only, 1024, 28, 3, 1, 1);
  }

  /** A micro-kernel alone, on panels that stay in the first-level cache. */
  private static void tile(String only, int height, boolean wide, boolean rows) {
    int depth = 256;
    int calls = 1000;
    int pieces = Runtime.getRuntime().availableProcessors();
    long row = 2L * Simd.VECTOR_BYTES;
    Random random = new Random(1);
    MemorySegment[] table = {
      Numbers.random(DType.F32, (long) height * depth, random),
      Numbers.random(DType.F32, depth * row / 4, random),
      Numbers.exactly((long) pieces * height * row, (byte) 0)
    };
    long aRow = rows ? depth * 4L : 4;
    long aStep = rows ? 4 : height * 4L;
    int columns = Simd.VECTOR_BYTES / 4 * (wide ? 2 : 1);
    String name = "tile " + height + "x" + (wide ? 2 : 1) + (rows ? " rows" : " columns");
    Kernel kernel =
        new Kernel() {
          @Override
          public String name() {
            return name;
          }

          @Override
          public int pieces(int stage) {
            return pieces;
          }

          @Override
          public void run(MemorySegment[] table, int stage, int piece) {
            long c = (long) piece * height * row;
            for (int i = 0; i < calls; i++) {
              TilesF32.tile(
                  height, wide, table[0], 0, aRow, aStep, table[1], 0, row, table[2], c, row,
                  depth);
            }
          }

          @Override
          public double flops() {
            return 2.0 * pieces * calls * height * columns * depth;
          }
        };
    report(only, kernel, name, table);
  }

  private static void product(
      String only, int count, int m, int k, int n, boolean transposeA, boolean transposeB) {
    List<Integer> batch = count == 1 ? List.of() : List.of(count);
    Product.Matrix a =
        transposeA
            ? Product.Matrix.rowMajor(new Operand(0, 0), batch, k, m).transposed()
            : Product.Matrix.rowMajor(new Operand(0, 0), batch, m, k);
    Product.Matrix b =
        transposeB
            ? Product.Matrix.rowMajor(new Operand(1, 0), batch, n, k).transposed()
            : Product.Matrix.rowMajor(new Operand(1, 0), batch, k, n);
    Random random = new Random(1);
    MemorySegment[] table = {
      Numbers.random(DType.F32, (long) count * m * k, random),
      Numbers.random(DType.F32, (long) count * k * n, random),
      Numbers.exactly(4L * count * m * n, (byte) 0),
      Numbers.exactly(Product.scratchBytes(DType.F32, batch, m, k, n, a, b), (byte) 0)
    };
    Kernel kernel =
        new Product(DType.F32, batch, m, k, n, a, b, new Operand(2, 0), new Operand(3, 0));
    report(
        only, kernel, kernel.name() + (transposeA ? " A'" : "") + (transposeB ? " B'" : ""), table);
  }

  private static void convolution(
      String only,
      int images,
      int channels,
      int size,
      int outChannels,
      int kernel,
      int stride,
      int pad,
      int groups) {
    Shape x = Shape.of(images, channels, size, size);
    Shape w = Shape.of(outChannels, channels / groups, kernel, kernel);
    Window window =
        new Window(
            List.of(kernel, kernel),
            List.of(stride, stride),
            List.of(pad, pad),
            List.of(pad, pad),
            List.of(1, 1));
    Shape y = Shape.of(images, outChannels, window.out(0, size), window.out(1, size));
    Random random = new Random(1);
    Operand scratch = new Operand(3, 0);
    MemorySegment memory =
        Numbers.exactly(
            Math.max(
                Convolution.scratchBytes(DType.F32, x, w, window, groups),
                Math.max(
                    ConvolutionInputGradient.scratchBytes(DType.F32, x, w, window, groups),
                    ConvolutionWeightGradient.scratchBytes(DType.F32, x, w, window, groups))),
            (byte) 0);
    MemorySegment[] table = {
      Numbers.random(DType.F32, x.size(), random),
      Numbers.random(DType.F32, w.size(), random),
      Numbers.random(DType.F32, y.size(), random),
      memory
    };
    Operand xAt = new Operand(0, 0);
    Operand wAt = new Operand(1, 0);
    Operand yAt = new Operand(2, 0);
    List<Kernel> kernels =
        List.of(
            Convolution.of(DType.F32, x, w, window, groups, xAt, wAt, yAt, scratch),
            ConvolutionInputGradient.of(DType.F32, x, w, window, groups, yAt, wAt, xAt, scratch),
            ConvolutionWeightGradient.of(DType.F32, x, w, window, groups, xAt, yAt, wAt, scratch));
    for (Kernel each : kernels) {
      // The results overwrite operands of the other kernels: fresh numbers keep them from growing
      // to infinity.
      for (int i = 0; i < 3; i++) {
        table[i] = Numbers.random(DType.F32, table[i].byteSize() / 4, random);
      }
      report(only, each, each.name(), table);
    }
  }

  private static void windows(String only, int planes, int size, int kernel, int stride, int pad) {
    Window window =
        new Window(
            List.of(kernel, kernel),
            List.of(stride, stride),
            List.of(pad, pad),
            List.of(pad, pad),
            List.of(1, 1));
    Random random = new Random(1);
    long out = (long) planes * window.out(0, size) * window.out(1, size);
    for (WindowKernel.Kind kind : WindowKernel.Kind.values()) {
      MemorySegment[] table = {
        Numbers.random(DType.F32, (long) planes * size * size, random),
        Numbers.random(DType.F32, out, random)
      };
      boolean back = kind == WindowKernel.Kind.SUM_GRADIENT;
      Kernel each =
          new WindowKernel(
              kind,
              DType.F32,
              window,
              planes,
              List.of(size, size),
              new Operand(back ? 1 : 0, 0),
              new Operand(back ? 0 : 1, 0));
      report(only, each, each.name() + " step " + stride, table);
    }
  }

  private static void report(String only, Kernel kernel, String name, MemorySegment[] table) {
    if (!name.contains(only)) {
      return;
    }
    StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-64s", name));
    for (int threads : new int[] {1, Runtime.getRuntime().availableProcessors()}) {
      try (Team team = new Team(threads)) {
        double seconds = best(team, kernel, table);
        line.append(
            String.format(
                Locale.ROOT,
                "%3d threads %7.1f GFLOP/s %9.1f us",
                threads,
                kernel.flops() / seconds * 1e-9,
                seconds * 1e6));
      }
    }
    System.out.println(line);
  }

  /** Seconds of one run: the best round of those that fit into 0.4 seconds. */
  private static double best(Team team, Kernel kernel, MemorySegment[] table) {
    double best = Double.MAX_VALUE;
    int runs = 1;
    long start = System.nanoTime();
    while (System.nanoTime() - start < 400_000_000L) {
      long begin = System.nanoTime();
      for (int i = 0; i < runs; i++) {
        team.run(kernel, table);
      }
      double seconds = (System.nanoTime() - begin) * 1e-9 / runs;
      best = Math.min(best, seconds);
      runs = (int) Math.clamp(2e-3 / seconds, 1, 10_000);
    }
    return best;
  }
}
