package org.cajal.train;

import org.cajal.model.History;

/**
 * Hears how a training goes, on the training's thread: for a progress line, a log, a rule of one's
 * own that calls {@link Trainer#stop}. An exception that it throws ends the training.
 */
public interface TrainingListener {
  /**
   * An epoch begins.
   *
   * @param epoch from 1
   * @param epochs how many are planned
   * @param rows the training rows of an epoch
   */
  default void epochBegins(int epoch, int epochs, long rows) {}

  /**
   * A step is done.
   *
   * @param step from 1, over all epochs
   * @param rowsDone in this epoch so far
   * @param loss the mean over the epoch's rows so far
   * @param learningRate of the step
   */
  default void stepEnds(long step, long rowsDone, double loss, double learningRate) {}

  /** An epoch is done and measured. */
  default void epochEnds(History.Epoch epoch) {}

  /**
   * Something is not as it should be, and training goes on: a checkpoint could not be written.
   *
   * @param sentence on one line
   */
  default void warns(String sentence) {}
}
