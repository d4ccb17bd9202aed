package org.cajal.train;

import org.cajal.optim.ReduceOnPlateau;
import org.cajal.optim.Schedule;
import org.cajal.type.CajalException;

/** How the learning rate goes over a training. */
public sealed interface LearningRate {
  /** Where a training stands: all counts from 0. */
  record Progress(long step, int epoch, long stepsInEpoch, int epochs) {
    long steps() {
      return Math.multiplyExact(stepsInEpoch, epochs);
    }
  }

  /** The rate of a step; for {@link OnPlateau} the first one. */
  double at(Progress progress);

  /** The same rate at every step. */
  static LearningRate constant(double rate) {
    return new Constant(rate);
  }

  /** {@link Cosine} with a twentieth of the steps as warm-up. */
  static LearningRate cosine(double rate) {
    return new Cosine(rate, 0.05);
  }

  /** One rate. */
  record Constant(double rate) implements LearningRate {
    /**
     * Checks the setting.
     *
     * @throws CajalException if the rate is not positive and finite
     */
    public Constant {
      positive(rate);
    }

    @Override
    public double at(Progress progress) {
      return rate;
    }
  }

  /**
   * A linear warm-up, then half a cosine wave down to 0 at the training's end, however long that
   * is.
   *
   * @param rate the highest rate
   * @param warmUp the share of all steps that is warm-up, from 0 to less than 1
   */
  record Cosine(double rate, double warmUp) implements LearningRate {
    /**
     * Checks the setting.
     *
     * @throws CajalException if a number is out of range
     */
    public Cosine {
      positive(rate);
      if (!(warmUp >= 0 && warmUp < 1)) {
        throw new CajalException(
            "[train] the warm-up is "
                + warmUp
                + "; it must be at least 0 and less than 1, a share of all steps");
      }
    }

    @Override
    public double at(Progress progress) {
      double t = progress.step() + 1.0;
      double steps = progress.steps();
      double rise = Math.floor(warmUp * steps);
      if (t <= rise) {
        return rate * t / rise;
      }
      double share = Math.min(1, (t - 1 - rise) / Math.max(1, steps - rise));
      return rate * (1 + Math.cos(Math.PI * share)) / 2;
    }
  }

  /** A schedule that counts steps. */
  record ByStep(Schedule schedule) implements LearningRate {
    @Override
    public double at(Progress progress) {
      return schedule.at(progress.step());
    }
  }

  /** A schedule that counts epochs. */
  record ByEpoch(Schedule schedule) implements LearningRate {
    @Override
    public double at(Progress progress) {
      return schedule.at(progress.epoch());
    }
  }

  /**
   * A rate that falls when the validation loss (without a validation set, the training loss) stops
   * falling.
   */
  record OnPlateau(ReduceOnPlateau rule) implements LearningRate {
    @Override
    public double at(Progress progress) {
      return rule.rate();
    }
  }

  private static void positive(double rate) {
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new CajalException(
          "[train] the learning rate is " + rate + "; it must be larger than 0, and finite");
    }
  }
}
