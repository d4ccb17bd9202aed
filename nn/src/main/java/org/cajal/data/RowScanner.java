package org.cajal.data;

import java.util.Arrays;

/**
 * Finds the cells of one row after the other in the bytes of a table. A line end is LF, CRLF or CR;
 * a cell that begins with a quote ends with one, and may hold separators and line ends; where the
 * closing quote is followed by anything but a separator, the quotes are ordinary characters. Lines
 * that are empty, comments, or rulers of dashes under a header are passed over.
 */
final class RowScanner {
  /** Shorter lines of dashes are marks for missing values. */
  private static final int SHORTEST_RULER = 5;

  private final byte[] bytes;
  private final int end;
  private final byte separator;
  private final boolean blanks;
  private final byte quote;
  private final boolean backslash;
  private final byte comment;

  private int at;
  private int nextLine;

  /** Where the row begins, how many cells it has, and where each begins. */
  private int rowStart;

  private int line;
  private int count;
  private int[] starts = new int[64];
  private int rowEnd;
  private int unclosed = -1;
  private int comments;
  private int empty;
  private int newEmpty;

  /**
   * A scanner.
   *
   * @param dialect all of whose characters are known
   * @param from the first byte of a line
   * @param line the number of that line
   */
  RowScanner(byte[] bytes, int from, int end, int line, Dialect dialect) {
    this.bytes = bytes;
    this.end = end;
    this.at = from;
    this.nextLine = line;
    this.blanks = dialect.isBlankSeparated();
    this.separator = (byte) character(dialect.separator(), ',');
    this.quote = (byte) character(dialect.quote(), '"');
    this.backslash = character(dialect.escape(), '"') == '\\';
    this.comment = (byte) character(dialect.comment(), Dialect.NONE);
  }

  private static char character(@org.jspecify.annotations.Nullable Character known, char usual) {
    return known == null ? usual : known;
  }

  /** Goes to the next row; whether there is one. */
  boolean next() {
    while (at < end) {
      byte first = bytes[at];
      if (first == '\n' || first == '\r') {
        newEmpty++;
        endLine();
        continue;
      }
      if (comment != 0 && first == comment) {
        comments++;
        while (at < end && bytes[at] != '\n' && bytes[at] != '\r') {
          at++;
        }
        endLine();
        continue;
      }
      int ruled = rulerEnd();
      if (ruled >= 0) {
        at = ruled;
        endLine();
        continue;
      }
      line = nextLine;
      rowStart = at;
      count = 0;
      scan();
      if (count > 1 || !isBlank(starts[0], rowEnd)) {
        empty += newEmpty;
        newEmpty = 0;
        return true;
      }
      newEmpty++;
    }
    return false;
  }

  /**
   * The end of the line if it is a ruler, as {@code +----+-----+} and {@code |---|:---|} are, else
   * -1.
   */
  private int rulerEnd() {
    int dashes = 0;
    int most = 0;
    int i = at;
    for (; i < end && !isLineEnd(bytes[i]); i++) {
      byte b = bytes[i];
      boolean dash = b == '-' || b == '=';
      if (!dash && b != separator && b != '+' && b != '|' && b != ':' && b != ' ' && b != '\t') {
        return -1;
      }
      dashes = dash ? dashes + 1 : 0;
      most = Math.max(most, dashes);
    }
    return most >= 3 && i - at >= SHORTEST_RULER ? i : -1;
  }

  private void endLine() {
    if (at < end) {
      boolean both = bytes[at] == '\r' && at + 1 < end && bytes[at + 1] == '\n';
      at += both ? 2 : 1;
      nextLine++;
    }
  }

  private void scan() {
    int i = blanks ? skipBlanks(at) : at;
    while (true) {
      add(i);
      i = cellEnd(i);
      i = blanks ? skipBlanks(i) : i;
      if (i == end || isLineEnd(bytes[i])) {
        break;
      }
      i += blanks ? 0 : 1;
    }
    rowEnd = i;
    at = i;
    endLine();
  }

  private void add(int start) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
    }
    starts[count++] = start;
  }

  private int skipBlanks(int from) {
    int i = from;
    while (i < end && (bytes[i] == ' ' || bytes[i] == '\t')) {
      i++;
    }
    return i;
  }

  private static boolean isLineEnd(byte b) {
    return b == '\n' || b == '\r';
  }

  private boolean isSeparator(byte b) {
    return blanks ? b == ' ' || b == '\t' : b == separator;
  }

  /** The separator or line end behind a cell. */
  private int cellEnd(int from) {
    if (quote != 0) {
      int i = from;
      while (i < end && (bytes[i] == ' ' || (bytes[i] == '\t' && separator != '\t'))) {
        i++;
      }
      if (i < end && bytes[i] == quote) {
        int closed = quotedEnd(i + 1);
        if (closed >= 0) {
          return closed;
        }
      }
    }
    int i = from;
    while (i < end && !isSeparator(bytes[i]) && !isLineEnd(bytes[i])) {
      i += backslash && bytes[i] == '\\' && i + 1 < end && !isLineEnd(bytes[i + 1]) ? 2 : 1;
    }
    return i;
  }

  /** Behind a quoted cell whose content begins here, or -1 where it is none. */
  private int quotedEnd(int from) {
    int lines = 0;
    for (int i = from; i < end; i++) {
      byte b = bytes[i];
      if (b == '\n' || (b == '\r' && (i + 1 == end || bytes[i + 1] != '\n'))) {
        lines++;
        if (unclosed >= 0) {
          return -1; // once a quote was never closed, none may reach over lines
        }
      } else if (backslash && b == '\\') {
        i++;
      } else if (b == quote) {
        if (!backslash && i + 1 < end && bytes[i + 1] == quote) {
          i++;
          continue;
        }
        int after = i + 1;
        while (after < end
            && !isSeparator(bytes[after])
            && (bytes[after] == ' ' || bytes[after] == '\t')) {
          after++;
        }
        if (after == end || isSeparator(bytes[after]) || isLineEnd(bytes[after])) {
          nextLine += lines;
          return after;
        }
        return -1;
      }
    }
    if (unclosed < 0) {
      unclosed = line;
    }
    return -1;
  }

  private boolean isBlank(int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\f' && bytes[i] != 0x1a) {
        return false;
      }
    }
    return true;
  }

  /** The number of cells of the row. */
  int count() {
    return count;
  }

  /** Where a cell begins; for the number of cells, one behind where the last one ends. */
  int start(int cell) {
    return cell < count ? starts[cell] : rowEnd + 1;
  }

  /** The line in which the row begins, from 1. */
  int line() {
    return line;
  }

  /** The line after the row. */
  int nextLine() {
    return nextLine;
  }

  /** The first byte of the row. */
  int rowStart() {
    return rowStart;
  }

  /** The end of the row's last cell, or blanks behind it. */
  int rowEnd() {
    return rowEnd;
  }

  /** The first byte after the row. */
  int position() {
    return at;
  }

  /** The number of comment lines passed over so far. */
  int comments() {
    return comments;
  }

  /** The number of empty lines before the row, from where reading began. */
  int emptyLines() {
    return empty;
  }

  /** The line in which a quoted cell begins that never ends, or -1. */
  int unclosed() {
    return unclosed;
  }
}
