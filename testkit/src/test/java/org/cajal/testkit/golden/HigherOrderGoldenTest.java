package org.cajal.testkit.golden;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.cajal.io.JsonObject;
import org.cajal.tensor.Convolutions;
import org.cajal.tensor.Derivatives;
import org.cajal.tensor.Functions;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Pooling;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Windows;
import org.cajal.type.DType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Derivatives of derivatives against golden values, in both precisions. */
final class HigherOrderGoldenTest {
  private static final GoldenReport REPORT = new GoldenReport("higher-order derivatives");

  /** A function of named inputs. */
  private interface Function {
    Tensor of(Map<String, Tensor> in);
  }

  /** The outputs of a case, given its inputs. */
  private interface Outputs {
    Map<String, Tensor> of(GoldenCase golden, Map<String, Tensor> in);
  }

  @TestFactory
  Stream<DynamicTest> inSinglePrecision() {
    return GoldenTests.of("13_higher_order.safetensors", mapping(DType.F32), REPORT);
  }

  @TestFactory
  Stream<DynamicTest> inDoublePrecision() {
    return GoldenTests.of("13_higher_order.safetensors", mapping(DType.F64), REPORT);
  }

  @AfterAll
  static void print() {
    GoldenTests.print(REPORT);
  }

  private static GoldenMapping mapping(DType dtype) {
    Map<String, Outputs> outputs =
        Map.of(
            "derivatives", (golden, in) -> derivatives(golden.args(), in),
            "second_order", HigherOrderGoldenTest::secondOrder,
            "jacobian", (golden, in) -> jacobian(golden.args(), in),
            "gradient_penalty", (golden, in) -> penalty(golden.args(), in),
            "inner_step", (golden, in) -> innerStep(golden.args(), in));
    GoldenMapping mapping = new GoldenMapping();
    outputs.forEach(
        (op, of) ->
            mapping.on(
                op,
                golden ->
                    GoldenGraph.evaluate(
                        golden, dtype, in -> of.of(golden, GoldenOperations.all(golden, in)))));
    return mapping;
  }

  private static Tensor get(Map<String, Tensor> in, String name) {
    return GoldenOperations.get(in, name);
  }

  /** An elementwise function by its name, with default parameters. */
  private static UnaryOperator<Tensor> elementwise(String f) {
    Map<String, Object> defaults =
        Map.of("alpha", 1.0, "beta", 1.0, "threshold", 20.0, "approximate", "none");
    return switch (f) {
      case "pow" -> x -> x.power(2.5);
      case "xsinx" -> x -> x.times(x.sin());
      case "gauss" -> x -> x.square().negate().exp();
      case "tanh_chain" -> x -> x.times(x.tanh()).tanh();
      case "gelu_tanh" -> Functions::geluTanh;
      default -> x -> GoldenOperations.apply(f, JsonObject.of(defaults, "defaults"), x);
    };
  }

  private static Map<String, Tensor> derivatives(JsonObject args, Map<String, Tensor> in) {
    Tensor x = get(in, "x");
    Tensor y = elementwise(args.string("f")).apply(x);
    Map<String, Tensor> out = new LinkedHashMap<>();
    out.put("out", y);
    for (int order = 1; order <= 3; order++) {
      y = Gradients.of(y.sum()).withRespectTo(x);
      out.put("d" + order, y);
    }
    return out;
  }

  private static Map<String, Tensor> secondOrder(GoldenCase golden, Map<String, Tensor> in) {
    List<String> names = golden.args().strings("wrt");
    List<Tensor> x = names.stream().map(name -> get(in, name)).toList();
    List<Tensor> v = names.stream().map(name -> get(in, "v." + name)).toList();
    Tensor value = scalar(golden.args().string("f")).of(in);
    List<Tensor> gradients = Gradients.of(value).withRespectTo(x);
    List<Tensor> products = Derivatives.hessianVector(value, x, v);
    Map<String, Tensor> out = new LinkedHashMap<>();
    out.put("value", value);
    for (int i = 0; i < names.size(); i++) {
      out.put("gradient." + names.get(i), gradients.get(i));
      out.put("hvp." + names.get(i), products.get(i));
    }
    if (golden.outputs().contains("hessian")) {
      out.put("hessian", Derivatives.hessian(value, x.get(0)));
      out.put(
          "d3." + names.get(0),
          Gradients.of(products.get(0).times(v.get(0)).sum()).withRespectTo(x.get(0)));
    }
    return out;
  }

  private static Tensor normalised(Tensor x, int axis) {
    return x.minus(x.meanKeep(axis)).dividedBy(x.varianceKeep(0, axis).plus(1e-5).sqrt());
  }

  private static Tensor linear(Tensor x, Map<String, Tensor> in, String weight, String bias) {
    return x.matmul(get(in, weight).transpose()).plus(get(in, bias));
  }

  private static Function scalar(String f) {
    return switch (f) {
      case "rosenbrock" ->
          in -> {
            Tensor x = get(in, "x");
            Tensor head = x.slice(0, 0, x.dim(0) - 1);
            Tensor tail = x.slice(0, 1, x.dim(0));
            return tail.minus(head.square())
                .square()
                .times(100)
                .plus(head.negate().plus(1).square())
                .sum();
          };
      case "quartic" ->
          in ->
              get(in, "x")
                  .square()
                  .square()
                  .sum()
                  .times(0.25)
                  .plus(get(in, "x").sum().square().times(0.5));
      case "cubic_form" ->
          in ->
              get(in, "x")
                  .matmul(get(in, "a"))
                  .matmul(get(in, "x"))
                  .plus(get(in, "x").power(3).sum());
      case "logsumexp" -> in -> get(in, "a").matmul(get(in, "x")).plus(get(in, "b")).logSumExp();
      case "logistic" ->
          in ->
              Functions.softplus(get(in, "t").negate().times(get(in, "a").matmul(get(in, "x"))))
                  .mean()
                  .plus(get(in, "x").square().sum().times(0.05));
      case "ratio" ->
          in ->
              get(in, "x")
                  .square()
                  .sum()
                  .dividedBy(get(in, "x").square().plus(1).product().plus(1));
      case "norm" -> in -> get(in, "x").norm(2).times(get(in, "x").sin().sum());
      case "softmax_entropy" ->
          in -> get(in, "x").softmax(0).times(get(in, "x").logSoftmax(0)).sum().negate();
      case "mlp" ->
          in ->
              linear(linear(get(in, "a"), in, "w1", "b1").tanh(), in, "w2", "b2")
                  .minus(get(in, "t"))
                  .square()
                  .mean();
      case "mlp_ce" ->
          in -> {
            Tensor logits =
                linear(Functions.gelu(linear(get(in, "a"), in, "w1", "b1")), in, "w2", "b2");
            Tensor chosen =
                logits.logSoftmax(-1).times(get(in, "y").oneHot(logits.dim(-1), logits.dtype()));
            return chosen.sum(-1).mean().negate();
          };
      case "conv" ->
          in -> {
            int[] one = {1, 1};
            Tensor y =
                Convolutions.convolution(
                    get(in, "x"),
                    get(in, "w"),
                    null,
                    Windows.of(new int[] {3, 3}, one, one, one),
                    1);
            return Functions.silu(y).square().mean();
          };
      case "layernorm" ->
          in ->
              normalised(get(in, "x"), -1)
                  .times(get(in, "w"))
                  .plus(get(in, "b"))
                  .tanh()
                  .square()
                  .times(get(in, "c"))
                  .sum();
      case "batchnorm" -> in -> normalised(get(in, "x"), 0).sigmoid().times(get(in, "c")).sum();
      case "attention" ->
          in -> {
            Tensor q = get(in, "q");
            Tensor scores = q.matmul(get(in, "k").transpose()).dividedBy(Math.sqrt(q.dim(-1)));
            return scores.softmax(-1).matmul(get(in, "v")).times(get(in, "c")).sum();
          };
      case "matmul_chain" ->
          in ->
              get(in, "x")
                  .matmul(get(in, "w"))
                  .matmul(get(in, "x").transpose())
                  .square()
                  .sum()
                  .times(0.25);
      case "gather" -> in -> get(in, "x").take(get(in, "index"), 0).exp().times(get(in, "c")).sum();
      case "maxpool" ->
          in -> {
            int[] two = {2, 2};
            int[] one = {1, 1};
            return Pooling.max(get(in, "x").power(3), Windows.of(two, two, new int[2], one), false)
                .square()
                .mean();
          };
      default -> throw new IllegalArgumentException("no counterpart of " + f);
    };
  }

  private static Function vector(String f) {
    return switch (f) {
      case "softmax" -> in -> get(in, "x").softmax(-1);
      case "log_softmax" -> in -> get(in, "x").logSoftmax(-1);
      case "linear_tanh" -> in -> get(in, "w").matmul(get(in, "x")).plus(get(in, "b")).tanh();
      case "layernorm" -> in -> normalised(get(in, "x"), -1);
      case "normalize" -> in -> get(in, "x").dividedBy(get(in, "x").norm(2));
      case "polar" ->
          in -> {
            Tensor r = get(in, "x").select(0, 0);
            Tensor a = get(in, "x").select(0, 1);
            return Tensor.stack(0, List.of(r.times(a.cos()), r.times(a.sin())));
          };
      case "matvec" -> in -> get(in, "a").matmul(get(in, "x")).times(get(in, "x"));
      case "cumsum_exp" -> in -> get(in, "x").exp().cumulativeSum(0);
      case "conv1d" ->
          in -> {
            int[] one = {1};
            return Convolutions.convolution(
                get(in, "x"), get(in, "w"), null, Windows.of(new int[] {3}, one, one, one), 1);
          };
      case "sum_stack" ->
          in -> {
            Tensor x = get(in, "x");
            return Tensor.stack(0, List.of(x.sum(), x.square().sum(), x.product()));
          };
      case "matsquare" -> in -> get(in, "x").matmul(get(in, "x"));
      default -> throw new IllegalArgumentException("no counterpart of " + f);
    };
  }

  private static Map<String, Tensor> jacobian(JsonObject args, Map<String, Tensor> in) {
    Tensor x = get(in, "x");
    Tensor y = vector(args.string("f")).of(in);
    return Map.of(
        "out", y,
        "jacobian", Derivatives.jacobian(y, x),
        "jvp", Derivatives.jacobianVector(y, x, get(in, "v")),
        "vjp", Derivatives.vectorJacobian(get(in, "u"), y, x));
  }

  private static Map<String, Tensor> penalty(JsonObject args, Map<String, Tensor> in) {
    Tensor x = get(in, "x");
    Tensor hidden = elementwise(args.string("activation")).apply(linear(x, in, "w1", "b1"));
    Tensor score = hidden.matmul(get(in, "w2").transpose()).sum();
    Tensor slope = Gradients.of(score).withRespectTo(x).norm(2, -1);
    return Map.of("loss", slope.minus(1).square().mean());
  }

  private static Tensor fit(Tensor w, Tensor x, Tensor y) {
    return x.matmul(w.transpose()).tanh().minus(y).square().mean();
  }

  private static Map<String, Tensor> innerStep(JsonObject args, Map<String, Tensor> in) {
    Tensor w = get(in, "w");
    Tensor inner = Gradients.of(fit(w, get(in, "xa"), get(in, "ya"))).withRespectTo(w);
    Tensor held = args.bool("first_order") ? inner.stopGradient() : inner;
    Tensor stepped = w.minus(held.times(args.number("inner_lr")));
    return Map.of("loss", fit(stepped, get(in, "xb"), get(in, "yb")));
  }
}
