package org.cajal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.cajal.data.Dataset;
import org.cajal.layer.Layers;
import org.cajal.model.ModelSpec;
import org.cajal.type.CajalException;
import org.junit.jupiter.api.Test;

class StepsTest {
  private static final TrainingSettings SETTINGS =
      TrainingSettings.builder().epochs(2).batchSize(16).learningRate(0.1).seed(3).build();

  @Test
  void areThoseOfATraining() {
    Dataset data = TrainerTest.moons(64);
    ModelSpec spec = ModelSpec.of(Layers.sequential(Layers.dense(2)), data);
    List<Double> epochs = new ArrayList<>();
    try (Steps steps = new Steps(spec, SETTINGS, data)) {
      for (int epoch = 0; epoch < 2; epoch++) {
        double sum = 0;
        for (int i = 0; i < 4; i++) {
          sum += steps.next() * 16;
        }
        epochs.add(sum / 64);
      }
    }
    assertThat(epochs).isEqualTo(new Trainer(spec, SETTINGS).train(data).history().losses());
  }

  @Test
  void againLearnsTheBatchInMemory() {
    Dataset data = TrainerTest.moons(64);
    ModelSpec spec = ModelSpec.of(Layers.sequential(Layers.dense(2)), data);
    try (Steps steps = new Steps(spec, SETTINGS, data)) {
      double before = steps.next();
      for (int i = 0; i < 100; i++) {
        double loss = steps.again();
        assertThat(loss).isLessThanOrEqualTo(before);
        before = loss;
      }
    }
  }

  @Test
  void refusesASmallerLastBatch() {
    Dataset data = TrainerTest.moons(70);
    ModelSpec spec = ModelSpec.of(Layers.sequential(Layers.dense(2)), data);
    assertThatThrownBy(() -> new Steps(spec, SETTINGS, data))
        .isInstanceOf(CajalException.class)
        .hasMessage("[train] 70 rows are no whole number of batches of 16; leave out the last 6");
  }
}
