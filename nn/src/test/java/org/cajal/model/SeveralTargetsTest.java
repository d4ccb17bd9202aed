package org.cajal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cajal.data.Csv;
import org.cajal.data.CsvOptions;
import org.cajal.data.Dataset;
import org.cajal.data.FloatRows;
import org.cajal.data.Preprocessing;
import org.cajal.data.Table;
import org.cajal.data.Target;
import org.cajal.data.Task;
import org.cajal.layer.Layers;
import org.cajal.loss.MultiOutput;
import org.cajal.train.Presets;
import org.cajal.train.Trainer;
import org.cajal.train.TrainingSettings;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of several targets, and of labels that do not exclude each other. */
class SeveralTargetsTest {
  @TempDir Path folder;

  private static double x(int column, int row) {
    return Math.round(1000 * CounterRandom.normal(column, row)) / 1000.0;
  }

  private static Model trained(Table table, Target target, int epochs) {
    Preprocessing p =
        Preprocessing.fit(table, target, target.rows(), Preprocessing.Options.DEFAULT);
    Dataset data = p.dataset(table, target.rows());
    Presets.Preset preset = Presets.tabular(data, 1);
    TrainingSettings settings = preset.settings().toBuilder().epochs(epochs).build();
    return new Trainer(preset.spec(data).with(p), settings).train(data).model();
  }

  private static Table mixed() {
    StringBuilder text = new StringBuilder("a,b,near,far,side\n");
    for (int i = 0; i < 200; i++) {
      double a = x(1, i);
      double b = x(2, i);
      text.append(a + "," + b + "," + (2 * a + b) + "," + (1000 * (a - b) + 5000) + ",");
      text.append(a > 0 ? "right\n" : "left\n");
    }
    return Csv.parse("mixed", text.toString(), CsvOptions.DEFAULT);
  }

  @Test
  void numbersAndClassesAreLearnedTogether() {
    Table table = mixed();
    Target target = Target.of(table, List.of("near", "far", "side"), (Task) null);
    Model model = trained(table, target, 60);
    assertThat(model.spec().loss()).isInstanceOf(MultiOutput.class);
    Evaluation e = model.evaluate(table);
    assertThat(e.targets().keySet()).containsExactly("near", "far", "side");
    assertThat(e.metrics().keySet())
        .containsExactly(
            "near r2",
            "near rmse",
            "near mae",
            "far r2",
            "far rmse",
            "far mae",
            "side accuracy",
            "side f1",
            "loss");
    assertThat(e.targets().get("near").r2()).isGreaterThan(0.9);
    assertThat(e.targets().get("far").r2()).isGreaterThan(0.9);
    assertThat(e.targets().get("side").accuracy()).isGreaterThan(0.9);

    Prediction p = model.predict(Map.of("a", 1.0, "b", -1.0));
    assertThat(p.target("far").value()).isCloseTo(7000, within(1000.0));
    assertThat(p.target("side").label()).isEqualTo("right");
    refused(p::value, "several targets, near, far, side; use target(name) to get one");
    refused(p::label, "several targets, near, far, side; use target(name) to get one");
    assertThatThrownBy(() -> p.target("nearer"))
        .isInstanceOf(CajalException.class)
        .hasMessage("[predict] no target \"nearer\"; known are near, far, side");
    assertThatThrownBy(() -> p.target("near").target("x"))
        .isInstanceOf(CajalException.class)
        .hasMessage("[predict] this model predicts one target; leave out target(\"x\")");

    Path file = folder.resolve("model.safetensors");
    model.save(file);
    Model loaded = Model.load(file);
    assertThat(loaded.spec()).isEqualTo(model.spec());
    assertThat(loaded.predict(table)).isEqualTo(model.predict(table));
    assertThat(loaded.evaluate(table).metrics()).isEqualTo(e.metrics());
    assertThat(e.prediction(3)).hasToString(model.predict(table).get(3).toString());
  }

  @Test
  void labelsInCellsAreLearnedEach() {
    StringBuilder text = new StringBuilder("a,b,tags\n");
    for (int i = 0; i < 200; i++) {
      boolean warm = x(1, i) > 0;
      boolean wet = x(2, i) > 0;
      text.append(x(1, i) + "," + x(2, i) + ",");
      text.append(warm && wet ? "warm|wet" : warm ? "warm" : wet ? "wet" : "dry").append('\n');
    }
    Table table = Csv.parse("weather", text.toString(), CsvOptions.DEFAULT);
    Target target = Target.of(table, "tags", Task.MULTILABEL);
    Model model = trained(table, target, 60);
    Evaluation e = model.evaluate(table);
    assertThat(e.labels()).containsExactly("dry", "warm", "wet");
    assertThat(e.metrics().keySet())
        .containsExactly("subset_accuracy", "micro_f1", "macro_f1", "hamming_loss", "loss");
    assertThat(e.metrics().get("micro_f1")).isGreaterThan(0.9);
    Prediction p = model.predict(Map.of("a", 1.5, "b", 1.5));
    assertThat(p.predictedLabels()).containsExactly("warm", "wet");
    assertThat(p).hasToString("[warm, wet]");
    assertThat(p.probability("wet")).isGreaterThan(0.5);
    assertThat(p.isClass()).isFalse();
    refused(p::label, "labels that do not exclude each other; use predictedLabels()");

    Path file = folder.resolve("labels.safetensors");
    model.save(file);
    Model loaded = Model.load(file);
    assertThat(loaded.predict(table)).isEqualTo(model.predict(table));
    assertThat(loaded.evaluate(table).metrics()).isEqualTo(e.metrics());
  }

  @Test
  void labelsOfArraysNeedNoTable() {
    int n = 120;
    float[] x = new float[2 * n];
    float[] y = new float[2 * n];
    for (int i = 0; i < 2 * n; i++) {
      x[i] = (float) CounterRandom.normal(3, i);
      y[i] = x[i] > 0 ? 1 : 0;
    }
    Dataset data =
        Dataset.multilabel(
            "signs",
            new FloatRows(NDArray.of(x, Shape.of(n, 2))),
            NDArray.of(y, Shape.of(n, 2)),
            List.of("first", "second"));
    TrainingSettings settings =
        TrainingSettings.builder().epochs(40).batchSize(16).learningRate(0.02).seed(1).build();
    Model model = new Trainer(ModelSpec.of(Layers.dense(2), data), settings).train(data).model();
    assertThat(model.evaluate(data).labelScores().orElseThrow().hammingLoss()).isLessThan(0.1);
    assertThat(model.predict(new float[] {2, -2}).predictedLabels()).containsExactly("first");
    assertThatThrownBy(
            () ->
                Dataset.multilabel(
                    "signs",
                    new FloatRows(NDArray.of(x, Shape.of(n, 2))),
                    NDArray.of(x, Shape.of(n, 2)),
                    List.of("first", "second")))
        .isInstanceOf(CajalException.class)
        .hasMessageStartingWith("[signs] label 0 of example 0 is ");
  }

  @Test
  void severalTargetsNeedTheirRules() {
    Table table = mixed();
    Target target = Target.of(table, List.of("near", "side"), (Task) null);
    Preprocessing p =
        Preprocessing.fit(table, target, target.rows(), Preprocessing.Options.DEFAULT);
    Dataset data = p.dataset(table, target.rows());
    assertThat(data).hasToString("mixed: 200 examples of [3], 2 targets");
    assertThatThrownBy(() -> Model.untrained(ModelSpec.of(Layers.dense(3), data), 1))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            "[model] several targets need the preprocessing of their table, which says what each"
                + " is; add it with ModelSpec.with");
    assertThatThrownBy(() -> Model.untrained(ModelSpec.of(Layers.dense(2), data).with(p), 1))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            "[model] the network gives [2] for each example, but there are 3 values of all targets;"
                + " let its last layer have 3 units");
  }

  @Test
  void ofManyClassesProbabilitiesAreNotKept() {
    int classes = 40_000;
    int n = 1000;
    List<String> labels = IntStream.range(0, classes).mapToObj(i -> "k" + i).toList();
    Dataset data =
        Dataset.classification(
            "many",
            new FloatRows(NDArray.of(new float[n], Shape.of(n, 1))),
            IntStream.range(0, n).map(i -> i % 4).toArray(),
            labels);
    Model model = Model.untrained(ModelSpec.of(Layers.dense(classes), data), 1);
    Evaluation e = model.evaluate(data);
    assertThat(e.predicted().shape()).isEqualTo(Shape.of(0, classes));
    assertThat(e.accuracy()).isEqualTo(0.25); // all are as likely, and the first is taken
    assertThat(e.loss()).isCloseTo(Math.log(classes), within(1e-3));
    assertThat(e.worst(3)).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> e.prediction(0))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            "[evaluate] the probabilities of 1000 rows and 40000 classes are not kept; classes()"
                + " and certainty() have the most probable one");
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String instead) {
    assertThatThrownBy(call)
        .isInstanceOf(CajalException.class)
        .hasMessage("[predict] this model predicts " + instead);
  }
}
