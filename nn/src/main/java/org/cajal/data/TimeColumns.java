package org.cajal.data;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * The columns that tell the time of a row together, from the largest unit to the smallest: a date
 * and a time of day ({@code Date,Time}), a date and an hour, a year, a month, a day and an hour in
 * columns of whole numbers. One column is its own time.
 */
final class TimeColumns {
  /**
   * Parts of a time in columns of whole numbers, from the largest.
   *
   * @param seconds it has; 0 for parts of a date
   * @param names words by which such columns are called
   */
  private record Unit(String name, int least, int most, int seconds, Set<String> names) {
    boolean has(double value) {
      return value == Math.rint(value) && value >= least && value <= most;
    }
  }

  private static final List<Unit> UNITS =
      List.of(
          new Unit("year", 1000, 9999, 0, Set.of("year", "yr", "yyyy")),
          new Unit("month", 1, 12, 0, Set.of("month", "mon", "mnth", "mm", "mo")),
          new Unit("day", 1, 31, 0, Set.of("day", "dd", "dom")),
          new Unit("hour", 0, 24, 3600, Set.of("hour", "hr", "hh")),
          new Unit("minute", 0, 59, 60, Set.of("minute", "min", "mi")),
          new Unit("second", 0, 60, 1, Set.of("second", "sec", "ss")));

  private static final int HOUR = 3;

  private TimeColumns() {}

  /**
   * The columns that one text names: a column, or several with commas between them.
   *
   * @throws CajalException with the nearest names if there is no such column
   */
  static List<Column> named(Table table, String reference) {
    return Target.references(table, reference).stream().map(table::column).toList();
  }

  /** What the columns are called together: their names with commas between them. */
  static String name(List<Column> parts) {
    return String.join(",", parts.stream().map(Column::name).toList());
  }

  /**
   * One column of the times that several tell, NaN where a cell of any is missing; one column is
   * returned as it is.
   *
   * @throws CajalException if a cell is out of the range of its unit, or the columns are not in
   *     order
   */
  static Column join(Table table, List<Column> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    double[] times = new double[table.rows()];
    int[] wrong = new int[2];
    if (!join(parts, times, wrong)) {
      Column column = parts.get(wrong[0]);
      throw new CajalException(
          (wrong[1] < 0 ? table.source() : table.place(wrong[1]))
              + ": column of time \""
              + column.name()
              + "\""
              + (wrong[1] < 0 ? "" : " is " + column.text(wrong[1]))
              + ", where "
              + expected(parts, wrong[0])
              + " is expected; columns that tell a time together are a date and a time of day, or"
              + " year, month, day, hour in that order");
    }
    return Column.ofDates(name(parts), null, times, DateForm.YEAR_MONTH_DAY);
  }

  private static String expected(List<Column> parts, int at) {
    Unit unit = unit(parts, at);
    return at > 0 && isDay(parts.getFirst())
        ? "a time of day" + (unit == null ? "" : " or a whole number of " + unit.name() + "s")
        : unit == null ? "nothing more" : "a whole number, the " + unit.name();
  }

  private static boolean isDay(Column column) {
    return column.type() == ColumnType.DATE && column.dateForm().isDate();
  }

  private static boolean isTimeOfDay(Column column) {
    return column.type() == ColumnType.DATE && column.dateForm() == DateForm.TIME_OF_DAY;
  }

  /** The unit of a column of whole numbers by its place among the parts; null if there is none. */
  private static @Nullable Unit unit(List<Column> parts, int at) {
    int place = at + (isDay(parts.getFirst()) ? HOUR - 1 : 0);
    return place < UNITS.size() ? UNITS.get(place) : null;
  }

  /**
   * Adds up what the parts say.
   *
   * @param wrong takes the part and the row that stand against it; row −1 for the whole column
   */
  private static boolean join(List<Column> parts, double[] times, int[] wrong) {
    boolean dated = isDay(parts.getFirst());
    for (int at = dated ? 1 : 0; at < parts.size(); at++) {
      Unit unit = unit(parts, at);
      boolean ofDay = isTimeOfDay(parts.get(at));
      boolean mayEnd = ofDay && at == parts.size() - 1 && (dated || at == HOUR);
      if (!mayEnd && (unit == null || ofDay || !Series.isNumeric(parts.get(at)))) {
        wrong[0] = at;
        wrong[1] = -1;
        return false;
      }
    }
    for (int row = 0; row < times.length; row++) {
      int[] date = {0, 1, 1};
      double time = dated ? parts.getFirst().number(row) : 0;
      for (int at = dated ? 1 : 0; at < parts.size(); at++) {
        double value = parts.get(at).number(row);
        Unit unit = unit(parts, at);
        if (isTimeOfDay(parts.get(at)) || Double.isNaN(value)) {
          time += value;
        } else if (unit == null || !unit.has(value)) {
          wrong[0] = at;
          wrong[1] = row;
          return false;
        } else if (unit.seconds() == 0) {
          date[at] = (int) value;
        } else {
          time += value * unit.seconds();
        }
      }
      if (!dated && !Double.isNaN(time)) {
        LocalDate month = LocalDate.of(date[0], date[1], 1);
        if (date[2] > month.lengthOfMonth()) {
          wrong[0] = 2;
          wrong[1] = row;
          return false;
        }
        time += 86_400.0 * (month.toEpochDay() + date[2] - 1);
      }
      times[row] = time;
    }
    return true;
  }

  /**
   * The columns that plainly tell a time together and no one of them alone: a date that comes back
   * and a time of day or an hour, or numbers called year, month, day, hour. Fewer are taken where
   * they tell the rows apart already.
   *
   * @param besides the columns that are none, such as targets
   * @return empty if there are none
   */
  static List<Column> find(Table table, List<String> besides) {
    List<Column> columns =
        table.columns().stream()
            .filter(c -> !besides.contains(c.name()) && Series.isNumeric(c))
            .filter(c -> IntStream.range(0, c.rows()).noneMatch(c::isMissing))
            .toList();
    List<Column> parts = new ArrayList<>();
    for (Column column : columns) {
      if (isDay(column) && isMidnight(column)) {
        parts.add(column);
        break;
      }
    }
    if (!parts.isEmpty()) {
      for (Column column : columns) {
        if (isTimeOfDay(column) && !isNearlyUnique(table, parts)) {
          parts.add(column);
          return parts;
        }
      }
    }
    for (Unit unit : UNITS.subList(parts.isEmpty() ? 0 : HOUR, UNITS.size())) {
      if (!parts.isEmpty() && isNearlyUnique(table, parts)) {
        break;
      }
      Column found = null;
      for (Column column : columns) {
        boolean fits =
            column.type() == ColumnType.NUMBER
                && isCalled(column.name(), unit.names())
                && IntStream.range(0, column.rows()).allMatch(r -> unit.has(column.number(r)));
        found = found == null && fits ? column : found;
      }
      if (found == null) {
        break;
      }
      parts.add(found);
    }
    boolean joined = parts.size() > 1 && join(parts, new double[table.rows()], new int[2]);
    return joined ? parts : List.of();
  }

  private static boolean isMidnight(Column column) {
    return IntStream.range(0, column.rows()).allMatch(r -> column.number(r) % 86_400 == 0);
  }

  private static boolean isNearlyUnique(Table table, List<Column> parts) {
    Column time = parts.size() == 1 ? parts.getFirst() : join(table, parts);
    return Series.isNearlyUnique(time);
  }

  /** Whether a word of a name is one of the given ones. */
  private static boolean isCalled(String name, Set<String> words) {
    return Series.words(name).stream().anyMatch(words::contains);
  }
}
