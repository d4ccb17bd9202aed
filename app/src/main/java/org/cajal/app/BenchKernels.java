package org.cajal.app;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cajal.app.bench.KernelWork;
import org.cajal.app.bench.Peak;
import org.cajal.app.bench.StepTimes;
import org.cajal.io.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code cajal bench kernels}: a line for each kernel with its time, its rate, and the share of the
 * machine's peak that this is, measured in the same run.
 */
@Command(
    name = "kernels",
    description = {
      "Times products, convolutions, loops and updates beside the machine's own peak.",
      "A share above 100 %% is possible where arrays stay in a cache: the peak of GB/s is a large"
          + " copy's."
    },
    mixinStandardHelpOptions = true)
final class BenchKernels implements Callable<Integer> {
  /** Seconds: kernels share most of their code. */
  private static final double WARM_UP_BLOCK = 0.1;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ThreadsOption threads = new ThreadsOption();

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description =
          "What to time: groups such as product, softmax, or one kernel of them by its whole name"
              + " (default: all).")
  private List<String> only = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description =
          "How long to measure each, after a warm-up of 1 to 4 seconds (default:"
              + " ${DEFAULT-VALUE}).")
  private double seconds = 0.5;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Override
  public Integer call() {
    int team = threads.use();
    Bench.checkSeconds(seconds);
    List<KernelWork> works = KernelWork.named(only);
    PrintWriter out = spec.commandLine().getOut();
    Peak peak = Peak.measure(team, System::nanoTime);
    out.println(json ? Json.write(object(peak, team)) : text(peak, team));
    for (KernelWork work : works) {
      KernelWork.Run run = work.compiled().get();
      StepTimes times = StepTimes.measure(run::once, System::nanoTime, seconds, WARM_UP_BLOCK);
      out.println(json ? Json.write(object(work, times, peak, team)) : text(work, times, peak));
      out.flush();
    }
    return Main.OK;
  }

  private static String text(Peak peak, int team) {
    return String.format(
        Locale.ROOT,
        "peak on %d threads: %.1f GFLOP/s (multiply-adds in registers), %.1f GB/s (a large copy)%n"
            + "%-48s %12s %10s %-8s %6s",
        team,
        peak.flops() * 1e-9,
        peak.bytes() * 1e-9,
        "kernel",
        "median µs",
        "rate",
        "",
        "share");
  }

  private static String text(KernelWork work, StepTimes times, Peak peak) {
    double rate = work.rate(times.median());
    return String.format(
        Locale.ROOT,
        "%-48s %12.2f %10.1f %-8s %5.0f%%",
        work.name(),
        times.median(),
        rate,
        work.unit(),
        100 * rate / work.unit().peak(peak));
  }

  private static Map<String, Object> object(Peak peak, int team) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("peak_gflops", Bench.hundredths(peak.flops() * 1e-9));
    line.put("peak_gigabytes_per_s", Bench.hundredths(peak.bytes() * 1e-9));
    line.put("threads", team);
    return line;
  }

  private static Map<String, Object> object(KernelWork work, StepTimes times, Peak peak, int team) {
    double rate = work.rate(times.median());
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("kernel", work.name());
    line.put("engine", "cajal");
    line.put("threads", team);
    line.put("us_min", Bench.hundredths(times.minimum()));
    line.put("us_median", Bench.hundredths(times.median()));
    line.put("rate", Bench.hundredths(rate));
    line.put("unit", work.unit().toString());
    line.put("share_of_peak", Math.round(1000 * rate / work.unit().peak(peak)) / 1000.0);
    return line;
  }
}
