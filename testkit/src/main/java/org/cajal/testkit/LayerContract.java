package org.cajal.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cajal.io.Codec;
import org.cajal.io.Json;
import org.cajal.layer.Forward;
import org.cajal.layer.Layer;
import org.cajal.layer.Mode;
import org.cajal.layer.Parameter;
import org.cajal.layer.Parameters;
import org.cajal.layer.Scope;
import org.cajal.optim.Sgd;
import org.cajal.optim.Slots;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Program;
import org.cajal.tensor.Results;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What every layer must keep, checked on one input shape. Users run it on their own layers:
 *
 * <pre>{@code LayerContract.of(new Scale(2)).input(4, 3).output(4, 3).check();}</pre>
 *
 * <p>Checked are: the output's shape, for two batch sizes; the same parameters in training and
 * evaluation, counted by the trace; finite numbers; that evaluation gives the same bits twice,
 * treats each sample on its own, and agrees between single and double precision; that restored
 * parameters give the same bits; that training one step by gradient descent with the same random
 * numbers lowers a loss, with a gradient for each parameter and the input that central differences
 * confirm; and the round trip through JSON.
 */
public final class LayerContract {
  private static final long SEED = 20;
  private static final double AGREEMENT = 1e-4;
  private static final double DIFFERENCE = 1e-6;

  private final Layer layer;
  private final Shape input;
  private final Shape output;
  private final int indices;
  private final boolean trains;
  private final boolean exactGradient;
  private final @Nullable Codec codec;

  private LayerContract(
      Layer layer,
      Shape input,
      Shape output,
      int indices,
      boolean trains,
      boolean exactGradient,
      @Nullable Codec codec) {
    this.layer = layer;
    this.input = input;
    this.output = output;
    this.indices = indices;
    this.trains = trains;
    this.exactGradient = exactGradient;
    this.codec = codec;
  }

  /** The contract of a layer. */
  public static LayerContract of(Layer layer) {
    return new LayerContract(layer, Shape.SCALAR, Shape.SCALAR, 0, true, true, null);
  }

  /** With an input of this shape, the batch axis first. */
  public LayerContract input(int... dims) {
    return new LayerContract(layer, Shape.of(dims), output, indices, trains, exactGradient, codec);
  }

  /** With an output of this shape, the batch axis first. */
  public LayerContract output(int... dims) {
    return new LayerContract(layer, input, Shape.of(dims), indices, trains, exactGradient, codec);
  }

  /** The input holds indices from 0 to count − 1 (I32) rather than floating numbers. */
  public LayerContract indices(int count) {
    return new LayerContract(layer, input, output, count, trains, exactGradient, codec);
  }

  /** The layer has no gradient: asking for one must be refused. */
  public LayerContract forwardOnly() {
    return new LayerContract(layer, input, output, indices, false, exactGradient, codec);
  }

  /**
   * The layer's gradient is not the derivative of its output, on purpose: central differences are
   * left out.
   */
  public LayerContract inexactGradient() {
    return new LayerContract(layer, input, output, indices, trains, false, codec);
  }

  /** Also checks the round trip of the layer through JSON. */
  public LayerContract codec(Codec records) {
    return new LayerContract(layer, input, output, indices, trains, exactGradient, records);
  }

  /**
   * Checks everything.
   *
   * @throws AssertionError naming the layer and what it does not keep
   */
  public void check() {
    checkShapes();
    checkEvaluation();
    if (trains) {
      checkTraining();
    } else {
      checkRefusal();
    }
    if (codec != null && layer instanceof Record asRecord) {
      Map<String, ?> fields = codec.encode(asRecord);
      Layer back = codec.decode(Json.parseObject(Json.write(fields), "layer"), Layer.class);
      require(back.equals(layer), "comes back from JSON as " + back);
    }
  }

  private void require(boolean kept, String problem) {
    if (!kept) {
      throw new AssertionError(Scope.nameOf(layer) + " on " + input + ": " + problem);
    }
  }

  private Tensor input(DType dtype, Shape shape) {
    return Tensor.input("x", indices > 0 ? DType.I32 : dtype, shape);
  }

  private static Tensor key() {
    return Tensor.input("key", DType.I32, Shape.of(2));
  }

  private NDArray numbers(DType dtype, Shape shape) {
    NDArray out = NDArray.zeros(indices > 0 ? DType.I32 : dtype, shape);
    long key = CounterRandom.key(SEED, "input");
    for (long i = 0; i < out.size(); i++) {
      // rounded to single precision, so that both precisions see the same input
      out.set(
          i,
          indices > 0
              ? CounterRandom.below(key, i, indices)
              : (float) CounterRandom.normal(key, i));
    }
    return out;
  }

  private static Feed feed(NDArray x) {
    return Feed.of("x", x).and("key", NDArray.of(new int[] {5, 7}, Shape.of(2)));
  }

  private void checkShapes() {
    for (int more = 0; more < 2; more++) {
      Parameters parameters = new Parameters(SEED);
      Shape in = input.with(0, input.dim(0) + more);
      Shape expected = output.with(0, output.dim(0) + more * (output.dim(0) / input.dim(0)));
      Forward evaluation = Forward.evaluation(layer, parameters, input(DType.F32, in));
      require(
          evaluation.output().shape().equals(expected),
          "the output for "
              + in
              + " is "
              + evaluation.output().shape()
              + ", expected is "
              + expected);
      require(evaluation.updates().isEmpty(), "evaluation updates state");
      List<Parameter> before = parameters.all();
      Forward.of(layer, parameters, input(DType.F32, in), Mode.TRAINING, key());
      require(
          before.equals(parameters.all()),
          "training has the parameters " + parameters.all() + ", evaluation " + before);
      require(
          evaluation.trace().parameters() == parameters.count(),
          "the trace counts "
              + evaluation.trace().parameters()
              + " parameters, there are "
              + parameters.count());
    }
  }

  private NDArray evaluate(Parameters parameters, NDArray x) {
    Forward forward = Forward.evaluation(layer, parameters, input(parameters.dtype(), x.shape()));
    return Program.compile(List.of(forward.output()), List.of()).run(Feed.of("x", x)).get(0);
  }

  private void checkEvaluation() {
    Parameters parameters = new Parameters(SEED);
    NDArray x = numbers(DType.F32, input);
    NDArray y = evaluate(parameters, x);
    for (double v : y.toDoubles()) {
      require(Double.isFinite(v), "the output has " + v);
    }
    require(evaluate(parameters, x).equals(y), "evaluation gives other numbers the second time");
    Parameters restored = Parameters.restored(DType.F32, parameters.values());
    require(evaluate(restored, x).equals(y), "restored parameters give other numbers");
    require(
        restored.unused().isEmpty(), "some saved parameters are not used: " + restored.unused());
    Map<String, NDArray> exact = new TreeMap<>();
    parameters.values().forEach((path, value) -> exact.put(path, value.cast(DType.F64)));
    NDArray inDouble = evaluate(Parameters.restored(DType.F64, exact), numbers(DType.F64, input));
    requireClose(y, inDouble, 0, "single and double precision");
    NDArray first = NDArray.zeros(x.dtype(), input.with(0, 1));
    for (long i = 0; i < first.size(); i++) {
      first.set(i, x.get(i));
    }
    requireClose(evaluate(parameters, first), y, 0, "a sample alone and in its batch");
  }

  /** The numbers of a, against as many of b. */
  private void requireClose(NDArray a, NDArray b, long from, String what) {
    for (long i = 0; i < a.size(); i++) {
      double difference = Math.abs(a.get(i) - b.get(from + i));
      require(
          difference <= AGREEMENT * Math.max(1, Math.abs(a.get(i))),
          what + " differ at " + i + ": " + a.get(i) + " and " + b.get(from + i));
    }
  }

  private void checkRefusal() {
    Tensor x = Tensor.parameter("x", numbers(DType.F32, input));
    Tensor y = Forward.evaluation(layer, new Parameters(SEED), x).output();
    boolean refused = false;
    try {
      Gradients.of(y.sum()).withRespectTo(x);
    } catch (CajalException expected) {
      refused = true;
    }
    require(refused, "a gradient is not refused");
  }

  private void checkTraining() {
    Parameters parameters = new Parameters(DType.F64, SEED);
    NDArray numbers = numbers(DType.F64, input);
    Tensor x = indices > 0 ? Tensor.constant(numbers) : Tensor.parameter("input", numbers);
    Forward forward = Forward.of(layer, parameters, x, Mode.TRAINING, key());
    Tensor loss = forward.output().minus(target(forward.output().shape())).square().mean();
    List<Tensor> wanted = new ArrayList<>(parameters.trainable());
    if (indices == 0) {
      wanted.add(x);
    }
    List<Tensor> gradients = Gradients.of(loss).withRespectTo(wanted);
    List<Tensor> outputs = new ArrayList<>(gradients);
    outputs.add(loss);
    Tensor rate = Tensor.scalar(DType.F64, 1e-3);
    List<Update> updates = new Sgd().updates(wanted, gradients, rate, rate, new Slots());
    Program measure = Program.compile(outputs, List.of());
    Feed feed = feed(numbers);
    Results before = measure.run(feed);
    double steepness = 0;
    for (int i = 0; i < wanted.size(); i++) {
      double largest = Arrays.stream(before.get(i).toDoubles()).map(Math::abs).max().orElse(0);
      String name = wanted.get(i).variable().name();
      require(Double.isFinite(largest), "the gradient of " + name + " is not finite");
      require(largest > 0, "the gradient of " + name + " is 0 everywhere");
      steepness = Math.max(steepness, largest);
    }
    if (exactGradient) {
      checkDifferences(measure, feed, wanted, before, loss);
    }
    Program.compile(List.of(), updates).run(feed);
    double after = measure.run(feed).scalar(loss);
    require(
        after < before.scalar(loss),
        "one step of gradient descent takes the loss from " + before.scalar(loss) + " to " + after);
  }

  private static Tensor target(Shape shape) {
    NDArray out = NDArray.zeros(DType.F64, shape);
    long key = CounterRandom.key(SEED, "target");
    for (long i = 0; i < out.size(); i++) {
      out.set(i, CounterRandom.normal(key, i));
    }
    return Tensor.constant(out);
  }

  /**
   * The slope along one random direction through all parameters and the input, against central
   * differences.
   */
  private void checkDifferences(
      Program measure, Feed feed, List<Tensor> wanted, Results at, Tensor loss) {
    List<NDArray> directions = new ArrayList<>();
    double slope = 0;
    double size = 0;
    for (int i = 0; i < wanted.size(); i++) {
      NDArray direction = NDArray.zeros(DType.F64, wanted.get(i).shape());
      long key = CounterRandom.key(SEED, "direction" + i);
      for (long j = 0; j < direction.size(); j++) {
        direction.set(j, CounterRandom.normal(key, j));
        slope += direction.get(j) * at.get(i).get(j);
        size += Math.abs(direction.get(j) * at.get(i).get(j));
      }
      directions.add(direction);
    }
    double up = moved(measure, feed, wanted, directions, DIFFERENCE, loss);
    double down = moved(measure, feed, wanted, directions, -DIFFERENCE, loss);
    double measured = (up - down) / (2 * DIFFERENCE);
    require(
        Math.abs(measured - slope) <= 1e-6 * Math.max(1e-3, size),
        "the slope along a random direction is "
            + slope
            + ", central differences give "
            + measured);
  }

  private static double moved(
      Program measure,
      Feed feed,
      List<Tensor> wanted,
      List<NDArray> directions,
      double by,
      Tensor loss) {
    List<NDArray> values = wanted.stream().map(t -> t.variable().value().copy()).toList();
    for (int i = 0; i < values.size(); i++) {
      NDArray value = values.get(i).copy();
      for (long j = 0; j < value.size(); j++) {
        value.set(j, value.get(j) + by * directions.get(i).get(j));
      }
      wanted.get(i).variable().set(value);
    }
    double result = measure.run(feed).scalar(loss);
    for (int i = 0; i < values.size(); i++) {
      wanted.get(i).variable().set(values.get(i));
    }
    return result;
  }
}
