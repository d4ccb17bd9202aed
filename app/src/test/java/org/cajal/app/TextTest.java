package org.cajal.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cajal.data.Synthetic;
import org.cajal.layer.Layers;
import org.cajal.metric.ConfusionMatrix;
import org.cajal.metric.RegressionErrors;
import org.cajal.model.Evaluation;
import org.cajal.model.ModelSpec;
import org.cajal.model.Prediction;
import org.cajal.report.Progress;
import org.cajal.train.LearningRate;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the command prints, and the words that it understands. */
class TextTest {
  @Test
  void aCommandLineSurvivesAShell() {
    assertThat(
            CommandText.line(
                "cajal", List.of("train", "my data.csv", "--target", "it's", "", "a=1,b.c")))
        .isEqualTo("cajal train 'my data.csv' --target 'it'\\''s' '' a=1,b.c");
  }

  @Test
  void aConfusionMatrixHasALineAClass() {
    NDArray probabilities =
        NDArray.of(new float[] {0.9f, 0.1f, 0.4f, 0.6f, 0.2f, 0.8f}, Shape.of(3, 2));
    Evaluation e =
        new Evaluation(
            3,
            0.25,
            List.of("cat", "a very long name of a class"),
            Optional.of(ConfusionMatrix.of(new int[] {0, 0, 1}, new int[] {0, 1, 1}, 2)),
            Optional.empty(),
            NDArray.of(new int[] {0, 0, 1}, Shape.of(3)),
            probabilities);
    assertThat(ResultText.line("test", e))
        .isEqualTo("test accuracy 66.67 % (2 of 3), loss 0.2500, F1 0.6667");
    assertThat(ResultText.confusion(e))
        .containsExactly(
            "confusion matrix (a line: the true class; a column: what was predicted)",
            "                                 cat  a very long nam…",
            "               cat                 1                 1",
            "  a very long nam…                 .                 1");
  }

  @Test
  void errorsOfNumbersAreOneLine() {
    double[] actual = {1000, 2000, 3000};
    double[] predicted = {1100, 2000, 2900};
    NDArray a = NDArray.of(actual, Shape.of(3, 1));
    NDArray p = NDArray.of(predicted, Shape.of(3, 1));
    Evaluation e =
        new Evaluation(
            3,
            0.1,
            List.of(),
            Optional.empty(),
            Optional.of(RegressionErrors.of(actual, predicted)),
            a,
            p);
    assertThat(ResultText.line("test", e))
        .isEqualTo("test R² 0.9900, RMSE 81.65, MAE 66.67 (3 rows)");
    assertThat(ResultText.confusion(e)).isEmpty();
  }

  @Test
  void predictionsAreCsv() {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    ModelSpec classes = ModelSpec.of(Layers.dense(2), Synthetic.circles(4, 0, 1));
    PredictionCsv csv = new PredictionCsv(out, classes, 2, List.of("file"));
    csv.add(List.of("a,b.png"), new Prediction(classes.labels(), List.of(0.25, 0.75)));
    ModelSpec numbers = ModelSpec.of(Layers.dense(1), Synthetic.sine(4, 0, 1));
    PredictionCsv rows = new PredictionCsv(out, numbers, 1, List.of());
    for (double value : new double[] {0.1, 181500, 1.5e-7, 123456789012.0}) {
      rows.add(List.of(), new Prediction(List.of(), List.of(value)));
    }
    out.flush();
    assertThat(text.toString())
        .isEqualTo(
            "file,prediction,outer,inner\n\"a,b.png\",inner,0.250000,0.750000\n"
                + "prediction\n0.1\n181500.0\n1.500000e-07\n123456789012\n");
    assertThat(PredictionCsv.quoted("say \"hi\"")).isEqualTo("\"say \"\"hi\"\"\"");
  }

  @Test
  void anOutputFolderIsNamedAfterDataAndTime() {
    LocalDateTime time = LocalDateTime.of(2026, 1, 2, 3, 4, 5);
    assertThat(OutputFolder.choose(null, "my data", time))
        .isEqualTo(Path.of("my-data-20260102-030405"));
    assertThat(OutputFolder.choose(Path.of("new"), "x", time)).isEqualTo(Path.of("new"));
    assertThat(Files.exists(Path.of("new"))).isFalse();
  }

  @Test
  void theProgressLineSuitsTheTerminal() {
    assertThat(Terminal.style(true, true, Map.of("COLUMNS", "72")))
        .isEqualTo(new Progress.Style(true, true, 72));
    assertThat(Terminal.style(true, false, Map.of("TERM", "dumb", "COLUMNS", "wide")))
        .isEqualTo(new Progress.Style(false, false, 100));
  }

  @ParameterizedTest
  @EnumSource
  void everyRuleHasALearningRate(OptimizerName name) {
    assertThat(name.rule(0.1).defaultLearningRate()).isPositive();
    assertThat(name.rule(0.1)).isNotEqualTo(name.rule(0.2));
  }

  @ParameterizedTest
  @EnumSource
  void everyCourseBeginsAboveZeroAndStaysWithinTheRate(ScheduleName name) {
    LearningRate course = name.course(0.1, 10, 20);
    double sum = 0;
    for (int step = 0; step < 200; step++) {
      double rate = course.at(new LearningRate.Progress(step, step / 10, 10, 20));
      assertThat(rate).isBetween(0.0, 0.1 + 1e-12);
      sum += rate;
    }
    assertThat(sum).isPositive();
    assertThat(name.course(0.1, 1, 1).at(new LearningRate.Progress(0, 0, 1, 1))).isNotNegative();
  }

  @ParameterizedTest
  @CsvSource({"one-cycle,ONE_CYCLE", "One-Cycle,ONE_CYCLE", "cosine,COSINE"})
  void wordsAreReadInEitherCase(String word, ScheduleName expected) {
    assertThat(new WordConverter<>(ScheduleName.class).convert(word)).isEqualTo(expected);
  }
}
