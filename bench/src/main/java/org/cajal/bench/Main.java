package org.cajal.bench;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.cajal.app.bench.KernelWork;
import org.cajal.app.bench.Peak;
import org.cajal.tensor.Threads;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link KernelBenchmark} with JMH's own options and then prints each kernel's rate beside the
 * machine's peak, measured before and after: the better one counts.
 *
 * <pre>{@code
 * java --add-modules jdk.incubator.vector -cp 'bench/target/bench/*' org.cajal.bench.Main \
 *     -p kernel=product,softmax/4096x1024
 * }</pre>
 */
public final class Main {
  private static final String KERNEL = "kernel";

  private Main() {}

  /**
   * Runs.
   *
   * @param arguments options of JMH ({@code -h} lists them); {@code -p kernel=NAME,...} chooses
   *     kernels or groups of them
   */
  public static void main(String... arguments) throws Exception {
    CommandLineOptions given = new CommandLineOptions(arguments);
    if (given.shouldHelp()) {
      given.showHelp();
      return;
    }
    Collection<String> names = given.getParameter(KERNEL).orElse(List.of());
    String[] kernels =
        KernelWork.named(List.copyOf(names)).stream().map(KernelWork::name).toArray(String[]::new);
    Peak before = Peak.measure(Threads.get(), System::nanoTime);
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .parent(given)
                    .include(KernelBenchmark.class.getName())
                    .param(KERNEL, kernels)
                    .build())
            .run();
    Peak after = Peak.measure(Threads.get(), System::nanoTime);
    Peak peak =
        new Peak(Math.max(before.flops(), after.flops()), Math.max(before.bytes(), after.bytes()));
    System.out.printf(
        Locale.ROOT,
        "%npeak on %d threads: %.1f GFLOP/s, %.1f GB/s%n",
        Threads.get(),
        peak.flops() * 1e-9,
        peak.bytes() * 1e-9);
    for (RunResult result : results) {
      KernelWork work = KernelWork.named(List.of(result.getParams().getParam(KERNEL))).get(0);
      double rate = work.rate(result.getPrimaryResult().getScore());
      System.out.printf(
          Locale.ROOT,
          "%-48s %10.1f %-8s %5.0f%%%n",
          work.name(),
          rate,
          work.unit(),
          100 * rate / work.unit().peak(peak));
    }
  }
}
