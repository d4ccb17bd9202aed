package org.cajal.app;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cajal.app.bench.PredictionCall;
import org.cajal.app.bench.StepTimes;
import org.cajal.app.bench.TrainingStep;
import org.cajal.app.bench.Workload;
import org.cajal.io.Json;
import org.cajal.type.CajalException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cajal bench}: measurements of speed. */
@Command(
    name = "bench",
    description = "Measures how fast this machine trains.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Bench.Steps.class,
      BenchKernels.class,
      Bench.Predictions.class,
      BenchLoader.class
    })
final class Bench implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Without a subcommand: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static List<Workload> workloads(List<String> only) {
    return (only.isEmpty() ? Workload.names() : only).stream().map(Workload::named).toList();
  }

  /** How long each thing is measured, checked. */
  static void checkSeconds(double seconds) {
    if (!(seconds > 0 && seconds <= 3600)) {
      throw new CajalException(
          "--seconds " + seconds + " is out of range; above 0 and at most 3600 is allowed");
    }
  }

  /** A number with two decimals, for a line of JSON. */
  static double hundredths(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /**
   * Times the training steps of the workloads: one JSON object a line on standard output with
   * {@code workload}, {@code engine}, {@code threads}, {@code params}, {@code batch}, {@code
   * step_us_min}, {@code step_us_median}, {@code samples_per_s}, {@code compile_s} and {@code
   * steady_s}: seconds from the start of compiling until steps take what they will.
   */
  @Command(
      name = "steps",
      description = "Times training steps of well-known networks; one JSON object a line.",
      mixinStandardHelpOptions = true)
  static final class Steps implements Callable<Integer> {
    private static final int PROFILED_STEPS = 20_000;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ThreadsOption threads = new ThreadsOption();

    @Option(
        names = "--only",
        split = ",",
        paramLabel = "NAME",
        description =
            "The workloads to time, of: xor, iris, mlp, mlp-wide, lenet5, cnn, char-rnn, char-lstm,"
                + " gpt (default: all).")
    private List<String> only = List.of();

    @Option(
        names = "--seconds",
        paramLabel = "S",
        description = "How long to measure each, after the warm-up (default: ${DEFAULT-VALUE}).")
    private double seconds = 3;

    @Option(
        names = "--profile",
        description =
            "Also print each step's kernels by their time on standard error: share, GFLOP/s, GB/s,"
                + " and the operations that were fused into each.")
    private boolean profile;

    @Override
    public Integer call() {
      int team = threads.use();
      checkSeconds(seconds);
      List<Workload> workloads = workloads(only);
      PrintWriter out = spec.commandLine().getOut();
      for (Workload workload : workloads) {
        out.println(Json.write(measured(workload, team)));
        out.flush();
      }
      return Main.OK;
    }

    private Map<String, Object> measured(Workload workload, int team) {
      long begun = System.nanoTime();
      TrainingStep step = new TrainingStep(workload);
      double compiled = (System.nanoTime() - begun) * 1e-9;
      StepTimes times = StepTimes.measure(step::run, System::nanoTime, seconds);
      Map<String, Object> line = new LinkedHashMap<>();
      if (profile) {
        int steps = (int) Math.clamp(seconds * 1e6 / times.median(), 1, PROFILED_STEPS);
        PrintWriter err = spec.commandLine().getErr();
        err.printf(Locale.ROOT, "%s, %d steps on %d threads%n", workload.name(), steps, team);
        err.println(step.profile(steps));
        err.flush();
      }
      line.put("workload", workload.name());
      line.put("engine", "cajal");
      line.put("threads", team);
      line.put("params", step.parameters());
      line.put("batch", workload.batch());
      line.put("step_us_min", hundredths(times.minimum()));
      line.put("step_us_median", hundredths(times.median()));
      line.put("samples_per_s", Math.round(workload.batch() * 1e6 / times.median()));
      line.put("compile_s", hundredths(compiled));
      line.put("steady_s", hundredths(compiled + times.steadySeconds()));
      return line;
    }
  }

  /**
   * Times answers: one JSON object a line on standard output with {@code network}, {@code engine},
   * {@code rows} (of a call), {@code threads}, {@code ns_min} and {@code ns_median} of a call by
   * one caller, and {@code callers} and {@code calls_per_s} of several at once.
   */
  @Command(
      name = "predict",
      description = "Times answers of well-known networks; one JSON object a line.",
      mixinStandardHelpOptions = true)
  static final class Predictions implements Callable<Integer> {
    private static final int MOST_ROWS = 1 << 16;
    private static final int MOST_CALLERS = 1024;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ThreadsOption threads = new ThreadsOption();

    @Option(
        names = "--only",
        split = ",",
        paramLabel = "NAME",
        description = "The networks to time, by the names of the steps (default: iris,mlp).")
    private List<String> only = List.of("iris", "mlp");

    @Option(
        names = "--rows",
        split = ",",
        paramLabel = "N",
        description = "How many examples a call has (default: ${DEFAULT-VALUE}).")
    private List<Integer> rows = List.of(1);

    @Option(
        names = "--callers",
        paramLabel = "N",
        description = "How many threads call at once for the throughput (default: 8).")
    private int callers = 8;

    @Option(
        names = "--seconds",
        paramLabel = "S",
        description = "How long to measure each, after the warm-up (default: ${DEFAULT-VALUE}).")
    private double seconds = 3;

    @Override
    public Integer call() throws InterruptedException {
      int team = threads.use();
      checkSeconds(seconds);
      check("--callers", callers, MOST_CALLERS);
      rows.forEach(n -> check("--rows", n, MOST_ROWS));
      PrintWriter out = spec.commandLine().getOut();
      for (Workload workload : workloads(only)) {
        for (int n : rows) {
          PredictionCall call = new PredictionCall(workload, n);
          StepTimes times = StepTimes.measure(call::run, System::nanoTime, seconds);
          Map<String, Object> line = new LinkedHashMap<>();
          line.put("network", workload.name());
          line.put("engine", "cajal");
          line.put("rows", n);
          line.put("threads", team);
          line.put("ns_min", Math.round(times.minimum() * 1e3));
          line.put("ns_median", Math.round(times.median() * 1e3));
          line.put("callers", callers);
          line.put("calls_per_s", Math.round(call.callsPerSecond(callers, seconds)));
          out.println(Json.write(line));
          out.flush();
        }
      }
      return Main.OK;
    }

    private static void check(String option, int value, int most) {
      if (value < 1 || value > most) {
        throw new CajalException(
            option + " " + value + " is out of range; 1 to " + most + " are allowed");
      }
    }
  }
}
