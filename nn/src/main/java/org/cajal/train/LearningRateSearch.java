package org.cajal.train;

import java.util.ArrayList;
import java.util.List;
import org.cajal.data.Dataset;
import org.cajal.layer.Parameters;
import org.cajal.model.ModelSpec;
import org.cajal.optim.Slots;
import org.jspecify.annotations.Nullable;

/**
 * What a search for a learning rate has seen: the loss while the rate rises from step to step.
 *
 * @param rates from small to large
 * @param losses of the batches, smoothed by an average that forgets 10 % a step
 * @param suggestion the rate at which the loss fell most steeply: a good one to begin with
 */
public record LearningRateSearch(List<Double> rates, List<Double> losses, double suggestion) {
  private static final int STEPS = 100;
  private static final double LOWEST = 1e-6;
  private static final double HIGHEST = 10;
  private static final double KEPT = 0.9;
  private static final double TOO_HIGH = 4;

  /** Fixes the lists. */
  public LearningRateSearch {
    rates = List.copyOf(rates);
    losses = List.copyOf(losses);
  }

  static LearningRateSearch run(
      ModelSpec spec, TrainingSettings settings, Dataset train, float @Nullable [] weights) {
    Parameters parameters = new Parameters(spec.dtype(), settings.seed());
    Slots slots = new Slots();
    List<Double> rates = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    double average = 0;
    double kept = 1;
    double best = Double.POSITIVE_INFINITY;
    TrainingSettings whole = settings.toBuilder().prefetch(false).build();
    try (Batches batches = new Batches(train, spec.inputDtype(), weights, whole, 1, 0, 0)) {
      StepProgram program = null;
      int size = Batches.batchSize(whole, train);
      for (int i = 0; i < STEPS; ) {
        Batches.Batch batch = batches.next();
        if (batch.size() != size) {
          continue; // the last, smaller batch would need a program of its own
        }
        if (program == null) {
          program =
              StepProgram.compile(
                  spec, whole, parameters, slots, train, size, StepProgram.meanWeight(weights));
        }
        double rate = LOWEST * Math.pow(HIGHEST / LOWEST, (double) i / (STEPS - 1));
        StepProgram.Outcome outcome = program.run(batch, rate, i + 1L);
        if (!outcome.finite()) {
          break;
        }
        average = KEPT * average + (1 - KEPT) * outcome.loss();
        kept *= KEPT;
        double smooth = average / (1 - kept);
        rates.add(rate);
        losses.add(smooth);
        best = Math.min(best, smooth);
        if (i > STEPS / 10 && smooth > TOO_HIGH * best) {
          break;
        }
        i++;
      }
    }
    return new LearningRateSearch(rates, losses, steepest(rates, losses));
  }

  /** The rate in the middle of the ten steps over which the loss fell most. */
  private static double steepest(List<Double> rates, List<Double> losses) {
    int window = Math.min(10, losses.size() - 1);
    double most = 0;
    double rate = LOWEST;
    for (int i = 0; window > 0 && i + window < losses.size(); i++) {
      double fall = losses.get(i) - losses.get(i + window);
      if (fall > most) {
        most = fall;
        rate = rates.get(i + window / 2);
      }
    }
    return rate;
  }
}
