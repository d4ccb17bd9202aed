package org.cajal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cajal.data.Dataset;
import org.cajal.data.FloatRows;
import org.cajal.data.IndexRows;
import org.cajal.layer.Layer;
import org.cajal.layer.Layers;
import org.cajal.loss.CrossEntropy;
import org.cajal.loss.Losses;
import org.cajal.model.Evaluation;
import org.cajal.model.History;
import org.cajal.model.Model;
import org.cajal.model.ModelSpec;
import org.cajal.optim.Sgd;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How much rows and answers count, in everything that is measured while training. Networks here
 * answer with their inputs, and their steps are too small to change a bit, so that every number is
 * known; those of cross-entropy are PyTorch's.
 */
class CountingTest {
  private static final List<String> TWO = List.of("no", "yes");

  @TempDir Path folder;

  private static TrainingSettings.Builder still() {
    return TrainingSettings.builder()
        .epochs(1)
        .batchSize(0)
        .shuffle(false)
        .optimizer(new Sgd())
        .learningRate(1e-30);
  }

  private static Dataset logits(float[] x, int... y) {
    return Dataset.classification(
        "logits", new FloatRows(NDArray.of(x, Shape.of(y.length, 2))), y, TWO);
  }

  private static final Dataset TRAIN = logits(new float[] {1, 0, 0, 2, 0, 0.5f, 3, 1}, 0, 0, 0, 1);
  private static final Dataset HELD = logits(new float[] {2, 0, 0, 1, 1, 3}, 0, 0, 1);

  private static History.Epoch first(Trainer trainer, Dataset rows) {
    return trainer.train(rows).history().epochs().getFirst();
  }

  @Test
  void classWeightsCountInTheValidationLossAndAccuracy() {
    ModelSpec spec = ModelSpec.of(new Scaled(1), TRAIN);
    History.Epoch plain = first(new Trainer(spec, still().build()).validation(HELD), TRAIN);
    assertThat(plain.validationLoss()).isCloseTo(0.522372569868056, within(1e-6));
    assertThat(plain.validationAccuracy()).isEqualTo(2.0 / 3);
    for (TrainingSettings settings :
        List.of(
            still().balanced(true).build(), still().classWeights(List.of(2.0 / 3, 2.0)).build())) {
      History.Epoch weighted = first(new Trainer(spec, settings).validation(HELD), TRAIN);
      assertThat(weighted.loss()).isCloseTo(1.632508452645037, within(1e-6));
      assertThat(weighted.accuracy()).isCloseTo((2.0 / 3) / 4, within(1e-6));
      assertThat(weighted.validationLoss()).isCloseTo(0.3641947463380226, within(1e-6));
      assertThat(weighted.validationAccuracy())
          .isCloseTo((2.0 / 3 + 2) / (2.0 / 3 + 2.0 / 3 + 2), within(1e-6));
    }
    ModelSpec inLoss =
        ModelSpec.of(
            new Scaled(1), new CrossEntropy().withClassWeights(List.of(2.0 / 3, 2.0)), TRAIN);
    History.Epoch byLoss =
        first(new Trainer(inLoss, still().batchSize(3).build()).validation(HELD), TRAIN);
    assertThat(byLoss.loss()).isCloseTo(1.632508452645037, within(1e-6));
    assertThat(byLoss.validationLoss()).isCloseTo(0.3641947463380226, within(1e-6));
  }

  @Test
  void aValidationRowThatIsRepeatedCountsLikeOneOfMoreWeight() {
    ModelSpec spec = ModelSpec.of(new Scaled(1), TRAIN);
    History.Epoch weighted =
        first(new Trainer(spec, still().build()).validation(HELD, new float[] {1, 3, 0}), TRAIN);
    History.Epoch repeated =
        first(new Trainer(spec, still().build()).validation(HELD.subset(0, 1, 1, 1)), TRAIN);
    assertThat(weighted.validationLoss()).isCloseTo(repeated.validationLoss(), within(1e-7));
    assertThat(weighted.validationAccuracy()).isEqualTo(0.25);
  }

  @Test
  void sampleWeightsCountInRegressionAndGoWithTheirRowsIntoAValidationShare() {
    float[] x = new float[40];
    float[] y = new float[40];
    float[] weights = new float[40];
    for (int i = 0; i < 40; i++) {
      x[i] = i;
      y[i] = i + i % 4;
      weights[i] = i % 4;
    }
    Dataset rows =
        Dataset.regression(
            "numbers",
            new FloatRows(NDArray.of(x, Shape.of(40, 1))),
            NDArray.of(y, Shape.of(40, 1)));
    ModelSpec spec = ModelSpec.of(new Scaled(1), rows);
    History.Epoch e =
        first(new Trainer(spec, still().batchSize(7).build()).sampleWeights(weights), rows);
    // errors 0, 1, 2, 3 with weights 0, 1, 2, 3
    assertThat(e.loss()).isCloseTo((1 + 2 * 4 + 3 * 9) / 6.0, within(1e-6));
    TrainingSettings share = still().validation(0.25).seed(4).build();
    History.Epoch divided = first(new Trainer(spec, share).sampleWeights(weights), rows);
    int[] held = rows.splitRows(0.25, 4)[1];
    double squares = 0;
    double all = 0;
    for (int row : held) {
      squares += weights[row] * (row % 4) * (row % 4);
      all += weights[row];
    }
    assertThat(held).hasSize(10);
    assertThat(divided.validationLoss()).isCloseTo(squares / all, within(1e-5));
  }

  @Test
  void theBestEpochIsTheBestByWeightedRows() {
    // each step makes the common class surer and the rare one worse
    Dataset train = logits(new float[] {1, 0, 1, 0}, 0, 0);
    Dataset held = logits(new float[] {1, 0, 1, 0, 1, 0, 1, 0}, 0, 0, 0, 1);
    ModelSpec spec = ModelSpec.of(new Scaled(0.5), train);
    TrainingSettings settings = still().epochs(4).learningRate(0.5).earlyStopping(9).build();
    TrainingResult plain = new Trainer(spec, settings).validation(held).train(train);
    TrainingResult weighted =
        new Trainer(spec, settings).validation(held, new float[] {1, 1, 1, 9}).train(train);
    assertThat(plain.history().bestEpoch()).isGreaterThan(1);
    assertThat(plain.keptBy()).isEqualTo("validation loss");
    assertThat(weighted.history().bestEpoch()).isEqualTo(1);
    assertThat(weighted.keptBy()).isEqualTo("weighted validation loss");
  }

  @Test
  void batchesWithoutTheRareClassCountLess() {
    // One row of class 1 among 16: with batches of 4 the steps of a weighted epoch must sum to the
    // gradient of the whole, else three batches of four would pull fully towards class 0.
    float[] x = new float[32];
    int[] y = new int[16];
    for (int i = 0; i < 16; i++) {
      x[2 * i] = 1;
      y[i] = i == 5 ? 1 : 0;
    }
    Dataset rows = logits(x, y);
    double rate = 1e-3;
    Model whole = trained(rows, still().balanced(true).learningRate(rate).build());
    Model parts = trained(rows, still().balanced(true).batchSize(4).learningRate(rate / 4).build());
    double moved = whole.weights().get("scale").get(0) - 1;
    assertThat(moved).isNotZero();
    assertThat(parts.weights().get("scale").get(0) - 1)
        .isCloseTo(moved, within(0.01 * Math.abs(moved)));
  }

  private static Model trained(Dataset rows, TrainingSettings settings) {
    return new Trainer(ModelSpec.of(new Scaled(1), rows), settings).train(rows).model();
  }

  @Test
  void recallsARareClassThatWeighsAsMuch() {
    long key = CounterRandom.key(8, "rare");
    int n = 1500;
    float[] x = new float[2 * n];
    int[] y = new int[n];
    for (int i = 0; i < n; i++) {
      y[i] = i % 50 == 0 ? 1 : 0;
      for (int c = 0; c < 2; c++) {
        x[2 * i + c] = (float) (CounterRandom.normal(key, 2L * i + c) + 1.8 * y[i]);
      }
    }
    Dataset all = logits(x, y);
    Dataset train = all.subset(IntStream.range(0, 1000).toArray());
    Dataset test = all.subset(IntStream.range(1000, n).toArray());
    Layer network = Layers.sequential(Layers.dense(16), Layers.tanh(), Layers.dense(2));
    TrainingSettings.Builder settings =
        TrainingSettings.builder()
            .epochs(15)
            .batchSize(32)
            .learningRate(0.01)
            .validation(0.1)
            .earlyStopping(5);
    ModelSpec spec = ModelSpec.of(network, train);
    TrainingResult plain = new Trainer(spec, settings.build()).train(train);
    TrainingResult weighted = new Trainer(spec, settings.balanced(true).build()).train(train);
    assertThat(plain.model().evaluate(test).confusion().orElseThrow().recall(1)).isLessThan(0.6);
    assertThat(weighted.model().evaluate(test).confusion().orElseThrow().recall(1))
        .isGreaterThanOrEqualTo(0.8);
    assertThat(plain.warnings()).anyMatch(w -> w.contains("try class weights"));
    assertThat(weighted.warnings()).noneMatch(w -> w.contains("class weights"));
    assertThat(weighted.chanceLoss()).isCloseTo(Math.log(2), within(1e-6));
  }

  private static Dataset padded(int ignored) {
    float[] x = {2, 0, 0, 1, 1, 3, 0, 1, 0, 0, 3, 0};
    int[] y = {0, 0, ignored, 1, ignored, ignored};
    return Dataset.sequence(
        "padded",
        new FloatRows(NDArray.of(x, Shape.of(2, 3, 2))),
        new IndexRows(NDArray.of(y, Shape.of(2, 3))),
        TWO);
  }

  @Test
  void anIgnoredClassCountsNowhere() {
    for (int ignored : new int[] {-100, -1}) {
      Dataset rows = padded(ignored);
      ModelSpec spec = ModelSpec.of(new Scaled(1), new CrossEntropy(0, ignored, List.of()), rows);
      TrainingResult result =
          new Trainer(spec, still().batchSize(1).build()).validation(rows).train(rows);
      History.Epoch e = result.history().epochs().getFirst();
      assertThat(e.loss()).isCloseTo(0.5844837953598061, within(1e-6));
      assertThat(e.accuracy()).isEqualTo(2.0 / 3);
      assertThat(e.validationLoss()).isCloseTo(0.5844837953598061, within(1e-6));
      assertThat(e.validationAccuracy()).isEqualTo(2.0 / 3);
      Evaluation measured = result.model().evaluate(rows);
      assertThat(measured.loss()).isCloseTo(0.5844837953598061, within(1e-6));
      assertThat(measured.accuracy()).isEqualTo(2.0 / 3);
      assertThat(measured.confusionRows()).isEqualTo(List.of(List.of(1, 1), List.of(0, 1)));
      assertThat(measured.worst(9)).containsExactly(1);
      Dataset nothing =
          Dataset.sequence(
              "empty",
              new FloatRows(NDArray.of(new float[6], Shape.of(1, 3, 2))),
              new IndexRows(NDArray.of(new int[] {ignored, ignored, ignored}, Shape.of(1, 3))),
              TWO);
      assertThatThrownBy(() -> result.model().evaluate(nothing))
          .isInstanceOf(CajalException.class)
          .hasMessage(
              "[empty] none of the 1 rows counts: all targets are of the ignored class, or have the"
                  + " weight 0; at least one must count");
    }
  }

  @Test
  void sampleWeightsAndAnIgnoredClassMultiply() {
    Dataset rows = padded(-100);
    ModelSpec spec = ModelSpec.of(new Scaled(1), new CrossEntropy(0, -100, List.of()), rows);
    History.Epoch e =
        first(
            new Trainer(spec, still().build())
                .sampleWeights(1, 3)
                .validation(rows, new float[] {1, 3}),
            rows);
    assertThat(e.loss()).isCloseTo(0.4759949522231729, within(1e-6));
    assertThat(e.validationLoss()).isCloseTo(0.4759949522231729, within(1e-6));
    assertThat(e.accuracy()).isEqualTo(4.0 / 5);
    assertThat(e.validationAccuracy()).isEqualTo(4.0 / 5);
  }

  @Test
  void balancedWeightsPassOverAnIgnoredClass() {
    Dataset rows = logits(new float[] {1, 0, 0, 2, 0, 0.5f, 3, 1}, 0, 0, 1, 1);
    CrossEntropy loss = new CrossEntropy(0, 1, List.of());
    TrainingResult result =
        new Trainer(ModelSpec.of(new Scaled(1), loss, rows), still().balanced(true).build())
            .train(rows);
    double expected = (Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(2))) / 2;
    assertThat(result.history().losses().getFirst()).isCloseTo(expected, within(1e-6));
    assertThat(result.history().accuracies()).containsExactly(0.5);
    assertThat(result.warnings()).noneMatch(w -> w.contains("unbalanced"));
    assertThat(new CrossEntropy().ignoredClass()).isEqualTo(Losses.NO_CLASS);
  }

  @Test
  void refusesWeightsByWhichNothingCounts() {
    ModelSpec spec = ModelSpec.of(new Scaled(1), TRAIN);
    refused(
        () -> new Trainer(spec, still().build()).sampleWeights(0, 0, 0, 0).train(TRAIN),
        "[train] every training row has the weight 0, so that nothing counts; at least one weight"
            + " must be larger");
    refused(
        () ->
            new Trainer(spec, still().build()).validation(HELD, new float[] {0, 0, 0}).train(TRAIN),
        "[train] every validation row has the weight 0, so that nothing counts; at least one weight"
            + " must be larger");
    refused(
        () -> new Trainer(spec, still().build()).validation(HELD, new float[] {1}).train(TRAIN),
        "[train] 1 validation weights for 3 rows; one for each is needed");
    refused(
        () ->
            new Trainer(spec, still().build())
                .validation(HELD, new float[] {1, -1, 1})
                .train(TRAIN),
        "[train] the weight of validation row 1 is -1.0; it must be 0 or larger, and finite");
  }

  @Test
  void resumingRefusesChangedRows() {
    ModelSpec spec = ModelSpec.of(Layers.dense(2), TRAIN);
    TrainingSettings two = still().epochs(2).build();
    float[] weights = {1, 2, 3, 4};
    new Trainer(spec, still().build())
        .checkpoints(folder)
        .sampleWeights(weights)
        .validation(HELD)
        .train(TRAIN);
    Path last = folder.resolve(Trainer.LAST_FILE);
    String training = "[resume] the training rows are not those that the checkpoint was made with:";
    String rest =
        " inputs, targets, classes or weights differ; give the data as it was, or begin a new"
            + " training";
    Trainer same = new Trainer(spec, two).sampleWeights(weights).validation(HELD);
    refused(
        () -> same.resume(logits(new float[] {1, 0, 0, 2, 0, 0.5f, 3, 1.5f}, 0, 0, 0, 1), last),
        training + rest);
    refused(
        () -> same.resume(logits(new float[] {1, 0, 0, 2, 0, 0.5f, 3, 1}, 0, 0, 1, 1), last),
        training + rest);
    refused(() -> same.resume(TRAIN.subset(1, 0, 2, 3), last), training + rest);
    refused(
        () -> new Trainer(spec, two).sampleWeights(1, 2, 3, 5).validation(HELD).resume(TRAIN, last),
        training + rest);
    refused(() -> new Trainer(spec, two).validation(HELD).resume(TRAIN, last), training + rest);
    refused(
        () ->
            new Trainer(spec, two)
                .sampleWeights(weights)
                .validation(HELD.subset(0, 2, 1))
                .resume(TRAIN, last),
        "[resume] the validation rows are not those that the checkpoint was made with:" + rest);
    Dataset copy = logits(new float[] {1, 0, 0, 2, 0, 0.5f, 3, 1}, 0, 0, 0, 1);
    assertThat(same.resume(copy, last).steps()).isEqualTo(2);
    Checkpoint saved = Checkpoint.load(last);
    new Checkpoint(
            saved.model(), saved.slots(), saved.bestWeights(), saved.position(), Optional.empty())
        .save(last);
    assertThat(Checkpoint.load(last).data()).isEmpty();
    assertThat(same.resume(TRAIN.subset(1, 0, 2, 3), last).steps()).isEqualTo(2);
  }

  private static final Layer NORMALIZING =
      Layers.sequential(
          Layers.dense(4), Layers.batchNormalization(), Layers.relu(), Layers.dense(2));

  @Test
  void aLastRowAloneJoinsTheBatchBeforeItWhereTheBatchIsNormalised() {
    Dataset rows = TrainerTest.moons(33);
    TrainingSettings settings = TrainingSettings.builder().epochs(2).batchSize(16).build();
    TrainingResult joined = new Trainer(ModelSpec.of(NORMALIZING, rows), settings).train(rows);
    assertThat(joined.steps()).isEqualTo(4);
    Layer plain = Layers.sequential(Layers.dense(4), Layers.relu(), Layers.dense(2));
    TrainingResult alone = new Trainer(ModelSpec.of(plain, rows), settings).train(rows);
    assertThat(alone.steps()).isEqualTo(6);
    assertThat(joined.history().epochs().getLast().accuracy() * 33)
        .isCloseTo(Math.rint(joined.history().epochs().getLast().accuracy() * 33), within(1e-9));
  }

  @Test
  void refusesBatchNormalizationOfSingleRows() {
    Dataset rows = TrainerTest.moons(8);
    ModelSpec spec = ModelSpec.of(NORMALIZING, rows);
    String message =
        "[train] layer 1 (batchNormalization) normalises over the batch, and in a batch of 1 row"
            + " each channel has one number, which becomes 0; use a batch size of 2 or more, or"
            + " layer normalisation";
    refused(() -> new Trainer(spec, still().batchSize(1).build()).train(rows), message);
    refused(() -> new Trainer(spec, still().build()).train(rows.first(1)), message);
    Dataset images = TrainerTest.images(4, 4);
    Layer network =
        Layers.sequential(Layers.batchNormalization(), Layers.flatten(), Layers.dense(2));
    assertThat(
            new Trainer(ModelSpec.of(network, images), still().batchSize(1).build())
                .train(images)
                .steps())
        .isEqualTo(4);
  }

  @Test
  void warnsOfTargetsThatAreNotScaledAndOfAnswersWorseThanTheMean() {
    float[] x = new float[20];
    float[] y = new float[20];
    for (int i = 0; i < 20; i++) {
      x[i] = i % 2 == 0 ? 1 : -1;
      y[i] = 300_000 + 100_000 * x[i];
    }
    Dataset rows =
        Dataset.regression(
            "houses",
            new FloatRows(NDArray.of(x, Shape.of(20, 1))),
            NDArray.of(y, Shape.of(20, 1)));
    ModelSpec spec = ModelSpec.of(Layers.dense(1), rows);
    String scale =
        "The targets are not scaled: they are of the order 300,000 (mean 300,000, standard"
            + " deviation 100,000), where a network's answers begin between about −1 and 1;"
            + " standardise them: train on (y − 300,000) / 100,000 and undo it in the answers.";
    List<String> warnings = new Trainer(spec, still().build()).train(rows).warnings();
    assertThat(warnings.getFirst()).isEqualTo(scale);
    assertThat(warnings.get(1)).startsWith("R² is -9 on the training rows: the network is worse");
    assertThatThrownBy(
            () -> new Trainer(spec, still().epochs(9).learningRate(1e30).build()).train(rows))
        .isInstanceOf(CajalException.class)
        .hasMessageContaining("is not finite at step")
        .hasMessageEndingWith("gradient clipping. " + scale);
    float[] small = new float[20];
    for (int i = 0; i < 20; i++) {
      small[i] = x[i];
    }
    Dataset scaled =
        Dataset.regression(
            "scaled",
            new FloatRows(NDArray.of(x, Shape.of(20, 1))),
            NDArray.of(small, Shape.of(20, 1)));
    assertThat(
            new Trainer(ModelSpec.of(new Scaled(0.9), scaled), still().learningRate(0.01).build())
                .train(scaled)
                .warnings())
        .isEmpty();
  }

  @Test
  void roundingIsNoSpread() {
    int n = 3000;
    float[] x = new float[3 * n];
    int[] y = new int[n];
    for (int i = 0; i < n; i++) {
      y[i] = i % 2;
      x[3 * i] = (float) CounterRandom.normal(CounterRandom.key(1, "x"), i) + y[i];
      x[3 * i + 1] = 0.0447f; // constant: a sum of it is not exact
      x[3 * i + 2] = i == 2999 ? (float) Math.sqrt(n) : -1 / (float) Math.sqrt(n);
    }
    Dataset rows =
        Dataset.classification("rounded", new FloatRows(NDArray.of(x, Shape.of(n, 3))), y, TWO);
    List<Moments> moments = Moments.ofFeatures(rows);
    assertThat(moments.get(1).deviation()).isZero();
    assertThat(moments.get(2).deviation()).isCloseTo(1, within(1e-3));
    List<String> warnings =
        new Trainer(ModelSpec.of(Layers.dense(2), rows), still().build()).train(rows).warnings();
    assertThat(warnings).noneMatch(w -> w.contains("scale"));
  }

  private static void refused(Runnable action, String message) {
    assertThatThrownBy(action::run).isInstanceOf(CajalException.class).hasMessage(message);
  }
}
