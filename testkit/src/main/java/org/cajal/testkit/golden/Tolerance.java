package org.cajal.testkit.golden;

import java.util.Arrays;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * How far a computed entry may be from the expected one: by {@code relative} times its own size,
 * plus {@code ofLargest} times the largest finite size in the array (1 where the whole array is 0,
 * so that sums which cancel may leave their rounding behind), plus {@code absolute}. NaN matches
 * NaN alone, an infinity the same infinity alone, and 0 matches −0. Integers and truth values must
 * be equal.
 *
 * @param relative share of the entry itself
 * @param ofLargest share of the largest entry
 * @param absolute a plain number
 */
public record Tolerance(double relative, double ofLargest, double absolute) {
  /** What a double-precision result must keep: 1e-10 of the largest entry. */
  public static final Tolerance F64 = new Tolerance(0, 1e-10, 1e-37);

  /** The multiple of PyTorch's own float32 error that is allowed. */
  public static final double MULTIPLE = 4;

  /** The least share that is allowed however small PyTorch's own error is. */
  public static final double FLOOR = 2e-6;

  /**
   * A single-precision result where sums are involved: four times {@code f32Err}, at least 2e-6, of
   * the largest entry.
   */
  public static Tolerance f32(double f32Err) {
    return new Tolerance(0, Math.max(MULTIPLE * f32Err, FLOOR), 1e-37);
  }

  /**
   * A single-precision result whose entries are computed one by one: four times {@code f32Rel}, at
   * least 2e-6, of the entry.
   */
  public static Tolerance f32Elementwise(double f32Rel) {
    return new Tolerance(Math.max(MULTIPLE * f32Rel, FLOOR), 0, 1e-37);
  }

  /**
   * A double-precision result whose entries are computed one by one: 1e-10 of the entry, or more
   * where the operation's own definition loses digits: four times {@code f32Rel} scaled from 24 to
   * 53 bits.
   */
  public static Tolerance f64Elementwise(double f32Rel) {
    return new Tolerance(Math.max(MULTIPLE * f32Rel * 0x1p-29, 1e-10), 0, 1e-37);
  }

  /** This tolerance with another one's share of the largest entry. */
  public Tolerance withShareOfLargest(Tolerance other) {
    return new Tolerance(relative, other.ofLargest, absolute);
  }

  /**
   * Compares two arrays entry by entry.
   *
   * @param actual the computed values
   * @param expected the right ones, of the same shape; F64, or an integer type
   * @param computedIn F32 rounds the expected values to single precision first, so that what is
   *     beyond its range is infinite
   * @param okMask 1 where an entry is to be compared, of the same shape; null compares all
   */
  public Comparison compare(
      NDArray actual, NDArray expected, DType computedIn, @Nullable NDArray okMask) {
    if (!actual.shape().equals(expected.shape())) {
      return new Comparison(
          false,
          Double.POSITIVE_INFINITY,
          0,
          "the shape is " + actual.shape() + ", expected is " + expected.shape());
    }
    boolean exact = !expected.dtype().isFloating();
    boolean single = computedIn == DType.F32 && !exact;
    long size = expected.size();
    double largest = 0;
    for (long i = 0; i < size; i++) {
      double e = Math.abs(expected(expected, i, single));
      if (included(okMask, i) && e < Double.POSITIVE_INFINITY) {
        largest = Math.max(largest, e);
      }
    }
    double share = exact ? 0 : ofLargest * (largest == 0 ? 1 : largest);
    long compared = 0;
    double worst = 0;
    long worstAt = -1;
    for (long i = 0; i < size; i++) {
      if (!included(okMask, i)) {
        continue;
      }
      compared++;
      double e = expected(expected, i, single);
      double a = actual.get(i);
      double limit = exact ? 0 : relative * Math.abs(e) + share + absolute;
      double deviation = deviation(a, e, limit);
      if (deviation > worst) {
        worst = deviation;
        worstAt = i;
      }
    }
    return new Comparison(
        worst <= 1, worst, compared, describe(actual, expected, single, worst, worstAt));
  }

  private static boolean included(@Nullable NDArray okMask, long index) {
    return okMask == null || okMask.get(index) != 0;
  }

  private static double expected(NDArray expected, long index, boolean single) {
    double e = expected.get(index);
    return single ? (float) e : e;
  }

  /** |a − e| in units of the limit. */
  private static double deviation(double a, double e, double limit) {
    if (a == e || (Double.isNaN(a) && Double.isNaN(e))) {
      return 0;
    }
    double difference = Math.abs(a - e);
    if (Double.isNaN(difference) || Double.isInfinite(difference)) {
      return Double.POSITIVE_INFINITY;
    }
    return difference / limit;
  }

  private static String describe(
      NDArray actual, NDArray expected, boolean single, double worst, long at) {
    if (at < 0) {
      return "equal";
    }
    return "worst at "
        + Arrays.toString(position(expected.shape().toArray(), at))
        + ": "
        + actual.get(at)
        + ", expected "
        + expected(expected, at, single)
        + ", "
        + (float) worst
        + " times the limit";
  }

  private static int[] position(int[] dims, long index) {
    int[] position = new int[dims.length];
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      position[axis] = (int) (index % dims[axis]);
      index /= dims[axis];
    }
    return position;
  }
}
