package org.cajal.type;

/**
 * The standard normal distribution in double precision: density, distribution function and
 * quantile. Only basic arithmetic, square roots and {@link StrictMath} are used, so that the bits
 * are the same on every platform.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients stand as published
public final class StandardNormal {
  private static final double SQRT_2_PI = 2.5066282746310005024;

  private static final double[] CENTRE_NUMERATOR = {
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
        1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4,
        2.5090809287301226727e3
  };
  private static final double[] CENTRE_DENOMINATOR = {
    1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
        5.2264952788528545610e3
  };
  private static final double[] SHOULDER_NUMERATOR = {
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
        3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2,
        7.74545014278341407640e-4
  };
  private static final double[] SHOULDER_DENOMINATOR = {
    1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
        1.05075007164441684324e-9
  };
  private static final double[] TAIL_NUMERATOR = {
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
        2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5,
        2.01033439929228813265e-7
  };
  private static final double[] TAIL_DENOMINATOR = {
    1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
        2.04426310338993978564e-15
  };

  private StandardNormal() {}

  /** The density e^(−x²/2) / √(2π). */
  public static double density(double x) {
    return StrictMath.exp(-0.5 * x * x) / SQRT_2_PI;
  }

  /**
   * The distribution function Φ(x) = P(X ≤ x), with a relative error of a few 1e-15 in the lower
   * tail too. Near 0 it is the series ½ + φ(x)·(x + x³/3 + x⁵/15 + …), further out Laplace's
   * continued fraction (M. Abramowitz, I. A. Stegun: "Handbook of Mathematical Functions", 1964,
   * 26.2.11 and 26.2.14).
   */
  public static double cdf(double x) {
    if (Double.isNaN(x)) {
      return Double.NaN;
    }
    double distance = Math.abs(x);
    if (distance < 1.5) {
      return 0.5 + centre(x);
    }
    double tail = distance < 3 ? 0.5 - centre(distance) : upperTail(distance);
    return x < 0 ? tail : 1 - tail;
  }

  /** Φ(x) − ½ by the power series, all of whose terms have the sign of x. */
  private static double centre(double x) {
    double term = x;
    double sum = x;
    for (int k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
      term *= x * x / k;
      sum += term;
    }
    return density(x) * sum;
  }

  /** 1 − Φ(x) = φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))), for x of at least 3. */
  private static double upperTail(double x) {
    double fraction = x;
    for (int k = 120; k >= 1; k--) {
      fraction = x + k / fraction;
    }
    return density(x) / fraction;
  }

  /**
   * The quantile: the x with Φ(x) = p, with a relative error of about 1e-16 (M. J. Wichura:
   * "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37,
   * 1988). At 0 and 1 it is infinite, outside of [0, 1] NaN.
   */
  public static double quantile(double p) {
    double q = p - 0.5;
    if (Math.abs(q) <= 0.425) {
      double r = 0.180625 - q * q;
      return q * polynomial(CENTRE_NUMERATOR, r) / polynomial(CENTRE_DENOMINATOR, r);
    }
    double smaller = q < 0 ? p : 1 - p;
    if (!(smaller > 0)) {
      return smaller == 0 ? Math.copySign(Double.POSITIVE_INFINITY, q) : Double.NaN;
    }
    double r = Math.sqrt(-StrictMath.log(smaller));
    double x =
        r <= 5
            ? polynomial(SHOULDER_NUMERATOR, r - 1.6) / polynomial(SHOULDER_DENOMINATOR, r - 1.6)
            : polynomial(TAIL_NUMERATOR, r - 5) / polynomial(TAIL_DENOMINATOR, r - 5);
    return Math.copySign(x, q);
  }

  private static double polynomial(double[] coefficients, double x) {
    double value = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      value = value * x + coefficients[i];
    }
    return value;
  }
}
