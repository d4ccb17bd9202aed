package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cajal.data.BadInput.refused;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTest {
  private static Table parse(String text) {
    return Csv.parse("t.csv", text, CsvOptions.DEFAULT);
  }

  private static Table columns(String name, List<String> cells) {
    double[] x = IntStream.range(0, cells.size()).mapToDouble(i -> i * 0.5).toArray();
    List<@Nullable String> texts = new ArrayList<>(cells);
    return Table.of("t", Column.numbers("x", x), Column.categories(name, texts));
  }

  /** A target of the values first, first + 1, ... in so many rows each. */
  private static Target counted(String name, int first, int... counts) {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      values.addAll(Collections.nCopies(counts[i], (double) (first + i)));
    }
    Collections.shuffle(values, new Random(1));
    double[] y = values.stream().mapToDouble(v -> v).toArray();
    double[] x = IntStream.range(0, y.length).mapToDouble(i -> i * 0.5).toArray();
    return Target.of(
        Table.of("t", Column.numbers("x", x), Column.numbers(name, y)),
        List.of(name),
        Target.Options.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({
    "y, 0, 549 342, CLASSIFICATION", // survived or not
    "y, 1, 50 50 50, CLASSIFICATION", // iris by numbers
    "y, 1, 59 71 48, CLASSIFICATION", // kinds of wine
    "y, 0, 178 182 177 183 181 182 181 179 174 180, CLASSIFICATION", // digits
    "y, 0, 48 48 48 48 48 48 48 48 48 48 48, CLASSIFICATION", // vowels
    "y, 1, 300 300 300 299 300 300 298 300 300 300 300 300 300 300 300 300 300 300 300 300 300 300"
        + " 300 300 300 300, CLASSIFICATION", // spoken letters
    "y, 1, 70 76 17 0 13 9 29, CLASSIFICATION", // kinds of glass
    "y, 1, 52 57 13 0 10 7 22, CLASSIFICATION", // three quarters of them
    "y, 1, 2118 2833 357 27 95 174 205, CLASSIFICATION", // kinds of forest
    "y, 1, 112 61 72 49 52 20, CLASSIFICATION", // diseases of the skin
    "y, 0, 164 55 36 35 13, CLASSIFICATION", // degrees of heart disease
    "rating, 1, 30 40 80 200 320, CLASSIFICATION", // stars
    "label, 0, 4 9 12 3 8 7 5 9 11 6, CLASSIFICATION", // few digits, by the column's name
    "y, 3, 10 53 681 638 199 18, REGRESSION", // quality of wine
    "y, 3, 20 163 1457 2198 880 175 5, REGRESSION",
    "count, 0, 8 17 30 55 74 76 75 62 76 52 45 29 1, REGRESSION", // rooms, one in one row only
    "y, 0, 8 17 30 55 74 76 75 62 76 52 45 29 3, REGRESSION",
    "y, 0, 38 0 0 0 1 7 15 9 32 28 56 47 31 31 27 33 16 6 12 5 1, REGRESSION", // grades
    "y, 2, 8 8 18 23 28 30 24 36 23 28 31 30 31 28 26 10 12 6, REGRESSION",
    "y, 0, 400 210 90 33 12 5 2, REGRESSION", // claims
    "y, 0, 300 150 60 12 2, REGRESSION", // children
    "y, 1, 5 9 20 44 80 120 140 90 40 12, REGRESSION", // films from 1 to 10
    "y, 18, 30 31 29 35 33 30 28 27 31 30 29 33 34 30 31 28 27 31 30 29 31 30 28 33, REGRESSION"
  })
  void wholeNumbersAreClassesOrNumbersByWhatTheyLookLike(
      String name, int first, String counts, Task expected) {
    int[] rows = Arrays.stream(counts.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    assertThat(counted(name, first, rows).task()).isEqualTo(expected);
  }

  @Test
  void theNoteSaysWhatWasTakenAndHowToSayOtherwise() {
    assertThat(counted("y", 3, 10, 53, 681, 638, 199, 18).notes())
        .containsExactly(
            "target \"y\" holds 6 different whole numbers, taken for numbers (most rows in the"
                + " middle, fewer towards the ends); --task classification predicts them as"
                + " classes");
    assertThat(counted("y", 1, 40, 30, 50).notes())
        .containsExactly(
            "target \"y\" holds 3 different whole numbers, taken for classes; --task regression"
                + " predicts it as a number");
    assertThat(counted("count", 0, 9, 20, 30, 12, 4, 1).notes())
        .containsExactly(
            "target \"count\" holds 6 different whole numbers, taken for numbers (some of them are"
                + " in one row only); --task classification predicts them as classes");
  }

  @Test
  void zerosInFrontAreCodes() {
    List<String> codes = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      codes.add(String.format(java.util.Locale.ROOT, "%03d", i % 40 * 7));
    }
    double[] numbers = codes.stream().mapToDouble(Double::parseDouble).toArray();
    java.util.Map<String, Integer> counts = new java.util.HashMap<>();
    codes.forEach(c -> counts.merge(c, 1, Integer::sum));
    ClassesOrNumbers.Decision decision = ClassesOrNumbers.decide("y", numbers, counts);
    assertThat(decision.classes()).isTrue();
    assertThat(decision.reason()).isEqualTo("codes with zeros in front");
  }

  @Test
  void labelsAreOrderedByTheirNumbersExactly() {
    assertThat(Labels.sorted(List.of("10", "9", "-1", "1.10", "1.1", "2E1")))
        .containsExactly("-1", "1.1", "1.10", "9", "10", "2E1");
    assertThat(Labels.sorted(List.of("9007199254740993", "9007199254740992", "007")))
        .containsExactly("007", "9007199254740992", "9007199254740993");
    assertThat(Labels.sorted(List.of("10", "9", "x"))).containsExactly("10", "9", "x");
  }

  @Test
  void aLabelIsFoundByItsTextOrAsTheOnlyOneOfItsNumber() {
    Labels texts = new Labels(List.of("<=50K", ">50K"));
    assertThat(texts.index(">50K")).isEqualTo(1);
    assertThat(texts.index(">50K.")).isEqualTo(1);
    assertThat(texts.index("50K")).isEqualTo(-1);
    Labels numbers = new Labels(List.of("1", "2", "2.0"));
    assertThat(numbers.index("1.0")).isZero();
    assertThat(numbers.index("2.0")).isEqualTo(2);
    assertThat(numbers.index("2.00")).isEqualTo(-1);
  }

  @Test
  void severalTargetsEachHaveTheirKind() {
    StringBuilder text = new StringBuilder("x,kind,amount,\"a,b\"\n");
    for (int i = 0; i < 30; i++) {
      text.append(i + 0.5).append(i % 2 == 0 ? ",red," : ",blue,").append(i * 1.5).append(',');
      text.append(i % 7 + 0.25).append('\n');
    }
    Table t = parse(text.toString());
    Target both = Target.of(t, List.of("kind", "amount"), Target.Options.DEFAULT);
    assertThat(both.task()).isEqualTo(Task.MULTIOUTPUT);
    assertThat(both.column()).isEqualTo("kind, amount");
    assertThat(both.parts())
        .extracting(Target::task)
        .containsExactly(Task.CLASSIFICATION, Task.REGRESSION);
    assertThat(both.strata()).startsWith(1, 0, 1, 0);
    Preprocessing p = Preprocessing.fit(t, both, both.rows(), Preprocessing.Options.DEFAULT);
    assertThat(p.featureNames()).containsExactly("x", "a,b");
    assertThat(p.output().width()).isEqualTo(3);
    Dataset data = p.dataset(t, new int[] {0, 1});
    assertThat(data.targets().get(0)).isEqualTo(1);
    OutputRule.OfNumber amount =
        (OutputRule.OfNumber) ((OutputRule.OfSeveral) p.output()).parts().get(1);
    assertThat(amount.decode(data.targets().get(3)))
        .isCloseTo(1.5, org.assertj.core.api.Assertions.within(1e-5));
    assertThat(Preprocessing.fromMap(p.toMap())).isEqualTo(p);

    assertThat(Target.references(t, "a,b")).containsExactly("a,b");
    assertThat(Target.references(t, "kind,a,b, amount")).containsExactly("kind", "a,b", "amount");
    assertThat(Target.of(t, "a,b", null).column()).isEqualTo("a,b");
    refused(() -> Target.of(t, "kind,kind", null), "t.csv: target column \"kind\" is named twice");
    refused(
        () -> Target.of(t, "kind,amout", null),
        "t.csv: no column \"amout\"; the nearest of the 4 are \"amount\", \"a,b\", \"x\"");
  }

  @Test
  void labelsThatRecombineDoNotExcludeEachOther() {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      cells.addAll(List.of("action", "comedy; drama", "action;comedy", "drama", "comedy"));
    }
    Table t = columns("genres", cells);
    Target target = Target.of(t, "genres", null);
    assertThat(target.task()).isEqualTo(Task.MULTILABEL);
    assertThat(target.labels()).containsExactly("action", "comedy", "drama");
    assertThat(target.notes())
        .containsExactly(
            "target \"genres\" holds labels that do not exclude each other, separated by \";\":"
                + " action, comedy, drama; --task classification takes each cell for one class");
    Preprocessing p = Preprocessing.fit(t, target, target.rows(), Preprocessing.Options.DEFAULT);
    assertThat(p.dataset(t, new int[] {1, 2}).targets().toFloats())
        .containsExactly(0, 1, 1, 1, 1, 0);
    assertThat(Preprocessing.fromMap(p.toMap())).isEqualTo(p);
    refused(
        () -> p.dataset(columns("genres", List.of("action;horror")), new int[] {0}),
        "t, row 1: target column \"genres\": no label \"horror\"; there are \"action\","
            + " \"comedy\", \"drama\"");
    assertThat(Target.of(t, "genres", Task.CLASSIFICATION).labels()).hasSize(5);
    cells.addAll(List.of("other", "action;drama", "other")); // a label that never has company
    assertThat(Target.of(columns("genres", cells), "genres", null).labels())
        .containsExactly("action", "comedy", "drama", "other");
  }

  @Test
  void namesAndPairsAreNoLabels() {
    List<String> places = new ArrayList<>();
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      places.add(List.of("Rome, Italy", "Pisa, Italy", "Paris, France", "Oslo").get(i % 4));
      pairs.add(
          List.of("small, ", "large, ").get(i % 2) + List.of("red", "blue", "grey").get(i % 3));
    }
    assertThat(Target.of(columns("y", places), "y", null).task()).isEqualTo(Task.CLASSIFICATION);
    assertThat(Target.of(columns("y", pairs), "y", null).task()).isEqualTo(Task.CLASSIFICATION);
    Target asked = Target.of(columns("y", pairs), "y", Task.MULTILABEL);
    assertThat(asked.labels()).containsExactly("blue", "grey", "large", "red", "small");
  }

  @Test
  void columnsOfZeroAndOneAreLabels() {
    Table t = parse("x,a,b\n1,0,yes\n2,1,no\n3,1,yes\n4,0,no\n");
    Target target = Target.of(t, "a,b", null);
    assertThat(target.task()).isEqualTo(Task.MULTILABEL);
    assertThat(target.notes())
        .containsExactly(
            "targets a, b say 0 or 1, taken for labels that do not exclude each other; --task"
                + " classification predicts each on its own, --task regression as numbers");
    Preprocessing p = Preprocessing.fit(t, target, target.rows(), Preprocessing.Options.DEFAULT);
    assertThat(p.dataset(t, target.rows()).targets().toFloats())
        .containsExactly(0, 1, 1, 0, 1, 1, 0, 0);
    assertThat(Target.of(t, "a,b", Task.CLASSIFICATION).task()).isEqualTo(Task.MULTIOUTPUT);
    refused(
        () -> Target.of(parse("x,a,b\n1,0,2\n2,1,3\n"), "a,b", Task.MULTILABEL),
        "t.csv:2: target column \"b\": \"2\" is neither 0 nor 1; a label's own column says with 0"
            + " or 1 (or no and yes) whether it is there");
    refused(
        () -> Target.of(columns("y", List.of("a", "b", "a", "b")), "y", Task.MULTILABEL),
        "t: target column \"y\" holds cells such as \"a\", in which no |, ; or comma separates"
            + " labels; name what does by --labels-separator, or choose classification");
  }

  @Test
  void rareClassesAreLeftOutWhereAsked() {
    Table t = parse("x,y\n1,a\n2,b\n3,b\n4,a\n5,c\n6,d\n");
    refused(
        () -> Target.of(t, "y", null),
        "t.csv:6: class \"c\" of target column \"y\" occurs once, as does 1 more of 4; each class"
            + " needs at least 2 rows: --drop-rare-classes goes on without them; or add rows, or"
            + " merge classes");
    Target target = Target.of(t, List.of("y"), new Target.Options(null, true, null));
    assertThat(target.labels()).containsExactly("a", "b");
    assertThat(target.rows()).containsExactly(0, 1, 2, 3);
    assertThat(target.notes())
        .containsExactly(
            "target \"y\": the rows of 2 classes that occur once are left out: \"c\", \"d\"");
    Table numbers = parse("x,y\n1,1\n2,1\n3,2\n4,2\n5,3\n");
    refused(
        () -> Target.of(numbers, "y", Task.CLASSIFICATION),
        "t.csv:6: class \"3\" of target column \"y\" occurs once; each class needs at least 2 rows:"
            + " --drop-rare-classes goes on without it, --task regression predicts the column as a"
            + " number");
    assertThat(Target.of(numbers, "y", null).task()).isEqualTo(Task.REGRESSION);
  }

  @Test
  void thousandsOfClassesAreClassesUpToALimit() {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < 6000; i++) {
      cells.add("k" + i % 3000);
    }
    Target target = Target.of(columns("y", cells), "y", null);
    assertThat(target.labels()).hasSize(3000);
    int[][] parts = target.split(0.2, 1);
    assertThat(parts[1]).hasSize(1200);
    List<String> more = new ArrayList<>();
    for (int i = 0; i < 140_000; i++) {
      more.add("k" + i % 70_000);
    }
    refused(
        () -> Target.of(columns("y", more), "y", null),
        "t: target column \"y\" has 70000 different texts in 140000 rows, too many for classes, of"
            + " which 65,536 are allowed; choose a column whose values repeat");
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefused() {
    refused(
        () -> new Target.Options(Task.SEQUENCE, false, null),
        "[task] a table is for classification, regression or multilabel, not SEQUENCE");
    refused(
        () -> new Target.Options(null, false, ""), "[labels] an empty text cannot separate labels");
    refused(
        () -> new Target.Options(Task.REGRESSION, false, ";"),
        "[labels] a separator of labels is for multilabel, not REGRESSION");
  }

  @Test
  void refusesMarksForMissingValuesAsNumbersToPredict() {
    StringBuilder text = new StringBuilder("x,co\n");
    for (int i = 0; i < 60; i++) {
      text.append(i * 0.5).append(',').append(i % 10 == 3 ? "-200" : 1 + i % 17 * 0.3).append('\n');
    }
    Table t = parse(text.toString());
    refused(
        () -> Target.of(t, "co", null),
        "t.csv: target column \"co\" is -200 in 6 rows, far from its other numbers, as where a"
            + " value is missing; --missing -200 --drop-missing-targets leaves these rows out,"
            + " --type \"co=number\" predicts it too");
    refused(
        () -> Target.of(t, "co", Task.REGRESSION),
        "t.csv: target column \"co\" is -200 in 6 rows, far from its other numbers, as where a"
            + " value is missing; --missing -200 --drop-missing-targets leaves these rows out,"
            + " --type \"co=number\" predicts it too");
    Target all = Target.of(t, List.of("co"), new Target.Options(null, false, null, true));
    assertThat(all.numbers()).contains(-200);
    Table small = parse(text.toString().replace("-200", "-10"));
    assertThat(Target.of(small, "co", null).numbers()).as("a loss, perhaps").contains(-10);
  }
}
