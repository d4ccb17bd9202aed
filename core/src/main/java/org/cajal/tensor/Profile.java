package org.cajal.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where the time of a program's runs went.
 *
 * @param runs how many there were
 * @param seconds that they took together, on the clock of the wall
 * @param kernels one entry for each kernel, in the order in which they run
 */
public record Profile(long runs, double seconds, List<Entry> kernels) {
  private static final int WIDEST_NAME = 60;

  /**
   * A kernel.
   *
   * @param name its kind and sizes
   * @param operations the names of the operations that were fused into it, one for each time it
   *     does one
   * @param calls how often it ran
   * @param seconds that all calls took together
   * @param flops floating-point operations of all calls; 0 where none are counted
   * @param bytes that all calls read and wrote, each element once; 0 where none are counted
   */
  public record Entry(
      String name,
      List<String> operations,
      long calls,
      double seconds,
      double flops,
      double bytes) {
    /** Fixes the list. */
    public Entry {
      operations = List.copyOf(operations);
    }

    /** Billions of floating-point operations a second. */
    public double gigaflops() {
      return flops * 1e-9 / seconds;
    }

    /** Billions of bytes a second. */
    public double gigabytes() {
      return bytes * 1e-9 / seconds;
    }

    /**
     * The operations in order of first use, with how often each is done: {@code multiply×2 add}.
     */
    public String operationCounts() {
      Map<String, Integer> counts = new LinkedHashMap<>();
      operations.forEach(operation -> counts.merge(operation, 1, Integer::sum));
      return counts.entrySet().stream()
          .map(e -> e.getValue() == 1 ? e.getKey() : e.getKey() + "×" + e.getValue())
          .collect(Collectors.joining(" "));
    }

    private boolean isSame(Entry other) {
      return name.equals(other.name) && operations.equals(other.operations);
    }

    private Entry plus(Entry other) {
      return new Entry(
          name,
          operations,
          calls + other.calls,
          seconds + other.seconds,
          flops + other.flops,
          bytes + other.bytes);
    }
  }

  /** Fixes the list. */
  public Profile {
    kernels = List.copyOf(kernels);
  }

  /** A profile of no runs. */
  public static Profile empty() {
    return new Profile(0, 0, List.of());
  }

  /** The time outside kernels, in seconds. */
  public double outside() {
    return seconds - kernels.stream().mapToDouble(Entry::seconds).sum();
  }

  /**
   * This profile and another together: those of one program join kernel by kernel, those of
   * different programs stand side by side.
   */
  public Profile plus(Profile other) {
    List<Entry> entries = new ArrayList<>(kernels);
    int next = 0;
    for (Entry entry : other.kernels) {
      int at = next;
      while (at < kernels.size() && !kernels.get(at).isSame(entry)) {
        at++;
      }
      if (at < kernels.size()) {
        entries.set(at, kernels.get(at).plus(entry));
        next = at + 1;
      } else {
        entries.add(entry);
      }
    }
    return new Profile(runs + other.runs, seconds + other.seconds, entries);
  }

  /**
   * A table, kernels by their share of the time: {@code us} is the time of a run in microseconds.
   */
  @Override
  public String toString() {
    List<Entry> sorted = new ArrayList<>(kernels);
    sorted.sort(Comparator.comparingDouble(Entry::seconds).reversed());
    int width = "outside kernels".length();
    for (Entry entry : sorted) {
      width = Math.max(width, Math.min(WIDEST_NAME, entry.name.length()));
    }
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%-" + width + "s  %8s %11s %7s %8s %7s  %s%n",
            "kernel",
            "calls",
            "us/run",
            "share",
            "GFLOP/s",
            "GB/s",
            "operations"));
    for (Entry entry : sorted) {
      text.append(line(width, entry, entry.operationCounts()));
    }
    text.append(line(width, new Entry("outside kernels", List.of(), runs, outside(), 0, 0), ""));
    double flops = kernels.stream().mapToDouble(Entry::flops).sum();
    double bytes = kernels.stream().mapToDouble(Entry::bytes).sum();
    return text.append(line(width, new Entry("total", List.of(), runs, seconds, flops, bytes), ""))
        .toString();
  }

  private String line(int width, Entry entry, String operations) {
    String row =
        String.format(
            Locale.ROOT,
            "%-" + width + "s  %8d %11.2f %5.1f %% %8s %7s  %s",
            entry.name,
            entry.calls,
            entry.seconds * 1e6 / Math.max(1, runs),
            seconds == 0 ? 0 : 100 * entry.seconds / seconds,
            rate(entry.flops, entry.gigaflops()),
            rate(entry.bytes, entry.gigabytes()),
            operations);
    return row.stripTrailing() + System.lineSeparator();
  }

  private static String rate(double amount, double rate) {
    return amount == 0 || !Double.isFinite(rate) ? "-" : String.format(Locale.ROOT, "%.1f", rate);
  }
}
