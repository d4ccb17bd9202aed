package org.cajal.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cajal.data.Dataset;
import org.cajal.data.Task;
import org.cajal.data.TrainTest;
import org.cajal.layer.Parameters;
import org.cajal.model.Evaluation;
import org.cajal.model.History;
import org.cajal.model.Inference;
import org.cajal.model.Model;
import org.cajal.model.ModelSpec;
import org.cajal.optim.ReduceOnPlateau;
import org.cajal.optim.Slots;
import org.cajal.tensor.Profile;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network: a trainer is set up by its methods, trains once, and gives back a {@link
 * Model}. The same network, settings and rows give the same weights to the bit, on any number of
 * threads, and whether or not the training was interrupted and resumed.
 *
 * <pre>{@code
 * Layer network = Layers.sequential(Layers.dense(16), Layers.relu(), Layers.dense(3));
 * TrainingSettings settings = TrainingSettings.builder().epochs(100).batchSize(16).validation(0.2).earlyStopping(10).build();
 * Model model = new Trainer(ModelSpec.of(network, data), settings).train(data).model();
 * }</pre>
 *
 * <p>{@link #stop} may be called from any thread, everything else from one.
 */
public final class Trainer {
  /** The name of the file of the best epoch's model in a folder of checkpoints. */
  public static final String BEST_FILE = "best.safetensors";

  /** The name of the file of the last checkpoint in a folder of checkpoints. */
  public static final String LAST_FILE = "last.safetensors";

  private final ModelSpec spec;
  private final TrainingSettings settings;
  private final List<TrainingListener> listeners = new ArrayList<>();
  private @Nullable Dataset validation;
  private float @Nullable [] sampleWeights;
  private @Nullable Path folder;
  private boolean profiled;
  private volatile boolean stopped;
  private @Nullable Run run;

  /** A training to be set up further. */
  public Trainer(ModelSpec spec, TrainingSettings settings) {
    this.spec = spec;
    this.settings = settings;
  }

  /**
   * Validates on these rows after each epoch, in place of a share of the training rows.
   *
   * @throws CajalException when training begins, if a share is set too
   */
  public Trainer validation(Dataset rows) {
    validation = rows;
    return this;
  }

  /**
   * How much each training row counts.
   *
   * @param weights one for each row of the data that training begins with; not negative
   */
  public Trainer sampleWeights(float... weights) {
    sampleWeights = weights.clone();
    return this;
  }

  /** Hears how training goes; any number of them. */
  public Trainer listener(TrainingListener listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Writes {@link #LAST_FILE}, a checkpoint, after each epoch and when training is stopped, and
   * {@link #BEST_FILE}, a model, after each epoch that was the best so far.
   *
   * @param existing a folder
   */
  public Trainer checkpoints(Path existing) {
    folder = existing;
    return this;
  }

  /** Puts a watch on each kernel of each step: {@link TrainingResult#profile} has the times. */
  public Trainer profiled() {
    profiled = true;
    return this;
  }

  /**
   * Asks a training to end after the step in progress; may be called from any thread, also before
   * it begins.
   */
  public void stop() {
    stopped = true;
  }

  /**
   * The best model so far, or without a finished epoch the present one: what is left when {@link
   * #train} throws.
   *
   * @return nothing before the first step
   */
  public Optional<Model> bestSoFar() {
    Run r = run;
    return r == null || r.step == 0 ? Optional.empty() : Optional.of(r.kept());
  }

  /**
   * Trains from the start.
   *
   * @param rows to train on; a validation share is taken from them
   * @throws CajalException if data, network and settings do not fit each other, or the loss or a
   *     gradient ceases to be finite; the message names the step and the layer
   */
  public TrainingResult train(Dataset rows) {
    return begin(rows, null);
  }

  /**
   * Goes on where a checkpoint was written.
   *
   * @param rows the same as before
   * @param checkpoint a {@link #LAST_FILE}
   * @throws CajalException as {@link #train}, or if the checkpoint is broken or belongs to another
   *     training
   */
  public TrainingResult resume(Dataset rows, Path checkpoint) {
    return begin(rows, Checkpoint.load(checkpoint));
  }

  private TrainingResult begin(Dataset rows, @Nullable Checkpoint from) {
    Parts parts = divide(rows);
    Run r = new Run(parts, from);
    run = r;
    return r.train();
  }

  /**
   * Tries learning rates from small to large on the network's first steps (L. N. Smith: "Cyclical
   * learning rates for training neural networks", WACV 2017). Nothing of it remains.
   *
   * @param rows as for {@link #train}
   */
  public LearningRateSearch findLearningRate(Dataset rows) {
    Parts parts = divide(rows);
    return LearningRateSearch.run(spec, settings, parts.train, parts.weights);
  }

  /** What is trained and validated on. */
  private record Parts(Dataset train, @Nullable Dataset validation, float @Nullable [] weights) {}

  private Parts divide(Dataset rows) {
    if (rows.size() == 0) {
      throw new CajalException(
          "[" + rows.name() + "] there are no rows to train on; at least one is needed");
    }
    Dataset train = rows;
    Dataset held = validation;
    float[] weights = sampleWeights;
    if (weights != null && weights.length != rows.size()) {
      throw new CajalException(
          "[train] "
              + weights.length
              + " sample weights for "
              + rows.size()
              + " rows; one for each is needed");
    }
    if (settings.validation() > 0) {
      if (held != null) {
        throw new CajalException(
            "[train] validation rows are given, and a share of "
                + settings.validation()
                + " is asked for; choose one of them");
      }
      if (weights != null) {
        throw new CajalException(
            "[train] sample weights do not go with a validation share; divide the rows yourself"
                + " with Dataset.split");
      }
      TrainTest parts = rows.split(settings.validation(), settings.seed());
      train = parts.train();
      held = parts.test();
    }
    return new Parts(train, held, weights(train, weights));
  }

  /** Sample weights times class weights; null where all are 1. */
  private float @Nullable [] weights(Dataset train, float @Nullable [] own) {
    double[] byClass = classWeights(train);
    if (own == null && byClass.length == 0) {
      return null;
    }
    float[] out = new float[train.size()];
    Arrays.fill(out, 1);
    if (own != null) {
      for (int i = 0; i < out.length; i++) {
        if (!(own[i] >= 0 && own[i] < Float.POSITIVE_INFINITY)) {
          throw new CajalException(
              "[train] the weight of row "
                  + i
                  + " is "
                  + own[i]
                  + "; it must be 0 or larger, and finite");
        }
        out[i] = own[i];
      }
    }
    if (byClass.length > 0) {
      int[] classes = train.classIndices();
      for (int i = 0; i < out.length; i++) {
        out[i] *= (float) byClass[classes[i]];
      }
    }
    return out;
  }

  private double[] classWeights(Dataset train) {
    List<Double> given = settings.classWeights();
    if (given.isEmpty() && !settings.balanced()) {
      return new double[0];
    }
    if (train.task() != Task.CLASSIFICATION) {
      throw new CajalException("[train] class weights need classes; the task is " + train.task());
    }
    if (!given.isEmpty()) {
      if (given.size() != train.classes()) {
        throw new CajalException(
            "[train] "
                + given.size()
                + " class weights for "
                + train.classes()
                + " classes; one for each is needed");
      }
      return given.stream().mapToDouble(Double::doubleValue).toArray();
    }
    int[] counts = train.classCounts();
    return Arrays.stream(counts)
        .mapToDouble(c -> c == 0 ? 0 : (double) train.size() / ((double) counts.length * c))
        .toArray();
  }

  /** A training in progress. */
  private final class Run {
    private final Dataset train;
    private final @Nullable Dataset held;
    private final float @Nullable [] weights;
    private final Parameters parameters;
    private final Slots slots;
    private final Inference inference;
    private final int perEpoch;
    private final Map<Integer, StepProgram> programs = new LinkedHashMap<>();
    private final List<History.Epoch> epochs = new ArrayList<>();

    private int epoch;
    private int batch;
    private long step;
    private double lossSum;
    private double weightSum;
    private double hits;
    private double rate;

    private final Map<String, NDArray> best = new LinkedHashMap<>();
    private int bestEpoch;
    private double bestLoss;
    private double bestAccuracy;
    private int withoutImprovement;
    private ReduceOnPlateau.@Nullable State plateau;

    Run(Parts parts, @Nullable Checkpoint from) {
      train = parts.train;
      held = parts.validation;
      weights = parts.weights;
      perEpoch = Batches.perEpoch(settings, train);
      Checkpoint.Position at;
      if (from == null) {
        parameters = new Parameters(spec.dtype(), settings.seed());
        slots = new Slots();
        at = Checkpoint.Position.start(train.size(), settings.learningRate());
      } else {
        from.requireSame(spec, settings, train.size());
        parameters = Parameters.restored(spec.dtype(), from.model().weights());
        slots = Slots.restored(from.slots());
        at = from.position();
        epochs.addAll(from.history().epochs());
        from.bestWeights().forEach((path, value) -> best.put(path, value.copy()));
      }
      inference = new Inference(spec, parameters);
      inference.requireFitting(train);
      if (held != null) {
        inference.requireFitting(held);
      }
      epoch = at.epoch();
      batch = at.batch();
      step = at.step();
      lossSum = at.lossSum();
      weightSum = at.weightSum();
      hits = at.hits();
      bestEpoch = at.bestEpoch();
      bestLoss = at.bestLoss();
      bestAccuracy = at.bestAccuracy();
      withoutImprovement = at.withoutImprovement();
      plateau = at.plateau().orElse(null);
      rate = rate();
    }

    private StepProgram program(int size) {
      return programs.computeIfAbsent(
          size,
          n -> {
            StepProgram program =
                StepProgram.compile(spec, settings, parameters, slots, train, n, weights != null);
            return profiled ? program.profiled() : program;
          });
    }

    TrainingResult train() {
      TrainingResult.Ending ending = TrainingResult.Ending.FINISHED;
      try (Batches batches =
          new Batches(train, spec.inputDtype(), weights, settings, epoch, batch)) {
        while (epoch < settings.epochs() && ending == TrainingResult.Ending.FINISHED) {
          if (patienceIsOver()) {
            ending = TrainingResult.Ending.EARLY;
          } else if (!epoch(batches)) {
            ending = TrainingResult.Ending.INTERRUPTED;
          }
        }
      }
      if (ending == TrainingResult.Ending.FINISHED && epochs.size() < settings.epochs()) {
        ending = TrainingResult.Ending.EARLY;
      }
      if (ending == TrainingResult.Ending.INTERRUPTED) {
        saveLast();
      }
      boolean keepsBest =
          ending == TrainingResult.Ending.INTERRUPTED || settings.earlyStopping().isPresent();
      Model model = keepsBest ? kept() : present(epochs.size());
      return new TrainingResult(
          model,
          keepsBest && bestEpoch > 0 ? monitored() : "",
          ending,
          step,
          Checkup.warnings(model, train, held, settings, rateAtStart()),
          Checkup.chanceLoss(spec, train),
          programs.values().stream()
              .map(StepProgram::profile)
              .reduce(Profile.empty(), Profile::plus));
    }

    private double rateAtStart() {
      return settings.learningRate() instanceof LearningRate.Cosine c
          ? c.rate()
          : settings
              .learningRate()
              .at(new LearningRate.Progress(0, 0, perEpoch, settings.epochs()));
    }

    private boolean patienceIsOver() {
      return settings.earlyStopping().isPresent()
          && withoutImprovement >= settings.earlyStopping().get().patience();
    }

    private double rate() {
      return plateau != null
          ? plateau.rate()
          : settings
              .learningRate()
              .at(new LearningRate.Progress(step, epoch, perEpoch, settings.epochs()));
    }

    /** One epoch, or what is left of it; false if training is to stop. */
    private boolean epoch(Batches batches) {
      long start = System.nanoTime();
      listeners.forEach(l -> l.epochBegins(epoch + 1, settings.epochs(), train.size()));
      long rows = Math.min((long) batch * Batches.batchSize(settings, train), train.size());
      for (; batch < perEpoch; batch++) {
        if (stopped) {
          return false;
        }
        Batches.Batch b = batches.next();
        rate = rate();
        StepProgram program = program(b.size());
        StepProgram.Outcome outcome = program.run(b, rate, step + 1);
        if (!outcome.finite()) {
          throw program.explain(b);
        }
        step++;
        double weight = weight(b);
        lossSum += outcome.loss() * weight;
        weightSum += weight;
        hits += outcome.hits();
        rows += b.size();
        long done = rows;
        double mean = mean();
        listeners.forEach(l -> l.stepEnds(step, done, mean, rate));
      }
      finish(start);
      return true;
    }

    private static double weight(Batches.Batch b) {
      NDArray w = b.weights();
      if (w == null) {
        return b.size();
      }
      double sum = 0;
      for (long i = 0; i < w.size(); i++) {
        sum += w.get(i);
      }
      return sum;
    }

    private double mean() {
      return weightSum > 0 ? lossSum / weightSum : 0;
    }

    private void finish(long start) {
      double accuracy =
          spec.task() == Task.REGRESSION
              ? Double.NaN
              : hits / ((double) train.size() * train.targetShape().size());
      double loss = mean();
      double validationLoss = Double.NaN;
      double validationAccuracy = Double.NaN;
      if (held != null) {
        Evaluation e = Evaluation.of(spec, inference, held);
        validationLoss = e.loss();
        validationAccuracy = e.accuracy();
      }
      double seconds = (System.nanoTime() - start) * 1e-9;
      History.Epoch record =
          new History.Epoch(
              epoch + 1,
              rate,
              loss,
              accuracy,
              validationLoss,
              validationAccuracy,
              seconds,
              train.size());
      epochs.add(record);
      double watchedLoss = held == null ? loss : validationLoss;
      boolean improved = improves(watchedLoss, held == null ? accuracy : validationAccuracy);
      withoutImprovement = improved ? 0 : withoutImprovement + 1;
      if (improved) {
        bestEpoch = epoch + 1;
        keepAsBest();
      }
      if (settings.learningRate() instanceof LearningRate.OnPlateau p && plateau != null) {
        plateau = p.rule().next(plateau, watchedLoss);
      }
      epoch++;
      batch = 0;
      lossSum = 0;
      weightSum = 0;
      hits = 0;
      if (improved && folder != null) {
        present(bestEpoch).save(folder.resolve(BEST_FILE));
      }
      saveLast();
      listeners.forEach(l -> l.epochEnds(record));
    }

    /** Whether an epoch is the best so far; remembers its numbers if so. */
    private boolean improves(double loss, double accuracy) {
      double least = settings.earlyStopping().map(EarlyStopping::minimumChange).orElse(0.0);
      boolean better =
          isByAccuracy()
              ? accuracy > bestAccuracy + least || (accuracy == bestAccuracy && loss < bestLoss)
              : loss < bestLoss - least || bestEpoch == 0;
      if (better) {
        bestLoss = loss;
        bestAccuracy = accuracy;
      }
      return better;
    }

    private boolean isByAccuracy() {
      return spec.task() != Task.REGRESSION
          && settings
              .earlyStopping()
              .filter(e -> e.monitor() == EarlyStopping.Monitor.ACCURACY)
              .isPresent();
    }

    /** What the best epoch is the best by. */
    private String monitored() {
      return (held == null ? "training " : "validation ") + (isByAccuracy() ? "accuracy" : "loss");
    }

    private void keepAsBest() {
      parameters
          .live()
          .forEach(
              (path, value) -> {
                NDArray kept = best.get(path);
                if (kept == null) {
                  best.put(path, value.copy());
                } else {
                  kept.copyFrom(value);
                }
              });
    }

    /** A copy of the best epoch's model; of the present step's where no epoch is finished. */
    Model kept() {
      boolean none = best.isEmpty();
      return Model.of(
          spec,
          none ? parameters.values() : best,
          new History(epochs, none ? epochs.size() : bestEpoch),
          settings.describe());
    }

    /**
     * The model of the present step, over the live parameters.
     *
     * @param keptEpoch the epoch that it is said to be of
     */
    private Model present(int keptEpoch) {
      return Model.over(spec, parameters, new History(epochs, keptEpoch), settings.describe());
    }

    private void saveLast() {
      if (folder == null) {
        return;
      }
      Checkpoint.Position at =
          new Checkpoint.Position(
              epoch,
              batch,
              step,
              train.size(),
              lossSum,
              weightSum,
              hits,
              bestEpoch,
              bestLoss,
              bestAccuracy,
              withoutImprovement,
              Optional.ofNullable(plateau));
      new Checkpoint(present(epochs.size()), slots.live(), best, at)
          .save(folder.resolve(LAST_FILE));
    }
  }
}
