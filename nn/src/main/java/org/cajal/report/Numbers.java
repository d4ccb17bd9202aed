package org.cajal.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
final class Numbers {
  private Numbers() {}

  /**
   * Four significant digits, five from 1000: {@code 0.03125}, {@code 1234.5}, {@code 51,234},
   * {@code 1.2e-7}.
   */
  static String plain(double value) {
    if (Double.isNaN(value)) {
      return "not a number";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "−∞";
    }
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(value);
    if (size < 1e-4 || size >= 1e7) {
      String text = String.format(Locale.ROOT, "%.2e", value);
      int e = text.indexOf('e');
      return trimmed(text.substring(0, e)) + "e" + Integer.parseInt(text.substring(e + 1));
    }
    if (size >= 10_000) {
      return count(Math.round(value));
    }
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(size >= 1000 ? 5 : 4, RoundingMode.HALF_EVEN));
    return trimmed(rounded.toPlainString());
  }

  private static String trimmed(String text) {
    if (text.indexOf('.') < 0) {
      return text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }

  /** The size of a number, one significant digit: {@code 300,000}, {@code 0.002}. */
  static String order(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return plain(value);
    }
    return plain(new BigDecimal(value).round(new MathContext(1)).doubleValue());
  }

  /** A whole number with commas between thousands: {@code 61,706}. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A share with one decimal: {@code 98.4 %}; a dash where it is not defined. */
  static String percent(double share) {
    return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** A coordinate of a drawing, two decimals at most. */
  static String coordinate(double value) {
    return trimmed(String.format(Locale.ROOT, "%.2f", value));
  }

  /** A duration: {@code 0:07}, {@code 12:30}, {@code 1:02:03}. */
  static String duration(double seconds) {
    long s = Math.round(seconds);
    return s < 3600
        ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }
}
