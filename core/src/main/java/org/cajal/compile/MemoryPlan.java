package org.cajal.compile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Offsets in one slab: buffers one after the other, each at the lowest place that is free of all
 * buffers alive at the same time. In which order decides how much is lost in gaps, so that several
 * are tried, and the best is improved by giving the buffer at the slab's end the first choice.
 *
 * @param slabBytes the size of the slab
 * @param aliveBytes the greatest sum of buffers alive at once: no plan can do with less
 */
record MemoryPlan(long slabBytes, long aliveBytes) {
  private static final List<Comparator<Home.Slab>> ORDERS =
      List.of(
          Comparator.comparingLong((Home.Slab b) -> -b.bytes).thenComparingInt(b -> b.from),
          Comparator.comparingDouble((Home.Slab b) -> -(double) b.bytes * (b.to - b.from + 1))
              .thenComparingInt(b -> b.from),
          Comparator.comparingInt((Home.Slab b) -> b.from).thenComparingLong(b -> -b.bytes),
          Comparator.comparingInt((Home.Slab b) -> -b.to).thenComparingLong(b -> -b.bytes));

  /** How often the buffer at the slab's end is given the first choice. */
  private static final int MOVES = 64;

  /** Gives every buffer its offset. */
  static MemoryPlan plan(List<Home.Slab> buffers) {
    long alive = alive(buffers);
    long enough = alive + alive / 50; // hardly anything is lost
    long best = Long.MAX_VALUE;
    List<Home.Slab> order = buffers;
    for (Comparator<Home.Slab> each : ORDERS) {
      List<Home.Slab> sorted = new ArrayList<>(buffers);
      sorted.sort(each);
      long slab = place(sorted);
      if (slab < best) {
        best = slab;
        order = sorted;
      }
    }
    List<Home.Slab> moved = new ArrayList<>(order);
    long slab = place(moved);
    for (int i = 0; i < MOVES && best > enough; i++) {
      long end = slab;
      Home.Slab last =
          moved.stream().filter(b -> b.offset + padded(b) == end).findFirst().orElseThrow();
      moved.remove(last);
      moved.addFirst(last);
      slab = place(moved);
      if (slab < best) {
        best = slab;
        order = List.copyOf(moved);
      }
    }
    return new MemoryPlan(place(order), alive);
  }

  private static long place(List<Home.Slab> buffers) {
    List<Home.Slab> done = new ArrayList<>();
    long slab = 0;
    for (Home.Slab buffer : buffers) {
      long at = 0;
      for (Home.Slab other : done) {
        boolean together = other.from <= buffer.to && buffer.from <= other.to;
        if (together && other.offset < at + padded(buffer) && at < other.offset + padded(other)) {
          at = other.offset + padded(other);
        }
      }
      buffer.offset = at;
      slab = Math.max(slab, at + padded(buffer));
      int place = done.size();
      while (place > 0 && done.get(place - 1).offset > at) {
        place--;
      }
      done.add(place, buffer);
    }
    return slab;
  }

  /** The greatest sum, over all items, of the buffers alive at it; in whole cache lines. */
  private static long alive(List<Home.Slab> buffers) {
    int last = buffers.stream().mapToInt(b -> b.to).max().orElse(0);
    long[] change = new long[last + 2];
    for (Home.Slab buffer : buffers) {
      change[buffer.from] += lines(buffer);
      change[buffer.to + 1] -= lines(buffer);
    }
    long now = 0;
    long most = 0;
    for (long each : change) {
      now += each;
      most = Math.max(most, now);
    }
    return most;
  }

  private static long lines(Home.Slab buffer) {
    return Math.max(64, (buffer.bytes + 63) & -64L);
  }

  /**
   * Whole cache lines, one more for buffers of a page or more so that equal sizes do not share
   * cache sets.
   */
  private static long padded(Home.Slab buffer) {
    long lines = lines(buffer);
    return lines >= 4096 ? lines + 64 : lines;
  }
}
