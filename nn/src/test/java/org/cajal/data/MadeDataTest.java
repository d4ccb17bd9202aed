package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.cajal.data.BadInput.refused;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets made by rule, drawn digits and texts. */
class MadeDataTest {
  @TempDir Path folder;

  @Test
  void truthTablesAreTrue() {
    assertThat(Synthetic.and().classIndices()).containsExactly(0, 0, 0, 1);
    assertThat(Synthetic.or().classIndices()).containsExactly(0, 1, 1, 1);
    assertThat(Synthetic.not().classIndices()).containsExactly(1, 0);
    assertThat(Synthetic.xor().classIndices()).containsExactly(0, 1, 1, 0);
    assertThat(Synthetic.xor().features().toFloats()).containsExactly(0, 0, 0, 1, 1, 0, 1, 1);
    assertThat(Synthetic.parity(3).classIndices()).containsExactly(0, 1, 1, 0, 1, 0, 0, 1);
    refused(() -> Synthetic.parity(21), "[parity] 21 bits are out of range; 1 to 20 are allowed");
  }

  @Test
  void pointsLieOnTheirCurves() {
    float[] circles = Synthetic.circles(100, 0, 1).features().toFloats();
    float[] moons = Synthetic.moons(100, 0, 1).features().toFloats();
    float[] spirals = Synthetic.spirals(99, 3, 0, 1).features().toFloats();
    for (int i = 0; i < 99; i++) {
      assertThat(Math.hypot(circles[2 * i], circles[2 * i + 1]))
          .isCloseTo(i % 2 == 0 ? 1 : 0.5, within(1e-6));
      double away =
          i % 2 == 0
              ? Math.hypot(moons[2 * i], moons[2 * i + 1])
              : Math.hypot(moons[2 * i] - 1, moons[2 * i + 1] - 0.5);
      assertThat(away).isCloseTo(1, within(1e-6));
      double radius = Math.hypot(spirals[2 * i], spirals[2 * i + 1]);
      double turn =
          Math.atan2(spirals[2 * i + 1], spirals[2 * i]) / (2 * Math.PI)
              - 1.5 * radius
              - (i % 3) / 3.0;
      assertThat(turn - Math.rint(turn)).isCloseTo(0, within(1e-4));
    }
    Dataset clouds = Synthetic.gaussians(6000, 3, 0.1, 1);
    assertThat(clouds.classCounts()).containsExactly(2000, 2000, 2000);
    double mean =
        IntStream.range(0, 2000)
            .mapToDouble(i -> clouds.features(3 * i).get(0))
            .average()
            .orElseThrow();
    assertThat(mean).isCloseTo(1, within(0.02));
  }

  @Test
  void regressionsFollowTheirFormulas() {
    Dataset plane = Synthetic.plane(50, 0, 3);
    float[] x = plane.features().toFloats();
    float[] y = plane.targets().toFloats();
    assertThat(plane.targetShape()).isEqualTo(Shape.of(1));
    for (int i = 0; i < 50; i++) {
      assertThat((double) y[i]).isCloseTo(0.5 + 2 * x[2 * i] - 3 * x[2 * i + 1], within(1e-5));
    }
    Dataset sine = Synthetic.sine(50, 0, 3);
    assertThat(sine.targets().get(7))
        .isCloseTo(Math.sin(Math.PI * sine.features().get(7)), within(1e-6));
    refused(
        () -> Synthetic.sine(0, 0, 1), "[sine] 0 rows are out of range; 1 to 10000000 are allowed");
    refused(
        () -> Synthetic.moons(9, -1, 1),
        "[moons] noise -1.0 is out of range; 0 or a finite number above is allowed");
    refused(
        () -> Synthetic.spirals(9, 1, 0, 1),
        "[spirals] 1 classes are out of range; 2 to 10 are allowed");
  }

  @Test
  void rowsDependOnSeedAndNumberAlone() {
    assertThat(Synthetic.moons(10, 0.1, 5).features())
        .isEqualTo(Synthetic.moons(50, 0.1, 5).first(10).features());
    assertThat(Synthetic.moons(10, 0.1, 6).features())
        .isNotEqualTo(Synthetic.moons(10, 0.1, 5).features());
  }

  @Test
  void drawnDigitsDependOnSeedAndNumberAlone() {
    Dataset digits = DrawnDigits.of(200, 4);
    assertThat(digits.classCounts()).containsOnly(20);
    assertThat(digits.featureShape()).isEqualTo(Shape.of(1, 28, 28));
    for (int i : new int[] {0, 63, 64, 199}) {
      assertThat(digits.pixels(i)).isEqualTo(DrawnDigits.image(4, i));
    }
    assertThat(DrawnDigits.image(5, 7)).isNotEqualTo(DrawnDigits.image(4, 7));
    TrainTest both = DrawnDigits.trainTest(300, 300, 4);
    assertThat(Leaks.rowsInBoth(both.train(), both.test())).isZero();
    refused(
        () -> DrawnDigits.of(0, 1), "[digits] 0 images are out of range; 1 to 2000000 are allowed");
  }

  @Test
  void drawnDigitsHaveInkInTheMiddleAndLittleAtTheEdge() {
    Dataset digits = DrawnDigits.of(1000, 1);
    ImageScaling scaling = digits.fitScaling();
    assertThat(scaling.mean().getFirst()).isBetween(0.08, 0.2);
    double edge = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] image = digits.pixels(i);
      int brightest = 0;
      for (int p = 0; p < 784; p++) {
        int value = image[p] & 0xff;
        brightest = Math.max(brightest, value);
        edge += p < 28 ? value : 0;
      }
      assertThat(brightest).isGreaterThan(120);
    }
    assertThat(edge / 28_000).isLessThan(12);
  }

  /**
   * The nearest of 2,000 drawn digits names another drawn digit mostly, and a real one far more
   * often than chance.
   */
  @Test
  void digitsAreRecognisable() {
    Dataset train = DrawnDigits.of(2000, 1);
    Dataset test = DrawnDigits.of(200, 2);
    assertThat(nearest(train, test)).isBetween(0.8, 0.995);
    RealData.file("mnist/t10k-images-idx3-ubyte.gz");
    Dataset mnist = Sets.load("mnist", RealData.folder()).test().first(200);
    assertThat(nearest(train, mnist)).isGreaterThan(0.6);
  }

  private static double nearest(Dataset train, Dataset test) {
    int[] trainClasses = train.classIndices();
    int[] testClasses = test.classIndices();
    float[] known = train.features().toFloats();
    float[] asked = test.features().toFloats();
    int right = 0;
    for (int t = 0; t < test.size(); t++) {
      double best = Double.MAX_VALUE;
      int found = -1;
      for (int k = 0; k < train.size(); k++) {
        double sum = 0;
        for (int p = 0; p < 784; p++) {
          float d = asked[t * 784 + p] - known[k * 784 + p];
          sum += d * d;
        }
        if (sum < best) {
          best = sum;
          found = trainClasses[k];
        }
      }
      right += found == testClasses[t] ? 1 : 0;
    }
    return right / (double) test.size();
  }

  @Test
  void textBecomesSymbolsAndBack() {
    TextSet text = TextSet.of("t", "banana \uD83C\uDF4C");
    assertThat(text.vocabulary()).containsExactly(" ", "a", "b", "n", "\uD83C\uDF4C");
    assertThat(text.symbols()).containsExactly(2, 1, 3, 1, 3, 1, 0, 4);
    assertThat(text.decode(text.encode("nab"))).isEqualTo("nab");
    assertThat(TextSet.of("u", "ab", text.vocabulary()).symbols()).containsExactly(1, 2);
    List<TextSet> parts = text.split(0.75);
    assertThat(parts.get(0).length()).isEqualTo(6);
    assertThat(parts.get(1).symbols()).containsExactly(0, 4);
  }

  @Test
  void windowsPredictTheNextSymbol() {
    Dataset windows = TextSet.of("t", "abcdefg").windows(3, 2);
    assertThat(windows.size()).isEqualTo(2);
    assertThat(windows.features().toInts()).containsExactly(0, 1, 2, 2, 3, 4);
    assertThat(windows.targets().toInts()).containsExactly(1, 2, 3, 3, 4, 5);
    assertThat(TextSet.of("t", "abcdefg").windows(3, 1).size()).isEqualTo(4);
    assertThat(windows.subset(1).targets().toInts()).containsExactly(3, 4, 5);
  }

  @Test
  void refusesTextsThatDoNotFit() throws IOException {
    TextSet text = TextSet.of("t", "abc");
    refused(() -> TextSet.of("e", ""), "e: the text is empty; at least one character is needed");
    refused(
        () -> text.encode("abx"),
        "t: character \"x\" (code point 120) at position 2 is not among the 3 of the vocabulary");
    refused(
        () -> text.decode(3), "[text] symbol 3 is out of range; the vocabulary has 3 characters");
    refused(
        () -> text.windows(3, 1),
        "[text] 3 symbols are too few for one window of 3 and the 1 after it; use a longer text or"
            + " shorter windows");
    refused(() -> text.windows(0, 1), "[text] window length 0 and stride 1 must be 1 or larger");
    refused(
        () -> TextSet.of("t", "a", List.of("ab")),
        "[text] vocabulary entry \"ab\" is not one character; one each is needed");
    Path latin = Files.write(folder.resolve("l.txt"), "ä".getBytes(StandardCharsets.ISO_8859_1));
    refused(() -> TextSet.read(latin), latin + ": not UTF-8 text; save the file as UTF-8");
  }

  @Test
  void readsTheRealText() {
    TextSet text = TextSet.read(RealData.file("text/tinyshakespeare.txt"));
    assertThat(text.length()).isEqualTo(1_115_394);
    assertThat(text.vocabulary()).hasSize(65);
    assertThat(text.split(0.9).getFirst().length()).isEqualTo(1_003_854);
  }
}
