package org.cajal.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.cajal.data.Dataset;
import org.cajal.data.Task;
import org.cajal.io.AtomicFiles;
import org.cajal.layer.Parameters;
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
 * Model}. The same network, settings and rows give the same weights to the bit on machines of the
 * same vector width, on any number of threads, and whether or not the training was interrupted and
 * resumed.
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
  private float @Nullable [] validationWeights;
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
   * Validates on these rows after each epoch, in place of a share of the training rows. Class
   * weights of the settings count here as in training.
   *
   * @throws CajalException when training begins, if a share is set too
   */
  public Trainer validation(Dataset rows) {
    validation = rows;
    validationWeights = null;
    return this;
  }

  /**
   * As {@link #validation(Dataset)}, with how much each of these rows counts.
   *
   * @param weights one for each row; not negative
   */
  public Trainer validation(Dataset rows, float[] weights) {
    validation = rows;
    validationWeights = weights.clone();
    return this;
  }

  /**
   * How much each training row counts in the loss and the accuracy; a validation share that is
   * taken from the rows keeps theirs.
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
   * {@link #BEST_FILE}, a model, after each epoch that was the best so far. Where the disk refuses
   * a file, listeners are warned, training goes on, and it is tried again after the next epoch;
   * {@link TrainingResult#warnings} names what was never written.
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
    if (folder != null) {
      AtomicFiles.removeLeftovers(folder);
    }
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

  /**
   * What is trained and validated on, and how much each row counts; null weights where all are 1.
   */
  private record Parts(
      Dataset train,
      @Nullable Dataset validation,
      float @Nullable [] weights,
      float @Nullable [] validationWeights) {}

  private Parts divide(Dataset rows) {
    if (rows.size() == 0) {
      throw new CajalException(
          "[" + rows.name() + "] there are no rows to train on; at least one is needed");
    }
    Dataset train = rows;
    Dataset held = validation;
    float[] weights = checked(sampleWeights, rows, "sample", "row");
    float[] heldWeights =
        held == null ? null : checked(validationWeights, held, "validation", "validation row");
    if (settings.validation() > 0) {
      if (held != null) {
        throw new CajalException(
            "[train] validation rows are given, and a share of "
                + settings.validation()
                + " is asked for; choose one of them");
      }
      int[][] parts = rows.splitRows(settings.validation(), settings.seed());
      train = rows.subset(parts[0]);
      held = rows.subset(parts[1]);
      heldWeights = picked(weights, parts[1]);
      weights = picked(weights, parts[0]);
    }
    double[] byClass = classWeights(train);
    return new Parts(
        train,
        held,
        weights(train, weights, byClass, "training"),
        held == null ? null : weights(held, heldWeights, byClass, "validation"));
  }

  private static float @Nullable [] checked(
      float @Nullable [] weights, Dataset rows, String kind, String row) {
    if (weights == null) {
      return null;
    }
    if (weights.length != rows.size()) {
      throw new CajalException(
          "[train] "
              + weights.length
              + " "
              + kind
              + " weights for "
              + rows.size()
              + " rows; one for each is needed");
    }
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0 && weights[i] < Float.POSITIVE_INFINITY)) {
        throw new CajalException(
            "[train] the weight of "
                + row
                + " "
                + i
                + " is "
                + weights[i]
                + "; it must be 0 or larger, and finite");
      }
    }
    return weights;
  }

  private static float @Nullable [] picked(float @Nullable [] weights, int[] rows) {
    if (weights == null) {
      return null;
    }
    float[] out = new float[rows.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = weights[rows[i]];
    }
    return out;
  }

  /** Rows' own weights times those of their classes; null where all are 1. */
  private float @Nullable [] weights(
      Dataset rows, float @Nullable [] own, double[] byClass, String kind) {
    if (own == null && byClass.length == 0) {
      return null;
    }
    float[] out = new float[rows.size()];
    int[] classes = byClass.length == 0 ? new int[0] : rows.classIndices();
    boolean counts = false;
    for (int i = 0; i < out.length; i++) {
      out[i] =
          (own == null ? 1 : own[i])
              * (float) (byClass.length == 0 || ignored(classes[i]) ? 1 : byClass[classes[i]]);
      counts |= out[i] > 0;
    }
    if (rows.size() > 0 && !counts) {
      throw new CajalException(
          "[train] every "
              + kind
              + " row has the weight 0, so that nothing counts; at least one weight must be"
              + " larger");
    }
    return out;
  }

  private boolean ignored(int target) {
    return target == spec.loss().ignoredClass();
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
    int ignored = spec.loss().ignoredClass();
    if (ignored >= 0 && ignored < counts.length) {
      counts[ignored] = 0;
    }
    double rows = Arrays.stream(counts).sum();
    return Arrays.stream(counts)
        .mapToDouble(c -> c == 0 ? 0 : rows / ((double) counts.length * c))
        .toArray();
  }

  /** A training in progress. */
  private final class Run {
    private final Dataset train;
    private final @Nullable Dataset held;
    private final float @Nullable [] weights;
    private final float @Nullable [] heldWeights;
    private final Parameters parameters;
    private final Slots slots;
    private final Inference inference;
    private final int leastBatch;
    private final int perEpoch;
    private final Map<Integer, StepProgram> programs = new LinkedHashMap<>();
    private final List<History.Epoch> epochs = new ArrayList<>();

    /** Why files of the folder could not be written when it was last tried, by name. */
    private final Map<String, String> unwritten = new LinkedHashMap<>();

    private @Nullable Fingerprint fingerprint;
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
      heldWeights = parts.validationWeights;
      Checkpoint.Position at;
      if (from == null) {
        parameters = new Parameters(spec.dtype(), settings.seed());
        slots = new Slots();
        at = Checkpoint.Position.start(train.size(), settings.learningRate());
      } else {
        from.requireSame(spec, settings, train.size(), fingerprint());
        parameters = Parameters.restored(spec.dtype(), from.model().weights());
        at = from.position();
        slots = at.step() == 0 ? new Slots() : Slots.restored(from.slots());
        epochs.addAll(from.history().epochs());
        from.bestWeights().forEach((path, value) -> best.put(path, value.copy()));
      }
      inference = new Inference(spec, parameters);
      inference.requireFitting(train);
      leastBatch = StepProgram.leastBatch(inference.forward(2).trace());
      perEpoch = Batches.perEpoch(settings, train, leastBatch);
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
      if (from != null && from.data().isEmpty()) {
        adaptOlder();
      }
      rate = rate();
    }

    /**
     * Checkpoints without a fingerprint count sequences, not their symbols, and their best epoch is
     * the best by losses without weights, which say nothing beside those with weights.
     */
    private void adaptOlder() {
      if (spec.task() == Task.SEQUENCE) {
        lossSum *= train.targetShape().size();
        weightSum *= train.targetShape().size();
      }
      if (weights != null) {
        bestLoss = Double.POSITIVE_INFINITY;
        bestAccuracy = Double.NEGATIVE_INFINITY;
        withoutImprovement = 0;
      }
    }

    /** What tells these rows from others; read from all of them, once. */
    private Fingerprint fingerprint() {
      Fingerprint known = fingerprint;
      if (known == null) {
        known = Fingerprint.of(train, weights, held, heldWeights);
        fingerprint = known;
      }
      return known;
    }

    private StepProgram program(int size) {
      return programs.computeIfAbsent(
          size,
          n -> {
            StepProgram program =
                StepProgram.compile(
                    spec, settings, parameters, slots, train, n, StepProgram.meanWeight(weights));
            return profiled ? program.profiled() : program;
          });
    }

    TrainingResult train() {
      TrainingResult.Ending ending = TrainingResult.Ending.FINISHED;
      try (Batches batches =
          new Batches(train, spec.inputDtype(), weights, settings, leastBatch, epoch, batch)) {
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
      List<String> warnings =
          new ArrayList<>(Checkup.warnings(model, train, weights, held, settings, rateAtStart()));
      unwritten.values().forEach(warnings::add);
      return new TrainingResult(
          model,
          keepsBest && bestEpoch > 0 ? monitored() : "",
          ending,
          step,
          warnings,
          Checkup.chanceLoss(spec, train, weights),
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
          throw program.explain(b, Checkup.targetScale(spec, train));
        }
        step++;
        lossSum += outcome.loss() * outcome.weight();
        weightSum += outcome.weight();
        hits += outcome.hits();
        rows += b.size();
        long done = rows;
        double mean = mean(lossSum);
        listeners.forEach(l -> l.stepEnds(step, done, mean, rate));
      }
      finish(start);
      return true;
    }

    private double mean(double sum) {
      return weightSum > 0 ? sum / weightSum : 0;
    }

    private void finish(long start) {
      double accuracy = spec.task().hasAccuracy() ? mean(hits) : Double.NaN;
      double loss = mean(lossSum);
      double validationLoss = Double.NaN;
      double validationAccuracy = Double.NaN;
      if (held != null) {
        Inference.Measured measured = inference.score(held, heldWeights);
        validationLoss = measured.loss();
        validationAccuracy = measured.accuracy();
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
      if (improved) {
        save(BEST_FILE, file -> present(bestEpoch).save(file));
      } else if (unwritten.containsKey(BEST_FILE)) {
        save(BEST_FILE, file -> kept().save(file));
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
      return spec.task().hasAccuracy()
          && settings
              .earlyStopping()
              .filter(e -> e.monitor() == EarlyStopping.Monitor.ACCURACY)
              .isPresent();
    }

    /** What the best epoch is the best by. */
    private String monitored() {
      return (weights == null && heldWeights == null ? "" : "weighted ")
          + (held == null ? "training " : "validation ")
          + (isByAccuracy() ? "accuracy" : "loss");
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

    /** Writes a file of the folder, if there is one; a disk that refuses it ends nothing. */
    private void save(String name, Consumer<Path> write) {
      Path to = folder;
      if (to == null) {
        return;
      }
      try {
        write.accept(to.resolve(name));
        unwritten.remove(name);
      } catch (CajalException e) {
        if (!AtomicFiles.isOfTheDisk(e)) {
          throw e;
        }
        String sentence = String.valueOf(e.getMessage());
        if (!sentence.equals(unwritten.put(name, sentence))) {
          listeners.forEach(
              l -> l.warns(sentence + "; training goes on, and tries again after the next epoch"));
        }
      }
    }

    private void saveLast() {
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
      save(
          LAST_FILE,
          file ->
              new Checkpoint(
                      present(epochs.size()), slots.live(), best, at, Optional.of(fingerprint()))
                  .save(file));
    }
  }
}
