package org.cajal.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.cajal.data.Dataset;
import org.cajal.data.Leaks;
import org.cajal.data.Task;
import org.cajal.layer.Forward;
import org.cajal.layer.Parameters;
import org.cajal.layer.Relu;
import org.cajal.layer.Trace;
import org.cajal.loss.CrossEntropy;
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
      Model model, Dataset train, @Nullable Dataset held, TrainingSettings settings, double rate) {
    List<String> out = new ArrayList<>();
    Dataset some = sample(train, ROWS, settings.seed());
    if (train.featureShape().rank() == 1 && train.featureDtype().isFloating()) {
      Doctor.inputScales(names(train), deviations(some.features())).ifPresent(out::add);
    }
    if (train.task() == Task.CLASSIFICATION && train.classes() > 0) {
      List<Long> counts = Arrays.stream(train.classCounts()).asLongStream().boxed().toList();
      Doctor.imbalance(train.classLabels(), counts).ifPresent(out::add);
      Evaluation e =
          model.evaluate(
              held == null || held.size() == 0 ? some : sample(held, ROWS, settings.seed()));
      e.confusion()
          .flatMap(m -> Doctor.singleClass(train.classLabels(), per(m, true), per(m, false)))
          .ifPresent(out::add);
    }
    deadUnits(model, sample(some, BATCH, settings.seed()), out);
    Doctor.learningRate(model.history().losses(), rate).ifPresent(out::add);
    if (held != null && held.size() > 0) {
      Doctor.sharedRows(Leaks.rowsInBoth(train, held), held.size())
          .ifPresent(s -> out.add(s.replace(" test rows", " validation rows")));
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

  private static List<Double> deviations(NDArray x) {
    int rows = x.shape().dim(0);
    int columns = x.shape().dim(1);
    List<Double> out = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      double mean = 0;
      for (int r = 0; r < rows; r++) {
        mean += x.get((long) r * columns + c) / rows;
      }
      double squares = 0;
      for (int r = 0; r < rows; r++) {
        double d = x.get((long) r * columns + c) - mean;
        squares += d * d / rows;
      }
      out.add(Math.sqrt(squares));
    }
    return out;
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

  /** The loss of the best constant answer; NaN for losses whose constant is not known here. */
  static double chanceLoss(ModelSpec spec, Dataset train) {
    if (spec.loss() instanceof CrossEntropy loss && train.task() == Task.CLASSIFICATION) {
      double sum = 0;
      for (int count : train.classCounts()) {
        double smoothing = loss.labelSmoothing();
        double p = (1 - smoothing) * count / train.size() + smoothing / train.classes();
        sum -= p == 0 ? 0 : p * Math.log(p);
      }
      return sum;
    }
    if (spec.loss() instanceof SquaredError && train.task() == Task.REGRESSION) {
      NDArray y = train.targets();
      int columns = Math.toIntExact(y.size() / y.shape().dim(0));
      return deviations(y.reshape(Shape.of(y.shape().dim(0), columns))).stream()
          .mapToDouble(d -> d * d)
          .average()
          .orElse(Double.NaN);
    }
    return Double.NaN;
  }
}
