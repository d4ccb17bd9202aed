package org.cajal.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cajal.app.bench.KernelWork;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The time of one kernel, each in a JVM of its own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
  /** A name of {@link KernelWork}; {@link Main} gives all of them. */
  @Param({})
  public String kernel = "";

  private KernelWork.Run run = () -> NDArray.of(new float[0], Shape.of(0));

  /** Compiles the program. */
  @Setup
  public void compile() {
    run = KernelWork.named(List.of(kernel)).get(0).compiled().get();
  }

  /** Runs it once. */
  @Benchmark
  public NDArray run() {
    return run.once();
  }
}
