package org.cajal.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;

/** Divides rows into two parts by chance (a function of the seed alone) or by time. */
public final class Splits {
  private Splits() {}

  /**
   * Row numbers in two parts, each in ascending order; the second holds {@code round(fraction * n)}
   * rows.
   *
   * @param fraction the second part's share of the rows, above 0 and below 1
   * @throws CajalException if the fraction is out of range or a part would be empty
   */
  public static int[][] random(int n, double fraction, long seed) {
    int second = check(n, fraction);
    return parts(CounterRandom.permutation(CounterRandom.key(seed, "split"), n), second);
  }

  /**
   * As {@link #random}, with every class in the same proportion in both parts, as near as whole
   * rows allow (largest remainders); each class keeps at least one row in the first part.
   *
   * @param classes the class of each row, from 0
   * @throws CajalException if the fraction is out of range or a part would be empty
   */
  public static int[][] stratified(int[] classes, double fraction, long seed) {
    int n = classes.length;
    int wanted = check(n, fraction);
    int k = Arrays.stream(classes).max().orElse(0) + 1;
    int[] counts = new int[k];
    for (int c : classes) {
      counts[c]++;
    }
    int[] quota = new int[k];
    double[] remainder = new double[k];
    int given = 0;
    for (int c = 0; c < k; c++) {
      double exact = counts[c] * (double) wanted / n;
      quota[c] = Math.min((int) exact, Math.max(0, counts[c] - 1));
      remainder[c] = exact - quota[c];
      given += quota[c];
    }
    PriorityQueue<Integer> largest =
        new PriorityQueue<>(
            Comparator.comparingDouble((Integer c) -> -remainder[c])
                .thenComparing(Comparator.naturalOrder()));
    for (int c = 0; c < k; c++) {
      if (quota[c] < counts[c] - 1) {
        largest.add(c);
      }
    }
    while (given < wanted && !largest.isEmpty()) {
      int best = largest.remove();
      quota[best]++;
      remainder[best]--;
      given++;
      if (quota[best] < counts[best] - 1) {
        largest.add(best);
      }
    }
    int[] order = CounterRandom.permutation(CounterRandom.key(seed, "split"), n);
    int[] sorted = new int[n];
    int head = 0;
    int tail = n;
    for (int row : order) {
      if (quota[classes[row]] > 0) {
        quota[classes[row]]--;
        sorted[head++] = row;
      } else {
        sorted[--tail] = row;
      }
    }
    return parts(sorted, head);
  }

  /**
   * Row numbers in two parts, each in ascending order, by time: all rows of the second lie after
   * all of the first. It holds {@code round(fraction * n)} rows, or as near to that as rows of
   * equal time, which stay together, allow.
   *
   * @param times of the rows, in any unit and order
   * @param fraction the second part's share of the rows, above 0 and below 1
   * @throws CajalException if the fraction is out of range, a part would be empty or all times are
   *     equal
   */
  public static int[][] byTime(double[] times, double fraction) {
    int n = times.length;
    int wanted = n - check(n, fraction);
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer row) -> times[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    int first = 0;
    for (int i = 1; i < n; i++) {
      boolean between = times[order[i]] > times[order[i - 1]];
      if (between && (first == 0 || Math.abs(i - wanted) < Math.abs(first - wanted))) {
        first = i;
      }
    }
    if (first == 0) {
      throw new CajalException(
          "[split] all "
              + n
              + " rows have the same time, so that none lies after the others; divide them by"
              + " chance");
    }
    int[] a = Arrays.copyOfRange(order, 0, first);
    int[] b = Arrays.copyOfRange(order, first, n);
    Arrays.sort(a);
    Arrays.sort(b);
    return new int[][] {a, b};
  }

  private static int check(int n, double fraction) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new CajalException(
          String.format(
              Locale.ROOT,
              "[split] the fraction %s is out of range; it must lie between 0 and 1",
              fraction));
    }
    int second = (int) Math.round(fraction * n);
    if (second == 0 || second == n) {
      throw new CajalException(
          "[split] a fraction of "
              + fraction
              + " of "
              + n
              + " rows leaves one part empty; use more rows or another fraction");
    }
    return second;
  }

  private static int[][] parts(int[] order, int second) {
    int[] b = Arrays.copyOfRange(order, 0, second);
    int[] a = Arrays.copyOfRange(order, second, order.length);
    Arrays.sort(a);
    Arrays.sort(b);
    return new int[][] {a, b};
  }
}
