package org.cajal.app;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.cajal.data.NaiveForecast;
import org.cajal.data.NaiveForecast.Measure;
import org.cajal.data.Preprocessing;
import org.cajal.data.SeriesRule;
import org.cajal.model.Evaluation;
import org.cajal.report.Doctor;

/** The naive forecast beside what was measured on a series: for a person and for programs. */
final class NaiveText {
  private NaiveText() {}

  /** The naive forecast of the rows that were measured on; empty where they are no series. */
  static Optional<NaiveForecast> of(Optional<Preprocessing> preprocessing, TableRows measured) {
    return preprocessing.flatMap(
        p ->
            p.series()
                .flatMap(
                    rule ->
                        NaiveForecast.of(
                            rule, measured.table(), measured.rows(), p.output().task())));
  }

  /** One line: {@code naive forecast (the value 1 row before): RMSE 11.02, MAE 9.1}. */
  static String line(NaiveForecast naive, Evaluation e) {
    StringBuilder line =
        new StringBuilder("naive forecast (the value " + rows(naive.horizon()) + " before): ");
    line.append(text(naive.last()));
    if (naive.seasonal().isPresent()) {
      line.append("; seasonal naive (")
          .append(rows(naive.season()))
          .append(" before): ")
          .append(text(naive.seasonal().get()));
    }
    if (naive.error() > 0 && e.errors().isPresent()) {
      line.append(String.format(Locale.ROOT, "; MASE %.3f", e.mae() / naive.error()));
    }
    return line.toString();
  }

  private static String rows(int count) {
    return count == 1 ? "1 row" : count + " rows";
  }

  private static String text(Measure measure) {
    return Double.isNaN(measure.rmse())
        ? String.format(Locale.ROOT, "accuracy %.2f %%", 100 * measure.accuracy())
        : "RMSE " + ResultText.number(measure.rmse()) + ", MAE " + ResultText.number(measure.mae());
  }

  /** What there is to say to programs, by name. */
  static Map<String, Double> numbers(NaiveForecast naive, Evaluation e) {
    Map<String, Double> out = new LinkedHashMap<>();
    add(out, "naive", naive.last());
    naive.seasonal().ifPresent(seasonal -> add(out, "seasonal_naive", seasonal));
    if (naive.seasonal().isPresent()) {
      out.put("season_rows", (double) naive.season());
    }
    if (naive.error() > 0 && e.errors().isPresent()) {
      out.put("mase", e.mae() / naive.error());
    }
    return out;
  }

  private static void add(Map<String, Double> out, String name, Measure measure) {
    if (Double.isNaN(measure.rmse())) {
      out.put(name + "_accuracy", measure.accuracy());
    } else {
      out.put(name + "_rmse", measure.rmse());
      out.put(name + "_mae", measure.mae());
    }
  }

  /**
   * Past rows that are worth a try: two seasons where they are short, else some.
   *
   * @param rows the training rows of one series
   */
  static int lags(SeriesRule rule, int rows) {
    int season = rule.season();
    int usual = season == 0 ? 24 : season <= 14 ? 2 * season : season <= 60 ? season : 24;
    return Math.clamp(rows / 4, 1, usual);
  }

  /**
   * A warning where the network does no better.
   *
   * @param lags the option that makes past values inputs; empty where they are
   */
  static Optional<String> warning(NaiveForecast naive, Evaluation e, Optional<String> lags) {
    Measure best = naive.best();
    int before = best.equals(naive.last()) ? naive.horizon() : naive.season();
    return e.confusion().isPresent()
        ? Doctor.naiveForecast("error rate", 1 - e.accuracy(), 1 - best.accuracy(), before, lags)
        : Doctor.naiveForecast("RMSE", e.rmse(), best.rmse(), before, lags);
  }
}
