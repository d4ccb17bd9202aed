package org.cajal.data;

import java.nio.charset.StandardCharsets;

/**
 * Reads the numbers that programs write, {@code -12.5e3}, straight from bytes: the common case of
 * {@link NumberForm#PLAIN}, with the same values.
 */
final class PlainNumber {
  /** Powers of ten that doubles hold exactly. */
  private static final double[] POWERS = new double[23];

  static {
    double power = 1;
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = power;
      power *= 10;
    }
  }

  private static final int MOST_DIGITS = 400;

  /** What the texts read so far have, for decisions over a whole column. */
  private boolean canonical = true;

  private boolean longZeros;
  private boolean unsigned = true;
  private long zeros;
  private long exponents;
  private long bareExponents;
  private int least = Integer.MAX_VALUE;
  private int most;

  private long pointed;
  private long groupable;
  private long longWithout;
  private long shortWithout;

  /** The number, NaN if the bytes are none, an infinity if it is beyond the range of doubles. */
  double read(byte[] bytes, int from, int to) {
    int i = from;
    if (i == to) {
      return Double.NaN;
    }
    boolean negative = bytes[i] == '-';
    boolean signed = negative || bytes[i] == '+';
    i += signed ? 1 : 0;
    long digits = 0;
    int count = 0;
    int point = -1;
    int first = i;
    for (; i < to; i++) {
      int d = bytes[i] - '0';
      if (d >= 0 && d <= 9) {
        if (count < 18) {
          digits = digits * 10 + d;
        }
        count++;
      } else if (bytes[i] == '.' && point < 0) {
        point = i;
      } else {
        break;
      }
    }
    if (count == 0 || count > MOST_DIGITS) {
      return Double.NaN;
    }
    int fraction = point < 0 ? 0 : i - point - 1;
    int whole = count - fraction;
    int exponent = 0;
    boolean scientific = i < to;
    boolean exponentSigned = false;
    if (scientific) {
      if ((bytes[i] | 0x20) != 'e') {
        return Double.NaN;
      }
      i++;
      boolean minus = i < to && bytes[i] == '-';
      exponentSigned = minus || (i < to && bytes[i] == '+');
      i += exponentSigned ? 1 : 0;
      int start = i;
      for (; i < to && bytes[i] >= '0' && bytes[i] <= '9' && i - start < 5; i++) {
        exponent = exponent * 10 + bytes[i] - '0';
      }
      if (i == start || i < to || i - start > 4) {
        return Double.NaN;
      }
      exponent = minus ? -exponent : exponent;
    }
    unsigned &= !signed;
    exponents += scientific ? 1 : 0;
    bareExponents += scientific && !exponentSigned && !signed && point < 0 ? 1 : 0;
    note(
        bytes,
        first,
        whole,
        fraction,
        point >= 0,
        scientific,
        count > 15 || bytes[from] == '+',
        to);
    int power = exponent - fraction;
    // A product or quotient of two exact doubles is rounded once (Clinger 1990).
    if (count <= 15 && power >= -22 && power <= 22) {
      double value = power < 0 ? digits / POWERS[-power] : digits * POWERS[power];
      return negative ? -value : value;
    }
    return Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
  }

  private void note(
      byte[] bytes,
      int first,
      int whole,
      int fraction,
      boolean point,
      boolean scientific,
      boolean odd,
      int to) {
    boolean leadingZero = bytes[first] == '0';
    least = Math.min(least, whole);
    most = Math.max(most, whole);
    zeros += leadingZero && whole > 1 ? 1 : 0;
    longZeros |= !point && leadingZero && whole > 2;
    if (point) {
      pointed++;
      if (fraction == 3 && whole >= 1 && whole <= 3 && !leadingZero && !scientific) {
        groupable++;
      }
      canonical &= whole > 0 && fraction > 0 && bytes[to - 1] != '0';
    } else if (whole > 3) {
      longWithout++;
    } else {
      shortWithout++;
    }
    canonical &= !odd && !scientific && !(leadingZero && whole > 1);
  }

  /** Whether every text is the one that {@link Cells#label} writes for its number. */
  boolean isCanonical() {
    return canonical;
  }

  /** Whether all texts are digits alone, as many in each, three or more, and zeros begin some. */
  boolean isFixedWidth() {
    return zeros > 0 && unsigned && pointed == 0 && exponents == 0 && least == most && most > 2;
  }

  /** Whether zeros stand before other digits of whole numbers of two digits. */
  boolean hasShortZeros() {
    return zeros > 0 && pointed == 0 && most == 2;
  }

  /** Whether texts have exponents, and each is digits around an E, as codes of rooms may be. */
  boolean hasBareExponents() {
    return exponents > 0 && bareExponents == exponents && pointed == 0;
  }

  /** Whether a whole number of three digits or more begins with zeros. */
  boolean hasLongZeros() {
    return longZeros;
  }

  /** The texts with a point. */
  long pointed() {
    return pointed;
  }

  /** Those of them where the point may stand between groups of digits, as in {@code 1.234}. */
  long groupable() {
    return groupable;
  }

  /** The texts without a point and of more than three digits. */
  long longWithout() {
    return longWithout;
  }

  /** The texts without a point and of at most three digits. */
  long shortWithout() {
    return shortWithout;
  }
}
