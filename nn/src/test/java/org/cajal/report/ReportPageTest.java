package org.cajal.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportPageTest {
  private static final String NASTY = "<script>alert('x')</script>\"&\u0001";

  private static TrainingReport.Builder classification() {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("petal length", "5.1");
    row.put(NASTY, NASTY);
    return TrainingReport.builder("Digits " + NASTY, 42)
        .command("./cajal train digits --seed 42 " + NASTY)
        .date("2026-11-20")
        .version("cajal", "0.1.0")
        .setting("batch size", 64)
        .setting(NASTY, NASTY)
        .curve(
            new TrainingReport.Curve(
                "loss", true, List.of(2.0, 0.5, 0.2, 0.1, 0.02), List.of(1.9, 0.6, 0.4, 0.5, 0.6)))
        .curve(
            new TrainingReport.Curve(
                "accuracy " + NASTY,
                false,
                List.of(0.3, 0.8, 0.9, Double.NaN, 1.0),
                List.of(0.3, 0.7, 0.85, 0.84, 0.84)))
        .bestEpoch(3)
        .keptBy("validation accuracy")
        .metric("accuracy", 0.9)
        .metric("F1 " + NASTY, 0.8765)
        .confusion(
            List.of("zero", NASTY, "two"),
            List.of(List.of(10, 0, 0), List.of(0, 8, 2), List.of(1, 0, 9)))
        .mistake(
            TrainingReport.Mistake.ofImage(
                NDArray.of(new float[] {0, 1, 0.5f, 0}, Shape.of(2, 2)), NASTY, "two", 0.97))
        .mistake(TrainingReport.Mistake.ofRow(row, "zero", NASTY, 0.61))
        .layer(new TrainingReport.Layer("input", "image", Shape.of(1, 28, 28), 0, 0))
        .layer(
            new TrainingReport.Layer(
                "0/conv " + NASTY, "6 kernels 5×5", Shape.of(6, 28, 28), 156, 117600))
        .layer(new TrainingReport.Layer("1/embed", "sequence", Shape.of(12, 8), 100, 0))
        .layer(new TrainingReport.Layer("2/dense", "units", Shape.of(4096), 1000, 990))
        .layer(new TrainingReport.Layer("3/sum", "", Shape.SCALAR, 0, 0))
        .warning("Beware of " + NASTY);
  }

  private static TrainingReport regression() {
    TrainingReport.Builder builder =
        TrainingReport.builder("Houses", 1)
            .curve(new TrainingReport.Curve("loss", true, List.of(0.9), List.of()))
            .metric("R²", -0.25)
            .metric("RMSE", Double.POSITIVE_INFINITY);
    for (int i = 0; i < 5000; i++) {
      builder.point(i, i * 0.9 + 3);
    }
    return builder.point(Double.NaN, 1).build();
  }

  private static TrainingReport many() {
    List<String> classes = IntStream.range(0, 30).mapToObj(i -> "class " + i).toList();
    List<List<Integer>> counts = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      List<Integer> row = new ArrayList<>(Collections.nCopies(30, 0));
      row.set(i, 9);
      row.set((i + 1) % 30, 1);
      counts.add(row);
    }
    TrainingReport.Builder builder = TrainingReport.builder("Many", 2).confusion(classes, counts);
    List<Double> loss = IntStream.range(0, 500).mapToObj(i -> 1.0 / (i + 1)).toList();
    builder.curve(new TrainingReport.Curve("loss", true, loss, List.of())).bestEpoch(333);
    for (int i = 0; i < 100; i++) {
      builder.layer(new TrainingReport.Layer("layer " + i, "", Shape.of(3), 1, 1));
    }
    return builder.build();
  }

  static List<TrainingReport> reports() {
    return List.of(
        TrainingReport.builder("Empty", 0).build(), classification().build(), regression(), many());
  }

  private static Document parsed(String html) throws Exception {
    String xml = html.replace("<!DOCTYPE html>\n", "");
    var factory = DocumentBuilderFactory.newInstance();
    var builder = factory.newDocumentBuilder();
    builder.setErrorHandler(null);
    return builder.parse(new InputSource(new StringReader(xml)));
  }

  private static List<Element> elements(Document page, String name) {
    NodeList nodes = page.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  @ParameterizedTest
  @MethodSource("reports")
  void isWellFormedAndSelfContained(TrainingReport report) throws Exception {
    String html = ReportPage.html(report);
    Document page = parsed(html);
    assertThat(html)
        .contains("default-src 'none'")
        .doesNotContain("<script")
        .doesNotContain("http://")
        .doesNotContain("https://");
    assertThat(elements(page, "script")).isEmpty();
    assertThat(elements(page, "link")).isEmpty();
    assertThat(elements(page, "img"))
        .allMatch(e -> e.getAttribute("src").startsWith("data:image/png;base64,"));
    assertThat(elements(page, "img")).allMatch(e -> !e.getAttribute("alt").isEmpty());
    assertThat(html).doesNotContain("NaN").doesNotContain("Infinity");
    assertThat(ReportPage.html(report)).isEqualTo(html);
  }

  @Test
  void saysWhichEpochWasKeptAndWhy() {
    assertThat(ReportPage.html(classification().build()))
        .contains("<p>The weights of epoch 3 were kept, the best by validation accuracy.</p>");
  }

  @Test
  void describesEveryDrawing() throws Exception {
    Document page = parsed(ReportPage.html(classification().build()));
    for (Element svg : elements(page, "svg")) {
      boolean decoration = svg.getAttribute("aria-hidden").equals("true");
      assertThat(
              decoration
                  || !svg.getAttribute("aria-label").isEmpty()
                  || !svg.getAttribute("aria-labelledby").isEmpty())
          .isTrue();
    }
    assertThat(elements(page, "desc").getFirst().getTextContent())
        .isEqualTo(
            "Training from 2 to 0.02 in 5 epochs; validation from 1.9 to 0.6 in 5 epochs; the"
                + " weights of epoch 3 were kept.");
  }

  @Test
  void saysWhatARunWasAndHowToRepeatIt() throws Exception {
    String html = ReportPage.html(classification().build());
    Document page = parsed(html);
    assertThat(elements(page, "h1").getFirst().getTextContent())
        .isEqualTo("Digits <script>alert('x')</script>\"&\uFFFD");
    assertThat(elements(page, "code").getFirst().getTextContent())
        .startsWith("./cajal train digits --seed 42 ");
    assertThat(elements(page, "h2").stream().map(Element::getTextContent))
        .containsExactly(
            "What the curves say",
            "Learning curves",
            "Confusion matrix",
            "The worst mistakes",
            "Architecture",
            "To repeat this run");
    assertThat(html)
        .contains(
            "The network overfits: after epoch 3 the training loss kept falling (0.2 to 0.02)")
        .contains("<dt>test accuracy</dt><dd>90 %</dd>".replace("90 %", "90.0 %"))
        .contains("2026-11-20 · seed 42 · 5 epochs · 1,256 parameters")
        .contains("taken for “two” (2 times)")
        .contains("117,600")
        .contains("1 × 28 × 28")
        .contains("3 (kept)");
  }

  @Test
  void breaksLayersNamesBetweenWordsAndListsTheSeedOnce() throws Exception {
    String html =
        ReportPage.html(
            TrainingReport.builder("Pooling", 7)
                .setting("seed", 7)
                .layer(new TrainingReport.Layer("3/averagePooling", "", Shape.of(3), 0, 0))
                .build());
    assertThat(html).contains("3/average<wbr/>Pooling");
    assertThat(elements(parsed(html), "th").stream().map(Element::getTextContent))
        .containsOnlyOnce("seed");
    assertThat(
            elements(parsed(ReportPage.html(TrainingReport.builder("None", 7).build())), "th")
                .stream()
                .map(Element::getTextContent))
        .containsOnlyOnce("seed");
  }

  private static TrainingReport.TwoClasses twoClasses(String target) {
    List<TrainingReport.At> curve =
        List.of(
            new TrainingReport.At(0, 0),
            new TrainingReport.At(0, 0.5),
            new TrainingReport.At(1, 1));
    return new TrainingReport.TwoClasses(
        target, NASTY, "no", curve, 0.75, curve, 0.625, List.of(1, 3), List.of(12, 4));
  }

  @Test
  void showsTwoClassesAtEveryThreshold() throws Exception {
    TrainingReport report =
        classification().twoClasses(twoClasses("")).twoClasses(twoClasses("sick")).build();
    isWellFormedAndSelfContained(report);
    String html = ReportPage.html(report);
    Document page = parsed(html);
    assertThat(elements(page, "h2").stream().map(Element::getTextContent))
        .contains("At every threshold", "sick: At every threshold");
    assertThat(html)
        .contains("ROC curve, area 0.75<", "average precision 0.625<")
        .contains("<th scope=\"row\">0</th><td>12</td><td>1</td><td>20.0 %</td><td>100.0 %</td>")
        .contains(
            "<th scope=\"row\">0.5</th><td>4</td><td>3</td><td>42.9 %</td><td>75.0 %</td>"
                + "<td>25.0 %</td>");
    assertThat(elements(page, "rect").stream().filter(r -> r.getAttribute("class").contains("bar")))
        .hasSize(8);
    assertThat(elements(page, "title").stream().map(Element::getTextContent))
        .contains("ROC curve", "precision–recall curve", "examples by predicted probability");
  }

  @Test
  void showsWhatTheColumnsTell() throws Exception {
    TrainingReport report =
        classification()
            .importance(
                List.of(
                    new TrainingReport.Importance(NASTY, 0.5),
                    new TrainingReport.Importance("b", 0.125),
                    new TrainingReport.Importance("c", -0.25)))
            .build();
    isWellFormedAndSelfContained(report);
    assertThat(ReportPage.html(report))
        .contains("<h2>What the columns tell</h2>")
        .contains("<dt>b</dt><dd><div class=\"share\" style=\"width:25%\"></div></dd>")
        .contains("<dd class=\"number\">0.125</dd>", "style=\"width:0%\"");
  }

  @Test
  void showsF1AndTheErrorsOfNumbers() {
    assertThat(ReportPage.html(classification().build()))
        .contains("<th scope=\"col\">F1</th>", "<td class=\"side\">95.2</td>");
    TrainingReport.Mistake mistake =
        TrainingReport.Mistake.ofRow(Map.of("x", "1"), "10", "12.5", Double.NaN);
    assertThat(
            ReportPage.html(
                TrainingReport.builder("n", 1).mistake(mistake.withError("2.5")).build()))
        .contains("<th scope=\"col\">error</th>", "<td>2.5</td>");
    assertThat(ReportPage.html(TrainingReport.builder("n", 1).mistake(mistake).build()))
        .doesNotContain("<th scope=\"col\">error</th>");
  }

  @Test
  void saysSettingsInWords() {
    assertThat(
            SettingText.plain("AdamW[beta1=0.9, epsilon=1.0E-8, weightDecay=0.02, amsgrad=false]"))
        .isEqualTo("AdamW, beta 1 0.9, epsilon 1e-8, weight decay 0.02");
    assertThat(SettingText.plain("Sgd[momentum=0.9, nesterov=true]"))
        .isEqualTo("Sgd, momentum 0.9, nesterov");
    assertThat(SettingText.plain("1.0E-4")).isEqualTo("0.0001");
    for (String same :
        List.of("", "64", "1.2.3", "loss, patience 15", "a[b=1]", "Two[a=One[b=1]]", "rows [3]")) {
      assertThat(SettingText.plain(same)).isEqualTo(same);
    }
    assertThat(
            ReportPage.html(
                TrainingReport.builder("s", 1).setting("optimizer", "Adam[beta1=0.9]").build()))
        .contains("Adam, beta 1 0.9");
  }

  @Test
  void leavesOutWhatThereIsNot() throws Exception {
    Document page = parsed(ReportPage.html(TrainingReport.builder("Empty", 0).build()));
    assertThat(elements(page, "h2").stream().map(Element::getTextContent))
        .containsExactly("To repeat this run");
    Document regression = parsed(ReportPage.html(regression()));
    assertThat(elements(regression, "h2").stream().map(Element::getTextContent))
        .containsExactly(
            "What the curves say",
            "Learning curves",
            "Predicted against true values",
            "To repeat this run");
  }

  @Test
  void staysReadableWhereThereIsMuch() throws Exception {
    String html = ReportPage.html(many());
    assertThat(html)
        .contains("The first 40 of 100 layers are drawn.")
        .contains("Recall, precision and F1 of each class")
        .contains("333 (kept)")
        .contains("500</th>");
    assertThat(
            elements(parsed(ReportPage.html(regression())), "circle").stream()
                .filter(e -> e.getAttribute("class").equals("point")))
        .hasSizeLessThan(2000)
        .hasSizeGreaterThan(1000);
  }

  @Test
  void drawsImagesAsPng() throws IOException {
    BufferedImage gray =
        image(NDArray.of(new float[] {0, 1, 0.5f, 0.25f, 2f / 3, 1}, Shape.of(2, 3)));
    assertThat(gray.getWidth()).isEqualTo(3);
    assertThat(gray.getHeight()).isEqualTo(2);
    assertThat(IntStream.range(0, 6).map(i -> gray.getRaster().getSample(i % 3, i / 3, 0)))
        .containsExactly(0, 255, 128, 64, 170, 255);
    BufferedImage colour = image(NDArray.of(new int[] {255, 100, 7}, Shape.of(3, 1, 1)));
    assertThat(colour.getRGB(0, 0) & 0xFFFFFF).isEqualTo(0xFF6407);
    BufferedImage standardised =
        image(NDArray.of(new float[] {-1, 3, Float.NaN, 1}, Shape.of(1, 2, 2)));
    assertThat(IntStream.range(0, 4).map(i -> standardised.getRaster().getSample(i % 2, i / 2, 0)))
        .containsExactly(0, 255, 0, 128);
    assertThat(image(NDArray.zeros(DType.F32, Shape.of(300, 1000))).getWidth()).isEqualTo(250);
  }

  private static BufferedImage image(NDArray pixels) throws IOException {
    String uri = Picture.dataUri(pixels);
    byte[] png = Base64.getDecoder().decode(uri.substring("data:image/png;base64,".length()));
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  @Test
  void refusesWhatIsNoImage() {
    assertThatThrownBy(() -> Picture.dataUri(NDArray.zeros(DType.F32, Shape.of(2, 5, 5))))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            "[report] an image has shape [height, width] or [1 or 3, height, width], found [2, 5,"
                + " 5]");
  }

  @Test
  void refusesAMatrixThatDoesNotFitItsClasses() {
    TrainingReport.Builder builder =
        classification().confusion(List.of("a"), List.of(List.of(1, 2)));
    assertThatThrownBy(builder::build)
        .isInstanceOf(CajalException.class)
        .hasMessage("[confusion] 1 classes need 1 rows of 1 counts each");
  }

  @Test
  void manyNotesStandUnderAFold() {
    TrainingReport.Builder few = TrainingReport.builder("few", 1);
    TrainingReport.Builder many = TrainingReport.builder("many", 1);
    for (int i = 0; i < 5; i++) {
      many.note("note <" + i + ">");
      if (i < 4) {
        few.note("note <" + i + ">");
      }
    }
    assertThat(ReportPage.html(few.build()))
        .contains("<ul class=\"notes\" aria-label=\"Notes\"><li>note &lt;0&gt;</li>")
        .doesNotContain("<summary>4 notes</summary>");
    assertThat(ReportPage.html(many.build()))
        .contains(
            "<details><summary>5 notes</summary><ul class=\"notes\" aria-label=\"Notes\">"
                + "<li>note &lt;0&gt;</li>")
        .contains("<li>note &lt;4&gt;</li></ul></details></section>");
    assertThat(ReportPage.html(TrainingReport.builder("none", 1).build()))
        .doesNotContain("class=\"notes\"");
  }
}
