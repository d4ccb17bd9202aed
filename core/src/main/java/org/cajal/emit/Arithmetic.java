package org.cajal.emit;

import java.util.List;
import org.cajal.op.Lanes;

/**
 * The lanes with what elementary functions are made of besides: fused multiply-add, bits, and a way
 * out for rare arguments. Every operation here is exact or correctly rounded, so that a function
 * written in it has the same bits in vector and scalar code, before and after optimisation, on
 * every machine.
 *
 * @param <V> what stands for one element or one vector of elements
 */
interface Arithmetic<V> extends Lanes<V> {
  /** x · y + z with one rounding. */
  V fma(V x, V y, V z);

  /** The bits of an F32 as I32. */
  V bits(V x);

  /** The F32 of these bits. */
  V real(V bits);

  /** An I32 shifted left. */
  V shiftLeft(V x, int by);

  /** An I32 shifted right, the sign copied. */
  V shiftRight(V x, int by);

  /** The bits set in both of two I32, or both of two truth values. */
  V and(V x, V y);

  /** The bits set in either of two I32, or either of two truth values. */
  V or(V x, V y);

  /**
   * A result in which the elements that meet a condition, rarely any, are replaced by the
   * function's exact value.
   *
   * @param condition which elements of {@code common} are wrong
   * @param common the result for the others
   * @param function what replaces them
   * @param x the arguments
   */
  V rarely(V condition, V common, Rare function, List<V> x);
}
