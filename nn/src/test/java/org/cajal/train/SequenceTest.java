package org.cajal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cajal.data.Dataset;
import org.cajal.data.TextSet;
import org.cajal.layer.Layer;
import org.cajal.layer.Layers;
import org.cajal.model.Evaluation;
import org.cajal.model.History;
import org.cajal.model.Model;
import org.cajal.model.ModelSpec;
import org.cajal.model.Prediction;
import org.cajal.tensor.Threads;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Language models of characters. */
class SequenceTest {
  private static final TextSet TEXT =
      TextSet.of("verse", "the cat sat on the mat and ate a rat. ".repeat(20));
  private static final int STEPS = 20;
  private static final Dataset WINDOWS = TEXT.windows(STEPS, 3);
  private static final int SYMBOLS = TEXT.vocabulary().size();

  @TempDir Path folder;

  private static Layer characters(Layer... inner) {
    return Layers.sequential(
        Layers.embedding(SYMBOLS, 8), Layers.sequential(inner), Layers.dense(SYMBOLS));
  }

  private static TrainingSettings settings(int epochs) {
    return TrainingSettings.builder()
        .epochs(epochs)
        .batchSize(16)
        .learningRate(0.02)
        .seed(2)
        .build();
  }

  private static Model trained(Layer network, TrainingSettings settings) {
    return new Trainer(ModelSpec.of(network, WINDOWS), settings).train(WINDOWS).model();
  }

  @Test
  void aCharacterModelLearnsIsSavedAndGoesOnWithAText() {
    Model model = trained(characters(Layers.lstm(24)), settings(6));
    List<History.Epoch> epochs = model.history().epochs();
    assertThat(epochs.getFirst().loss()).isLessThan(Math.log(SYMBOLS));
    assertThat(epochs.getLast().loss()).isLessThan(0.5 * epochs.getFirst().loss());
    assertThat(epochs.getLast().accuracy()).isBetween(0.8, 1.0);
    Evaluation evaluation = model.evaluate(WINDOWS);
    assertThat(evaluation.accuracy()).isBetween(0.85, 1.0);
    assertThat(evaluation.predicted().shape()).isEqualTo(Shape.of(WINDOWS.size() * STEPS, SYMBOLS));

    Path file = folder.resolve("verse.safetensors");
    model.save(file);
    Model loaded = Model.load(file);
    assertThat(loaded.labels()).isEqualTo(TEXT.vocabulary());
    NDArray window = NDArray.of(TEXT.encode("the cat sat on the m"), Shape.of(1, STEPS));
    List<Prediction> next = loaded.predict(window);
    assertThat(next).hasSize(STEPS);
    assertThat(next.getLast().label()).isEqualTo("a");
    assertThat(next).isEqualTo(model.predict(window));
  }

  @Test
  void hasTheSameBitsOnAnyNumberOfThreads() {
    Layer network =
        characters(
            Layers.lstm(12).withLayers(2).withBidirectional(true).withDropout(0.2),
            Layers.transformerBlock(Layers.multiHeadAttention(2), 32));
    List<String> bits = new ArrayList<>();
    int before = Threads.get();
    try {
      for (int threads : new int[] {1, 2, 3}) {
        Threads.set(threads);
        bits.add(trained(network, settings(1)).sha256());
      }
    } finally {
      Threads.set(before);
    }
    assertThat(bits).containsOnly(bits.getFirst());
  }

  @Test
  void aTransformerLearns() {
    Layer network =
        characters(
            Layers.positionEmbedding(STEPS),
            Layers.transformerBlock(Layers.multiHeadAttention(2).withCausal(true), 32)
                .withDropout(0.1));
    List<History.Epoch> epochs = trained(network, settings(6)).history().epochs();
    assertThat(epochs.getLast().loss()).isLessThan(0.5 * epochs.getFirst().loss());
  }

  @Test
  void weightsOfRowsCountForAllTheirSymbols() {
    float[] weights = new float[WINDOWS.size()];
    weights[3] = 1;
    Layer network = characters(Layers.gru(8));
    Trainer one =
        new Trainer(ModelSpec.of(network, WINDOWS), settings(1).toBuilder().batchSize(0).build());
    double loss = one.sampleWeights(weights).train(WINDOWS).history().epochs().getFirst().loss();
    Model untrained = Model.untrained(ModelSpec.of(network, WINDOWS), 2);
    assertThat(loss).isCloseTo(untrained.evaluate(WINDOWS.subset(3)).loss(), within(1e-5));
  }

  @Test
  void anOutputForTheWholeTextIsRefused() {
    Layer network = characters(Layers.lstm(4).withSequences(false));
    assertThatThrownBy(() -> trained(network, settings(1)))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            "[model] the network gives [13] for each example, but there are 13 symbols; let it give"
                + " [steps, 13], by a last layer of 13 units");
  }
}
