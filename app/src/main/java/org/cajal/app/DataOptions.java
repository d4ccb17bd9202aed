package org.cajal.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cajal.data.ColumnType;
import org.cajal.data.DateForm;
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
    REGRESSION;

    Task task() {
      return this == CLASSIFICATION ? Task.CLASSIFICATION : Task.REGRESSION;
    }

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
        "A table (CSV or TSV file), a folder with a folder of images for each class, or a data set"
            + " by name:",
        "digits (drawn, the default), mnist, fashion-mnist, and, or, not, xor, parityN, circles,"
            + " moons, spirals, gaussians, plane, sine."
      })
  @Nullable String source;

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      description =
          "The column of a table to predict: its name, its number from 1 (negative from the end),"
              + " or \"last\".")
  @Nullable String target;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description = "What to do with the target: ${COMPLETION-CANDIDATES} (default: by its kind).")
  @Nullable TaskName task;

  @Option(
      names = "--type",
      paramLabel = "COLUMN=TYPE",
      description =
          "The type of a column: number, category, boolean, date, text, identifier or ignored (the"
              + " last three are not used).")
  Map<String, ColumnType> types = new LinkedHashMap<>();

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
      description = "Columns not to learn from.")
  List<String> dropped = new ArrayList<>();

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
      names = "--samples",
      paramLabel = "N",
      description = "Train on at most so many examples, chosen by chance.")
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
   * Refuses values that no data could make good.
   *
   * @throws CajalException naming the option
   */
  void check() {
    if (samples != null && samples < 1) {
      throw new CajalException("--samples " + samples + " is out of range; at least 1 is needed");
    }
    share("--validation", validation, 0);
    share("--test", test, 0);
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
