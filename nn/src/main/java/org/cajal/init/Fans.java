package org.cajal.init;

import org.cajal.type.CajalException;
import org.cajal.type.Shape;

/**
 * How many numbers feed one output of a parameter, and how many outputs one input feeds.
 *
 * @param in fan-in: inputs per output
 * @param out fan-out: outputs per input
 */
public record Fans(long in, long out) {
  /**
   * The fans of a parameter.
   *
   * @throws CajalException if one of them is not positive
   */
  public Fans {
    if (in < 1 || out < 1) {
      throw new CajalException(
          "[init] fan-in "
              + in
              + " and fan-out "
              + out
              + " do not describe a layer; both must be 1 or larger");
    }
  }

  /** The fans of a dense layer with {@code in} inputs and {@code out} outputs. */
  public static Fans dense(long in, long out) {
    return new Fans(in, out);
  }

  /**
   * The fans of a convolution: fan-in is input channels per group times kernel size, fan-out is
   * output channels times kernel size.
   *
   * @param weight [out, in / groups, kernel...]
   * @throws CajalException if the shape has fewer than two axes or an empty one
   */
  public static Fans convolution(Shape weight) {
    if (weight.rank() < 2) {
      throw new CajalException(
          "[init] a convolution's weight has the shape [out, in / groups, kernel...], found "
              + weight);
    }
    long kernel = weight.sub(2, weight.rank()).size();
    return new Fans(weight.dim(1) * kernel, weight.dim(0) * kernel);
  }

  /**
   * The fans that a weight's shape suggests: [in, out] as of a dense layer, with more axes [out, in
   * / groups, kernel...] as of a convolution.
   *
   * @throws CajalException if the shape has fewer than two axes or an empty one
   */
  public static Fans of(Shape weight) {
    if (weight.rank() < 2) {
      throw new CajalException(
          "[init] the shape "
              + weight
              + " has no fan-in and fan-out; give them, or use zeros, constant, uniform or normal");
    }
    return weight.rank() == 2 ? dense(weight.dim(0), weight.dim(1)) : convolution(weight);
  }
}
