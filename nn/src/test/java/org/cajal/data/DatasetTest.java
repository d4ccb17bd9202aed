package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cajal.data.BadInput.refused;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

class DatasetTest {
  private static Dataset hundred() {
    float[] values = new float[200];
    int[] classes = new int[100];
    for (int i = 0; i < 100; i++) {
      values[2 * i] = i;
      values[2 * i + 1] = -i;
      classes[i] = i % 10 == 0 ? 1 : 0;
    }
    return Dataset.classification(
        "hundred",
        new FloatRows(NDArray.of(values, Shape.of(100, 2))),
        classes,
        List.of("often", "rare"));
  }

  @Test
  void gathersRowsInTheGivenOrder() {
    Dataset data = hundred();
    NDArray x = NDArray.zeros(DType.F32, Shape.of(3, 2));
    NDArray y = NDArray.zeros(DType.I32, Shape.of(3));
    data.gather(new int[] {9, 7, 20, 7}, 1, 4, x, y);
    assertThat(x.toFloats()).containsExactly(7, -7, 20, -20, 7, -7);
    assertThat(y.toInts()).containsExactly(0, 1, 0);
  }

  @Test
  void leavesTheRestOfALargerBatchArrayAsItIs() {
    NDArray x = NDArray.of(new float[] {1, 2, 3, 4}, Shape.of(2, 2));
    NDArray y = NDArray.of(new int[] {5, 6}, Shape.of(2));
    hundred().gather(new int[] {50}, 0, 1, x, y);
    assertThat(x.toFloats()).containsExactly(50, -50, 3, 4);
    assertThat(y.toInts()).containsExactly(1, 6);
  }

  @Test
  void subsetOfASubsetReadsTheOriginalRows() {
    Dataset view = hundred().subset(10, 20, 30).subset(2, 0);
    assertThat(view.size()).isEqualTo(2);
    assertThat(view.features().toFloats()).containsExactly(30, -30, 10, -10);
    assertThat(view.classCounts()).containsExactly(0, 2);
  }

  @Test
  void splitIsStratifiedDisjointCompleteAndReproducible() {
    TrainTest parts = hundred().split(0.2, 7);
    assertThat(parts.train().classCounts()).containsExactly(72, 8);
    assertThat(parts.test().classCounts()).containsExactly(18, 2);
    assertThat(IntStream.concat(firsts(parts.train()), firsts(parts.test())).sorted().toArray())
        .containsExactly(IntStream.range(0, 100).toArray());
    assertThat(hundred().split(0.2, 7).test().features()).isEqualTo(parts.test().features());
    assertThat(hundred().split(0.2, 8).test().features()).isNotEqualTo(parts.test().features());
    assertThat(parts.train().and(parts.test()).size()).isEqualTo(100);
  }

  private static IntStream firsts(Dataset data) {
    float[] values = data.features().toFloats();
    return IntStream.range(0, data.size()).map(i -> (int) values[2 * i]);
  }

  @Test
  void stratifiedSplitKeepsEachClassInTheFirstPart() {
    int[] classes = {0, 0, 0, 0, 0, 0, 1, 2, 2, 2};
    int[][] parts = Splits.stratified(classes, 0.5, 1);
    assertThat(parts[1]).hasSize(5);
    assertThat(Arrays.stream(parts[0]).map(i -> classes[i]).distinct().sorted().toArray())
        .containsExactly(0, 1, 2);
  }

  @Test
  void shuffleOrderDependsOnSeedAndEpochAlone() {
    int[] order = hundred().shuffleOrder(3, 0);
    assertThat(order).containsExactly(hundred().shuffleOrder(3, 0));
    assertThat(order)
        .isNotEqualTo(hundred().shuffleOrder(3, 1))
        .isNotEqualTo(hundred().shuffleOrder(4, 0));
    assertThat(Arrays.stream(order).sorted().toArray())
        .containsExactly(IntStream.range(0, 100).toArray());
  }

  @Test
  void bytesAreReadAsNumbersFromZeroToOneOrScaledByChannel() {
    ByteRows rows = ByteRows.of(new byte[] {0, 51, (byte) 255, 102, 0, 0, 0, 0}, Shape.of(2, 1, 2));
    assertThat(rows.size()).isEqualTo(2);
    assertThat(rows.gather(0).toFloats())
        .containsExactly(0f, 51 * (1 / 255f), 255 * (1 / 255f), 102 * (1 / 255f));
    ByteRows scaled = rows.scaled(new ImageScaling(List.of(0.5, 0.0), List.of(0.25, 1.0)));
    assertThat(scaled.gather(0).toFloats())
        .containsExactly(new float[] {-2f, -1.2f, 1f, 0.4f}, within());
  }

  private static org.assertj.core.data.Offset<Float> within() {
    return org.assertj.core.data.Offset.offset(1e-6f);
  }

  @Test
  void batchesOfDoublePrecisionHoldTheSameNumbers() {
    ByteRows bytes =
        ByteRows.of(new byte[] {0, 51, (byte) 255, 102}, Shape.of(2))
            .scaled(new ImageScaling(List.of(0.5, 0.1), List.of(0.25, 0.3)));
    for (Rows rows : List.of(bytes, new FloatRows(bytes.all()))) {
      NDArray into = NDArray.zeros(DType.F64, Shape.of(2, 2));
      rows.gather(new int[] {1, 0}, 0, 2, into);
      assertThat(into).isEqualTo(rows.gather(1, 0).cast(DType.F64));
    }
  }

  @Test
  void imageScalingIsTheExactMeanAndDeviationOfTheGivenRows() {
    ByteRows rows =
        ByteRows.of(new byte[] {0, (byte) 255, 7, 7, 100, 100, 1, 2}, Shape.of(2, 1, 2));
    ImageScaling scaling = ImageScaling.fit(rows, new int[] {0});
    assertThat(scaling.mean().get(0)).isEqualTo(0.5);
    assertThat(scaling.deviation().get(0)).isEqualTo(0.5);
    assertThat(scaling.deviation().get(1)).isEqualTo(1.0);
    assertThat(ImageScaling.fromMap(scaling.toMap())).isEqualTo(scaling);
    refused(
        () -> ImageScaling.fromMap(java.util.Map.of("mean", List.of(0.5), "deviation", "wide")),
        "[image scaling] \"deviation\" must be a list, found \"wide\"");
    refused(
        () -> new ImageScaling(List.of(0.5), List.of(0.0)),
        "[images] mean 0.5 and deviation 0.0 of channel 0; a finite mean and a positive deviation"
            + " are needed");
  }

  private static Dataset numbers(float[] inputs, float... targets) {
    return Dataset.regression(
        "numbers",
        new FloatRows(NDArray.of(inputs, Shape.of(inputs.length, 1))),
        NDArray.of(targets, Shape.of(targets.length)));
  }

  @Test
  void countsRowsInBothSets() {
    Dataset data = hundred();
    assertThat(Leaks.rowsInBoth(data.subset(1, 2, 3, 4), data.subset(3, 4, 5, 4))).isEqualTo(3);
    assertThat(Leaks.rowsInBoth(data.subset(1, 2), data.subset(3))).isZero();
    assertThat(Leaks.shared(numbers(new float[] {1, 2, 3}, 5, 6, 7), numbers(new float[] {9}, 5)))
        .isEqualTo(new Leaks.Shared(0, 0));
    assertThat(
            Leaks.shared(
                numbers(new float[] {1, 2, 3}, 5, 6, 7),
                numbers(new float[] {3, 1, 4, 1}, 8, 5, 7, 5)))
        .isEqualTo(new Leaks.Shared(3, 2));
  }

  @Test
  void refusesBadCallsWithOneLine() {
    Dataset data = hundred();
    refused(
        () -> data.split(1.5, 0),
        "[split] the fraction 1.5 is out of range; it must lie between 0 and 1");
    refused(
        () -> data.subset(1, 2, 3).split(0.01, 0),
        "[split] a fraction of 0.01 of 3 rows leaves one part empty; use more rows or another"
            + " fraction");
    refused(() -> data.subset(100), "[gather] row 100 is out of range; there are 100 rows");
    refused(
        () -> Dataset.classification("x", IndexRows.of(1, 2), new int[] {0}, List.of("a")),
        "[x] 2 examples and 1 targets; each example needs one");
    refused(
        () -> Dataset.classification("x", IndexRows.of(1, 2), new int[] {0, 3}, List.of("a", "b")),
        "[x] class 3 of example 1 is out of range; there are 2 classes, 0 to 1");
    NDArray small = NDArray.zeros(DType.F32, Shape.of(1, 2));
    NDArray y = NDArray.zeros(DType.I32, Shape.of(2));
    refused(
        () -> data.gather(new int[] {0, 1}, 0, 2, small, y),
        "[gather] 2 rows of [2] do not fit into [1, 2]");
    refused(
        () -> data.gather(new int[] {0}, 0, 1, y, y),
        "[gather] the rows are F32, the batch array is I32");
    refused(
        () -> data.gather(new int[] {0}, 0, 2, small, y),
        "[gather] range 0 to 2 is outside the 1 given row numbers");
  }

  @Test
  void findsInputsThatTellTheTarget() {
    float[] values = new float[60 * 3];
    float[] sums = new float[60];
    int[] classes = new int[60];
    for (int i = 0; i < 60; i++) {
      classes[i] = i % 3;
      values[3 * i] = i * 7 % 60;
      values[3 * i + 1] = i % 3 * 10 + i % 7;
      values[3 * i + 2] = i % 3 == 0 ? 1 : 0;
      sums[i] = 3 - 2 * values[3 * i];
    }
    FloatRows x = new FloatRows(NDArray.of(values, Shape.of(60, 3)));
    assertThat(Leaks.tellingInputs(Dataset.classification("c", x, classes, List.of("a", "b", "c"))))
        .containsExactly(1);
    Dataset numbers = Dataset.regression("n", x, NDArray.of(sums, Shape.of(60)));
    assertThat(Leaks.tellingInputs(numbers)).containsExactly(0);
    int[] few = java.util.stream.IntStream.range(0, 49).toArray();
    assertThat(Leaks.tellingInputs(numbers.subset(few))).isEmpty();
  }
}
