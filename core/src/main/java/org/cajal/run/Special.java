package org.cajal.run;

/** Special functions that the JDK lacks, in double precision. */
public final class Special {
  private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

  private Special() {}

  /**
   * The error function, 2/√π times the integral of e^(−t²) from 0 to x, to about 1e-15: below 3 the series of positive terms
   * (Abramowitz and Stegun 7.1.6), above it one minus the continued fraction of erfc (7.1.14).
   */
  public static double erf(double x) {
    double a = Math.abs(x);
    if (!(a > 0)) {
      return x;
    }
    if (a > 6) {
      return Math.signum(x);
    }
    double square = a * a;
    if (a < 3) {
      double term = a;
      double sum = a;
      for (int n = 1; term > sum * 1e-18; n++) {
        term *= 2 * square / (2 * n + 1);
        sum += term;
      }
      return Math.copySign(Math.min(1, TWO_OVER_SQRT_PI * Math.exp(-square) * sum), x);
    }
    double fraction = a;
    for (int k = 60; k > 0; k--) {
      fraction = a + k / 2.0 / fraction;
    }
    return Math.copySign(1 - Math.exp(-square) / (Math.sqrt(Math.PI) * fraction), x);
  }
}
