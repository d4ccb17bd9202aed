package org.cajal.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.cajal.data.Dataset;
import org.cajal.layer.Layers;
import org.cajal.layer.Parameters;
import org.cajal.model.ModelSpec;
import org.cajal.optim.Slots;
import org.cajal.type.DType;
import org.junit.jupiter.api.Test;

class StepProgramTest {
  private static final int STEPS = 1_000;

  /** While the JVM compiles, vector code allocates: after so many rounds it must have ended. */
  private static final int MOST_ROUNDS = 5_000;

  /** An outcome and what reads three numbers. */
  private static final long MOST_BYTES = 128;

  /** The data is of single precision: its batches are filled in the network's type. */
  @Test
  void aStepInDoublePrecisionMakesNoBatch() {
    ThreadMXBean watch = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Dataset data = TrainerTest.moons(32);
    ModelSpec single = ModelSpec.of(Layers.sequential(Layers.dense(2)), data);
    ModelSpec spec =
        new ModelSpec(
            single.architecture(),
            single.loss(),
            DType.F64,
            single.inputShape(),
            DType.F64,
            single.task(),
            single.labels(),
            single.featureNames(),
            single.preprocessing(),
            single.scaling());
    TrainingSettings settings = TrainingSettings.builder().batchSize(32).build();
    Parameters parameters = new Parameters(spec.dtype(), 1);
    StepProgram step = StepProgram.compile(spec, settings, parameters, new Slots(), data, 32, 0);
    try (Batches batches = new Batches(data, spec.inputDtype(), null, settings, 1, 0, 0)) {
      Batches.Batch batch = batches.next();
      assertThat(batch.x().dtype()).isEqualTo(DType.F64);
      long allocated = Long.MAX_VALUE;
      for (int round = 0; round < MOST_ROUNDS && allocated > STEPS * MOST_BYTES; round++) {
        long before = watch.getCurrentThreadAllocatedBytes();
        for (int i = 1; i <= STEPS; i++) {
          step.run(batch, 0.1, i);
        }
        allocated = watch.getCurrentThreadAllocatedBytes() - before;
      }
      assertThat(allocated).isLessThanOrEqualTo(STEPS * MOST_BYTES);
    }
  }
}
