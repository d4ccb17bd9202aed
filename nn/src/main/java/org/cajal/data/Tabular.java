package org.cajal.data;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * A table made ready in one call: target looked at, rows divided, preprocessing fitted on the
 * training rows alone.
 */
public final class Tabular {
  private Tabular() {}

  /**
   * A table ready to train on.
   *
   * @param train rows to fit on
   * @param validation rows to stop training by, or null where none were asked for
   * @param test rows to measure on in the end, or null where none were asked for
   * @param target the column to predict
   * @param preprocessing fitted on {@code train} only; its notes say what was decided
   */
  public record Prepared(
      Dataset train,
      @Nullable Dataset validation,
      @Nullable Dataset test,
      Target target,
      Preprocessing preprocessing) {}

  /**
   * Divides a table by chance, stratified for classes, and fits the preprocessing on the training
   * part.
   *
   * @param target the column to predict: name, number or {@code last}; several with commas between
   * @param task classification or regression, or null to decide by the column
   * @param validation the share of all rows to validate on, 0 for none
   * @param test the share of all rows to test on, 0 for none
   * @throws CajalException if the column or the shares are bad; see {@link Target#of} and {@link
   *     Splits}
   */
  public static Prepared prepare(
      Table table, String target, @Nullable Task task, double validation, double test, long seed) {
    return prepare(table, target, task, validation, test, seed, Preprocessing.Options.DEFAULT);
  }

  /** As the shorter method, with options for the preprocessing. */
  public static Prepared prepare(
      Table table,
      String target,
      @Nullable Task task,
      double validation,
      double test,
      long seed,
      Preprocessing.Options options) {
    refuseShares(validation, test);
    Target column = Target.of(table, target, task);
    int[] rest = column.rows();
    int[] testRows = new int[0];
    if (test > 0) {
      int[][] parts = column.split(rest, test, seed);
      rest = parts[0];
      testRows = parts[1];
    }
    int[] validationRows = new int[0];
    if (validation > 0) {
      int[][] parts = column.split(rest, validation / (1 - test), seed + 1);
      rest = parts[0];
      validationRows = parts[1];
    }
    Preprocessing preprocessing = Preprocessing.fit(table, column, rest, options);
    return new Prepared(
        preprocessing.dataset(table, rest),
        validationRows.length == 0 ? null : preprocessing.dataset(table, validationRows),
        testRows.length == 0 ? null : preprocessing.dataset(table, testRows),
        column,
        preprocessing);
  }

  /**
   * Divides a series by time, the last part for testing and the part before it for validation, and
   * fits the preprocessing on the training part.
   *
   * @param table whose rows the series orders
   * @param target the column to predict, see {@link Table#column}
   * @param task classification or regression, or null to decide by the column
   * @param series see {@link Series#find} and {@link Series#of}
   * @param past what to forecast from; {@link SeriesRule.Options#NONE} to answer rows from their
   *     own columns
   * @param validation the share of all rows to validate on, 0 for none
   * @param test the share of all rows to test on, 0 for none
   * @throws CajalException if the column or the shares are bad, or no training row has a past
   */
  public static Prepared prepare(
      Table table,
      String target,
      @Nullable Task task,
      Series series,
      SeriesRule.Options past,
      double validation,
      double test) {
    refuseShares(validation, test);
    Target column = Target.of(table, target, task);
    int[] rest = IntStream.range(0, table.rows()).toArray();
    int[] testRows = new int[0];
    if (test > 0) {
      int[][] parts = series.split(rest, test);
      rest = parts[0];
      testRows = parts[1];
    }
    int[] validationRows = new int[0];
    if (validation > 0) {
      int[][] parts = series.split(rest, validation / (1 - test));
      rest = parts[0];
      validationRows = parts[1];
    }
    SeriesRule rule = SeriesRule.of(table, column, series, rest, past);
    Set<Integer> answerable =
        Arrays.stream(rule.answerable(table)).boxed().collect(Collectors.toSet());
    int[] train = Arrays.stream(rest).filter(answerable::contains).toArray();
    Preprocessing preprocessing =
        Preprocessing.fit(table, column, train, Preprocessing.Options.DEFAULT, rule);
    return new Prepared(
        preprocessing.dataset(table, train),
        validationRows.length == 0 ? null : preprocessing.dataset(table, validationRows),
        testRows.length == 0 ? null : preprocessing.dataset(table, testRows),
        column,
        preprocessing);
  }

  private static void refuseShares(double validation, double test) {
    if (!(validation >= 0 && test >= 0 && validation + test < 1)) {
      throw new CajalException(
          "[split] validation "
              + validation
              + " and test "
              + test
              + " leave nothing to train on; together below 1 is allowed");
    }
  }
}
