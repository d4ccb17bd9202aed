package org.cajal.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.cajal.app.bench.KernelWork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KernelBenchmarkTest {
  static Stream<String> kernels() {
    return KernelWork.all().stream().map(KernelWork::name);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void eachKernelRunsAndGivesFiniteNumbers(String kernel) {
    KernelBenchmark benchmark = new KernelBenchmark();
    benchmark.kernel = kernel;
    benchmark.compile();
    assertThat(Arrays.stream(benchmark.run().toDoubles()).allMatch(Double::isFinite)).isTrue();
  }
}
