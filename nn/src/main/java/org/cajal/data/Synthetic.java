package org.cajal.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Small sets made by rule: truth tables, and clouds of points whose row i is a pure function of
 * seed and i. Points of classes take turns: row i belongs to class i modulo the number of classes.
 */
public final class Synthetic {
  private Synthetic() {}

  /** What a row of noise or position reads from: one key a row. */
  private interface Point {
    void fill(int row, Draws draws, float[] x);
  }

  /** Conjunction of two truth values: 4 rows of shape [2], inputs 0 and 1, classes "0" and "1". */
  public static Dataset and() {
    return truth("and", 2, bits -> bits == 3);
  }

  /** Disjunction of two truth values: 4 rows of shape [2], inputs 0 and 1, classes "0" and "1". */
  public static Dataset or() {
    return truth("or", 2, bits -> bits != 0);
  }

  /** Negation: 2 rows of shape [1], inputs 0 and 1, classes "0" and "1". */
  public static Dataset not() {
    return truth("not", 1, bits -> bits == 0);
  }

  /**
   * Exclusive or: 4 rows of shape [2], inputs 0 and 1, classes "0" and "1"; no line divides them
   * (M. Minsky, S. Papert 1969).
   */
  public static Dataset xor() {
    return parity(2);
  }

  /**
   * Whether an odd number of n bits is set: all 2^n rows of shape [n], inputs 0 and 1, classes "0"
   * and "1".
   *
   * @param bits 1 to 20
   * @throws CajalException if the number of bits is out of range
   */
  public static Dataset parity(int bits) {
    if (bits < 1 || bits > 20) {
      throw new CajalException("[parity] " + bits + " bits are out of range; 1 to 20 are allowed");
    }
    return truth(
        bits == 2 ? "xor" : "parity" + bits, bits, value -> Integer.bitCount(value) % 2 == 1);
  }

  private static Dataset truth(String name, int bits, IntPredicate rule) {
    int rows = 1 << bits;
    float[] x = new float[rows * bits];
    int[] y = new int[rows];
    for (int r = 0; r < rows; r++) {
      for (int b = 0; b < bits; b++) {
        x[r * bits + b] = (r >> (bits - 1 - b)) & 1;
      }
      y[r] = rule.test(r) ? 1 : 0;
    }
    return Dataset.classification(name, rows(x, bits), y, List.of("0", "1"))
        .withProvenance("truth table");
  }

  /**
   * Two circles around the origin, of radius 1 (class "outer") and 0.5 (class "inner").
   *
   * @param noise standard deviation of the normal noise on each coordinate
   * @throws CajalException if the number of rows is below 2 or the noise negative
   */
  public static Dataset circles(int rows, double noise, long seed) {
    return points(
        "circles",
        rows,
        noise,
        seed,
        List.of("outer", "inner"),
        (row, draws, x) -> {
          double angle = draws.uniform(0, 2 * Math.PI);
          double radius = row % 2 == 0 ? 1 : 0.5;
          x[0] = (float) (radius * StrictMath.cos(angle) + noise * draws.normal());
          x[1] = (float) (radius * StrictMath.sin(angle) + noise * draws.normal());
        });
  }

  /**
   * Two interlocking half circles of radius 1, the upper around (0, 0), the lower around (1, 0.5).
   *
   * @param noise standard deviation of the normal noise on each coordinate
   * @throws CajalException if the number of rows is below 2 or the noise negative
   */
  public static Dataset moons(int rows, double noise, long seed) {
    return points(
        "moons",
        rows,
        noise,
        seed,
        List.of("upper", "lower"),
        (row, draws, x) -> {
          double angle = draws.uniform(0, Math.PI);
          double cos = StrictMath.cos(angle);
          double sin = StrictMath.sin(angle);
          x[0] = (float) ((row % 2 == 0 ? cos : 1 - cos) + noise * draws.normal());
          x[1] = (float) ((row % 2 == 0 ? sin : 0.5 - sin) + noise * draws.normal());
        });
  }

  /**
   * Interlocking spirals from the origin to radius 1, one a class, each of one and a half turns.
   *
   * @param arms the number of classes, 2 to 10
   * @param noise standard deviation of the normal noise on each coordinate
   * @throws CajalException if the number of rows is below the number of arms, or an argument is out
   *     of range
   */
  public static Dataset spirals(int rows, int arms, double noise, long seed) {
    checkClasses("spirals", arms);
    return points(
        "spirals",
        rows,
        noise,
        seed,
        numbered(arms),
        (row, draws, x) -> {
          double radius = StrictMath.sqrt(draws.uniform());
          double angle = 2 * Math.PI * (1.5 * radius + (double) (row % arms) / arms);
          x[0] = (float) (radius * StrictMath.cos(angle) + noise * draws.normal());
          x[1] = (float) (radius * StrictMath.sin(angle) + noise * draws.normal());
        });
  }

  /**
   * Normal clouds of standard deviation {@code spread}, one a class, their centres evenly on the
   * circle of radius 1.
   *
   * @param classes 2 to 10
   * @throws CajalException if the number of rows is below the number of classes, or an argument is
   *     out of range
   */
  public static Dataset gaussians(int rows, int classes, double spread, long seed) {
    checkClasses("gaussians", classes);
    return points(
        "gaussians",
        rows,
        spread,
        seed,
        numbered(classes),
        (row, draws, x) -> {
          double angle = 2 * Math.PI * (row % classes) / classes;
          x[0] = (float) (StrictMath.cos(angle) + spread * draws.normal());
          x[1] = (float) (StrictMath.sin(angle) + spread * draws.normal());
        });
  }

  /**
   * A plane to regress: y = 0.5 + 2 a - 3 b plus noise, a and b uniform on (-1, 1); targets F32 [N,
   * 1].
   *
   * @param noise standard deviation of the normal noise on y
   * @throws CajalException if there are no rows or the noise is negative
   */
  public static Dataset plane(int rows, double noise, long seed) {
    return curve("plane", rows, 2, noise, seed, x -> 0.5 + 2 * x[0] - 3 * x[1]);
  }

  /**
   * A sine to regress: y = sin(pi x) plus noise, x uniform on (-1, 1); targets F32 [N, 1].
   *
   * @param noise standard deviation of the normal noise on y
   * @throws CajalException if there are no rows or the noise is negative
   */
  public static Dataset sine(int rows, double noise, long seed) {
    return curve("sine", rows, 1, noise, seed, x -> StrictMath.sin(Math.PI * x[0]));
  }

  private static Dataset points(
      String name, int rows, double noise, long seed, List<String> labels, Point point) {
    check(name, rows, labels.size(), noise);
    float[] x = new float[2 * rows];
    int[] y = new int[rows];
    float[] one = new float[2];
    long key = CounterRandom.key(seed, name);
    for (int r = 0; r < rows; r++) {
      point.fill(r, new Draws(CounterRandom.key(key, r)), one);
      x[2 * r] = one[0];
      x[2 * r + 1] = one[1];
      y[r] = r % labels.size();
    }
    return Dataset.classification(name, rows(x, 2), y, labels)
        .withFeatureNames(List.of("x", "y"))
        .withProvenance("made by rule, seed " + seed);
  }

  private static Dataset curve(
      String name, int rows, int inputs, double noise, long seed, ToDoubleFunction<float[]> rule) {
    check(name, rows, 1, noise);
    float[] x = new float[inputs * rows];
    float[] y = new float[rows];
    float[] one = new float[inputs];
    long key = CounterRandom.key(seed, name);
    for (int r = 0; r < rows; r++) {
      Draws draws = new Draws(CounterRandom.key(key, r));
      for (int i = 0; i < inputs; i++) {
        one[i] = (float) draws.uniform(-1, 1);
        x[r * inputs + i] = one[i];
      }
      y[r] = (float) (rule.applyAsDouble(one) + noise * draws.normal());
    }
    return Dataset.regression(name, rows(x, inputs), NDArray.of(y, Shape.of(rows, 1)))
        .withProvenance("made by rule, seed " + seed);
  }

  private static FloatRows rows(float[] values, int width) {
    return new FloatRows(NDArray.of(values, Shape.of(values.length / width, width)));
  }

  private static List<String> numbered(int classes) {
    List<String> labels = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      labels.add(Integer.toString(c));
    }
    return labels;
  }

  private static void checkClasses(String name, int classes) {
    if (classes < 2 || classes > 10) {
      throw new CajalException(
          "[" + name + "] " + classes + " classes are out of range; 2 to 10 are allowed");
    }
  }

  private static void check(String name, int rows, int least, double noise) {
    if (rows < least || rows > 10_000_000) {
      throw new CajalException(
          "["
              + name
              + "] "
              + rows
              + " rows are out of range; "
              + least
              + " to 10000000 are allowed");
    }
    if (!(noise >= 0 && noise < Double.POSITIVE_INFINITY)) {
      throw new CajalException(
          "["
              + name
              + "] noise "
              + noise
              + " is out of range; 0 or a finite number above is allowed");
    }
  }
}
