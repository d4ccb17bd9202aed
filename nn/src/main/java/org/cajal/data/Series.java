package org.cajal.data;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cajal.type.CajalException;

/**
 * The rows of a table in order of time: one series, or several that share a column of time and are
 * told apart by other columns (a panel). Immutable.
 */
public final class Series {
  /** Fewer rows than this are never taken for a series without being told. */
  private static final int FEWEST_ROWS = 24;

  /** Fewer rows of one series of a panel than this are never taken for one without being told. */
  private static final int FEWEST_OF_A_GROUP = 8;

  /** The share of steps that must be about as long as the usual one. */
  private static final double REGULAR = 0.7;

  /**
   * How much shorter or longer than the usual step is still the same: months have 28 to 31 days.
   */
  private static final double ABOUT = 0.1;

  /** The distance from chance, in standard errors, from which neighbours are alike. */
  private static final double CLEARLY = 3;

  /** Columns that may tell the series of a panel apart: more are not tried. */
  private static final int MOST_GROUP_COLUMNS = 8;

  /** In tables of more rows two columns together are not tried. */
  private static final int MOST_ROWS_FOR_PAIRS = 100_000;

  private static final double DAY = 86_400;

  /** Words that a column of times which are no dates is called by. */
  private static final Set<String> NAMES =
      Set.of(
          "t",
          "time",
          "date",
          "datetime",
          "timestamp",
          "year",
          "yr",
          "quarter",
          "month",
          "week",
          "day",
          "hour",
          "minute",
          "second",
          "period");

  private final Table table;
  private final List<Column> parts;
  private final Column time;
  private final List<String> groups;
  private final double[] times;
  private final int[] groupOf;
  private final int[][] orders;
  private final int[] places;

  private Series(Table table, List<Column> parts, List<String> groups) {
    this.table = table;
    this.parts = List.copyOf(parts);
    this.time = TimeColumns.join(table, parts);
    this.groups = List.copyOf(groups);
    int n = table.rows();
    this.times = IntStream.range(0, n).mapToDouble(time::number).toArray();
    List<Column> keys = groups.stream().map(table::column).toList();
    Map<List<String>, Integer> index = new HashMap<>();
    this.groupOf = new int[n];
    List<List<Integer>> members = new ArrayList<>();
    for (int row = 0; row < n; row++) {
      int r = row;
      List<String> key = keys.stream().map(c -> String.valueOf(c.text(r))).toList();
      int group = index.computeIfAbsent(key, k -> index.size());
      if (group == members.size()) {
        members.add(new ArrayList<>());
      }
      members.get(group).add(row);
      groupOf[row] = group;
    }
    this.orders = new int[members.size()][];
    this.places = new int[n];
    for (int g = 0; g < orders.length; g++) {
      orders[g] =
          members.get(g).stream()
              .sorted(Comparator.comparingDouble((Integer r) -> times[r]))
              .mapToInt(Integer::intValue)
              .toArray();
      for (int place = 0; place < orders[g].length; place++) {
        places[orders[g][place]] = place;
      }
    }
  }

  /**
   * The series that a user names.
   *
   * @param time the column of dates or numbers that orders the rows: name, number or {@code last};
   *     or several with commas between them that tell the time together, {@code Date,Time} or
   *     {@code year,month,day,hour}
   * @param groups the columns whose values tell several series apart; empty for one series
   * @throws CajalException if there is no such column, it holds no dates or numbers, or a cell is
   *     empty
   */
  public static Series of(Table table, String time, List<String> groups) {
    List<Column> parts = TimeColumns.named(table, time);
    List<String> names = groups.stream().map(g -> table.column(g).name()).distinct().toList();
    for (Column column : parts) {
      String place = table.source() + ": column of time \"" + column.name() + "\"";
      if (column.type() == ColumnType.BOOLEAN || !isNumeric(column)) {
        throw new CajalException(
            place + " holds neither dates nor numbers; choose a column of dates or numbers");
      }
      for (int row = 0; row < table.rows(); row++) {
        if (column.isMissing(row)) {
          throw new CajalException(
              table.place(row)
                  + ": column of time \""
                  + column.name()
                  + "\" is empty; fill it in or remove the row");
        }
      }
      if (names.contains(column.name())) {
        throw new CajalException(place + " cannot tell the series apart too; name another column");
      }
    }
    return new Series(table, parts, names);
  }

  /**
   * The series that the rows of a table plainly are, if they are one. A column of dates, or of
   * numbers in order that is named like time or counts seconds, has another value in nearly every
   * row at steps that are mostly alike, and the target of a row is like that of the row before,
   * clearly more so than by chance. A panel is recognised where that holds for each value of one or
   * two columns. Columns that tell a time together, such as a date and an hour, are tried before
   * single ones.
   */
  public static Optional<Series> find(Table table, Target target) {
    if (table.rows() < FEWEST_ROWS) {
      return Optional.empty();
    }
    List<Column> joined = TimeColumns.find(table, target.columns());
    if (!joined.isEmpty()) {
      Optional<Series> found = find(table, joined, target);
      if (found.isPresent()) {
        return found;
      }
    }
    for (Column column : table.columns()) {
      if (!column.name().equals(target.column()) && mayBeTime(column)) {
        Optional<Series> found = find(table, List.of(column), target);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Series> find(Table table, List<Column> time, Target target) {
    long distinct = distinct(TimeColumns.join(table, time));
    if (distinct >= 0.99 * table.rows()) {
      Series one = new Series(table, time, List.of());
      return Optional.of(one).filter(s -> s.isPlain(target));
    }
    if (distinct < FEWEST_OF_A_GROUP) {
      return Optional.empty();
    }
    List<Column> keys =
        table.columns().stream()
            .filter(c -> !time.contains(c) && !c.name().equals(target.column()))
            .filter(c -> mayTellApart(c, table.rows()))
            .limit(MOST_GROUP_COLUMNS)
            .toList();
    List<List<String>> choices = new ArrayList<>();
    keys.forEach(a -> choices.add(List.of(a.name())));
    for (int i = 0; i < keys.size() && table.rows() <= MOST_ROWS_FOR_PAIRS; i++) {
      for (int j = i + 1; j < keys.size(); j++) {
        choices.add(List.of(keys.get(i).name(), keys.get(j).name()));
      }
    }
    return choices.stream()
        .map(names -> new Series(table, time, names))
        .filter(s -> s.isPlain(target))
        .findFirst();
  }

  private static long distinct(Column time) {
    return IntStream.range(0, time.rows()).mapToDouble(time::number).distinct().count();
  }

  /** Whether nearly every row has another value. */
  static boolean isNearlyUnique(Column time) {
    return distinct(time) >= 0.99 * time.rows();
  }

  /**
   * The columns that tell a time together and no one of them alone, by their names and cells; those
   * names with commas between them are a name for {@link #of}.
   */
  public static Optional<String> joined(Table table, Target target) {
    return Optional.of(TimeColumns.find(table, target.columns()))
        .filter(parts -> !parts.isEmpty())
        .map(TimeColumns::name);
  }

  /**
   * The column of dates in whose order the rows stand in the file, with targets that are like those
   * of the rows before: rows that may be a series, though several have the same time or the steps
   * are not alike.
   */
  public static Optional<String> likely(Table table, Target target) {
    List<Column> joined = TimeColumns.find(table, target.columns());
    Stream<List<Column>> single =
        table.columns().stream()
            .filter(c -> c.type() == ColumnType.DATE && !c.name().equals(target.column()))
            .filter(Series::mayBeTime)
            .map(List::of);
    return Stream.concat(Stream.of(joined).filter(parts -> !parts.isEmpty()), single)
        .map(parts -> new Series(table, parts, List.of()))
        .filter(
            s ->
                s.times.length >= FEWEST_ROWS
                    && Arrays.stream(s.times).distinct().count() >= FEWEST_OF_A_GROUP
                    && s.isInFileOrder()
                    && s.likeness(target) > CLEARLY)
        .map(Series::time)
        .findFirst();
  }

  private boolean isInFileOrder() {
    boolean up = true;
    boolean down = true;
    for (int row = 1; row < times.length; row++) {
      up &= times[row] >= times[row - 1];
      down &= times[row] <= times[row - 1];
    }
    return up || down;
  }

  static boolean isNumeric(Column column) {
    return switch (column.type()) {
      case NUMBER, DATE -> true;
      case IDENTIFIER -> column.rows() > 0 && !Double.isNaN(column.number(0));
      default -> false;
    };
  }

  private static boolean mayBeTime(Column column) {
    if (!isNumeric(column)) {
      return false;
    }
    double[] values = new double[column.rows()];
    boolean up = true;
    boolean down = true;
    boolean seconds = true;
    boolean timesOfDay = true;
    for (int row = 0; row < values.length; row++) {
      if (column.isMissing(row)) {
        return false;
      }
      values[row] = column.number(row);
      up &= row == 0 || values[row] >= values[row - 1];
      down &= row == 0 || values[row] <= values[row - 1];
      timesOfDay &= values[row] >= 0 && values[row] < DAY;
      double size = values[row] > 1e11 ? values[row] / 1000 : values[row];
      seconds &= size >= 5e8 && size <= 4e9;
    }
    if (column.type() == ColumnType.DATE) {
      return !timesOfDay;
    }
    return isNamedTime(column.name()) || (seconds && (up || down));
  }

  /** Whether a column is called time, or a word of its name is: {@code obs_time}, {@code Date}. */
  static boolean isNamedTime(String name) {
    return words(name).stream().anyMatch(NAMES::contains);
  }

  /** The words of letters in a name, in lower case. */
  static List<String> words(String name) {
    StringBuilder word = new StringBuilder();
    List<String> found = new ArrayList<>();
    for (char c : (name.toLowerCase(Locale.ROOT) + " ").toCharArray()) {
      if (Character.isLetter(c)) {
        word.append(c);
      } else if (!word.isEmpty()) {
        found.add(word.toString());
        word.setLength(0);
      }
    }
    return found;
  }

  private static boolean mayTellApart(Column column, int rows) {
    if (column.type() == ColumnType.DATE || isNamedTime(column.name())) {
      return false;
    }
    Set<String> values = new java.util.HashSet<>();
    boolean whole = true;
    for (int row = 0; row < rows; row++) {
      values.add(String.valueOf(column.text(row)));
      whole &=
          column.type() != ColumnType.NUMBER || column.number(row) == Math.rint(column.number(row));
      if (values.size() * FEWEST_OF_A_GROUP > rows || !whole) {
        return false;
      }
    }
    return values.size() > 1;
  }

  private boolean isPlain(Target target) {
    double[] steps = steps();
    boolean ordered = time.type() == ColumnType.DATE || isOrdered();
    if (!ordered
        || steps.length < FEWEST_ROWS - 1
        || orders.length * FEWEST_OF_A_GROUP > times.length) {
      return false;
    }
    long repeated = Arrays.stream(steps).filter(s -> s == 0).count();
    return repeated <= 0.01 * steps.length
        && irregular() <= (1 - REGULAR) * steps.length
        && likeness(target) > CLEARLY;
  }

  /** Whether the rows of each series stand in the file in order of time, up or down. */
  private boolean isOrdered() {
    for (int[] order : orders) {
      boolean up = true;
      boolean down = true;
      for (int i = 1; i < order.length; i++) {
        up &= order[i] > order[i - 1];
        down &= order[i] < order[i - 1];
      }
      if (!up && !down) {
        return false;
      }
    }
    return true;
  }

  /** From each row to the next of its series. */
  private double[] steps() {
    return Arrays.stream(orders)
        .flatMapToDouble(
            order ->
                IntStream.range(1, order.length)
                    .mapToDouble(i -> times[order[i]] - times[order[i - 1]]))
        .toArray();
  }

  /** The usual time from one row to the next: seconds for dates, else in units of the column. */
  public double step() {
    double[] steps = Arrays.stream(steps()).filter(s -> s > 0).sorted().toArray();
    return steps.length == 0 ? 0 : steps[steps.length / 2];
  }

  /** How many steps differ from the usual one by more than a tenth of it. */
  public int irregular() {
    double usual = step();
    return (int) Arrays.stream(steps()).filter(s -> Math.abs(s - usual) > ABOUT * usual).count();
  }

  /**
   * How much the targets of neighbours are alike, in standard errors from chance: the correlation
   * of numbers about the mean of their series, or the share of equal classes.
   */
  private double likeness(Target target) {
    int pairs = times.length - orders.length;
    if (target.task() == Task.CLASSIFICATION) {
      int[] classes = target.classes();
      double same = 0;
      double chance = 0;
      for (int[] order : orders) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < order.length; i++) {
          counts.merge(classes[order[i]], 1, Integer::sum);
          same += i > 0 && classes[order[i]] == classes[order[i - 1]] ? 1 : 0;
        }
        double n = order.length;
        chance += (n - 1) * counts.values().stream().mapToDouble(c -> c / n * (c / n)).sum();
      }
      double expected = chance / pairs;
      return (same - chance) / Math.sqrt(Math.max(1e-12, pairs * expected * (1 - expected)));
    }
    double[] values = target.numbers();
    double products = 0;
    double squares = 0;
    for (int[] order : orders) {
      double mean = Arrays.stream(order).mapToDouble(r -> values[r]).average().orElse(0);
      for (int i = 0; i < order.length; i++) {
        double own = values[order[i]] - mean;
        squares += own * own;
        products += i > 0 ? own * (values[order[i - 1]] - mean) : 0;
      }
    }
    return squares == 0 ? 0 : products / squares * Math.sqrt(pairs);
  }

  /** The table whose rows these are. */
  Table table() {
    return table;
  }

  /** The columns that tell the time, from the largest unit to the smallest. */
  List<Column> timeColumns() {
    return parts;
  }

  /** Whether the times are dates. */
  boolean isDated() {
    return time.type() == ColumnType.DATE;
  }

  /** The name of the column of time; the names of several with commas between them. */
  public String time() {
    return time.name();
  }

  /** The columns that tell the series of a panel apart; empty for one series. */
  public List<String> groups() {
    return groups;
  }

  /** The number of series: 1, or more in a panel. */
  public int count() {
    return orders.length;
  }

  /** The time of a row: seconds since 1970 for dates, else the number. */
  public double time(int row) {
    return times[row];
  }

  /** The time of a row as text: a date as {@code 2024-02-29}, with hours where it has some. */
  public String timeText(int row) {
    return timeText(times[row]);
  }

  String timeText(double value) {
    if (time.type() != ColumnType.DATE) {
      return Cells.label(value);
    }
    return DateText.moment(value);
  }

  /** The rows of a series in order of time; those of equal time in the order of the file. */
  int[] order(int series) {
    return orders[series].clone();
  }

  /** The series to which a row belongs, from 0. */
  int series(int row) {
    return groupOf[row];
  }

  /**
   * The row so many rows before another in its series, or −1 where there is none.
   *
   * @param rows how many, 0 for the row itself; negative for a row after it
   */
  public int before(int row, int rows) {
    int[] order = orders[groupOf[row]];
    int place = places[row] - rows;
    return place < 0 || place >= order.length ? -1 : order[place];
  }

  /**
   * The time one step after another: a calendar month, quarter or year where the usual step is one,
   * the next weekday where no row lies on a weekend, else the usual step.
   *
   * @param at the time before it
   * @param last the time of the last row
   * @param ahead how many steps it lies after the last row
   */
  double after(double at, double last, int ahead) {
    double step = step();
    if (time.type() != ColumnType.DATE) {
      return at + step;
    }
    int months = months(step);
    if (months > 0) {
      LocalDateTime next = date(last).plusMonths((long) months * ahead);
      return (monthEnds() ? next.with(TemporalAdjusters.lastDayOfMonth()) : next)
          .toEpochSecond(ZoneOffset.UTC);
    }
    double next = at + step;
    while (step == DAY && missesWeekends() && date(next).getDayOfWeek().getValue() > 5) {
      next += DAY;
    }
    return next;
  }

  private static LocalDateTime date(double seconds) {
    return LocalDateTime.ofEpochSecond((long) Math.floor(seconds), 0, ZoneOffset.UTC);
  }

  /** How many calendar months a step is; 0 where it is none. */
  private static int months(double step) {
    double days = step / DAY;
    return days >= 28 && days <= 31
        ? 1
        : days >= 89 && days <= 92 ? 3 : days >= 365 && days <= 366 ? 12 : 0;
  }

  /**
   * Rows in two parts by time, see {@link Splits#byTime}: all that belong to the second lie after
   * all that belong to the first, in every series.
   *
   * @throws CajalException if the fraction is out of range or a part would be empty
   */
  public int[][] split(int[] rows, double fraction) {
    int[][] parts =
        Splits.byTime(Arrays.stream(rows).mapToDouble(r -> times[r]).toArray(), fraction);
    return new int[][] {
      Arrays.stream(parts[0]).map(i -> rows[i]).toArray(),
      Arrays.stream(parts[1]).map(i -> rows[i]).toArray()
    };
  }

  /**
   * Numbers of rows after which a series of this step may repeat itself: a day, a week or a year of
   * hours, 7 and 365 days, 52 weeks, 12 months, 4 quarters; none for times that are no dates.
   */
  List<Integer> seasons() {
    double step = step();
    if (time.type() != ColumnType.DATE || step <= 0) {
      return List.of();
    }
    double year = 365.2425 * DAY;
    List<Integer> found = new ArrayList<>();
    for (double period : new double[] {DAY, 7 * DAY, year}) {
      double rows = period / step;
      boolean weekdays = period == 7 * DAY && step == DAY && missesWeekends();
      long whole = weekdays ? 5 : Math.round(rows);
      boolean fits = period == year ? rows >= 3.5 : Math.abs(rows - Math.rint(rows)) < 1e-6;
      if (whole >= 2 && fits && whole <= times.length / 2) {
        found.add((int) whole);
      }
    }
    return found;
  }

  private boolean monthEnds() {
    return Arrays.stream(times)
        .mapToObj(t -> date(t).toLocalDate())
        .allMatch(d -> d.getDayOfMonth() == d.lengthOfMonth());
  }

  private boolean missesWeekends() {
    long weekend = Arrays.stream(times).filter(t -> date(t).getDayOfWeek().getValue() > 5).count();
    return weekend < 0.02 * times.length;
  }

  /** What the rows are, in a few words for a note. */
  public String describe() {
    int first = 0;
    int last = 0;
    for (int row = 1; row < times.length; row++) {
      first = times[row] < times[first] ? row : first;
      last = times[row] > times[last] ? row : last;
    }
    String several =
        orders.length == 1
            ? ""
            : orders.length + " series by \"" + String.join("\", \"", groups) + "\", ";
    return several
        + "\""
        + time.name()
        + "\" from "
        + timeText(first)
        + " to "
        + timeText(last)
        + ", "
        + stepText();
  }

  private String stepText() {
    double step = step();
    if (time.type() != ColumnType.DATE) {
      return "step " + Cells.label(step);
    }
    int months = months(step);
    if (months > 0) {
      return months == 1 ? "a row a month" : months == 3 ? "a row a quarter" : "a row a year";
    }
    Map<String, Double> units = Map.of("day", DAY, "hour", 3600.0, "minute", 60.0, "second", 1.0);
    for (String unit : List.of("day", "hour", "minute", "second")) {
      double count = step / units.getOrDefault(unit, 1.0);
      if (count >= 1 && (count == Math.rint(count) || unit.equals("second"))) {
        return count == 1
            ? (unit.equals("hour") ? "a row an hour" : "a row a " + unit)
            : "a row every " + Cells.label(count) + " " + unit + "s";
      }
    }
    return "step " + Cells.label(step) + " seconds";
  }

  @Override
  public String toString() {
    return describe() + ", " + table.rows() + " rows";
  }
}
