package org.cajal.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.cajal.data.Dataset;
import org.cajal.data.Leaks;
import org.cajal.data.Task;
import org.cajal.layer.Forward;
import org.cajal.layer.Parameters;
import org.cajal.layer.Relu;
import org.cajal.layer.Trace;
import org.cajal.loss.AbsoluteError;
import org.cajal.loss.BinaryCrossEntropy;
import org.cajal.loss.CrossEntropy;
import org.cajal.loss.Gaussian;
import org.cajal.loss.HalfSquaredError;
import org.cajal.loss.Huber;
import org.cajal.loss.Loss;
import org.cajal.loss.NegativeLogLikelihood;
import org.cajal.loss.SmoothAbsoluteError;
import org.cajal.loss.SquaredError;
import org.cajal.metric.ConfusionMatrix;
import org.cajal.model.Evaluation;
import org.cajal.model.Model;
import org.cajal.model.ModelSpec;
import org.cajal.report.Doctor;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Program;
import org.cajal.tensor.Results;
import org.cajal.tensor.Tensor;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/** Gathers what the doctor looks at, on few rows, after a training. */
final class Checkup {
  private static final int ROWS = 1000;
  private static final int BATCH = 256;

  private Checkup() {}

  static List<String> warnings(
      Model model,
      Dataset train,
      float @Nullable [] weights,
      @Nullable Dataset held,
      TrainingSettings settings,
      double rate) {
    List<String> out = new ArrayList<>();
    Dataset some = sample(train, ROWS, settings.seed());
    boolean scaled = model.spec().preprocessing().isPresent();
    if (!scaled && train.featureShape().rank() == 1 && train.featureDtype().isFloating()) {
      Doctor.inputScales(names(train), quantities(train)).ifPresent(out::add);
    }
    Dataset measured =
        held == null || held.size() == 0 ? some : sample(held, ROWS, settings.seed());
    if (train.task() == Task.CLASSIFICATION && train.classes() > 0) {
      boolean weighted = weighted(model.spec().loss(), settings);
      Doctor.imbalance(train.classLabels(), counts(model.spec(), train), weighted)
          .ifPresent(out::add);
      counting(model, measured)
          .flatMap(Evaluation::confusion)
          .flatMap(
              m ->
                  Doctor.singleClass(
                      train.classLabels(), per(m, true), per(m, false), weighted, scaled))
          .ifPresent(out::add);
    }
    if (train.task() == Task.REGRESSION) {
      targetScale(model.spec(), train).ifPresent(out::add);
      counting(model, measured)
          .flatMap(
              e ->
                  Doctor.worseThanMean(
                      held == null || held.size() == 0 ? "training" : "validation", e.r2(), scaled))
          .ifPresent(out::add);
    }
    deadUnits(model, sample(some, BATCH, settings.seed()), out);
    Doctor.learningRate(model.history().losses(), rate).ifPresent(out::add);
    if (held != null && held.size() > 0) {
      Leaks.Shared shared = Leaks.shared(train, held);
      Doctor.sharedRows("validation", shared.rows(), shared.same(), held.size())
          .ifPresent(out::add);
    }
    return out;
  }

  private static List<Long> per(ConfusionMatrix m, boolean actual) {
    return LongStream.range(0, m.classes())
        .map(k -> actual ? m.support((int) k) : m.predicted((int) k))
        .boxed()
        .toList();
  }

  private static Dataset sample(Dataset data, int most, long seed) {
    return data.size() <= most
        ? data
        : data.subset(Arrays.copyOf(data.shuffleOrder(seed, -1), most));
  }

  private static List<String> names(Dataset data) {
    return data.featureNames().isEmpty()
        ? IntStream.rangeClosed(1, (int) data.featureShape().size())
            .mapToObj(i -> "input " + i)
            .toList()
        : data.featureNames();
  }

  /** The deviations of the inputs; 1 for indices, which are no quantities. */
  private static List<Double> quantities(Dataset data) {
    List<Double> out = new ArrayList<>(Moments.deviations(Moments.ofFeatures(data)));
    data.inputColumns()
        .ifPresent(
            columns -> {
              for (int i = 0; i < out.size(); i++) {
                if (columns.isIndex(i)) {
                  out.set(i, 1.0);
                }
              }
            });
    return out;
  }

  /** Whether classes weigh differently already. */
  private static boolean weighted(Loss loss, TrainingSettings settings) {
    return settings.balanced()
        || !settings.classWeights().isEmpty()
        || switch (loss) {
          case CrossEntropy c -> !c.classWeights().isEmpty();
          case NegativeLogLikelihood n -> !n.classWeights().isEmpty();
          case BinaryCrossEntropy b -> !b.positiveWeights().isEmpty();
          default -> false;
        };
  }

  /** How many rows each class has; none for the class that does not count. */
  private static List<Long> counts(ModelSpec spec, Dataset train) {
    int[] counts = train.classCounts();
    return IntStream.range(0, counts.length)
        .mapToObj(c -> c == spec.loss().ignoredClass() ? 0L : (long) counts[c])
        .toList();
  }

  /** What is measured on rows; nothing where none of them counts. */
  private static Optional<Evaluation> counting(Model model, Dataset rows) {
    int ignored = model.spec().loss().ignoredClass();
    boolean counts =
        rows.targetDtype().isFloating()
            || Arrays.stream(rows.targets().toInts()).anyMatch(t -> t != ignored);
    return counts ? Optional.of(model.evaluate(rows)) : Optional.empty();
  }

  /** The sentence about targets that a network is to hit as they are, where they are far from 1. */
  static Optional<String> targetScale(ModelSpec spec, Dataset train) {
    boolean distance =
        switch (spec.loss()) {
          case SquaredError _,
              HalfSquaredError _,
              AbsoluteError _,
              SmoothAbsoluteError _,
              Huber _,
              Gaussian _ ->
              true;
          default -> false;
        };
    return distance && train.task() == Task.REGRESSION
        ? Moments.ofTargets(train, null).stream()
            .flatMap(m -> Doctor.targetScale(m.mean(), m.deviation()).stream())
            .findFirst()
        : Optional.empty();
  }

  /**
   * Rectified units that are 0 for every row: a place of the last axis, or of [N, C, spatial...] a
   * channel.
   */
  private static void deadUnits(Model model, Dataset rows, List<String> out) {
    ModelSpec spec = model.spec();
    Parameters parameters = Parameters.restored(spec.dtype(), model.weights());
    Tensor x =
        Tensor.input("x", spec.inputDtype(), Shape.of(rows.size()).concat(spec.inputShape()));
    Forward forward = Forward.evaluation(spec.architecture(), parameters, x);
    List<Trace.Step> rectifiers =
        forward.trace().steps().stream()
            .filter(s -> s.layer() instanceof Relu && s.output().rank() >= 2)
            .toList();
    if (rectifiers.isEmpty()) {
      return;
    }
    List<Tensor> highest = rectifiers.stream().map(s -> highest(s.output())).toList();
    NDArray features = rows.features();
    Results r =
        Program.compile(highest, List.of())
            .run(
                Feed.of(
                    "x",
                    features.dtype() == spec.inputDtype()
                        ? features
                        : features.cast(spec.inputDtype())));
    for (int i = 0; i < rectifiers.size(); i++) {
      NDArray most = r.get(highest.get(i));
      long dead = LongStream.range(0, most.size()).filter(k -> most.get(k) <= 0).count();
      Trace.Step step = rectifiers.get(i);
      Doctor.deadUnits((step.path() + " " + step.name()).strip(), dead, most.size())
          .ifPresent(out::add);
    }
  }

  private static Tensor highest(Tensor y) {
    return y.max(IntStream.range(0, y.rank()).filter(a -> a != 1).toArray());
  }

  /**
   * The loss of the best constant answer, by the rows' weights; NaN for losses whose constant is
   * not known here.
   */
  static double chanceLoss(ModelSpec spec, Dataset train, float @Nullable [] weights) {
    if (spec.loss() instanceof CrossEntropy loss && train.task() == Task.CLASSIFICATION) {
      return loss.classWeights().isEmpty() || loss.labelSmoothing() == 0
          ? chanceLoss(loss, train, weights)
          : Double.NaN;
    }
    if (spec.loss() instanceof SquaredError && train.task() == Task.REGRESSION) {
      return Moments.ofTargets(train, weights).stream()
          .mapToDouble(m -> m.deviation() * m.deviation())
          .average()
          .orElse(Double.NaN);
    }
    return Double.NaN;
  }

  private static double chanceLoss(CrossEntropy loss, Dataset train, float @Nullable [] weights) {
    double[] counts = new double[train.classes()];
    int[] classes = train.classIndices();
    double all = 0;
    for (int i = 0; i < classes.length; i++) {
      int c = classes[i];
      if (c != loss.ignoredClass()) {
        double ofClass = loss.classWeights().isEmpty() ? 1 : loss.classWeights().get(c);
        double w = (weights == null ? 1 : weights[i]) * ofClass;
        counts[c] += w;
        all += w;
      }
    }
    double sum = 0;
    for (double count : counts) {
      double smoothing = loss.labelSmoothing();
      double p = (1 - smoothing) * count / all + smoothing / train.classes();
      sum -= p == 0 ? 0 : p * Math.log(p);
    }
    return sum;
  }
}
