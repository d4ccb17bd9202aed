package org.cajal.testkit.golden;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cajal.init.Initializer;
import org.cajal.io.JsonObject;
import org.cajal.layer.Attention;
import org.cajal.layer.BatchNormalization;
import org.cajal.layer.Bilinear;
import org.cajal.layer.Dense;
import org.cajal.layer.Dropout;
import org.cajal.layer.Embedding;
import org.cajal.layer.Forward;
import org.cajal.layer.GroupNormalization;
import org.cajal.layer.Layer;
import org.cajal.layer.LayerNormalization;
import org.cajal.layer.LocalResponseNormalization;
import org.cajal.layer.Mode;
import org.cajal.layer.Parameters;
import org.cajal.layer.RmsNormalization;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Program;
import org.cajal.tensor.Tensor;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Layers against golden values. */
final class LayerGoldenTest {
  private static final GoldenReport REPORT = new GoldenReport("layers");

  @TestFactory
  Stream<DynamicTest> inSinglePrecision() {
    return GoldenTests.of("06_layers.safetensors", mapping(DType.F32), REPORT);
  }

  @TestFactory
  Stream<DynamicTest> inDoublePrecision() {
    return GoldenTests.of("06_layers.safetensors", mapping(DType.F64), REPORT);
  }

  @AfterAll
  static void print() {
    GoldenTests.print(REPORT);
  }

  /** One layer on the input x, with parameters of the golden names, shapes and values. */
  private interface OneLayer {
    Layer of(GoldenGraph.Inputs inputs, JsonObject args);
  }

  private static GoldenMapping mapping(DType dtype) {
    GoldenMapping mapping = new GoldenMapping();
    mapping.on("linear", golden -> GoldenGraph.evaluate(golden, dtype, LayerGoldenTest::linear));
    mapping.on(
        "bilinear", golden -> GoldenGraph.evaluate(golden, dtype, LayerGoldenTest::bilinear));
    mapping.on(
        "embedding",
        golden -> GoldenGraph.evaluate(golden, dtype, in -> embedding(in, golden.args())));
    mapping.on(
        "batch_norm",
        golden -> GoldenGraph.evaluate(golden, dtype, in -> batchNorm(in, golden.args())));
    mapping.on(
        "sdpa", golden -> GoldenGraph.evaluate(golden, dtype, in -> attention(in, golden.args())));
    mapping.on(
        "sinusoidal",
        golden ->
            GoldenGraph.evaluate(
                golden,
                dtype,
                in ->
                    Map.of(
                        "out",
                        Attention.sinusoidalPositions(
                            dtype,
                            golden.args().integer("length"),
                            golden.args().integer("d"),
                            golden.args().number("base")))));
    mapping.on(
        "rope",
        golden ->
            GoldenGraph.evaluate(
                golden,
                dtype,
                in ->
                    Map.of(
                        "out",
                        Attention.rotary(
                            in.get("x"),
                            golden.args().string("style").equals("half")
                                ? Attention.RotaryPairs.HALVES
                                : Attention.RotaryPairs.NEIGHBOURS,
                            golden.args().number("base")))));
    mapping.on(
        "alibi",
        golden ->
            GoldenGraph.evaluate(
                golden,
                dtype,
                in ->
                    Map.of(
                        "out",
                        Attention.linearBiases(
                            dtype,
                            golden.args().integer("heads"),
                            golden.args().integer("length")))));
    GoldenSequences.register(mapping, dtype);
    mapping.on("dropout_stats", golden -> dropoutStatistics(golden, dtype));
    mapping.on(
        "dropout_mask",
        golden ->
            GoldenGraph.evaluate(
                golden,
                dtype,
                in ->
                    Map.of(
                        "out",
                        Dropout.masked(
                            in.get("x"), in.get("mask").equalTo(1), golden.args().number("p")))));
    Map<String, OneLayer> layers = new LinkedHashMap<>();
    layers.put(
        "layer_norm",
        (in, args) ->
            new LayerNormalization(
                args.integers("normalized_shape").size(), args.number("eps"), in.has("weight")));
    layers.put(
        "rms_norm",
        (in, args) ->
            new RmsNormalization(
                args.integers("normalized_shape").size(), args.number("eps"), in.has("weight")));
    layers.put(
        "group_norm",
        (in, args) ->
            new GroupNormalization(args.integer("groups"), args.number("eps"), in.has("weight")));
    layers.put(
        "instance_norm",
        (in, args) ->
            new GroupNormalization(
                GroupNormalization.EACH_CHANNEL, args.number("eps"), in.has("weight")));
    layers.put(
        "local_response_norm",
        (in, args) ->
            new LocalResponseNormalization(
                args.integer("size"), args.number("alpha"), args.number("beta"), args.number("k")));
    layers.forEach(
        (op, layer) ->
            mapping.on(
                op,
                golden ->
                    GoldenGraph.evaluate(
                        golden, dtype, in -> oneLayer(in, layer.of(in, golden.args())))));
    return mapping;
  }

  /** Parameters with the values of inputs, under the same names. */
  private static Parameters restored(GoldenGraph.Inputs in, String... names) {
    Map<String, NDArray> values = new HashMap<>();
    for (String name : names) {
      if (in.has(name)) {
        values.put(name, in.array(name));
      }
    }
    return Parameters.restored(in.dtype(), values);
  }

  private static void stand(GoldenGraph.Inputs in, Parameters parameters, String... names) {
    for (String name : names) {
      if (in.has(name)) {
        in.stand(name, Tensor.of(parameters.get(name)));
      }
    }
  }

  private static Map<String, Tensor> oneLayer(GoldenGraph.Inputs in, Layer layer) {
    Parameters parameters = restored(in, "weight", "bias");
    Tensor out = Forward.of(layer, parameters, in.get("x"), Mode.TRAINING, null).output();
    stand(in, parameters, "weight", "bias");
    return Map.of("out", out);
  }

  private static Map<String, Tensor> linear(GoldenGraph.Inputs in) {
    NDArray weight = Tensor.constant(in.array("weight")).transpose().eval();
    Map<String, NDArray> values = new HashMap<>(Map.of("weight", weight));
    if (in.has("bias")) {
      values.put("bias", in.array("bias"));
    }
    Parameters parameters = Parameters.restored(in.dtype(), values);
    Layer dense = new Dense(weight.shape().dim(1), in.has("bias"), Initializer.zeros());
    Tensor out = Forward.evaluation(dense, parameters, in.get("x")).output();
    in.standTransposed("weight", Tensor.of(parameters.get("weight")));
    stand(in, parameters, "bias");
    return Map.of("out", out);
  }

  private static Map<String, Tensor> bilinear(GoldenGraph.Inputs in) {
    Parameters parameters = restored(in, "weight", "bias");
    Bilinear bilinear =
        new Bilinear(in.array("weight").shape().dim(0), in.has("bias"), Initializer.zeros());
    Layer onSecond = (x, scope) -> bilinear.apply(x, in.get("x2"), scope);
    Tensor out = Forward.evaluation(onSecond, parameters, in.get("x1")).output();
    stand(in, parameters, "weight", "bias");
    return Map.of("out", out);
  }

  private static Map<String, Tensor> embedding(GoldenGraph.Inputs in, JsonObject args) {
    Shape weight = in.array("weight").shape();
    boolean padded = args.fields().get("padding_idx") != null;
    Parameters parameters = restored(in, "weight");
    Layer embedding =
        new Embedding(
            weight.dim(0),
            weight.dim(1),
            padded ? args.integer("padding_idx") : Embedding.NO_PADDING,
            Initializer.zeros());
    Tensor out = Forward.of(embedding, parameters, in.get("index"), Mode.TRAINING, null).output();
    stand(in, parameters, "weight");
    return Map.of("out", out);
  }

  private static Map<String, Tensor> batchNorm(GoldenGraph.Inputs in, JsonObject args) {
    String[] names = {"weight", "bias", "running_mean", "running_var"};
    Parameters parameters = restored(in, names);
    Layer layer =
        new BatchNormalization(args.number("momentum"), args.number("eps"), in.has("weight"));
    Map<String, Tensor> out = new LinkedHashMap<>();
    if (args.bool("training")) {
      int steps = args.integer("steps");
      List<Tensor> means = new ArrayList<>();
      List<Tensor> variances = new ArrayList<>();
      Layer inTurn =
          (first, scope) -> {
            Tensor y = first;
            for (int i = 0; i < steps; i++) {
              y = layer.apply(in.get("x" + i), scope);
              out.put("out" + i, y);
              NDArray zeros = NDArray.zeros(in.dtype(), Shape.of(first.dim(1)));
              means.add(scope.state("running_mean", zeros).expandDims(0));
              variances.add(scope.state("running_var", zeros).expandDims(0));
            }
            return y;
          };
      Forward.of(inTurn, parameters, in.get("x0"), Mode.TRAINING, null);
      out.put("running_mean_steps", Tensor.concatenate(0, means));
      out.put("running_var_steps", Tensor.concatenate(0, variances));
    } else {
      out.put("out", Forward.evaluation(layer, parameters, in.get("x")).output());
    }
    stand(in, parameters, names);
    return out;
  }

  private static Map<String, Tensor> attention(GoldenGraph.Inputs in, JsonObject args) {
    Tensor q = in.get("q");
    Tensor allowed = in.has("mask_allowed") ? in.get("mask_allowed").equalTo(1) : null;
    double scale = args.number("scale", 1 / Math.sqrt(q.dim(-1)));
    Tensor out =
        Attention.scaledDotProduct(
            q,
            in.get("k"),
            in.get("v"),
            allowed,
            in.optional("mask_add"),
            args.bool("causal"),
            scale);
    return Map.of("out", out);
  }

  private static GoldenResult dropoutStatistics(GoldenCase golden, DType dtype) {
    int n = golden.args().integer("n");
    Tensor ones = Tensor.ones(dtype, Shape.of(n));
    Tensor key = Tensor.input("key", DType.I32, Shape.of(2));
    Forward forward =
        Forward.of(
            new Dropout(golden.args().number("p")),
            new Parameters(dtype, 1),
            ones,
            Mode.TRAINING,
            key);
    NDArray out =
        Program.compile(List.of(forward.output()), List.of())
            .run(Feed.of("key", NDArray.of(new int[] {17, 4}, Shape.of(2))))
            .get(forward.output());
    double kept = 0;
    double sum = 0;
    double scale = 0;
    for (double v : out.toDoubles()) {
      kept += v != 0 ? 1 : 0;
      scale = Math.max(scale, v);
      sum += v;
    }
    Map<String, NDArray> values = new HashMap<>();
    values.put("scale", NDArray.scalar(dtype, scale));
    values.put("keep_fraction", within(golden, "keep_fraction", "keep_low", "keep_high", kept / n));
    values.put("mean_low", within(golden, "mean_low", "mean_low", "mean_high", sum / n));
    return GoldenResult.of(dtype, values).omitting("keep_low", "keep_high", "mean_high");
  }

  /**
   * What is expected of a role where the measured number lies between two stored ones, else that
   * number.
   */
  private static NDArray within(
      GoldenCase golden, String role, String low, String high, double measured) {
    boolean inside =
        measured >= golden.expected(low).scalar() && measured <= golden.expected(high).scalar();
    return inside ? golden.expected(role) : NDArray.scalar(DType.F64, measured);
  }
}
