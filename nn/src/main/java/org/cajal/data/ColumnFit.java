package org.cajal.data;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fits the rule of one column on training rows. */
final class ColumnFit {
  private static final double DAY = 86_400;

  /** Columns of positive numbers only and of a larger skewness are scaled by their logarithm. */
  private static final double LONG_TAIL = 2;

  /**
   * A value of a column with many values that has fewer training rows shares an input with the
   * other rare ones.
   */
  private static final int FEWEST_ROWS = 3;

  /** Columns with up to so many values keep rare ones apart. */
  private static final int FEW_VALUES = 50;

  /** A smaller share of rows whose values are pooled needs no note. */
  private static final double NOTED_SHARE = 0.05;

  /** Columns with fewer values are told, in hundredths of the training rows. */
  private static final int NEARLY_EMPTY = 10;

  private ColumnFit() {}

  /** The rule, or null with a note if nothing can be learned from the column. */
  static @Nullable InputRule fit(
      Column column, int[] rows, Preprocessing.Options options, List<String> notes) {
    long missing = Arrays.stream(rows).filter(column::isMissing).count();
    boolean flag = missing > 0;
    int noted = notes.size();
    InputRule rule =
        switch (column.type()) {
          case NUMBER -> number(column, rows, options, flag);
          case BOOLEAN -> truth(column, rows, flag);
          case CATEGORY -> category(column, rows, options, flag, notes);
          case TEXT -> TextFit.fit(column, rows, flag, notes);
          case DATE -> date(column, rows, flag);
          case IDENTIFIER, IGNORED -> null;
        };
    if (rule != null && 100 * (rows.length - missing) < (long) NEARLY_EMPTY * rows.length) {
      notes.add(
          "column \""
              + column.name()
              + "\": only "
              + (rows.length - missing)
              + " of "
              + rows.length
              + " training rows have a value; --drop leaves it out");
    }
    if (rule == null && notes.size() == noted) {
      notes.add(
          "column \"" + column.name() + "\" is left out: one value only in the training rows");
    }
    return rule;
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
    return new InputRule.OfNumber(
        column.name(), column.numberForm(), scaling, center, scale, median, flag);
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
    int fewest = values.size() <= FEW_VALUES ? 1 : FEWEST_ROWS;
    int most = 0;
    while (most < Math.min(values.size(), options.mostCategories())
        && counts.getOrDefault(values.get(most), 0) >= fewest) {
      most++;
    }
    String of = "column \"" + column.name() + "\"";
    if (most == 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%s is left out: none of its %,d values stands in %d training rows",
              of,
              values.size(),
              fewest));
      return null;
    }
    boolean other = most < values.size();
    boolean embedded = most > options.mostOneHot();
    int pooled = values.subList(most, values.size()).stream().mapToInt(counts::get).sum();
    if (embedded) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%s: a learned vector for each of %,d values (embedding)%s",
              of,
              most,
              other
                  ? String.format(Locale.ROOT, ", the rest of %,d share one", values.size())
                  : ""));
    } else if (most == options.mostCategories() && other || pooled > NOTED_SHARE * rows.length) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%s: the %,d most frequent of %,d values have an input each, the rest share one",
              of,
              most,
              values.size()));
    }
    List<String> kept = new ArrayList<>(values.subList(0, most));
    kept.sort(String::compareTo);
    return new InputRule.OfCategory(column.name(), kept, other, embedded, flag);
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
