package org.cajal.report;

import static org.cajal.report.Html.escape;
import static org.cajal.report.Numbers.coordinate;
import static org.cajal.report.Numbers.plain;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Charts as inline SVG; colours come from the page's style sheet, so they follow its light and dark
 * theme.
 */
final class Chart {
  private static final double WIDTH = 460;
  private static final double HEIGHT = 280;
  private static final double LEFT = 54;
  private static final double RIGHT = 20;
  private static final double TOP = 26;
  private static final double BOTTOM = 42;
  private static final int MOST_POINTS = 2000;
  private static final int MOST_MARKS = 400;

  private final StringBuilder out = new StringBuilder();

  private Chart() {}

  /**
   * The learning curves of one quantity, with the epoch that was kept marked. {@code id} is unique
   * on the page.
   */
  static String curves(TrainingReport.Curve curve, int bestEpoch, String id) {
    return new Chart().drawCurves(curve, bestEpoch, id);
  }

  /**
   * Predicted against true values, with the line on which they would be equal. {@code id} is unique
   * on the page.
   */
  static String scatter(List<TrainingReport.Point> points, String id) {
    return new Chart().drawScatter(points, id);
  }

  /**
   * A curve of shares from 0 to 1; {@code id} is unique on the page.
   *
   * @param names of the drawing, of the horizontal axis and of the vertical one
   * @param chance the curve of a guess by chance, from its first point to its second
   */
  static String unit(
      List<TrainingReport.At> points,
      List<String> names,
      List<TrainingReport.At> chance,
      String id) {
    return new Chart().drawUnit(points, names, chance, id);
  }

  /**
   * How many examples of two kinds have a probability in each of equal parts of 0 to 1; {@code id}
   * is unique on the page.
   */
  static String histogram(
      List<Integer> negatives, List<Integer> positives, String name, String id) {
    return new Chart().drawHistogram(negatives, positives, name, id);
  }

  private String drawUnit(
      List<TrainingReport.At> points,
      List<String> names,
      List<TrainingReport.At> chance,
      String id) {
    Axis x = new Axis(0, 1, false, LEFT, WIDTH - RIGHT);
    Axis y = new Axis(0, 1, false, HEIGHT - BOTTOM, TOP);
    open(HEIGHT, id, names.get(0), names.get(2) + " by " + names.get(1));
    frame(x, y, names);
    line(
        "ideal",
        x.at(chance.get(0).x()),
        y.at(chance.get(0).y()),
        x.at(chance.get(1).x()),
        y.at(chance.get(1).y()));
    StringBuilder path = new StringBuilder();
    for (TrainingReport.At at : points) {
      path.append(path.isEmpty() ? 'M' : 'L')
          .append(coordinate(x.at(at.x())))
          .append(' ')
          .append(coordinate(y.at(at.y())));
    }
    out.append("<path class=\"line training\" d=\"").append(path).append("\"/>");
    return close();
  }

  private String drawHistogram(
      List<Integer> negatives, List<Integer> positives, String name, String id) {
    int bins = positives.size();
    int most = 1;
    for (int i = 0; i < bins; i++) {
      most = Math.max(most, Math.max(negatives.get(i), positives.get(i)));
    }
    Axis x = new Axis(0, 1, false, LEFT, WIDTH - RIGHT);
    Axis y = Axis.around(List.of(0.0, (double) most), false, HEIGHT - BOTTOM, TOP);
    open(HEIGHT, id, "examples by predicted probability", "The table below has the numbers.");
    frame(x, y, List.of("", name, "examples"));
    double width = (x.at(1) - x.at(0)) / bins;
    for (int i = 0; i < bins; i++) {
      double left = x.at((double) i / bins);
      bar("bar training", left + 0.08 * width, 0.42 * width, y, negatives.get(i));
      bar("bar validation", left + 0.5 * width, 0.42 * width, y, positives.get(i));
    }
    return close();
  }

  /** The grid, the numbers and the names of the axes. */
  private void frame(Axis x, Axis y, List<String> names) {
    grid(y);
    for (double tick : x.ticks(5)) {
      text("tick", x.at(tick), HEIGHT - BOTTOM + 18, "middle", plain(tick));
    }
    text("axis", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, "middle", names.get(1));
    text("axis", LEFT - 8, TOP - 11, "start", names.get(2));
  }

  private void bar(String kind, double left, double width, Axis y, int count) {
    if (count > 0) {
      out.append("<rect class=\"").append(kind).append("\" x=\"").append(coordinate(left));
      out.append("\" y=\"").append(coordinate(y.at(count)));
      out.append("\" width=\"").append(coordinate(width));
      out.append("\" height=\"").append(coordinate(y.at(0) - y.at(count))).append("\"/>");
    }
  }

  private String drawCurves(TrainingReport.Curve curve, int bestEpoch, String id) {
    int epochs = Math.max(curve.training().size(), curve.validation().size());
    List<Double> all = new ArrayList<>(curve.training());
    all.addAll(curve.validation());
    Axis y = Axis.around(all, curve.lowerIsBetter(), HEIGHT - BOTTOM, TOP);
    Axis x = new Axis(1, Math.max(2, epochs), false, LEFT, WIDTH - RIGHT);
    open(HEIGHT, id, curve.name() + " by epoch", describe(curve, bestEpoch));
    grid(y);
    for (double tick : x.ticks(8)) {
      if (tick >= 1 && tick == Math.rint(tick)) {
        text("tick", x.at(tick), HEIGHT - BOTTOM + 18, "middle", plain(tick));
      }
    }
    text("axis", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, "middle", "epoch");
    text(
        "axis",
        LEFT - 8,
        TOP - 11,
        "start",
        curve.name() + (y.logarithmic() ? " (logarithmic)" : ""));
    if (bestEpoch > 0 && bestEpoch <= epochs && epochs > 1) {
      double at = x.at(bestEpoch);
      line("best", at, TOP, at, HEIGHT - BOTTOM);
      text("bestlabel", WIDTH - RIGHT, TOP - 11, "end", "kept: epoch " + bestEpoch);
    }
    series("training", curve.training(), x, y);
    series("validation", curve.validation(), x, y);
    List<Double> kept = curve.validation().isEmpty() ? curve.training() : curve.validation();
    if (bestEpoch > 0 && bestEpoch <= kept.size() && drawable(kept.get(bestEpoch - 1), y)) {
      circle("bestmark", x.at(bestEpoch), y.at(kept.get(bestEpoch - 1)), 5, "");
    }
    return close();
  }

  private static String describe(TrainingReport.Curve curve, int bestEpoch) {
    StringBuilder text = new StringBuilder();
    if (!curve.training().isEmpty()) {
      text.append("Training ").append(span(curve.training()));
    }
    if (!curve.validation().isEmpty()) {
      text.append(text.isEmpty() ? "Validation " : "; validation ")
          .append(span(curve.validation()));
    }
    if (bestEpoch > 0) {
      text.append("; the weights of epoch ").append(bestEpoch).append(" were kept");
    }
    return text.append('.').toString();
  }

  private static String span(List<Double> values) {
    return "from "
        + plain(values.getFirst())
        + " to "
        + plain(values.getLast())
        + " in "
        + values.size()
        + " epochs";
  }

  private void series(String kind, List<Double> values, Axis x, Axis y) {
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    for (int i = 0; i < values.size(); i++) {
      boolean seen = drawable(values.get(i), y);
      if (seen) {
        path.append(pen ? 'L' : 'M')
            .append(coordinate(x.at(i + 1)))
            .append(' ')
            .append(coordinate(y.at(values.get(i))));
      }
      pen = seen;
    }
    if (!path.isEmpty()) {
      out.append("<path class=\"line ").append(kind).append("\" d=\"").append(path).append("\"/>");
    }
    if (values.size() <= MOST_MARKS) {
      for (int i = 0; i < values.size(); i++) {
        if (drawable(values.get(i), y)) {
          String tip = kind + ", epoch " + (i + 1) + ": " + plain(values.get(i));
          circle(
              "mark " + kind,
              x.at(i + 1),
              y.at(values.get(i)),
              values.size() <= 40 ? 2.5 : 1.5,
              tip);
        }
      }
    }
  }

  private static boolean drawable(double value, Axis y) {
    return Double.isFinite(value) && (!y.logarithmic() || value > 0);
  }

  private String drawScatter(List<TrainingReport.Point> points, String id) {
    List<TrainingReport.Point> finite =
        points.stream()
            .filter(p -> Double.isFinite(p.actual()) && Double.isFinite(p.predicted()))
            .toList();
    List<Double> all = new ArrayList<>();
    finite.forEach(
        p -> {
          all.add(p.actual());
          all.add(p.predicted());
        });
    double height = WIDTH;
    double plot = height - BOTTOM - TOP;
    Axis x = Axis.around(all, false, LEFT, LEFT + plot);
    Axis y = new Axis(x.low(), x.high(), false, height - BOTTOM, TOP);
    open(
        height,
        id,
        "predicted against true values",
        finite.size() + " examples; on the diagonal the prediction equals the true value.");
    grid(y, LEFT + plot);
    for (double tick : x.ticks(5)) {
      text("tick", x.at(tick), height - BOTTOM + 18, "middle", plain(tick));
    }
    text("axis", LEFT + plot / 2, height - 6, "middle", "true value");
    text("axis", LEFT - 8, TOP - 11, "start", "predicted");
    line("ideal", x.at(x.low()), y.at(x.low()), x.at(x.high()), y.at(x.high()));
    int every = Math.max(1, (finite.size() + MOST_POINTS - 1) / MOST_POINTS);
    IntStream.range(0, finite.size())
        .filter(i -> i % every == 0)
        .mapToObj(finite::get)
        .forEach(
            p -> {
              String tip =
                  finite.size() > MOST_MARKS
                      ? ""
                      : "true " + plain(p.actual()) + ", predicted " + plain(p.predicted());
              circle(
                  "point",
                  x.at(p.actual()),
                  y.at(p.predicted()),
                  finite.size() > 500 ? 2.2 : 3.2,
                  tip);
            });
    return close();
  }

  private void open(double height, String id, String title, String description) {
    out.append("<svg class=\"chart\" role=\"img\" viewBox=\"0 0 ")
        .append(coordinate(WIDTH))
        .append(' ')
        .append(coordinate(height))
        .append("\" aria-labelledby=\"" + id + "t " + id + "d\"><title id=\"" + id + "t\">")
        .append(escape(title))
        .append("</title><desc id=\"" + id + "d\">")
        .append(escape(description))
        .append("</desc>");
  }

  private String close() {
    return out.append("</svg>").toString();
  }

  private void grid(Axis y) {
    grid(y, WIDTH - RIGHT);
  }

  private void grid(Axis y, double right) {
    for (double tick : y.ticks(5)) {
      line("grid", LEFT, y.at(tick), right, y.at(tick));
      text("tick", LEFT - 8, y.at(tick) + 4, "end", plain(tick));
    }
  }

  private void line(String kind, double x1, double y1, double x2, double y2) {
    out.append("<line class=\"").append(kind).append("\" x1=\"").append(coordinate(x1));
    out.append("\" y1=\"").append(coordinate(y1)).append("\" x2=\"").append(coordinate(x2));
    out.append("\" y2=\"").append(coordinate(y2)).append("\"/>");
  }

  private void text(String kind, double x, double y, String anchor, String text) {
    out.append("<text class=\"").append(kind).append("\" x=\"").append(coordinate(x));
    out.append("\" y=\"")
        .append(coordinate(y))
        .append("\" text-anchor=\"")
        .append(anchor)
        .append("\">");
    out.append(escape(text)).append("</text>");
  }

  private void circle(String kind, double x, double y, double radius, String tip) {
    out.append("<circle class=\"").append(kind).append("\" cx=\"").append(coordinate(x));
    out.append("\" cy=\"")
        .append(coordinate(y))
        .append("\" r=\"")
        .append(coordinate(radius))
        .append('"');
    out.append(tip.isEmpty() ? "/>" : "><title>" + escape(tip) + "</title></circle>");
  }
}
