package org.cajal.data;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * What makes rows of a table a series, and the forecast from past values if one is wanted: plain
 * data, kept in the model.
 *
 * <p>With {@code lags} of 0 a row is answered from its own columns. Otherwise the target of a row
 * is forecast from what was known {@code horizon} rows earlier: the values of the target and of the
 * columns {@code past} in the rows {@code horizon} to {@code horizon + lags - 1} before it, and
 * what is known of the row beforehand: its place in the week, the day and the year, its series, and
 * the columns {@code known}. "Before" is by time within one series and counts rows. A target of
 * numbers is learned as the change from its last known value, which reaches beyond the range of the
 * training rows.
 *
 * @param time the column of time; several that tell it together with commas between their names
 * @param groups the columns that tell the series of a panel apart; empty for one series
 * @param target the column to predict
 * @param lags the number of past rows whose values are inputs; 0 for none
 * @param horizon how many rows ahead the forecast is made, at least 1
 * @param past the further columns whose past values are inputs
 * @param known the columns whose own values are inputs
 * @param numbers whether the target is a number; else it is a class
 * @param logarithm whether past targets are taken as logarithms, as the target is
 * @param season after how many rows the training rows repeat themselves; 0 where no season is
 *     evident
 * @param error the mean absolute change of the target from one training row to the next: the
 *     measure of MASE; 0 for classes
 * @param sources how to read the columns above from a file
 */
public record SeriesRule(
    String time,
    List<String> groups,
    String target,
    int lags,
    int horizon,
    List<String> past,
    List<String> known,
    boolean numbers,
    boolean logarithm,
    int season,
    double error,
    List<InputRule> sources) {
  private static final double DAY = 86_400;

  /** A rule with immutable lists. */
  public SeriesRule {
    groups = List.copyOf(groups);
    past = List.copyOf(past);
    known = List.copyOf(known);
    sources = List.copyOf(sources);
    if (lags < 0 || horizon < 1) {
      throw new CajalException(
          "[series] "
              + lags
              + " lags and a horizon of "
              + horizon
              + "; at least 0 lags and a horizon of at least 1 are needed");
    }
  }

  /**
   * What to forecast from.
   *
   * @param lags the number of past rows whose values are inputs; 0 to answer a row from its own
   *     columns
   * @param horizon how many rows ahead, at least 1
   * @param known the columns that are known beforehand, so that a row's own values are inputs too
   */
  public record Options(int lags, int horizon, List<String> known) {
    /** Rows are answered from their own columns. */
    public static final Options NONE = new Options(0, 1, List.of());

    /** Options with an immutable list. */
    public Options {
      known = List.copyOf(known);
    }
  }

  /**
   * The rule for a table.
   *
   * @param table whose columns of use are inputs
   * @param series its rows in time, perhaps of another reading of the same file
   * @param rows the training rows
   * @throws CajalException if an option is out of range, a column is not there, or no row has a
   *     past
   */
  public static SeriesRule of(
      Table table, Target target, Series series, int[] rows, Options options) {
    List<InputRule> sources = new ArrayList<>();
    List<String> times = series.timeColumns().stream().map(Column::name).toList();
    int[] all = IntStream.range(0, table.rows()).toArray();
    series.timeColumns().forEach(column -> sources.add(timeSource(column)));
    for (String group : series.groups()) {
      addSource(sources, categories(series.table().column(group)), all);
    }
    List<String> known = options.known().stream().map(k -> table.column(k).name()).toList();
    List<String> past = new ArrayList<>();
    if (options.lags() > 0) {
      for (Column column : table.columns()) {
        boolean own = column.name().equals(target.column()) || times.contains(column.name());
        if (own || series.groups().contains(column.name()) || !column.type().isInput()) {
          continue;
        }
        boolean numeric = column.type() == ColumnType.NUMBER || column.type() == ColumnType.BOOLEAN;
        boolean before = numeric && !known.contains(column.name());
        if ((before || known.contains(column.name()))
            && addSource(sources, column, all)
            && before) {
          past.add(column.name());
        }
      }
    }
    boolean numbers = target.task() == Task.REGRESSION;
    double[] values =
        numbers ? target.numbers() : Arrays.stream(target.classes()).asDoubleStream().toArray();
    NaiveForecast.Measure one = NaiveForecast.measure(series, values, rows, 1, numbers);
    return new SeriesRule(
        series.time(),
        series.groups(),
        target.column(),
        options.lags(),
        options.horizon(),
        past,
        known,
        numbers,
        false,
        NaiveForecast.season(series, values, rows, options.horizon(), numbers),
        numbers && one.rows() > 0 ? one.mae() : 0,
        sources);
  }

  private static boolean addSource(List<InputRule> sources, Column column, int[] rows) {
    InputRule rule = ColumnFit.fit(column, rows, Preprocessing.Options.DEFAULT, new ArrayList<>());
    return rule != null && sources.add(rule);
  }

  /** How to read a column of time, also where it is the same in all rows. */
  private static InputRule timeSource(Column column) {
    return column.type() == ColumnType.DATE
        ? new InputRule.OfDate(column.name(), column.dateForm(), 0, 1, false, false, false)
        : new InputRule.OfNumber(
            column.name(), NumberForm.PLAIN, NumberScaling.STANDARD, 0, 1, 0, false);
  }

  private static Column categories(Column column) {
    List<@Nullable String> cells = new ArrayList<>();
    for (int row = 0; row < column.rows(); row++) {
      cells.add(column.text(row));
    }
    return Column.categories(column.name(), cells);
  }

  SeriesRule withLogarithm(boolean yes) {
    return new SeriesRule(
        time, groups, target, lags, horizon, past, known, numbers, yes, season, error, sources);
  }

  /** Whether rows are forecast from past ones. */
  public boolean forecasts() {
    return lags > 0;
  }

  /** Whether a change from the last known value is learned. */
  public boolean learnsChange() {
    return lags > 0 && numbers;
  }

  /**
   * The series in a table.
   *
   * @throws CajalException if a column is missing or a time is empty
   */
  public Series series(Table table) {
    for (String name : needed(table)) {
      if (table.named(name) == null) {
        throw new CajalException(
            Nearest.unknown(
                table.source() + ": the model needs a column which is not there; no column",
                name,
                table.columnNames()));
      }
    }
    return Series.of(table, time, groups);
  }

  /** Whether a table tells the series of all rows and their times. */
  boolean isIn(Table table) {
    for (String name : Target.references(table, time)) {
      Column part = table.named(name);
      if (part == null
          || !Series.isNumeric(part)
          || IntStream.range(0, table.rows()).anyMatch(part::isMissing)) {
        return false;
      }
    }
    return groups.stream().allMatch(g -> table.named(g) != null) && table.named(target) != null;
  }

  /** The columns without which no row can be answered. */
  private List<String> needed(Table table) {
    List<String> names = new ArrayList<>(Target.references(table, time));
    names.addAll(groups);
    if (forecasts()) {
      names.add(target);
      names.addAll(past);
      names.addAll(known);
    }
    return names;
  }

  /** What the row so many rows before is called. */
  static String rowsBefore(int rows) {
    return rows == 1 ? "1 row before" : rows + " rows before";
  }

  /** The name of the input that holds the last known value of the target. */
  String lastValue() {
    return target + ", " + rowsBefore(horizon);
  }

  /** The name of the input that holds the last known value once more, scaled as inputs are. */
  String level() {
    return target + ", level " + rowsBefore(horizon);
  }

  /**
   * The rows that can be answered: all of them without lags, else those before which, in their
   * series, there are {@code horizon + lags - 1} rows whose targets are known from the horizon on.
   *
   * @throws CajalException if a column is missing
   */
  public int[] answerable(Table table) {
    int[] all = IntStream.range(0, table.rows()).toArray();
    if (!forecasts()) {
      return all;
    }
    Series series = series(table);
    Column column = table.column(target);
    return Arrays.stream(all).filter(row -> hasPast(series, column, row, 0)).toArray();
  }

  /** Whether the row {@code ahead} rows after the given one can be forecast. */
  private boolean hasPast(Series series, Column column, int row, int ahead) {
    for (int k = horizon; k < horizon + lags; k++) {
      int before = k - ahead < 0 ? -1 : series.before(row, k - ahead);
      if (before < 0 || column.isMissing(before) || (logarithm && !(column.number(before) > 0))) {
        return false;
      }
    }
    return true;
  }

  /**
   * A time after the last row of a series.
   *
   * @param row the last row of its series
   * @param ahead how many steps after it, from 1
   * @param text the time as text
   */
  public record Next(int row, int ahead, String text, double time) {}

  /**
   * The rows after the end of a table that can be forecast: the next {@code horizon} of each
   * series, in order; none without lags, or where columns known beforehand would have to be known
   * for them.
   *
   * @throws CajalException if a column is missing
   */
  public List<Next> next(Table table) {
    if (!forecasts() || !known.isEmpty() || table.rows() == 0) {
      return List.of();
    }
    Series series = series(table);
    Column column = table.column(target);
    List<Next> out = new ArrayList<>();
    for (int s = 0; s < series.count(); s++) {
      int[] order = series.order(s);
      int last = order[order.length - 1];
      double at = series.time(last);
      for (int ahead = 1; ahead <= horizon; ahead++) {
        at = series.after(at, series.time(last), ahead);
        if (hasPast(series, column, last, ahead)) {
          out.add(new Next(last, ahead, series.timeText(at), at));
        }
      }
    }
    return out;
  }

  /**
   * The table of what is known of each row when it is forecast, and its target, one row for each of
   * the given table and each of {@code next}; without lags the table itself.
   *
   * @throws CajalException if a column is missing
   */
  Table known(Table table, List<Next> next) {
    if (!forecasts()) {
      return table;
    }
    Series series = series(table);
    int n = table.rows();
    int[] rows =
        IntStream.concat(IntStream.range(0, n), next.stream().mapToInt(Next::row)).toArray();
    int[] ahead =
        IntStream.concat(IntStream.range(0, n).map(r -> 0), next.stream().mapToInt(Next::ahead))
            .toArray();
    double[] times = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      times[i] = i < n ? series.time(i) : next.get(i - n).time();
    }
    List<Column> out = new ArrayList<>();
    Column answers = table.column(target);
    if (numbers) {
      double[] last = before(series, answers, rows, ahead, horizon);
      out.add(Column.numbers(lastValue(), last));
      out.add(Column.numbers(level(), last));
      for (int k = horizon + 1; k < horizon + lags; k++) {
        double[] values = before(series, answers, rows, ahead, k);
        for (int i = 0; i < values.length; i++) {
          values[i] -= last[i];
        }
        out.add(Column.numbers(target + ", change since " + rowsBefore(k), values));
      }
    } else {
      for (int k = horizon; k < horizon + lags; k++) {
        List<@Nullable String> cells = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
          int before = k < ahead[i] ? -1 : series.before(rows[i], k - ahead[i]);
          cells.add(before < 0 ? null : answers.text(before));
        }
        out.add(Column.categories(target + ", " + rowsBefore(k), cells));
      }
    }
    for (String name : past) {
      for (int k = horizon; k < horizon + lags; k++) {
        out.add(
            Column.numbers(
                name + ", " + rowsBefore(k), before(series, table.column(name), rows, ahead, k)));
      }
    }
    if (series.isDated()) {
      calendar(series.step(), times, out);
    }
    for (String name : groups) {
      out.add(cells(name, table.column(name), rows, n, true));
    }
    for (String name : known) {
      out.add(own(table.column(name), rows, n));
    }
    out.add(
        numbers
            ? Column.numbers(target, own(answers, rows, n, false))
            : cells(target, answers, rows, n, false));
    return Table.of(table.source(), out.toArray(Column[]::new));
  }

  private double[] before(Series series, Column column, int[] rows, int[] ahead, int k) {
    boolean log = logarithm && column.name().equals(target);
    double[] out = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int before = k < ahead[i] ? -1 : series.before(rows[i], k - ahead[i]);
      double value = before < 0 ? Double.NaN : column.number(before);
      double known = log ? Math.log(value) : value;
      out[i] = Double.isFinite(known) ? known : Double.NaN;
    }
    return out;
  }

  private static Column own(Column column, int[] rows, int n) {
    return column.type() == ColumnType.NUMBER
        ? Column.numbers(column.name(), own(column, rows, n, false))
        : cells(column.name(), column, rows, n, false);
  }

  private static double[] own(Column column, int[] rows, int n, boolean next) {
    double[] out = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      out[i] = i < n || next ? column.number(rows[i]) : Double.NaN;
    }
    return out;
  }

  private static Column cells(String name, Column column, int[] rows, int n, boolean next) {
    List<@Nullable String> cells = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      cells.add(i < n || next ? column.text(rows[i]) : null);
    }
    return Column.categories(name, cells);
  }

  /** The place of each time in the year, the week and the day, as categories. */
  private void calendar(double step, double[] times, List<Column> out) {
    List<@Nullable String> months = new ArrayList<>();
    List<@Nullable String> weekdays = new ArrayList<>();
    List<@Nullable String> hours = new ArrayList<>();
    for (double seconds : times) {
      LocalDateTime at = LocalDateTime.ofEpochSecond((long) Math.floor(seconds), 0, ZoneOffset.UTC);
      months.add(String.format(Locale.ROOT, "%02d", at.getMonthValue()));
      weekdays.add(at.getDayOfWeek().name().toLowerCase(Locale.ROOT));
      hours.add(String.format(Locale.ROOT, "%02d", at.getHour()));
    }
    if (step <= 100 * DAY) {
      out.add(Column.categories(time + ", month", months));
    }
    if (step < 7 * DAY) {
      out.add(Column.categories(time + ", weekday", weekdays));
    }
    if (step < DAY) {
      out.add(Column.categories(time + ", hour", hours));
    }
  }

  /** As plain data for JSON. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("time", time);
    map.put("groups", groups);
    map.put("target", target);
    map.put("lags", lags);
    map.put("horizon", horizon);
    map.put("past", past);
    map.put("known", known);
    map.put("numbers", numbers);
    map.put("logarithm", logarithm);
    map.put("season", season);
    map.put("error", error);
    map.put("sources", sources.stream().map(InputRule::toMap).toList());
    return map;
  }

  /**
   * From plain data.
   *
   * @throws CajalException if an entry is missing, of another kind or out of range
   */
  static SeriesRule fromMap(PlainData data) {
    return new SeriesRule(
        data.text("time"),
        data.texts("groups"),
        data.text("target"),
        data.integer("lags"),
        data.integer("horizon"),
        data.texts("past"),
        data.texts("known"),
        data.flag("numbers"),
        data.flag("logarithm"),
        data.integer("season"),
        data.number("error"),
        data.objects("sources").stream().map(RuleReading::input).toList());
  }
}
