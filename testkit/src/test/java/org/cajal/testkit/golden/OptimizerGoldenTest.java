package org.cajal.testkit.golden;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.cajal.io.JsonObject;
import org.cajal.loss.Losses;
import org.cajal.optim.Clipping;
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

/** Optimisers and clipping against golden values. */
final class OptimizerGoldenTest {
  private static final GoldenReport REPORT = new GoldenReport("optimisers");
  private static final List<String> PARAMETERS =
      List.of("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias");

  @TestFactory
  Stream<DynamicTest> inSinglePrecision() {
    return GoldenTests.of("08_optimizers.safetensors", mapping(DType.F32), REPORT);
  }

  @TestFactory
  Stream<DynamicTest> inDoublePrecision() {
    return GoldenTests.of("08_optimizers.safetensors", mapping(DType.F64), REPORT);
  }

  @AfterAll
  static void print() {
    GoldenTests.print(REPORT);
  }

  private static GoldenMapping mapping(DType dtype) {
    return new GoldenMapping()
        .on("optimizer_given_gradients", golden -> given(golden, dtype))
        .on("optimizer_steps", golden -> steps(golden, dtype));
  }

  private static GoldenResult given(GoldenCase golden, DType dtype) {
    Optional<Optimizer> optimizer = GoldenOptimizers.of(golden.args());
    if (optimizer.isEmpty()) {
      return GoldenResult.noCounterpart(golden.args().string("optimizer"));
    }
    NDArray gradients = golden.input("g", dtype);
    int steps = gradients.shape().dim(0);
    Shape shape = gradients.shape().sub(1, 2);
    Tensor p = Tensor.parameter("p", golden.input("p", dtype));
    Tensor g = Tensor.input("g", dtype, shape);
    Tensor rate = Tensor.input("rate", dtype, Shape.SCALAR);
    Tensor step = Tensor.input("step", DType.F32, Shape.SCALAR);
    Program program =
        Program.compile(
            List.of(), optimizer.get().updates(List.of(p), List.of(g), rate, step, new Slots()));
    Series series = new Series(dtype, steps);
    for (int t = 0; t < steps; t++) {
      program.run(
          Feed.of("g", Series.entry(gradients, t))
              .and("rate", NDArray.scalar(dtype, golden.args().number("lr")))
              .and("step", t + 1));
      series.add("step", p.variable().value());
    }
    return GoldenResult.of(dtype, series.values());
  }

  private static GoldenResult steps(GoldenCase golden, DType dtype) {
    JsonObject args = golden.args();
    Optional<Optimizer> optimizer = GoldenOptimizers.of(args);
    if (optimizer.isEmpty()) {
      return GoldenResult.noCounterpart(args.string("optimizer"));
    }
    NDArray xs = golden.input("x", dtype);
    NDArray ys = golden.input("y");
    int steps = xs.shape().dim(0);
    Tensor x = Tensor.input("x", dtype, xs.shape().sub(1, 3));
    Tensor y = Tensor.input("y", DType.I64, ys.shape().sub(1, 2));
    Tensor rate = Tensor.input("rate", dtype, Shape.SCALAR);
    Tensor rateOfSecond = Tensor.input("rateOfSecond", dtype, Shape.SCALAR);
    Tensor step = Tensor.input("step", DType.F32, Shape.SCALAR);
    List<Tensor> p =
        PARAMETERS.stream().map(name -> Tensor.parameter(name, golden.input(name, dtype))).toList();
    Tensor hidden = x.matmul(p.get(0).transpose()).plus(p.get(1)).tanh();
    Tensor loss = Losses.crossEntropy(hidden.matmul(p.get(2).transpose()).plus(p.get(3)), y);
    List<Tensor> gradients = Gradients.of(loss).withRespectTo(p);
    Tensor norm = Clipping.globalNorm(gradients);
    List<Tensor> clipped = GoldenOptimizers.clipping(args).apply(gradients);
    Slots slots = new Slots();
    List<Update> updates =
        new ArrayList<>(
            optimizer.get().updates(p.subList(0, 2), clipped.subList(0, 2), rate, step, slots));
    updates.addAll(
        optimizer.get().updates(p.subList(2, 4), clipped.subList(2, 4), rateOfSecond, step, slots));
    List<Tensor> outputs = new ArrayList<>(List.of(loss, norm));
    outputs.addAll(gradients);
    Program program = Program.compile(outputs, updates);
    Series series = new Series(dtype, steps);
    for (int t = 0; t < steps; t++) {
      double first = args.number("lr");
      Results results =
          program.run(
              Feed.of("x", Series.entry(xs, t))
                  .and("y", Series.entry(ys, t))
                  .and("rate", NDArray.scalar(dtype, first))
                  .and("rateOfSecond", NDArray.scalar(dtype, args.number("lr_fc2", first)))
                  .and("step", t + 1));
      series.add("loss", results.get(loss));
      series.add("total_norm", results.get(norm));
      for (int i = 0; i < PARAMETERS.size(); i++) {
        series.add("gradient." + PARAMETERS.get(i), results.get(gradients.get(i)));
        series.add("step." + PARAMETERS.get(i), p.get(i).variable().value());
      }
    }
    return GoldenResult.of(dtype, new LinkedHashMap<>(Map.copyOf(series.values())));
  }
}
