package org.cajal.data;

import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds numbers by which people mark missing values: -999 and its kin. */
final class Sentinels {
  private Sentinels() {}

  /** Smaller marks are told, and not taken for granted. */
  private static final double PLAIN = 99;

  /**
   * A number far from the others by which people mark missing values.
   *
   * @param count in how many cells it stands
   */
  record Mark(double value, long count) {
    String text() {
      return Cells.label(value);
    }

    /** Whether it is hardly anything else than a mark: -99 and beyond, 999. */
    boolean isPlain() {
      return Math.abs(value) >= PLAIN;
    }
  }

  /** A sentence where a number far from the others may mean that the value is missing, or null. */
  static @Nullable String note(double[] values) {
    return find(values)
        .map(
            mark ->
                mark.text()
                    + " in "
                    + mark.count()
                    + " cells is far from the other numbers; if it means that the value is missing,"
                    + " say --missing "
                    + mark.text())
        .orElse(null);
  }

  /** The mark in some numbers, NaN among them passed over. */
  static Optional<Mark> find(double[] values) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double v : values) {
      least = v < least ? v : least;
      most = v > most ? v : most;
    }
    for (double mark : new double[] {least, most}) {
      long count = 0;
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (double v : values) {
        count += v == mark ? 1 : 0;
        low = v != mark && v < low ? v : low;
        high = v != mark && v > high ? v : high;
      }
      double gap = Math.min(Math.abs(mark - low), Math.abs(mark - high));
      boolean apart = gap > 2 * (high - low) || (mark < 0 && low >= 0);
      if (isSentinel(mark) && count >= 3 && low < high && apart) {
        return Optional.of(new Mark(mark, count));
      }
    }
    return Optional.empty();
  }

  /** Whether a number is one by which people mark missing values: nines, or -200 and its kin. */
  private static boolean isSentinel(double value) {
    if (Math.abs(value) >= 1e19) {
      return true;
    }
    String digits = BigDecimal.valueOf(Math.abs(value)).stripTrailingZeros().toPlainString();
    boolean whole = digits.indexOf('.') < 0;
    boolean nines =
        digits.length() > (whole ? 0 : 3) && digits.chars().allMatch(c -> c == '9' || c == '.');
    boolean round =
        whole && value < 0 && digits.length() > 1 && digits.chars().skip(1).allMatch(c -> c == '0');
    return nines || round;
  }
}
