package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.cajal.data.BadInput.refused;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cajal.type.NDArray;
import org.junit.jupiter.api.Test;

class TextFitTest {
  private static final CsvOptions TEXT =
      CsvOptions.DEFAULT.withTypes(Map.of("text", ColumnType.TEXT));

  private static final String REMARKS =
      """
      n,text,y
      1,"The parcel came late, very late!",a
      2,Very good: the parcel came early.,b
      3,"Größe passt, Qualität gut",b
      4,"Qualität gut, Größe zu klein, zu klein",a
      5,. ! -,b
      6,the late shop,a
      7,only the test part knows this,a
      """;

  /** What scikit-learn's TfidfVectorizer(min_df=2) gives for the first six texts. */
  private static final double[][] EXPECTED = {
    {
      0.360076066902146,
      0,
      0,
      0.720152133804292,
      0.360076066902146,
      0,
      0.3040009577451511,
      0.360076066902146
    },
    {0.5189790503435685, 0, 0, 0, 0.5189790503435685, 0, 0.4381577751375221, 0.5189790503435685},
    {0, 0.5773502691896257, 0.5773502691896257, 0, 0, 0.5773502691896257, 0, 0},
    {0, 0.5773502691896257, 0.5773502691896257, 0, 0, 0.5773502691896257, 0, 0},
    {0, 0, 0, 0, 0, 0, 0, 0},
    {0, 0, 0, 0.764096101185661, 0, 0, 0.6451024322949592, 0}
  };

  private static Preprocessing fit(Table t, int... rows) {
    return Preprocessing.fit(
        t,
        Target.of(t, "y", null),
        rows,
        new Preprocessing.Options(NumberScaling.STANDARD, 50, 500, null));
  }

  private static double[] words(float[] row, int from) {
    return IntStream.range(from, row.length).mapToDouble(i -> row[i]).toArray();
  }

  @Test
  void weighsWordsAsScikitLearnDoes() {
    Table t = Csv.parse("t.csv", REMARKS, TEXT);
    Preprocessing p = fit(t, 0, 1, 2, 3, 4, 5);
    assertThat(p.featureNames())
        .containsExactly(
            "n",
            "text: came",
            "text: größe",
            "text: gut",
            "text: late",
            "text: parcel",
            "text: qualität",
            "text: the",
            "text: very");
    assertThat(((InputRule.OfText) p.inputs().get(1)).weights())
        .satisfies(w -> assertThat(w.get(0)).isCloseTo(1.8472978603872037, within(1e-15)))
        .satisfies(w -> assertThat(w.get(6)).isCloseTo(1.5596157879354227, within(1e-15)));
    assertThat(p.notes()).containsExactly("column \"text\": free text, 8 words as inputs (TF-IDF)");
    assertThat(p.inputColumns()).isEqualTo(new InputColumns(1, List.of(), 8));
    for (int row = 0; row < EXPECTED.length; row++) {
      float[] given = p.transform(t, new int[] {row}).toFloats();
      assertThat(words(given, 1)).containsExactly(EXPECTED[row], within(1e-7));
      assertThat(p.rows(t, new int[] {row}).all().toFloats()).containsExactly(given);
      Map<String, Object> map = new HashMap<>();
      map.put("n", t.column("n").number(row));
      map.put("text", t.column("text").text(row));
      assertThat(p.transform(map)).containsExactly(given);
    }
    assertThat(words(p.transform(Map.of("n", 1, "text", "late late parcel GUT unseen")), 1))
        .containsExactly(
            new double[] {
              0, 0, 0.40824829046386296, 0.8164965809277259, 0.40824829046386296, 0, 0, 0
            },
            within(1e-7));
    assertThat(words(p.transform(Map.of("n", 1, "text", "nothing known")), 1)).containsOnly(0);
  }

  @Test
  void comesBackFromAFileEqual() {
    Preprocessing p = fit(Csv.parse("t.csv", REMARKS, TEXT), 0, 1, 2, 3, 4, 5);
    assertThat(Preprocessing.fromMap(p.toMap())).isEqualTo(p);
    assertThat(p.csvOptions().types()).containsEntry("text", ColumnType.TEXT);
    assertThat(Preprocessing.fromMap(p.toMap()).transform(Map.of("n", 2, "text", "came late")))
        .containsExactly(p.transform(Map.of("n", 2, "text", "came late")));
    refused(
        () ->
            RuleReading.input(
                new PlainData(
                    "rule",
                    Map.of(
                        "column",
                        "a",
                        "type",
                        "TEXT",
                        "flag",
                        true,
                        "words",
                        List.of("x"),
                        "weights",
                        List.of()))),
        "[rule] \"weights\" must be a list of 1 numbers, one a word, found a list of 0");
  }

  @Test
  void emptyTextsAreZerosWithAFlag() {
    Table t = Csv.parse("t.csv", "text,y\nso good,a\n,b\nso bad,b\nbad good,a\n", TEXT);
    Preprocessing p = fit(t, 0, 1, 2, 3);
    assertThat(p.featureNames())
        .containsExactly("text: bad", "text: good", "text: so", "text missing");
    assertThat(p.transform(t, new int[] {1}).toFloats()).containsExactly(0, 0, 0, 1);
    Map<String, Object> none = new HashMap<>();
    none.put("text", null);
    assertThat(p.transform(none)).containsExactly(0, 0, 0, 1);
  }

  @Test
  void plainInputsComeFirstAndRowsAreSparse() {
    Table t =
        Csv.parse(
            "t.csv", "text,n,y\ngood box,1,a\nbad box,2,b\nred box,1,a\nblue box,2,b\n", TEXT);
    Preprocessing p = fit(t, 0, 1, 2, 3);
    assertThat(p.featureNames()).containsExactly("n", "text: box");
    Dataset data = p.dataset(t, new int[] {0, 1});
    assertThat(data.inputColumns()).contains(p.inputColumns());
    NDArray dense = p.transform(t, new int[] {0, 1});
    assertThat(data.features().toFloats()).containsExactly(dense.toFloats());
    Map<String, Object> turned = new HashMap<>(p.toMap());
    turned.put("inputs", p.inputs().reversed().stream().map(InputRule::toMap).toList());
    refused(
        () -> Preprocessing.fromMap(turned),
        "[preprocessing] the rule for column \"n\" stands behind those of indices or words; plain"
            + " inputs come first, then indices, then words");
  }

  @Test
  void textsWithoutARepeatedWordAreLeftOutWithANote() {
    Table t = Csv.parse("t.csv", "text,n,y\nuno,1,a\ndue,2,b\ntre,3,a\nquattro,4,b\n", TEXT);
    assertThat(fit(t, 0, 1, 2, 3).notes())
        .containsExactly(
            "column \"text\" is left out: it holds texts, and no word of them stands in 2 training"
                + " rows");
    Table alone = Csv.parse("t.csv", "text,y\nuno,a\ndue,b\nuno,a\ntre,b\n", TEXT);
    refused(
        () -> fit(alone, 1, 3),
        "t.csv: no column to learn from besides the target \"y\"; at least one column with two"
            + " values or more is needed");
  }

  @Test
  void keepsTheWordsOfMostRows() {
    StringBuilder text = new StringBuilder("text,y\n");
    int words = TextFit.MOST_WORDS + 5;
    for (int copy = 0; copy < 2; copy++) {
      for (int from = 0; from < words; from += 1000) {
        for (int w = from; w < Math.min(words, from + 1000); w++) {
          text.append('w').append(w).append(' ');
        }
        text.append(",").append(copy == 0 ? "a" : "b").append('\n');
      }
    }
    text.append("w1 w1,a\n");
    Table t = Csv.parse("t.csv", text.toString(), TEXT);
    Preprocessing p = fit(t, IntStream.range(0, t.rows()).toArray());
    assertThat(p.width()).isEqualTo(20_000);
    assertThat(p.notes())
        .containsExactly("column \"text\": free text, 20,000 of 20,005 words as inputs (TF-IDF)");
    assertThat(p.featureNames()).contains("text: w1", "text: w0");
    SparseRows rows = (SparseRows) p.rows(t, IntStream.range(0, t.rows()).toArray());
    assertThat(rows.stored()).isEqualTo(2 * 20_000 + 1);
    assertThat(Arrays.stream(rows.all().toDoubles()).filter(v -> v != 0).count())
        .isEqualTo(rows.stored());
  }
}
