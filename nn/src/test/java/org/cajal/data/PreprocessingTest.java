package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.cajal.data.BadInput.refused;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

class PreprocessingTest {
  private static final String SMALL =
      """
      age,city,ok,day,y
      10,Rome,yes,2024-01-01,1.5
      20,Oslo,no,2024-01-02,2.5
      30,,yes,2024-01-03,3.5
      ,Rome,,2024-01-04,4.5
      1000,Bern,no,2024-01-05,5.5
      """;

  private static Table parse(String text) {
    return Csv.parse("t.csv", text, CsvOptions.DEFAULT);
  }

  private static Preprocessing fit(Table table, String target, int... rows) {
    return Preprocessing.fit(
        table, Target.of(table, target, null), rows, Preprocessing.Options.DEFAULT);
  }

  private static final Preprocessing.Options STANDARD =
      new Preprocessing.Options(NumberScaling.STANDARD, 50, 1000, null);

  @Test
  void learnsFromTheTrainingRowsOnly() {
    Table t = parse(SMALL);
    Preprocessing p =
        Preprocessing.fit(t, Target.of(t, "y", null), new int[] {0, 1, 2, 3}, STANDARD);
    assertThat(p.featureNames())
        .containsExactly(
            "age",
            "age missing",
            "city=Oslo",
            "city=Rome",
            "city missing",
            "ok",
            "ok missing",
            "day",
            "day, year sin",
            "day, year cos",
            "day, week sin",
            "day, week cos");
    InputRule.OfNumber age = (InputRule.OfNumber) p.inputs().getFirst();
    assertThat(age.center()).isEqualTo(20);
    assertThat(age.fill()).isEqualTo(20);
    assertThat(age.scale()).isCloseTo(8.16496580927726, within(1e-12));
    float[] x = p.transform(t, new int[] {0, 3, 4}).toFloats();
    assertThat(Arrays.copyOf(x, 7)).containsExactly(-1.2247449f, 0, 0, 1, 0, 1, 0);
    assertThat(Arrays.copyOfRange(x, 12, 19)).containsExactly(0, 1, 0, 1, 0, 0, 1);
    assertThat(Arrays.copyOfRange(x, 25, 31))
        .as("an unseen city")
        .containsExactly(0, 0, 0, 0, -1, 0);
  }

  @Test
  void robustScalingBendsFarValues() {
    InputRule.OfNumber rule =
        new InputRule.OfNumber("x", NumberForm.PLAIN, NumberScaling.ROBUST, 10, 2, 10, false);
    float[] out = new float[1];
    rule.encode(14, out, 0);
    assertThat(out[0]).isCloseTo((float) (2 / Math.sqrt(1 + 4 / 9.0)), within(1e-6f));
    rule.encode(1e30, out, 0);
    assertThat(out[0]).isEqualTo(3);
  }

  @Test
  void longTailedPositiveColumnsAreScaledByTheirLogarithm() {
    Table t =
        Table.of(
            "t",
            Column.numbers("size", 1, 1, 1, 2, 2, 3, 1000),
            Column.numbers("y", 1.5, 2, 3, 4, 5, 6, 7));
    int[] rows = IntStream.range(0, 7).toArray();
    Preprocessing p =
        Preprocessing.fit(t, Target.of(t, "y", null), rows, Preprocessing.Options.DEFAULT);
    InputRule.OfNumber size = (InputRule.OfNumber) p.inputs().getFirst();
    assertThat(size.scaling()).isEqualTo(NumberScaling.LOGARITHM);
    float[] x = p.transform(t, rows).toFloats();
    double mean = IntStream.range(0, 7).mapToDouble(i -> x[i]).average().orElseThrow();
    assertThat(mean).isCloseTo(0, within(1e-6));
    assertThat(x[6])
        .isCloseTo((float) ((Math.log(1001) - size.center()) / size.scale()), within(1e-6f));
    float[] negative = new float[1];
    size.encode(-1000, negative, 0);
    assertThat(negative[0])
        .isCloseTo((float) ((-Math.log(1001) - size.center()) / size.scale()), within(1e-6f));
    Preprocessing plain = Preprocessing.fit(t, Target.of(t, "y", null), rows, STANDARD);
    assertThat(((InputRule.OfNumber) plain.inputs().getFirst()).scaling())
        .isEqualTo(NumberScaling.STANDARD);
  }

  @Test
  void aColumnOfOneValueInTheTrainingRowsIsLeftOut() {
    Table t = parse("a,b,y\n1,5,1.5\n2,5,2.5\n3,5,3.5\n4,6,4.5\n");
    Preprocessing p = fit(t, "y", 0, 1, 2);
    assertThat(p.featureNames()).containsExactly("a");
    assertThat(p.notes())
        .containsExactly("column \"b\" is left out: one value only in the training rows");
  }

  @Test
  void aRowAsAMapGivesTheSameInputsAsTheTable() {
    Table t = parse(SMALL);
    Preprocessing p = fit(t, "y", 0, 1, 2, 3, 4);
    Map<String, Object> row =
        new HashMap<>(
            Map.of("age", 20, "city", "Oslo", "ok", false, "day", LocalDate.of(2024, 1, 2)));
    assertThat(p.transform(row)).containsExactly(p.transform(t, new int[] {1}).toFloats());
    row.put("age", null);
    row.put("city", "Rome");
    row.put("ok", "?");
    row.put("day", "2024-01-04");
    assertThat(p.transform(row)).containsExactly(p.transform(t, new int[] {3}).toFloats());
  }

  @Test
  void refusesRowsThatDoNotFit() {
    Preprocessing p = fit(parse(SMALL), "y", 0, 1, 2, 3, 4);
    Map<String, Object> row = new LinkedHashMap<>(Map.of("age", 20, "city", "Oslo", "ok", false));
    refused(
        () -> p.transform(row),
        "[predict] the row has no value for column \"day\"; needed are \"age\", \"city\", \"ok\","
            + " \"day\" (null where a value is missing)");
    row.put("day", "soon");
    refused(
        () -> p.transform(row),
        "[predict]: column \"day\": \"soon\" is not a date; correct it, or leave it empty where the"
            + " value is missing");
    row.put("age", Double.NaN);
    refused(
        () -> p.transform(row),
        "[predict] column \"age\": \"NaN\" is not a finite number; correct it, or give null where"
            + " the value is missing");
    row.put("age", "old");
    refused(
        () -> p.transform(row),
        "[predict] column \"age\": \"old\" is not a number; correct it, or give null where the"
            + " value is missing");
    row.put("age", List.of(1));
    refused(
        () -> p.transform(row),
        "[predict] column \"age\": a value of class ListN cannot be read; numbers, texts, truth values, dates and null are allowed"
            .replace("ListN", List.of(1).getClass().getSimpleName()));
    Table other = parse("aeg,city,ok\n1,x,yes\n2,y,no\n");
    refused(
        () -> p.transform(other, new int[] {0}),
        "t.csv: the model needs a column which is not there; no column \"age\"; there are \"aeg\","
            + " \"ok\", \"city\"");
    Table text = parse("age,city,ok,day\nx,a,yes,2024-01-01\ny,b,no,2024-01-01\n");
    refused(
        () -> p.transform(text, new int[] {1}),
        "t.csv:3: column \"age\": \"y\" is not a number; correct it, or leave it empty where the"
            + " value is missing");
  }

  @Test
  void keepsTheMostFrequentCategories() {
    StringBuilder text = new StringBuilder("c,y\n");
    for (int i = 0; i < 60; i++) {
      text.append(i < 20 ? "a" : i < 35 ? "b" : i < 45 ? "c" : "d" + i % 3)
          .append(',')
          .append(i / 7.0)
          .append('\n');
    }
    Table t = parse(text.toString());
    Target target = Target.of(t, "y", null);
    int[] rows = IntStream.range(0, 60).toArray();
    Preprocessing p =
        Preprocessing.fit(
            t, target, rows, new Preprocessing.Options(NumberScaling.STANDARD, 3, 1000, null));
    assertThat(p.featureNames()).containsExactly("c=a", "c=b", "c=c", "c=other");
    assertThat(p.notes())
        .containsExactly(
            "column \"c\": the 3 most frequent of 6 values have an input each, the rest share one");
    assertThat(p.transform(Map.of("c", "never seen"))).containsExactly(0, 0, 0, 1);
  }

  @Test
  void plainDataComesBackEqualAndBadDataIsRefused() {
    Preprocessing p = fit(parse(SMALL), "y", 0, 1, 2, 3, 4);
    assertThat(Preprocessing.fromMap(p.toMap())).isEqualTo(p).hasSameHashCodeAs(p);
    Map<String, Object> bad = new HashMap<>(p.toMap());
    bad.remove("output");
    refused(
        () -> Preprocessing.fromMap(bad),
        "[preprocessing, output] an object is expected, found nothing");
    bad.put("output", Map.of("task", "GUESSING"));
    refused(
        () ->
            Preprocessing.fromMap(
                Map.of("inputs", List.of(Map.of("column", "a", "type", "NUMBER", "flag", 1)))),
        "[preprocessing, inputs] \"flag\" must be true or false, found 1");
    refused(
        () ->
            Preprocessing.fromMap(
                Map.of("inputs", List.of(Map.of("column", "a", "type", "IGNORED", "flag", true)))),
        "[preprocessing, inputs] \"type\" must be NUMBER, BOOLEAN, CATEGORY, TEXT or DATE, found"
            + " \"IGNORED\"");
    refused(
        () ->
            Preprocessing.fromMap(
                Map.of(
                    "inputs",
                    List.of(
                        Map.of(
                            "column",
                            "a",
                            "type",
                            "NUMBER",
                            "flag",
                            true,
                            "scaling",
                            "STANDARD",
                            "center",
                            0,
                            "scale",
                            0,
                            "fill",
                            0)))),
        "[preprocessing, inputs] \"scale\" must be a number above 0, found 0");
    refused(
        () ->
            Preprocessing.fromMap(
                Map.of(
                    "inputs",
                    List.of(),
                    "columns",
                    List.of(),
                    "output",
                    Map.of("column", "y", "task", "X"))),
        "[preprocessing, output] \"task\" must be one of [CLASSIFICATION, REGRESSION, SEQUENCE,"
            + " MULTILABEL, MULTIOUTPUT], found \"X\"");
  }

  @Test
  void aFileIsReadForPredictionAsInTraining() {
    Table train = parse("a,b,y\n1,x,0.1\n2,y,0.2\n3,x,0.35\n");
    Preprocessing p = fit(train, "y", 0, 1, 2);
    Table noHeader = Csv.parse("p.csv", "7,x,0.3\n", p.csvOptions());
    assertThat(noHeader.columnNames()).containsExactly("a", "b", "y");
    Table other = Csv.parse("p.csv", "b;a\n1;2,5\n", p.csvOptions());
    assertThat(other.column("b").type()).isEqualTo(ColumnType.CATEGORY);
    assertThat(p.transform(other, new int[] {0}).toFloats())
        .containsExactly(p.transform(Map.of("a", 2.5, "b", "1")));
  }

  @Test
  void regressionTargetsAreStandardisedAndComeBack() {
    Table t = parse("x,y\n1,100.5\n2,110.5\n3,120.5\n4,10000.5\n5,105.5\n6,99.5\n");
    Preprocessing p = fit(t, "y", 0, 1, 2, 3, 4, 5);
    OutputRule.OfNumber rule = (OutputRule.OfNumber) p.output();
    assertThat(rule.logarithm()).isTrue();
    assertThat(p.notes())
        .containsExactly("target \"y\" is positive and skewed: its logarithm is learned");
    assertThat(rule.decode(rule.encode(10000.5))).isCloseTo(10000.5, within(1e-8));
    Dataset data = p.dataset(t, new int[] {0, 3});
    assertThat(data.targets().shape()).isEqualTo(Shape.of(2, 1));
    assertThat(rule.decode(data.targets().get(1))).isCloseTo(10000.5, within(1e-2));
    Table zero = parse("x,y\n1,0\n2,0.5\n");
    refused(
        () -> p.dataset(zero, new int[] {0}),
        "t.csv:2: target 0 has no logarithm, which the model learned; only positive targets are"
            + " allowed");
  }

  @Test
  void theKindOfTheTargetDecides() {
    assertThat(Target.of(parse("x,y\n1,a\n2,b\n3,a\n4,b\n"), "y", null).labels())
        .containsExactly("a", "b");
    Target digits = Target.of(parse("x,y\n1,10\n2,9\n3,10\n4,9\n5,9\n6,10\n"), "last", null);
    assertThat(digits.task()).isEqualTo(Task.CLASSIFICATION);
    assertThat(digits.labels()).containsExactly("9", "10");
    assertThat(digits.classes()).containsExactly(1, 0, 1, 0, 0, 1);
    assertThat(digits.notes())
        .containsExactly(
            "target \"y\" holds 2 different whole numbers, taken for classes; --task regression"
                + " predicts it as a number");
    Table number = parse("x,y\n1,10\n2,9\n3,10\n4,9\n5,9\n6,10\n");
    assertThat(Target.of(number, "y", Task.REGRESSION).numbers())
        .containsExactly(10, 9, 10, 9, 9, 10);
    assertThat(Target.of(parse("x,y\n1,1.5\n2,2\n3,2\n"), "y", null).task())
        .isEqualTo(Task.REGRESSION);
    assertThat(Target.of(parse("x,y\n1,1\n2,2\n3,3\n4,4\n5,5\n6,6\n"), "y", null).task())
        .isEqualTo(Task.REGRESSION);
    Target truth = Target.of(parse("x,y\n1,True\n2,False\n3,True\n4,False\n"), "y", null);
    assertThat(truth.labels()).containsExactly("False", "True");
  }

  @Test
  void refusesTargetsThatCannotBeLearned() {
    refused(
        () -> Target.of(parse("x,y\n1,a\n2,a\n"), "y", null),
        "t.csv: target column \"y\" is \"a\" in every row, so there is nothing to learn; choose"
            + " another column");
    refused(
        () -> Target.of(parse("x,y\n1,1.5\n2,1.5\n"), "y", null),
        "t.csv: target column \"y\" is \"1.5\" in every row, so there is nothing to learn; choose"
            + " another column");
    refused(
        () -> Target.of(parse("x,y\n1,3\n2,3\n"), "y", null),
        "t.csv: target column \"y\" is \"3\" in every row, so there is nothing to learn; choose"
            + " another column");
    refused(
        () -> Target.of(parse("x,y\n1,a\n2,b\n3,b\n"), "y", null),
        "t.csv:2: class \"a\" of target column \"y\" occurs once; each class needs at least 2 rows:"
            + " --drop-rare-classes goes on without it; or add rows, or merge classes");
    refused(
        () -> Target.of(parse("x,y\n1,a\n2,?\n3,\n4,b\n"), "y", null),
        "t.csv:3: target column \"y\" is empty here and in 1 more of 4 rows; fill it in, or"
            + " --drop-missing-targets leaves such rows out");
    refused(
        () -> Target.of(parse("x,y\n1,a\n2,?\n"), "y", null),
        "t.csv:3: target column \"y\" is empty here; fill it in, or --drop-missing-targets"
            + " leaves such rows out");
    refused(
        () -> Target.of(parse("x,y\n1,a\n2,b\n"), "y", Task.REGRESSION),
        "t.csv: target column \"y\" holds texts such as \"a\", regression needs numbers; choose"
            + " classification or another column");
    refused(
        () -> Target.of(parse("x,y\n1,2024-01-01\n2,2024-01-02\n"), "y", null),
        "t.csv: target column \"y\" holds dates, which cannot be predicted; choose a column of"
            + " numbers or categories");
    refused(
        () -> Target.of(parse("xx,y\n1,a\n"), "z", null),
        "t.csv: no column \"z\"; there are \"y\", \"xx\"");
    Table alone = parse("y\na\nb\na\nb\n");
    refused(
        () -> fit(alone, "y", 0, 1, 2, 3),
        "t.csv: no column to learn from besides the target \"y\"; at least one column with two"
            + " values or more is needed");
  }

  @Test
  void namesAnUnknownClass() {
    Table train = parse("x,y\n1,<=50K\n2,>50K\n3,<=50K\n4,>50K\n");
    Preprocessing p = fit(train, "y", 0, 1, 2, 3);
    Table stops = Csv.parse("test.csv", "1,<=50K.\n2,>50K.\n", p.csvOptions());
    assertThat(p.dataset(stops, new int[] {0, 1}).classIndices()).containsExactly(0, 1);
    Table unknown = Csv.parse("test.csv", "x,y\n1,>60K\n", p.csvOptions());
    refused(
        () -> p.dataset(unknown, new int[] {0}),
        "test.csv:2: target column \"y\": no class \">60K\"; there are \">50K\", \"<=50K\"");
    Table none = Csv.parse("test.csv", "x\n1\n", p.csvOptions());
    refused(
        () -> p.dataset(none, new int[] {0}), "test.csv: no target column \"y\"; there is \"x\"");
  }

  @Test
  void preparesATableInOneCall() {
    StringBuilder text = new StringBuilder("x,y\n");
    for (int i = 0; i < 100; i++) {
      text.append(i * 0.5).append(i % 4 == 0 ? ",rare\n" : ",often\n");
    }
    Tabular.Prepared p = Tabular.prepare(parse(text.toString()), "y", null, 0.2, 0.2, 1);
    assertThat(p.train().classCounts()).containsExactly(45, 15);
    assertThat(p.validation()).isNotNull();
    assertThat(p.test()).isNotNull();
    assertThat(p.train().name()).isEqualTo("t");
    refused(
        () -> Tabular.prepare(parse(SMALL), "y", null, 0.6, 0.5, 1),
        "[split] validation 0.6 and test 0.5 leave nothing to train on; together below 1 is"
            + " allowed");
  }

  @Test
  void preparesTheRealTables() {
    Tabular.Prepared wdbc =
        Tabular.prepare(
            Csv.read(RealData.file("tabular/wdbc.csv")), "diagnosis", null, 0.1, 0.2, 0);
    assertThat(wdbc.train().featureShape()).isEqualTo(Shape.of(30));
    assertThat(wdbc.train().classLabels()).containsExactly("B", "M");
    Tabular.Prepared wine =
        Tabular.prepare(Csv.read(RealData.file("tabular/wine.csv")), "last", null, 0.1, 0.2, 0);
    assertThat(wine.target().task()).isEqualTo(Task.CLASSIFICATION);
    Tabular.Prepared ames =
        Tabular.prepare(
            Csv.read(RealData.file("tabular/ames-housing.tsv")), "SalePrice", null, 0.1, 0.2, 0);
    assertThat(ames.target().task()).isEqualTo(Task.REGRESSION);
    assertThat(Preprocessing.fromMap(ames.preprocessing().toMap())).isEqualTo(ames.preprocessing());
    for (Dataset part : List.of(ames.train(), wdbc.train(), wine.train())) {
      for (float v : part.features().toFloats()) {
        assertThat(Float.isFinite(v)).isTrue();
      }
    }
    Table train = Csv.read(RealData.file("tabular/adult-train.csv"));
    Tabular.Prepared adult = Tabular.prepare(train, "last", null, 0.1, 0, 0);
    Table test =
        Csv.read(RealData.file("tabular/adult-test.csv"), adult.preprocessing().csvOptions());
    Dataset measured =
        adult.preprocessing().dataset(test, IntStream.range(0, test.rows()).toArray());
    assertThat(measured.classCounts()).containsExactly(12_435, 3846);
  }

  @Test
  void saysWhatIsNewToTheModel() {
    Table t = parse(SMALL);
    Preprocessing p = fit(t, "y", 0, 1, 2, 3);
    Table later =
        parse(
            """
            age,city,ok,day
            10,Rome,yes,2024-01-01
            ,Pisa,no,2024-01-02
            ,Kiel,no,2024-01-03
            30,Pisa,,2024-01-04
            """);
    assertThat(p.unfamiliar(later, new int[] {0, 1, 2, 3}))
        .containsExactly(
            "column \"city\": 3 cells of values that have no input of their own (\"Pisa\","
                + " \"Kiel\"), which training has not seen",
            "cells without a value: 2 in \"age\", 1 in \"ok\"");
    assertThat(p.unfamiliar(later, new int[] {0})).isEmpty();
  }

  @Test
  void writesTargetsInOneOrder() {
    StringBuilder text = new StringBuilder("x,d,b,a,c\n");
    for (int i = 0; i < 40; i++) {
      text.append(
          String.format(java.util.Locale.ROOT, "%d,%d.5,%d.5,%d.5,%d.5%n", i, i, 2 * i, 3 * i, i));
    }
    Table t = parse(text.toString());
    Target target = Target.of(t, List.of("d", "b", "a", "c"), Target.Options.DEFAULT);
    Map<String, Object> map =
        Preprocessing.fit(t, target, new int[] {0, 1, 2, 3}, STANDARD).toMap();
    assertThat(((Map<?, ?>) map.get("targetForms")).keySet().toString()).isEqualTo("[a, b, c, d]");
  }

  @Test
  void showsDatesAsDates() {
    Table t =
        parse(
            "day,at,lap,y\n"
                + "03.04.2024,9:30,27:10,1\n"
                + "14.04.2024,14:05,48:01,2\n"
                + "15.04.2024,0:00,1:00,3\n");
    assertThat(t.column("day").text(0)).isEqualTo("2024-04-03");
    assertThat(t.column("at").text(0)).isEqualTo("09:30");
    assertThat(t.column("lap").text(1)).isEqualTo("172860 s");
  }
}
