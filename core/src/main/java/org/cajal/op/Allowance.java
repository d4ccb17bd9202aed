package org.cajal.op;

import java.util.function.Supplier;
import org.cajal.type.CajalException;

/**
 * How much a graph may grow that a file asks for: a unit for each node, and for each place that is
 * looked at while one is made. Without an allowance a graph grows as it likes.
 */
public final class Allowance {
  private static final ScopedValue<Allowance> CURRENT = ScopedValue.newInstance();

  private final long units;
  private long left;

  private Allowance(long units) {
    this.units = units;
    this.left = units;
  }

  /**
   * Does some work on this thread with so many units.
   *
   * @throws CajalException if the work asks for more
   */
  public static <T> T within(long units, Supplier<T> work) {
    return ScopedValue.where(CURRENT, new Allowance(units)).call(work::get);
  }

  /**
   * Takes some of this thread's units; nothing where it has no allowance.
   *
   * @throws CajalException if fewer are left
   */
  public static void take(long count) {
    if (CURRENT.isBound()) {
      Allowance current = CURRENT.get();
      current.left -= Math.min(count, current.left + 1);
      if (current.left < 0) {
        throw new CajalException(
            "[model] its layers ask for more than "
                + current.units
                + " operations, out of proportion to its weights");
      }
    }
  }
}
