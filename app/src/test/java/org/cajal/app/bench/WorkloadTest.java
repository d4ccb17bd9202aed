package org.cajal.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.cajal.tensor.Program;
import org.cajal.type.CajalException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WorkloadTest {
  @ParameterizedTest
  @CsvSource({
    "xor,4,17",
    "iris,16,131",
    "mlp,64,101770",
    "mlp-wide,128,669706",
    "lenet5,64,61706",
    "cnn,64,467818",
    "char-rnn,32,103041",
    "char-lstm,32,349569",
    "gpt,12,818176"
  })
  void networksHaveTheSizeOfTheirCounterparts(String name, int batch, long parameters) {
    Workload workload = Workload.named(name);
    assertThat(workload.name()).isEqualTo(name);
    assertThat(workload.batch()).isEqualTo(batch);
    assertThat(new TrainingStep(workload).parameters()).isEqualTo(parameters);
  }

  @Test
  void everyNameHasAWorkload() {
    assertThat(Workload.names()).allMatch(name -> Workload.named(name).name().equals(name));
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    assertThatExceptionOfType(CajalException.class)
        .isThrownBy(() -> Workload.named("resnet"))
        .withMessage(
            "[bench] no workload \"resnet\"; there are xor, iris, mlp, mlp-wide, lenet5, cnn,"
                + " char-rnn, char-lstm, gpt");
  }

  @ParameterizedTest
  @MethodSource("org.cajal.app.bench.Workload#names")
  void memoryIsHardlyMoreThanWhatIsAliveAtOnce(String name) {
    Program program = new TrainingStep(Workload.named(name)).program();
    assertThat(program.memoryBytes()).isLessThanOrEqualTo((long) (1.1 * program.aliveBytes()));
  }

  @Test
  void aStepLearns() {
    TrainingStep step = new TrainingStep(Workload.named("iris"));
    double first = step.run();
    double last = first;
    for (int i = 0; i < 200; i++) {
      last = step.run();
    }
    assertThat(last).isFinite().isLessThan(first);
  }

  /**
   * A clock that a step advances by hand: the first steps are slow, as code is that is not compiled
   * yet.
   */
  @Test
  void warmUpIsNotCounted() {
    AtomicLong now = new AtomicLong();
    AtomicLong steps = new AtomicLong();
    StepTimes times =
        StepTimes.measure(
            () -> now.addAndGet(steps.getAndIncrement() < 20 ? 100_000_000 : 250_000), now::get, 3);
    assertThat(times.minimum()).isEqualTo(250.0);
    assertThat(times.median()).isEqualTo(250.0);
    // The first step, then a block of five, of ten and of more steps of 0.1 s.
    assertThat(times.steadySeconds()).isBetween(1.9, 2.5);
  }

  @Test
  void theMedianIsThatOfTheRounds() {
    AtomicLong now = new AtomicLong();
    AtomicLong steps = new AtomicLong();
    StepTimes times =
        StepTimes.measure(
            () -> now.addAndGet(steps.getAndIncrement() % 4 == 0 ? 4_000_000 : 2_000_000),
            now::get,
            3);
    assertThat(times.minimum()).isBetween(2450.0, 2500.0);
    assertThat(times.median()).isBetween(2490.0, 2550.0);
  }

  @Test
  void roundsOfSeveralStepsTakeTurns() {
    AtomicLong now = new AtomicLong();
    List<Integer> order = new ArrayList<>();
    Runnable first = () -> takes(now, order, 1, 100_000_000);
    Runnable second = () -> takes(now, order, 2, 200_000_000);
    List<StepTimes> times = StepTimes.measure(List.of(first, second), now::get, 1.1);
    assertThat(times).extracting(StepTimes::median).containsExactly(100_000.0, 200_000.0);
    assertThat(order.subList(order.size() - 6, order.size())).containsExactly(1, 2, 1, 2, 1, 2);
  }

  private static void takes(AtomicLong now, List<Integer> order, int which, long nanos) {
    now.addAndGet(nanos);
    order.add(which);
  }
}
