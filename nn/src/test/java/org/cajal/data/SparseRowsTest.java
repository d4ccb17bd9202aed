package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cajal.data.BadInput.refused;

import java.util.List;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

class SparseRowsTest {
  private static SparseRows three() {
    SparseRows.Builder rows =
        new SparseRows.Builder(new InputColumns(2, List.of(new InputColumns.Index(9, -1)), 2), 3);
    rows.put(1, 0.5f);
    rows.put(2, 7);
    rows.put(0, 0);
    rows.next();
    rows.next();
    rows.put(4, -1);
    rows.next();
    return rows.build();
  }

  @Test
  void storesWhatIsNotZeroAndGathersAllOfIt() {
    SparseRows rows = three();
    assertThat(rows.size()).isEqualTo(3);
    assertThat(rows.shape()).isEqualTo(Shape.of(5));
    assertThat(rows.stored()).isEqualTo(3);
    NDArray single = NDArray.of(new float[] {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}, Shape.of(12));
    rows.gather(new int[] {1, 2, 0}, 1, 3, single);
    assertThat(single.toFloats()).containsExactly(0, 0, 0, 0, -1, 0, 0.5f, 7, 0, 0, 9, 9);
    NDArray twice = NDArray.zeros(DType.F64, Shape.of(1, 5));
    rows.gather(new int[] {0}, 0, 1, twice);
    assertThat(twice.toDoubles()).containsExactly(0, 0.5, 7, 0, 0);
    refused(() -> rows.gather(3), "[gather] row 3 is out of range; there are 3 rows");
  }

  @Test
  void leaksAreFoundInIt() {
    Dataset data = Dataset.classification("s", three(), new int[] {0, 1, 0}, List.of("a", "b"));
    assertThat(Leaks.rowsInBoth(data.subset(0, 1), data.subset(1, 2))).isEqualTo(1);
    assertThat(data.inputColumns()).contains(three().columns());
    assertThat(three().columns().isIndex(2)).isTrue();
    assertThat(three().columns().isIndex(1)).isFalse();
    assertThat(three().columns().isIndex(3)).isFalse();
  }
}
