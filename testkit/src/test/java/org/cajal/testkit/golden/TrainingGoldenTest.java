package org.cajal.testkit.golden;

import static org.cajal.layer.Layers.averagePooling;
import static org.cajal.layer.Layers.convolution;
import static org.cajal.layer.Layers.dense;
import static org.cajal.layer.Layers.embedding;
import static org.cajal.layer.Layers.flatten;
import static org.cajal.layer.Layers.layerNormalization;
import static org.cajal.layer.Layers.multiHeadAttention;
import static org.cajal.layer.Layers.positionEmbedding;
import static org.cajal.layer.Layers.relu;
import static org.cajal.layer.Layers.sequential;
import static org.cajal.layer.Layers.tanh;
import static org.cajal.layer.Layers.transformerBlock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.cajal.data.Task;
import org.cajal.init.Initializer;
import org.cajal.io.JsonObject;
import org.cajal.layer.Forward;
import org.cajal.layer.Layer;
import org.cajal.layer.Mode;
import org.cajal.layer.MultiHeadAttention;
import org.cajal.layer.Padding;
import org.cajal.layer.Parameters;
import org.cajal.layer.RecurrentCell;
import org.cajal.loss.CrossEntropy;
import org.cajal.model.Targets;
import org.cajal.optim.Optimizer;
import org.cajal.optim.Slots;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Program;
import org.cajal.tensor.Results;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;
import org.cajal.type.CajalException;
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
  private static final Set<String> TABLES = Set.of("embedding.weight", "tok.weight", "pos.weight");

  /** A network, and the golden names of its parameters by their paths. */
  private record Net(Layer model, Map<String, String> goldenOfPath) {}

  private static Net net(JsonObject args) {
    return switch (args.string("net")) {
      case "mlp" -> new Net(sequential(dense(16), relu(), dense(3)), named("0", "fc1", "2", "fc2"));
      case "lenet" -> lenet();
      case "char_lstm" -> characters(args);
      case "transformer" -> transformer(args);
      default -> throw new CajalException("[golden] no network " + args);
    };
  }

  /** Weights and biases of the layers at some paths, with their golden names. */
  private static Map<String, String> named(String... pathsAndNames) {
    Map<String, String> out = new LinkedHashMap<>();
    for (int i = 0; i < pathsAndNames.length; i += 2) {
      for (String part : List.of("/weight", "/bias")) {
        out.put(pathsAndNames[i] + part, pathsAndNames[i + 1] + part.replace('/', '.'));
      }
    }
    return out;
  }

  private static Net lenet() {
    return new Net(
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
        named("0", "conv1", "3", "conv2", "7", "fc1", "9", "fc2", "11", "fc3"));
  }

  /** The layer has two biases, as each of them is a parameter of the optimiser. */
  private static Net characters(JsonObject args) {
    int units = args.integer("hidden");
    int symbols = args.string("vocabulary").length();
    Layer lstm =
        (x, scope) -> {
          Shape row = Shape.of(4 * units);
          RecurrentCell.Weights weights =
              new RecurrentCell.Weights(
                  scope.parameter("weight_ih_l0", row.insert(0, x.dim(2)), Initializer.zeros()),
                  scope.parameter("weight_hh_l0", row.insert(0, units), Initializer.zeros()),
                  scope.parameter("bias_ih_l0", row, Initializer.zeros()),
                  scope.parameter("bias_hh_l0", row, Initializer.zeros()));
          return RecurrentCell.LSTM
              .run(x.transpose(1, 0, 2), List.of(), weights, false)
              .outputs()
              .transpose(1, 0, 2);
        };
    Map<String, String> names = named("0", "embedding", "2", "out");
    for (String name : List.of("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")) {
      names.put("1/" + name, "lstm." + name);
    }
    return new Net(sequential(embedding(symbols, 10), lstm, dense(symbols)), names);
  }

  private static Net transformer(JsonObject args) {
    int size = args.integer("d_model");
    int symbols = args.string("vocabulary").length();
    int blocks = args.integer("layers");
    List<Layer> layers = new ArrayList<>();
    layers.add(embedding(symbols, size));
    layers.add(positionEmbedding(12));
    Map<String, String> names = named("0", "tok", "1", "pos");
    for (int i = 0; i < blocks; i++) {
      MultiHeadAttention attention =
          multiHeadAttention(args.integer("heads")).withCausal(true).withBias(false, true);
      layers.add(transformerBlock(attention, 2 * size));
      String path = (i + 2) + "/";
      String name = "blocks." + i + ".";
      names.putAll(
          named(
              path + "norm1",
              name + "ln1",
              path + "norm2",
              name + "ln2",
              path + "attention",
              name + "qkv",
              path + "attention/output",
              name + "proj",
              path + "expand",
              name + "fc1",
              path + "contract",
              name + "fc2"));
    }
    layers.add(layerNormalization());
    layers.add(dense(symbols, Initializer.zeros()).withBias(false));
    names.putAll(named(String.valueOf(blocks + 2), "ln_f", String.valueOf(blocks + 3), "head"));
    return new Net(sequential(layers.toArray(Layer[]::new)), names);
  }

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
    Net net = net(golden.args());
    JsonObject settings = golden.args().object("optimizer");
    Optimizer optimizer = GoldenOptimizers.of(settings).orElseThrow();
    Map<String, String> goldenOfPath = new LinkedHashMap<>(net.goldenOfPath());
    goldenOfPath.values().removeIf(name -> !golden.hasInput("init." + name));
    Map<String, NDArray> initial = new LinkedHashMap<>();
    goldenOfPath.forEach(
        (path, name) -> initial.put(path, ours(name, golden.input("init." + name, dtype))));
    NDArray xs = golden.input("x", dtype);
    NDArray ys = golden.input("y");
    int steps = xs.shape().dim(0);
    Parameters parameters = Parameters.restored(dtype, initial);
    Tensor x = Tensor.input("x", xs.dtype(), xs.shape().sub(1, xs.shape().rank()));
    Tensor y = Tensor.input("y", DType.I64, ys.shape().sub(1, ys.shape().rank()));
    Task task = y.rank() == 2 ? Task.SEQUENCE : Task.CLASSIFICATION;
    Tensor rate = Tensor.input("rate", dtype, Shape.SCALAR);
    Tensor step = Tensor.input("step", DType.F32, Shape.SCALAR);
    Forward forward = Forward.of(net.model(), parameters, x, Mode.TRAINING, null);
    Tensor loss = Targets.loss(new CrossEntropy(), task, forward.output(), y, null);
    List<Tensor> trainable = parameters.trainable();
    List<Tensor> gradients = Gradients.of(loss).withRespectTo(trainable);
    List<Tensor> clipped = GoldenOptimizers.clipping(golden.args()).apply(gradients);
    List<Update> updates = optimizer.updates(trainable, clipped, rate, step, new Slots());
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
        values.put("gradient." + name, ours(name, results.get(gradients.get(i))));
      }
    }
    values.putAll(series.values());
    goldenOfPath.forEach(
        (path, name) -> values.put("final." + name, ours(name, parameters.get(path).value())));
    return GoldenResult.of(dtype, values);
  }

  /**
   * Weights of dense layers change places of input and output, tables of vectors do not; the change
   * is its own opposite.
   */
  private static NDArray ours(String name, NDArray value) {
    boolean table = TABLES.contains(name);
    return value.shape().rank() == 2 && !table
        ? Tensor.constant(value.copy()).transpose().eval()
        : value.copy();
  }
}
