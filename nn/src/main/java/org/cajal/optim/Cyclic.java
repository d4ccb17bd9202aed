package org.cajal.optim;

import java.util.OptionalDouble;
import org.cajal.type.CajalException;

/**
 * Triangles between two rates, over and over, and the momentum the other way round (L. N. Smith:
 * "Cyclical learning rates for training neural networks", WACV 2017).
 *
 * @param low the rate at the start of each cycle
 * @param high the rate at the peak of the first cycle
 * @param up steps from the start to the peak, at least 1
 * @param down steps from the peak to the next start, at least 1
 * @param amplitude how the height of the peaks changes
 * @param factor what {@link Amplitude#EXPONENTIAL} multiplies the height with at each step; the
 *     others do not use it
 * @param lowMomentum the momentum at the peak of the first cycle
 * @param highMomentum the momentum at the start of each cycle
 */
public record Cyclic(
    double low,
    double high,
    long up,
    long down,
    Amplitude amplitude,
    double factor,
    double lowMomentum,
    double highMomentum)
    implements Schedule {

  /** How the height of a cycle's peak changes. */
  public enum Amplitude {
    /** All peaks have the same height. */
    CONSTANT,
    /** Each peak is half as high as the one before. */
    HALVING,
    /** The height shrinks by {@link Cyclic#factor} at every step. */
    EXPONENTIAL
  }

  /**
   * Checks the settings.
   *
   * @throws CajalException if a setting is out of range
   */
  public Cyclic {
    ScheduleChecks.positive("cyclic", "low", low);
    ScheduleChecks.positive("cyclic", "high", high);
    ScheduleChecks.atLeast("cyclic", "up", up, 1);
    ScheduleChecks.atLeast("cyclic", "down", down, 1);
    ScheduleChecks.positive("cyclic", "factor", factor);
    ScheduleChecks.between("cyclic", "low momentum", lowMomentum, 0, 1);
    ScheduleChecks.between("cyclic", "high momentum", highMomentum, 0, 1);
  }

  @Override
  public double at(long step) {
    return low + (high - low) * height(step);
  }

  @Override
  public OptionalDouble momentum(long step) {
    return OptionalDouble.of(highMomentum - (highMomentum - lowMomentum) * height(step));
  }

  /** The height of the triangle at a step as a share of the first peak. */
  private double height(long step) {
    long cycle = step / (up + down);
    long within = step % (up + down);
    double triangle = within <= up ? within / (double) up : (up + down - within) / (double) down;
    return switch (amplitude) {
      case CONSTANT -> triangle;
      case HALVING -> triangle * Math.pow(0.5, (double) cycle);
      case EXPONENTIAL -> triangle * Math.pow(factor, (double) step);
    };
  }
}
