package org.cajal.app;

import java.util.Locale;
import org.cajal.optim.OneCycle;
import org.cajal.optim.ReduceOnPlateau;
import org.cajal.optim.Schedule;
import org.cajal.train.LearningRate;

/** The courses of the learning rate that {@code --schedule} offers, over the whole training. */
enum ScheduleName {
  /** The same rate throughout. */
  CONSTANT,
  /** A short warm-up, then half a cosine wave to 0. */
  COSINE,
  /** A short warm-up, then straight down to 0. */
  LINEAR,
  /** A tenth at half the time, a hundredth at three quarters. */
  STEP,
  /** Down to a hundredth by equal factors. */
  EXPONENTIAL,
  /** Down to 0 as the square of the time left. */
  POLYNOMIAL,
  /** Cosine waves that begin anew, each twice as long. */
  WARM_RESTARTS,
  /** Up from a twenty-fifth to the rate and down to nothing. */
  ONE_CYCLE,
  /** A tenth each time the validation loss stands still. */
  PLATEAU;

  /**
   * The course.
   *
   * @param rate the highest rate
   * @param stepsInEpoch how many steps an epoch has
   * @param epochs how many epochs are planned
   */
  LearningRate course(double rate, long stepsInEpoch, int epochs) {
    long steps = Math.max(2, stepsInEpoch * epochs);
    return switch (this) {
      case CONSTANT -> LearningRate.constant(rate);
      case COSINE -> LearningRate.cosine(rate);
      case LINEAR -> new LearningRate.ByStep(Schedule.linearWithWarmUp(rate, steps / 20, steps));
      case STEP ->
          new LearningRate.ByStep(
              new Schedule.MultiStep(
                  rate,
                  java.util.List.of(Math.max(1, steps / 2), Math.max(2, steps * 3 / 4)),
                  0.1));
      case EXPONENTIAL ->
          new LearningRate.ByStep(new Schedule.Exponential(rate, Math.pow(0.01, 1.0 / steps)));
      case POLYNOMIAL -> new LearningRate.ByStep(new Schedule.Polynomial(rate, steps, 2));
      case WARM_RESTARTS ->
          new LearningRate.ByStep(new Schedule.WarmRestarts(rate, Math.max(1, steps / 7), 2, 0));
      case ONE_CYCLE -> new LearningRate.ByStep(OneCycle.of(rate, steps));
      case PLATEAU -> new LearningRate.OnPlateau(ReduceOnPlateau.of(rate));
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
