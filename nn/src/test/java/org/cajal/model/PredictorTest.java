package org.cajal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cajal.data.Dataset;
import org.cajal.data.FloatRows;
import org.cajal.layer.Layers;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

/** Answers from array to array. */
class PredictorTest {
  private static final int ROWS = 5;
  private static final int CALLS = 300;

  private final NDArray examples = NDArray.zeros(DType.F32, Shape.of(ROWS, 4));
  private final Model model;

  PredictorTest() {
    for (int i = 0; i < examples.size(); i++) {
      examples.set(i, Math.sin(i));
    }
    Dataset data =
        Dataset.classification(
            "five", new FloatRows(examples), new int[ROWS], List.of("a", "b", "c"));
    model =
        Model.untrained(
            ModelSpec.of(Layers.sequential(Layers.dense(16), Layers.relu(), Layers.dense(3)), data),
            1);
  }

  @Test
  void answersAreThoseOfTheModel() {
    Predictor predictor = model.predictor(ROWS);
    float[] answers = new float[predictor.outputSize()];
    predictor.predict(examples.toFloats(), answers);
    assertThat(answers).containsExactly(model.answers(examples).toFloats());
    assertThat(model.predictor(ROWS)).isSameAs(predictor);
  }

  @Test
  void manyThreadsAskAtOnce() throws Exception {
    Predictor predictor = model.predictor(1);
    float[] expected = model.answers(examples).toFloats();
    List<Callable<Void>> callers = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      float[] example = java.util.Arrays.copyOfRange(examples.toFloats(), 4 * row, 4 * row + 4);
      float[] wanted = java.util.Arrays.copyOfRange(expected, 3 * row, 3 * row + 3);
      callers.add(
          () -> {
            float[] answer = new float[3];
            for (int i = 0; i < CALLS; i++) {
              predictor.predict(example, answer);
              assertThat(answer).containsExactly(wanted);
            }
            return null;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(ROWS)) {
      for (Future<Void> done : threads.invokeAll(callers)) {
        done.get();
      }
    }
  }

  @Test
  void otherLengthsAreRefused() {
    assertThatExceptionOfType(CajalException.class)
        .isThrownBy(() -> model.predictor(2).predict(new float[7], new float[6]))
        .withMessage(
            "[predict] the arrays have 7 and 6 values; for 2 examples the model takes 8 and gives"
                + " 6");
    assertThatExceptionOfType(CajalException.class)
        .isThrownBy(() -> model.predictor(0))
        .withMessage("[predict] a batch of 0 examples; at least 1 is needed");
  }
}
