package org.cajal.model;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.cajal.data.Dataset;
import org.cajal.data.OutputRule;
import org.cajal.data.Task;
import org.cajal.layer.Forward;
import org.cajal.layer.Parameters;
import org.cajal.tensor.BoundProgram;
import org.cajal.tensor.Feed;
import org.cajal.tensor.FreeList;
import org.cajal.tensor.Program;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A network at work on batches of any size: a program each for 1, 8, 64 and 256 examples, compiled
 * on first use. A batch takes the smallest that holds it and is filled up with zeros; a larger one
 * goes in pieces. It reads the live parameters, which training may change between two calls. Safe
 * from any number of threads.
 */
public final class Inference {
  private static final int[] SIZES = {1, 8, 64, 256};

  private final ModelSpec spec;
  private final Parameters parameters;
  private final Shape outputShape;
  private final Map<Integer, Predictor> predictors = new ConcurrentHashMap<>();
  private final Map<Integer, FreeList<Measuring>> measuring = new ConcurrentHashMap<>();

  /** A program that measures, with its memory. */
  private record Measuring(
      NDArray x,
      NDArray y,
      NDArray weights,
      BoundProgram program,
      NDArray loss,
      NDArray weight,
      NDArray hits,
      NDArray answers) {}

  /**
   * The mean loss over rows, and what the network answers for each.
   *
   * @param loss the mean by the rows' weights
   * @param accuracy the share of right answers by these weights; NaN where none is right or wrong
   * @param weight of all rows together
   * @param answers [N, ...] as {@link org.cajal.loss.Loss#predictions} gives them: probabilities or
   *     numbers
   */
  public record Measured(double loss, double accuracy, double weight, NDArray answers) {}

  /**
   * A network with its numbers; parameters that are not there yet are made.
   *
   * @throws CajalException if a layer refuses its input, or the output does not fit the classes
   */
  public Inference(ModelSpec spec, Parameters parameters) {
    this.spec = spec;
    this.parameters = parameters;
    Shape output = sketch().output().shape();
    if (output.rank() < 1 || output.dim(0) != 1) {
      throw new CajalException(
          "[model] the network gives "
              + output
              + " for a batch of 1; the first axis must count the examples");
    }
    outputShape = output.sub(1, output.rank());
    requireClasses();
  }

  private void requireClasses() {
    int classes = spec.several().map(OutputRule.OfSeveral::width).orElse(spec.labels().size());
    boolean sequence = spec.task() == Task.SEQUENCE;
    if (spec.task() == Task.MULTIOUTPUT && spec.several().isEmpty()) {
      throw new CajalException(
          "[model] several targets need the preprocessing of their table, which says what each is;"
              + " add it with ModelSpec.with");
    }
    boolean fits =
        classes == 0
            || spec.oneOutputForTwoClasses(outputShape)
            || (outputShape.rank() >= 1
                && outputShape.dim(sequence ? -1 : 0) == classes
                && (!sequence || outputShape.rank() == 2));
    if (!fits) {
      throw new CajalException(
          "[model] the network gives "
              + outputShape
              + " for each example, but there are "
              + classes
              + (sequence
                  ? " symbols; let it give [steps, " + classes + "], by a last layer of "
                  : spec.task() == Task.MULTIOUTPUT
                      ? " values of all targets; let its last layer have "
                      : spec.task() == Task.MULTILABEL
                          ? " labels; let its last layer have "
                          : " classes; let its last layer have ")
              + classes
              + " units");
    }
  }

  /** What the network asks for with a batch of 1: {@link Forward#sketch}. */
  Forward sketch() {
    return Forward.sketch(spec.architecture(), parameters, input(1));
  }

  /** The network's graph in evaluation, for a batch of some size. */
  public Forward forward(int batch) {
    return Forward.evaluation(spec.architecture(), parameters, input(batch));
  }

  private Tensor input(int batch) {
    return Tensor.input("x", spec.inputDtype(), Shape.of(batch).concat(spec.inputShape()));
  }

  /** The shape of one answer, without the batch axis. */
  public Shape outputShape() {
    return outputShape;
  }

  /**
   * The network compiled for so many examples, kept for the next time.
   *
   * @throws CajalException if the number is below 1
   */
  public Predictor predictor(int rows) {
    if (rows < 1) {
      throw new CajalException("[predict] a batch of " + rows + " examples; at least 1 is needed");
    }
    return predictors.computeIfAbsent(
        rows,
        n -> {
          Tensor x = input(n);
          Forward forward = Forward.evaluation(spec.architecture(), parameters, x);
          Tensor answers = answers(forward.output());
          return new Predictor(x, answers, Program.compile(List.of(answers), List.of()));
        });
  }

  private Tensor answers(Tensor output) {
    return spec.loss().predictions(Targets.rows(spec.task(), output)).reshape(output.shape());
  }

  private FreeList<Measuring> measuring(int size, Dataset data) {
    return measuring.computeIfAbsent(
        size,
        n -> {
          Tensor input = input(n);
          Tensor output = Forward.evaluation(spec.architecture(), parameters, input).output();
          Tensor target =
              Tensor.input("y", data.targetDtype(), Shape.of(n).concat(data.targetShape()));
          Tensor weights = Tensor.input("w", spec.dtype(), Shape.of(n));
          Tensor loss = Targets.loss(spec.loss(), spec.task(), output, target, weights);
          Tensor each = Targets.weights(spec.loss(), spec.task(), output, target, weights);
          Tensor weight = Targets.weight(spec.task(), target, each);
          Tensor hits = Targets.hits(spec.loss(), spec.task(), output, target, each);
          Tensor answers = answers(output);
          Program program = Program.compile(List.of(answers, loss, weight, hits), List.of());
          return new FreeList<>(
              () -> {
                NDArray x = NDArray.zeros(input.dtype(), input.shape());
                NDArray y = NDArray.zeros(target.dtype(), target.shape());
                NDArray w = NDArray.zeros(weights.dtype(), weights.shape());
                BoundProgram bound = program.bind(Feed.of("x", x).and("y", y).and("w", w));
                return new Measuring(
                    x,
                    y,
                    w,
                    bound,
                    bound.output(loss),
                    bound.output(weight),
                    bound.output(hits),
                    bound.output(answers));
              });
        });
  }

  private static int sizeFor(int rows) {
    for (int size : SIZES) {
      if (rows <= size) {
        return size;
      }
    }
    return SIZES[SIZES.length - 1];
  }

  /**
   * What the network answers.
   *
   * @param batch [N, ...] of the input's shape; floating numbers are rounded to the parameters'
   *     type
   * @return [N, ...] probabilities or numbers, as the loss defines them
   * @throws CajalException if the shape or type does not fit
   */
  public NDArray answers(NDArray batch) {
    Shape shape = batch.shape();
    if (shape.rank() != spec.inputShape().rank() + 1
        || !shape.sub(1, shape.rank()).equals(spec.inputShape())) {
      throw new CajalException(
          "[predict] the batch is "
              + shape
              + "; the model takes [N, "
              + inside(spec.inputShape())
              + "]");
    }
    NDArray x = batch;
    if (x.dtype() != spec.inputDtype()) {
      if (!x.dtype().isFloating() || !spec.inputDtype().isFloating()) {
        throw new CajalException(
            "[predict] the batch is " + x.dtype() + "; the model takes " + spec.inputDtype());
      }
      x = x.cast(spec.inputDtype());
    }
    int rows = shape.dim(0);
    NDArray out = NDArray.zeros(spec.dtype(), Shape.of(rows).concat(outputShape));
    for (int from = 0; from < rows; ) {
      int size = sizeFor(rows - from);
      int count = Math.min(size, rows - from);
      predictor(size).predict(x, from, count, out);
      from += count;
    }
    return out;
  }

  private static String inside(Shape shape) {
    String text = shape.toString();
    return text.substring(1, text.length() - 1);
  }

  /**
   * The loss and the answers on data whose targets are known.
   *
   * @param rowWeights how much each row counts; null for equal weights
   * @throws CajalException if the data does not fit the network, or nothing of it counts
   */
  public Measured measure(Dataset data, float @Nullable [] rowWeights) {
    return measure(data, rowWeights, data.size());
  }

  /**
   * As {@link #measure} without the answers, which for many classes are large: [0, ...].
   *
   * @param rowWeights how much each row counts; null for equal weights
   * @throws CajalException as {@link #measure}
   */
  public Measured score(Dataset data, float @Nullable [] rowWeights) {
    return measure(data, rowWeights, 0);
  }

  /** Keeps the answers of all rows or of none. */
  private Measured measure(Dataset data, float @Nullable [] rowWeights, int kept) {
    requireFitting(data);
    int rows = data.size();
    int size = sizeFor(rows);
    FreeList<Measuring> all = measuring(size, data);
    Measuring m = all.take();
    NDArray out = NDArray.zeros(spec.dtype(), Shape.of(kept).concat(outputShape));
    long outBytes = spec.dtype().bytes() * outputShape.size();
    int[] order = IntStream.range(0, rows).toArray();
    double sum = 0;
    double weight = 0;
    double hits = 0;
    for (int from = 0; from < rows; from += size) {
      int count = Math.min(size, rows - from);
      data.gather(order, from, from + count, m.x(), m.y());
      for (int i = 0; i < size; i++) {
        m.weights().set(i, i >= count ? 0 : rowWeights == null ? 1 : rowWeights[from + i]);
      }
      m.program().run();
      sum += m.loss().get(0) * m.weight().get(0);
      weight += m.weight().get(0);
      hits += m.hits().get(0);
      if (kept > 0) {
        MemorySegment.copy(
            m.answers().memory(), 0, out.memory(), from * outBytes, count * outBytes);
      }
    }
    all.give(m);
    if (rows > 0 && weight == 0) {
      throw new CajalException(
          "["
              + data.name()
              + "] none of the "
              + rows
              + " rows counts: all targets are of the ignored class, or have the weight 0; at least"
              + " one must count");
    }
    return new Measured(
        sum / weight, spec.task().hasAccuracy() ? hits / weight : Double.NaN, weight, out);
  }

  /**
   * Refuses data that the network cannot read.
   *
   * @throws CajalException if examples or classes differ from the model's
   */
  public void requireFitting(Dataset data) {
    if (!data.featureShape().equals(spec.inputShape())
        || data.featureDtype().isFloating() != spec.inputDtype().isFloating()) {
      throw new CajalException(
          "["
              + data.name()
              + "] examples are "
              + data.featureDtype()
              + " "
              + data.featureShape()
              + ", the model takes "
              + spec.inputDtype()
              + " "
              + spec.inputShape()
              + "; use data of the kind it was made for");
    }
    if (data.task() != spec.task() || data.classes() != spec.labels().size()) {
      throw new CajalException(
          "["
              + data.name()
              + "] this is "
              + kind(data.task(), data.classes())
              + ", the model is for "
              + kind(spec.task(), spec.labels().size())
              + "; use data of the kind it was made for");
    }
  }

  private static String kind(Task task, int classes) {
    return switch (task) {
      case CLASSIFICATION -> "classification into " + classes + " classes";
      case REGRESSION -> "regression";
      case SEQUENCE -> "sequences of " + classes + " symbols";
      case MULTILABEL -> classes + " labels that do not exclude each other";
      case MULTIOUTPUT -> "several targets";
    };
  }
}
