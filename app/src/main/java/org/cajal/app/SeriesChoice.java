package org.cajal.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cajal.app.DataOptions.SplitName;
import org.cajal.data.Column;
import org.cajal.data.ColumnType;
import org.cajal.data.Notes;
import org.cajal.data.Series;
import org.cajal.data.SeriesRule;
import org.cajal.data.Table;
import org.cajal.data.Target;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the rows of a table are a series, and what follows from it.
 *
 * @param series the rows in time; null where they are none
 * @param byTime whether the last part is held back rather than a part by chance
 * @param options what to forecast from
 */
record SeriesChoice(@Nullable Series series, boolean byTime, SeriesRule.Options options) {
  /**
   * The choice for a table.
   *
   * @param notes to which what was decided without being asked is added
   * @throws CajalException if a column is not there, holds no times, or none is found where one is
   *     needed
   */
  static SeriesChoice of(Table table, Target target, DataOptions options, Notes notes) {
    boolean told = options.time != null || !options.groups.isEmpty() || options.lags != null;
    boolean needed = told || options.split == SplitName.TIME;
    Series series = found(table, target, options, needed);
    int lags = options.lags == null ? 0 : options.lags;
    SeriesRule.Options past =
        new SeriesRule.Options(
            lags, options.horizon == null ? 1 : options.horizon, List.copyOf(options.known));
    if (series == null) {
      Series.likely(table, target)
          .filter(column -> options.split == null)
          .ifPresent(
              column ->
                  notes.add(
                      "the rows stand in the order of \""
                          + column
                          + "\"; if they are a series in time, --split time --time "
                          + CommandText.quoted(column)
                          + " tests on the last part, as the future will"));
      return new SeriesChoice(null, false, past);
    }
    boolean byTime = options.split != SplitName.RANDOM;
    if (options.split == null) {
      notes.add(
          "the rows are a series ("
              + series.describe()
              + "): the last part is held back, not a part by chance; --split random changes that");
    }
    if (lags > 0) {
      refuseEqualTimes(table, series);
      if (series.irregular() > 0) {
        notes.add(
            series.irregular()
                + " of the steps in \""
                + series.time()
                + "\" differ from the usual one; lags count rows, not time");
      }
    }
    return new SeriesChoice(series, byTime, past);
  }

  private static @Nullable Series found(
      Table table, Target target, DataOptions options, boolean needed) {
    if (options.time != null) {
      return Series.of(table, options.time, options.groups);
    }
    Optional<Series> plain = Series.find(table, target);
    if (!needed) {
      return plain.orElse(null);
    }
    String time = plain.map(Series::time).orElseGet(() -> onlyDate(table, target));
    return options.groups.isEmpty() && plain.isPresent()
        ? plain.get()
        : Series.of(table, time, options.groups);
  }

  private static String onlyDate(Table table, Target target) {
    Optional<String> joined = Series.joined(table, target);
    if (joined.isPresent()) {
      return joined.get();
    }
    List<String> dates =
        table.columns().stream()
            .filter(c -> c.type() == ColumnType.DATE && c.dateForm().isDate())
            .filter(c -> !target.columns().contains(c.name()))
            .map(Column::name)
            .toList();
    if (dates.size() != 1) {
      List<String> names = new ArrayList<>(table.columnNames());
      names.remove(target.column());
      throw new CajalException(
          table.source()
              + ": which column tells the time of a row? Add --time COLUMN; the columns are "
              + String.join(", ", Tables.shown(names)));
    }
    return dates.getFirst();
  }

  private static void refuseEqualTimes(Table table, Series series) {
    for (int row = 0; row < table.rows(); row++) {
      int before = series.before(row, 1);
      if (before >= 0 && series.time(before) == series.time(row)) {
        throw new CajalException(
            table.source()
                + ": rows "
                + (Math.min(row, before) + 1)
                + " and "
                + (Math.max(row, before) + 1)
                + " have the same time "
                + series.timeText(row)
                + " in \""
                + series.time()
                + "\", so that none is before the other; --lags needs one row a time: name the"
                + " columns that tell several series apart with --group COLUMN");
      }
    }
  }

  /** The options that say what was chosen, for the command that repeats the run. */
  List<String> words(DataOptions given) {
    List<String> words = new ArrayList<>();
    if (series == null) {
      return words;
    }
    if (given.split == null) {
      words.addAll(List.of("--split", SplitName.TIME.toString()));
    }
    if (given.time == null) {
      words.addAll(List.of("--time", series.time()));
    }
    if (given.groups.isEmpty() && !series.groups().isEmpty()) {
      words.addAll(List.of("--group", String.join(",", series.groups())));
    }
    return words;
  }
}
