package org.cajal.data;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fits the rule of one column on training rows. */
final class ColumnFit {
  private static final double DAY = 86_400;

  /** Columns of positive numbers only and of a larger skewness are scaled by their logarithm. */
  private static final double LONG_TAIL = 2;

  private ColumnFit() {}

  /** The rule, or null if the column has one value only. */
  static @Nullable InputRule fit(
      Column column, int[] rows, Preprocessing.Options options, List<String> notes) {
    boolean flag = Arrays.stream(rows).anyMatch(column::isMissing);
    return switch (column.type()) {
      case NUMBER -> number(column, rows, options, flag);
      case BOOLEAN -> truth(column, rows, flag);
      case CATEGORY -> category(column, rows, options, flag, notes);
      case DATE -> date(column, rows, flag);
      case TEXT, IDENTIFIER, IGNORED -> null;
    };
  }

  private static double[] present(Column column, int[] rows) {
    return Arrays.stream(rows)
        .filter(r -> !column.isMissing(r))
        .mapToDouble(column::number)
        .toArray();
  }

  private static @Nullable InputRule number(
      Column column, int[] rows, Preprocessing.Options options, boolean flag) {
    double[] values = present(column, rows);
    if (values.length == 0 || (constant(values) && !flag)) {
      return null;
    }
    Arrays.sort(values);
    double median = quantile(values, 0.5);
    double center;
    double scale;
    NumberScaling wanted = options.scaling();
    boolean longTail = values[0] > 0 && skewness(values) > LONG_TAIL;
    NumberScaling scaling =
        wanted != null ? wanted : longTail ? NumberScaling.LOGARITHM : NumberScaling.STANDARD;
    if (scaling == NumberScaling.ROBUST) {
      center = median;
      double quartiles = quantile(values, 0.75) - quantile(values, 0.25);
      double range = values[values.length - 1] - values[0];
      scale = quartiles > 0 ? quartiles : range > 0 ? range / 2 : 1;
    } else {
      boolean logarithm = scaling == NumberScaling.LOGARITHM;
      double[] moments =
          moments(
              logarithm
                  ? Arrays.stream(values).map(InputRule.OfNumber::logarithm).toArray()
                  : values);
      center = moments[0];
      scale = moments[1];
    }
    return new InputRule.OfNumber(column.name(), scaling, center, scale, median, flag);
  }

  private static @Nullable InputRule truth(Column column, int[] rows, boolean flag) {
    double[] values = present(column, rows);
    if (values.length == 0 || (constant(values) && !flag)) {
      return null;
    }
    return new InputRule.OfBoolean(
        column.name(), column.values().get(0), column.values().get(1), flag);
  }

  private static @Nullable InputRule category(
      Column column, int[] rows, Preprocessing.Options options, boolean flag, List<String> notes) {
    Map<String, Integer> counts = new HashMap<>();
    for (int r : rows) {
      String text = column.text(r);
      if (text != null) {
        counts.merge(text, 1, Integer::sum);
      }
    }
    if (counts.isEmpty() || (counts.size() == 1 && !flag)) {
      return null;
    }
    List<String> values = new ArrayList<>(counts.keySet());
    values.sort(
        (a, b) -> {
          int byCount = Integer.compare(counts.getOrDefault(b, 0), counts.getOrDefault(a, 0));
          return byCount != 0 ? byCount : a.compareTo(b);
        });
    boolean other = values.size() > options.mostCategories();
    if (other) {
      notes.add(
          "column \""
              + column.name()
              + "\": the "
              + options.mostCategories()
              + " most frequent of "
              + values.size()
              + " values have an input each, the rest share one");
      values = values.subList(0, options.mostCategories());
    }
    List<String> kept = new ArrayList<>(values);
    kept.sort(String::compareTo);
    return new InputRule.OfCategory(column.name(), kept, other, flag);
  }

  private static @Nullable InputRule date(Column column, int[] rows, boolean flag) {
    double[] values = present(column, rows);
    if (values.length == 0 || (constant(values) && !flag)) {
      return null;
    }
    DateForm form = column.dateForm();
    boolean times = form == DateForm.TIME_OF_DAY;
    boolean firstOfMonth = true;
    for (int i = 0; form.isDate() && i < values.length; i++) {
      double day = Math.floor(values[i] / DAY);
      times |= values[i] != day * DAY;
      firstOfMonth &= LocalDate.ofEpochDay((long) day).getDayOfMonth() == 1;
    }
    double[] moments = moments(values);
    return new InputRule.OfDate(
        column.name(), form, moments[0], moments[1], form.isDate() && !firstOfMonth, times, flag);
  }

  private static boolean constant(double[] values) {
    for (double v : values) {
      if (v != values[0]) {
        return false;
      }
    }
    return true;
  }

  /** Mean and standard deviation; a deviation without size is taken as 1. */
  static double[] moments(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double deviation = Math.sqrt(squares / Math.max(1, values.length));
    return new double[] {mean, deviation > 1e-12 * Math.max(1, Math.abs(mean)) ? deviation : 1};
  }

  /** The third standardised moment. */
  static double skewness(double[] values) {
    double[] m = moments(values);
    return Arrays.stream(values).map(v -> Math.pow((v - m[0]) / m[1], 3)).average().orElse(0);
  }

  /** The quantile of sorted values, linear between neighbours. */
  static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
