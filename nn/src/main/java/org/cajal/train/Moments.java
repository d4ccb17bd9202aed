package org.cajal.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.cajal.data.Dataset;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Mean and spread of one value over the rows of a data set.
 *
 * @param mean the mean by the rows' weights
 * @param deviation the standard deviation (divisor Σ w); 0 where the values differ by no more than
 *     single precision rounds numbers of their size
 */
record Moments(double mean, double deviation) {
  /** Of so many values in a row float rounding may move one: two units in the last place. */
  private static final double ROUNDING = 0x1p-22;

  private static final int CHUNK_VALUES = 1 << 20;

  /** What all rows of a data set say would take long to read beyond so many values. */
  private static final long MOST_VALUES = 1L << 26;

  /** Each input's over all rows, or over evenly spaced ones of a very large set. */
  static List<Moments> ofFeatures(Dataset data) {
    return of(data, true, null);
  }

  /** Each target value's over all rows; targets [N, ...] are taken as [N, values]. */
  static List<Moments> ofTargets(Dataset data, float @Nullable [] weights) {
    return of(data, false, weights);
  }

  static List<Double> deviations(List<Moments> moments) {
    return moments.stream().map(Moments::deviation).toList();
  }

  private static List<Moments> of(Dataset data, boolean features, float @Nullable [] weights) {
    Shape shape = features ? data.featureShape() : data.targetShape();
    int columns = Math.toIntExact(shape.size());
    int stride = (int) Math.max(1, (long) data.size() * columns / MOST_VALUES);
    int[] rows = IntStream.range(0, data.size()).filter(i -> i % stride == 0).toArray();
    int chunk = Math.max(1, CHUNK_VALUES / Math.max(1, columns));
    double[] shift = new double[columns];
    double[] sum = new double[columns];
    double[] squares = new double[columns];
    double[] largest = new double[columns];
    double all = 0;
    for (int from = 0; from < rows.length; from += chunk) {
      int[] some =
          IntStream.range(from, Math.min(rows.length, from + chunk)).map(i -> rows[i]).toArray();
      NDArray values = features ? data.features(some) : data.targets(some);
      for (int i = 0; i < some.length; i++) {
        double w = weights == null ? 1 : weights[some[i]];
        all += w;
        for (int c = 0; c < columns; c++) {
          double value = values.get((long) i * columns + c);
          if (from == 0 && i == 0) {
            shift[c] = value; // any value of the column keeps the digits of the sums below
          }
          double d = value - shift[c];
          sum[c] += w * d;
          squares[c] += w * d * d;
          largest[c] = Math.max(largest[c], Math.abs(value));
        }
      }
    }
    List<Moments> out = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      double off = sum[c] / all;
      double deviation = Math.sqrt(Math.max(0, squares[c] / all - off * off));
      out.add(new Moments(shift[c] + off, deviation <= ROUNDING * largest[c] ? 0 : deviation));
    }
    return out;
  }
}
