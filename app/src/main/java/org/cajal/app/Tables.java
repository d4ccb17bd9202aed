package org.cajal.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cajal.data.ArrayPair;
import org.cajal.data.Column;
import org.cajal.data.Csv;
import org.cajal.data.Dataset;
import org.cajal.data.Notes;
import org.cajal.data.Preprocessing;
import org.cajal.data.Series;
import org.cajal.data.SeriesRule;
import org.cajal.data.Table;
import org.cajal.data.Target;
import org.cajal.data.Task;
import org.cajal.report.Doctor;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes a table ready to train on: target, parts, preprocessing fitted on the training rows alone.
 */
final class Tables {
  private static final double TEST = 0.2;
  private static final double VALIDATION = 0.15;
  private static final int FEWEST_TO_DIVIDE = 20;

  /**
   * Fewer rows than this are too precious to hold some back: the network of small tables does not
   * stop early.
   */
  private static final int FEWEST_TO_VALIDATE = 1000;

  private Tables() {}

  /**
   * The data of a file.
   *
   * @param notes takes what is decided without being asked, also where an error follows
   * @throws CajalException if a file, the target or a share is bad
   */
  static TrainingData prepare(Path file, DataOptions options, Notes notes) {
    Table table = read(file, options);
    notes.add(
        "read with "
            + table.dialect()
            + ": "
            + table.rows()
            + " rows, "
            + table.columns().size()
            + " columns"
            + places(table));
    table.notes().forEach(notes::add);
    String wanted = options.target;
    if (wanted == null) {
      throw new CajalException(
          file
              + ": which column is to be predicted? Add --target COLUMN; the columns are "
              + String.join(", ", shown(table.columnNames())));
    }
    if (options.dropMissingTargets) {
      table = answered(table, wanted, notes);
    }
    Table whole = table;
    for (String reference : options.dropped) {
      Column column = table.column(reference);
      for (String name : Target.references(table, wanted)) {
        if (column.name().equals(table.column(name).name())) {
          throw new CajalException(
              "--drop " + reference + " would drop the target; drop another column");
        }
      }
      table = table.ignoring(column.name());
    }
    return prepare(table, whole, wanted, options, notes);
  }

  /**
   * The data of a table.
   *
   * @param whole the table with the columns that are not learned from, too
   * @param notes takes what is decided without being asked, also where an error follows
   * @throws CajalException if a file, the target or a share is bad
   */
  static TrainingData prepare(
      Table table, Table whole, String wanted, DataOptions options, Notes notes) {
    List<Column> predicted = Target.references(table, wanted).stream().map(table::column).toList();
    for (Column column : table.columns()) {
      String note = column.note();
      boolean answer = predicted.contains(column);
      if (!answer || (note != null && column.type().isInput())) {
        notes.add(column);
      }
    }
    List<String> names = predicted.stream().map(Column::name).toList();
    Target target =
        Target.of(table, Target.references(table, wanted), options.targetOptions(names));
    boolean few = table.rows() < FEWEST_TO_DIVIDE;
    if (few && options.test == null && options.validation == null) {
      notes.add("only " + table.rows() + " rows: all of them are trained on and measured on");
    }
    SeriesChoice choice = SeriesChoice.of(whole, target, options, notes);
    Divided parts = new Divided(table, target, options, choice, few);
    SeriesRule rule = rule(table, target, choice, parts.train);
    Table used = table;
    int[] fitted = parts.train;
    if (rule != null && rule.forecasts()) {
      used = whole;
      fitted = parts.train(rule.answerable(whole));
      noPast(whole, parts.train.length, fitted.length, rule, notes);
    }
    Preprocessing preprocessing =
        Preprocessing.fit(used, target, fitted, preprocessing(options), rule, notes);
    Part validation =
        part(
            used,
            whole,
            parts.validation,
            preprocessing,
            options,
            ArrayPair.Part.VALIDATION,
            notes);
    Part test = part(used, whole, parts.test, preprocessing, options, ArrayPair.Part.TEST, notes);
    Dataset train = preprocessing.dataset(used, fitted);
    return new TrainingData(
        train.name(),
        TrainingData.Kind.TABLE,
        train,
        validation == null ? null : validation.data,
        test == null ? null : test.data,
        Optional.of(preprocessing),
        Optional.empty(),
        Optional.of(test == null ? new TableRows(whole, fitted) : test.rows),
        everyRow(used, fitted, parts, preprocessing, options),
        choice.words(options),
        mixed(choice, fitted, parts.test),
        notes.sentences());
  }

  /** What columns are called of which the file does not say the names. */
  private static String places(Table table) {
    boolean named = Boolean.FALSE.equals(table.dialect().header());
    int last = table.columns().size();
    return named && last > 1 ? ", named c1 to c" + last + " by their places" : "";
  }

  private static Optional<Supplier<Dataset>> everyRow(
      Table table, int[] train, Divided parts, Preprocessing preprocessing, DataOptions options) {
    int held = parts.validation.length + parts.test.length;
    if (held == 0 || options.samples != null) {
      return Optional.empty();
    }
    int[] all =
        Stream.of(train, parts.validation, parts.test)
            .flatMapToInt(Arrays::stream)
            .sorted()
            .toArray();
    return Optional.of(() -> preprocessing.dataset(table, all));
  }

  private static @Nullable SeriesRule rule(
      Table table, Target target, SeriesChoice choice, int[] train) {
    if (choice.series() == null) {
      return null;
    }
    if (target.task() != Task.REGRESSION && target.task() != Task.CLASSIFICATION) {
      if (choice.options().lags() > 0) {
        throw new CajalException(
            table.source()
                + ": a forecast from past values is of one number or class; leave out --lags, or"
                + " choose one --target");
      }
      return null;
    }
    return SeriesRule.of(table, target, choice.series(), train, choice.options());
  }

  /** The warning about a series that was divided by chance. */
  private static List<String> mixed(SeriesChoice choice, int[] train, int[] test) {
    Series series = choice.series();
    if (series == null || choice.byTime() || test.length == 0) {
      return List.of();
    }
    return Doctor.chanceSplit(
            series.time(),
            Arrays.stream(train).mapToObj(series::time).toList(),
            Arrays.stream(test).mapToObj(series::time).toList())
        .stream()
        .toList();
  }

  private static void noPast(Table table, int rows, int fitted, SeriesRule rule, Notes notes) {
    int before = rule.lags() + rule.horizon() - 1;
    if (fitted == 0) {
      throw new CajalException(
          table.source()
              + ": no training row has "
              + before
              + " rows before it, which --lags "
              + rule.lags()
              + " and --horizon "
              + rule.horizon()
              + " ask for; choose fewer, or give more rows");
    }
    if (fitted < rows) {
      notes.add(
          (rows - fitted)
              + " training rows have no "
              + before
              + " rows before them and are left out");
    }
  }

  private static Preprocessing.Options preprocessing(DataOptions options) {
    Preprocessing.Options usual = Preprocessing.Options.DEFAULT;
    return options.categories == null ? usual : usual.withMostCategories(options.categories);
  }

  /** The rows in which every one of some columns has a value. */
  static int[] answered(Table table, List<Column> targets) {
    return IntStream.range(0, table.rows())
        .filter(row -> targets.stream().noneMatch(target -> target.isMissing(row)))
        .toArray();
  }

  /** The table without the rows in which a target has no value. */
  private static Table answered(Table table, String wanted, Notes notes) {
    int[] rows =
        answered(table, Target.references(table, wanted).stream().map(table::column).toList());
    if (rows.length < table.rows()) {
      int without = table.rows() - rows.length;
      notes.add(
          without == 1
              ? "1 row without a target is left out"
              : without + " rows without a target are left out");
    }
    return table.select(rows);
  }

  /** The table, with the columns to drop if they can be read, since they may divide the rows. */
  private static Table read(Path file, DataOptions options) {
    try {
      return Csv.read(file, options.csvOptions(false));
    } catch (CajalException e) {
      if (options.dropped.isEmpty()) {
        throw e;
      }
      return Csv.read(file, options.csvOptions(true));
    }
  }

  static List<String> shown(List<String> names) {
    List<String> out = new ArrayList<>(names.subList(0, Math.min(12, names.size())));
    if (out.size() < names.size()) {
      out.add("… (" + names.size() + " in all)");
    }
    return out;
  }

  /** Rows held back, ready to measure on. */
  private record Part(Dataset data, TableRows rows) {}

  /** The rows that were divided off, or those of a file of their own; null where there are none. */
  private static @Nullable Part part(
      Table table,
      Table whole,
      int[] rows,
      Preprocessing preprocessing,
      DataOptions options,
      ArrayPair.Part part,
      Notes notes) {
    String file = part == ArrayPair.Part.TEST ? options.test : options.validation;
    if (Double.isNaN(DataOptions.share("", file, 0)) && file != null) {
      Table other =
          ArrayData.table(Path.of(file), preprocessing.csvOptions(), part, options.x, options.y);
      int[] all = preprocessing.answerable(other);
      if (all.length == 0) {
        throw new CajalException(
            file + ": no row has the past rows that --lags asks for; give a file of more rows");
      }
      if (all.length < other.rows()) {
        notes.add(
            (other.rows() - all.length)
                + " rows of "
                + file
                + " have no past in it and are not measured on");
      }
      return new Part(preprocessing.dataset(other, all), new TableRows(other, all));
    }
    return rows.length == 0
        ? null
        : new Part(preprocessing.dataset(table, rows), new TableRows(whole, rows));
  }

  /** The rows of a table in three parts. */
  private static final class Divided {
    private final Target target;
    private final @Nullable Series series;
    private final int[] train;
    private final int[] validation;
    private final int[] test;

    Divided(Table table, Target target, DataOptions options, SeriesChoice choice, boolean few) {
      this.series = choice.byTime() ? choice.series() : null;
      this.target = target;
      double testShare = DataOptions.share("--test", options.test, few ? 0 : TEST);
      double validationShare =
          DataOptions.share(
              "--validation",
              options.validation,
              table.rows() < FEWEST_TO_VALIDATE ? 0 : VALIDATION);
      if (testShare + validationShare >= 1) {
        throw new CajalException(
            "--validation "
                + validationShare
                + " and --test "
                + testShare
                + " leave nothing to train on; together less than 1 is allowed");
      }
      int[] rest = target.rows();
      int[] held = new int[0];
      if (testShare > 0) {
        int[][] parts = divide(rest, testShare, options.seed);
        rest = parts[0];
        held = parts[1];
      }
      test = held;
      held = new int[0];
      if (validationShare > 0) {
        double share = testShare > 0 ? validationShare / (1 - testShare) : validationShare;
        int[][] parts = divide(rest, share, CounterRandom.key(options.seed, "validation"));
        rest = parts[0];
        held = parts[1];
      }
      validation = held;
      train = options.samples == null ? rest : some(rest, options.samples, options.seed);
    }

    /** The training rows that are among the given ones. */
    private int[] train(int[] among) {
      Set<Integer> known = Arrays.stream(among).boxed().collect(Collectors.toSet());
      return Arrays.stream(train).filter(known::contains).toArray();
    }

    private int[][] divide(int[] rows, double share, long seed) {
      return series != null ? series.split(rows, share) : target.split(rows, share, seed);
    }

    private static int[] some(int[] rows, int count, long seed) {
      int[] order = CounterRandom.permutation(CounterRandom.key(seed, "samples"), rows.length);
      return Arrays.stream(order).limit(count).sorted().map(i -> rows[i]).toArray();
    }
  }
}
