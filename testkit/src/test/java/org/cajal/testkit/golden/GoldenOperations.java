package org.cajal.testkit.golden;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.cajal.io.JsonObject;
import org.cajal.op.Window;
import org.cajal.tensor.Convolutions;
import org.cajal.tensor.Einsum;
import org.cajal.tensor.Functions;
import org.cajal.tensor.LinearAlgebra;
import org.cajal.tensor.Movement;
import org.cajal.tensor.Pooling;
import org.cajal.tensor.Reductions;
import org.cajal.tensor.Resampling;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Windows;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What the operations of the golden files are called here, with their arguments: from named inputs
 * to named outputs.
 */
final class GoldenOperations {
  /** An operation of the golden files in tensors. */
  interface Operation {
    /** The outputs by name. */
    Map<String, Tensor> apply(JsonObject args, Map<String, Tensor> inputs);
  }

  private static final Map<String, Operation> OPERATIONS = new LinkedHashMap<>();

  private GoldenOperations() {}

  /** All inputs of a case by name. */
  static Map<String, Tensor> all(GoldenCase golden, GoldenGraph.Inputs inputs) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    golden.inputs().forEach(name -> out.put(name, inputs.get(name)));
    return out;
  }

  /** The names of all known operations. */
  static Set<String> names() {
    return OPERATIONS.keySet();
  }

  /** The outputs of an operation. */
  static Map<String, Tensor> apply(String name, JsonObject args, Map<String, Tensor> inputs) {
    Operation operation = OPERATIONS.get(name);
    if (operation == null) {
      throw new IllegalArgumentException("no counterpart of " + name);
    }
    return operation.apply(args, inputs);
  }

  /** The only output of an operation on one input. */
  static Tensor apply(String name, JsonObject args, Tensor x) {
    return get(apply(name, args, Map.of("x", x)), "out");
  }

  /** The entry of a map that must have one. */
  static Tensor get(Map<String, Tensor> tensors, String name) {
    Tensor found = tensors.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no tensor \"" + name + "\" among " + tensors.keySet());
    }
    return found;
  }

  private static void unary(String name, UnaryOperator<Tensor> function) {
    unary(name, (args, x) -> function.apply(x));
  }

  private static void unary(String name, BiFunction<JsonObject, Tensor, Tensor> function) {
    several(name, (args, in) -> Map.of("out", function.apply(args, get(in, "x"))));
  }

  private static void binary(String name, BinaryOperator<Tensor> function) {
    several(name, (args, in) -> Map.of("out", function.apply(get(in, "x"), get(in, "y"))));
  }

  private static void several(String name, Operation operation) {
    OPERATIONS.put(name, operation);
  }

  private static int[] ints(JsonObject args, String name) {
    return args.integers(name).stream().mapToInt(Integer::intValue).toArray();
  }

  /** Axes, none where they are null. */
  private static int[] axes(JsonObject args) {
    return args.has("axes") ? ints(args, "axes") : new int[0];
  }

  /** The operands x0, x1, ... in order. */
  private static List<Tensor> operands(Map<String, Tensor> inputs) {
    List<Tensor> out = new ArrayList<>();
    for (int i = 0; inputs.containsKey("x" + i); i++) {
      out.add(get(inputs, "x" + i));
    }
    return out;
  }

  static {
    unary("exp", Tensor::exp);
    unary("exp2", Functions::exp2);
    unary("expm1", Tensor::expm1);
    unary("log", Tensor::log);
    unary("log2", Functions::log2);
    unary("log10", Functions::log10);
    unary("log1p", Tensor::log1p);
    unary("sqrt", Tensor::sqrt);
    unary("rsqrt", Tensor::rsqrt);
    unary("square", Tensor::square);
    unary("reciprocal", Tensor::reciprocal);
    unary("neg", Tensor::negate);
    unary("abs", Tensor::abs);
    unary("sign", Tensor::sign);
    unary("floor", Tensor::floor);
    unary("ceil", Tensor::ceil);
    unary("round", Tensor::round);
    unary("trunc", Tensor::trunc);
    unary("sin", Tensor::sin);
    unary("cos", Tensor::cos);
    unary("tan", Functions::tan);
    unary("asin", Functions::asin);
    unary("acos", Functions::acos);
    unary("atan", Tensor::atan);
    unary("sinh", Functions::sinh);
    unary("cosh", Functions::cosh);
    unary("asinh", Functions::asinh);
    unary("acosh", Functions::acosh);
    unary("atanh", Functions::atanh);
    unary("tanh", Tensor::tanh);
    unary("sigmoid", Tensor::sigmoid);
    unary("erf", Tensor::erf);
    unary("erfc", Functions::erfc);
    unary("relu", Tensor::relu);
    unary("selu", Functions::selu);
    unary("silu", Functions::silu);
    unary("mish", Functions::mish);
    unary("hardsigmoid", Functions::hardSigmoid);
    unary("hardswish", Functions::hardSwish);
    unary("relu6", Functions::relu6);
    unary("softsign", Functions::softsign);
    unary("tanhshrink", Functions::tanhShrink);
    unary("logsigmoid", Functions::logSigmoid);
    unary(
        "softplus",
        (args, x) -> Functions.softplus(x, args.number("beta"), args.number("threshold")));
    unary("leaky_relu", (args, x) -> Functions.leakyRelu(x, args.number("negative_slope")));
    unary("elu", (args, x) -> Functions.elu(x, args.number("alpha")));
    unary("celu", (args, x) -> Functions.celu(x, args.number("alpha")));
    unary(
        "gelu",
        (args, x) ->
            switch (args.string("approximate")) {
              case "none" -> Functions.gelu(x);
              case "tanh" -> Functions.geluTanh(x);
              default -> throw args.fieldError("approximate", "is unknown");
            });
    unary("hardtanh", (args, x) -> Functions.hardTanh(x, args.number("min"), args.number("max")));
    unary("hardshrink", (args, x) -> Functions.hardShrink(x, args.number("lambda")));
    unary("softshrink", (args, x) -> Functions.softShrink(x, args.number("lambda")));
    unary(
        "threshold",
        (args, x) -> Functions.threshold(x, args.number("threshold"), args.number("value")));
    unary(
        "clamp",
        (args, x) ->
            x.clamp(
                args.number("min", Double.NEGATIVE_INFINITY),
                args.number("max", Double.POSITIVE_INFINITY)));
    unary("pow_scalar", (args, x) -> x.power(args.number("exponent")));
    several("prelu", (args, in) -> Map.of("out", Functions.prelu(get(in, "x"), get(in, "weight"))));
    unary("glu", (args, x) -> Functions.glu(x, args.integer("axis")));
    unary(
        "maxout",
        (args, x) ->
            Functions.maxout(
                x,
                args.integer("pieces"),
                args.string("layout").equals("consecutive")
                    ? Functions.MaxoutLayout.CONSECUTIVE
                    : Functions.MaxoutLayout.STRIDED));
    binary("add", Tensor::plus);
    binary("sub", Tensor::minus);
    binary("mul", Tensor::times);
    binary("div", Tensor::dividedBy);
    binary("pow", Tensor::power);
    binary("maximum", Tensor::maximum);
    binary("minimum", Tensor::minimum);
    binary("atan2", Functions::atan2);
    binary("fmod", Functions::fmod);
    binary("remainder", Functions::remainder);
    binary("lt", Tensor::less);
    binary("le", Tensor::lessOrEqual);
    binary("gt", Tensor::greater);
    binary("ge", Tensor::greaterOrEqual);
    binary("eq", Tensor::equalTo);
    binary("ne", Tensor::notEqualTo);
    several(
        "where",
        (args, in) ->
            Map.of(
                "out", Tensor.where(get(in, "cond").cast(DType.BOOL), get(in, "x"), get(in, "y"))));
  }

  /** A reduction over axes in its two forms. */
  private interface Over {
    Tensor of(Tensor x, int... axes);
  }

  private static void reduction(String name, Over dropped, Over kept) {
    unary(name, (args, x) -> (args.bool("keepdim") ? kept : dropped).of(x, axes(args)));
  }

  /** A function along one axis with values and indices, both with that axis. */
  private interface Along {
    Reductions.Indexed of(Tensor x, int axis);
  }

  private static void indexed(String name, Along function) {
    several(
        name,
        (args, in) -> {
          int axis = args.integer("axis");
          return both(function.of(get(in, "x"), axis), args.bool("keepdim", true) ? null : axis);
        });
  }

  private static Map<String, Tensor> both(Reductions.Indexed found, @Nullable Integer dropped) {
    return dropped == null
        ? Map.of("out", found.values(), "indices", found.indices())
        : Map.of(
            "out", found.values().squeeze(dropped), "indices", found.indices().squeeze(dropped));
  }

  private static void position(String name, boolean largest) {
    unary(
        name,
        (args, x) -> {
          Tensor y = args.has("axis") ? x : x.flatten(0, -1);
          int axis = args.integer("axis", 0);
          Tensor index = largest ? y.argMax(axis) : y.argMin(axis);
          return args.bool("keepdim") ? index.expandDims(axis) : index;
        });
  }

  static {
    reduction("sum", Tensor::sum, Tensor::sumKeep);
    reduction("mean", Tensor::mean, Tensor::meanKeep);
    reduction("prod", Tensor::product, Tensor::productKeep);
    reduction("amax", Tensor::max, Tensor::maxKeep);
    reduction("amin", Tensor::min, Tensor::minKeep);
    reduction("logsumexp", Tensor::logSumExp, Tensor::logSumExpKeep);
    unary(
        "var",
        (args, x) ->
            args.bool("keepdim")
                ? x.varianceKeep(args.integer("correction"), axes(args))
                : x.variance(args.integer("correction"), axes(args)));
    unary(
        "std",
        (args, x) ->
            args.bool("keepdim")
                ? x.standardDeviationKeep(args.integer("correction"), axes(args))
                : x.standardDeviation(args.integer("correction"), axes(args)));
    unary(
        "norm",
        (args, x) ->
            args.bool("keepdim")
                ? x.normKeep(args.number("p"), axes(args))
                : x.norm(args.number("p"), axes(args)));
    unary("softmax", (args, x) -> x.softmax(args.integer("axis")));
    unary("log_softmax", (args, x) -> x.logSoftmax(args.integer("axis")));
    position("argmax", true);
    position("argmin", false);
    indexed("max_index", Reductions::maxWithIndex);
    indexed("min_index", Reductions::minWithIndex);
    unary("cumsum", (args, x) -> x.cumulativeSum(args.integer("axis")));
    unary("cumprod", (args, x) -> Reductions.cumulativeProduct(x, args.integer("axis")));
  }

  static {
    several(
        "matmul",
        (args, in) -> {
          Tensor a = get(in, "a");
          Tensor b = get(in, "b");
          a = args.bool("transpose_a", false) ? a.swapAxes(-1, -2) : a;
          b = args.bool("transpose_b", false) ? b.swapAxes(-1, -2) : b;
          return Map.of("out", a.matmul(b));
        });
    several(
        "einsum",
        (args, in) ->
            Map.of("out", Einsum.of(args.string("equation"), operands(in).toArray(Tensor[]::new))));
    several("outer", (args, in) -> Map.of("out", LinearAlgebra.outer(get(in, "a"), get(in, "b"))));
    several("dot", (args, in) -> Map.of("out", LinearAlgebra.dot(get(in, "a"), get(in, "b"))));
    several(
        "addmm",
        (args, in) ->
            Map.of(
                "out",
                LinearAlgebra.addMatmul(
                    get(in, "c"),
                    get(in, "a"),
                    get(in, "b"),
                    args.number("beta"),
                    args.number("alpha"))));
    unary("trace", LinearAlgebra::trace);
  }

  /** A Python slice for each axis: start, stop and step, null for the default. */
  private static Tensor slices(JsonObject args, Tensor x) {
    Tensor y = x;
    List<@Nullable Object> slices = args.list("slices");
    for (int axis = 0; axis < slices.size(); axis++) {
      List<?> slice = (List<?>) slices.get(axis);
      if (slice == null) {
        throw args.fieldError("slices", "lacks an axis");
      }
      y =
          y.slice(
              axis,
              whole(slice.get(0), 0),
              whole(slice.get(1), Integer.MAX_VALUE),
              whole(slice.get(2), 1));
    }
    return y;
  }

  private static int whole(@Nullable Object number, int fallback) {
    return number == null ? fallback : ((Number) number).intValue();
  }

  private static Tensor pad(JsonObject args, Tensor x) {
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (Object pair : args.list("pad")) {
      if (pair instanceof List<?> ends) {
        before.add(whole(ends.get(0), 0));
        after.add(whole(ends.get(1), 0));
      }
    }
    return switch (args.string("mode")) {
      case "constant" -> Movement.padOrCrop(x, before, after, args.number("value"));
      case "reflect" -> Movement.pad(x, before, after, Movement.PadMode.REFLECT);
      case "replicate" -> Movement.pad(x, before, after, Movement.PadMode.REPLICATE);
      case "circular" -> Movement.pad(x, before, after, Movement.PadMode.CIRCULAR);
      default -> throw args.fieldError("mode", "is unknown");
    };
  }

  private static Map<String, Tensor> split(JsonObject args, Map<String, Tensor> in) {
    List<Tensor> parts = get(in, "x").split(args.integer("axis"), ints(args, "sizes"));
    Map<String, Tensor> out = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      out.put("out" + i, parts.get(i));
    }
    return out;
  }

  private static Tensor roll(JsonObject args, Tensor x) {
    int[] shifts = ints(args, "shifts");
    if (!args.has("axes")) {
      return Movement.roll(x.flatten(0, -1), shifts[0], 0).reshape(x.shape());
    }
    Tensor y = x;
    for (int i = 0; i < shifts.length; i++) {
      y = Movement.roll(y, shifts[i], axes(args)[i]);
    }
    return y;
  }

  /** Several operations one after the other: a list of names, each with its arguments. */
  private static Tensor chain(JsonObject args, Tensor x) {
    Tensor y = x;
    for (Object step : args.list("steps")) {
      if (step instanceof List<?> pair
          && pair.get(0) instanceof String name
          && pair.get(1) instanceof Map<?, ?> own) {
        y = apply(name, JsonObject.of(own, args.source()), y);
      } else {
        throw args.fieldError("steps", "has a step that is no pair of name and arguments");
      }
    }
    return y;
  }

  static {
    unary("reshape", (args, x) -> x.reshape(ints(args, "shape")));
    unary("permute", (args, x) -> x.transpose(axes(args)));
    unary("transpose", (args, x) -> x.swapAxes(axes(args)[0], axes(args)[1]));
    several(
        "concat",
        (args, in) -> Map.of("out", Tensor.concatenate(args.integer("axis"), operands(in))));
    several("stack", (args, in) -> Map.of("out", Tensor.stack(args.integer("axis"), operands(in))));
    unary("expand", (args, x) -> x.broadcastTo(new Shape(args.integers("shape"))));
    several(
        "gather",
        (args, in) ->
            Map.of(
                "out", Movement.gatherAlong(get(in, "x"), get(in, "index"), args.integer("axis"))));
    several(
        "index_select",
        (args, in) -> Map.of("out", get(in, "x").take(get(in, "index"), args.integer("axis"))));
    unary("select", (args, x) -> x.select(args.integer("axis"), args.integer("index")));
    unary("flatten", (args, x) -> x.flatten(args.integer("start"), args.integer("end")));
    unary("squeeze", (args, x) -> args.has("axis") ? x.squeeze(args.integer("axis")) : x.squeeze());
    unary("unsqueeze", (args, x) -> x.expandDims(args.integer("axis")));
    unary("pad", GoldenOperations::pad);
    unary("slice", GoldenOperations::slices);
    several("split", GoldenOperations::split);
    unary("flip", (args, x) -> x.flip(axes(args)));
    unary("repeat", (args, x) -> Movement.tile(x, ints(args, "repeats")));
    unary(
        "repeat_interleave",
        (args, x) -> Movement.repeatInterleave(x, args.integer("repeats"), args.integer("axis")));
    several(
        "scatter_add",
        (args, in) ->
            Map.of(
                "out",
                Movement.scatterAddAlong(
                    get(in, "x"), get(in, "index"), get(in, "src"), args.integer("axis"))));
    several(
        "scatter",
        (args, in) ->
            Map.of(
                "out",
                Movement.scatterAlong(
                    get(in, "x"), get(in, "index"), get(in, "src"), args.integer("axis"))));
    several(
        "index_add",
        (args, in) ->
            Map.of(
                "out",
                Movement.indexAdd(
                    get(in, "x"), get(in, "index"), get(in, "src"), args.integer("axis"))));
    several(
        "one_hot",
        (args, in) ->
            Map.of("out", get(in, "index").oneHot(args.integer("num_classes"), DType.I64)));
    unary("tril", (args, x) -> Movement.tril(x, args.integer("k")));
    unary("triu", (args, x) -> Movement.triu(x, args.integer("k")));
    unary("roll", GoldenOperations::roll);
    several(
        "masked_fill",
        (args, in) ->
            Map.of(
                "out",
                get(in, "x").maskedFill(get(in, "mask").cast(DType.BOOL), args.number("value"))));
    unary("diag", (args, x) -> Movement.diagonal(x, args.integer("k")));
    several(
        "sort",
        (args, in) ->
            both(
                Reductions.sort(get(in, "x"), args.integer("axis"), args.bool("descending")),
                null));
    several(
        "topk",
        (args, in) ->
            both(
                Reductions.topK(
                    get(in, "x"), args.integer("k"), args.integer("axis"), args.bool("largest")),
                null));
    unary("chain", GoldenOperations::chain);
  }

  private static int[] spatial(JsonObject args, String name, int axes, int fallback) {
    if (args.has(name)) {
      return ints(args, name);
    }
    int[] out = new int[axes];
    Arrays.fill(out, fallback);
    return out;
  }

  private static Window window(JsonObject args, int[] kernel) {
    int[] dilation = spatial(args, "dilation", kernel.length, 1);
    if (args.fields().get("padding") instanceof String) {
      return Windows.same(kernel, dilation);
    }
    return Windows.of(
        kernel,
        spatial(args, "stride", kernel.length, 1),
        spatial(args, "padding", kernel.length, 0),
        dilation);
  }

  private static Window weightWindow(JsonObject args, Tensor weight) {
    return window(args, weight.shape().sub(2, weight.rank()).toArray());
  }

  static {
    several(
        "conv",
        (args, in) ->
            Map.of(
                "out",
                Convolutions.convolution(
                    get(in, "x"),
                    get(in, "weight"),
                    in.get("bias"),
                    weightWindow(args, get(in, "weight")),
                    args.integer("groups"))));
    several(
        "conv_transpose",
        (args, in) ->
            Map.of(
                "out",
                Convolutions.transposedConvolution(
                    get(in, "x"),
                    get(in, "weight"),
                    in.get("bias"),
                    weightWindow(args, get(in, "weight")),
                    args.integers("output_padding"),
                    args.integer("groups"))));
    several(
        "max_pool",
        (args, in) ->
            both(
                Pooling.maxWithIndex(
                    get(in, "x"), window(args, ints(args, "kernel")), args.bool("ceil_mode")),
                null));
    unary(
        "avg_pool",
        (args, x) ->
            Pooling.average(
                x,
                window(args, ints(args, "kernel")),
                args.bool("ceil_mode"),
                args.bool("count_include_pad")));
    unary("adaptive_avg_pool", (args, x) -> Pooling.adaptiveAverage(x, args.integers("size")));
    unary("adaptive_max_pool", (args, x) -> Pooling.adaptiveMax(x, args.integers("size")));
    unary("global_avg_pool", (args, x) -> global(args, x, Pooling.globalAverage(x)));
    unary("global_max_pool", (args, x) -> global(args, x, Pooling.globalMax(x)));
    unary("unfold", (args, x) -> Convolutions.unfold(x, window(args, ints(args, "kernel"))));
    unary(
        "fold",
        (args, x) ->
            Convolutions.fold(
                x,
                ints(args, "size")[0],
                ints(args, "size")[1],
                window(args, ints(args, "kernel"))));
    unary(
        "interpolate",
        (args, x) ->
            switch (args.string("mode")) {
              case "nearest" -> Resampling.nearest(x, args.integers("size"));
              case "bilinear" ->
                  Resampling.linear(x, args.integers("size"), args.bool("align_corners"));
              default -> throw args.fieldError("mode", "is unknown");
            });
    unary("pixel_shuffle", (args, x) -> Resampling.pixelShuffle(x, args.integer("factor")));
  }

  private static Tensor global(JsonObject args, Tensor x, Tensor y) {
    Tensor out = y;
    for (int axis = 2; args.bool("keepdim") && axis < x.rank(); axis++) {
      out = out.expandDims(axis);
    }
    return out;
  }
}
