package org.cajal.compile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Offsets in one slab: large buffers first, each at the lowest place that is free of all buffers
 * alive at the same time.
 */
final class MemoryPlan {
  private MemoryPlan() {}

  /**
   * Gives every buffer its offset.
   *
   * @return the size of the slab in bytes
   */
  static long plan(List<Home.Slab> buffers) {
    List<Home.Slab> bySize = new ArrayList<>(buffers);
    bySize.sort(Comparator.comparingLong((Home.Slab b) -> -b.bytes).thenComparingInt(b -> b.from));
    List<Home.Slab> done = new ArrayList<>();
    long slab = 0;
    for (Home.Slab buffer : bySize) {
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

  /**
   * Whole cache lines, one more for buffers of a page or more so that equal sizes do not share
   * cache sets.
   */
  private static long padded(Home.Slab buffer) {
    long lines = (buffer.bytes + 63) & -64L;
    return lines >= 4096 ? lines + 64 : Math.max(64, lines);
  }
}
