package org.cajal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/** Named columns of equal length, read from a file or built in code. Immutable. */
public final class Table {
  private final String source;
  private final List<Column> columns;
  private final int rows;
  private final int[] lines;
  private final Dialect given;
  private final Dialect dialect;
  private final List<String> notes;

  Table(
      String source,
      List<Column> columns,
      int rows,
      int[] lines,
      Dialect given,
      Dialect dialect,
      List<String> notes) {
    this.source = source;
    this.columns = List.copyOf(columns);
    this.rows = rows;
    this.lines = lines;
    this.given = given;
    this.dialect = dialect;
    this.notes = List.copyOf(notes);
  }

  /**
   * A table of columns built in code.
   *
   * @param source a name for messages
   * @throws CajalException if there is no column, the lengths differ or a name occurs twice
   */
  public static Table of(String source, Column... columns) {
    List<String> names = new ArrayList<>();
    for (Column column : columns) {
      if (column.rows() != columns[0].rows()) {
        throw new CajalException(
            source
                + ": column \""
                + column.name()
                + "\" has "
                + column.rows()
                + " rows, \""
                + columns[0].name()
                + "\" has "
                + columns[0].rows());
      }
      if (names.contains(column.name())) {
        throw new CajalException(source + ": two columns are named \"" + column.name() + "\"");
      }
      names.add(column.name());
    }
    if (columns.length == 0) {
      throw new CajalException(source + ": a table needs at least one column");
    }
    return new Table(
        source,
        List.of(columns),
        columns[0].rows(),
        new int[0],
        Dialect.FOUND_OUT,
        Dialect.FOUND_OUT,
        List.of());
  }

  /** The file's path, or the name given in code. */
  public String source() {
    return source;
  }

  /** All columns in the file's order, those that are left out of the inputs included. */
  public List<Column> columns() {
    return columns;
  }

  /** The columns' names in the file's order. */
  public List<String> columnNames() {
    return columns.stream().map(Column::name).toList();
  }

  /** The number of rows. */
  public int rows() {
    return rows;
  }

  /**
   * The same table with a column that is not learned from.
   *
   * @throws CajalException with the nearest names if there is none of that name
   */
  public Table ignoring(String name) {
    column(name);
    List<Column> kept = columns.stream().map(c -> c.name().equals(name) ? c.ignored() : c).toList();
    return new Table(source, kept, rows, lines, given, dialect, notes);
  }

  /**
   * A table of some of the rows, in the given order.
   *
   * @param numbers of rows, from 0
   */
  public Table select(int... numbers) {
    List<Column> some = columns.stream().map(c -> c.select(numbers)).toList();
    int[] places =
        lines.length == 0 ? lines : Arrays.stream(numbers).map(row -> lines[row]).toArray();
    return new Table(source, some, numbers.length, places, given, dialect, notes);
  }

  /** What of the dialect was given by who read the table. */
  Dialect given() {
    return given;
  }

  /** How the file was written, as far as it was given or found out. */
  public Dialect dialect() {
    return dialect;
  }

  /** What reading decided for the file as a whole and may surprise, in sentences. */
  public List<String> notes() {
    return notes;
  }

  /** Where a row is, for messages: {@code iris.csv:17}. */
  String place(int row) {
    return row < lines.length ? source + ":" + lines[row] : source + ", row " + (row + 1);
  }

  /** The column of exactly that name, or null. */
  public @Nullable Column named(String name) {
    for (Column column : columns) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    return null;
  }

  /**
   * A column by name, by number (from 1; negative from the end) or by the word {@code last}; a name
   * comes before a number.
   *
   * @throws CajalException with the nearest names if there is none
   */
  public Column column(String reference) {
    Column exact = named(reference);
    if (exact != null) {
      return exact;
    }
    String trimmed = reference.trim();
    if (trimmed.equals("last")) {
      return columns.getLast();
    }
    double number = Cells.number(trimmed, false);
    if (number == Math.rint(number)) {
      int index = (int) (number > 0 ? number - 1 : columns.size() + number);
      if (number != 0 && index >= 0 && index < columns.size()) {
        return columns.get(index);
      }
      throw new CajalException(
          source
              + ": no column number "
              + trimmed
              + "; there are "
              + columns.size()
              + ", 1 to "
              + columns.size()
              + " (or -1 for the last)");
    }
    throw new CajalException(Nearest.unknown(source + ": no column", reference, columnNames()));
  }
}
