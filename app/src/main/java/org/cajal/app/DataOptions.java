package org.cajal.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cajal.data.ColumnType;
import org.cajal.data.CsvOptions;
import org.cajal.data.DateForm;
import org.cajal.data.Target;
import org.cajal.data.Task;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of {@code train} about data: where it is, what of it to use, what to hold back. */
final class DataOptions {
  /** What {@code --task} offers. */
  enum TaskName {
    CLASSIFICATION,
    REGRESSION,
    MULTILABEL;

    Task task() {
      return Task.valueOf(name());
    }

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** What {@code --split} offers. */
  enum SplitName {
    TIME,
    RANDOM;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SOURCE",
      description = {
        "A table (CSV or TSV file), arrays (NPZ or NPY file), a folder with a folder of images for"
            + " each class, or a data set by name:",
        "digits (drawn, the default), mnist, fashion-mnist, and, or, not, xor, parityN, circles,"
            + " moons, spirals, gaussians, plane, sine."
      })
  @Nullable String source;

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      description =
          "The column of a table to predict: its name, its number from 1 (negative from the end),"
              + " or \"last\"; several with commas between them (needed for a table; no default).")
  @Nullable String target;

  @Option(
      names = "--x",
      paramLabel = "ARRAY",
      description = "The array of examples in an .npz file (default: by its name or shape).")
  @Nullable String x;

  @Option(
      names = "--y",
      paramLabel = "ARRAY|FILE",
      description =
          "The array of answers in an .npz file, or an .npy file of them (default: by its name or"
              + " shape).")
  @Nullable String y;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description = "What to do with the target: ${COMPLETION-CANDIDATES} (default: by its kind).")
  @Nullable TaskName task;

  @Option(
      names = "--labels-separator",
      paramLabel = "TEXT",
      description =
          "What stands between the labels in a cell of the target (default: found out, of |, ; and"
              + " comma).")
  @Nullable String labelsSeparator;

  @Option(
      names = "--drop-missing-targets",
      description = "Leave out the rows of a table in which a target has no value.")
  boolean dropMissingTargets;

  @Option(
      names = "--drop-rare-classes",
      description = "Leave out the rows of classes of the target that occur once.")
  boolean dropRareClasses;

  @Option(
      names = "--type",
      paramLabel = "COLUMN=TYPE",
      description =
          "The type of a column: number, category, boolean, date, text, identifier or ignored (the"
              + " last two are not used; default: by all its cells).")
  Map<String, ColumnType> types = new LinkedHashMap<>();

  @Mixin FormatOptions format = new FormatOptions();

  @Option(
      names = "--dates",
      paramLabel = "COLUMN=FORM",
      description =
          "How the dates or times of a column are written: year-month-day, day-month-year,"
              + " month-day-year, year-day-month, time-of-day, duration or minutes-seconds"
              + " (default: by all its cells).")
  Map<String, DateForm> dates = new LinkedHashMap<>();

  @Option(
      names = "--drop",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "Columns not to learn from (default: none but those that name the rows or are constant).")
  List<String> dropped = new ArrayList<>();

  @Option(
      names = "--categories",
      paramLabel = "N",
      description =
          "The most frequent values of a column of categories that get an input each, at most"
              + " (default: as many as the rows support).")
  @Nullable Integer categories;

  @Option(
      names = "--validation",
      paramLabel = "FRACTION|FILE",
      description =
          "The share of rows, or a file, to stop training by; 0 for none (default: 0.15 of 1,000"
              + " rows or more, 0.1 of images).")
  @Nullable String validation;

  @Option(
      names = "--test",
      paramLabel = "FRACTION|FILE",
      description =
          "The share of rows, or a file, to measure on in the end; 0 for none (default: 0.2, or the"
              + " set's own).")
  @Nullable String test;

  @Option(
      names = "--split",
      paramLabel = "HOW",
      description =
          "How rows are held back: ${COMPLETION-CANDIDATES} (default: time, the last part, where"
              + " the rows are a series in time, else random).")
  @Nullable SplitName split;

  @Option(
      names = "--time",
      paramLabel = "COLUMN,...",
      description =
          "The column of dates or numbers that orders a series; several that tell the time together"
              + " with commas: Date,Time or year,month,day,hour (default: found out).")
  @Nullable String time;

  @Option(
      names = "--group",
      paramLabel = "COLUMN",
      split = ",",
      description = "The columns that tell several series in one table apart (default: found out).")
  List<String> groups = new ArrayList<>();

  @Option(
      names = "--lags",
      paramLabel = "N",
      description =
          "Forecast the target of a series from its values, and those of the other columns of"
              + " numbers, in so many rows before (default: none; a row is predicted from its own"
              + " values).")
  @Nullable Integer lags;

  @Option(
      names = "--horizon",
      paramLabel = "N",
      description = "How many rows ahead --lags forecasts (default: 1, the next).")
  @Nullable Integer horizon;

  @Option(
      names = "--known",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "Columns that are known beforehand (holidays, prices): with --lags a row's own values of"
              + " them are inputs (default: none).")
  List<String> known = new ArrayList<>();

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Train on at most so many examples, chosen by chance (default: all).")
  @Nullable Integer samples;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The folder of mnist and fashion-mnist (default: CAJAL_DATA, else they are downloaded"
              + " once).")
  @Nullable Path folder;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides all chance (default: ${DEFAULT-VALUE}).")
  long seed = 1;

  @Mixin ImageOptions images = new ImageOptions();

  /**
   * How to read the table.
   *
   * @param without whether the columns to drop are not even looked at
   * @throws CajalException if a value has no meaning
   */
  CsvOptions csvOptions(boolean without) {
    Map<String, ColumnType> known = new LinkedHashMap<>(types);
    for (String column : dropped) {
      if (without && !column.equals("last") && !isNumber(column) && !column.equals(target)) {
        known.put(column, ColumnType.IGNORED);
      }
    }
    CsvOptions options = format.on(CsvOptions.DEFAULT.withTypes(known).withDateForms(dates));
    String wanted = target;
    if (wanted == null || wanted.equals("last") || isNumber(wanted)) {
      return options;
    }
    List<String> names = new ArrayList<>(List.of(wanted));
    if (wanted.indexOf(',') >= 0) {
      for (String piece : wanted.split(",", -1)) {
        names.add(piece.strip());
      }
    }
    return options.withExpected(names);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
  }

  /**
   * Refuses values that no data could make good.
   *
   * @throws CajalException naming the option
   */
  void check() {
    if (samples != null && samples < 1) {
      throw new CajalException("--samples " + samples + " is out of range; at least 1 is needed");
    }
    if (categories != null && categories < 1) {
      throw new CajalException(
          "--categories " + categories + " is out of range; 1 or more is allowed");
    }
    share("--validation", validation, 0);
    share("--test", test, 0);
    atLeastOne("--lags", lags);
    atLeastOne("--horizon", horizon);
    if (lags == null && (horizon != null || !known.isEmpty())) {
      throw new CajalException(
          (horizon != null ? "--horizon" : "--known")
              + " is for forecasts from past rows; add --lags N, the number of them");
    }
  }

  private static void atLeastOne(String option, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new CajalException(option + " " + value + " is out of range; at least 1 is needed");
    }
  }

  /** The first option given that is for tables only; null if none is. */
  @Nullable String tableOption() {
    return target != null
        ? "--target"
        : task != null
            ? "--task"
            : labelsSeparator != null
                ? "--labels-separator"
                : dropRareClasses
                    ? "--drop-rare-classes"
                    : !types.isEmpty()
                        ? "--type"
                        : !dropped.isEmpty()
                            ? "--drop"
                            : split != null
                                ? "--split"
                                : time != null
                                    ? "--time"
                                    : !groups.isEmpty()
                                        ? "--group"
                                        : lags != null
                                            ? "--lags"
                                            : categories != null ? "--categories" : format.given();
  }

  /**
   * What is said about the target of a table.
   *
   * @param columns the target's
   */
  Target.Options targetOptions(List<String> columns) {
    boolean numbers = columns.stream().anyMatch(c -> types.get(c) == ColumnType.NUMBER);
    return new Target.Options(
        task == null ? null : task.task(), dropRareClasses, labelsSeparator, numbers);
  }

  /**
   * A share of the rows.
   *
   * @param text what the user gave, perhaps a file
   * @param usual the share where the user gave nothing
   * @return the share, or NaN for a file
   * @throws CajalException if it is not at least 0 and below 1
   */
  static double share(String option, @Nullable String text, double usual) {
    if (text == null) {
      return usual;
    }
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
    if (!(value >= 0 && value < 1)) {
      throw new CajalException(
          option
              + " "
              + text
              + " is out of range; a share of the rows from 0 to less than 1, or a file, is"
              + " allowed");
    }
    return value;
  }
}
