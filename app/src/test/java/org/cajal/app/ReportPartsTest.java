package org.cajal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.cajal.data.Column;
import org.cajal.data.Dataset;
import org.cajal.data.Preprocessing;
import org.cajal.data.Table;
import org.cajal.data.Target;
import org.cajal.layer.Layers;
import org.cajal.model.Evaluation;
import org.cajal.model.Model;
import org.cajal.model.ModelSpec;
import org.cajal.report.TrainingReport;
import org.cajal.train.Trainer;
import org.cajal.train.TrainingSettings;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

/** What the command measures for the report beside the metrics. */
class ReportPartsTest {
  private static TrainingReport report(List<String> labels, int[] actual, double... positive) {
    NDArray probabilities = NDArray.zeros(DType.F64, Shape.of(positive.length, 2));
    for (int i = 0; i < positive.length; i++) {
      probabilities.set(2L * i, 1 - positive[i]);
      probabilities.set(2L * i + 1, positive[i]);
    }
    TrainingReport.Builder report = TrainingReport.builder("two", 1);
    ResultTables.of(
        report, Evaluation.ofClasses(positive.length, 0.5, labels, actual, probabilities));
    return report.build();
  }

  @Test
  void twoClassesHaveCurvesAndAHistogram() {
    List<TrainingReport.TwoClasses> all =
        report(List.of("no", "yes"), new int[] {0, 1, 0, 1}, 0.1, 0.35, 0.4, 1).twoClasses();
    assertThat(all).hasSize(1);
    TrainingReport.TwoClasses of = all.getFirst();
    assertThat(of.positive()).isEqualTo("yes");
    assertThat(of.negative()).isEqualTo("no");
    assertThat(of.rocArea()).isEqualTo(0.75);
    assertThat(of.averagePrecision()).isEqualTo(0.5 + 0.5 * 2 / 3);
    assertThat(of.roc()).startsWith(new TrainingReport.At(0, 0)).hasSize(5);
    assertThat(of.roc().getLast()).isEqualTo(new TrainingReport.At(1, 1));
    assertThat(of.positives()).hasSize(20);
    assertThat(of.positives().get(7)).isEqualTo(1);
    assertThat(of.positives().get(19)).isEqualTo(1);
    assertThat(of.negatives().get(2)).isEqualTo(1);
    assertThat(of.negatives().get(8)).isEqualTo(1);
  }

  @Test
  void oneClassAloneHasNoCurves() {
    assertThat(report(List.of("no", "yes"), new int[] {1, 1}, 0.1, 0.35).twoClasses()).isEmpty();
  }

  @Test
  void aLongCurveIsThinned() {
    int n = 5000;
    double[] scores = new double[n];
    int[] actual = new int[n];
    for (int i = 0; i < n; i++) {
      scores[i] = i / (double) n;
      actual[i] = i % 2;
    }
    List<TrainingReport.At> roc =
        report(List.of("no", "yes"), actual, scores).twoClasses().getFirst().roc();
    assertThat(roc).hasSizeLessThanOrEqualTo(401);
    assertThat(roc.getLast()).isEqualTo(new TrainingReport.At(1, 1));
  }

  @Test
  void theColumnThatTellsTheTargetMattersMost() {
    int rows = 300;
    double[] telling = new double[rows];
    double[] noise = new double[rows];
    List<String> kinds = new ArrayList<>();
    List<String> target = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      telling[i] = CounterRandom.normal(1, i);
      noise[i] = CounterRandom.normal(2, i);
      kinds.add(CounterRandom.uniform(3, i) < 0.5 ? "left" : "right");
      target.add(telling[i] > 0 ? "high" : "low");
    }
    Table table =
        Table.of(
            "made",
            Column.numbers("noise", noise),
            Column.categories("kind", kinds),
            Column.numbers("telling", telling),
            Column.categories("target", target));
    int[] all = java.util.stream.IntStream.range(0, rows).toArray();
    Preprocessing preprocessing =
        Preprocessing.fit(
            table, Target.of(table, "target", null), all, Preprocessing.Options.DEFAULT);
    Dataset data = preprocessing.dataset(table, all);
    ModelSpec spec =
        ModelSpec.of(Layers.dense(2), ModelSpec.defaultLoss(data), data).with(preprocessing);
    Model model =
        new Trainer(spec, TrainingSettings.builder().epochs(30).learningRate(0.05).build())
            .train(data)
            .model();
    List<TrainingReport.Importance> columns = ColumnImportance.of(model, preprocessing, data, 1);
    assertThat(columns.stream().map(TrainingReport.Importance::column))
        .containsExactlyInAnyOrder("noise", "kind", "telling");
    assertThat(columns.getFirst().column()).isEqualTo("telling");
    assertThat(columns.getFirst().loss()).isGreaterThan(0.5);
    assertThat(columns.get(1).loss()).isBetween(-0.1, 0.1);
    assertThat(ColumnImportance.of(model, preprocessing, data, 1)).isEqualTo(columns);
    assertThat(ColumnImportance.of(model, preprocessing, data.first(1), 1)).isEmpty();

    assertThatThrownBy(() -> data.withFeatures(NDArray.zeros(DType.F32, Shape.of(2, 4))))
        .isInstanceOf(CajalException.class)
        .hasMessage("[made] features [2, 4] cannot take the place of [300, 4]");
  }
}
