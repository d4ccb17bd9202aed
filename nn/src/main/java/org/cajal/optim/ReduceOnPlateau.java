package org.cajal.optim;

import org.cajal.type.CajalException;

/**
 * Lowers the learning rate when a metric stops improving: after more than {@code patience}
 * measurements in a row without an improvement the rate is multiplied by {@code factor}. These are
 * the settings; {@link State} is what a checkpoint saves.
 *
 * @param rate the first learning rate
 * @param goal whether the metric should fall or rise
 * @param factor what a reduction multiplies with, between 0 and 1
 * @param patience how many measurements without improvement are borne
 * @param threshold the least change that counts as an improvement
 * @param change whether the threshold is a share of the best value or a difference from it
 * @param cooldown measurements after a reduction that do not count
 * @param minimum the lowest rate
 * @param leastReduction reductions not larger than this are dropped
 */
public record ReduceOnPlateau(
    double rate,
    Goal goal,
    double factor,
    int patience,
    double threshold,
    Change change,
    int cooldown,
    double minimum,
    double leastReduction) {

  /** Where a metric should go. */
  public enum Goal {
    /** Down, as a loss. */
    FALL,
    /** Up, as an accuracy. */
    RISE
  }

  /** What a threshold is measured in. */
  public enum Change {
    /** A share of the best value so far. */
    RELATIVE,
    /** The metric's own unit. */
    ABSOLUTE
  }

  /**
   * Where the schedule stands.
   *
   * @param rate the learning rate to use now
   * @param best the best value so far; infinite before the first
   * @param withoutImprovement measurements in a row without an improvement
   * @param coolingDown measurements that still do not count
   */
  public record State(double rate, double best, int withoutImprovement, int coolingDown) {}

  /**
   * Checks the settings.
   *
   * @throws CajalException if a setting is out of range
   */
  public ReduceOnPlateau {
    ScheduleChecks.positive("reduce on plateau", "rate", rate);
    if (!(factor > 0 && factor < 1)) {
      throw ScheduleChecks.error(
          "reduce on plateau", "factor", factor, "must be between 0 and 1, both excluded");
    }
    ScheduleChecks.atLeast("reduce on plateau", "patience", patience, 0);
    ScheduleChecks.notNegative("reduce on plateau", "threshold", threshold);
    ScheduleChecks.atLeast("reduce on plateau", "cooldown", cooldown, 0);
    ScheduleChecks.notNegative("reduce on plateau", "minimum", minimum);
    ScheduleChecks.notNegative("reduce on plateau", "least reduction", leastReduction);
  }

  /**
   * As it is commonly set: a tenth after more than ten measurements of a falling metric without a
   * change of 1e-4 of it.
   */
  public static ReduceOnPlateau of(double rate) {
    return new ReduceOnPlateau(rate, Goal.FALL, 0.1, 10, 1e-4, Change.RELATIVE, 0, 0, 1e-8);
  }

  /** Where the schedule stands before the first measurement. */
  public State start() {
    return new State(
        rate, goal == Goal.FALL ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY, 0, 0);
  }

  /**
   * Where the schedule stands after a further measurement.
   *
   * @param state where it stood
   * @param metric the measured value; NaN is no improvement
   */
  public State next(State state, double metric) {
    boolean improved = improves(metric, state.best);
    double best = improved ? metric : state.best;
    int without = improved ? 0 : state.withoutImprovement + 1;
    int coolingDown = state.coolingDown;
    if (coolingDown > 0) {
      coolingDown--;
      without = 0;
    }
    if (without <= patience) {
      return new State(state.rate, best, without, coolingDown);
    }
    double reduced = Math.max(state.rate * factor, minimum);
    return new State(
        state.rate - reduced > leastReduction ? reduced : state.rate, best, 0, cooldown);
  }

  private boolean improves(double metric, double best) {
    return switch (goal) {
      case FALL -> metric < (change == Change.RELATIVE ? best * (1 - threshold) : best - threshold);
      case RISE -> metric > (change == Change.RELATIVE ? best * (1 + threshold) : best + threshold);
    };
  }
}
