package org.cajal.run.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.cajal.op.Window;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.run.Team;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Convolution and its two gradients against plain loops in double precision, and against one
 * another.
 */
class ConvolutionTest {
  private static final long SEED = 20_250_202;

  /** Without this the first convolutions would run on the scalar twins. */
  @BeforeAll
  static void useVectors() {
    Warmth.await(DType.F32);
    Warmth.await(DType.F64);
  }

  /** One geometry, with the shapes that follow from it. */
  private record Case(DType type, Shape x, Shape w, Window window, int groups) {
    Shape y() {
      List<Integer> dims = new ArrayList<>(List.of(x.dim(0), w.dim(0)));
      for (int axis = 0; axis < window.kernel().size(); axis++) {
        dims.add(window.out(axis, x.dim(axis + 2)));
      }
      return new Shape(dims);
    }

    /**
     * Runs a kernel over two inputs on each team and returns its output, of which no bit may depend
     * on the team.
     */
    MemorySegment run(
        Kernel kernel,
        MemorySegment a,
        MemorySegment b,
        Shape out,
        long scratchBytes,
        Team... teams) {
      MemorySegment first = null;
      for (Team team : teams) {
        MemorySegment result = Numbers.exactly(out.size() * type.bytes(), (byte) 0xFF);
        MemorySegment scratch = Numbers.exactly(64 + scratchBytes, (byte) 0xFF);
        team.run(kernel, new MemorySegment[] {a, b, result, scratch});
        if (first == null) {
          first = result;
        } else {
          assertThat(result.mismatch(first))
              .as("%s: bits differ on %d threads", this, team.threads())
              .isEqualTo(-1);
        }
      }
      return first;
    }

    void check(Team... teams) {
      Random random = new Random(SEED + x.hashCode() * 31L + w.hashCode());
      MemorySegment input = Numbers.random(type, x.size(), random);
      MemorySegment weights = Numbers.random(type, w.size(), random);
      MemorySegment dy = Numbers.random(type, y().size(), random);
      Operand a = new Operand(0, 0);
      Operand b = new Operand(1, 0);
      Operand c = new Operand(2, 0);
      Operand scratch = new Operand(3, 64);
      MemorySegment y =
          run(
              Convolution.of(type, x, w, window, groups, a, b, c, scratch),
              input,
              weights,
              y(),
              Convolution.scratchBytes(type, x, w, window, groups),
              teams);
      MemorySegment dx =
          run(
              ConvolutionInputGradient.of(type, x, w, window, groups, a, b, c, scratch),
              dy,
              weights,
              x,
              ConvolutionInputGradient.scratchBytes(type, x, w, window, groups),
              teams);
      MemorySegment dw =
          run(
              ConvolutionWeightGradient.of(type, x, w, window, groups, a, b, c, scratch),
              input,
              dy,
              w,
              ConvolutionWeightGradient.scratchBytes(type, x, w, window, groups),
              teams);

      double[] expectedY = new double[Math.toIntExact(y().size())];
      double[] expectedDx = new double[Math.toIntExact(x.size())];
      double[] expectedDw = new double[Math.toIntExact(w.size())];
      double[] sizeY = new double[expectedY.length];
      double[] sizeDx = new double[expectedDx.length];
      double[] sizeDw = new double[expectedDw.length];
      visit(
          (xi, wi, yi) -> {
            double p = Numbers.get(type, input, xi);
            double q = Numbers.get(type, weights, wi);
            double r = Numbers.get(type, dy, yi);
            expectedY[yi] += p * q;
            expectedDx[xi] += q * r;
            expectedDw[wi] += p * r;
            sizeY[yi] += Math.abs(p * q);
            sizeDx[xi] += Math.abs(q * r);
            sizeDw[wi] += Math.abs(p * r);
          });
      compare("y", expectedY, sizeY, y);
      compare("dx", expectedDx, sizeDx, dx);
      compare("dw", expectedDw, sizeDw, dw);

      // <conv(x, w), dy> = <x, dx> = <w, dw>
      double viaY = dot(y, dy, y().size());
      double tolerance = (type == DType.F32 ? 1e-5 : 1e-13) * (1 + sum(sizeY));
      assertThat(dot(input, dx, x.size())).as(toString()).isCloseTo(viaY, Numbers.near(tolerance));
      assertThat(dot(weights, dw, w.size()))
          .as(toString())
          .isCloseTo(viaY, Numbers.near(tolerance));
    }

    private static double sum(double[] values) {
      double sum = 0;
      for (double value : values) {
        sum += value;
      }
      return sum;
    }

    private double dot(MemorySegment a, MemorySegment b, long count) {
      double sum = 0;
      for (long i = 0; i < count; i++) {
        sum += Numbers.get(type, a, i) * Numbers.get(type, b, i);
      }
      return sum;
    }

    private void compare(String what, double[] expected, double[] size, MemorySegment found) {
      double unit = type == DType.F32 ? Math.ulp(1f) : Math.ulp(1d);
      for (int i = 0; i < expected.length; i++) {
        double value = Numbers.get(type, found, i);
        if (!(Math.abs(value - expected[i]) <= 12 * unit * size[i])) {
          throw new AssertionError(
              this + ": " + what + "[" + i + "] is " + value + " instead of " + expected[i]);
        }
      }
    }

    private interface Visitor {
      void at(int x, int w, int y);
    }

    /** Every multiplication of the convolution, as positions in its three arrays. */
    private void visit(Visitor visitor) {
      int axes = window.kernel().size();
      int[] in = x.sub(2, 2 + axes).toArray();
      int[] out = y().sub(2, 2 + axes).toArray();
      int[] kernel = window.kernel().stream().mapToInt(Integer::intValue).toArray();
      int channels = w.dim(1);
      int outs = w.dim(0) / groups;
      int taps = product(kernel);
      int positions = product(out);
      for (int n = 0; n < x.dim(0); n++) {
        for (int o = 0; o < w.dim(0); o++) {
          for (int c = 0; c < channels; c++) {
            int channel = o / outs * channels + c;
            for (int p = 0; p < positions; p++) {
              for (int t = 0; t < taps; t++) {
                int at = 0;
                int position = p;
                int tap = t;
                boolean inside = true;
                int scale = 1;
                for (int axis = axes - 1; axis >= 0; axis--) {
                  int s =
                      position % out[axis] * window.stride().get(axis)
                          + tap % kernel[axis] * window.dilation().get(axis)
                          - window.padLow().get(axis);
                  inside &= s >= 0 && s < in[axis];
                  at += s * scale;
                  scale *= in[axis];
                  position /= out[axis];
                  tap /= kernel[axis];
                }
                if (inside) {
                  visitor.at(
                      (n * x.dim(1) + channel) * product(in) + at,
                      (o * channels + c) * taps + t,
                      (n * w.dim(0) + o) * positions + p);
                }
              }
            }
          }
        }
      }
    }

    private static int product(int[] sizes) {
      int product = 1;
      for (int size : sizes) {
        product *= size;
      }
      return product;
    }
  }

  private static Case square(
      DType type,
      int images,
      int channels,
      int size,
      int outChannels,
      int kernel,
      int stride,
      int pad) {
    return new Case(
        type,
        Shape.of(images, channels, size, size),
        Shape.of(outChannels, channels, kernel, kernel),
        new Window(
            List.of(kernel, kernel),
            List.of(stride, stride),
            List.of(pad, pad),
            List.of(pad, pad),
            List.of(1, 1)),
        1);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void randomGeometries(DType type) {
    try (Team alone = new Team(1);
        Team two = new Team(2);
        Team three = new Team(3)) {
      for (int axes = 1; axes <= 3; axes++) {
        for (int repeat = 0; repeat < 50; repeat++) {
          random(type, axes, SEED + 1000L * axes + repeat).check(alone, two, three);
        }
      }
    }
  }

  private static Case random(DType type, int axes, long seed) {
    Random random = new Random(seed);
    int largest = axes == 1 ? 60 : axes == 2 ? 18 : 6;
    while (true) {
      int groups = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
      int channels = 1 + random.nextInt(random.nextInt(4) == 0 ? 20 : 4);
      int outs = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 7);
      List<Integer> x = new ArrayList<>(List.of(1 + random.nextInt(5), channels * groups));
      List<Integer> w = new ArrayList<>(List.of(outs * groups, channels));
      List<Integer> stride = new ArrayList<>();
      List<Integer> low = new ArrayList<>();
      List<Integer> high = new ArrayList<>();
      List<Integer> dilation = new ArrayList<>();
      for (int i = 0; i < axes; i++) {
        x.add(1 + random.nextInt(largest));
        w.add(1 + random.nextInt(5));
        stride.add(random.nextBoolean() ? 1 : 1 + random.nextInt(4));
        low.add(random.nextInt(random.nextInt(5) == 0 ? 8 : 3));
        high.add(random.nextInt(random.nextInt(5) == 0 ? 8 : 3));
        dilation.add(random.nextBoolean() ? 1 : 1 + random.nextInt(3));
      }
      Window window = new Window(w.subList(2, 2 + axes), stride, low, high, dilation);
      boolean fits = true;
      for (int i = 0; i < axes; i++) {
        fits &= window.out(i, x.get(2 + i)) >= 1;
      }
      if (fits) {
        return new Case(type, new Shape(x), new Shape(w), window, groups);
      }
    }
  }

  @Test
  void layersOfRealNetworks() {
    try (Team alone = new Team(1);
        Team two = new Team(2);
        Team three = new Team(3)) {
      square(DType.F32, 9, 1, 28, 6, 5, 1, 2).check(alone, two, three);
      square(DType.F32, 9, 6, 14, 16, 5, 1, 0).check(alone, two, three);
      square(DType.F32, 3, 16, 5, 120, 5, 1, 0).check(alone, two, three);
      square(DType.F32, 4, 32, 28, 32, 3, 1, 1).check(alone, two, three);
      square(DType.F32, 4, 64, 14, 64, 3, 1, 1).check(alone, two, three);
      square(DType.F32, 2, 64, 14, 20, 1, 1, 0).check(alone, two, three);
      square(DType.F32, 2, 16, 33, 24, 3, 2, 1).check(alone, two, three);
      square(DType.F32, 2, 3, 64, 8, 7, 2, 3).check(alone, two, three);
    }
  }

  /**
   * Small images of few samples, as the last batch of an epoch has them: one block of positions,
   * whose rows are cut into groups of tiles, often not as many in each.
   */
  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void smallImagesInSmallBatches(DType type) {
    try (Team alone = new Team(1);
        Team two = new Team(2);
        Team three = new Team(3)) {
      square(type, 14, 64, 2, 96, 3, 1, 1).check(alone, two, three);
      for (int images = 1; images <= 40; images++) {
        for (int stride = 1; stride <= 3; stride++) {
          small(type, images, stride).check(alone, two, three);
        }
      }
    }
  }

  /** Images of 3 to 9 lines whose product is worth up to about as many pieces as are cut. */
  private static Case small(DType type, int images, int stride) {
    Random random = new Random(SEED + 10L * images + stride);
    while (true) {
      int size = 3 + random.nextInt(7);
      int channels = 1 + random.nextInt(80);
      int outs = 1 + random.nextInt(80);
      int kernel = 1 + random.nextInt(4);
      Case drawn = square(type, images, channels, size, outs, kernel, stride, random.nextInt(3));
      if (drawn.window().out(0, size) >= 1) {
        double flops = 2.0 * drawn.w().size() * images * drawn.y().dim(2) * drawn.y().dim(3);
        if (flops <= 10_000_000) {
          return drawn;
        }
      }
    }
  }

  /** Sizes, paddings, groups and channels for which tiles do not come out even. */
  @Test
  void winogradGeometries() {
    try (Team alone = new Team(1);
        Team two = new Team(2);
        Team three = new Team(3)) {
      Random random = new Random(SEED);
      for (int repeat = 0; repeat < 5; repeat++) {
        int groups = 1 + random.nextInt(4) / 3;
        int channels = 44 + random.nextInt(20);
        int outs = 44 + random.nextInt(20);
        int images = 3 + random.nextInt(6);
        int least = (int) Math.ceil(Math.sqrt(4 * 512.0 / images)) + 2;
        List<Integer> low = List.of(random.nextInt(4), random.nextInt(4));
        List<Integer> high = List.of(random.nextInt(4), random.nextInt(4));
        check(
            Shape.of(images, channels * groups, size(random, least), size(random, least)),
            Shape.of(outs * groups, channels, 3, 3),
            low,
            high,
            groups,
            alone,
            two,
            three);
      }
      List<Integer> one = List.of(1, 1);
      // Many images in a block, parts of an image, parts of a line.
      check(Shape.of(300, 32, 3, 2), Shape.of(45, 32, 3, 3), one, one, 1, alone, two, three);
      check(Shape.of(1, 45, 61, 63), Shape.of(32, 45, 3, 3), one, one, 1, alone, two, three);
      check(Shape.of(1, 32, 5, 901), Shape.of(32, 32, 3, 3), one, one, 1, alone, two, three);
      check(Shape.of(21, 70, 9, 9), Shape.of(48, 70, 3, 3), one, one, 1, alone, two, three);
    }
  }

  private static int size(Random random, int least) {
    return least + random.nextInt(8);
  }

  private static void check(
      Shape x, Shape w, List<Integer> low, List<Integer> high, int groups, Team... teams) {
    Window window = new Window(List.of(3, 3), List.of(1, 1), low, high, List.of(1, 1));
    Geometry geometry = Geometry.of(DType.F32, x, w, window, groups);
    assertThat(WinogradConvolution.serves(geometry)).isTrue();
    assertThat(WinogradWeightGradient.serves(geometry)).isTrue();
    new Case(DType.F32, x, w, window, groups).check(teams);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void longLinesDeepChannelsAndDepthwise(DType type) {
    try (Team alone = new Team(1);
        Team two = new Team(2);
        Team three = new Team(3)) {
      Window nine = new Window(List.of(9), List.of(1), List.of(4), List.of(4), List.of(1));
      new Case(type, Shape.of(1, 3, 9_000), Shape.of(5, 3, 9), nine, 1).check(alone, two, three);
      Window strided = new Window(List.of(9), List.of(3), List.of(0), List.of(5), List.of(2));
      new Case(type, Shape.of(1, 3, 20_000), Shape.of(5, 3, 9), strided, 1)
          .check(alone, two, three);
      square(type, 1, 150, 6, 40, 3, 1, 1).check(alone, two, three);
      Window three3 =
          new Window(List.of(3, 3), List.of(1, 1), List.of(1, 1), List.of(1, 1), List.of(1, 1));
      new Case(type, Shape.of(2, 40, 15, 17), Shape.of(40, 1, 3, 3), three3, 40)
          .check(alone, two, three);
      new Case(type, Shape.of(2, 40, 15, 17), Shape.of(80, 1, 3, 3), three3, 40)
          .check(alone, two, three);
      // Parts of lines, lines of an image, and several images are blocks of their own.
      new Case(type, Shape.of(1, 2, 70_000), Shape.of(2, 1, 9), nine, 2).check(alone, two, three);
      new Case(type, Shape.of(1, 3, 40_000), Shape.of(6, 1, 9), strided, 3)
          .check(alone, two, three);
      new Case(type, Shape.of(1, 2, 190, 200), Shape.of(2, 1, 3, 3), three3, 2)
          .check(alone, two, three);
      new Case(type, Shape.of(5, 3, 7, 7), Shape.of(3, 1, 3, 3), three3, 3)
          .check(alone, two, three);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void emptyAxesGiveZerosOrNothing(DType type) {
    Window window = new Window(List.of(3), List.of(2), List.of(1), List.of(1), List.of(1));
    try (Team alone = new Team(1);
        Team two = new Team(2)) {
      new Case(type, Shape.of(0, 2, 7), Shape.of(3, 2, 3), window, 1).check(alone, two);
      new Case(type, Shape.of(2, 0, 7), Shape.of(3, 0, 3), window, 1).check(alone, two);
      new Case(type, Shape.of(2, 2, 7), Shape.of(0, 2, 3), window, 1).check(alone, two);
      new Case(type, Shape.of(2, 2, 0), Shape.of(3, 2, 3), window, 1).check(alone, two);
    }
  }

  @Test
  void refusesShapesThatDoNotBelongTogether() {
    Window window =
        new Window(
            List.of(3),
            Collections.nCopies(1, 1),
            List.of(0),
            List.of(0),
            Collections.nCopies(1, 1));
    assertThatThrownBy(
            () ->
                Convolution.scratchBytes(
                    DType.F32, Shape.of(2, 4, 7), Shape.of(3, 3, 3), window, 1))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            "[convolution] no kernel for F32 [2, 4, 7] with weights [3, 3, 3], 1 groups and"
                + " Window[kernel=[3], stride=[1], padLow=[0], padHigh=[0], dilation=[1]]");
  }
}
