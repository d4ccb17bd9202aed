package org.cajal.emit;

import static org.cajal.type.DType.BOOL;
import static org.cajal.type.DType.F32;
import static org.cajal.type.DType.I32;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elementary functions of F32, stated once for vector and scalar code. Argument reduction and
 * most polynomials follow S. L. Moshier, Cephes Mathematical Library (1992, single precision);
 * reductions by fused multiply-add follow P. Markstein, IA-64 and Elementary Functions (2000). The
 * polynomials of exp, atan, erf and the logarithm within the power are minimax fits of our own.
 * Largest errors found over all magnitudes, in units of the last place: exp 1.0, log 0.9, sin and
 * cos 2.3, tanh 1.3, atan 1.9, erf 1.2, power 3.8. At infinities, zeros, subnormal numbers and NaN
 * the results are those of {@link Math}, rounded.
 *
 * @param <V> what stands for one element or one vector of elements
 */
final class SinglePrecision<V> {
  /** Adding this to |x| below 2^22 rounds to a whole number, which then lies in the lowest bits. */
  private static final float ROUND = 0x1.8p23f;

  /** Where the exponent begins in a number's bits. */
  private static final int EXPONENT_SHIFT = 23;

  private static final int ONE_BITS = Float.floatToRawIntBits(1);
  private static final int SQRT_HALF_BITS = Float.floatToRawIntBits((float) Math.sqrt(0.5));

  /** Angles beyond go the rare way: up to here reduction is exact to the last place. */
  private static final float LARGEST_ANGLE = 98304;

  private final Arithmetic<V> k;

  SinglePrecision(Arithmetic<V> k) {
    this.k = k;
  }

  /** e^x. */
  V exp(V x) {
    V clamped = clamp(x, -105, 89);
    return expOfSum(clamped, null);
  }

  /** log x. */
  V log(V x) {
    V tiny = k.less(x, real(Float.MIN_NORMAL));
    V scaled = k.select(tiny, k.multiply(x, real(0x1p23f)), x);
    V bits = k.subtract(k.bits(scaled), integer(SQRT_HALF_BITS));
    V exponent = k.cast(k.shiftRight(bits, 23), I32, F32);
    exponent = k.select(tiny, k.subtract(exponent, real(23)), exponent);
    V f = k.subtract(mantissa(bits), real(1));
    V z = k.multiply(f, f);
    V p =
        polynomial(
            f,
            7.0376836292e-2,
            -1.1514610310e-1,
            1.1676998740e-1,
            -1.2420140846e-1,
            1.4249322787e-1,
            -1.6668057665e-1,
            2.0000714765e-1,
            -2.4999993993e-1,
            3.3333331174e-1);
    V y = k.multiply(k.multiply(f, z), p);
    y = k.fma(exponent, real(-2.12194440e-4), y);
    y = k.fma(real(-0.5), z, y);
    y = k.fma(exponent, real(0.693359375), k.add(f, y));
    y = k.select(k.equal(x, real(Double.POSITIVE_INFINITY)), x, y);
    y = k.select(k.equal(x, real(0)), real(Double.NEGATIVE_INFINITY), y);
    return k.select(k.lessOrEqual(real(0), x), y, real(Double.NaN));
  }

  /** sin x. */
  V sin(V x) {
    return sine(x, 0, Rare.SIN);
  }

  /** cos x. */
  V cos(V x) {
    return sine(x, 1, Rare.COS);
  }

  /** tanh x. */
  V tanh(V x) {
    V size = k.absolute(x);
    V z = k.multiply(x, x);
    V p =
        polynomial(
            z,
            -5.70498872745e-3,
            2.06390887954e-2,
            -5.37397155531e-2,
            1.33314422036e-1,
            -3.33332819422e-1);
    V small = k.fma(k.multiply(p, z), x, x);
    V twice = k.add(size, size);
    twice = k.select(k.less(real(20), twice), real(20), twice);
    V e = expOfSmall(twice);
    V large = k.subtract(real(1), k.divide(real(2), k.add(e, real(1))));
    return withSign(k.select(k.less(size, real(0.625)), small, large), x);
  }

  /** atan x. */
  V atan(V x) {
    V size = k.absolute(x);
    V beyond = k.less(real(1), size);
    V t = k.select(beyond, k.divide(real(1), size), size);
    V z = k.multiply(t, t);
    V p =
        polynomial(
            z,
            0.0029205883799713763,
            -0.016367514162588075,
            0.04321119179070909,
            -0.07552158099008136,
            0.10665978610396679,
            -0.14211048815738603,
            0.1999377205830996,
            -0.3333315270386733);
    V angle = k.fma(k.multiply(p, z), t, t);
    return withSign(k.select(beyond, k.subtract(real(Math.PI / 2), angle), angle), x);
  }

  /** erf x: up to 1 as x + x P(x²), beyond as 1 − e^−Q(|x|). */
  V erf(V x) {
    V size = k.absolute(x);
    V z = k.multiply(x, x);
    V p =
        polynomial(
            z,
            7.853853255193946e-05,
            -0.0008010191172263567,
            0.00518832740647089,
            -0.02685381178828875,
            0.11283585145099548,
            -0.37612625823923446,
            0.12837916572666558);
    V small = k.fma(x, p, x);
    V t = k.select(k.less(real(4), size), real(4), size);
    V q =
        polynomial(
            t,
            2.1697737837183884e-05,
            -0.00044147412430877635,
            0.004205292087273016,
            -0.025210359558020565,
            0.10842213092226474,
            0.6332163677525511,
            1.1295803261540807,
            -0.0001884709269246443);
    V large = k.subtract(real(1), expOfSmall(k.negate(q)));
    return k.select(k.less(size, real(1)), small, withSign(large, x));
  }

  /**
   * x to the power y as e^(y log |x|), the logarithm and its product with y carried in two numbers
   * each, so that the exponent's error stays below the last place of the result.
   */
  V power(V x, V y) {
    V size = k.absolute(x);
    V tiny = k.less(size, real(Float.MIN_NORMAL));
    V scaled = k.select(tiny, k.multiply(size, real(0x1p23f)), size);
    V bits = k.subtract(k.bits(scaled), integer(SQRT_HALF_BITS));
    V exponent = k.cast(k.shiftRight(bits, 23), I32, F32);
    exponent = k.select(tiny, k.subtract(exponent, real(23)), exponent);
    V m = mantissa(bits);
    // log m = 2 atanh(s) with s = (m − 1) / (m + 1); s + sLow is the quotient to double length.
    V f = k.subtract(m, real(1));
    V t = k.add(m, real(1));
    V tLow = k.subtract(m, k.subtract(t, real(1)));
    V inverse = k.divide(real(1), t);
    V s = k.multiply(f, inverse);
    V minusS = k.negate(s);
    V sLow = k.multiply(k.fma(minusS, tLow, k.fma(minusS, t, f)), inverse);
    V z = k.multiply(s, s);
    V p =
        polynomial(
            z, 0.11667379314449319, 0.14275324463289069, 0.20000061773227382, 0.33333333275985944);
    V tail = k.fma(k.multiply(s, z), p, sLow);
    V head = k.multiply(exponent, real(0x1.62e4p-1));
    V twice = k.add(s, s);
    V high = k.add(head, twice);
    V low = k.add(k.subtract(head, high), twice);
    low = k.add(low, k.fma(exponent, real(1.42860682030941723212e-6), k.add(tail, tail)));
    V logarithm = k.add(high, low);
    V remainder = k.add(k.subtract(high, logarithm), low);
    V product = k.multiply(y, logarithm);
    V rest = k.fma(y, remainder, k.fma(y, logarithm, k.negate(product)));
    V farOut = k.less(real(120), k.absolute(product));
    V result = expOfSum(clamp(product, -105, 89), k.select(farOut, real(0), rest));
    V zero = k.equal(x, real(0));
    V down = k.less(y, real(0));
    V edge = k.select(down, real(Double.POSITIVE_INFINITY), real(0));
    result = k.select(zero, edge, result);
    V half = k.multiply(y, real(0.5));
    V whole = k.equal(k.floor(y), y);
    V even = k.equal(k.floor(half), half);
    V odd = k.select(k.less(k.bits(x), integer(0)), k.negate(result), result);
    V broken = k.select(k.less(x, real(0)), real(Double.NaN), result);
    result = k.select(whole, k.select(even, result, odd), broken);
    result = k.select(k.equal(y, real(0)), real(1), result);
    V reach = real(Float.MAX_VALUE);
    V ordinary = k.and(k.lessOrEqual(size, reach), k.lessOrEqual(k.absolute(y), reach));
    V strange = k.equal(ordinary, k.constant(BOOL, 0));
    return k.rarely(strange, result, Rare.POWER, List.of(x, y));
  }

  /** The sine of x plus so many right angles. */
  private V sine(V x, int quarters, Rare function) {
    V shifted = k.fma(x, real(2 / Math.PI), real(ROUND));
    V n = k.subtract(shifted, real(ROUND));
    V quarter = k.bits(shifted);
    if (quarters != 0) {
      quarter = k.add(quarter, integer(quarters));
    }
    // π/2 in three parts, short enough that the first difference is exact.
    V r = k.fma(n, real(-0x1.921f8p+0), x);
    r = k.fma(n, real(-0x1.aa22p-19), r);
    r = k.fma(n, real(-0x1.68c234p-39), r);
    V z = k.multiply(r, r);
    V sin = polynomial(z, -1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1);
    sin = k.fma(k.multiply(sin, z), r, r);
    V cos = polynomial(z, 2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2);
    cos = k.fma(k.multiply(cos, z), z, k.fma(real(-0.5), z, real(1)));
    V odd = k.equal(k.and(quarter, integer(1)), integer(1));
    V value = k.select(odd, cos, sin);
    V sign = k.shiftLeft(k.and(quarter, integer(2)), 30);
    value = k.real(k.add(k.bits(value), sign));
    if (quarters == 0) {
      value = k.select(k.equal(x, real(0)), x, value);
    }
    return k.rarely(k.less(real(LARGEST_ANGLE), k.absolute(x)), value, function, List.of(x));
  }

  /** e^(x + rest), x from −105 to 89 or NaN, rest tiny; may be infinite, subnormal or 0. */
  private V expOfSum(V x, @Nullable V rest) {
    V shifted = k.fma(x, real(1.4426950408889634), real(ROUND));
    V p = expPolynomial(x, k.subtract(shifted, real(ROUND)), rest);
    // What ROUND adds to the bits leaves them by the shift.
    V n = k.bits(shifted);
    V half = k.shiftLeft(k.shiftRight(n, 1), EXPONENT_SHIFT);
    V other = k.subtract(k.shiftLeft(n, EXPONENT_SHIFT), half);
    return k.multiply(k.multiply(p, powerOfTwo(half)), powerOfTwo(other));
  }

  /** e^x for |x| up to 80 or NaN. */
  private V expOfSmall(V x) {
    V shifted = k.fma(x, real(1.4426950408889634), real(ROUND));
    V p = expPolynomial(x, k.subtract(shifted, real(ROUND)), null);
    return k.multiply(p, powerOfTwo(k.shiftLeft(k.bits(shifted), EXPONENT_SHIFT)));
  }

  private V expPolynomial(V x, V n, @Nullable V rest) {
    V r = k.fma(n, real(-0x1.62e43p-1), x);
    r = k.fma(n, real(0x1.05c61p-29), r);
    if (rest != null) {
      r = k.add(r, rest);
    }
    V q =
        polynomial(
            r,
            0.0013814605577907315,
            0.008368711600521436,
            0.04166838759189339,
            0.16666520674015478,
            0.4999999345046653);
    return k.add(k.fma(k.multiply(r, r), q, r), real(1));
  }

  /** 2^n from n · 2^23, n from −126 to 127. */
  private V powerOfTwo(V n) {
    return k.real(k.add(n, integer(ONE_BITS)));
  }

  /** From a number's bits less those of √½: the mantissa between √½ and √2. */
  private V mantissa(V bits) {
    return k.real(k.add(k.and(bits, integer(0x7fffff)), integer(SQRT_HALF_BITS)));
  }

  private V withSign(V size, V sign) {
    return k.real(k.or(k.bits(size), k.and(k.bits(sign), integer(Integer.MIN_VALUE))));
  }

  private V clamp(V x, double low, double high) {
    V above = k.select(k.less(x, real(low)), real(low), x);
    return k.select(k.less(real(high), above), real(high), above);
  }

  /** Horner's rule, the highest coefficient first. */
  private V polynomial(V x, double... coefficients) {
    V y = real(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      y = k.fma(y, x, real(coefficients[i]));
    }
    return y;
  }

  private V real(double value) {
    return k.constant(F32, value);
  }

  private V integer(int value) {
    return k.constant(I32, value);
  }
}
