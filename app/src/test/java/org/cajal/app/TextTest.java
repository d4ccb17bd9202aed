package org.cajal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cajal.model.Evaluation;
import org.cajal.model.Prediction;
import org.cajal.report.Progress;
import org.cajal.train.LearningRate;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
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
    List<String> labels = List.of("cat", "a very long name of a class");
    Evaluation e = Evaluation.ofClasses(3, 0.25, labels, new int[] {0, 0, 1}, probabilities);
    assertThat(ResultText.lines("test", e))
        .containsExactly("test accuracy 66.67 % (2 of 3), loss 0.2500, F1 0.6667");
    assertThat(ResultText.details(e))
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
    Evaluation e = Evaluation.ofNumbers(0.1, a, p);
    assertThat(ResultText.lines("test", e))
        .containsExactly("test R² 0.9900, RMSE 81.65, MAE 66.67 (3 rows)");
    assertThat(ResultText.details(e)).isEmpty();
  }

  @Test
  void predictionsAreCsv() {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    Prediction ring = new Prediction(List.of("outer", "inner"), List.of(0.25, 0.75));
    PredictionCsv csv = new PredictionCsv(out, ring, List.of("file"), ";");
    csv.add(List.of("a,b.png"), ring);
    PredictionCsv rows =
        new PredictionCsv(out, new Prediction(List.of(), List.of(1.0)), List.of(), ";");
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
  void severalTargetsStandSideBySide() {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    Map<String, Prediction> targets = new LinkedHashMap<>();
    targets.put("price", new Prediction(List.of(), List.of(2.5)));
    targets.put("kind", new Prediction(List.of("a", "b"), List.of(0.75, 0.25)));
    Prediction both = Prediction.ofTargets(targets);
    new PredictionCsv(out, both, List.of(), ";").add(List.of(), both);
    Prediction labels = Prediction.ofLabels(List.of("x", "y", "z"), List.of(0.9, 0.5, 0.6));
    new PredictionCsv(out, labels, List.of(), "|").add(List.of(), labels);
    out.flush();
    assertThat(text)
        .hasToString(
            "price,kind,kind a,kind b\n2.5,a,0.750000,0.250000\n"
                + "prediction,x,y,z\nx|z,0.900000,0.500000,0.600000\n");
  }

  @Test
  void ofManyClassesTheMostProbableAreWritten() {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    List<String> names = IntStream.range(0, 101).mapToObj(i -> "k" + i).toList();
    List<Double> values = new ArrayList<>(Collections.nCopies(101, 0.0));
    values.set(7, 0.5);
    values.set(100, 0.25);
    values.set(3, 0.25);
    Prediction p = new Prediction(names, values);
    new PredictionCsv(out, p, List.of(), ";").add(List.of(), p);
    out.flush();
    assertThat(text)
        .hasToString(
            "prediction,probability,prediction 2,probability 2,prediction 3,probability 3,"
                + "prediction 4,probability 4,prediction 5,probability 5\n"
                + "k7,0.500000,k3,0.250000,k100,0.250000,k0,0.000000,k1,0.000000\n");
  }

  @Test
  void ofManyClassesTheMostFrequentMistakesAreNamed() {
    List<String> names = IntStream.range(0, 21).mapToObj(i -> "k" + i).toList();
    int[] actual = {0, 0, 1, 2, 20};
    NDArray probabilities = NDArray.zeros(DType.F32, Shape.of(5, 21));
    for (int i = 0; i < 5; i++) {
      probabilities.set(21L * i + new int[] {5, 5, 1, 0, 20}[i], 1);
    }
    Evaluation e = Evaluation.ofClasses(5, 0.5, names, actual, probabilities);
    assertThat(ResultText.details(e))
        .containsExactly(
            "most frequent mistakes, of 21 classes",
            "  2 × k0 taken for k5",
            "  1 × k2 taken for k0");
  }

  @Test
  void labelsHaveALineEach() {
    NDArray actual = NDArray.of(new float[] {1, 0, 1, 1, 0, 0}, Shape.of(3, 2));
    NDArray predicted =
        NDArray.of(new float[] {0.9f, 0.2f, 0.7f, 0.4f, 0.8f, 0.1f}, Shape.of(3, 2));
    Evaluation e = Evaluation.ofLabels(0.25, List.of("sun", "rain"), actual, predicted);
    assertThat(ResultText.lines("test", e))
        .containsExactly(
            "test all labels right 33.33 % (1 of 3), loss 0.2500, micro F1 0.6667, macro F1 0.4000,"
                + " Hamming loss 0.3333");
    assertThat(ResultText.details(e))
        .containsExactly(
            "each label",
            "         examples  precision  recall      F1",
            "    sun         2     0.6667  1.0000  0.8000",
            "   rain         1     0.0000  0.0000  0.0000");
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
  void longLinesOfASummaryAreBroken() {
    String words = "word ".repeat(30).strip();
    List<String> lines = SummaryCommand.wrapped("classes: " + words);
    assertThat(lines).hasSize(3).allMatch(line -> line.length() <= 80);
    assertThat(lines.get(1)).startsWith("    word word");
    assertThat(String.join(" ", lines.stream().map(String::strip).toList()))
        .isEqualTo("classes: " + words);
    assertThat(SummaryCommand.wrapped("short: 1")).containsExactly("short: 1");
    String one = "x".repeat(200);
    assertThat(SummaryCommand.wrapped(one)).containsExactly(one);
  }

  @Test
  void theProgressLineSuitsTheTerminal() {
    assertThat(Terminal.style(true, true, Map.of("COLUMNS", "72")))
        .isEqualTo(new Progress.Style(true, true, 72));
    assertThat(Terminal.style(true, false, Map.of("TERM", "dumb", "COLUMNS", "wide")))
        .isEqualTo(new Progress.Style(false, false, 80));
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

  @Test
  void valuesThatAreNoNumbersAreNoAnswer() {
    Prediction known = new Prediction(List.of("a", "b"), List.of(0.25, 0.75));
    Prediction none = new Prediction(List.of("a", "b"), List.of(Double.NaN, Double.NaN));
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    PredictionCsv rows = new PredictionCsv(out, none, List.of(), ";");
    rows.add(List.of(), known);
    assertThat(rows.note()).isEmpty();
    rows.add(List.of(), none);
    assertThat(text.toString()).isEqualTo("prediction,a,b\nb,0.250000,0.750000\n,,\n");
    assertThat(rows.note())
        .contains(
            "1 line has no answer, as the network's values are not numbers there: inputs are far"
                + " beyond those of the training");
    assertThat(none).hasToString("no answer");
    assertThatThrownBy(none::label)
        .isInstanceOf(CajalException.class)
        .hasMessage(
            "[predict] this row has no answer: the network's values for it are not numbers, or the"
                + " past that it is forecast from is not in the table");
  }
}
