package org.cajal.train;

import java.util.List;
import org.cajal.model.History;
import org.cajal.model.Model;
import org.cajal.model.Summary;
import org.cajal.report.TrainingReport;
import org.cajal.tensor.Profile;

/**
 * What a training has made.
 *
 * @param model with the weights that were kept
 * @param keptBy what the kept epoch is the best by, {@code validation accuracy} for instance; empty
 *     where the last weights were kept
 * @param ending why it ended
 * @param steps how many steps were made, those before a resumption included
 * @param warnings the doctor's sentences; empty where all is well
 * @param chanceLoss the loss of the best constant answer on the training rows; NaN if unknown
 * @param profile where the time of the steps went; empty unless they were profiled
 */
public record TrainingResult(
    Model model,
    String keptBy,
    Ending ending,
    long steps,
    List<String> warnings,
    double chanceLoss,
    Profile profile) {
  /** Why a training ended. */
  public enum Ending {
    /** All epochs were done. */
    FINISHED,
    /** It no longer improved. */
    EARLY,
    /** It was told to stop. */
    INTERRUPTED
  }

  /** Fixes the list. */
  public TrainingResult {
    warnings = List.copyOf(warnings);
  }

  /** What was measured after each epoch. */
  public History history() {
    return model.history();
  }

  /**
   * A report with what is known here: settings, curves, layers and warnings. What was measured on
   * test rows is to be added.
   *
   * @param name the heading
   * @param seed of the training
   */
  public TrainingReport.Builder report(String name, long seed) {
    TrainingReport.Builder report = TrainingReport.builder(name, seed);
    History h = history();
    model.settings().forEach(report::setting);
    report.curve(new TrainingReport.Curve("loss", true, h.losses(), h.validationLosses()));
    if (!h.accuracies().isEmpty()) {
      report.curve(
          new TrainingReport.Curve("accuracy", false, h.accuracies(), h.validationAccuracies()));
    }
    report.bestEpoch(h.bestEpoch()).keptBy(keptBy).chanceLoss(chanceLoss);
    for (Summary.Row row : model.summary().rows()) {
      String where = row.path().isEmpty() ? row.layer() : row.path() + " " + row.layer();
      report.layer(
          new TrainingReport.Layer(
              where, row.settings(), row.output(), row.parameters(), row.multiplyAdds()));
    }
    warnings.forEach(report::warning);
    return report;
  }
}
