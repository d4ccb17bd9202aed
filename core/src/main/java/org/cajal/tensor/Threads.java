package org.cajal.tensor;

import org.cajal.run.Team;

/**
 * How many threads programs run on. The number changes how long a run takes, never a bit of what it
 * computes: work is cut into pieces by shapes alone, and sums combine in a fixed order.
 */
public final class Threads {
  private Threads() {}

  /**
   * The number of threads, the caller's included: what was last set, else the system property
   * {@code cajal.threads}, else all.
   */
  public static int get() {
    return Team.shared().threads();
  }

  /**
   * Changes the number for all runs that begin from now on; runs in flight finish as they are.
   *
   * @param threads the caller's included, 1 to 1024
   * @throws org.cajal.type.CajalException if the number is out of range
   */
  public static void set(int threads) {
    Team.setThreads(threads);
  }
}
