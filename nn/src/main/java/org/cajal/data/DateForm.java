package org.cajal.data;

import java.time.LocalTime;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How the dates, times of day or spans of time of a column are written. A form says what cannot be
 * seen in one cell, above all the order of day and month; the rest may differ from cell to cell.
 *
 * <p>A date is three numbers divided by {@code -}, {@code /}, {@code .} or a blank, with or without
 * leading zeros, the year of four digits or of two (30 to 99 are 1930 to 1999, 00 to 29 are 2000 to
 * 2029); or with the month's name in English, German, French, Spanish, Italian, Portuguese or
 * Dutch, in full or short, and the weekday's before or after it ({@code Mon, 3 Mar 2024}, {@code
 * March 3rd, 2024}, {@code 03-Mar-24}, {@code 3. März 2024}); or compact ({@code 20240301}, or
 * {@code 01032024} with the year last). A month with its year ({@code 2024-03}, {@code 03/2024},
 * {@code Mar 2024}), a quarter ({@code 2024Q1}, {@code Q1 2024}) and a week of ISO 8601 ({@code
 * 2024-W05}) are their first days.
 *
 * <p>A time may follow after a blank or {@code T}: {@code 14:05}, {@code 9:05:30.25}, {@code 2:05
 * PM}, {@code 14.05.30}, {@code 1405}; and then {@code Z}, an offset ({@code +02:00}, {@code
 * +0200}, {@code +02}) or a zone ({@code UTC}, {@code EST}, {@code [Europe/Berlin]}).
 */
public enum DateForm {
  /** {@code 2024-03-01}, {@code 24/3/1}, as ISO 8601. */
  YEAR_MONTH_DAY(0, 1),
  /** {@code 2024-01-03} for the first of March. */
  YEAR_DAY_MONTH(0, 2),
  /** {@code 01.03.2024}, {@code 1/3/24}. */
  DAY_MONTH_YEAR(2, 1),
  /** {@code 03/01/2024}, {@code 3/1/24}. */
  MONTH_DAY_YEAR(2, 0),
  /** {@code 14:05}, {@code 9:05:30}, {@code 2:05 PM}, {@code 14.05.30}: seconds since midnight. */
  TIME_OF_DAY(-1, -1),
  /**
   * {@code 27:10} and {@code 27:10:05} in hours, {@code 1h 7m}, {@code 2 days 03:04:05}, {@code
   * PT1H7M}: seconds.
   */
  DURATION(-1, -1),
  /** As a duration, but {@code 27:10} is 27 minutes and 10 seconds. */
  MINUTES_SECONDS(-1, -1);

  private final int yearAt;
  private final int monthAt;

  DateForm(int yearAt, int monthAt) {
    this.yearAt = yearAt;
    this.monthAt = monthAt;
  }

  /**
   * What the cells of a column say about their form.
   *
   * @param form the form, or null where the cells look like dates in none that is read
   * @param note a sentence on what was decided without being plain, or null
   * @param odd the number of cells that are not in the form, at most half of those that are there
   * @param firstOdd the rows of the first of them, at most three
   */
  public record Inference(
      @Nullable DateForm form, @Nullable String note, int odd, List<Integer> firstOdd) {
    /** An inference with an immutable list. */
    public Inference {
      firstOdd = List.copyOf(firstOdd);
    }
  }

  /**
   * Finds the form of a column. All cells decide; of a column that is no date only a few are looked
   * at. A column of numbers is one of dates only where they are written as one number of 8, 12 or
   * 14 digits (6 or 10 where the name speaks of time), every one is a day of 1900 to 2100, and its
   * name or the span of months says that they are no numbers of another kind.
   *
   * @param column its name, for the notes, and for evidence
   * @param count the number of rows
   * @param cell the trimmed text of a row, or null where the value is missing
   * @return null if it is no column of dates
   */
  public static @Nullable Inference infer(
      String column, int count, IntFunction<@Nullable String> cell) {
    DateEvidence evidence = new DateEvidence(column);
    int sample = Math.min(count, DateEvidence.SAMPLE);
    for (int i = 0; i < sample; i++) {
      String text = cell.apply((int) ((long) i * count / sample));
      if (text != null) {
        evidence.add(text);
      }
    }
    if (evidence.isHopeless()) {
      return evidence.decide(0, row -> null);
    }
    DateEvidence all = new DateEvidence(column);
    for (int row = 0; row < count; row++) {
      String text = cell.apply(row);
      if (text != null) {
        all.add(text);
      }
    }
    return all.decide(count, cell);
  }

  /** The form's name as options write it, for example {@code day-month-year}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What a cell is, for messages. */
  String meaning() {
    return isDate() ? "a date" : this == TIME_OF_DAY ? "a time of day" : "a duration";
  }

  /** Whether cells are spans of time. */
  boolean isSpan() {
    return this == DURATION || this == MINUTES_SECONDS;
  }

  /** Whether cells are days or moments, not times of day or spans of time. */
  public boolean isDate() {
    return yearAt >= 0;
  }

  /**
   * What a cell means: of a date the seconds since 1970-01-01T00:00 (UTC where no offset is
   * written), of a time of day those since midnight, of a duration its seconds; NaN if the cell is
   * not in this form.
   */
  public double parse(String cell) {
    if (isSpan()) {
      return DurationText.seconds(cell, this == MINUTES_SECONDS);
    }
    DateScan scan = new DateScan();
    return scan.scan(cell) ? value(scan) : Double.NaN;
  }

  /** What a scanned date or time of day means, or NaN. */
  double value(DateScan scan) {
    return isDate() ? scan.moment(yearAt, monthAt) : scan.timeOfDay();
  }

  /** What a value of {@code java.time} means for a column of this form, or NaN. */
  double seconds(TemporalAccessor value) {
    if (value instanceof LocalTime) {
      return this == TIME_OF_DAY ? TIME_OF_DAY.parse(value.toString()) : Double.NaN;
    }
    if (isSpan()) {
      return Double.NaN;
    }
    double moment = YEAR_MONTH_DAY.parse(value.toString());
    return isDate() ? moment : moment - Math.floor(moment / 86_400) * 86_400;
  }
}
