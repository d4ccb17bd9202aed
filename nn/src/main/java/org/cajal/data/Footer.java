package org.cajal.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * What stands below the rows of a table: sources, footnotes, numbers of rows, and the row of their
 * sums.
 */
final class Footer {
  /** What the first cell of a row of sums says, in lower case. */
  static final Set<String> TOTALS =
      Set.of(
          "total",
          "totals",
          "grand total",
          "subtotal",
          "sum",
          "overall total",
          "total general",
          "total général",
          "total geral",
          "summe",
          "gesamt",
          "gesamtsumme",
          "insgesamt",
          "somme",
          "suma",
          "soma",
          "totale",
          "totaal",
          "summa",
          "totalt",
          "razem",
          "итого",
          "всего",
          "合计",
          "总计",
          "合計",
          "합계");

  private static final int MOST_LINES = 60;
  private static final int FEWEST_ROWS = 3;

  private final byte[] bytes;
  private final Dialect dialect;
  private final int columns;
  private final List<String> texts = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private int firstLine;
  private int lastLine;
  private @Nullable CajalException wrong;

  Footer(byte[] bytes, Dialect dialect, int columns) {
    this.bytes = bytes;
    this.dialect = dialect;
    this.columns = columns;
  }

  /** Where the cells of rows are. */
  interface Cell {
    void show(int row, int column, CellText cell);
  }

  /**
   * Takes a row of another number of cells.
   *
   * @param error what is wrong with it if it is no footer
   * @throws CajalException the error
   */
  void add(RowScanner scanner, CajalException error) {
    if (!isSentence(scanner) || texts.size() == MOST_LINES) {
      throw wrong == null ? error : wrong;
    }
    if (wrong == null) {
      wrong = error;
      firstLine = scanner.line();
    }
    lastLine = scanner.line();
    CellText cell = new CellText(dialect);
    cell.show(bytes, scanner.rowStart(), scanner.rowEnd());
    texts.add(cell.text());
  }

  /**
   * Refuses a row behind one that was taken for a part of the footer.
   *
   * @throws CajalException the error of that one
   */
  void refuseRowsBehind(RowScanner scanner) {
    CajalException error = wrong;
    if (error != null && filled(scanner) > 1) {
      throw error;
    }
  }

  private int filled(RowScanner scanner) {
    CellText cell = new CellText(dialect);
    int filled = 0;
    for (int c = 0; c < scanner.count(); c++) {
      cell.show(bytes, scanner.start(c), scanner.start(c + 1) - 1);
      filled += cell.isEmpty() ? 0 : 1;
    }
    return filled;
  }

  /** Whether fewer cells than a row has are one sentence, which may hold separators. */
  private boolean isSentence(RowScanner scanner) {
    CellText cell = new CellText(dialect);
    for (int c = 0; c < scanner.count(); c++) {
      cell.show(bytes, scanner.start(c), scanner.start(c + 1) - 1);
      boolean goesOn = c > 0 && bytes[scanner.start(c)] == ' ';
      if (c == 0 ? !isSentence(cell.text()) : !goesOn && !cell.isEmpty()) {
        return false;
      }
    }
    return scanner.count() < columns || dialect.isBlankSeparated();
  }

  private static boolean isSentence(String text) {
    boolean marked = !text.isEmpty() && "*(\u2020\u2021".indexOf(text.charAt(0)) >= 0;
    boolean words = text.indexOf(' ') > 0 || text.indexOf(':') > 0;
    return (marked || words)
        && text.chars().anyMatch(Character::isLetter)
        && (!Character.isDigit(text.charAt(0)) || text.startsWith(") ", 1))
        && !new DateScan().scan(text);
  }

  /** The number of rows without those that belong to the footer. */
  int rows(Cell cells, int[] lines, int all) {
    int rows = all;
    CellText cell = new CellText(dialect);
    while (columns > 2 && rows > 1 && texts.size() < MOST_LINES) {
      int row = rows - 1;
      cells.show(row, 0, cell);
      String text = cell.text();
      boolean alone = Words.count(text) > 2 || text.startsWith("*") || text.endsWith(")");
      for (int c = 1; c < columns && alone; c++) {
        cells.show(row, c, cell);
        alone = cell.isEmpty();
      }
      if (!alone || !isSentence(text)) {
        break;
      }
      rows--;
      texts.add(0, text);
      firstLine = lines[row];
      lastLine = Math.max(lastLine, lines[row]);
    }
    CajalException error = wrong;
    if (error != null && lines[rows - 1] > firstLine) {
      throw error;
    }
    if (!texts.isEmpty()) {
      String shown = Cells.quoted(texts.getFirst());
      notes.add(
          (texts.size() == 1
                  ? "line " + firstLine + " (" + shown + ") is"
                  : "lines " + firstLine + " to " + lastLine + " (" + shown + ", …) are")
              + " passed over as no part of the table");
    }
    if (rows > FEWEST_ROWS && isTotal(cells, rows, cell)) {
      rows--;
      notes.add(
          "line " + lines[rows] + " (" + Cells.quoted(cell.text()) + ") is passed over as a sum");
    }
    return rows;
  }

  /** Whether the last row is called a sum, and no other one is; its cell is shown then. */
  private boolean isTotal(Cell cells, int rows, CellText cell) {
    int at = 0;
    cells.show(rows - 1, at, cell);
    while (cell.isEmpty() && at + 1 < columns) {
      cells.show(rows - 1, ++at, cell);
    }
    if (at + 1 == columns || !isTotal(cell.text())) {
      return false;
    }
    for (int row = 0; row < rows - 1; row++) {
      cells.show(row, at, cell);
      if (isTotal(cell.text())) {
        return false;
      }
    }
    cells.show(rows - 1, at, cell);
    return true;
  }

  /** Whether a text says that its row sums up others. */
  static boolean isTotal(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return TOTALS.contains(lower.endsWith(":") ? lower.substring(0, lower.length() - 1) : lower);
  }

  /** What was passed over. */
  List<String> notes() {
    return notes;
  }
}
