package org.cajal.init;

import java.util.function.DoubleUnaryOperator;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.cajal.type.StandardNormal;
import org.jspecify.annotations.Nullable;

/**
 * The normal distribution cut to an interval: what is outside is not moved to the ends but never
 * drawn. Samples are quantiles of uniform numbers. Moments as in N. L. Johnson, S. Kotz, N.
 * Balakrishnan: "Continuous Univariate Distributions", volume 1, 1994, section 13.10.1.
 *
 * @param mean the mean before cutting
 * @param std the standard deviation before cutting, larger than 0
 * @param low the lower end, in the units of the values (not in standard deviations)
 * @param high the upper end
 */
public record TruncatedNormal(double mean, double std, double low, double high)
    implements Initializer {
  /**
   * Checks the settings.
   *
   * @throws CajalException if a number is not finite, the standard deviation not positive, the
   *     interval empty, or so far out that double precision finds no probability in it
   */
  public TruncatedNormal {
    Sampling.requireFinite("truncated normal", "mean", mean);
    Sampling.requirePositive("truncated normal", "std", std);
    Sampling.requireFinite("truncated normal", "low", low);
    Sampling.requireFinite("truncated normal", "high", high);
    if (low >= high) {
      throw new CajalException(
          "[init] truncated normal: low "
              + low
              + " is not below high "
              + high
              + "; the interval must not be empty");
    }
    if (!(mass((low - mean) / std, (high - mean) / std) > 0)) {
      throw new CajalException(
          "[init] truncated normal: ["
              + low
              + ", "
              + high
              + "] lies too far from the mean "
              + mean
              + " (std "
              + std
              + "): no probability is left there");
    }
  }

  @Override
  public NDArray sample(DType dtype, Shape shape, @Nullable Fans fans, long seed, String path) {
    return Sampling.fromUniform(dtype, shape, seed, path, quantiles());
  }

  /**
   * The mean after cutting: mean + std·(φ(α) − φ(β)) / (Φ(β) − Φ(α)), with α and β the ends in
   * standard deviations.
   */
  public double expectedMean() {
    double a = alpha();
    double b = beta();
    return mean + std * (StandardNormal.density(a) - StandardNormal.density(b)) / mass(a, b);
  }

  /** The standard deviation after cutting. */
  public double expectedStd() {
    double a = alpha();
    double b = beta();
    double mass = mass(a, b);
    double first = (StandardNormal.density(a) - StandardNormal.density(b)) / mass;
    double second = (a * StandardNormal.density(a) - b * StandardNormal.density(b)) / mass;
    return std * Math.sqrt(1 + second - first * first);
  }

  /** The distribution function after cutting: 0 up to {@code low}, 1 from {@code high} on. */
  public double cdf(double x) {
    if (x <= low) {
      return 0;
    }
    if (x >= high) {
      return 1;
    }
    double a = alpha();
    return mass(a, (x - mean) / std) / mass(a, beta());
  }

  /** The value below which a share {@code p} of the cut distribution lies, for p from 0 to 1. */
  public double quantile(double p) {
    return quantiles().applyAsDouble(p);
  }

  private DoubleUnaryOperator quantiles() {
    double a = alpha();
    double mass = mass(a, beta());
    // In the upper tail Φ has few digits left below 1: there the mirrored distribution is inverted.
    double mirror = a > 0 ? -1 : 1;
    double start = StandardNormal.cdf(mirror * a);
    return p -> {
      double z = mirror * StandardNormal.quantile(start + mirror * p * mass);
      return Math.clamp(mean + std * z, low, high);
    };
  }

  private double alpha() {
    return (low - mean) / std;
  }

  private double beta() {
    return (high - mean) / std;
  }

  /** Φ(b) − Φ(a), taken in the tail that keeps the digits. */
  private static double mass(double a, double b) {
    return a > 0
        ? StandardNormal.cdf(-a) - StandardNormal.cdf(-b)
        : StandardNormal.cdf(b) - StandardNormal.cdf(a);
  }
}
