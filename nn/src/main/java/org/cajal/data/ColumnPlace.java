package org.cajal.data;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One column of a grid: where its cells are, what is known of it before they are read, and how
 * messages name it.
 *
 * @param file its name, for messages
 * @param column its number, from 0
 * @param columns the number of columns of the table
 * @param header whether the name stands in the file
 * @param type that is given, or null to find out
 * @param numberForm how numbers are written, or null to find out
 * @param dateForm how dates are written, or null to find out
 * @param missingNumbers numbers that mean "no value"
 */
record ColumnPlace(
    String file,
    Grid grid,
    int column,
    int columns,
    String name,
    boolean header,
    @Nullable ColumnType type,
    @Nullable NumberForm numberForm,
    @Nullable DateForm dateForm,
    List<Double> missingNumbers) {
  /** The place of a column. */
  static ColumnPlace of(
      String file, Grid grid, int column, String name, CsvOptions options, Layout layout) {
    ColumnType given = options.types().get(name);
    DateForm dateForm = options.dateForms().get(name);
    return new ColumnPlace(
        file,
        grid,
        column,
        layout.names().size(),
        name,
        Boolean.TRUE.equals(layout.dialect().header()),
        given != null ? given : dateForm != null ? ColumnType.DATE : layout.types().get(name),
        options.numberForms().get(name),
        dateForm,
        grid.dialect().missing().stream()
            .map(NumberForm.PLAIN::parse)
            .filter(v -> !Double.isNaN(v))
            .toList());
  }

  Dialect dialect() {
    return grid.dialect();
  }

  int rows() {
    return grid.rows();
  }

  /** Shows the cell of a row. */
  void show(int row, CellText cell) {
    grid.show(row, column, cell);
  }

  /** Whether a number means "no value". */
  boolean isMissing(double value) {
    for (double m : missingNumbers) {
      if (m == value) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text means "no value", by the given marks or by those of the dialect. */
  boolean isAbsent(String text, Set<String> markers) {
    return Cells.missing(text, markers) || Cells.missing(text, dialect().missing());
  }

  /** The file and the column, for messages. */
  @Override
  public String toString() {
    return file + ": column \"" + name + "\"";
  }

  /** The same with the line of a row. */
  String at(int row) {
    return file + ":" + grid.line(row) + ": column \"" + name + "\"";
  }

  /** The note of the column, or null where nothing is to be said. */
  @Nullable String note(List<String> notes) {
    if (notes.isEmpty()) {
      return null;
    }
    boolean sentence = notes.getFirst().startsWith("left out");
    return "column \"" + name + "\"" + (sentence ? " is " : ": ") + String.join("; ", notes);
  }

  String leftOut(String reason) {
    return "column \"" + name + "\" is left out: " + reason;
  }

  /** The column where no cell has a value. */
  Column empty() {
    int[] none = new int[rows()];
    Arrays.fill(none, -1);
    return Column.ofCodes(
        name, ColumnType.IGNORED, leftOut("all its cells are empty"), none, List.of());
  }
}
