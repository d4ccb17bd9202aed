package org.cajal.train;

import org.cajal.data.Dataset;
import org.cajal.layer.Parameters;
import org.cajal.model.ModelSpec;
import org.cajal.optim.Slots;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a training one at a time, on the batches that a {@link Trainer} would take, without
 * its validation, history and files and at the first step's rate: what is left is loading and
 * stepping, to be timed. For one thread.
 */
public final class Steps implements AutoCloseable {
  private final Batches batches;
  private final StepProgram program;
  private final double rate;
  private long made;
  private Batches.@Nullable Batch batch;

  /**
   * Compiles the step.
   *
   * @param rows to train on, a whole number of batches
   * @throws CajalException if data, network and settings do not fit each other, or the last batch
   *     would be smaller
   */
  public Steps(ModelSpec spec, TrainingSettings settings, Dataset rows) {
    int size = Batches.batchSize(settings, rows);
    if (rows.size() % size != 0) {
      throw new CajalException(
          "[train] "
              + rows.size()
              + " rows are no whole number of batches of "
              + size
              + "; leave out the last "
              + rows.size() % size);
    }
    Parameters parameters = new Parameters(spec.dtype(), settings.seed());
    program = StepProgram.compile(spec, settings, parameters, new Slots(), rows, size, 0);
    rate =
        settings
            .learningRate()
            .at(
                new LearningRate.Progress(
                    0, 0, Batches.perEpoch(settings, rows, 1), settings.epochs()));
    batches = new Batches(rows, spec.inputDtype(), null, settings, 1, 0, 0);
  }

  /**
   * Takes the next batch and a step on it.
   *
   * @return the loss of the batch before the step
   */
  public double next() {
    Batches.Batch next = batches.next();
    batch = next;
    return step(next);
  }

  /**
   * Takes a step on the batch of the last one, which is in memory.
   *
   * @return the loss of the batch before the step
   */
  public double again() {
    Batches.Batch last = batch;
    return last == null ? next() : step(last);
  }

  private double step(Batches.Batch taken) {
    made++;
    return program.run(taken, rate, made).loss();
  }

  /** Ends the thread that loads. */
  @Override
  public void close() {
    batches.close();
  }
}
