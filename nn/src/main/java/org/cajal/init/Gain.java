package org.cajal.init;

/**
 * The factor by which the standard deviation of weights is raised to make up for what a
 * nonlinearity takes away. The values are those in common use: 1 for linear layers and the sigmoid,
 * 5/3 for tanh, ¾ for SELU, and √(2 / (1 + slope²)) for rectifiers (K. He, X. Zhang, S. Ren, J.
 * Sun: "Delving deep into rectifiers", ICCV 2015).
 */
public final class Gain {
  /** Of linear layers and convolutions. */
  public static final double LINEAR = 1;

  /** Of the logistic sigmoid. */
  public static final double SIGMOID = 1;

  /** Of the hyperbolic tangent. */
  public static final double TANH = 5.0 / 3;

  /** Of max(x, 0): √2. */
  public static final double RELU = Math.sqrt(2);

  /** Of SELU. */
  public static final double SELU = 0.75;

  private Gain() {}

  /**
   * Of the leaky ReLU with that slope on the negative side; slope 0 is the ReLU, slope 1 the
   * identity.
   */
  public static double leakyRelu(double negativeSlope) {
    return Math.sqrt(2 / (1 + negativeSlope * negativeSlope));
  }
}
