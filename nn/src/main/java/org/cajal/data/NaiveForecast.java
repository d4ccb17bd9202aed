package org.cajal.data;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What is reached without learning: the last known value, or that of a season ago, taken as the
 * forecast. A network that does no better has learned nothing about the future.
 *
 * @param horizon how many rows before the answered one the last value stands
 * @param last how good the last value is
 * @param season how many rows before the answered one the value of a season ago stands; 0 where no
 *     season is evident
 * @param seasonal how good the value of a season ago is; empty where no season is evident
 * @param error the mean absolute change from one training row to the next; 0 for classes
 */
public record NaiveForecast(
    int horizon, Measure last, int season, Optional<Measure> seasonal, double error) {
  /**
   * How good a forecast is.
   *
   * @param rows how many rows have a value to take
   * @param rmse the root of the mean squared error in units of the target; NaN for classes
   * @param mae the mean absolute error in units of the target; NaN for classes
   * @param accuracy the share of equal classes; NaN for numbers
   */
  public record Measure(int rows, double rmse, double mae, double accuracy) {}

  /**
   * The naive forecasts of rows of a table.
   *
   * @param rule of the model
   * @param table with the target column
   * @param rows to measure on; those without a row to take the value of are passed over
   * @return empty where no row has one, or the table does not tell all times
   */
  public static Optional<NaiveForecast> of(SeriesRule rule, Table table, int[] rows, Task task) {
    if (!rule.isIn(table)) {
      return Optional.empty();
    }
    Series series = rule.series(table);
    Column column = table.column(rule.target());
    boolean numbers = task == Task.REGRESSION;
    double[] values = numbers ? numbers(column) : classes(column);
    Measure last = measure(series, values, rows, rule.horizon(), numbers);
    if (last.rows() == 0) {
      return Optional.empty();
    }
    int season = rule.season() == 0 ? 0 : reaching(rule.season(), rule.horizon());
    Optional<Measure> seasonal =
        Optional.of(season)
            .filter(s -> s > 0)
            .map(s -> measure(series, values, rows, s, numbers))
            .filter(m -> m.rows() > 0);
    return Optional.of(
        new NaiveForecast(
            rule.horizon(), last, seasonal.isPresent() ? season : 0, seasonal, rule.error()));
  }

  private static double[] numbers(Column column) {
    return IntStream.range(0, column.rows()).mapToDouble(column::number).toArray();
  }

  private static double[] classes(Column column) {
    java.util.Map<String, Integer> index = new java.util.HashMap<>();
    return IntStream.range(0, column.rows())
        .mapToDouble(
            row -> {
              String text = column.text(row);
              return text == null ? Double.NaN : index.computeIfAbsent(text, t -> index.size());
            })
        .toArray();
  }

  /** The value so many rows before as the forecast of each row. */
  static Measure measure(Series series, double[] values, int[] rows, int before, boolean numbers) {
    int count = 0;
    double squares = 0;
    double absolute = 0;
    double equal = 0;
    for (int row : rows) {
      int from = series.before(row, before);
      if (from < 0 || Double.isNaN(values[row]) || Double.isNaN(values[from])) {
        continue;
      }
      double error = values[from] - values[row];
      count++;
      squares += error * error;
      absolute += Math.abs(error);
      equal += error == 0 ? 1 : 0;
    }
    return numbers
        ? new Measure(count, Math.sqrt(squares / count), absolute / count, Double.NaN)
        : new Measure(count, Double.NaN, Double.NaN, equal / count);
  }

  /**
   * After how many rows the training rows repeat themselves: of a day, a week and a year the one
   * whose value a season ago is the best forecast, where it is better than the last value; else 0.
   */
  static int season(Series series, double[] values, int[] rows, int horizon, boolean numbers) {
    double best = badness(measure(series, values, rows, horizon, numbers), numbers);
    int found = 0;
    for (int season : series.seasons()) {
      Measure measure = measure(series, values, rows, reaching(season, horizon), numbers);
      if (2 * measure.rows() >= Math.min(rows.length, 2 * season)
          && badness(measure, numbers) < best) {
        best = badness(measure, numbers);
        found = season;
      }
    }
    return found;
  }

  private static double badness(Measure measure, boolean numbers) {
    return measure.rows() == 0
        ? Double.POSITIVE_INFINITY
        : numbers ? measure.rmse() : 1 - measure.accuracy();
  }

  /** The least multiple of a season that is known at the horizon. */
  private static int reaching(int season, int horizon) {
    return (horizon + season - 1) / season * season;
  }

  /** The better of the two: the least RMSE, or the greatest accuracy. */
  public Measure best() {
    Measure other = seasonal.orElse(last);
    boolean seasonalIsBetter =
        Double.isNaN(last.rmse()) ? other.accuracy() > last.accuracy() : other.rmse() < last.rmse();
    return seasonalIsBetter ? other : last;
  }
}
