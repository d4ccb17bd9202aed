package org.cajal.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cajal.data.Dataset;
import org.cajal.graph.Graphs;
import org.cajal.layer.BatchNormalization;
import org.cajal.layer.EnsembleMean;
import org.cajal.layer.Forward;
import org.cajal.layer.Mode;
import org.cajal.layer.Parameters;
import org.cajal.layer.Scope;
import org.cajal.layer.Trace;
import org.cajal.loss.Penalties;
import org.cajal.model.ModelSpec;
import org.cajal.model.Targets;
import org.cajal.op.Node;
import org.cajal.optim.Slots;
import org.cajal.tensor.BoundProgram;
import org.cajal.tensor.Diagnose;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Profile;
import org.cajal.tensor.Program;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A training step for one batch size, compiled: forward, loss, backward, update. Inputs: {@code x},
 * {@code y}, {@code w} where rows have weights, {@code rate}, {@code step} from 1, {@code key}. If
 * the loss or a gradient is not finite, no variable changes.
 */
final class StepProgram {
  /**
   * What a step answers.
   *
   * @param loss of the batch before the step, without penalties
   * @param weight of the batch's answers together: how much the loss counts
   * @param hits the weight of the answers that were right before the step; 0 for regression
   * @param finite whether loss and gradients were, and thus whether the step was made
   */
  record Outcome(double loss, double weight, double hits, boolean finite) {}

  private final ModelSpec spec;
  private final Trace trace;
  private final Tensor loss;
  private final Tensor weight;
  private final Tensor hits;
  private final Tensor check;
  private final List<Tensor> suspects;
  private final int losses;
  private final Program program;

  private final NDArray rate;
  private final NDArray step = NDArray.scalar(DType.F64, 0);
  private final NDArray key = NDArray.zeros(DType.I32, Shape.of(2));
  private final long seed;
  private double lastRate;
  private @Nullable Bound bound;
  private @Nullable Profile profile;

  /** The program with its memory, and where it leaves its outputs. */
  private record Bound(
      BoundProgram program, NDArray loss, NDArray weight, NDArray hits, NDArray check) {}

  private StepProgram(
      ModelSpec spec,
      Trace trace,
      Tensor loss,
      Tensor weight,
      Tensor hits,
      Tensor check,
      List<Tensor> suspects,
      int losses,
      Program program,
      long seed) {
    this.spec = spec;
    this.trace = trace;
    this.loss = loss;
    this.weight = weight;
    this.hits = hits;
    this.check = check;
    this.suspects = suspects;
    this.losses = losses;
    this.program = program;
    this.rate = NDArray.scalar(spec.dtype(), 0);
    this.seed = CounterRandom.key(seed, "step");
  }

  /** Has all steps from now on made with a watch on each kernel. */
  StepProgram profiled() {
    profile = Profile.empty();
    return this;
  }

  /** The time of the steps so far; empty unless they are profiled. */
  Profile profile() {
    return profile == null ? Profile.empty() : profile;
  }

  /**
   * Compiles the step.
   *
   * @param meanWeight the mean of all rows' weights; 0 where they have none
   */
  static StepProgram compile(
      ModelSpec spec,
      TrainingSettings settings,
      Parameters parameters,
      Slots slots,
      Dataset data,
      int size,
      double meanWeight) {
    DType type = spec.dtype();
    Tensor x = Tensor.input("x", spec.inputDtype(), Shape.of(size).concat(spec.inputShape()));
    Tensor y = Tensor.input("y", data.targetDtype(), Shape.of(size).concat(data.targetShape()));
    Tensor rate = Tensor.input("rate", type, Shape.SCALAR);
    Tensor step = Tensor.input("step", DType.F64, Shape.SCALAR);
    Tensor key = Tensor.input("key", DType.I32, Shape.of(2));
    Forward forward = Forward.of(spec.architecture(), parameters, x, Mode.TRAINING, key);
    refuseSingle(forward.trace(), size);
    Tensor weights =
        meanWeight > 0 ? Tensor.input("w", DType.F32, Shape.of(size)).cast(type) : null;
    boolean apart = answersApart(forward);
    Tensor output = apart ? forward.output().mean(1) : forward.output();
    Tensor loss =
        apart
            ? lossOfEach(spec, forward.output(), y, weights)
            : Targets.loss(spec.loss(), spec.task(), output, y, weights);
    Tensor each = Targets.weights(spec.loss(), spec.task(), output, y, weights);
    Tensor weight = Targets.weight(spec.task(), y, each);
    Tensor hits = Targets.hits(spec.loss(), spec.task(), output, y, each);
    List<Tensor> trainable = parameters.trainable();
    if (trainable.isEmpty()) {
      throw new CajalException(
          "[train] the network has no parameter to learn; add a layer with weights, or unfreeze"
              + " one");
    }
    Tensor total = penalised(expected(loss, weights, meanWeight), trainable, settings);
    List<Tensor> gradients = Gradients.of(total).withRespectTo(trainable);
    Tensor check = total.times(0);
    for (Tensor g : gradients) {
      check = check.plus(g.times(0).sum().cast(check.dtype()));
    }
    Tensor finite = check.equalTo(0);
    List<Update> updates =
        new ArrayList<>(
            settings
                .optimizer()
                .updates(trainable, settings.clipping().apply(gradients), rate, step, slots));
    if (settings.maxNorm().isPresent()) {
      updates = new ArrayList<>(settings.maxNorm().get().apply(updates, trainable));
    }
    updates.addAll(forward.updates());
    List<Update> guarded = new ArrayList<>();
    for (Update u : updates) {
      guarded.add(
          new Update(u.variable(), Tensor.where(finite, u.value(), Tensor.of(u.variable()))));
    }
    List<Tensor> suspects = new ArrayList<>(List.of(loss, total));
    suspects.addAll(gradients);
    Program program = Program.compile(List.of(loss, weight, hits, check), guarded);
    return new StepProgram(
        spec, forward.trace(), loss, weight, hits, check, suspects, 2, program, settings.seed());
  }

  /**
   * Whether the network answers for each member of an ensemble, [N, members, ...], as {@link
   * EnsembleMean} lets it in training, and not for all of them together.
   */
  private static boolean answersApart(Forward forward) {
    return forward.trace().steps().stream()
        .anyMatch(
            step ->
                step.layer() instanceof EnsembleMean mean
                    && !mean.together()
                    && step.output().node() == forward.output().node());
  }

  /** The loss of a batch whose members answer apart: the mean of theirs. */
  private static Tensor lossOfEach(
      ModelSpec spec, Tensor answers, Tensor y, @Nullable Tensor weights) {
    int members = answers.dim(1);
    return Targets.loss(
        spec.loss(),
        spec.task(),
        answers.flatten(0, 1),
        repeated(y, members),
        weights == null ? null : repeated(weights, members));
  }

  /** Each row so many times, one after the other: [N, ...] → [N · times, ...]. */
  private static Tensor repeated(Tensor rows, int times) {
    Shape each = rows.shape().sub(1, rows.rank());
    return rows.expandDims(1)
        .broadcastTo(Shape.of(rows.dim(0), times).concat(each))
        .reshape(Shape.of(rows.dim(0) * times).concat(each));
  }

  /** The mean of rows' weights; 0 where they have none. */
  static double meanWeight(float @Nullable [] weights) {
    if (weights == null) {
      return 0;
    }
    double sum = 0;
    for (float w : weights) {
      sum += w;
    }
    return sum / weights.length;
  }

  /**
   * A batch's loss Σ w·ℓ / Σ w times what the batch weighs beside an average one. Without that a
   * batch without rare, heavy rows would count as much as one with them, and class weights would
   * lose much of their effect; with it the expectation over batches is the weighted loss of all
   * rows.
   */
  private static Tensor expected(Tensor loss, @Nullable Tensor weights, double meanWeight) {
    return weights == null
        ? loss
        : loss.times(weights.sum().times(1 / (meanWeight * weights.dim(0))));
  }

  private static Tensor penalised(Tensor loss, List<Tensor> trainable, TrainingSettings settings) {
    List<Tensor> weights = Penalties.withoutBiases(trainable);
    Tensor total = loss;
    if (!weights.isEmpty() && settings.l1() != 0) {
      total = total.plus(Penalties.l1(weights, settings.l1()));
    }
    if (!weights.isEmpty() && settings.l2() != 0) {
      total = total.plus(Penalties.l2(weights, settings.l2()));
    }
    return total;
  }

  /**
   * Makes a step.
   *
   * @param number of the step, from 1
   */
  Outcome run(Batches.Batch batch, double learningRate, long number) {
    long bits = CounterRandom.bits(seed, number);
    lastRate = learningRate;
    rate.set(0, learningRate);
    step.set(0, number);
    key.set(0, (int) (bits >>> 32));
    key.set(1, (int) bits);
    Bound b = bound(batch);
    if (profile == null) {
      b.program.run();
    } else {
      profile = profile.plus(b.program.profile(1));
    }
    return new Outcome(b.loss.get(0), b.weight.get(0), b.hits.get(0), b.check.get(0) == 0);
  }

  private Bound bound(Batches.Batch batch) {
    Bound b = bound;
    if (b == null) {
      BoundProgram made = program.bind(feed(batch));
      b =
          new Bound(
              made, made.output(loss), made.output(weight), made.output(hits), made.output(check));
      bound = b;
    } else {
      b.program.feed("x", batch.x());
      b.program.feed("y", batch.y());
      NDArray w = batch.weights();
      if (w != null) {
        b.program.feed("w", w);
      }
    }
    return b;
  }

  /** What the step of a batch is fed. */
  private Feed feed(Batches.Batch batch) {
    Feed feed =
        Feed.of("x", batch.x())
            .and("y", batch.y())
            .and("rate", rate)
            .and("step", step)
            .and("key", key);
    NDArray w = batch.weights();
    return w == null ? feed : feed.and("w", w);
  }

  /**
   * The rows that a batch of a network must have at least: 2 where it normalises over nothing but
   * the batch, else 1.
   *
   * @param trace of a batch of 2
   */
  static int leastBatch(Trace trace) {
    return aloneIn(trace, 2).isPresent() ? 2 : 1;
  }

  /** The first batch normalisation that sees one number for each channel and row. */
  private static Optional<Trace.Step> aloneIn(Trace trace, int rows) {
    return trace.steps().stream()
        .filter(s -> s.layer() instanceof BatchNormalization)
        .filter(s -> s.input().shape().size() == (long) rows * s.input().dim(1))
        .findFirst();
  }

  private static void refuseSingle(Trace trace, int size) {
    Optional<Trace.Step> alone = size == 1 ? aloneIn(trace, 1) : Optional.empty();
    if (alone.isPresent()) {
      throw new CajalException(
          "[train] "
              + layer(trace, alone.get().path())
              + " normalises over the batch, and in a batch of 1 row each channel has one number,"
              + " which becomes 0; use a batch size of 2 or more, or layer normalisation");
    }
  }

  /**
   * The error of the step that was made last, whose loss or gradients are not finite: {@code
   * [train] the loss is not finite at step 12: log of layer 3 (softmax) gave -Infinity; try ...}.
   *
   * @param warning what else may be the cause, a sentence
   */
  CajalException explain(Batches.Batch batch, Optional<String> warning) {
    Feed feed = feed(batch);
    Optional<Diagnose.Fault> found = Diagnose.nonFinite(suspects.subList(0, losses), feed);
    String what = "the loss";
    if (found.isEmpty()) {
      found = Diagnose.nonFinite(suspects, feed);
      what = found.isEmpty() ? "the loss or a gradient" : "a gradient";
    }
    String where = found.map(f -> ": " + source(f)).orElse("");
    boolean ofData = found.isPresent() && found.get().operation().equals("input");
    String advice =
        ofData
            ? "; correct the data, whose numbers must be finite"
            : "; try a smaller learning rate (now " + lastRate + ") or gradient clipping";
    return new CajalException(
        "[train] "
            + what
            + " is not finite at step "
            + (long) step.get(0)
            + where
            + advice
            + warning.map(w -> ". " + w).orElse(""));
  }

  private String source(Diagnose.Fault fault) {
    String value = fault.value() > 0 ? "Infinity" : fault.value() < 0 ? "-Infinity" : "NaN";
    return switch (fault.operation()) {
      case "input" -> "the training data holds " + value;
      case "state" -> "the parameter " + fault.tensor().variable().name() + " holds " + value;
      default -> fault.operation() + " of " + place(fault.tensor()) + " gave " + value;
    };
  }

  private String place(Tensor tensor) {
    Optional<String> path = trace.pathOf(tensor);
    if (path.isPresent()) {
      return layer(path.get());
    }
    if (Graphs.order(List.of(loss.node())).contains(tensor.node())) {
      return "the loss (" + lossName() + ")";
    }
    List<Tensor> nearest = List.of(tensor);
    for (int depth = 0; depth < 8; depth++) {
      List<Tensor> before = new ArrayList<>();
      for (Tensor t : nearest) {
        for (Node input : t.node().inputs()) {
          Tensor from = new Tensor(input);
          Optional<String> of = trace.pathOf(from);
          if (of.isPresent()) {
            return "the gradient of " + layer(of.get());
          }
          before.add(from);
        }
      }
      nearest = before;
    }
    return "the gradient of the loss (" + lossName() + ")";
  }

  private String lossName() {
    String simple = spec.loss().getClass().getSimpleName();
    return simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1);
  }

  private String layer(String path) {
    return layer(trace, path);
  }

  private static String layer(Trace trace, String path) {
    String name =
        trace.steps().stream()
            .filter(s -> s.path().equals(path))
            .map(s -> Scope.nameOf(s.layer()))
            .findFirst()
            .orElse("layer");
    return "layer " + (path.isEmpty() ? "" : path + " ") + "(" + name + ")";
  }
}
