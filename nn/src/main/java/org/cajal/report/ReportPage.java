package org.cajal.report;

import static org.cajal.report.Html.escape;
import static org.cajal.report.Html.shortened;
import static org.cajal.report.Html.words;
import static org.cajal.report.Numbers.coordinate;
import static org.cajal.report.Numbers.count;
import static org.cajal.report.Numbers.percent;
import static org.cajal.report.Numbers.plain;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A training report as one self-contained HTML page: it loads nothing, runs no script, and says so
 * to the browser (a content security policy that allows inline styles and {@code data:} images
 * only). It follows the reader's light or dark theme, reads on a phone, and every drawing has its
 * numbers in text. All text is escaped; the page is well-formed XML besides. Equal reports give
 * equal pages.
 */
public final class ReportPage {
  private static final int MOST_HEAT_CLASSES = 20;
  private static final int MOST_MAP_CLASSES = 200;
  private static final int MOST_IMAGES = 36;
  private static final int MOST_ROWS = 20;
  private static final int MOST_OPEN_NOTES = 4;
  private static final int MOST_COLUMNS = 8;
  private static final int MOST_TABLE_EPOCHS = 60;
  private static final int MOST_DRAWN_LAYERS = 40;

  private final TrainingReport report;
  private final StringBuilder out = new StringBuilder(1 << 16);

  private ReportPage(TrainingReport report) {
    this.report = report;
  }

  /** The page, in UTF-8 when written with that encoding, as its header says. */
  public static String html(TrainingReport report) {
    return new ReportPage(report).page();
  }

  private String page() {
    add("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>");
    add("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>");
    add(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';style-src"
            + " 'unsafe-inline';img-src data:\"/>");
    add(
        "<title>"
            + escape(report.name())
            + " – training report</title><style>"
            + Style.CSS
            + "</style></head>\n<body><main>");
    header();
    verdict();
    curves();
    confusion();
    for (int i = 0; i < report.twoClasses().size(); i++) {
      twoClasses(report.twoClasses().get(i), i);
    }
    report.tables().forEach(this::table);
    scatter();
    importance();
    mistakes();
    architecture();
    notes();
    settings();
    add("<footer>Made by Cajal, deep learning in Java.</footer></main></body></html>\n");
    return out.toString();
  }

  private void add(String html) {
    out.append(html);
  }

  private void header() {
    add("<header><div class=\"brand\">" + NEURON + "<span>Cajal · training report</span></div>");
    add("<h1>" + escape(report.name()) + "</h1><p class=\"when\">");
    List<String> facts = new ArrayList<>();
    if (!report.date().isEmpty()) {
      facts.add(report.date());
    }
    facts.add("seed " + report.seed());
    int epochs = report.curves().isEmpty() ? 0 : report.curves().getFirst().training().size();
    if (epochs > 0) {
      facts.add(epochs + (epochs == 1 ? " epoch" : " epochs"));
    }
    long parameters = report.layers().stream().mapToLong(TrainingReport.Layer::parameters).sum();
    if (parameters > 0) {
      facts.add(count(parameters) + " parameters");
    }
    add(escape(String.join(" · ", facts)) + "</p>");
    if (!report.metrics().isEmpty()) {
      add("<dl class=\"tiles\">");
      report
          .metrics()
          .forEach(
              (name, value) ->
                  add(
                      "<div><dt>test "
                          + escape(name)
                          + "</dt><dd>"
                          + metric(name, value)
                          + "</dd></div>"));
      add("</dl>");
    }
    add("</header>\n");
  }

  private static String metric(String name, double value) {
    boolean share = name.toLowerCase(Locale.ROOT).contains("accuracy");
    return escape(share ? percent(value) : plain(value));
  }

  private void verdict() {
    if (report.curves().isEmpty() && report.warnings().isEmpty()) {
      return;
    }
    if (report.curves().isEmpty()) {
      add("<section class=\"verdict fair\"><h2>What the doctor says</h2>");
    } else {
      Diagnosis diagnosis = diagnosis();
      String mood =
          switch (diagnosis.verdict()) {
            case FITS -> "good";
            case STILL_LEARNING, TOO_SHORT, OVERFITS -> "fair";
            case UNDERFITS, DIVERGED -> "bad";
          };
      add("<section class=\"verdict " + mood + "\"><h2>What the curves say</h2>");
      add("<p>" + escape(diagnosis.sentence()) + "</p><p>" + escape(diagnosis.advice()) + "</p>");
    }
    if (!report.warnings().isEmpty()) {
      add("<ul class=\"warnings\" aria-label=\"Warnings\">");
      report.warnings().forEach(w -> add("<li>" + escape(w) + "</li>"));
      add("</ul>");
    }
    add("</section>\n");
  }

  private Diagnosis diagnosis() {
    TrainingReport.Curve loss = report.curves().getFirst();
    return Diagnosis.of(loss.training(), loss.validation(), report.chanceLoss());
  }

  private int keptEpoch() {
    return report.bestEpoch() > 0 ? report.bestEpoch() : diagnosis().bestEpoch();
  }

  private void curves() {
    if (report.curves().isEmpty()) {
      return;
    }
    add(
        "<section><h2>Learning curves</h2><p class=\"legend\"><span><i"
            + " class=\"training\"></i>training</span>");
    if (report.curves().stream().anyMatch(c -> !c.validation().isEmpty())) {
      add("<span><i class=\"validation\"></i>validation</span>");
    }
    add("</p>");
    if (!report.keptBy().isEmpty()) {
      add(
          "<p>The weights of epoch "
              + keptEpoch()
              + " were kept, the best by "
              + escape(report.keptBy())
              + ".</p>");
    }
    add("<div class=\"pair\">");
    for (int i = 0; i < report.curves().size(); i++) {
      add(Chart.curves(report.curves().get(i), keptEpoch(), "curve" + i));
    }
    add("</div>");
    curveTable();
    add("</section>\n");
  }

  private void curveTable() {
    add(
        "<details><summary>The numbers</summary><div class=\"scroll\"><table><thead><tr><th"
            + " scope=\"col\">epoch</th>");
    for (TrainingReport.Curve curve : report.curves()) {
      add(
          curve.training().isEmpty()
              ? ""
              : "<th scope=\"col\">training " + escape(curve.name()) + "</th>");
      add(
          curve.validation().isEmpty()
              ? ""
              : "<th scope=\"col\">validation " + escape(curve.name()) + "</th>");
    }
    add("</tr></thead><tbody>");
    for (int epoch : tableEpochs()) {
      add("<tr><th scope=\"row\">" + epoch + (epoch == keptEpoch() ? " (kept)" : "") + "</th>");
      for (TrainingReport.Curve curve : report.curves()) {
        cell(curve.training(), epoch);
        cell(curve.validation(), epoch);
      }
      add("</tr>");
    }
    add("</tbody></table></div></details>");
  }

  private void cell(List<Double> values, int epoch) {
    if (!values.isEmpty()) {
      add("<td>" + (epoch <= values.size() ? plain(values.get(epoch - 1)) : "") + "</td>");
    }
  }

  /** All epochs, or of many every n-th, the first, the last and the one that was kept. */
  private SortedSet<Integer> tableEpochs() {
    int epochs = 0;
    for (TrainingReport.Curve curve : report.curves()) {
      epochs = Math.max(epochs, Math.max(curve.training().size(), curve.validation().size()));
    }
    int every = Math.max(1, (epochs + MOST_TABLE_EPOCHS - 1) / MOST_TABLE_EPOCHS);
    SortedSet<Integer> out = new TreeSet<>();
    for (int e = 1; e <= epochs; e += every) {
      out.add(e);
    }
    if (epochs > 0) {
      out.add(epochs);
    }
    if (keptEpoch() >= 1 && keptEpoch() <= epochs) {
      out.add(keptEpoch());
    }
    return out;
  }

  private void confusion() {
    if (report.confusion().isEmpty()) {
      return;
    }
    Confusion confusion = new Confusion(report.classes(), report.confusion());
    add(
        "<section><h2>Confusion matrix</h2><p class=\"hint\">"
            + escape(worstPairs(confusion))
            + "</p>");
    if (confusion.classes().size() <= MOST_HEAT_CLASSES) {
      heat(confusion);
    } else {
      heatMap(confusion);
      classTable(confusion);
    }
    add("</section>\n");
  }

  private static String worstPairs(Confusion confusion) {
    String rows =
        "Rows are the true classes, columns the predicted ones; recall, precision and F1 in"
            + " percent.";
    List<Confusion.Pair> pairs = confusion.worst(3);
    if (pairs.isEmpty()) {
      return rows + " There is not one mistake.";
    }
    List<String> parts = new ArrayList<>();
    for (Confusion.Pair p : pairs) {
      parts.add(
          "“"
              + shortened(p.truth(), 30)
              + "” taken for “"
              + shortened(p.predicted(), 30)
              + "” ("
              + (p.count() == 1 ? "once" : count(p.count()) + " times")
              + ")");
    }
    return rows + " Most frequent mistakes: " + String.join(", ", parts) + ".";
  }

  private void heat(Confusion confusion) {
    int n = confusion.classes().size();
    add(
        "<div class=\"scroll\"><table class=\"heat\"><thead><tr><td class=\"side corner\">true ↓"
            + " predicted →</td>");
    for (String name : confusion.classes()) {
      add("<th scope=\"col\" style=\"text-align:center\">" + escape(shortened(name, 12)) + "</th>");
    }
    add("<th scope=\"col\">recall</th><th scope=\"col\">F1</th></tr></thead><tbody>");
    for (int i = 0; i < n; i++) {
      add("<tr><th scope=\"row\">" + escape(shortened(confusion.classes().get(i), 24)) + "</th>");
      for (int j = 0; j < n; j++) {
        heatCell(confusion, i, j);
      }
      add("<td class=\"side\">" + bare(confusion.recall(i)) + "</td><td class=\"side\">");
      add(bare(confusion.f1(i)) + "</td></tr>");
    }
    add("<tr><th scope=\"row\">precision</th>");
    for (int j = 0; j < n; j++) {
      add(
          "<td class=\"side\" style=\"text-align:center;padding:0\">"
              + bare(confusion.precision(j))
              + "</td>");
    }
    add(
        "<td class=\"side\" title=\"accuracy\">"
            + bare(confusion.accuracy())
            + "</td><td class=\"side\"></td></tr></tbody></table></div>");
  }

  private static String bare(double share) {
    return percent(share).replace(" %", "");
  }

  private void heatCell(Confusion confusion, int i, int j) {
    int c = confusion.counts().get(i).get(j);
    double share = c == 0 ? 0 : (double) c / confusion.support(i);
    // Rare mistakes would be invisible on a linear scale.
    double depth = i == j ? share : Math.sqrt(share);
    String kind = c == 0 ? "zero" : (i == j ? "hit" : "miss") + (depth > 0.55 ? " strong" : "");
    String colour = c == 0 ? "" : " style=\"--v:" + coordinate(15 + 85 * depth) + "%\"";
    String tip =
        confusion.classes().get(i)
            + " taken for "
            + confusion.classes().get(j)
            + ": "
            + percent(share);
    add(
        "<td class=\""
            + kind
            + "\""
            + colour
            + " title=\""
            + escape(tip)
            + "\">"
            + count(c)
            + "</td>");
  }

  private void heatMap(Confusion confusion) {
    int n = confusion.classes().size();
    if (n > MOST_MAP_CLASSES) {
      add("<p class=\"hint\">With " + n + " classes the matrix is too large to draw.</p>");
      return;
    }
    add(
        "<svg class=\"map\" role=\"img\" viewBox=\"0 0 "
            + n
            + " "
            + n
            + "\" aria-label=\"Confusion matrix of "
            + n);
    add(" classes, a mistake is a mark off the diagonal; the table below has the numbers\">");
    add("<rect class=\"ground\" width=\"" + n + "\" height=\"" + n + "\"/>");
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        int c = confusion.counts().get(i).get(j);
        if (c > 0) {
          double share = (double) c / confusion.support(i);
          String opacity = coordinate(i == j ? share : Math.sqrt(share));
          add("<rect class=\"" + (i == j ? "hit" : "miss") + "\" x=\"" + j + "\" y=\"" + i);
          add("\" width=\"1\" height=\"1\" fill-opacity=\"" + opacity + "\"><title>");
          add(
              escape(
                      confusion.classes().get(i)
                          + " taken for "
                          + confusion.classes().get(j)
                          + ": "
                          + c)
                  + "</title></rect>");
        }
      }
    }
    add("</svg>");
  }

  private void classTable(Confusion confusion) {
    add(
        "<details open=\"\"><summary>Recall, precision and F1 of each class</summary><div"
            + " class=\"scroll\"><table class=\"list\"><thead>");
    add(
        "<tr><th scope=\"col\">class</th><th scope=\"col\">examples</th><th"
            + " scope=\"col\">recall</th>");
    add("<th scope=\"col\">precision</th><th scope=\"col\">F1</th></tr></thead><tbody>");
    for (int i = 0; i < confusion.classes().size(); i++) {
      add(
          "<tr><td class=\"text\">"
              + escape(confusion.classes().get(i))
              + "</td><td>"
              + count(confusion.support(i)));
      add(
          "</td><td>"
              + percent(confusion.recall(i))
              + "</td><td>"
              + percent(confusion.precision(i))
              + "</td><td>"
              + percent(confusion.f1(i))
              + "</td></tr>");
    }
    add("</tbody></table></div></details>");
  }

  private void twoClasses(TrainingReport.TwoClasses of, int number) {
    String id = "two" + number;
    String positive = shortened(of.positive(), 30);
    long positives = of.positives().stream().mapToLong(Integer::longValue).sum();
    long negatives = of.negatives().stream().mapToLong(Integer::longValue).sum();
    double share = (double) positives / (positives + negatives);
    add("<section><h2>" + escape(of.target().isEmpty() ? "" : shortened(of.target(), 60) + ": "));
    add("At every threshold</h2><p class=\"hint\">");
    add(
        escape(
            "An example counts as “"
                + positive
                + "” where its probability is at least the threshold, usually 0.5. The dashed"
                + " lines are guesses by chance."));
    add("</p><div class=\"pair\"><div><h3>ROC curve, area " + plain(of.rocArea()) + "</h3>");
    add(
        Chart.unit(
            of.roc(),
            List.of("ROC curve", "false positive rate", "true positive rate"),
            List.of(new TrainingReport.At(0, 0), new TrainingReport.At(1, 1)),
            id + "roc"));
    add("</div><div><h3>Precision–recall curve, average precision ");
    add(plain(of.averagePrecision()) + "</h3>");
    add(
        Chart.unit(
            of.precisionRecall(),
            List.of("precision–recall curve", "recall", "precision"),
            List.of(new TrainingReport.At(0, share), new TrainingReport.At(1, share)),
            id + "pr"));
    add("</div></div><h3>Predicted probabilities</h3><p class=\"legend\">");
    add("<span><i class=\"training\"></i>is " + escape(shortened(of.negative(), 30)) + "</span>");
    add("<span><i class=\"validation\"></i>is " + escape(positive) + "</span></p>");
    add(
        Chart.histogram(
            of.negatives(), of.positives(), "probability of “" + positive + "”", id + "bins"));
    thresholds(of, positives, negatives);
    add("</section>\n");
  }

  /** The numbers of a histogram, and what follows of the threshold at which each part begins. */
  private void thresholds(TrainingReport.TwoClasses of, long positives, long negatives) {
    add("<details><summary>The numbers</summary><div class=\"scroll\"><table><thead><tr>");
    for (String name : List.of("probability from", "is " + of.negative(), "is " + of.positive())) {
      add("<th scope=\"col\">" + escape(shortened(name, 30)) + "</th>");
    }
    for (String name : List.of("precision", "recall", "false positive rate")) {
      add("<th scope=\"col\">" + name + " from there</th>");
    }
    add("</tr></thead><tbody>");
    long hits = positives;
    long alarms = negatives;
    int bins = of.positives().size();
    for (int i = 0; i < bins; i++) {
      add("<tr><th scope=\"row\">" + plain((double) i / bins) + "</th>");
      add("<td>" + count(of.negatives().get(i)) + "</td>");
      add("<td>" + count(of.positives().get(i)) + "</td>");
      add("<td>" + percent((double) hits / (hits + alarms)) + "</td>");
      add("<td>" + percent((double) hits / positives) + "</td>");
      add("<td>" + percent((double) alarms / negatives) + "</td></tr>");
      hits -= of.positives().get(i);
      alarms -= of.negatives().get(i);
    }
    add("</tbody></table></div></details>");
  }

  private void importance() {
    if (report.importance().isEmpty()) {
      return;
    }
    double most =
        report.importance().stream()
            .mapToDouble(TrainingReport.Importance::loss)
            .filter(Double::isFinite)
            .max()
            .orElse(0);
    add("<section><h2>What the columns tell</h2><p class=\"hint\">");
    add(
        "By how much the mean loss rises when the values of a column are shuffled among the rows"
            + " measured on. About 0 is a column that the model does not need; of columns that"
            + " say the same each may seem so.</p><dl class=\"bars\">");
    for (TrainingReport.Importance of : report.importance()) {
      double share = most > 0 && of.loss() > 0 ? Math.min(1, of.loss() / most) : 0;
      add("<dt>" + escape(shortened(of.column(), 40)) + "</dt><dd><div class=\"share\"");
      add(" style=\"width:" + coordinate(100 * share) + "%\"></div></dd>");
      add("<dd class=\"number\">" + plain(of.loss()) + "</dd>");
    }
    add("</dl></section>\n");
  }

  private void table(TrainingReport.ResultTable table) {
    add("<section><h2>" + escape(table.title()) + "</h2>");
    add(table.hint().isEmpty() ? "" : "<p class=\"hint\">" + escape(table.hint()) + "</p>");
    add("<div class=\"scroll\"><table class=\"list\"><thead><tr>");
    table.header().forEach(name -> add("<th scope=\"col\">" + escape(name) + "</th>"));
    add("</tr></thead><tbody>");
    for (List<String> row : table.rows()) {
      add("<tr>");
      for (int i = 0; i < row.size(); i++) {
        add(
            (i == 0 ? "<td class=\"text\">" : "<td>")
                + escape(shortened(row.get(i), 60))
                + "</td>");
      }
      add("</tr>");
    }
    add("</tbody></table></div></section>\n");
  }

  private void scatter() {
    if (report.points().isEmpty()) {
      return;
    }
    add("<section><h2>Predicted against true values</h2>");
    add(
        "<p class=\"hint\">Each point is an example of the test set; on the dashed line the"
            + " prediction is exact.</p>");
    add(
        "<div class=\"square\">"
            + Chart.scatter(report.points(), "scatter")
            + "</div></section>\n");
  }

  private void mistakes() {
    if (report.mistakes().isEmpty()) {
      return;
    }
    add("<section><h2>The worst mistakes</h2>");
    List<TrainingReport.Mistake> images =
        report.mistakes().stream().filter(m -> m.pixels() != null).toList();
    List<TrainingReport.Mistake> rows =
        report.mistakes().stream().filter(m -> m.pixels() == null).toList();
    if (!images.isEmpty()) {
      images(images.subList(0, Math.min(MOST_IMAGES, images.size())));
    }
    if (!rows.isEmpty()) {
      rows(rows.subList(0, Math.min(MOST_ROWS, rows.size())));
    }
    add("</section>\n");
  }

  private void images(List<TrainingReport.Mistake> mistakes) {
    add(
        "<p class=\"hint\">Test images that were recognised wrongly, the surest first.</p><ul"
            + " class=\"faces\">");
    for (TrainingReport.Mistake m : mistakes) {
      var pixels = m.pixels();
      if (pixels != null) {
        String alt = "An image of " + m.truth() + ", taken for " + m.predicted();
        add("<li><img alt=\"" + escape(alt) + "\" src=\"" + Picture.dataUri(pixels) + "\"/>");
        add("<p>is " + escape(m.truth()) + ", taken for <b>" + escape(m.predicted()) + "</b>");
        add(
            Double.isNaN(m.probability())
                ? ""
                : " <span class=\"sure\">" + percent(m.probability()) + "</span>");
        add("</p></li>");
      }
    }
    add("</ul>");
  }

  private void rows(List<TrainingReport.Mistake> mistakes) {
    Set<String> names = new LinkedHashSet<>();
    mistakes.forEach(m -> names.addAll(m.fields().keySet()));
    List<String> columns = names.stream().limit(MOST_COLUMNS).toList();
    boolean errors = mistakes.stream().anyMatch(m -> !m.error().isEmpty());
    boolean sure = mistakes.stream().anyMatch(m -> !Double.isNaN(m.probability()));
    String more =
        names.size() > columns.size()
            ? " The first " + columns.size() + " of " + names.size() + " columns."
            : "";
    add(
        "<p class=\"hint\">Rows of the test set that were predicted wrongly, the worst first."
            + more
            + "</p>");
    add(
        "<div class=\"scroll\"><table class=\"list\"><thead><tr><th scope=\"col\">true</th><th"
            + " scope=\"col\">predicted</th>");
    add(sure ? "<th scope=\"col\">probability</th>" : "");
    add(errors ? "<th scope=\"col\">error</th>" : "");
    columns.forEach(c -> add("<th scope=\"col\">" + escape(shortened(c, 30)) + "</th>"));
    add("</tr></thead><tbody>");
    for (TrainingReport.Mistake m : mistakes) {
      add(
          "<tr><td>"
              + escape(m.truth())
              + "</td><td class=\"wrong\">"
              + escape(m.predicted())
              + "</td>");
      add(sure ? "<td>" + percent(m.probability()) + "</td>" : "");
      add(errors ? "<td>" + escape(m.error()) + "</td>" : "");
      columns.forEach(
          c -> add("<td>" + escape(shortened(m.fields().getOrDefault(c, ""), 60)) + "</td>"));
      add("</tr>");
    }
    add("</tbody></table></div>");
  }

  private void architecture() {
    if (report.layers().isEmpty()) {
      return;
    }
    add(
        "<section><h2>Architecture</h2><ol class=\"net\" aria-label=\"Layers from input to"
            + " output\">");
    List<TrainingReport.Layer> drawn =
        report.layers().subList(0, Math.min(MOST_DRAWN_LAYERS, report.layers().size()));
    for (TrainingReport.Layer layer : drawn) {
      add("<li>" + Glyph.of(layer.output()) + "<b>" + words(shortened(layer.name(), 40)) + "</b>");
      add("<span>" + escape(sizes(layer)) + "</span></li>");
    }
    add("</ol>");
    if (drawn.size() < report.layers().size()) {
      add(
          "<p class=\"hint\">The first "
              + drawn.size()
              + " of "
              + report.layers().size()
              + " layers are drawn.</p>");
    }
    layerTable();
    add("</section>\n");
  }

  private static String sizes(TrainingReport.Layer layer) {
    List<String> sizes = layer.output().dims().stream().map(String::valueOf).toList();
    return sizes.isEmpty() ? "1 number" : String.join(" × ", sizes);
  }

  private void layerTable() {
    long parameters = 0;
    long multiplyAdds = 0;
    add(
        "<div class=\"scroll\"><table class=\"list\"><thead><tr><th scope=\"col\">layer</th><th"
            + " scope=\"col\" class=\"text\">");
    add("what it does</th><th scope=\"col\">output</th><th scope=\"col\">parameters</th>");
    add("<th scope=\"col\">multiply-adds</th></tr></thead><tbody>");
    for (TrainingReport.Layer layer : report.layers()) {
      parameters += layer.parameters();
      multiplyAdds += layer.multiplyAdds();
      add(
          "<tr><td>"
              + escape(layer.name())
              + "</td><td class=\"text\">"
              + escape(layer.description())
              + "</td><td>");
      add(escape(sizes(layer)) + "</td><td>" + count(layer.parameters()) + "</td><td>");
      add(count(layer.multiplyAdds()) + "</td></tr>");
    }
    add(
        "<tr><th scope=\"row\">together</th><td></td><td></td><th>"
            + count(parameters)
            + "</th><th>");
    add(count(multiplyAdds) + "</th></tr></tbody></table></div>");
  }

  /** A few notes stand open, more under a fold. */
  private void notes() {
    int count = report.notes().size();
    if (count == 0) {
      return;
    }
    boolean folded = count > MOST_OPEN_NOTES;
    add("<section><h2>What was decided about the data</h2>");
    add(folded ? "<details><summary>" + count + " notes</summary>" : "");
    add("<ul class=\"notes\" aria-label=\"Notes\">");
    report.notes().forEach(note -> add("<li>" + escape(note) + "</li>"));
    add("</ul>" + (folded ? "</details>" : "") + "</section>\n");
  }

  private void settings() {
    add("<section><h2>To repeat this run</h2>");
    if (!report.command().isEmpty()) {
      add("<pre><code>" + escape(report.command()) + "</code></pre>");
    }
    add(
        "<details open=\"\"><summary>Settings, seed and versions</summary><div"
            + " class=\"scroll\"><table class=\"list\"><tbody>");
    if (!report.settings().containsKey("seed")) {
      row("seed", Long.toString(report.seed()));
    }
    report.settings().forEach((name, value) -> row(name, SettingText.plain(value)));
    for (Map.Entry<String, String> v : report.versions().entrySet()) {
      row(v.getKey(), v.getValue());
    }
    add("</tbody></table></div></details></section>\n");
  }

  private void row(String name, String value) {
    add(
        "<tr><th scope=\"row\" class=\"text\">"
            + escape(name)
            + "</th><td class=\"text\">"
            + escape(value)
            + "</td></tr>");
  }

  /** A pyramidal neuron: dendrites, cell body, axon. */
  private static final String NEURON =
      "<svg viewBox=\"0 0 48 48\" aria-hidden=\"true\" fill=\"none\" stroke=\"currentColor\""
          + " stroke-width=\"1.6\" stroke-linecap=\"round\"><path d=\"M24 20 19 27h10z\""
          + " fill=\"currentColor\" stroke-linejoin=\"round\"/><path d=\"M24 20V9m0 5-6-6m6 3"
          + " 5-6m-5 8 8-3M19 6l-1-4m1 7-5-1m15-3 0-3m3 6 5-1\"/><path d=\"M19.5 27 11 30m-2-4 2"
          + " 4-4 4m4-4-1 6M28.5 27 37 30m2-4-2 4 4 4m-4-4 1 6\"/><path d=\"M24 27v14m0 0-4 5m4-5 4"
          + " 5m-4-9 3-2\"/></svg>";
}
