package org.cajal.testkit.golden;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The account of a run: how many cases were compared, and for which operations there is no
 * counterpart yet. Safe from any number of threads.
 */
public final class GoldenReport {
  private final String title;
  private final Map<String, Integer> missing = new TreeMap<>();
  private int passed;
  private int failed;
  private double worst;

  /**
   * An empty account.
   *
   * @param title what is compared, for the summary
   */
  public GoldenReport(String title) {
    this.title = title;
  }

  synchronized void passed(double deviation) {
    passed++;
    worst = Math.max(worst, deviation);
  }

  synchronized void failed() {
    failed++;
  }

  synchronized void missing(String what) {
    missing.merge(what, 1, Integer::sum);
  }

  /** The number of cases compared so far, failed ones included. */
  public synchronized int ran() {
    return passed + failed;
  }

  /** The number of cases that failed. */
  public synchronized int failures() {
    return failed;
  }

  /** What has no counterpart, with the number of its cases. */
  public synchronized Map<String, Integer> missing() {
    return Map.copyOf(missing);
  }

  /** The account in one line. */
  public synchronized String summary() {
    if (ran() == 0 && missing.isEmpty()) {
      return "golden values, " + title + ": no case was compared";
    }
    int absent = missing.values().stream().mapToInt(Integer::intValue).sum();
    String line =
        "golden values, "
            + title
            + ": "
            + ran()
            + " of "
            + (ran() + absent)
            + " cases ran, "
            + failed
            + " failed; the closest call used "
            + Math.round(100 * worst)
            + " % of its limit";
    if (missing.isEmpty()) {
      return line + "; every operation has a counterpart";
    }
    return line
        + "; no counterpart yet for "
        + missing.entrySet().stream()
            .map(e -> e.getKey() + " (" + e.getValue() + ")")
            .collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return summary();
  }
}
