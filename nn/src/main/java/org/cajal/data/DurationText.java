package org.cajal.data;

import java.util.Locale;

/** Spans of time as texts: {@code 27:10}, {@code 1:02:03.5}, {@code 1h 7m}, {@code PT1H7M}. */
final class DurationText {
  private static final int LONGEST = 40;

  private DurationText() {}

  /**
   * The span in seconds, or NaN if the text is none.
   *
   * @param minutesFirst whether two numbers with a colon are minutes and seconds instead of hours
   *     and minutes
   */
  static double seconds(String cell, boolean minutesFirst) {
    int n = cell.length();
    if (n < 2 || n > LONGEST) {
      return Double.NaN;
    }
    char first = cell.charAt(0);
    boolean negative = first == '-' || first == '−';
    int start = negative || first == '+' ? 1 : 0;
    boolean iso = start + 1 < n && (cell.charAt(start) == 'P' || cell.charAt(start) == 'p');
    double value =
        iso ? units(cell, start + 1, true, false) : units(cell, start, false, minutesFirst);
    return negative ? -value : value;
  }

  /** Whether the text tells more than one number, as no plain number with a unit does. */
  static boolean isCompound(String cell) {
    int numbers = 0;
    boolean inside = false;
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      boolean digit = (c >= '0' && c <= '9') || (inside && (c == '.' || c == ','));
      numbers += digit && !inside ? 1 : 0;
      inside = digit;
    }
    return numbers > 1;
  }

  private static double units(String cell, int start, boolean iso, boolean minutesFirst) {
    int n = cell.length();
    double total = 0;
    double last = Double.POSITIVE_INFINITY;
    int i = start;
    while (i < n) {
      char c = cell.charAt(i);
      if (c == ' ' || c == ',' || c == '\u00a0' || (iso && (c == 'T' || c == 't'))) {
        i++;
        continue;
      }
      int from = i;
      boolean point = false;
      while (i < n && (digit(cell.charAt(i)) || (!point && i > from && cell.charAt(i) == '.'))) {
        point |= cell.charAt(i++) == '.';
      }
      if (i == from || i - from > 12 || i == n) {
        return Double.NaN;
      }
      if (cell.charAt(i) == ':') {
        return point || iso ? Double.NaN : total + clock(cell, from, minutesFirst);
      }
      double number = Double.parseDouble(cell.substring(from, i));
      while (i < n && cell.charAt(i) == ' ') {
        i++;
      }
      int word = i;
      while (i < n && Character.isLetter(cell.charAt(i)) && !(iso && i > word)) {
        i++;
      }
      double unit = unit(cell.substring(word, i).toLowerCase(Locale.ROOT));
      if (!(unit < last)) {
        return Double.NaN;
      }
      i += i < n && cell.charAt(i) == '.' ? 1 : 0;
      total += number * unit;
      last = unit;
    }
    return last == Double.POSITIVE_INFINITY ? Double.NaN : total;
  }

  /** {@code 27:10}, {@code 1:02:03.5} from a place to the end. */
  private static double clock(String cell, int start, boolean minutesFirst) {
    int n = cell.length();
    double[] numbers = new double[3];
    int count = 0;
    int i = start;
    while (count < 3) {
      int from = i;
      while (i < n && digit(cell.charAt(i))) {
        i++;
      }
      if (i == from || (count > 0 && i - from != 2) || i - from > 6) {
        return Double.NaN;
      }
      numbers[count++] = Integer.parseInt(cell, from, i, 10);
      if (i == n || cell.charAt(i) != ':') {
        break;
      }
      i++;
    }
    double fraction = 0;
    if (i + 1 < n && (cell.charAt(i) == '.' || cell.charAt(i) == ',')) {
      double unit = 1;
      for (i++; i < n && digit(cell.charAt(i)); i++) {
        unit /= 10;
        fraction += (cell.charAt(i) - '0') * unit;
      }
    }
    boolean seconds = count == 3 || minutesFirst;
    if (i < n || count < 2 || numbers[1] > 59 || numbers[2] > 59 || (fraction > 0 && !seconds)) {
      return Double.NaN;
    }
    return count == 2 && minutesFirst
        ? numbers[0] * 60 + numbers[1] + fraction
        : numbers[0] * 3600 + numbers[1] * 60 + numbers[2] + fraction;
  }

  private static double unit(String word) {
    return switch (word) {
      case "w", "wk", "week", "weeks" -> 7 * 86_400;
      case "d", "day", "days", "tag", "tage" -> 86_400;
      case "h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden" -> 3600;
      case "m", "min", "mins", "minute", "minutes", "minuten" -> 60;
      case "s", "sec", "secs", "second", "seconds", "sek" -> 1;
      case "ms" -> 0.001;
      default -> Double.NaN;
    };
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }
}
