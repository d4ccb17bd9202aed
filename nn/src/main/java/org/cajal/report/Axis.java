package org.cajal.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One axis of a chart: the range of its values, where on the drawing they lie, and the round
 * numbers it is marked with.
 *
 * @param low the value at {@code from}
 * @param high the value at {@code to}, above {@code low}
 * @param logarithmic whether equal distances are equal ratios; both ends are then above 0
 * @param from the coordinate of the lower end
 * @param to the coordinate of the upper end
 */
record Axis(double low, double high, boolean logarithmic, double from, double to) {
  private static final double LOGARITHMIC_FROM = 30;

  /**
   * An axis with round ends around all finite values; logarithmic where that is allowed and their
   * ratio is large.
   */
  static Axis around(List<Double> values, boolean mayBeLogarithmic, double from, double to) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double v : values) {
      if (Double.isFinite(v)) {
        least = Math.min(least, v);
        most = Math.max(most, v);
      }
    }
    if (least > most) {
      least = 0;
      most = 1;
    }
    if (mayBeLogarithmic && least > 0 && most / least > LOGARITHMIC_FROM) {
      return new Axis(least / 1.2, most * 1.2, true, from, to);
    }
    if (most - least <= 1e-9 * Math.max(Math.abs(least), Math.abs(most))) {
      double margin = least == 0 ? 1 : Math.abs(least) * 0.5;
      least -= margin;
      most += margin;
    }
    double step = step(most - least, 5);
    return new Axis(
        Math.floor(least / step) * step, Math.ceil(most / step) * step, false, from, to);
  }

  /** The coordinate of a value. */
  double at(double value) {
    double share =
        logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return from + share * (to - from);
  }

  /** Round numbers within the range, at most about so many. */
  List<Double> ticks(int most) {
    List<Double> out = new ArrayList<>();
    if (logarithmic) {
      int decades = (int) Math.ceil(Math.log10(high / low));
      int[] marks =
          decades > 3 ? new int[] {1} : decades > 1 ? new int[] {1, 3} : new int[] {1, 2, 5};
      for (int e = (int) Math.floor(Math.log10(low)); e <= Math.log10(high); e++) {
        for (int mark : marks) {
          double v = mark * Math.pow(10, e);
          if (v >= low && v <= high) {
            out.add(v);
          }
        }
      }
      int every = Math.max(1, (out.size() + most) / (most + 1));
      List<Double> kept = new ArrayList<>();
      for (int i = 0; i < out.size(); i += every) {
        kept.add(out.get(i));
      }
      return kept;
    }
    double step = step(high - low, most);
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
      out.add(i * step);
    }
    return out;
  }

  /** The least of 1, 2 and 5 times a power of ten that parts a range into at most so many. */
  static double step(double range, int most) {
    double power = Math.pow(10, Math.floor(Math.log10(range / most)));
    for (int mark : new int[] {1, 2, 5}) {
      if (mark * power * most >= range * (1 - 1e-9)) {
        return mark * power;
      }
    }
    return 10 * power;
  }
}
