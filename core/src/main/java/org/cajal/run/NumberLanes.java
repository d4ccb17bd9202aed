package org.cajal.run;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.cajal.op.Lanes;
import org.cajal.type.DType;

/**
 * The meaning of elementwise operations in plain numbers, whole arrays at a time. Every result is
 * computed in double precision and rounded to the element type once, so that single-precision
 * results are correctly rounded wherever the JDK's double function is good to 2^-30; integers wrap
 * around as in Java.
 *
 * @param type the element type of the operands
 * @param length the length of all arrays
 * @param exact whether single precision is left unrounded
 */
record NumberLanes(DType type, int length, boolean exact) implements Lanes<double[]> {

  /** Rounds to an element type in place: a no-op but for F32, where nothing else is asked for. */
  static double[] round(DType type, boolean exact, double[] x) {
    if (type == DType.F32 && !exact) {
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) x[i];
      }
    }
    return x;
  }

  private double[] map(double[] x, DoubleUnaryOperator f) {
    double[] out = new double[length];
    for (int i = 0; i < length; i++) {
      out[i] = f.applyAsDouble(x[i]);
    }
    return round(type, exact, out);
  }

  private double[] zip(double[] x, double[] y, DoubleBinaryOperator f) {
    double[] out = new double[length];
    for (int i = 0; i < length; i++) {
      out[i] = f.applyAsDouble(x[i], y[i]);
    }
    return round(type, exact, out);
  }

  /** A truth value for each pair. */
  private double[] test(double[] x, double[] y, PairTest f) {
    double[] out = new double[length];
    for (int i = 0; i < length; i++) {
      out[i] = f.holds(x[i], y[i]) ? 1 : 0;
    }
    return out;
  }

  private interface PairTest {
    boolean holds(double x, double y);
  }

  /** The low bits of an integer, as the type stores them. */
  private double wrap(long value) {
    return type == DType.I32 ? (int) value : value;
  }

  @Override
  public double[] constant(DType constantType, double value) {
    double[] out = new double[length];
    Arrays.fill(out, value);
    return round(constantType, exact, out);
  }

  @Override
  public double[] add(double[] x, double[] y) {
    return type.isInteger()
        ? zip(x, y, (a, b) -> wrap((long) a + (long) b))
        : zip(x, y, (a, b) -> a + b);
  }

  @Override
  public double[] subtract(double[] x, double[] y) {
    return type.isInteger()
        ? zip(x, y, (a, b) -> wrap((long) a - (long) b))
        : zip(x, y, (a, b) -> a - b);
  }

  @Override
  public double[] multiply(double[] x, double[] y) {
    return type.isInteger()
        ? zip(x, y, (a, b) -> wrap(((long) a) * ((long) b)))
        : zip(x, y, (a, b) -> a * b);
  }

  @Override
  public double[] divide(double[] x, double[] y) {
    return zip(x, y, (a, b) -> a / b);
  }

  @Override
  public double[] power(double[] x, double[] y) {
    return zip(x, y, Math::pow);
  }

  @Override
  public double[] minimum(double[] x, double[] y) {
    return zip(x, y, Math::min);
  }

  @Override
  public double[] maximum(double[] x, double[] y) {
    return zip(x, y, Math::max);
  }

  @Override
  public double[] negate(double[] x) {
    return type.isInteger() ? map(x, a -> wrap(-(long) a)) : map(x, a -> -a);
  }

  @Override
  public double[] absolute(double[] x) {
    return type.isInteger() ? map(x, a -> wrap(Math.abs((long) a))) : map(x, Math::abs);
  }

  @Override
  public double[] sign(double[] x) {
    return map(x, Math::signum);
  }

  @Override
  public double[] floor(double[] x) {
    return map(x, Math::floor);
  }

  @Override
  public double[] exp(double[] x) {
    return map(x, Math::exp);
  }

  @Override
  public double[] log(double[] x) {
    return map(x, Math::log);
  }

  @Override
  public double[] sqrt(double[] x) {
    return map(x, Math::sqrt);
  }

  @Override
  public double[] sin(double[] x) {
    return map(x, Math::sin);
  }

  @Override
  public double[] cos(double[] x) {
    return map(x, Math::cos);
  }

  @Override
  public double[] tanh(double[] x) {
    return map(x, Math::tanh);
  }

  @Override
  public double[] atan(double[] x) {
    return map(x, Math::atan);
  }

  @Override
  public double[] erf(double[] x) {
    return map(x, Special::erf);
  }

  @Override
  public double[] less(double[] x, double[] y) {
    return test(x, y, (a, b) -> a < b);
  }

  @Override
  public double[] lessOrEqual(double[] x, double[] y) {
    return test(x, y, (a, b) -> a <= b);
  }

  @Override
  public double[] equal(double[] x, double[] y) {
    return test(x, y, (a, b) -> a == b);
  }

  @Override
  public double[] select(double[] condition, double[] x, double[] y) {
    double[] out = new double[length];
    for (int i = 0; i < length; i++) {
      out[i] = condition[i] != 0 ? x[i] : y[i];
    }
    return out;
  }

  @Override
  public double[] cast(double[] x, DType from, DType to) {
    double[] out = new double[length];
    for (int i = 0; i < length; i++) {
      out[i] =
          switch (to) {
            case F32, F64 -> x[i];
            case I32 -> (int) x[i];
            case I64 -> (long) x[i];
            case BOOL -> x[i] != 0 ? 1 : 0;
          };
    }
    return round(to, exact, out);
  }
}
