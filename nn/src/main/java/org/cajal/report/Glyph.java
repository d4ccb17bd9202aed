package org.cajal.report;

import static org.cajal.report.Numbers.coordinate;

import org.cajal.type.Shape;

/**
 * A small drawing of a layer's output: feature maps as a stack of sheets, a row of features as a
 * column of neurons, a sequence as a sheet. Sizes grow with the logarithm of the axes, so that
 * 28×28 and 7×7 are told apart and 4096 units still fit.
 */
final class Glyph {
  private static final double SIZE = 84;
  private static final double MIDDLE = SIZE / 2;
  private static final int MOST_SHEETS = 7;
  private static final int MOST_NEURONS = 10;

  private final StringBuilder out = new StringBuilder();

  private Glyph() {}

  /**
   * The drawing of a shape without its batch axis; decoration only, the shape stands beside it as
   * text.
   */
  static String of(Shape shape) {
    Glyph glyph = new Glyph();
    glyph.out.append("<svg class=\"glyph\" viewBox=\"0 0 84 84\" aria-hidden=\"true\">");
    switch (shape.rank()) {
      case 0 -> glyph.neurons(1);
      case 1 -> glyph.neurons(shape.dim(0));
      case 2 -> glyph.sheets(1, shape.dim(0), shape.dim(1));
      default -> glyph.sheets(shape.dim(0), shape.dim(-2), shape.dim(-1));
    }
    return glyph.out.append("</svg>").toString();
  }

  private static double length(int size) {
    return Math.min(58, 8 + 9 * Math.log(Math.max(1, size)) / Math.log(2));
  }

  private void sheets(int count, int rows, int columns) {
    int drawn = Math.clamp(count, 1, MOST_SHEETS);
    double height = length(rows);
    double width = length(columns);
    double offset =
        drawn == 1 ? 0 : Math.min(5, (SIZE - 6 - Math.max(width, height)) / (drawn - 1));
    double spread = offset * (drawn - 1);
    for (int i = 0; i < drawn; i++) {
      double x = MIDDLE - (width + spread) / 2 + i * offset;
      double y = MIDDLE - (height + spread) / 2 + i * offset;
      out.append("<rect class=\"sheet\" rx=\"1.5\" x=\"").append(coordinate(x));
      out.append("\" y=\"").append(coordinate(y)).append("\" width=\"").append(coordinate(width));
      out.append("\" height=\"").append(coordinate(height)).append("\"/>");
    }
  }

  private void neurons(int count) {
    boolean all = count <= MOST_NEURONS;
    int drawn = all ? Math.max(1, count) : MOST_NEURONS - 1;
    double gap = Math.min(15, 72.0 / drawn);
    double radius = Math.min(5, gap * 0.4);
    double top = MIDDLE - gap * (drawn - 1) / 2;
    for (int i = 0; i < drawn; i++) {
      boolean elided = !all && i == drawn / 2;
      if (elided) {
        for (int dot = -1; dot <= 1; dot++) {
          circle("dot", top + i * gap + dot * 3.2, 0.9);
        }
      } else {
        circle("neuron", top + i * gap, radius);
      }
    }
  }

  private void circle(String kind, double y, double radius) {
    out.append("<circle class=\"").append(kind).append("\" cx=\"42\" cy=\"").append(coordinate(y));
    out.append("\" r=\"").append(coordinate(radius)).append("\"/>");
  }
}
