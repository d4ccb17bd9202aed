package org.cajal.optim;

import java.util.OptionalDouble;
import org.cajal.type.CajalException;

/**
 * One cycle over a whole run: up from {@code maximum / startDivisor} to the maximum, then down to a
 * tiny rate, and the momentum the other way round (L. N. Smith, N. Topin: "Super-convergence: very
 * fast training of neural networks using large learning rates", 2018). With p = rise · steps the
 * maximum is at step p − 1; in three phases the start's rate is back at step 2p − 2 and the tiny
 * rate follows from there; the end is at step {@code steps} − 1 and stays. These points need not be
 * whole steps.
 *
 * @param maximum the highest rate
 * @param steps steps of the whole run, at least 1
 * @param rise the share of the run in which the rate rises, between 0 and 1; in three phases at
 *     most one half
 * @param curve how the rate goes from point to point
 * @param startDivisor the maximum over the rate at step 0
 * @param endDivisor the rate at step 0 over the last rate
 * @param threePhase whether the rate falls as fast as it rose before it falls to the end
 * @param lowMomentum the momentum at the highest rate
 * @param highMomentum the momentum at both ends
 */
public record OneCycle(
    double maximum,
    long steps,
    double rise,
    Curve curve,
    double startDivisor,
    double endDivisor,
    boolean threePhase,
    double lowMomentum,
    double highMomentum)
    implements Schedule {

  /** How a value goes from one point to the next. */
  public enum Curve {
    /** Half a cosine wave. */
    COSINE,
    /** A straight line. */
    LINEAR;

    double between(double start, double end, double share) {
      return switch (this) {
        case COSINE -> end + (start - end) * (1 + Math.cos(Math.PI * share)) / 2;
        case LINEAR -> start + (end - start) * share;
      };
    }
  }

  /**
   * Checks the settings.
   *
   * @throws CajalException if a setting is out of range
   */
  public OneCycle {
    ScheduleChecks.positive("one cycle", "maximum", maximum);
    ScheduleChecks.atLeast("one cycle", "steps", steps, 1);
    ScheduleChecks.between("one cycle", "rise", rise, 0, threePhase ? 0.5 : 1);
    ScheduleChecks.positive("one cycle", "start divisor", startDivisor);
    ScheduleChecks.positive("one cycle", "end divisor", endDivisor);
    ScheduleChecks.between("one cycle", "low momentum", lowMomentum, 0, 1);
    ScheduleChecks.between("one cycle", "high momentum", highMomentum, 0, 1);
  }

  /**
   * One cycle as it is commonly set: 30 % rise by a cosine, from 1/25 of the maximum, to 1/10,000
   * of that, momentum .95–.85.
   */
  public static OneCycle of(double maximum, long steps) {
    return new OneCycle(maximum, steps, 0.3, Curve.COSINE, 25, 1e4, false, 0.85, 0.95);
  }

  @Override
  public double at(long step) {
    double start = maximum / startDivisor;
    double end = start / endDivisor;
    return threePhase ? value(step, start, maximum, start, end) : value(step, start, maximum, end);
  }

  @Override
  public OptionalDouble momentum(long step) {
    return OptionalDouble.of(
        threePhase
            ? value(step, highMomentum, lowMomentum, highMomentum, highMomentum)
            : value(step, highMomentum, lowMomentum, highMomentum));
  }

  /** The curve through the given values, the first at step 0, the last at the end. */
  private double value(long step, double... points) {
    double end = (double) (steps - 1);
    double at = Math.min((double) step, end);
    double from = 0;
    int last = points.length - 2;
    for (int phase = 0; phase < last; phase++) {
      double to = (phase + 1) * (rise * steps - 1);
      if (at <= to) {
        return between(points[phase], points[phase + 1], at, from, to);
      }
      from = to;
    }
    return between(points[last], points[last + 1], at, from, end);
  }

  private double between(double start, double end, double at, double from, double to) {
    return curve.between(start, end, to > from ? (at - from) / (to - from) : 1);
  }
}
