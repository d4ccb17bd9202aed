package org.cajal.testkit.golden;

import static org.cajal.layer.Layers.averagePooling;
import static org.cajal.layer.Layers.convolution;
import static org.cajal.layer.Layers.dense;
import static org.cajal.layer.Layers.flatten;
import static org.cajal.layer.Layers.relu;
import static org.cajal.layer.Layers.sequential;
import static org.cajal.layer.Layers.tanh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cajal.io.JsonObject;
import org.cajal.layer.Forward;
import org.cajal.layer.Layer;
import org.cajal.layer.Mode;
import org.cajal.layer.Padding;
import org.cajal.layer.Parameters;
import org.cajal.loss.CrossEntropy;
import org.cajal.optim.Optimizer;
import org.cajal.optim.Slots;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Program;
import org.cajal.tensor.Results;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Whole training runs against golden values: the loss of every step, the first gradients and the
 * last parameters. The limits are those of single operations, far below the 1e-4 that a run may
 * drift.
 */
final class TrainingGoldenTest {
  private static final GoldenReport REPORT = new GoldenReport("training runs");

  /** A network, and the golden names of the layers that have parameters, by their position. */
  private record Net(Layer model, Map<String, String> nameOfPosition) {}

  private static final Map<String, Net> NETS =
      Map.of(
          "mlp", new Net(sequential(dense(16), relu(), dense(3)), Map.of("0", "fc1", "2", "fc2")),
          "lenet",
              new Net(
                  sequential(
                      convolution(6, 5).withPadding(Padding.of(2)),
                      tanh(),
                      averagePooling(2),
                      convolution(16, 5),
                      tanh(),
                      averagePooling(2),
                      flatten(),
                      dense(120),
                      tanh(),
                      dense(84),
                      tanh(),
                      dense(10)),
                  Map.of("0", "conv1", "3", "conv2", "7", "fc1", "9", "fc2", "11", "fc3")));

  @TestFactory
  Stream<DynamicTest> inSinglePrecision() {
    return GoldenTests.of("11_training.safetensors", mapping(DType.F32), REPORT);
  }

  @TestFactory
  Stream<DynamicTest> inDoublePrecision() {
    return GoldenTests.of("11_training.safetensors", mapping(DType.F64), REPORT);
  }

  @AfterAll
  static void print() {
    GoldenTests.print(REPORT);
  }

  private static GoldenMapping mapping(DType dtype) {
    return new GoldenMapping().on("train", golden -> train(golden, dtype));
  }

  private static GoldenResult train(GoldenCase golden, DType dtype) {
    Net net = NETS.get(golden.args().string("net"));
    if (net == null) {
      return GoldenResult.noCounterpart("train " + golden.args().string("net"));
    }
    JsonObject settings = golden.args().object("optimizer");
    Optimizer optimizer = GoldenOptimizers.of(settings).orElseThrow();
    Map<String, String> goldenOfPath = new LinkedHashMap<>();
    Map<String, NDArray> initial = new LinkedHashMap<>();
    net.nameOfPosition()
        .forEach(
            (position, name) -> {
              for (String part : List.of("weight", "bias")) {
                goldenOfPath.put(position + "/" + part, name + "." + part);
                initial.put(
                    position + "/" + part, ours(golden.input("init." + name + "." + part, dtype)));
              }
            });
    NDArray xs = golden.input("x", dtype);
    NDArray ys = golden.input("y");
    int steps = xs.shape().dim(0);
    Parameters parameters = Parameters.restored(dtype, initial);
    Tensor x = Tensor.input("x", dtype, xs.shape().sub(1, xs.shape().rank()));
    Tensor y = Tensor.input("y", DType.I64, ys.shape().sub(1, 2));
    Tensor rate = Tensor.input("rate", dtype, Shape.SCALAR);
    Tensor step = Tensor.input("step", DType.F32, Shape.SCALAR);
    Forward forward = Forward.of(net.model(), parameters, x, Mode.TRAINING, null);
    Tensor loss = new CrossEntropy().apply(forward.output(), y);
    List<Tensor> trainable = parameters.trainable();
    List<Tensor> gradients = Gradients.of(loss).withRespectTo(trainable);
    List<Update> updates = optimizer.updates(trainable, gradients, rate, step, new Slots());
    List<Tensor> outputs = new ArrayList<>(gradients);
    outputs.add(loss);
    Program program = Program.compile(outputs, updates);
    Series series = new Series(dtype, steps);
    Map<String, NDArray> values = new LinkedHashMap<>();
    for (int t = 0; t < steps; t++) {
      Results results =
          program.run(
              Feed.of("x", Series.entry(xs, t))
                  .and("y", Series.entry(ys, t))
                  .and("rate", NDArray.scalar(dtype, settings.number("lr")))
                  .and("step", t + 1));
      series.add("loss", results.get(loss));
      for (int i = 0; t == 0 && i < trainable.size(); i++) {
        String name = goldenOfPath.get(trainable.get(i).variable().name());
        values.put("gradient." + name, ours(results.get(gradients.get(i))));
      }
    }
    values.putAll(series.values());
    goldenOfPath.forEach(
        (path, name) -> values.put("final." + name, ours(parameters.get(path).value())));
    return GoldenResult.of(dtype, values);
  }

  /** Weights of dense layers change places of input and output; the change is its own opposite. */
  private static NDArray ours(NDArray value) {
    return value.shape().rank() == 2
        ? Tensor.constant(value.copy()).transpose().eval()
        : value.copy();
  }
}
