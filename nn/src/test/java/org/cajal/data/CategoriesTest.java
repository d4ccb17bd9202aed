package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CategoriesTest {
  /** Values v0, v1, ... of the given numbers of rows. */
  private static Table values(int... counts) {
    StringBuilder text = new StringBuilder("c,y\n");
    int row = 0;
    for (int v = 0; v < counts.length; v++) {
      for (int i = 0; i < counts[v]; i++) {
        text.append('v').append(v).append(',').append(row++ / 7.0).append('\n');
      }
    }
    return Csv.parse(
        "t.csv", text.toString(), CsvOptions.DEFAULT.withTypes(Map.of("c", ColumnType.CATEGORY)));
  }

  private static Preprocessing fit(Table t, Preprocessing.Options options) {
    return Preprocessing.fit(
        t, Target.of(t, "y", null), IntStream.range(0, t.rows()).toArray(), options);
  }

  private static final Preprocessing.Options DEFAULT = Preprocessing.Options.DEFAULT;

  private static final Preprocessing.Options EMBEDDED =
      new Preprocessing.Options(null, Integer.MAX_VALUE, 2, null);

  /** So many values of {@code rows} rows each. */
  private static IntStream each(int values, int rows) {
    return IntStream.generate(() -> rows).limit(values);
  }

  @Test
  void valuesOfFewRowsShareAnInput() {
    Preprocessing p = fit(values(IntStream.concat(each(52, 3), each(8, 2)).toArray()), DEFAULT);
    assertThat(p.width()).isEqualTo(53);
    assertThat(p.featureNames()).startsWith("c=v0", "c=v1").endsWith("c=v9", "c=other");
    assertThat(p.notes())
        .containsExactly(
            "column \"c\": the 52 most frequent of 60 values have an input each, the rest share"
                + " one");
    assertThat(p.transform(Map.of("c", "v59"))[52]).isEqualTo(1);
    assertThat(p.transform(Map.of("c", "never seen"))[52]).isEqualTo(1);
    assertThat(p.transform(Map.of("c", "v0"))).startsWith(1, 0).endsWith(0, 0);
  }

  @Test
  void aSmallShareOfRareValuesNeedsNoNote() {
    Preprocessing p = fit(values(IntStream.concat(each(52, 10), each(1, 2)).toArray()), DEFAULT);
    assertThat(p.width()).isEqualTo(53);
    assertThat(p.notes()).isEmpty();
  }

  @Test
  void aColumnOfFewValuesKeepsThemAll() {
    Preprocessing p = fit(values(30, 3, 1, 25, 1), DEFAULT);
    assertThat(p.featureNames()).containsExactly("c=v0", "c=v1", "c=v2", "c=v3", "c=v4");
    assertThat(p.transform(Map.of("c", "never seen"))).containsOnly(0);
  }

  @Test
  void asManyInputsAsTheRowsSupport() {
    int[] counts = each(300, 4).toArray();
    Preprocessing p = fit(values(counts), DEFAULT);
    assertThat(p.width()).isEqualTo(300);
    assertThat(p.inputColumns()).isEqualTo(new InputColumns(300, List.of(), 0));
    assertThat(p.transform(Map.of("c", "never seen"))).containsOnly(0);
    Table t = values(counts);
    int[] rows = {0, 5, 1199};
    assertThat(p.rows(t, rows)).isInstanceOf(SparseRows.class);
    assertThat(p.rows(t, rows).all().toFloats()).containsExactly(p.transform(t, rows).toFloats());
    Preprocessing few = fit(t, DEFAULT.withMostCategories(7));
    assertThat(few.width()).isEqualTo(8);
    assertThat(few.notes())
        .containsExactly(
            "column \"c\": the 7 most frequent of 300 values have an input each, the rest share"
                + " one");
  }

  @Test
  void aColumnOfRareValuesOnlyIsLeftOut() {
    Table t = values(each(60, 2).toArray());
    BadInput.refused(
        () -> fit(t, DEFAULT),
        "t.csv: no column to learn from besides the target \"y\"; at least one column with two"
            + " values or more is needed");
  }

  @Test
  void manyValuesBecomeAnIndex() {
    Preprocessing p = fit(values(30, 20, 10, 1), EMBEDDED.withMostCategories(3));
    assertThat(p.featureNames()).containsExactly("c");
    assertThat(p.notes())
        .containsExactly(
            "column \"c\": a learned vector for each of 3 values (embedding), the rest of 4 share"
                + " one");
    assertThat(p.inputColumns())
        .isEqualTo(new InputColumns(0, List.of(new InputColumns.Index(4, -1)), 0));
    assertThat(p.transform(Map.of("c", "v0"))).containsExactly(0);
    assertThat(p.transform(Map.of("c", "v2"))).containsExactly(2);
    assertThat(p.transform(Map.of("c", "v3"))).containsExactly(3);
    assertThat(p.transform(Map.of("c", "never seen"))).containsExactly(3);
    assertThat(Preprocessing.fromMap(p.toMap())).isEqualTo(p);
    Table t = values(30, 20, 10, 1);
    assertThat(p.rows(t, new int[] {0, 31, 60}).all().toFloats()).containsExactly(0, 1, 3);
  }

  @Test
  void unseenValuesOfAnIndexHaveAVectorOfZerosAndMissingOnesTheirOwn() {
    Preprocessing p = fit(values(30, 20, 10), EMBEDDED);
    assertThat(p.inputColumns().indices()).containsExactly(new InputColumns.Index(4, 3));
    Map<String, Object> none = new HashMap<>();
    none.put("c", null);
    assertThat(p.transform(none)).containsExactly(3);
    Table t =
        Csv.parse(
            "t.csv",
            "c,y\n" + "a,1.5\nb,2.5\nc,3.25\n,4\n".repeat(3),
            CsvOptions.DEFAULT.withTypes(Map.of("c", ColumnType.CATEGORY)));
    Preprocessing missing = fit(t, EMBEDDED);
    assertThat(missing.inputColumns().indices()).containsExactly(new InputColumns.Index(5, 3));
    assertThat(missing.transform(none)).containsExactly(4);
    assertThat(missing.transform(Map.of("c", "never seen"))).containsExactly(3);
  }
}
