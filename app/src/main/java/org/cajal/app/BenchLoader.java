package org.cajal.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cajal.app.bench.StepTimes;
import org.cajal.app.bench.Workload;
import org.cajal.data.Dataset;
import org.cajal.data.DrawnDigits;
import org.cajal.data.Sets;
import org.cajal.io.Json;
import org.cajal.layer.Layer;
import org.cajal.layer.Layers;
import org.cajal.model.ModelSpec;
import org.cajal.train.Steps;
import org.cajal.train.TrainingSettings;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code cajal bench loader}: a training's steps with their loading (shuffle, gather, convert), and
 * the same program on one batch in memory, in turns.
 */
@Command(
    name = "loader",
    description = {
      "Times training steps with and without the loading of their batches.",
      "Both are the same program on the same images; their rounds take turns."
    },
    mixinStandardHelpOptions = true)
final class BenchLoader implements Callable<Integer> {
  private static final long SEED = 1;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ThreadsOption threads = new ThreadsOption();

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "The networks to train, of: mlp, mlp-wide, lenet5, cnn (default: mlp,lenet5).")
  private List<String> only = List.of("mlp", "lenet5");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder of mnist (default: drawn digits).")
  private @Nullable Path folder;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "How long to measure each, after the warm-up (default: ${DEFAULT-VALUE}).")
  private double seconds = 10;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Override
  public Integer call() {
    int team = threads.use();
    Bench.checkSeconds(seconds);
    List<Workload> workloads = only.stream().map(Workload::named).toList();
    workloads.forEach(BenchLoader::requireDigits);
    PrintWriter out = spec.commandLine().getOut();
    long begun = System.nanoTime();
    Dataset digits =
        folder == null ? DrawnDigits.of(Sources.DIGITS, SEED) : Sets.load("mnist", folder).train();
    double reading = (System.nanoTime() - begun) * 1e-9;
    Dataset data = digits.scaled(digits.fitScaling());
    if (!json) {
      out.printf(
          Locale.ROOT,
          "%s: %,d images read in %.2f s, %d threads%n%-12s %14s %14s %8s%n",
          data.name(),
          data.size(),
          reading,
          team,
          "network",
          "loaded µs",
          "in memory µs",
          "apart");
    }
    for (Workload workload : workloads) {
      List<StepTimes> times = measured(workload, data);
      double loaded = times.getFirst().median();
      double inMemory = times.getLast().median();
      double apart = loaded / inMemory - 1;
      if (json) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("workload", workload.name());
        line.put("engine", "cajal");
        line.put("threads", team);
        line.put("data", data.name());
        line.put("rows", data.size());
        line.put("read_s", Bench.hundredths(reading));
        line.put("loaded_us_median", Bench.hundredths(loaded));
        line.put("in_memory_us_median", Bench.hundredths(inMemory));
        line.put("apart", Math.round(apart * 1e4) / 1e4);
        out.println(Json.write(line));
      } else {
        out.printf(
            Locale.ROOT,
            "%-12s %14.2f %14.2f %6.1f %%%n",
            workload.name(),
            loaded,
            inMemory,
            100 * apart);
      }
      out.flush();
    }
    return Main.OK;
  }

  /** Steps with their loading, then without. */
  private List<StepTimes> measured(Workload workload, Dataset all) {
    Dataset data = all.first(all.size() - all.size() % workload.batch());
    boolean flat = workload.inputs().shape().rank() == 2;
    Layer network =
        flat ? Layers.sequential(Layers.flatten(), workload.network()) : workload.network();
    TrainingSettings settings =
        TrainingSettings.builder()
            .batchSize(workload.batch())
            .optimizer(workload.optimizer())
            .learningRate(workload.learningRate())
            .seed(SEED)
            .build();
    try (Steps steps = new Steps(ModelSpec.of(network, workload.loss(), data), settings, data)) {
      return StepTimes.measure(List.of(steps::next, steps::again), System::nanoTime, seconds);
    }
  }

  private static void requireDigits(Workload workload) {
    if (workload.inputs().shape().size() != 784L * workload.batch()) {
      throw new CajalException(
          "[bench] "
              + workload.name()
              + " takes no images of 28 × 28; mlp, mlp-wide, lenet5 and cnn do");
    }
  }
}
