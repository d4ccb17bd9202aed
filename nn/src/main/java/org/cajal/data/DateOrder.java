package org.cajal.data;

import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * The order of the parts of a written date; parts are divided by {@code -}, {@code /} or {@code .},
 * the year has four digits.
 */
public enum DateOrder {
  /** {@code 2024-03-01} or {@code 2024-03}, as ISO 8601. */
  YEAR_MONTH_DAY,
  /** {@code 01.03.2024}. */
  DAY_MONTH_YEAR,
  /** {@code 03/01/2024}. */
  MONTH_DAY_YEAR;

  /**
   * The moment that a text means, in seconds since 1970-01-01T00:00 (UTC where no offset is
   * written); NaN if it is no date in this order. A time may follow after a blank or {@code T}:
   * {@code 14:05}, {@code 14:05:30}, {@code 14:05:30.25}, each with {@code Z} or an offset such as
   * {@code +02:00}.
   */
  public double parse(String text) {
    int n = text.length();
    if (n < 6 || n > 40) {
      return Double.NaN;
    }
    int dateEnd = 0;
    while (dateEnd < n && text.charAt(dateEnd) != 'T' && text.charAt(dateEnd) != ' ') {
      dateEnd++;
    }
    int[] parts = new int[3];
    int[] widths = new int[3];
    int count = 0;
    char divider = 0;
    for (int i = 0; i < dateEnd; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        if (++widths[count] > 4) {
          return Double.NaN;
        }
        parts[count] = parts[count] * 10 + (c - '0');
      } else if ((c == '-' || c == '/' || c == '.')
          && (divider == 0 || divider == c)
          && count < 2
          && widths[count] > 0) {
        divider = c;
        count++;
      } else {
        return Double.NaN;
      }
    }
    boolean noDay = this == YEAR_MONTH_DAY && count == 1 && divider != '.';
    if (widths[count] == 0 || (count != 2 && !noDay)) {
      return Double.NaN;
    }
    int yearAt = this == YEAR_MONTH_DAY ? 0 : 2;
    int monthAt = this == MONTH_DAY_YEAR ? 0 : 1;
    int dayAt = 3 - yearAt - monthAt;
    int day = noDay ? 1 : parts[dayAt];
    boolean widthsFit =
        widths[yearAt] == 4 && widths[monthAt] <= 2 && (noDay || widths[dayAt] <= 2);
    if (!widthsFit || parts[yearAt] == 0 || parts[monthAt] < 1 || parts[monthAt] > 12 || day < 1) {
      return Double.NaN;
    }
    YearMonth month = YearMonth.of(parts[yearAt], parts[monthAt]);
    if (day > month.lengthOfMonth()) {
      return Double.NaN;
    }
    LocalDateTime start = month.atDay(day).atStartOfDay();
    double seconds = dateEnd == n ? 0 : time(text, dateEnd + 1);
    return start.toEpochSecond(ZoneOffset.UTC) + seconds;
  }

  /** Seconds of a time of day less its offset from UTC, or NaN. */
  private static double time(String text, int start) {
    int end = text.length();
    double shift = 0;
    if (end > start && text.charAt(end - 1) == 'Z') {
      end--;
    } else if (end - start > 6 && (text.charAt(end - 6) == '+' || text.charAt(end - 6) == '-')) {
      double hours = two(text, end - 5, 23);
      double minutes = two(text, end - 2, 59);
      shift = (text.charAt(end - 6) == '+' ? 1 : -1) * (hours * 3600 + minutes * 60);
      if (text.charAt(end - 3) != ':') {
        return Double.NaN;
      }
      end -= 6;
    }
    int length = end - start;
    boolean seconds = length >= 8;
    if ((length != 5 && !seconds)
        || text.charAt(start + 2) != ':'
        || (seconds && text.charAt(start + 5) != ':')) {
      return Double.NaN;
    }
    double total = two(text, start, 23) * 3600 + two(text, start + 3, 59) * 60 - shift;
    if (seconds) {
      total += two(text, start + 6, 59);
    }
    if (length > 8) {
      double fraction = Cells.number("0" + text.substring(start + 8, end), false);
      total += text.charAt(start + 8) == '.' ? fraction : Double.NaN;
    }
    return total;
  }

  private static double two(String text, int at, int most) {
    int tens = text.charAt(at) - '0';
    int ones = text.charAt(at + 1) - '0';
    int value = tens * 10 + ones;
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 || value > most ? Double.NaN : value;
  }
}
