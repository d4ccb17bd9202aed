package org.cajal.op;

import org.cajal.type.DType;

/**
 * An algebra of element values in which every elementwise operation states its meaning once.
 * Readers of the meaning implement it: the interpreter with numbers, the emitter with registers of
 * generated code, the printer with text.
 *
 * @param <V> what stands for one element (or one vector of elements)
 */
public interface Lanes<V> {
  /** A constant of the given type. */
  V constant(DType type, double value);

  /** x + y. */
  V add(V x, V y);

  /** x − y. */
  V subtract(V x, V y);

  /** x · y. */
  V multiply(V x, V y);

  /** x / y, floating only. */
  V divide(V x, V y);

  /** x to the power y, as {@link Math#pow}. */
  V power(V x, V y);

  /** The smaller; NaN wins. For truth values: and. */
  V minimum(V x, V y);

  /** The larger; NaN wins. For truth values: or. */
  V maximum(V x, V y);

  /** −x. */
  V negate(V x);

  /** |x|. */
  V absolute(V x);

  /** −1, 0 or 1 with the sign of x; NaN stays NaN. */
  V sign(V x);

  /** The largest whole number not above x. */
  V floor(V x);

  /** e^x. */
  V exp(V x);

  /** The natural logarithm. */
  V log(V x);

  /** The square root. */
  V sqrt(V x);

  /** The sine of an angle in radians. */
  V sin(V x);

  /** The cosine of an angle in radians. */
  V cos(V x);

  /** The hyperbolic tangent. */
  V tanh(V x);

  /** The arc tangent in radians. */
  V atan(V x);

  /** The error function. */
  V erf(V x);

  /** x &lt; y as a truth value, false with NaN. */
  V less(V x, V y);

  /** x ≤ y as a truth value, false with NaN. */
  V lessOrEqual(V x, V y);

  /** x = y as a truth value, false with NaN. */
  V equal(V x, V y);

  /** x where the condition holds, else y. */
  V select(V condition, V x, V y);

  /**
   * The value in another type: to BOOL is "differs from 0", from BOOL gives 0 and 1, to integers
   * cuts the fraction and saturates as a Java cast does.
   */
  V cast(V x, DType from, DType to);
}
