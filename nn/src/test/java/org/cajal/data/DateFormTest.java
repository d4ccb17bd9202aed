package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DateFormTest {
  private static final DateForm ISO = DateForm.YEAR_MONTH_DAY;
  private static final DateForm DAY = DateForm.DAY_MONTH_YEAR;
  private static final DateForm MONTH = DateForm.MONTH_DAY_YEAR;

  private static double seconds(String iso) {
    return iso.indexOf('T') < 0
        ? LocalDate.parse(iso).atStartOfDay().toEpochSecond(ZoneOffset.UTC)
        : LocalDateTime.parse(iso).toEpochSecond(ZoneOffset.UTC);
  }

  private static DateForm.@Nullable Inference infer(String name, List<String> cells) {
    return DateForm.infer(name, cells.size(), cells::get);
  }

  private static DateForm.Inference found(String name, String... cells) {
    DateForm.Inference found = infer(name, List.of(cells));
    assertThat(found).as(String.join(", ", cells)).isNotNull();
    return java.util.Objects.requireNonNull(found);
  }

  private static void means(DateForm form, String iso, String... cells) {
    for (String cell : cells) {
      assertThat(form.parse(cell)).as(cell).isEqualTo(seconds(iso));
    }
  }

  @Test
  void readsDatesInEveryOrderAndDivider() {
    means(ISO, "2024-03-01", "2024-03-01", "2024/3/1", "2024.03.01", "2024. 3. 1.", "2024 03 01");
    means(ISO, "2024-03-01", "20240301", "24-03-01", "2024年3月1日", "2024-03", "202403", "2024/03");
    means(DateForm.YEAR_DAY_MONTH, "2024-03-01", "2024-01-03", "2024/1/3");
    means(DAY, "2024-03-01", "01/03/2024", "1/3/2024", "1.3.2024", "01-03-2024", "1/3/24");
    means(DAY, "2024-03-01", "1. 3. 2024", "01 03 2024", "03/2024", "Fri 01/03/2024");
    means(MONTH, "2024-03-01", "03/01/2024", "3/1/2024", "3-1-2024", "3/1/24", "03.01.2024");
    means(DAY, "1969-12-31", "31/12/69", "31.12.1969");
    means(DAY, "2029-12-31", "31/12/29");
    means(DAY, "1930-01-01", "01/01/30", "1.1.30");
    means(DAY, "2024-03-01", "01032024", "1032024", "20240301");
    means(MONTH, "2024-03-01", "03012024", "3012024", "20240301");
    means(DAY, "1999-02-28", "28-02-99");
  }

  @Test
  void readsMonthsByTheirNamesInAnyOrderAndSevenLanguages() {
    for (DateForm form : List.of(ISO, DAY, MONTH)) {
      means(form, "2024-03-03", "Mon, 3 Mar 2024", "March 3, 2024", "3. März 2024", "3 mars 2024");
      means(form, "2024-03-03", "Mar 3rd, 2024", "3-MAR-2024", "3 de marzo de 2024", "03Mar2024");
      means(
          form, "2024-03-03", "3 marzo 2024", "3 de março de 2024", "3 maart 2024", "2024-Mar-03");
      means(form, "2024-03-03", "Sunday, March 3, 2024", "dimanche 3 mars 2024", "2024 March 3");
      means(form, "2024-03-05", "mar. 5 mars 2024", "mar 5 mar 2024", "Mar 5 2024");
      means(form, "2024-12-24", "24. Dez. 2024", "24 déc. 2024", "24 dic 2024", "Dec. 24, 2024");
      means(form, "2024-08-01", "1er août 2024", "1 ago 2024", "1. August 2024", "August 1st 2024");
      means(
          form,
          "2024-03-01",
          "Mar 2024",
          "March 2024",
          "2024 Mar",
          "mars 2024",
          "Mar-24",
          "Mar '24");
    }
    means(DAY, "2024-03-03", "03-Mar-24", "3 Mar 24");
    means(ISO, "2003-03-24", "03-Mar-24");
    for (int m = 1; m <= 12; m++) {
      LocalDate day = LocalDate.of(2023, m, 17);
      for (Locale locale :
          List.of(
              Locale.ENGLISH,
              Locale.GERMAN,
              Locale.FRENCH,
              Locale.ITALIAN,
              Locale.of("es"),
              Locale.of("pt"),
              Locale.of("nl"))) {
        for (String pattern :
            List.of("d MMMM yyyy", "EEEE d MMMM yyyy", "d. MMM yyyy", "EEE, d MMM yyyy")) {
          means(DAY, day.toString(), DateTimeFormatter.ofPattern(pattern, locale).format(day));
        }
      }
    }
  }

  @Test
  void readsTimesWithZonesAndTwelveHourClocks() {
    means(ISO, "2011-01-01T07:05:00", "2011-01-01 7:05", "2011-01-01T07:05:00Z", "20110101T070500");
    means(
        ISO,
        "2011-01-01T07:05:00",
        "2011-01-01 07:05 UTC",
        "2011-01-01 07:05:00 GMT",
        "201101010705");
    means(
        ISO,
        "2011-01-01T07:05:00",
        "2011-01-01 07:05:00+00:00",
        "2011-01-01T07:05:00+0000",
        "20110101070500");
    means(
        ISO,
        "2011-01-01T07:05:00",
        "2011-01-01T09:05+02",
        "2011-01-01 05:05:00 -0200",
        "20110101T0705");
    means(
        ISO,
        "2011-01-01T07:05:00",
        "2011-01-01T08:05:00+01:00[Europe/Berlin]",
        "2011-01-01 7.05.00");
    means(
        ISO,
        "2011-01-01T07:05:00",
        "2011-01-01T08:05[Europe/Berlin]",
        "2011-01-01 08:05 Europe/Berlin");
    means(
        ISO,
        "2011-01-01T07:05:00",
        "2011-01-01 02:05 EST",
        "2011-01-01 08:05 CET",
        "2011-01-01 7:05 AM");
    means(ISO, "2011-07-01T07:05:00", "2011-07-01T09:05[Europe/Berlin]", "2011-07-01 09:05 CEST");
    means(ISO, "2011-01-02T00:00:00", "2011-01-01 24:00", "2011-01-02 0:00", "2011-01-02 12:00 am");
    means(
        MONTH,
        "2011-01-01T14:00:30",
        "1/1/2011 2:00:30 PM",
        "01/01/2011 02:00:30 p.m.",
        "1/1/2011, 2:00:30 PM");
    means(
        MONTH,
        "2011-01-01T12:00:00",
        "1/1/2011 12:00 PM",
        "1/1/2011 12PM",
        "01/01/2011 12:00:00 pm");
    means(DAY, "2011-01-01T14:30:00", "1.1.2011 14:30 Uhr", "1/1/2011 14h30", "01-Jan-2011 14:30");
    means(
        DAY, "2000-10-10T20:55:36", "10/Oct/2000:13:55:36 -0700", "Tue Oct 10 20:55:36 +0000 2000");
    means(DAY, "2024-03-01T13:05:30", "Fri Mar 01 13:05:30 UTC 2024", "Fri Mar  1 13:05:30 2024");
    means(
        DAY,
        "2024-03-01T13:05:30",
        "Fri Mar 01 2024 14:05:30 GMT+0100 (Central European Standard Time)");
    assertThat(ISO.parse("1970-01-02T01:00:00.5+01:00")).isEqualTo(86400.5);
    assertThat(ISO.parse("1970-01-01 00:00:01,250")).isEqualTo(1.25);
    assertThat(ISO.parse("1970-01-01T00:00:01.123456789Z")).isEqualTo(1.123456789);
  }

  @Test
  void readsQuartersAndWeeks() {
    means(ISO, "2024-04-01", "2024Q2", "2024-Q2", "Q2 2024", "Q2-2024", "2024 Q2", "Q2/2024");
    for (int year = 1999; year < 2030; year++) {
      LocalDate fourth = LocalDate.of(year, 1, 4);
      int weeks = (int) IsoFields.WEEK_OF_WEEK_BASED_YEAR.rangeRefinedBy(fourth).getMaximum();
      for (int week : List.of(1, 5, weeks)) {
        LocalDate monday =
            fourth.with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, week).with(java.time.DayOfWeek.MONDAY);
        String text = String.format(Locale.ROOT, "%d-W%02d", year, week);
        means(ISO, monday.toString(), text, text.replace("-", ""));
        means(ISO, monday.plusDays(2).toString(), text + "-3");
      }
      assertThat(Double.isNaN(ISO.parse(year + "-W53"))).as("%d", year).isEqualTo(weeks == 52);
    }
  }

  @Test
  void everyDayOfTheCalendarComesBack() {
    DateTimeFormatter american = DateTimeFormatter.ofPattern("M/d/yyyy", Locale.ROOT);
    for (LocalDate day = LocalDate.of(1895, 1, 1); day.getYear() < 2105; day = day.plusDays(1)) {
      double expected = day.toEpochDay() * 86_400.0;
      assertThat(ISO.parse(day.toString())).isEqualTo(expected);
      assertThat(MONTH.parse(american.format(day))).isEqualTo(expected);
    }
    for (int year : List.of(1600, 1700, 1900, 2000, 2023, 2024, 2100)) {
      boolean leap = LocalDate.of(year, 1, 1).isLeapYear();
      assertThat(Double.isNaN(ISO.parse(year + "-02-29"))).as("%d", year).isEqualTo(!leap);
    }
  }

  @Test
  void readsTimesOfDay() {
    DateForm form = DateForm.TIME_OF_DAY;
    for (String text :
        List.of("7:05", "07:05", "07:05:00", "7:05 AM", "7:05am", "07.05.00", "7h05", "7.05 am")) {
      assertThat(form.parse(text)).as(text).isEqualTo(7 * 3600 + 300.0);
    }
    assertThat(form.parse("7 pm")).isEqualTo(19 * 3600.0);
    assertThat(form.parse("12:30 a.m.")).isEqualTo(1800.0);
    assertThat(form.parse("23:59:59.5")).isEqualTo(86_399.5);
    assertThat(form.parse("24:00")).isEqualTo(86_400.0);
    for (String bad :
        List.of(
            "24:01",
            "7",
            "7.05",
            "13:00 PM",
            "0:00 AM",
            "10:00-11:00",
            "2:1",
            "08:60",
            "2024-01-01",
            "12:00:00:00")) {
      assertThat(form.parse(bad)).as(bad).isNaN();
    }
  }

  @Test
  void readsDurations() {
    DateForm form = DateForm.DURATION;
    for (String text :
        List.of(
            "27:10",
            "27:10:00",
            "27h 10m",
            "1d 3h 10min",
            "1 day 03:10:00",
            "PT27H10M",
            "27 hours, 10 minutes")) {
      assertThat(form.parse(text)).as(text).isEqualTo(27 * 3600 + 600.0);
    }
    assertThat(form.parse("0h 0m")).isZero();
    assertThat(form.parse("-1:30:00.5")).isEqualTo(-5400.5);
    assertThat(DateForm.MINUTES_SECONDS.parse("27:10")).isEqualTo(27 * 60 + 10.0);
    assertThat(DateForm.MINUTES_SECONDS.parse("1:27:10")).isEqualTo(3600 + 27 * 60 + 10.0);
    for (String bad :
        List.of("27", "27:1", "1:60", "m", "1m 2h", "1:2:3:4", "5 apples", "PT", "1:02x")) {
      assertThat(form.parse(bad)).as(bad).isNaN();
    }
  }

  @Test
  void refusesWhatIsNoDate() {
    for (DateForm form : List.of(ISO, DAY, MONTH, DateForm.YEAR_DAY_MONTH)) {
      for (String bad :
          List.of(
              "",
              "x",
              "2023-02-29",
              "2023-13-32",
              "2023-00-01",
              "0000-01-01",
              "2023--01",
              "2023-1-1x",
              "2023-01-01 25:00",
              "2023-01-01T10:00:61",
              "2023.5",
              "12345-01-01",
              "2023-01-01T10:00+9",
              "2023-01-01T10:60",
              "2023-01-01T10:00+25:00",
              "2023-01-01 10:00 XYZ",
              "1-2",
              "1.2.3.4",
              "192.168.1.1",
              "555-123-4567",
              "1,234,567",
              "10 20 30",
              "Mar",
              "March",
              "Monday",
              "May 5",
              "5 apples",
              "3:1",
              "2023-03/01",
              "20231301",
              "20230230",
              "18990101",
              "1.1.1",
              "2023Q5",
              "2023-W54",
              "Mon",
              "1/2/3",
              "Nov the 3 of",
              "-2023-01-01",
              "2023-01-01-",
              "12 March",
              "32 Jan 2024",
              "1/2",
              "99999999",
              "2023-01-01 13:00 PM",
              "24-Mar")) {
        assertThat(form.parse(bad)).as("%s: %s", form, bad).isNaN();
      }
    }
    assertThat(DAY.parse("2024-03-01")).isNaN();
    assertThat(ISO.parse("01/03/2024")).isNaN();
    assertThat(DAY.parse("01/13/2024")).isNaN();
    assertThat(MONTH.parse("13/01/2024")).isNaN();
  }

  @Test
  void thePartsAboveTwelveDecideTheOrder() {
    assertThat(found("d", "13/01/2024", "02/01/2024"))
        .isEqualTo(new DateForm.Inference(DAY, null, 0, List.of()));
    assertThat(found("d", "01/13/2024", "02/01/2024"))
        .isEqualTo(new DateForm.Inference(MONTH, null, 0, List.of()));
    assertThat(found("d", "2024-13-01", "2024-02-01").form()).isEqualTo(DateForm.YEAR_DAY_MONTH);
    assertThat(found("d", "2024-01-02", "2024-02-01"))
        .isEqualTo(new DateForm.Inference(ISO, null, 0, List.of()));
    assertThat(found("d", "24/02/13", "24/02/02").form()).isEqualTo(ISO);
    assertThat(found("d", "13-Feb-24", "01-Feb-24").form()).isEqualTo(DAY);
    assertThat(found("d", "March 3, 2024", "4 March 2024").note()).isNull();
  }

  @Test
  void saysHowUndecidedDatesAreRead() {
    assertThat(found("d", "03/01/2024", "02/01/2024", "05/05/2024", "03/01/2024"))
        .isEqualTo(
            new DateForm.Inference(
                MONTH,
                "column \"d\": dates such as \"03/01/2024\" are read month first; --dates"
                    + " d=day-month-year reads them otherwise",
                0,
                List.of()));
    assertThat(found("d", "03.01.2024", "02.01.2024", "05.05.2024", "03.01.2024").note())
        .isEqualTo(
            "column \"d\": dates such as \"03.01.2024\" are read day first; --dates"
                + " d=month-day-year reads them otherwise");
    assertThat(found("d", "05/01/2024", "07/01/2024", "02/02/2024", "04/02/2024"))
        .isEqualTo(
            new DateForm.Inference(
                DAY,
                "column \"d\": dates such as \"05/01/2024\" are read day first, by which the rows"
                    + " are in order of time; --dates d=month-day-year reads them otherwise",
                0,
                List.of()));
    assertThat(found("d", "05/05/2024", "05/05/2024").note()).isNull();
  }

  @Test
  void namesOddCellsAndGivesUpWhereMostAreOdd() {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      cells.add(i % 4 == 1 ? "soon" : "2024-03-" + (i % 28 + 1));
    }
    assertThat(infer("d", cells))
        .isEqualTo(new DateForm.Inference(ISO, null, 25, List.of(1, 5, 9)));
    for (int i = 0; i < 100; i += 2) {
      cells.set(i, "later");
    }
    assertThat(infer("d", cells)).isNull();
    assertThat(found("d", "13/01/2024", "01/13/2024", "14/01/2024", "15/01/2024"))
        .isEqualTo(new DateForm.Inference(DAY, null, 1, List.of(1)));
  }

  @Test
  void missingCellsSayNothing() {
    IntFunction<@Nullable String> cells = i -> i % 3 == 0 ? "2024-03-01" : null;
    assertThat(DateForm.infer("d", 300, cells))
        .isEqualTo(new DateForm.Inference(ISO, null, 0, List.of()));
    assertThat(DateForm.infer("d", 300, i -> null)).isNull();
    assertThat(DateForm.infer("d", 0, i -> "x")).isNull();
  }

  @Test
  void looksAtFewCellsOfAColumnThatIsNoDate() {
    int[] asked = {0};
    assertThat(
            DateForm.infer(
                "d",
                1_000_000,
                i -> {
                  asked[0]++;
                  return "text " + i;
                }))
        .isNull();
    assertThat(asked[0]).isLessThan(1000);
  }

  @Test
  void numbersAreDatesOnlyWhereTheNameOrTheSpanSaysSo() {
    List<String> days = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      days.add(DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.of(2024, 1, 1).plusDays(i)));
      ids.add(Integer.toString(20240101 + i));
    }
    assertThat(infer("x", days))
        .isEqualTo(
            new DateForm.Inference(
                ISO,
                "column \"x\": numbers such as \"20240101\" are read as dates, year first;"
                    + " --type x=number leaves them numbers",
                0,
                List.of()));
    assertThat(infer("date", days.subList(0, 5))).isNotNull();
    assertThat(infer("x", days.subList(0, 5))).isNull();
    assertThat(infer("date", ids)).isNull();
    assertThat(infer("month", List.of("202401", "202402"))).isNotNull();
    assertThat(infer("x", List.of("202401", "202402"))).isNull();
    assertThat(infer("x", List.of("1", "2.5", "3e5", "2024", "1999"))).isNull();
    assertThat(infer("season", List.of("2009-10", "2010-11", "2011-12"))).isNull();
  }

  @Test
  void tellsTimesOfDayFromDurations() {
    assertThat(found("time", "0:00", "23:59", "7:07"))
        .isEqualTo(new DateForm.Inference(DateForm.TIME_OF_DAY, null, 0, List.of()));
    assertThat(found("time", "00.00.00", "18.30.00").form()).isEqualTo(DateForm.TIME_OF_DAY);
    assertThat(found("lap", "3:45", "4:10").note())
        .isEqualTo(
            "column \"lap\": times such as \"3:45\" are read as times of day; --dates lap=duration"
                + " reads them otherwise");
    assertThat(found("x", "23:45", "27:10").note())
        .isEqualTo(
            "column \"x\": texts such as \"23:45\" are read as durations, hours before minutes;"
                + " --dates x=minutes-seconds reads them otherwise");
    assertThat(found("x", "45:10", "1:02:10").form()).isEqualTo(DateForm.MINUTES_SECONDS);
    assertThat(found("duration", "3:45", "4:10").form()).isEqualTo(DateForm.DURATION);
    assertThat(found("x", "0h 7m", "1h 2m").form()).isEqualTo(DateForm.DURATION);
    assertThat(infer("size", List.of("5 m", "7 m", "12 m"))).isNull();
    assertThat(infer("weekday", List.of("Mon", "Tue", "Wed"))).isNull();
    assertThat(infer("month", List.of("Jan", "Feb", "May"))).isNull();
    assertThat(infer("score", List.of("2:1", "0:0", "3:2"))).isNull();
  }

  @Test
  void namesWhatLooksLikeADate() {
    assertThat(infer("d", List.of("5 May, Monday morning", "6 May, Monday noon")))
        .isEqualTo(
            new DateForm.Inference(
                null,
                "column \"d\": looks like a date (\"5 May, Monday morning\") in a form that is not"
                    + " read",
                0,
                List.of()));
    for (String plain :
        List.of("red", "12-34", "555-123-4567", "A4", "10.0.0.1", "1.2.3", "12 kg")) {
      assertThat(infer("d", List.of(plain, plain))).as(plain).isNull();
    }
  }

  @Test
  void readsValuesOfJavaTime() {
    LocalDateTime moment = LocalDateTime.of(2024, 3, 1, 14, 5, 30);
    double expected = moment.toEpochSecond(ZoneOffset.UTC);
    for (DateForm form : List.of(ISO, DAY, MONTH)) {
      assertThat(form.seconds(moment)).isEqualTo(expected);
      assertThat(form.seconds(moment.toInstant(ZoneOffset.UTC))).isEqualTo(expected);
      assertThat(form.seconds(OffsetDateTime.of(moment, ZoneOffset.ofHours(2))))
          .isEqualTo(expected - 7200);
      assertThat(form.seconds(ZonedDateTime.of(moment, java.time.ZoneId.of("Europe/Berlin"))))
          .isEqualTo(expected - 3600);
      assertThat(form.seconds(YearMonth.of(2024, 3))).isEqualTo(seconds("2024-03-01"));
      assertThat(form.seconds(LocalTime.NOON)).isNaN();
      assertThat(form.seconds(Instant.MAX)).isNaN();
    }
    assertThat(DateForm.TIME_OF_DAY.seconds(LocalTime.of(14, 5))).isEqualTo(14 * 3600 + 300.0);
    assertThat(DateForm.TIME_OF_DAY.seconds(moment)).isEqualTo(14 * 3600 + 330.0);
    assertThat(DateForm.DURATION.seconds(moment)).isNaN();
  }

  @Test
  void saysInWhichCenturyYearsOfTwoDigitsAre() {
    DateForm.Inference births = found("birth", "15.03.62", "30.11.71", "04.07.85");
    assertThat(births.form()).isEqualTo(DAY);
    assertThat(births.note())
        .isEqualTo(
            "column \"birth\": years of two digits are read as 1930 to 2029, as in \"15.03.62\"");
    assertThat(found("born", "62-03-15", "71-11-30").form()).isEqualTo(ISO);
    assertThat(found("due", "15.03.27", "30.11.28").note()).isNull();
    assertThat(found("born", "15-Mar-62", "30-Nov-71").note())
        .isEqualTo(
            "column \"born\": years of two digits are read as 1930 to 2029, as in \"15-Mar-62\"");
  }

  @Test
  void readsNumbersWithTheYearLast() {
    DateForm.Inference days = found("date", "21012023", "02022023", "1032023");
    assertThat(days.form()).isEqualTo(DAY);
    assertThat(days.note())
        .isEqualTo(
            "column \"date\": numbers such as \"21012023\" are read as dates, day first; --type"
                + " date=number leaves them numbers");
    assertThat(found("date", "01212023", "02282023").form()).isEqualTo(MONTH);
    assertThat(infer("x", List.of("21012023", "02022023"))).as("nothing speaks of time").isNull();
    assertThat(infer("date", List.of("21012023", "99992023"))).isNull();
    Column short6 =
        Csv.parse("t", "date,x\n230202,1\n230303,2\n", CsvOptions.DEFAULT).column("date");
    assertThat(short6.type()).isEqualTo(ColumnType.NUMBER);
    assertThat(short6.note())
        .isEqualTo(
            "column \"date\": numbers such as \"230202\" may be dates in a form that is not read,"
                + " and are taken as numbers");
  }

  @Test
  void takesRatiosAndVersionsForNoTimes() {
    for (String name : List.of("ratio", "aspect ratio", "final_score", "odds")) {
      assertThat(infer(name, List.of("16:10", "16:09", "21:09"))).as(name).isNull();
    }
    assertThat(infer("version", List.of("10.1.18", "10.1.19", "11.2.20"))).isNull();
    assertThat(infer("x", List.of("10.1.8", "10.1.9", "10.2.1"))).isNull();
    assertThat(found("x", "16:10", "16:09", "21:09").note())
        .isEqualTo(
            "column \"x\": times such as \"16:10\" are read as times of day; --dates x=duration"
                + " reads them otherwise");
    assertThat(found("x", "09:10", "16:09").note()).isNull();
    assertThat(found("result date", "2024-01-03", "2024-02-03").form()).isEqualTo(ISO);
  }
}
