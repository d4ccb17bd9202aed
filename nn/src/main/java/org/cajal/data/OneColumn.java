package org.cajal.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells lines that a separator cuts by accident, and that are one cell each, from rows. */
final class OneColumn {
  private static final int MOST_WIDTH = 3;

  private OneColumn() {}

  /**
   * Whether rows are likely lines of one cell: texts that blanks or commas with blanks behind them
   * divide, or numbers with decimal commas under the one name of a column.
   *
   * @param rows as a dialect divides them
   * @param spaced whether a blank follows each separator
   */
  static boolean isLikely(List<String[]> rows, boolean spaced, Dialect dialect) {
    Character separator = dialect.separator();
    if (rows.size() < 2 || separator == null) {
      return false;
    }
    boolean named = rows.getFirst().length == 1 && !new NumberText().read(rows.getFirst()[0]);
    if (separator == ' ') {
      return !hasNumbers(rows) && (named || rows.stream().allMatch(row -> row.length > 1));
    }
    return separator == ','
        && named
        && ((spaced && !hasNumbers(rows)) || arePairs(rows.subList(1, rows.size())));
  }

  /** Whether rows without a header are pairs of whole numbers, the second ones of one width. */
  static boolean isMaybe(List<String[]> rows, Dialect dialect) {
    Character separator = dialect.separator();
    return separator != null && separator == ',' && rows.size() > 1 && arePairs(rows);
  }

  private static boolean hasNumbers(List<String[]> rows) {
    NumberText number = new NumberText();
    for (String[] row : rows) {
      for (String cell : row) {
        if (number.read(cell) && number.unit().isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean arePairs(List<String[]> rows) {
    int width = 0;
    for (String[] row : rows) {
      String whole = row.length == 2 ? row[0] : null;
      if (whole == null || !isWhole(whole, true) || !isWhole(row[1], false)) {
        return false;
      }
      int length = row[1].length();
      if (length > MOST_WIDTH || (width > 0 && length != width)) {
        return false;
      }
      width = length;
    }
    return true;
  }

  private static boolean isWhole(@Nullable String cell, boolean signed) {
    if (cell == null || cell.isEmpty()) {
      return false;
    }
    int from = signed && (cell.charAt(0) == '-' || cell.charAt(0) == '+') ? 1 : 0;
    return from < cell.length() && cell.chars().skip(from).allMatch(c -> c >= '0' && c <= '9');
  }
}
