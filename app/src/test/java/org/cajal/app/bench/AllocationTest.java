package org.cajal.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.cajal.data.Task;
import org.cajal.layer.Layer;
import org.cajal.layer.Layers;
import org.cajal.loss.CrossEntropy;
import org.cajal.optim.Adam;
import org.cajal.tensor.Threads;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run allocates nothing, on the caller's thread or on the workers'. */
class AllocationTest {
  private static final ThreadMXBean WATCH = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int STEPS = 1_000;

  /** While the JVM compiles, vector code allocates: after so many rounds it must have ended. */
  private static final int MOST_ROUNDS = 500;

  static List<Workload> workloads() {
    return List.of(
        Workload.named("xor"),
        Workload.named("mlp"),
        convolutional("convolutional", Shape.of(16, 3, 12, 12), Layers.convolution(8, 3)),
        // Its second convolution has the channels and tiles for Winograd's filtering.
        convolutional(
            "of many channels",
            Shape.of(32, 3, 14, 14),
            Layers.sequential(Layers.convolution(32, 3), Layers.convolution(32, 3))));
  }

  private static Workload convolutional(String name, Shape input, Layer layer) {
    return new Workload(
        name,
        Layers.sequential(
            layer, Layers.relu(), Layers.maxPooling(2), Layers.flatten(), Layers.dense(10)),
        Task.CLASSIFICATION,
        NDArray.zeros(DType.F32, input),
        NDArray.zeros(DType.I32, Shape.of(input.dim(0))),
        new CrossEntropy(),
        new Adam(),
        1e-3);
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void aStepAllocatesNothing(Workload workload) {
    int threads = Threads.get();
    Threads.set(2);
    try {
      TrainingStep step = new TrainingStep(workload);
      step.run();
      List<Long> workers =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith("cajal-team"))
              .map(Thread::threadId)
              .toList();
      long allocated = -1;
      for (int round = 0; round < MOST_ROUNDS && allocated != 0; round++) {
        long theirs = allocatedBy(workers);
        long ours = WATCH.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < STEPS; i++) {
          step.run();
        }
        allocated = WATCH.getCurrentThreadAllocatedBytes() - ours;
        allocated += allocatedBy(workers) - theirs;
      }
      assertThat(workers).isNotEmpty();
      assertThat(allocated).as("bytes in %d steps of %s", STEPS, workload.name()).isZero();
    } finally {
      Threads.set(threads);
    }
  }

  @Test
  void anAnswerAllocatesNothing() {
    PredictionCall call = new PredictionCall(Workload.named("mlp"), 1);
    long allocated = -1;
    for (int round = 0; round < MOST_ROUNDS && allocated != 0; round++) {
      long before = WATCH.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < STEPS; i++) {
        call.run();
      }
      allocated = WATCH.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(allocated).isZero();
  }

  private static long allocatedBy(List<Long> threads) {
    return threads.stream().mapToLong(WATCH::getThreadAllocatedBytes).sum();
  }
}
