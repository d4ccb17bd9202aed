package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.cajal.data.BadInput.refused;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.cajal.type.CounterRandom;
import org.junit.jupiter.api.Test;

class SeriesTest {
  private static final LocalDate START = LocalDate.of(2023, 1, 2); // a Monday

  private static Table table(String header, int rows, IntFunction<String> row) {
    StringBuilder text = new StringBuilder(header).append('\n');
    IntStream.range(0, rows).forEach(i -> text.append(row.apply(i)).append('\n'));
    return Csv.parse("t.csv", text.toString(), CsvOptions.DEFAULT);
  }

  private static double smooth(int i) {
    return 20 + 10 * Math.sin(i / 9.0) + noise(i);
  }

  private static double noise(int i) {
    int[] order = CounterRandom.permutation(CounterRandom.key(7, "noise"), 1000);
    return order[i % 1000] / 1000.0 - 0.5;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static Optional<String> found(Table table, String target) {
    return Series.find(table, Target.of(table, target, Task.REGRESSION)).map(Series::describe);
  }

  @Test
  void noticesASeriesOfDays() {
    Table t = table("date,y", 60, i -> START.plusDays(i) + "," + number(smooth(i)));
    assertThat(found(t, "y")).contains("\"date\" from 2023-01-02 to 2023-03-02, a row a day");
  }

  @Test
  void noticesMonthsYearsHoursAndSecondsInAnyOrderOfTime() {
    Table months = table("month,y", 36, i -> START.plusMonths(35 - i) + "," + number(smooth(i)));
    assertThat(found(months, "y"))
        .contains("\"month\" from 2023-01-02 to 2025-12-02, a row a month");
    Table years = table("y,year", 50, i -> number(smooth(i)) + "," + (1950 + i));
    assertThat(found(years, "y")).contains("\"year\" from 1950 to 1999, step 1");
    Table hours =
        table(
            "at,y",
            72,
            i ->
                START.atStartOfDay().plusHours(i).toString().replace('T', ' ')
                    + ":00,"
                    + number(smooth(i)));
    assertThat(found(hours, "y"))
        .contains("\"at\" from 2023-01-02 to 2023-01-04 23:00, a row an hour");
    Table seconds = table("unix,y", 40, i -> (1_700_000_000L + 300L * i) + "," + number(smooth(i)));
    assertThat(found(seconds, "y")).contains("\"unix\" from 1700000000 to 1700011700, step 300");
    int[] order = CounterRandom.permutation(CounterRandom.key(1, "order"), 60);
    Table shuffled =
        table("date,y", 60, i -> START.plusDays(order[i]) + "," + number(smooth(order[i])));
    assertThat(found(shuffled, "y"))
        .contains("\"date\" from 2023-01-02 to 2023-03-02, a row a day");
  }

  @Test
  void noticesWeekdaysAndClasses() {
    Table t =
        table(
            "date,open",
            50,
            i -> START.plusDays(i + i / 5 * 2L) + "," + (i / 6 % 2 == 0 ? "up" : "down"));
    Series series = Series.find(t, Target.of(t, "open", null)).orElseThrow();
    assertThat(series.seasons()).containsExactly(5);
    assertThat(series.irregular()).isEqualTo(9);
    assertThat(series.timeText(series.after(series.time(49), series.time(49), 1)))
        .isEqualTo("2023-03-13");
  }

  @Test
  void noticesAPanel() {
    Table t =
        table(
            "shop,date,sales",
            90,
            i ->
                "s"
                    + i / 30
                    + ","
                    + START.plusDays(i % 30)
                    + ","
                    + number(smooth(i % 30 + i / 30)));
    assertThat(found(t, "sales"))
        .contains("3 series by \"shop\", \"date\" from 2023-01-02 to 2023-01-31, a row a day");
    Table two =
        table(
            "date,item,shop,sales",
            120,
            i ->
                START.plusDays(i / 4)
                    + ",i"
                    + i % 2
                    + ",s"
                    + i / 2 % 2
                    + ","
                    + number(smooth(i / 4) + i % 4));
    assertThat(found(two, "sales"))
        .contains(
            "4 series by \"item\", \"shop\", \"date\" from 2023-01-02 to 2023-01-31, a row a day");
  }

  @Test
  void takesNoOtherTableForASeries() {
    // persons with a day of birth, in its order: the steps are not alike
    Table births =
        table("born,y", 60, i -> START.plusDays((long) i * i / 3 + i) + "," + number(smooth(i)));
    assertThat(found(births, "y")).isEmpty();
    // a day for each row, but neighbours have nothing in common
    Table chance = table("date,y", 60, i -> START.plusDays(i) + "," + number(noise(i)));
    assertThat(found(chance, "y")).isEmpty();
    // rows counted and sorted by the target
    Table sorted = table("nr,x,y", 60, i -> i + "," + number(noise(i)) + "," + number(i * 1.5));
    assertThat(found(sorted, "y")).isEmpty();
    // many orders a day
    Table orders =
        table(
            "date,x,y",
            90,
            i -> START.plusDays(i / 10) + "," + number(noise(i)) + "," + number(smooth(i)));
    assertThat(found(orders, "y")).isEmpty();
    // years of building, repeated and in no order
    Table houses = table("year,y", 60, i -> (1950 + i * 17 % 60) + "," + number(smooth(i)));
    assertThat(found(houses, "y")).isEmpty();
    Table few = table("date,y", 20, i -> START.plusDays(i) + "," + number(smooth(i)));
    assertThat(found(few, "y")).isEmpty();
    // a gap in the times
    Table empty =
        table("date,y", 60, i -> (i == 9 ? "" : START.plusDays(i)) + "," + number(smooth(i)));
    assertThat(found(empty, "y")).isEmpty();
  }

  @Test
  void saysWhatMayBeASeries() {
    Table hours =
        table(
            "Date,warm,y",
            240,
            i -> START.plusDays(i / 24) + "," + number(noise(i)) + "," + number(smooth(i)));
    Target y = Target.of(hours, "y", Task.REGRESSION);
    assertThat(Series.find(hours, y)).isEmpty();
    assertThat(Series.likely(hours, y)).contains("Date");
    Table births = table("born,y", 60, i -> START.plusDays(i * 7L % 60) + "," + number(smooth(i)));
    assertThat(Series.likely(births, Target.of(births, "y", Task.REGRESSION))).isEmpty();
    Table chance = table("date,y", 60, i -> START.plusDays((long) i * i) + "," + number(noise(i)));
    assertThat(Series.likely(chance, Target.of(chance, "y", Task.REGRESSION))).isEmpty();
  }

  @Test
  void refusesWhatIsNoTime() {
    Table t = Csv.parse("t.csv", "a,b,y\n1,x,2\n,y,3\n3,x,4\n", CsvOptions.DEFAULT);
    refused(
        () -> Series.of(t, "b", List.of()),
        "t.csv: column of time \"b\" holds neither dates nor numbers; choose a column of dates or"
            + " numbers");
    refused(
        () -> Series.of(t, "a", List.of()),
        "t.csv:3: column of time \"a\" is empty; fill it in or remove the row");
    refused(
        () -> Series.of(t, "y", List.of("y")),
        "t.csv: column of time \"y\" cannot tell the series apart too; name another column");
  }

  @Test
  void dividesByTimeAndKeepsEqualTimesTogether() {
    double[] times = {50, 10, 30, 30, 20, 40, 30, 60};
    assertThat(Splits.byTime(times, 0.25)).isDeepEqualTo(new int[][] {{1, 2, 3, 4, 5, 6}, {0, 7}});
    assertThat(Splits.byTime(times, 0.5)).isDeepEqualTo(new int[][] {{1, 2, 3, 4, 6}, {0, 5, 7}});
    assertThat(Splits.byTime(times, 0.7)).isDeepEqualTo(new int[][] {{1, 4}, {0, 2, 3, 5, 6, 7}});
    refused(
        () -> Splits.byTime(new double[] {3, 3, 3}, 0.4),
        "[split] all 3 rows have the same time, so that none lies after the others; divide them by"
            + " chance");
    refused(
        () -> Splits.byTime(times, 1),
        "[split] the fraction 1.0 is out of range; it must lie between 0 and 1");
  }

  @Test
  void aPanelIsDividedAtOneTime() {
    Table t =
        Csv.parse(
            "t.csv",
            "g,t,y\na,1,1\na,2,2\na,3,3\nb,1,4\nb,2,5\nb,3,6\nb,4,7\n",
            CsvOptions.DEFAULT);
    Series series = Series.of(t, "t", List.of("g"));
    assertThat(series.split(new int[] {0, 1, 2, 3, 4, 5, 6}, 0.4))
        .isDeepEqualTo(new int[][] {{0, 1, 3, 4}, {2, 5, 6}});
    assertThat(series.before(5, 1)).isEqualTo(4);
    assertThat(series.before(3, 1)).isEqualTo(-1);
    assertThat(series.before(2, -1)).isEqualTo(-1);
  }

  private static final String TEN =
      """
      day,temperature,y
      2024-01-01,1,10
      2024-01-02,2,12
      2024-01-03,3,11
      2024-01-04,4,15
      2024-01-05,5,14
      2024-01-06,6,18
      2024-01-07,7,17
      2024-01-08,8,21
      2024-01-09,9,20
      2024-01-10,10,25
      """;

  private static SeriesRule rule(Table t, List<String> groups, int lags, int horizon) {
    return SeriesRule.of(
        t,
        Target.of(t, "y", Task.REGRESSION),
        Series.of(t, t.columns().getFirst().name(), groups),
        IntStream.range(0, t.rows()).toArray(),
        new SeriesRule.Options(lags, horizon, List.of()));
  }

  private static double[] values(Table t, String column) {
    return IntStream.range(0, t.rows()).mapToDouble(t.column(column)::number).toArray();
  }

  @Test
  void pastValuesBecomeInputs() {
    Table t = Csv.parse("t.csv", TEN, CsvOptions.DEFAULT);
    SeriesRule rule = rule(t, List.of(), 2, 3);
    double none = Double.NaN;
    Table known = rule.known(t, rule.next(t));
    assertThat(known.columnNames())
        .containsExactly(
            "y, 3 rows before",
            "y, level 3 rows before",
            "y, change since 4 rows before",
            "temperature, 3 rows before",
            "temperature, 4 rows before",
            "day, month",
            "day, weekday",
            "y");
    assertThat(values(known, "y, 3 rows before"))
        .containsExactly(none, none, none, 10, 12, 11, 15, 14, 18, 17, 21, 20, 25);
    assertThat(values(known, "y, change since 4 rows before"))
        .containsExactly(none, none, none, none, -2, 1, -4, 1, -4, 1, -4, 1, -5);
    assertThat(values(known, "temperature, 4 rows before"))
        .containsExactly(none, none, none, none, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(known.column("day, weekday").text(0)).isEqualTo("monday");
    assertThat(known.column("day, weekday").text(12)).isEqualTo("saturday");
    assertThat(rule.answerable(t)).containsExactly(4, 5, 6, 7, 8, 9);
    assertThat(rule.next(t).stream().map(SeriesRule.Next::text))
        .containsExactly("2024-01-11", "2024-01-12", "2024-01-13");
    assertThat(rule.error()).isCloseTo(23 / 9.0, within(1e-12));
  }

  @Test
  void rowsAreTakenInOrderOfTimeAndSeriesDoNotMix() {
    Table t =
        Csv.parse(
            "t.csv", "t,g,y\n2,a,12\n1,a,11\n3,a,13\n1,b,21\n2,b,22\n4,b,24\n", CsvOptions.DEFAULT);
    SeriesRule rule = rule(t, List.of("g"), 1, 1);
    Table known = rule.known(t, rule.next(t));
    assertThat(values(known, "y, 1 row before"))
        .containsExactly(11, Double.NaN, 12, Double.NaN, 21, 22, 13, 24);
    assertThat(known.column("g").text(6)).isEqualTo("a");
    assertThat(known.column("g").text(7)).isEqualTo("b");
    assertThat(rule.answerable(t)).containsExactly(0, 2, 4, 5);
  }

  @Test
  void aRowWithoutAPastIsRefused() {
    Table t = Csv.parse("t.csv", TEN, CsvOptions.DEFAULT);
    Target target = Target.of(t, "y", Task.REGRESSION);
    SeriesRule rule = rule(t, List.of(), 2, 1);
    Preprocessing p =
        Preprocessing.fit(t, target, rule.answerable(t), Preprocessing.Options.DEFAULT, rule);
    refused(
        () -> p.transform(t, new int[] {1}),
        "t.csv:3: the 2 values of \"y\" that this row is forecast from are not all there; begin the"
            + " table 2 rows earlier, or pass over the rows that are not answerable");
  }

  @Test
  void theTargetIsTheChangeOfTheLastValue() {
    Table t = Csv.parse("t.csv", TEN, CsvOptions.DEFAULT);
    Target target = Target.of(t, "y", Task.REGRESSION);
    SeriesRule rule = rule(t, List.of(), 2, 1);
    int[] rows = rule.answerable(t);
    Preprocessing p = Preprocessing.fit(t, target, rows, Preprocessing.Options.DEFAULT, rule);
    Dataset data = p.dataset(t, rows);
    OutputRule.OfNumber output = (OutputRule.OfNumber) p.output();
    for (int i = 0; i < rows.length; i++) {
      double change = target.numbers()[rows[i]] - target.numbers()[rows[i] - 1];
      double learned = data.targets().get(i) - data.features(i).get(0);
      assertThat(learned * output.scale()).isCloseTo(change, within(1e-4));
    }
    Preprocessing again = Preprocessing.fromMap(p.toMap());
    assertThat(again).isEqualTo(p);
    Table reread = Csv.parse("u.csv", TEN, again.csvOptions());
    assertThat(again.transform(reread, rows)).isEqualTo(p.transform(t, rows));
    assertThat(again.transform(reread, again.series().orElseThrow().next(reread)).shape().dim(0))
        .isEqualTo(1);
  }

  @Test
  void classesAreForecastFromClasses() {
    Table t =
        table("date,open", 40, i -> START.plusDays(i) + "," + (i / 4 % 2 == 0 ? "yes" : "no"));
    Target target = Target.of(t, "open", null);
    Series series = Series.of(t, "date", List.of());
    int[] all = IntStream.range(0, 40).toArray();
    SeriesRule rule =
        SeriesRule.of(t, target, series, all, new SeriesRule.Options(2, 1, List.of()));
    int[] rows = rule.answerable(t);
    assertThat(rows).hasSize(38).startsWith(2);
    Preprocessing p = Preprocessing.fit(t, target, rows, Preprocessing.Options.DEFAULT, rule);
    assertThat(p.featureNames()).contains("open, 1 row before=yes", "open, 2 rows before=no");
    NaiveForecast naive = NaiveForecast.of(rule, t, all, Task.CLASSIFICATION).orElseThrow();
    assertThat(naive.last().rows()).isEqualTo(39);
    assertThat(naive.last().accuracy()).isEqualTo(30 / 39.0);
  }

  @Test
  void theNaiveForecastsAreMeasured() {
    double[] week = {1, 2, 3, 4, 5, 20, 30};
    Table t = table("date,y", 70, i -> START.plusDays(i) + "," + number(week[i % 7] + i * 0.1));
    SeriesRule rule = rule(t, List.of(), 0, 1);
    assertThat(rule.season()).isEqualTo(7);
    NaiveForecast naive =
        NaiveForecast.of(rule, t, new int[] {63, 64, 65}, Task.REGRESSION).orElseThrow();
    assertThat(naive.last().rmse())
        .isCloseTo(Math.sqrt((28.9 * 28.9 + 2 * 1.1 * 1.1) / 3), within(1e-9));
    assertThat(naive.seasonal().orElseThrow().mae()).isCloseTo(0.7, within(1e-9));
    assertThat(naive.best()).isEqualTo(naive.seasonal().orElseThrow());
    SeriesRule far = rule(t, List.of(), 0, 8);
    assertThat(NaiveForecast.of(far, t, new int[] {63}, Task.REGRESSION).orElseThrow().season())
        .isEqualTo(14);
  }

  @Test
  void theNextTimesFollowTheCalendar() {
    Table months = table("month,y", 30, i -> LocalDate.of(2022, 1, 31).plusMonths(i) + "," + i);
    SeriesRule rule = rule(months, List.of(), 1, 3);
    assertThat(rule.next(months).stream().map(SeriesRule.Next::text))
        .containsExactly("2024-07-31", "2024-08-31", "2024-09-30");
    Table open = Csv.parse("t.csv", TEN.replace("10,25", "10,"), CsvOptions.DEFAULT);
    Table full = Csv.parse("t.csv", TEN, CsvOptions.DEFAULT);
    assertThat(rule(full, List.of(), 1, 1).next(open)).isEmpty();
    assertThat(rule(full, List.of(), 1, 1).answerable(open)).hasSize(9).endsWith(9);
  }

  @Test
  void aTableOfASeriesIsPreparedInOneCall() {
    Table t = Csv.parse("t.csv", TEN, CsvOptions.DEFAULT);
    Series series = Series.of(t, "day", List.of());
    Tabular.Prepared p =
        Tabular.prepare(
            t,
            "y",
            Task.REGRESSION,
            series,
            new SeriesRule.Options(2, 1, List.of("temperature")),
            0.1,
            0.2);
    assertThat(p.train().size()).isEqualTo(5);
    assertThat(p.preprocessing().featureNames()).contains("temperature", "y, 1 row before");
    Dataset validation = p.validation();
    Dataset test = p.test();
    assertThat(validation == null ? 0 : validation.size()).isEqualTo(1);
    assertThat(test == null ? 0 : test.size()).isEqualTo(2);
    refused(
        () -> Tabular.prepare(t, "y", null, series, SeriesRule.Options.NONE, 0.5, 0.5),
        "[split] validation 0.5 and test 0.5 leave nothing to train on; together below 1 is"
            + " allowed");
  }

  @Test
  void aModelFileThatIsDamagedIsRefused() {
    Table t = Csv.parse("t.csv", TEN, CsvOptions.DEFAULT);
    SeriesRule rule = rule(t, List.of(), 2, 1);
    Map<String, Object> map = rule.toMap();
    map.put("horizon", 0);
    refused(
        () -> SeriesRule.fromMap(new PlainData("series", map)),
        "[series] 2 lags and a horizon of 0; at least 0 lags and a horizon of at least 1 are"
            + " needed");
    assertThat(Arrays.stream(rule.answerable(t)).count()).isEqualTo(8);
  }

  @Test
  void joinsADateAndATimeOfDay() {
    IntFunction<String> row =
        i ->
            String.format(
                Locale.ROOT, "%s,%d:00,%s", START.plusDays(i / 24), i % 24, number(smooth(i)));
    Table t = table("Date,Time,y", 96, row);
    String hours = "\"Date,Time\" from 2023-01-02 to 2023-01-05 23:00, a row an hour";
    assertThat(found(t, "y")).contains(hours);
    assertThat(Series.of(t, "Date,Time", List.of()).describe()).isEqualTo(hours);
    Table tens = table("Date,Time,y", 96, i -> row.apply(i).replaceFirst(",", " 00:00,"));
    assertThat(found(tens, "y")).as("midnights").contains(hours);
  }

  @Test
  void joinsADateAndAnHour() {
    Table t =
        table(
            "day,hr,y", 96, i -> START.plusDays(i / 24) + "," + (i % 24) + "," + number(smooth(i)));
    assertThat(found(t, "y"))
        .contains("\"day,hr\" from 2023-01-02 to 2023-01-05 23:00, a row an hour");
    Table unlike =
        table(
            "day,power,y",
            96,
            i -> START.plusDays(i / 24) + "," + (i % 24) + "," + number(smooth(i)));
    assertThat(found(unlike, "y").orElse("")).as("no hours").doesNotContain("day,power");
  }

  @Test
  void joinsYearMonthDayAndHour() {
    Table hours =
        table(
            "No,year,month,day,hour,y",
            24 * 40,
            i ->
                String.format(
                    Locale.ROOT,
                    "%d,%d,%d,%d,%d,%s",
                    i + 1,
                    START.plusDays(i / 24).getYear(),
                    START.plusDays(i / 24).getMonthValue(),
                    START.plusDays(i / 24).getDayOfMonth(),
                    i % 24,
                    number(smooth(i))));
    assertThat(found(hours, "y"))
        .contains("\"year,month,day,hour\" from 2023-01-02 to 2023-02-10 23:00, a row an hour");
    Table months =
        table("yr,mo,y", 60, i -> (1990 + i / 12) + "," + (i % 12 + 1) + "," + number(smooth(i)));
    assertThat(found(months, "y"))
        .contains("\"yr,mo\" from 1990-01-01 to 1994-12-01, a row a month");
  }

  @Test
  void refusesColumnsThatTellNoTimeTogether() {
    Table t =
        table(
            "hour,year,month,day,y",
            40,
            i -> i % 24 + ",2023,2," + (i % 31 + 1) + "," + number(smooth(i)));
    String order =
        "; columns that tell a time together are a date and a time of day, or year, month, day,"
            + " hour in that order";
    refused(
        () -> Series.of(t, "hour,year", List.of()),
        "t.csv:2: column of time \"hour\" is 0, where a whole number, the year is expected"
            + order);
    refused(
        () -> Series.of(t, "year,month,day", List.of()),
        "t.csv:30: column of time \"day\" is 29, where a whole number, the day is expected"
            + order);
    Table dated =
        table("date,hour,y", 40, i -> START.plusDays(i) + "," + (i + 20) + "," + number(smooth(i)));
    refused(
        () -> Series.of(dated, "date,hour", List.of()),
        "t.csv:7: column of time \"hour\" is 25, where a time of day or a whole number of hours is"
            + " expected"
            + order);
  }

  @Test
  void forecastsByTheJoinedTime() {
    Table t =
        table(
            "Date,hour,warm,y",
            240,
            i ->
                START.plusDays(i / 24)
                    + ","
                    + (i % 24)
                    + ","
                    + number(noise(i))
                    + ","
                    + number(smooth(i)));
    Target target = Target.of(t, "y", Task.REGRESSION);
    Series series = Series.find(t, target).orElseThrow();
    int[] rows = IntStream.range(0, 200).toArray();
    SeriesRule rule =
        SeriesRule.of(t, target, series, rows, new SeriesRule.Options(2, 1, List.of()));
    assertThat(rule.time()).isEqualTo("Date,hour");
    assertThat(rule.past()).containsExactly("warm");
    Preprocessing p =
        Preprocessing.fit(
            t, target, rule.answerable(t), Preprocessing.Options.DEFAULT, rule, new Notes());
    Preprocessing loaded = Preprocessing.fromMap(p.toMap());
    assertThat(loaded).isEqualTo(p);
    Table later =
        Csv.parse(
            "later.csv",
            "Date,hour,warm,y\n2024-01-01,22,0.5,20\n2024-01-01,23,0.25,21.5\n",
            loaded.csvOptions());
    refused(
        () -> loaded.transform(Map.of("Date", "2024-01-02", "hour", 0, "warm", 1)),
        "[predict] this model forecasts a row from the 2 rows before it, which one row does not"
            + " tell; give it a table of them, by predict(table) or forecast(table)");
    SeriesRule again = loaded.series().orElseThrow();
    assertThat(again.next(later).stream().map(SeriesRule.Next::text).toList())
        .containsExactly("2024-01-02");
    refused(
        () ->
            again.series(Csv.parse("l.csv", "Date,warm,y\n2024-01-01,1,2\n", loaded.csvOptions())),
        "l.csv: the model needs a column which is not there; no column \"hour\"; there are"
            + " \"Date\", \"warm\", \"y\"");
  }
}
