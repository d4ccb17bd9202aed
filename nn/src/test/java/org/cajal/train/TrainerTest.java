package org.cajal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cajal.data.Dataset;
import org.cajal.data.FloatRows;
import org.cajal.init.Initializer;
import org.cajal.layer.Dense;
import org.cajal.layer.Layer;
import org.cajal.layer.Layers;
import org.cajal.loss.BinaryCrossEntropy;
import org.cajal.loss.NegativeLogLikelihood;
import org.cajal.loss.Perceptron;
import org.cajal.loss.SquaredError;
import org.cajal.model.History;
import org.cajal.model.Model;
import org.cajal.model.ModelSpec;
import org.cajal.optim.Adam;
import org.cajal.optim.Clipping;
import org.cajal.optim.ReduceOnPlateau;
import org.cajal.optim.Schedule;
import org.cajal.optim.Sgd;
import org.cajal.report.ReportPage;
import org.cajal.tensor.Threads;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  private static final List<String> TWO = List.of("no", "yes");

  @TempDir Path folder;

  static Dataset xor() {
    return classes(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 2, 0, 1, 1, 0);
  }

  private static Dataset classes(float[] x, int width, int... y) {
    NDArray features = NDArray.of(x, Shape.of(y.length, width));
    return Dataset.classification("small", new FloatRows(features), y, TWO);
  }

  /** Two half circles that reach into each other, with a little noise. */
  static Dataset moons(int n) {
    long key = CounterRandom.key(5, "moons");
    float[] x = new float[2 * n];
    int[] y = new int[n];
    for (int i = 0; i < n; i++) {
      double angle = Math.PI * CounterRandom.uniform(key, 3L * i);
      y[i] = i % 2;
      x[2 * i] =
          (float)
              ((y[i] == 0 ? Math.cos(angle) : 1 - Math.cos(angle))
                  + 0.1 * CounterRandom.normal(key, 3L * i + 1));
      x[2 * i + 1] =
          (float)
              ((y[i] == 0 ? Math.sin(angle) : 0.5 - Math.sin(angle))
                  + 0.1 * CounterRandom.normal(key, 3L * i + 2));
    }
    return classes(x, 2, y);
  }

  /** Images of noise with a bright upper or lower half. */
  static Dataset images(int n, int size) {
    long key = CounterRandom.key(6, "images");
    float[] x = new float[n * size * size];
    int[] y = new int[n];
    for (int i = 0; i < x.length; i++) {
      int image = i / (size * size);
      y[image] = image % 2;
      boolean bright = i % (size * size) < size * size / 2 == (y[image] == 0);
      x[i] = (float) (0.3 * CounterRandom.normal(key, i) + (bright ? 1 : 0));
    }
    return Dataset.classification(
        "halves", new FloatRows(NDArray.of(x, Shape.of(n, 1, size, size))), y, TWO);
  }

  private static Layer small() {
    return Layers.sequential(Layers.dense(8), Layers.tanh(), Layers.dense(2));
  }

  private static TrainingSettings.Builder quick(int epochs) {
    return TrainingSettings.builder().epochs(epochs).batchSize(16).learningRate(0.02).seed(3);
  }

  private static Model trained(Layer network, TrainingSettings settings, Dataset data) {
    return new Trainer(ModelSpec.of(network, data), settings).train(data).model();
  }

  @Test
  void learnsXor() {
    Layer network = Layers.sequential(Layers.dense(4), Layers.tanh(), Layers.dense(1));
    TrainingSettings settings = quick(250).batchSize(0).learningRate(0.05).build();
    TrainingResult result =
        new Trainer(ModelSpec.of(network, new BinaryCrossEntropy(), xor()), settings).train(xor());
    assertThat(result.model().evaluate(xor()).accuracy()).isEqualTo(1);
    assertThat(result.history().epochs().getLast().accuracy()).isEqualTo(1);
    assertThat(result.ending()).isEqualTo(TrainingResult.Ending.FINISHED);
    assertThat(result.steps()).isEqualTo(250);
  }

  @Test
  void learnsMoons() {
    Dataset data = moons(200);
    Layer network =
        Layers.sequential(
            Layers.dense(16), Layers.relu(), Layers.dense(16), Layers.relu(), Layers.dense(2));
    Model model = trained(network, quick(30).build(), data);
    assertThat(model.evaluate(data).accuracy()).isGreaterThan(0.98);
  }

  @Test
  void teachesThePerceptronBySigns() {
    Dataset and = classes(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 2, 0, 0, 0, 1);
    TrainingSettings settings =
        quick(40).batchSize(1).optimizer(new Sgd()).learningRate(0.5).build();
    ModelSpec spec = ModelSpec.of(Layers.dense(1, Initializer.normal(1)), new Perceptron(), and);
    Model model = new Trainer(spec, settings).train(and).model();
    assertThat(model.evaluate(and).accuracy()).isEqualTo(1);
    assertThat(model.predict(new float[] {1, 1}).label()).isEqualTo("yes");
  }

  @Test
  void hasTheSameBitsOnAnyNumberOfThreadsAndInEachRun() {
    Dataset data = moons(90);
    Layer mlp =
        Layers.sequential(Layers.dense(32), Layers.relu(), Layers.dropout(0.2), Layers.dense(2));
    Dataset pictures = images(24, 28);
    List<String> dense = new ArrayList<>();
    List<String> convolutional = new ArrayList<>();
    int before = Threads.get();
    try {
      for (int threads : new int[] {1, 2, 3, 2}) {
        Threads.set(threads);
        dense.add(trained(mlp, quick(3).build(), data).sha256());
        convolutional.add(
            trained(Presets.lenet5(2), quick(1).batchSize(10).build(), pictures).sha256());
      }
    } finally {
      Threads.set(before);
    }
    assertThat(dense).containsOnly(dense.getFirst());
    assertThat(convolutional).containsOnly(convolutional.getFirst());
    assertThat(trained(mlp, quick(3).seed(4).build(), data).sha256())
        .isNotEqualTo(dense.getFirst());
  }

  @Test
  void prefetchingChangesNoBit() {
    Dataset data = images(400, 28);
    Layer network = Layers.sequential(Layers.flatten(), Layers.dense(2));
    String on = trained(network, quick(3).batchSize(48).prefetch(true).build(), data).sha256();
    assertThat(trained(network, quick(3).batchSize(48).prefetch(false).build(), data).sha256())
        .isEqualTo(on);
  }

  @Test
  void aResumedRunIsBitEqualToOneThatNeverStopped() {
    Dataset data = moons(100);
    Layer network =
        Layers.sequential(
            Layers.dense(8),
            Layers.batchNormalization(),
            Layers.relu(),
            Layers.dropout(0.3),
            Layers.dense(2));
    TrainingSettings settings =
        quick(5)
            .validation(0.2)
            .earlyStopping(50)
            .learningRate(
                new LearningRate.OnPlateau(
                    new ReduceOnPlateau(
                        0.02,
                        ReduceOnPlateau.Goal.FALL,
                        0.5,
                        0,
                        0.5,
                        ReduceOnPlateau.Change.RELATIVE,
                        0,
                        0,
                        0)))
            .build();
    ModelSpec spec = ModelSpec.of(network, data);
    TrainingResult whole = new Trainer(spec, settings).train(data);
    for (int stopAt : new int[] {7, 10}) { // within the second epoch, and at its end
      Trainer first = new Trainer(spec, settings).checkpoints(folder);
      TrainingResult part = first.listener(stopAfter(first, stopAt)).train(data);
      assertThat(part.ending()).isEqualTo(TrainingResult.Ending.INTERRUPTED);
      assertThat(part.steps()).isEqualTo(stopAt);
      TrainingResult rest =
          new Trainer(spec, settings).resume(data, folder.resolve(Trainer.LAST_FILE));
      assertThat(rest.model().sha256()).isEqualTo(whole.model().sha256());
      assertThat(rest.steps()).isEqualTo(whole.steps());
      assertThat(rest.history().losses()).isEqualTo(whole.history().losses());
      assertThat(rest.history().bestEpoch()).isEqualTo(whole.history().bestEpoch());
    }
    assertThat(whole.history().epochs().getLast().learningRate()).isLessThan(0.02);
  }

  private static TrainingListener stopAfter(Trainer trainer, int step) {
    return new TrainingListener() {
      @Override
      public void stepEnds(long done, long rows, double loss, double rate) {
        if (done == step) {
          trainer.stop();
        }
      }
    };
  }

  @Test
  void aTrainingStoppedBeforeItsFirstStepGoesOn() {
    Dataset data = moons(40);
    ModelSpec spec = ModelSpec.of(small(), data);
    TrainingSettings settings = quick(2).build();
    Trainer first = new Trainer(spec, settings).checkpoints(folder);
    first.stop();
    TrainingResult none = first.train(data);
    assertThat(none.ending()).isEqualTo(TrainingResult.Ending.INTERRUPTED);
    assertThat(none.steps()).isZero();
    TrainingResult rest =
        new Trainer(spec, settings).resume(data, folder.resolve(Trainer.LAST_FILE));
    assertThat(rest.model().sha256())
        .isEqualTo(new Trainer(spec, settings).train(data).model().sha256());
  }

  @Test
  void aDiskThatRefusesCheckpointsEndsNoTraining() {
    Dataset data = moons(40);
    Path later = folder.resolve("later");
    List<String> said = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void epochEnds(History.Epoch epoch) {
            if (epoch.number() == 2) {
              assertThat(later.toFile().mkdir()).isTrue();
            }
          }

          @Override
          public void warns(String sentence) {
            said.add(sentence);
          }
        };
    String reason = ": cannot be written: there is no folder " + later + "; create it first";
    String retry = "; training goes on, and tries again after the next epoch";
    ModelSpec spec = ModelSpec.of(small(), data);
    TrainingResult result =
        new Trainer(spec, quick(3).build()).checkpoints(later).listener(listener).train(data);
    assertThat(said)
        .containsExactly(
            later.resolve(Trainer.BEST_FILE) + reason + retry,
            later.resolve(Trainer.LAST_FILE) + reason + retry);
    assertThat(result.warnings()).noneMatch(w -> w.contains("cannot be written"));
    assertThat(Model.load(later.resolve(Trainer.BEST_FILE)).history().bestEpoch())
        .isEqualTo(result.history().bestEpoch());
    assertThat(later.resolve(Trainer.LAST_FILE)).isNotEmptyFile();
    Path never = folder.resolve("never");
    TrainingResult without = new Trainer(spec, quick(1).build()).checkpoints(never).train(data);
    assertThat(without.warnings())
        .contains(
            never.resolve(Trainer.LAST_FILE)
                + ": cannot be written: there is no folder "
                + never
                + "; create it first");
  }

  @Test
  void refusesToResumeAnotherTraining() {
    Dataset data = moons(40);
    ModelSpec spec = ModelSpec.of(small(), data);
    new Trainer(spec, quick(2).build()).checkpoints(folder).train(data);
    Path last = folder.resolve(Trainer.LAST_FILE);
    assertThatThrownBy(() -> new Trainer(spec, quick(2).seed(9).build()).resume(data, last))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            "[resume] the checkpoint was made with seed 3, now it is 9; only the number of epochs"
                + " may change");
    assertThatThrownBy(() -> new Trainer(spec, quick(2).build()).resume(data.first(30), last))
        .hasMessage(
            "[resume] the checkpoint was made with 40 training rows, now there are 30; give the"
                + " same data and the same validation share");
    assertThatThrownBy(
            () ->
                new Trainer(ModelSpec.of(Layers.dense(2), data), quick(2).build())
                    .resume(data, last))
        .hasMessage(
            "[resume] the checkpoint belongs to another network; give the one that it was made"
                + " with");
    assertThatThrownBy(() -> new Trainer(spec, quick(1).build()).resume(data, last))
        .hasMessage("[resume] the checkpoint has 2 epochs already, 1 were asked for; ask for more");
    Path best = folder.resolve(Trainer.BEST_FILE);
    assertThatThrownBy(() -> new Trainer(spec, quick(2).build()).resume(data, best))
        .hasMessage(
            best
                + ": no checkpoint: training can be resumed from the file last.safetensors of a"
                + " training's folder only");
    assertThat(new Trainer(spec, quick(3).build()).resume(data, last).steps()).isEqualTo(9);
    assertThat(Model.load(last).sha256()).isEqualTo(Model.load(best).sha256());
  }

  @Test
  void earlyStoppingRestoresTheBestWeights() {
    Dataset data = moons(60);
    Dataset noise =
        classes(
            data.features().toFloats(),
            2,
            IntStream.range(0, 60).map(i -> (int) CounterRandom.below(8, i, 2)).toArray());
    List<Integer> ended = new ArrayList<>();
    TrainingSettings settings =
        quick(60).learningRate(0.1).validation(0.3).earlyStopping(3).build();
    TrainingResult result =
        new Trainer(ModelSpec.of(small(), noise), settings)
            .listener(
                new TrainingListener() {
                  @Override
                  public void epochEnds(History.Epoch epoch) {
                    ended.add(epoch.number());
                  }
                })
            .train(noise);
    History history = result.history();
    assertThat(result.ending()).isEqualTo(TrainingResult.Ending.EARLY);
    assertThat(ended).hasSize(history.bestEpoch() + 3);
    Dataset held = noise.split(0.3, 3).test();
    double best = history.epochs().get(history.bestEpoch() - 1).validationLoss();
    assertThat(result.model().evaluate(held).loss()).isEqualTo(best);
    assertThat(history.validationLosses()).allMatch(loss -> loss >= best);
    assertThat(result.keptBy()).isEqualTo("validation loss");
  }

  @Test
  void theReportNamesWhatTheKeptEpochIsTheBestBy() {
    Dataset data = moons(64);
    EarlyStopping byAccuracy = new EarlyStopping(EarlyStopping.Monitor.ACCURACY, 3, 0);
    TrainingSettings settings = quick(12).validation(0.3).earlyStopping(byAccuracy).build();
    TrainingResult result = new Trainer(ModelSpec.of(small(), data), settings).train(data);
    List<Double> accuracies = result.history().validationAccuracies();
    assertThat(accuracies.get(result.history().bestEpoch() - 1))
        .isEqualTo(accuracies.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
    assertThat(ReportPage.html(result.report("moons", 3).build()))
        .contains(
            "The weights of epoch "
                + result.history().bestEpoch()
                + " were kept, the best by validation accuracy.");
    TrainingResult whole = new Trainer(ModelSpec.of(small(), data), quick(2).build()).train(data);
    assertThat(whole.keptBy()).isEmpty();
    assertThat(ReportPage.html(whole.report("moons", 3).build())).doesNotContain("the best by");
  }

  @Test
  void anInterruptedTrainingKeepsTheBestModelSoFar() {
    Dataset data = moons(64);
    Trainer trainer = new Trainer(ModelSpec.of(small(), data), quick(50).validation(0.25).build());
    TrainingResult result = trainer.listener(stopAfter(trainer, 8)).train(data);
    assertThat(result.ending()).isEqualTo(TrainingResult.Ending.INTERRUPTED);
    assertThat(result.history().epochs()).hasSize(2);
    assertThat(trainer.bestSoFar().orElseThrow().sha256()).isEqualTo(result.model().sha256());
  }

  @Test
  void stepsAreExactlyThoseOfTheFormula() {
    // y = w x from w = 0 by SGD in batches of 2, 2 and 1: a partial batch is a mean over its own
    // rows
    float[] x = {1, 2, 3, 4, 5};
    float[] y = {2, 3, 5, 9, 11};
    Dataset data =
        Dataset.regression(
            "line", new FloatRows(NDArray.of(x, Shape.of(5, 1))), NDArray.of(y, Shape.of(5, 1)));
    Layer line = new Dense(1, false, Initializer.zeros());
    TrainingSettings settings =
        quick(1).batchSize(2).shuffle(false).optimizer(new Sgd()).learningRate(0.01).build();
    Model model = trained(line, settings, data);
    double w = 0;
    for (int[] rows : new int[][] {{0, 1}, {2, 3}, {4}}) {
      double slope = 0;
      for (int i : rows) {
        slope += 2 * (w * x[i] - y[i]) * x[i] / rows.length;
      }
      w -= 0.01 * slope;
    }
    assertThat(model.weights().get("weight").scalar()).isCloseTo(w, within(1e-6));
  }

  @Test
  void aClassWeightCountsLikeRepeatedRows() {
    Dataset data = moons(20);
    int[] repeated =
        IntStream.range(0, 20)
            .flatMap(i -> i % 2 == 1 ? IntStream.of(i, i, i) : IntStream.of(i))
            .toArray();
    TrainingSettings.Builder settings =
        quick(3).batchSize(0).optimizer(new Sgd(0.9)).learningRate(0.1);
    Model weighted = trained(small(), settings.classWeights(List.of(1.0, 3.0)).build(), data);
    Model twice = trained(small(), settings.classWeights(List.of()).build(), data.subset(repeated));
    assertClose(weighted, twice);
    float[] weights = new float[20];
    Arrays.fill(weights, 0, 10, 1);
    Trainer trainer = new Trainer(ModelSpec.of(small(), data), settings.build());
    assertClose(
        trainer.sampleWeights(weights).train(data).model(),
        trained(small(), settings.build(), data.first(10)));
  }

  private static void assertClose(Model a, Model b) {
    b.weights()
        .forEach(
            (path, value) -> {
              double[] expected = value.toDoubles();
              double[] found = a.weights().get(path).toDoubles();
              for (int i = 0; i < found.length; i++) {
                assertThat(found[i]).as(path).isCloseTo(expected[i], within(1e-5));
              }
            });
  }

  @Test
  void balancedClassesCountTheSame() {
    Dataset data =
        moons(40).subset(IntStream.range(0, 40).filter(i -> i % 2 == 0 || i % 8 == 1).toArray());
    TrainingSettings.Builder settings =
        quick(2).batchSize(0).optimizer(new Sgd()).learningRate(0.1);
    assertThat(data.classCounts()).containsExactly(20, 5);
    Model balanced = trained(small(), settings.balanced(true).build(), data);
    Model byHand =
        trained(
            small(), settings.balanced(false).classWeights(List.of(25 / 40.0, 2.5)).build(), data);
    assertThat(balanced.sha256()).isEqualTo(byHand.sha256());
  }

  @Test
  void thePenaltyIsTheWeightDecayOfPlainDescent() {
    Dataset data = moons(32);
    Layer network = Layers.sequential(new Dense(2, false, Initializer.glorotUniform()));
    TrainingSettings.Builder settings = quick(2).optimizer(new Sgd()).learningRate(0.1);
    Model penalised = trained(network, settings.l2(0.5).build(), data);
    Model decayed =
        trained(network, settings.l2(0).optimizer(new Sgd(0, 0, false, 0.5)).build(), data);
    assertClose(penalised, decayed);
    Model bounded = trained(network, settings.optimizer(new Sgd()).maxNorm(0.1).build(), data);
    assertThat(
            Arrays.stream(bounded.weights().get("0/weight").toDoubles())
                .allMatch(w -> Math.abs(w) < 0.1001))
        .isTrue();
    Model sparse = trained(network, settings.l1(100).learningRate(1e-3).build(), data);
    assertThat(
            Arrays.stream(sparse.weights().get("0/weight").toDoubles())
                .allMatch(w -> Math.abs(w) < 0.2))
        .isTrue();
  }

  @Test
  void schedulesGoByStepOrByEpoch() {
    Dataset data = moons(32);
    List<Double> rates = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void stepEnds(long step, long rows, double loss, double rate) {
            rates.add(rate);
          }
        };
    Schedule halved = new Schedule.Step(0.8, 1, 0.5);
    ModelSpec spec = ModelSpec.of(small(), data);
    new Trainer(spec, quick(2).learningRate(new LearningRate.ByStep(halved)).build())
        .listener(listener)
        .train(data);
    assertThat(rates).containsExactly(0.8, 0.4, 0.2, 0.1);
    rates.clear();
    new Trainer(spec, quick(2).learningRate(new LearningRate.ByEpoch(halved)).build())
        .listener(listener)
        .train(data);
    assertThat(rates).containsExactly(0.8, 0.8, 0.4, 0.4);
    rates.clear();
    new Trainer(spec, quick(5).learningRate(new LearningRate.Cosine(1, 0.2)).build())
        .listener(listener)
        .train(data);
    assertThat(rates.subList(0, 3)).containsExactly(0.5, 1.0, 1.0);
    assertThat(rates.getLast()).isCloseTo((1 + Math.cos(Math.PI * 7 / 8)) / 2, within(1e-12));
  }

  @Test
  void aLossThatIsNotFiniteNamesStepOperationAndLayer() {
    Dataset data = moons(16);
    TrainingSettings settings = quick(2).batchSize(0).optimizer(new Sgd()).learningRate(1).build();
    // softmax underflows to 0 for one class, whose logarithm is taken
    Layer network = Layers.sequential(new Scaled(1e4), Layers.softmax(), new Logarithm());
    Trainer trainer =
        new Trainer(ModelSpec.of(network, new NegativeLogLikelihood(), data), settings);
    assertThatThrownBy(() -> trainer.train(data))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            "[train] the loss is not finite at step 1: log of layer 2 (logarithm) gave -Infinity;"
                + " try a smaller learning rate (now 1.0) or gradient clipping");
    assertThat(trainer.bestSoFar()).isEmpty();
  }

  @Test
  void aTrainingThatExplodesStopsAtItsStepAndKeepsTheStateBefore() {
    Dataset data =
        Dataset.regression(
            "line",
            new FloatRows(NDArray.of(new float[] {1e3f, 2e3f}, Shape.of(2, 1))),
            NDArray.of(new float[] {1, 2}, Shape.of(2, 1)));
    Layer line = Layers.sequential(new Dense(1, false, Initializer.constant(1)));
    TrainingSettings.Builder settings =
        quick(100).batchSize(0).optimizer(new Sgd()).learningRate(1.0);
    Trainer trainer = new Trainer(ModelSpec.of(line, data), settings.build());
    assertThatThrownBy(() -> trainer.train(data))
        .hasMessage(
            "[train] the loss is not finite at step 4: multiply of the loss (squaredError) gave"
                + " Infinity; try a smaller learning rate (now 1.0) or gradient clipping");
    NDArray weight = trainer.bestSoFar().orElseThrow().weights().get("0/weight");
    assertThat(Double.isFinite(weight.scalar())).isTrue();
    Model clipped = trained(line, settings.clipping(Clipping.byGlobalNorm(0.001)).build(), data);
    assertThat(clipped.weights().get("0/weight").scalar()).isCloseTo(1 - 0.1, within(1e-2));
  }

  @Test
  void dataThatIsNotFiniteIsNamed() {
    Dataset data = classes(new float[] {1, 2, Float.NaN, 4}, 2, 0, 1);
    assertThatThrownBy(() -> trained(small(), quick(1).build(), data))
        .hasMessage(
            "[train] the loss is not finite at step 1: the training data holds NaN; correct the"
                + " data, whose numbers must be finite");
  }

  @Test
  void findsALearningRate() {
    Dataset data = moons(64);
    Trainer trainer =
        new Trainer(ModelSpec.of(small(), data), quick(1).optimizer(new Adam()).build());
    LearningRateSearch found = trainer.findLearningRate(data);
    assertThat(found.suggestion()).isBetween(1e-4, 1.0);
    assertThat(found.rates()).hasSameSizeAs(found.losses()).isSorted();
    assertThat(trainer.train(data).model().sha256())
        .isEqualTo(trained(small(), quick(1).build(), data).sha256());
  }

  @Test
  void warnsOfWhatTheDoctorSees() {
    Dataset data = moons(60);
    float[] x = data.features().toFloats();
    for (int i = 0; i < x.length; i += 2) {
      x[i] *= 1e4f;
    }
    int[] y = IntStream.range(0, 60).map(i -> i < 5 ? 1 : 0).toArray();
    Layer dead =
        Layers.sequential(Layers.dense(4), new Shifted(-1e6), Layers.relu(), Layers.dense(2));
    Dataset bad = classes(x, 2, y);
    List<String> warnings =
        new Trainer(ModelSpec.of(dead, bad), quick(1).build()).train(bad).warnings();
    assertThat(warnings).hasSize(4);
    assertThat(warnings.get(0))
        .startsWith("The inputs are on wildly different scales: \"input 1\"");
    assertThat(warnings.get(1))
        .startsWith("The classes are unbalanced: \"no\" has 55 training examples, \"yes\" only 5");
    assertThat(warnings.get(2)).startsWith("The network answers \"no\" for every example");
    assertThat(warnings.get(3)).startsWith("In layer \"2 relu\" 4 of 4 ReLU units are dead");
  }

  @Test
  void refusesBadSettingsAndData() {
    refused(() -> quick(0).build(), "[train] 0 epochs; at least 1 is needed");
    refused(
        () -> quick(1).learningRate(-1),
        "[train] the learning rate is -1.0; it must be larger than 0, and finite");
    refused(
        () -> quick(1).batchSize(-2).build(),
        "[train] the batch size is -2; it must be 1 or larger, or 0 for all rows at once");
    refused(
        () -> quick(1).validation(1).build(),
        "[train] the validation share is 1.0; it must be at least 0 and less than 1");
    refused(
        () -> quick(1).l2(-1).build(),
        "[train] the L2 penalty is -1.0; it must be 0 or larger, and finite");
    refused(
        () -> quick(1).balanced(true).classWeights(List.of(1.0)).build(),
        "[train] class weights are given and computed at once; choose one of them");
    refused(() -> EarlyStopping.after(0), "[train] the patience is 0 epochs; at least 1 is needed");
    Dataset data = moons(20);
    ModelSpec spec = ModelSpec.of(small(), data);
    refused(
        () -> new Trainer(spec, quick(1).build()).sampleWeights(1, 2).train(data),
        "[train] 2 sample weights for 20 rows; one for each is needed");
    refused(
        () -> new Trainer(spec, quick(1).validation(0.2).build()).validation(data).train(data),
        "[train] validation rows are given, and a share of 0.2 is asked for; choose one of them");
    refused(
        () -> new Trainer(spec, quick(1).classWeights(List.of(1.0)).build()).train(data),
        "[train] 1 class weights for 2 classes; one for each is needed");
    refused(
        () -> trained(Layers.tanh(), quick(1).build(), data),
        "[train] the network has no parameter to learn; add a layer with weights, or unfreeze one");
    refused(
        () -> trained(Layers.dense(3), quick(1).build(), data),
        "[model] the network gives [3] for each example, but there are 2 classes; let its last"
            + " layer have 2 units");
    Dataset wide = classes(new float[6], 3, 0, 1);
    refused(
        () -> new Trainer(spec, quick(1).build()).train(wide),
        "[small] examples are F32 [3], the model takes F32 [2]; use data of the kind it was made"
            + " for");
    Dataset numbers =
        Dataset.regression(
            "numbers", new FloatRows(data.features()), NDArray.of(new float[20], Shape.of(20, 1)));
    refused(
        () -> new Trainer(spec, quick(1).build()).train(numbers),
        "[numbers] this is regression, the model is for classification into 2 classes; use data of"
            + " the kind it was made for");
    ModelSpec line = ModelSpec.of(Layers.dense(1), new SquaredError(), numbers);
    refused(
        () -> new Trainer(line, quick(1).balanced(true).build()).train(numbers),
        "[train] class weights need classes; the task is REGRESSION");
  }

  private static void refused(Runnable action, String message) {
    assertThatThrownBy(action::run).isInstanceOf(CajalException.class).hasMessage(message);
  }
}
