package org.cajal.op;

import java.util.ArrayList;
import java.util.List;

/**
 * Where tests of an elementwise operation must look: an interval for random arguments (kinks
 * excluded by their points) and single values of interest.
 *
 * @param low the lower end of the interval
 * @param high the upper end
 * @param points values to test one by one
 */
public record Domain(double low, double high, List<Double> points) {
  /** All reals between two ends. */
  public static Domain reals(double low, double high) {
    return new Domain(low, high, List.of());
  }

  /** This domain with further single values. */
  public Domain and(double... values) {
    List<Double> all = new ArrayList<>(points);
    for (double v : values) {
      all.add(v);
    }
    return new Domain(low, high, List.copyOf(all));
  }
}
