package org.cajal.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.Shape;

/**
 * Images of handwritten-looking digits, 28 × 28, white on black like MNIST's, as many as wanted and
 * without a download: strokes of {@link DigitTemplates} with shaken points, elastic and affine
 * distortion, a pen of varying width and pressure, blur and noise. Image i is a pure function of
 * seed and i; its digit is i modulo 10, so any run of images holds all digits equally often.
 */
public final class DrawnDigits {
  /** Width and height of an image in pixels. */
  public static final int SIZE = 28;

  private static final int PIXELS = SIZE * SIZE;
  private static final int PIECES = 5;
  private static final int MOST_POINTS = 160;

  private DrawnDigits() {}

  /**
   * Images with their digits, shape [1, 28, 28]; drawn on all cores.
   *
   * @param count 1 to 2,000,000
   * @throws CajalException if the count is out of range
   */
  public static Dataset of(int count, long seed) {
    if (count < 1 || count > 2_000_000) {
      throw new CajalException(
          "[digits] " + count + " images are out of range; 1 to 2000000 are allowed");
    }
    byte[] bytes = new byte[count * PIXELS];
    int[] classes = new int[count];
    int block = 64;
    IntStream.range(0, (count + block - 1) / block)
        .parallel()
        .forEach(
            b -> {
              Canvas canvas = new Canvas();
              for (int i = b * block; i < Math.min(count, (b + 1) * block); i++) {
                classes[i] = digit(i);
                canvas.draw(seed, i, bytes, i * PIXELS);
              }
            });
    List<String> labels = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    return Dataset.classification(
            "digits", ByteRows.of(bytes, Shape.of(1, SIZE, SIZE)), classes, labels)
        .withProvenance("drawn digits, seed " + seed);
  }

  /**
   * Different images to train and to test on.
   *
   * @throws CajalException if a count is out of range
   */
  public static TrainTest trainTest(int train, int test, long seed) {
    return new TrainTest(of(train, seed), of(test, CounterRandom.key(seed, "digits to test on")));
  }

  /** The digit of an image. */
  public static int digit(int index) {
    return index % 10;
  }

  /** One image: 784 bytes, row by row, 0 black to 255 white. */
  public static byte[] image(long seed, int index) {
    byte[] out = new byte[PIXELS];
    new Canvas().draw(seed, index, out, 0);
    return out;
  }

  /** The working memory of one thread. */
  private static final class Canvas {
    private final double[] xs = new double[MOST_POINTS];
    private final double[] ys = new double[MOST_POINTS];
    private final float[] ink = new float[PIXELS];
    private final float[] blurred = new float[PIXELS];

    void draw(long seed, int index, byte[] out, int offset) {
      Draws draws = new Draws(CounterRandom.key(CounterRandom.key(seed, "digits"), index));
      int digit = digit(index);
      double[][] strokes = DigitTemplates.strokes(digit, draws.below(DigitTemplates.ways(digit)));
      Warp warp = new Warp(draws);
      double width = 1.25 + 0.42 * draws.normal();
      double radius = Math.min(2.3, Math.max(0.65, width));
      double press = draws.uniform(0, 0.35);
      double pressPhase = draws.uniform(0, 2 * Math.PI);
      double shake = draws.uniform(1.0, 4.2);
      Arrays.fill(ink, 0);
      for (double[] stroke : strokes) {
        int points = curve(stroke, shake, warp, draws);
        for (int p = 0; p + 1 < points; p++) {
          double local = radius * (1 + press * StrictMath.sin(pressPhase + 0.35 * p));
          segment(xs[p], ys[p], xs[p + 1], ys[p + 1], local);
        }
      }
      develop(draws, out, offset);
    }

    /** Puts the points of a shaken, smoothed and warped stroke into xs and ys; their number. */
    private int curve(double[] stroke, double shake, Warp warp, Draws draws) {
      int n = stroke.length / 3;
      double[] px = new double[n];
      double[] py = new double[n];
      for (int i = 0; i < n; i++) {
        px[i] = stroke[3 * i] + shake * draws.normal();
        py[i] = stroke[3 * i + 1] + shake * draws.normal();
      }
      double cut = Math.max(0, draws.uniform(-0.4, 0.35));
      px[n - 1] += cut * (px[n - 2] - px[n - 1]);
      py[n - 1] += cut * (py[n - 2] - py[n - 1]);
      int count = 0;
      for (int i = 0; i + 1 < n; i++) {
        int before = i == 0 || stroke[3 * i + 2] == 1 ? i : i - 1;
        int after = i + 2 == n || stroke[3 * (i + 1) + 2] == 1 ? i + 1 : i + 2;
        for (int k = 0; k < PIECES || (i + 2 == n && k == PIECES); k++) {
          double t = k / (double) PIECES;
          double x = between(px[before], px[i], px[i + 1], px[after], t);
          double y = between(py[before], py[i], py[i + 1], py[after], t);
          xs[count] = warp.x(x, y);
          ys[count] = warp.y(x, y);
          count++;
        }
      }
      return count;
    }

    /** The spline of Catmull and Rom (1974) from b to c. */
    private static double between(double a, double b, double c, double d, double t) {
      double s = 0.5 * (c - a);
      double e = 0.5 * (d - b);
      return b + t * (s + t * (3 * (c - b) - 2 * s - e + t * (2 * (b - c) + s + e)));
    }

    /** Inks the pixels near a segment; the pen's edge is one pixel soft. */
    private void segment(double x0, double y0, double x1, double y1, double radius) {
      int left = Math.max(0, (int) Math.floor(Math.min(x0, x1) - radius - 0.5));
      int right = Math.min(SIZE - 1, (int) Math.ceil(Math.max(x0, x1) + radius + 0.5));
      int top = Math.max(0, (int) Math.floor(Math.min(y0, y1) - radius - 0.5));
      int bottom = Math.min(SIZE - 1, (int) Math.ceil(Math.max(y0, y1) + radius + 0.5));
      double dx = x1 - x0;
      double dy = y1 - y0;
      double length = dx * dx + dy * dy;
      for (int y = top; y <= bottom; y++) {
        for (int x = left; x <= right; x++) {
          double t = length == 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / length;
          t = Math.min(1, Math.max(0, t));
          double ex = x - x0 - t * dx;
          double ey = y - y0 - t * dy;
          float cover = (float) (radius + 0.5 - Math.sqrt(ex * ex + ey * ey));
          if (cover > ink[y * SIZE + x]) {
            ink[y * SIZE + x] = Math.min(1, cover);
          }
        }
      }
    }

    /** Blurs, adds noise and rounds to bytes. */
    private void develop(Draws draws, byte[] out, int offset) {
      float side = (float) draws.uniform(0.02, 0.16);
      float middle = 1 - 2 * side;
      for (int i = 0; i < PIXELS; i++) {
        int x = i % SIZE;
        float a = x > 0 ? ink[i - 1] : 0;
        float b = x < SIZE - 1 ? ink[i + 1] : 0;
        blurred[i] = middle * ink[i] + side * (a + b);
      }
      float strength = (float) draws.uniform(0.82, 1.0) * 255;
      float noise = (float) Math.max(0, draws.uniform(-0.05, 0.11)) * 255;
      long bits = 0;
      long key = draws.key();
      for (int i = 0; i < PIXELS; i++) {
        if ((i & 7) == 0) {
          bits = CounterRandom.bits(key, i >> 3);
        }
        float a = i >= SIZE ? blurred[i - SIZE] : 0;
        float b = i < PIXELS - SIZE ? blurred[i + SIZE] : 0;
        float value = strength * (middle * blurred[i] + side * (a + b));
        float grain = (byte) (bits >>> ((i & 7) * 8)) / 128f;
        out[offset + i] = (byte) Math.min(255, Math.max(0, Math.round(value + noise * grain)));
      }
    }
  }

  /** Elastic then affine distortion, from hundredths of the box to pixels. */
  private static final class Warp {
    private final double[] waves = new double[16];
    private final double xx;
    private final double xy;
    private final double yx;
    private final double yy;
    private final double shiftX;
    private final double shiftY;

    Warp(Draws draws) {
      double strength = draws.uniform(1.0, 5.5);
      for (int w = 0; w < 4; w++) {
        waves[4 * w] = strength * draws.normal();
        waves[4 * w + 1] = draws.uniform(-1, 1) * 0.075;
        waves[4 * w + 2] = draws.uniform(-1, 1) * 0.075;
        waves[4 * w + 3] = draws.uniform(0, 2 * Math.PI);
      }
      double angle = 0.13 * draws.normal();
      double slant = 0.16 * draws.normal() - 0.06;
      double height = 0.195 * Math.min(1.2, Math.max(0.72, 1 + 0.1 * draws.normal()));
      double width = height * Math.min(1.2, Math.max(0.6, 0.9 + 0.14 * draws.normal()));
      double cos = StrictMath.cos(angle);
      double sin = StrictMath.sin(angle);
      xx = cos * width;
      xy = (cos * slant - sin) * height;
      yx = sin * width;
      yy = (sin * slant + cos) * height;
      shiftX = 13.5 + 0.9 * draws.normal();
      shiftY = 13.5 + 0.9 * draws.normal();
    }

    double x(double x, double y) {
      return shiftX + xx * (bentX(x, y) - 50) + xy * (bentY(x, y) - 50);
    }

    double y(double x, double y) {
      return shiftY + yx * (bentX(x, y) - 50) + yy * (bentY(x, y) - 50);
    }

    private double bentX(double x, double y) {
      return x + wave(0, x, y) + wave(4, x, y);
    }

    private double bentY(double x, double y) {
      return y + wave(8, x, y) + wave(12, x, y);
    }

    private double wave(int at, double x, double y) {
      return waves[at] * StrictMath.sin(waves[at + 1] * x + waves[at + 2] * y + waves[at + 3]);
    }
  }
}
