package org.cajal.testkit.golden;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.cajal.init.FanMode;
import org.cajal.init.Fans;
import org.cajal.init.Gain;
import org.cajal.init.GlorotNormal;
import org.cajal.init.GlorotUniform;
import org.cajal.init.HeNormal;
import org.cajal.init.HeUniform;
import org.cajal.init.LeCunNormal;
import org.cajal.init.LeCunUniform;
import org.cajal.init.Orthogonal;
import org.cajal.init.TruncatedNormal;
import org.cajal.io.JsonObject;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The formulas of initialisers against golden values; samples are tested by their statistics
 * elsewhere.
 */
final class InitializerGoldenTest {
  private static final GoldenReport REPORT = new GoldenReport("initialisers");

  @TestFactory
  Stream<DynamicTest> initialisers() {
    GoldenMapping mapping =
        new GoldenMapping()
            .on("init", InitializerGoldenTest::init)
            .on("gain", c -> scalars(Map.of("out", gain(c.args()))))
            .on("orthogonal", InitializerGoldenTest::orthogonal)
            .on("trunc_normal", InitializerGoldenTest::truncatedNormal);
    return GoldenTests.of("10_init.safetensors", mapping, REPORT);
  }

  @AfterAll
  static void print() {
    GoldenTests.print(REPORT);
  }

  private static Shape shape(JsonObject args) {
    return new Shape(args.integers("shape"));
  }

  private static double gain(JsonObject args) {
    return switch (args.string("nonlinearity", "linear")) {
      case "linear", "conv2d" -> Gain.LINEAR;
      case "sigmoid" -> Gain.SIGMOID;
      case "tanh" -> Gain.TANH;
      case "relu" -> Gain.RELU;
      case "leaky_relu" -> Gain.leakyRelu(args.number("param"));
      case "selu" -> Gain.SELU;
      default -> throw args.fieldError("nonlinearity", "is unknown");
    };
  }

  private static GoldenResult init(GoldenCase golden) {
    JsonObject args = golden.args();
    Shape shape = shape(args);
    // A stored linear weight is [out, in], which a convolution's weight without a kernel is too.
    Fans fans = Fans.convolution(shape);
    double gain = gain(args);
    FanMode mode =
        args.string("mode", "fan_in").equals("fan_in") ? FanMode.FAN_IN : FanMode.FAN_OUT;
    double slope =
        args.string("nonlinearity", "relu").equals("leaky_relu") ? args.number("param") : 0;
    Map<String, Double> values = new HashMap<>();
    values.put("gain", gain);
    switch (args.string("kind")) {
      case "xavier_uniform" ->
          put(values, new GlorotUniform(gain).bound(fans), new GlorotUniform(gain).std(fans));
      case "xavier_normal" -> values.put("std", new GlorotNormal(gain).std(fans));
      case "kaiming_uniform" ->
          put(values, new HeUniform(mode, slope).bound(fans), new HeUniform(mode, slope).std(fans));
      case "kaiming_normal" -> values.put("std", new HeNormal(mode, slope).std(fans));
      case "lecun_uniform" ->
          put(values, new LeCunUniform().bound(fans), new LeCunUniform().std(fans));
      case "lecun_normal" -> values.put("std", new LeCunNormal().std(fans));
      case "linear_default" -> {
        HeUniform uniform = new HeUniform(FanMode.FAN_IN, Math.sqrt(5));
        put(values, uniform.bound(fans), uniform.std(fans));
      }
      default -> {
        return GoldenResult.noCounterpart("init " + args.string("kind"));
      }
    }
    Map<String, NDArray> arrays = new HashMap<>(scalars(values).values());
    arrays.put("fan", NDArray.of(new long[] {fans.in(), fans.out()}, Shape.of(2)));
    return GoldenResult.of(DType.F64, arrays);
  }

  private static void put(Map<String, Double> values, double bound, double std) {
    values.put("bound", bound);
    values.put("std", std);
  }

  /** The sample itself depends on the generator: its Gram matrix is what must agree. */
  private static GoldenResult orthogonal(GoldenCase golden) {
    Shape shape = shape(golden.args());
    Orthogonal initializer = new Orthogonal(golden.args().number("gain"));
    double[] ours = gram(initializer.sample(DType.F64, shape, null, 1, "0/weight"));
    int side = (int) Math.sqrt(ours.length);
    return GoldenResult.of(DType.F64, Map.of("gram", NDArray.of(ours, Shape.of(side, side))))
        .omitting("sample");
  }

  private static double[] gram(NDArray w) {
    int rows = w.shape().dim(0);
    int columns = (int) (w.size() / rows);
    boolean wide = rows <= columns;
    int side = Math.min(rows, columns);
    int length = Math.max(rows, columns);
    double[] gram = new double[side * side];
    for (int i = 0; i < side; i++) {
      for (int j = 0; j < side; j++) {
        for (int k = 0; k < length; k++) {
          gram[i * side + j] +=
              wide
                  ? w.get((long) i * columns + k) * w.get((long) j * columns + k)
                  : w.get((long) k * columns + i) * w.get((long) k * columns + j);
        }
      }
    }
    return gram;
  }

  private static GoldenResult truncatedNormal(GoldenCase golden) {
    JsonObject args = golden.args();
    TruncatedNormal normal =
        new TruncatedNormal(
            args.number("mean"), args.number("std"), args.number("a"), args.number("b"));
    // The points are an output of the case: it has no inputs.
    NDArray at = golden.expected("at");
    double[] cdf = new double[(int) at.size()];
    for (int i = 0; i < cdf.length; i++) {
      cdf[i] = normal.cdf(at.get(i));
    }
    Map<String, NDArray> values =
        new HashMap<>(
            scalars(
                    Map.of(
                        "expected_mean",
                        normal.expectedMean(),
                        "expected_std",
                        normal.expectedStd()))
                .values());
    values.put("cdf", NDArray.of(cdf, at.shape()));
    return GoldenResult.of(DType.F64, values).omitting("at");
  }

  private static GoldenResult.Values scalars(Map<String, Double> values) {
    Map<String, NDArray> arrays = new HashMap<>();
    values.forEach((role, value) -> arrays.put(role, NDArray.scalar(DType.F64, value)));
    return GoldenResult.of(DType.F64, arrays);
  }
}
