package org.cajal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cajal.type.CajalException;

/**
 * Where each cell of a table begins in its bytes, so that columns can be read one by one, as often
 * as needed, without a copy. Immutable; safe from any number of threads.
 */
final class Grid {
  private final byte[] bytes;
  private final Dialect dialect;
  private final int columns;

  /** Where each row begins. */
  private final int[] rowStarts;

  /**
   * For each row where its cells begin behind its own start, and one more: one behind the last
   * cell's end. In 16 bits where all fit, which halves the memory; else the other array is used.
   */
  private final char[] near;

  private final int[] far;

  private final int rows;
  private final int[] lines;
  private final List<String> notes;

  private Grid(
      byte[] bytes,
      Dialect dialect,
      int columns,
      int[] rowStarts,
      char[] near,
      int[] far,
      int rows,
      int[] lines,
      List<String> notes) {
    this.bytes = bytes;
    this.dialect = dialect;
    this.columns = columns;
    this.rowStarts = rowStarts;
    this.near = near;
    this.far = far;
    this.rows = rows;
    this.lines = lines;
    this.notes = notes;
  }

  /**
   * Finds the cells of all rows. Rows of separators only, repeated headers, and what stands below
   * the table are passed over, with a note.
   *
   * @throws CajalException if a row has another number of cells
   */
  static Grid of(String file, byte[] bytes, Layout layout) {
    return new Reading(file, bytes, layout).grid();
  }

  /** Collects rows. */
  private static final class Reading {
    private final String file;
    private final byte[] bytes;
    private final Layout layout;
    private final int columns;
    private final byte separator;
    private int[] rowStarts;
    private char[] near;
    private int[] far = new int[0];
    private int[] lines;
    private int rows;
    private int blankRows;
    private int comments;
    private int longRows;
    private int headers;
    private int headerLine;
    private final Footer footer;

    Reading(String file, byte[] bytes, Layout layout) {
      this.file = file;
      this.bytes = bytes;
      this.layout = layout;
      this.columns = layout.names().size();
      Character known = layout.dialect().separator();
      this.separator = (byte) (known == null ? ',' : known.charValue());
      int guess = (int) Math.min(1 << 20, 16 + (bytes.length - layout.start()) / (2L * columns));
      int size = Math.min(guess, 1024);
      this.near = new char[Math.multiplyExact(size, columns + 1)];
      this.rowStarts = new int[size];
      this.lines = new int[size];
      this.footer = new Footer(bytes, layout.dialect(), columns);
    }

    Grid grid() {
      RowScanner scanner =
          new RowScanner(bytes, layout.start(), bytes.length, layout.line(), layout.dialect());
      while (scanner.next()) {
        if (isBlank(scanner)) {
          blankRows++;
        } else if (isComment(scanner)) {
          comments++;
        } else if (isHeader(scanner)) {
          headerLine = headers++ == 0 ? scanner.line() : headerLine;
        } else if (scanner.count() == columns || isOnlyLonger(scanner)) {
          footer.refuseRowsBehind(scanner);
          add(scanner);
        } else {
          refuseUnclosed(scanner);
          footer.add(scanner, wrongCount(scanner));
        }
      }
      refuseUnclosed(scanner);
      rows = footer.rows(this::cell, lines, rows);
      if (rows == 0) {
        throw new CajalException(
            file
                + (Boolean.TRUE.equals(layout.dialect().header())
                    ? ": only a header line, no rows; a table with at least one row is expected"
                    : ": the file has no rows; a table with at least one row is expected"));
      }
      List<String> notes = new ArrayList<>();
      if (blankRows > 0) {
        notes.add(
            blankRows == 1
                ? "a row without any value is passed over"
                : blankRows + " rows without any value are passed over");
      }
      if (columns == 1 && scanner.emptyLines() > 0) {
        notes.add(
            scanner.emptyLines() == 1
                ? "an empty line among the rows is passed over"
                : scanner.emptyLines() + " empty lines among the rows are passed over");
      }
      comments += scanner.comments();
      if (comments > 0) {
        notes.add(
            comments == 1
                ? "a comment line is passed over"
                : comments + " comment lines are passed over");
      }
      if (headers > 0) {
        notes.add(
            headers == 1
                ? "line " + headerLine + " repeats the header and is passed over"
                : headers + " lines repeat the header and are passed over");
      }
      notes.addAll(footer.notes());
      if (longRows > 0) {
        notes.add(
            longRows >= rows
                ? "every row ends with separators too many, which are passed over"
                : longRows + " rows end with separators too many, which are passed over");
      }
      return new Grid(
          bytes,
          layout.dialect(),
          columns,
          rowStarts,
          near,
          far,
          rows,
          Arrays.copyOf(lines, rows),
          notes);
    }

    /** Refuses a quoted cell that holds lines with as many separators as rows have. */
    private void refuseSwallowed(RowScanner scanner) {
      int inner = 0;
      int count = 0;
      boolean first = true;
      int end = scanner.start(scanner.count()) - 1;
      for (int i = scanner.rowStart(); i < end; i++) {
        if (bytes[i] == '\n') {
          if (!first && count != columns - 1) {
            return;
          }
          inner += first ? 0 : 1;
          first = false;
          count = 0;
        } else {
          count += bytes[i] == separator ? 1 : 0;
        }
      }
      if (columns > 1 && (inner > 1 || (inner == 1 && columns > 2))) {
        throw new CajalException(
            file
                + ":"
                + scanner.line()
                + ": a quoted cell goes on over "
                + inner
                + " lines that look like rows; close it, or say --quote none where quotes are"
                + " ordinary characters");
      }
    }

    private void add(RowScanner scanner) {
      if (scanner.nextLine() - scanner.line() > 2) {
        refuseSwallowed(scanner);
      }
      if (rows == lines.length) {
        // Rows are about as long as those so far.
        long known = Math.max(1L, (long) scanner.position() - layout.start());
        long all = (long) bytes.length - layout.start();
        int wanted = (int) Math.min(Integer.MAX_VALUE - 16, 1.02 * rows * all / known + 1024);
        int size = Math.max(wanted, rows + rows / 4 + 1);
        lines = Arrays.copyOf(lines, size);
        rowStarts = Arrays.copyOf(rowStarts, size);
        int cells = Math.multiplyExact(size, columns + 1);
        if (far.length > 0) {
          far = Arrays.copyOf(far, cells);
        } else {
          near = Arrays.copyOf(near, cells);
        }
      }
      int at = rows * (columns + 1);
      for (int c = 0; c <= columns; c++) {
        int offset = scanner.start(c) - scanner.rowStart();
        if (far.length == 0 && offset > Character.MAX_VALUE) {
          far = new int[near.length];
          for (int i = 0; i < at + c; i++) {
            far[i] = near[i];
          }
          near = new char[0];
        }
        if (far.length > 0) {
          far[at + c] = offset;
        } else {
          near[at + c] = (char) offset;
        }
      }
      rowStarts[rows] = scanner.rowStart();
      lines[rows++] = scanner.line();
    }

    private void refuseUnclosed(RowScanner scanner) {
      if (scanner.unclosed() >= 0) {
        throw new CajalException(
            file
                + ":"
                + scanner.unclosed()
                + ": a quote opens a cell that is never closed; close it, or say --quote none where"
                + " quotes are ordinary characters");
      }
    }

    /** Whether a row begins as comments before the header do, and fits the table no better. */
    private boolean isComment(RowScanner scanner) {
      int at = scanner.rowStart();
      return layout.softComment() != Dialect.NONE
          && bytes[at] == layout.softComment()
          && (scanner.count() != columns || (at + 1 < bytes.length && bytes[at + 1] == ' '));
    }

    private boolean isBlank(RowScanner scanner) {
      int end = scanner.start(scanner.count()) - 1;
      for (int i = scanner.rowStart(); i < end; i++) {
        byte b = bytes[i];
        if (b != separator && b != ' ' && b != '\t' && b != '"' && b != 0x1a) {
          return false;
        }
      }
      return true;
    }

    /** Whether a row is the header again, as in files that were joined together. */
    private boolean isHeader(RowScanner scanner) {
      byte[] header = layout.header();
      int from = scanner.rowStart();
      boolean marked =
          from + 3 <= bytes.length
              && bytes[from] == (byte) 0xEF
              && bytes[from + 1] == (byte) 0xBB
              && bytes[from + 2] == (byte) 0xBF;
      from += marked ? 3 : 0;
      return columns > 1
          && header.length > 0
          && Arrays.equals(bytes, from, scanner.rowEnd(), header, 0, header.length);
    }

    /** Shows a cell of a row that was added. */
    private void cell(int row, int column, CellText cell) {
      int at = row * (columns + 1) + column;
      int from = far.length > 0 ? far[at] : near[at];
      int to = far.length > 0 ? far[at + 1] : near[at + 1];
      cell.show(bytes, rowStarts[row] + from, rowStarts[row] + to - 1);
    }

    /** Lets a row pass whose further cells are empty, as trailing separators leave them. */
    private boolean isOnlyLonger(RowScanner scanner) {
      boolean empty = scanner.count() > columns;
      CellText cell = new CellText(layout.dialect());
      for (int c = columns; c < scanner.count() && empty; c++) {
        cell.show(bytes, scanner.start(c), scanner.start(c + 1) - 1);
        empty = cell.isEmpty();
      }
      longRows += empty ? 1 : 0;
      return empty;
    }

    private CajalException wrongCount(RowScanner scanner) {
      int count = scanner.count();
      String more = "";
      if (bytes[scanner.rowStart()] == '#') {
        more = "; --comment # passes over lines that begin with it";
      }
      return new CajalException(
          file
              + ":"
              + scanner.line()
              + ": "
              + count
              + (count == 1 ? " cell" : " cells")
              + ", but the "
              + (Boolean.TRUE.equals(layout.dialect().header()) ? "header" : "first line")
              + " has "
              + columns
              + "; every row needs the same number (quote a cell that contains "
              + (separator == '\t'
                  ? "a tab"
                  : separator == ' ' ? "a blank" : "\"" + (char) separator + "\"")
              + ")"
              + more);
    }
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  /** The line of each row. */
  int[] lines() {
    return lines;
  }

  int line(int row) {
    return lines[row];
  }

  List<String> notes() {
    return notes;
  }

  Dialect dialect() {
    return dialect;
  }

  /** Shows a cell. */
  void show(int row, int column, CellText cell) {
    int at = row * (columns + 1) + column;
    int from = rowStarts[row];
    if (far.length > 0) {
      cell.show(bytes, from + far[at], from + far[at + 1] - 1);
    } else {
      cell.show(bytes, from + near[at], from + near[at + 1] - 1);
    }
  }
}
