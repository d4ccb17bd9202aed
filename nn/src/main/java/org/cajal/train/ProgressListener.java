package org.cajal.train;

import java.util.Map;
import org.cajal.model.History;
import org.cajal.report.Progress;

/**
 * Draws a training on a progress line.
 *
 * @param progress the line
 */
public record ProgressListener(Progress progress) implements TrainingListener {
  @Override
  public void epochBegins(int epoch, int epochs, long rows) {
    progress.begin(epoch, rows);
  }

  @Override
  public void stepEnds(long step, long rowsDone, double loss, double learningRate) {
    progress.update(rowsDone, Map.of("loss", loss));
  }

  @Override
  public void epochEnds(History.Epoch epoch) {
    progress.end(epoch.values());
  }

  @Override
  public void warns(String sentence) {
    progress.note("warning: " + sentence);
  }
}
