package org.cajal.optim;

import java.util.List;
import java.util.OptionalDouble;
import org.cajal.type.CajalException;

/**
 * The learning rate as a function of the step. A schedule is a value: it has no state, so that a
 * resumed run asks it for the step it stopped at and goes on. Steps count from 0 and may be
 * optimiser steps or epochs, as the training says; rates are absolute. {@link ReduceOnPlateau},
 * which listens to a metric, has a state and is no schedule of this kind.
 */
public sealed interface Schedule
    permits Schedule.Constant,
        Schedule.Step,
        Schedule.MultiStep,
        Schedule.Exponential,
        Schedule.Cosine,
        Schedule.WarmRestarts,
        Schedule.Linear,
        Schedule.Polynomial,
        Schedule.InverseSqrt,
        Schedule.Noam,
        Schedule.WarmUp,
        OneCycle,
        Cyclic {

  /**
   * The learning rate of a step.
   *
   * @param step from 0; what comes after a schedule's end is said by each schedule
   */
  double at(long step);

  /**
   * The momentum of a step, for the schedules that move it against the learning rate; nothing for
   * the others.
   */
  default OptionalDouble momentum(long step) {
    return OptionalDouble.empty();
  }

  /** The same rate at every step. */
  static Schedule constant(double rate) {
    return new Constant(rate, 1, 0);
  }

  /**
   * A linear warm-up from 0, then half a cosine wave down to {@code minimum} at step {@code total}.
   *
   * @param rate the highest rate, reached at step {@code warmUp}
   * @param warmUp steps of warm-up, 0 for none
   * @param total steps of the whole run, more than {@code warmUp}
   * @param minimum the rate at the end
   */
  static Schedule cosineWithWarmUp(double rate, long warmUp, long total, double minimum) {
    return warmUp(0, warmUp, new Cosine(rate, rest(warmUp, total), minimum));
  }

  /**
   * A linear warm-up from 0 over {@code warmUp} steps, then linearly down to 0 at step {@code
   * total}.
   */
  static Schedule linearWithWarmUp(double rate, long warmUp, long total) {
    return warmUp(0, warmUp, new Linear(rate, 1, 0, rest(warmUp, total)));
  }

  private static Schedule warmUp(double startFactor, long steps, Schedule then) {
    return steps == 0 ? then : new WarmUp(startFactor, steps, then);
  }

  private static long rest(long warmUp, long total) {
    if (total <= warmUp) {
      throw new CajalException(
          "[schedule] "
              + warmUp
              + " steps of warm-up leave nothing of "
              + total
              + " steps; shorten the warm-up");
    }
    return total - warmUp;
  }

  /**
   * One rate, or another one for the first steps.
   *
   * @param rate the rate
   * @param initialFactor what the rate is multiplied with during the first steps
   * @param initialSteps how many steps these are, 0 for none
   */
  record Constant(double rate, double initialFactor, long initialSteps) implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws CajalException if a setting is out of range
     */
    public Constant {
      ScheduleChecks.positive("constant", "rate", rate);
      ScheduleChecks.notNegative("constant", "initial factor", initialFactor);
      ScheduleChecks.atLeast("constant", "initial steps", initialSteps, 0);
    }

    @Override
    public double at(long step) {
      return step < initialSteps ? rate * initialFactor : rate;
    }
  }

  /**
   * rate · factor^⌊t / every⌋.
   *
   * @param rate the rate at step 0
   * @param every steps between two changes
   * @param factor what each change multiplies with
   */
  record Step(double rate, long every, double factor) implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws CajalException if a setting is out of range
     */
    public Step {
      ScheduleChecks.positive("step", "rate", rate);
      ScheduleChecks.atLeast("step", "every", every, 1);
      ScheduleChecks.positive("step", "factor", factor);
    }

    @Override
    public double at(long step) {
      return rate * Math.pow(factor, (double) Math.floorDiv(step, every));
    }
  }

  /**
   * The rate multiplied by a factor at each milestone.
   *
   * @param rate the rate at step 0
   * @param milestones steps from which on the factor counts once more; one that stands twice counts
   *     twice
   * @param factor what each milestone multiplies with
   */
  record MultiStep(double rate, List<Long> milestones, double factor) implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws CajalException if a setting is out of range
     */
    public MultiStep {
      milestones = List.copyOf(milestones);
      ScheduleChecks.positive("multi-step", "rate", rate);
      ScheduleChecks.positive("multi-step", "factor", factor);
      for (long milestone : milestones) {
        ScheduleChecks.atLeast("multi-step", "milestone", milestone, 0);
      }
    }

    @Override
    public double at(long step) {
      long passed = milestones.stream().filter(milestone -> milestone <= step).count();
      return rate * Math.pow(factor, (double) passed);
    }
  }

  /**
   * rate · factor^t.
   *
   * @param rate the rate at step 0
   * @param factor what each step multiplies with; above 1 the rate grows, as a search for the best
   *     rate wants it
   */
  record Exponential(double rate, double factor) implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws CajalException if a setting is out of range
     */
    public Exponential {
      ScheduleChecks.positive("exponential", "rate", rate);
      ScheduleChecks.positive("exponential", "factor", factor);
    }

    @Override
    public double at(long step) {
      return rate * Math.pow(factor, (double) step);
    }
  }

  /**
   * Half a cosine wave, minimum + (rate − minimum)·(1 + cos(π·t / steps)) / 2; after its end it
   * rises again, as the wave does (I. Loshchilov, F. Hutter: "SGDR: stochastic gradient descent
   * with warm restarts", ICLR 2017).
   *
   * @param rate the rate at step 0
   * @param steps the step at which the minimum is reached
   * @param minimum the lowest rate
   */
  record Cosine(double rate, long steps, double minimum) implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws CajalException if a setting is out of range
     */
    public Cosine {
      ScheduleChecks.positive("cosine", "rate", rate);
      ScheduleChecks.atLeast("cosine", "steps", steps, 1);
      ScheduleChecks.notNegative("cosine", "minimum", minimum);
    }

    @Override
    public double at(long step) {
      return wave(rate, minimum, step, steps);
    }

    static double wave(double rate, double minimum, long step, long steps) {
      return minimum + (rate - minimum) * (1 + Math.cos(Math.PI * step / steps)) / 2;
    }
  }

  /**
   * {@link Cosine} over and over: each cycle falls from the rate to the minimum, and the next one
   * starts at the rate again (Loshchilov and Hutter, ICLR 2017).
   *
   * @param rate the rate at the start of each cycle
   * @param cycle steps of the first cycle
   * @param growth how many times longer each cycle is than the one before, at least 1
   * @param minimum the rate that the end of a cycle approaches
   */
  record WarmRestarts(double rate, long cycle, int growth, double minimum) implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws CajalException if a setting is out of range
     */
    public WarmRestarts {
      ScheduleChecks.positive("warm restarts", "rate", rate);
      ScheduleChecks.atLeast("warm restarts", "cycle", cycle, 1);
      ScheduleChecks.atLeast("warm restarts", "growth", growth, 1);
      ScheduleChecks.notNegative("warm restarts", "minimum", minimum);
    }

    @Override
    public double at(long step) {
      long length = cycle;
      long within = growth == 1 ? step % cycle : step;
      while (within >= length) {
        within -= length;
        length = Math.multiplyExact(length, growth);
      }
      return Cosine.wave(rate, minimum, within, length);
    }
  }

  /**
   * The rate times a factor that goes linearly from one value to another, and stays there.
   *
   * @param rate the rate
   * @param startFactor the factor at step 0
   * @param endFactor the factor from step {@code steps} on
   * @param steps the steps in between
   */
  record Linear(double rate, double startFactor, double endFactor, long steps) implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws CajalException if a setting is out of range
     */
    public Linear {
      ScheduleChecks.positive("linear", "rate", rate);
      ScheduleChecks.notNegative("linear", "start factor", startFactor);
      ScheduleChecks.notNegative("linear", "end factor", endFactor);
      ScheduleChecks.atLeast("linear", "steps", steps, 1);
    }

    @Override
    public double at(long step) {
      double done = Math.min(step, steps) / (double) steps;
      return rate * (startFactor + (endFactor - startFactor) * done);
    }
  }

  /**
   * rate · (1 − t / steps)^power, then 0.
   *
   * @param rate the rate at step 0
   * @param steps the step from which on the rate is 0
   * @param power the exponent; 1 is a straight line
   */
  record Polynomial(double rate, long steps, double power) implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws CajalException if a setting is out of range
     */
    public Polynomial {
      ScheduleChecks.positive("polynomial", "rate", rate);
      ScheduleChecks.atLeast("polynomial", "steps", steps, 1);
      ScheduleChecks.positive("polynomial", "power", power);
    }

    @Override
    public double at(long step) {
      return rate * Math.pow(1 - Math.min(step, steps) / (double) steps, power);
    }
  }

  /**
   * A linear warm-up, then a fall by the inverse square root: rate · min((t + 1) / w, √(w / (t +
   * 1))), w steps of warm-up.
   *
   * @param rate the highest rate, reached at step {@code warmUp} − 1
   * @param warmUp steps of warm-up, at least 1
   */
  record InverseSqrt(double rate, long warmUp) implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws CajalException if a setting is out of range
     */
    public InverseSqrt {
      ScheduleChecks.positive("inverse square root", "rate", rate);
      ScheduleChecks.atLeast("inverse square root", "warm-up", warmUp, 1);
    }

    @Override
    public double at(long step) {
      double t = step + 1.0;
      return rate * Math.min(t / warmUp, Math.sqrt(warmUp / t));
    }
  }

  /**
   * The schedule of the first transformer: factor · width^−½ · min((t + 1)^−½, (t + 1)·w^−1½), w
   * steps of warm-up (A. Vaswani and others: "Attention is all you need", NeurIPS 2017, section
   * 5.3).
   *
   * @param factor what the published rate is multiplied with, 1 as published
   * @param width the width of the model
   * @param warmUp steps of warm-up, at least 1
   */
  record Noam(double factor, int width, long warmUp) implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws CajalException if a setting is out of range
     */
    public Noam {
      ScheduleChecks.positive("noam", "factor", factor);
      ScheduleChecks.atLeast("noam", "width", width, 1);
      ScheduleChecks.atLeast("noam", "warm-up", warmUp, 1);
    }

    @Override
    public double at(long step) {
      double t = step + 1.0;
      return factor
          / Math.sqrt(width)
          * Math.min(1 / Math.sqrt(t), t * Math.pow((double) warmUp, -1.5));
    }
  }

  /**
   * Another schedule after a linear warm-up: first from a share of that schedule's first rate up to
   * it, then that schedule from its own step 0 on.
   *
   * @param startFactor the share at step 0, from 0 to 1
   * @param steps steps of warm-up, at least 1
   * @param then what follows
   */
  record WarmUp(double startFactor, long steps, Schedule then) implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws CajalException if a setting is out of range
     */
    public WarmUp {
      ScheduleChecks.between("warm-up", "start factor", startFactor, 0, 1);
      ScheduleChecks.atLeast("warm-up", "steps", steps, 1);
    }

    @Override
    public double at(long step) {
      if (step >= steps) {
        return then.at(step - steps);
      }
      return then.at(0) * (startFactor + (1 - startFactor) * step / steps);
    }

    @Override
    public OptionalDouble momentum(long step) {
      return then.momentum(Math.max(0, step - steps));
    }
  }
}
