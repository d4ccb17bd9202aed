package org.cajal.testkit.golden;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.cajal.io.JsonObject;
import org.cajal.optim.Cyclic;
import org.cajal.optim.OneCycle;
import org.cajal.optim.ReduceOnPlateau;
import org.cajal.optim.Schedule;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Learning-rate schedules against golden values. */
final class ScheduleGoldenTest {
  private static final GoldenReport REPORT = new GoldenReport("schedules");

  @TestFactory
  Stream<DynamicTest> schedules() {
    return GoldenTests.of(
        "09_schedules.safetensors",
        new GoldenMapping().on("lr_schedule", ScheduleGoldenTest::series),
        REPORT);
  }

  @AfterAll
  static void print() {
    GoldenTests.print(REPORT);
  }

  private static GoldenResult series(GoldenCase golden) {
    JsonObject args = golden.args();
    int steps = args.integer("steps");
    if (args.string("kind").equals("plateau")) {
      return GoldenResult.of(DType.F64, Map.of("out", plateau(args, golden.input("metric"))));
    }
    Schedule schedule = schedule(args, steps);
    if (schedule == null) {
      return GoldenResult.noCounterpart("lr_schedule " + args.string("kind"));
    }
    Map<String, NDArray> values = new HashMap<>();
    values.put("out", series(steps, schedule::at));
    if (schedule.momentum(0).isPresent()) {
      values.put("momentum", series(steps, step -> schedule.momentum(step).orElseThrow()));
    }
    return GoldenResult.of(DType.F64, values);
  }

  private static NDArray series(int steps, LongToDoubleFunction value) {
    return NDArray.of(LongStream.range(0, steps).mapToDouble(value).toArray(), Shape.of(steps));
  }

  private static @Nullable Schedule schedule(JsonObject args, int steps) {
    double lr = args.number("lr");
    return switch (args.string("kind")) {
      case "step" -> new Schedule.Step(lr, args.integer("step_size"), args.number("gamma"));
      case "multistep" ->
          new Schedule.MultiStep(
              lr,
              args.integers("milestones").stream().map(Integer::longValue).toList(),
              args.number("gamma"));
      case "exponential" -> new Schedule.Exponential(lr, args.number("gamma"));
      case "cosine" -> new Schedule.Cosine(lr, args.integer("t_max"), args.number("eta_min"));
      case "cosine_restarts" ->
          new Schedule.WarmRestarts(
              lr, args.integer("t_0"), args.integer("t_mult"), args.number("eta_min"));
      case "linear" ->
          new Schedule.Linear(
              lr,
              args.number("start_factor"),
              args.number("end_factor"),
              args.integer("total_iters"));
      case "constant" ->
          new Schedule.Constant(lr, args.number("factor"), args.integer("total_iters"));
      case "polynomial" ->
          new Schedule.Polynomial(lr, args.integer("total_iters"), args.number("power"));
      case "inverse_sqrt" -> new Schedule.InverseSqrt(lr, args.integer("warmup"));
      case "noam" -> new Schedule.Noam(lr, args.integer("d_model"), args.integer("warmup"));
      case "linear_decay" ->
          Schedule.linearWithWarmUp(lr, args.integer("warmup"), args.integer("total"));
      case "warmup_cosine" ->
          new Schedule.WarmUp(
              args.number("start_factor"),
              args.integer("warmup"),
              new Schedule.Cosine(lr, args.integer("t_max"), args.number("eta_min")));
      case "one_cycle" ->
          new OneCycle(
              args.number("max_lr"),
              steps,
              args.number("pct_start"),
              args.string("anneal").equals("cos") ? OneCycle.Curve.COSINE : OneCycle.Curve.LINEAR,
              args.number("div_factor"),
              args.number("final_div_factor"),
              args.bool("three_phase"),
              args.number("base_momentum"),
              args.number("max_momentum"));
      case "cyclic" ->
          new Cyclic(
              lr,
              args.number("max_lr"),
              args.integer("step_size_up"),
              args.integer("step_size_down"),
              Objects.requireNonNull(
                  Map.of(
                          "triangular", Cyclic.Amplitude.CONSTANT,
                          "triangular2", Cyclic.Amplitude.HALVING,
                          "exp_range", Cyclic.Amplitude.EXPONENTIAL)
                      .get(args.string("mode"))),
              args.number("gamma"),
              args.number("base_momentum"),
              args.number("max_momentum"));
      default -> null;
    };
  }

  private static NDArray plateau(JsonObject args, NDArray metric) {
    ReduceOnPlateau settings =
        new ReduceOnPlateau(
            args.number("lr"),
            args.string("mode").equals("min")
                ? ReduceOnPlateau.Goal.FALL
                : ReduceOnPlateau.Goal.RISE,
            args.number("factor"),
            args.integer("patience"),
            args.number("threshold"),
            args.string("threshold_mode").equals("rel")
                ? ReduceOnPlateau.Change.RELATIVE
                : ReduceOnPlateau.Change.ABSOLUTE,
            args.integer("cooldown"),
            args.number("min_lr"),
            args.number("eps"));
    double[] rates = new double[args.integer("steps")];
    ReduceOnPlateau.State state = settings.start();
    for (int t = 0; t < rates.length; t++) {
      rates[t] = state.rate();
      state = settings.next(state, metric.get(t));
    }
    return NDArray.of(rates, Shape.of(rates.length));
  }
}
