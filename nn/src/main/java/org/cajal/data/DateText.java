package org.cajal.data;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;

/** Writes moments, times of day and spans of time for people, as ISO 8601 has them. */
final class DateText {
  private DateText() {}

  /** A value of a column of dates: what {@link DateForm#parse} gives. */
  static String of(DateForm form, double seconds) {
    return form.isDate()
        ? moment(seconds)
        : form.isSpan() ? Cells.label(seconds) + " s" : timeOfDay(seconds);
  }

  /** {@code 2024-02-29}, or {@code 2024-02-29 13:00} where it is not midnight. */
  static String moment(double seconds) {
    String text =
        Instant.ofEpochMilli(Math.round(seconds * 1000))
            .atOffset(ZoneOffset.UTC)
            .toLocalDateTime()
            .toString();
    return text.endsWith("T00:00") ? text.substring(0, text.length() - 6) : text.replace('T', ' ');
  }

  private static String timeOfDay(double seconds) {
    long nanos = Math.round(seconds * 1000) * 1_000_000;
    return nanos >= 0 && nanos < LocalTime.MAX.toNanoOfDay()
        ? LocalTime.ofNanoOfDay(nanos).toString()
        : Cells.label(seconds) + " s";
  }
}
