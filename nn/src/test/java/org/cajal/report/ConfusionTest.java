package org.cajal.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.junit.jupiter.api.Test;

class ConfusionTest {
  private static final Confusion IRIS =
      new Confusion(
          List.of("setosa", "versicolor", "virginica"),
          List.of(List.of(10, 0, 0), List.of(0, 9, 1), List.of(0, 2, 8)));

  private static Confusion diagonal(List<String> labels) {
    List<List<Integer>> counts = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      List<Integer> row = new ArrayList<>(Collections.nCopies(labels.size(), 0));
      row.set(i, 5);
      counts.add(row);
    }
    return new Confusion(labels, counts);
  }

  @Test
  void countsRecallAndPrecision() {
    assertThat(IRIS.support(2)).isEqualTo(10);
    assertThat(IRIS.predicted(1)).isEqualTo(11);
    assertThat(IRIS.total()).isEqualTo(30);
    assertThat(IRIS.recall(1)).isEqualTo(0.9);
    assertThat(IRIS.precision(1)).isEqualTo(9 / 11.0);
    assertThat(IRIS.accuracy()).isEqualTo(0.9);
    assertThat(IRIS.chanceLoss()).isCloseTo(Math.log(3), within(1e-12));
    assertThat(IRIS.worst(5))
        .containsExactly(
            new Confusion.Pair("virginica", "versicolor", 2),
            new Confusion.Pair("versicolor", "virginica", 1));
    assertThat(IRIS.worst(1)).hasSize(1);
  }

  @Test
  void leavesSharesOfNothingUndefined() {
    Confusion empty = new Confusion(List.of("a", "b"), List.of(List.of(0, 0), List.of(0, 0)));
    assertThat(empty.recall(0)).isNaN();
    assertThat(empty.precision(1)).isNaN();
    assertThat(empty.accuracy()).isNaN();
    assertThat(empty.chanceLoss()).isNaN();
  }

  @Test
  void alignsTheColumns() {
    assertThat(IRIS.text(80, true))
        .isEqualTo(
            """
                        predicted →
            true ↓         setosa versicolor  virginica  recall
            setosa             10          ·          ·    100%
            versicolor          ·          9          1     90%
            virginica           ·          2          8     80%
            precision        100%        81%        88%     90% right
            """);
  }

  @Test
  void shortensLabelsAndKeepsToAscii() {
    Confusion confusion =
        new Confusion(
            List.of("größe with a long name", "x\ny"), List.of(List.of(123456, 1), List.of(0, 0)));
    assertThat(confusion.text(80, false))
        .isEqualTo(
            """
                          predicted
            true         gr??e with ~          x?y  recall
            gr??e with ~       123456            1     99%
            x?y                     .            .       -
            precision            100%           0%     99% right
            """);
  }

  @Test
  void tellsColumnsApartByTheirEndsWhereTheyBeginAlike() {
    List<String> labels = IntStream.range(0, 12).mapToObj(i -> "class " + i).toList();
    assertThat(diagonal(labels).text(80, true).lines().toList().get(1))
        .isEqualTo("true ↓    …s 0 …s 1 …s 2 …s 3 …s 4 …s 5 …s 6 …s 7 …s 8 …s 9 … 10 … 11  recall");
  }

  @Test
  void neverExceedsTheWidth() {
    for (int n = 1; n < 60; n++) {
      List<String> labels = IntStream.range(0, n).mapToObj(i -> "number " + i).toList();
      for (int width : List.of(40, 80, 200)) {
        // The last line carries the word "right" beyond the recall column.
        assertThat(
                diagonal(labels).text(width, true).lines().mapToInt(String::length).max().orElse(0))
            .isLessThanOrEqualTo(Math.max(width, 50) + 6);
      }
    }
  }

  @Test
  void listsTheMistakesWhereTheMatrixIsTooWide() {
    assertThat(IRIS.text(20, true))
        .isEqualTo(
            """
            3 classes, 90% right; most frequent mistakes:
                  2 × virginica taken for versicolor
                  1 × versicolor taken for virginica
            """);
  }

  @Test
  void refusesWhatIsNotSquare() {
    assertThatThrownBy(() -> new Confusion(List.of("a", "b"), List.of(List.of(1, 2))))
        .isInstanceOf(CajalException.class)
        .hasMessage("[confusion] 2 classes need 2 rows of 2 counts each");
    assertThatThrownBy(() -> new Confusion(List.of("a"), List.of(List.of(-1))))
        .isInstanceOf(CajalException.class)
        .hasMessage("[confusion] counts must be 0 or more");
  }
}
