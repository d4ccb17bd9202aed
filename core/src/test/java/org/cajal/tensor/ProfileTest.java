package org.cajal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bound programs, their profiles, and what Flight Recorder is told. */
class ProfileTest {
  private final NDArray values = NDArray.of(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3));
  private final Tensor x = Tensor.input("x", DType.F32, Shape.of(2, 3));
  private final Tensor product = x.matmul(x.transpose());
  private final Tensor sum = product.exp().sum(1);
  private final Program program = Program.compile(List.of(product, sum), List.of());

  @Test
  void aBoundProgramReadsAndWritesInPlace() {
    BoundProgram bound = program.bind(Feed.of("x", values));
    NDArray found = bound.output(product);
    bound.run();
    assertThat(found.toFloats()).containsExactly(14, 32, 32, 77);
    values.set(0, 0);
    bound.run();
    assertThat(found.toFloats()).containsExactly(13, 28, 28, 77);
    bound.feed("x", NDArray.zeros(DType.F32, Shape.of(2, 3)));
    bound.run();
    assertThat(found.toFloats()).containsExactly(0, 0, 0, 0);
    assertThat(bound.output(sum).toFloats()).containsExactly(2, 2);
  }

  @Test
  void aBoundProgramRefusesWhatAProgramRefuses() {
    BoundProgram bound = program.bind(Feed.of("x", values));
    assertThatExceptionOfType(CajalException.class)
        .isThrownBy(() -> bound.feed("y", values))
        .withMessage("[run] the program has no input \"y\"; it has [x]");
    assertThatExceptionOfType(CajalException.class)
        .isThrownBy(() -> bound.feed("x", NDArray.zeros(DType.F32, Shape.of(3, 2))))
        .withMessage("[run] input \"x\" was fed F32 [3, 2]; the program needs F32 [2, 3]");
    assertThatExceptionOfType(CajalException.class)
        .isThrownBy(() -> program.bind(Feed.none()))
        .withMessage("[run] input \"x\" is missing; feed F32 [2, 3]");
  }

  @Test
  void aProfileNamesKernelsAndWhatWasFusedIntoThem() {
    Profile profile = program.profile(Feed.of("x", values), 3);
    assertThat(profile.runs()).isEqualTo(3);
    assertThat(profile.kernels()).hasSize(2);
    Profile.Entry first = profile.kernels().getFirst();
    assertThat(first.operations()).containsExactly("matMul");
    assertThat(first.calls()).isEqualTo(3);
    assertThat(first.flops()).isEqualTo(3 * 2 * 2 * 2 * 3);
    assertThat(profile.kernels().getLast().operations()).containsExactly("exp", "sum");
    assertThat(profile.outside()).isGreaterThanOrEqualTo(0);
    assertThat(profile.toString().lines().map(line -> line.substring(0, 7).strip()))
        .contains("kernel", "outside", "total");
  }

  @Test
  void profilesOfOneProgramJoinKernelByKernel() {
    Profile.Entry a = new Profile.Entry("loop [4]", List.of("add", "add"), 1, 1e-6, 8, 48);
    Profile.Entry b = new Profile.Entry("product 2x2x2", List.of("matMul"), 1, 3e-6, 16, 48);
    Profile once = new Profile(1, 5e-6, List.of(a, b, a));
    Profile twice = Profile.empty().plus(once).plus(once);
    assertThat(twice.runs()).isEqualTo(2);
    assertThat(twice.kernels()).hasSize(3);
    assertThat(twice.kernels().get(1).calls()).isEqualTo(2);
    assertThat(twice.kernels().get(2).flops()).isEqualTo(16);
    assertThat(a.operationCounts()).isEqualTo("add×2");
    assertThat(new Profile(1, 5e-6, List.of(a, b)).toString().lines())
        .containsExactly(
            "kernel              calls      us/run   share  GFLOP/s    GB/s  operations",
            "product 2x2x2           1        3.00  60.0 %      0.0     0.0  matMul",
            "loop [4]                1        1.00  20.0 %      0.0     0.0  add×2",
            "outside kernels         1        1.00  20.0 %        -       -",
            "total                   1        5.00 100.0 %      0.0     0.0");
  }

  @Test
  void flightRecorderIsToldOfStepsAndKernels(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("run.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("org.cajal.Step").withoutThreshold();
      recording.enable("org.cajal.Kernel").withoutThreshold();
      recording.start();
      program.run(Feed.of("x", values));
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events.stream().filter(e -> e.getEventType().getName().equals("org.cajal.Step")))
        .hasSize(1);
    assertThat(
            events.stream()
                .filter(e -> e.getEventType().getName().equals("org.cajal.Kernel"))
                .map(e -> e.getString("operations")))
        .containsExactly("matMul", "exp sum");
  }
}
