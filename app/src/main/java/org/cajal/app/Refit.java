package org.cajal.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.cajal.data.Dataset;
import org.cajal.model.ModelSpec;
import org.cajal.report.Progress;
import org.cajal.train.ProgressListener;
import org.cajal.train.Trainer;
import org.cajal.train.TrainingResult;
import org.cajal.train.TrainingResult.Ending;
import org.cajal.train.TrainingSettings;
import org.cajal.type.CajalException;

/**
 * A second training on all rows of a table, once the first has told how many epochs are good and
 * how good the model is: the rows that were held back to stop by and to measure on teach the model
 * that is saved.
 *
 * @param spec of the model
 * @param settings of the first training
 * @param running the training that an interruption stops
 */
record Refit(ModelSpec spec, TrainingSettings settings, AtomicReference<Trainer> running) {
  /** Above this number of rows a fifth more of them changes a model too little. */
  private static final int MOST_ROWS = 20_000;

  /**
   * Trains again and puts the new model in the place of the first; leaves that where there are no
   * further rows, or this training is interrupted or fails.
   *
   * @param first the training that is over
   * @param err where it is said
   * @return the number of rows, 0 if the first model stays
   */
  int save(TrainingResult first, TrainingData data, Path modelFile, PrintWriter err) {
    int epochs =
        settings.earlyStopping().isPresent()
            ? first.history().bestEpoch()
            : first.history().epochs().size();
    if (first.ending() == Ending.INTERRUPTED || data.everyRow().isEmpty() || epochs == 0) {
      return 0;
    }
    int known = data.train().size();
    if (known > MOST_ROWS) {
      return 0;
    }
    Dataset all = data.everyRow().get().get();
    TrainingSettings fixed =
        settings.toBuilder().epochs(epochs).validation(0).withoutEarlyStopping().build();
    Progress progress = new Progress(err, Terminal.style(), System::nanoTime, epochs);
    Trainer trainer = new Trainer(spec, fixed).listener(new ProgressListener(progress));
    running.set(trainer);
    err.printf(
        Locale.ROOT,
        "fitting again to all %,d rows, those measured on too (--no-refit leaves that out)%n",
        all.size());
    err.flush();
    try {
      TrainingResult second = trainer.train(all);
      if (second.ending() == Ending.INTERRUPTED) {
        err.println("note: interrupted; the model that was measured is kept");
        return 0;
      }
      second.model().save(modelFile);
      return all.size();
    } catch (CajalException e) {
      err.println("note: " + e.getMessage() + "; the model that was measured is kept");
      return 0;
    }
  }
}
