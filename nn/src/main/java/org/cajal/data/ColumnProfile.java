package org.cajal.data;

import java.util.Locale;
import java.util.Set;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the cells of one column are while the file is read for the first time, then decides
 * on the column's type.
 */
final class ColumnProfile {
  private static final int MOST_DISTINCT = 1 << 20;

  /** Texts of at least so many words on average are free text, not names or codes. */
  private static final double FREE_TEXT = 3;

  private static final Set<String> TIME_NAMES =
      Set.of("x", "t", "time", "day", "year", "month", "hour", "week", "date", "step", "epoch");

  private static final Set<String> ROW_NAMES =
      Set.of("id", "pid", "uid", "uuid", "guid", "index", "key", "row", "rowid");

  private final String name;
  private final boolean commaAllowed;
  private final Set<String> missing;
  private final HashedSet distinct = new HashedSet();

  private int present;
  private int numbers;
  private int nans;
  private int texts;
  private long words;
  private boolean whole = true;
  private double smallest = Double.POSITIVE_INFINITY;
  private double previous = Double.NaN;
  private boolean counting = true;
  private int booleanPairs = (1 << Cells.BOOLEANS.size()) - 1;
  private final DateEvidence dates;
  private long textLine;
  private String text = "";
  private long notFiniteLine;
  private String notFinite = "";

  ColumnProfile(String name, boolean commaAllowed, Set<String> missing) {
    this.name = name;
    this.commaAllowed = commaAllowed;
    this.missing = missing;
    this.dates = new DateEvidence(name);
  }

  void add(String cell, long line) {
    if (Cells.missing(cell, missing)) {
      counting = false;
      return;
    }
    present++;
    if (distinct.size() < MOST_DISTINCT) {
      distinct.add(Cells.hash(cell));
    }
    double value = Cells.number(cell, commaAllowed);
    if (Double.isFinite(value)) {
      numbers++;
      whole &= value == Math.rint(value);
      smallest = Math.min(smallest, value);
      counting &= Double.isNaN(previous) ? value == 0 || value == 1 : value == previous + 1;
      previous = value;
    } else if (Double.isInfinite(value) || Cells.notFinite(cell)) {
      nans += Cells.nan(cell) ? 1 : 0;
      if (notFiniteLine == 0) {
        notFiniteLine = line;
        notFinite = cell;
      }
    } else {
      texts++;
      words += Words.count(cell);
      if (textLine == 0) {
        textLine = line;
        text = cell;
      }
    }
    if (booleanPairs != 0 && !Cells.nan(cell)) {
      narrowBooleans(cell);
    }
    if (!Cells.nan(cell)) {
      dates.add(cell);
    }
  }

  private void narrowBooleans(String cell) {
    String lower = cell.length() > 5 ? "" : cell.toLowerCase(Locale.ROOT);
    for (int p = 0; p < Cells.BOOLEANS.size(); p++) {
      if (!Cells.BOOLEANS.get(p).contains(lower)) {
        booleanPairs &= ~(1 << p);
      }
    }
  }

  /** A type with the reason where it is not plain. */
  record Decision(ColumnType type, DateForm form, @Nullable String note) {}

  /**
   * The type of the column.
   *
   * @param index its place in the table, from 0
   * @param columns the number of columns
   * @throws CajalException if a number column holds NaN, an infinity or a stray text
   */
  Decision decide(String file, int index, int columns, boolean header) {
    if (present - nans == 0) {
      return new Decision(
          ColumnType.IGNORED, DateForm.YEAR_MONTH_DAY, leftOut("all its cells are empty"));
    }
    DateForm.Inference found = dates.decide(0, row -> null);
    DateForm form = found == null ? null : found.form();
    if (found != null && form != null) {
      return new Decision(ColumnType.DATE, form, found.note());
    }
    if (numbers > 0 && texts == 0) {
      if (notFiniteLine > 0) {
        throw notFiniteError(file);
      }
      String reason = whole && columns > 2 ? identifier(index, columns, header) : null;
      return new Decision(
          reason == null ? ColumnType.NUMBER : ColumnType.IDENTIFIER,
          DateForm.YEAR_MONTH_DAY,
          reason == null ? null : leftOut(reason));
    }
    if (booleanPairs != 0) {
      return new Decision(ColumnType.BOOLEAN, DateForm.YEAR_MONTH_DAY, null);
    }
    if (numbers >= 0.95 * present && distinct.size() > 20) {
      throw new CajalException(
          file
              + ":"
              + textLine
              + ": column \""
              + name
              + "\": "
              + Cells.quoted(text)
              + " is not a number, but "
              + numbers
              + " of the "
              + present
              + " cells are; correct the cell, leave it empty where the value is missing, or"
              + " declare the column a category");
    }
    int different = distinct.size();
    if (found == null
        && different > 20
        && words >= FREE_TEXT * texts
        && different > 0.1 * present) {
      return new Decision(ColumnType.TEXT, DateForm.YEAR_MONTH_DAY, null);
    }
    if (different > 20 && different > 0.5 * present) {
      return new Decision(
          ColumnType.IGNORED,
          DateForm.YEAR_MONTH_DAY,
          found == null
              ? leftOut(different + " different texts in " + present + " cells")
              : found.note());
    }
    return new Decision(
        ColumnType.CATEGORY, DateForm.YEAR_MONTH_DAY, found == null ? null : found.note());
  }

  CajalException notFiniteError(String file) {
    return notFinite(file, notFiniteLine, name, notFinite);
  }

  static CajalException notFinite(String file, long line, String name, String cell) {
    return new CajalException(
        file
            + ":"
            + line
            + ": column \""
            + name
            + "\": "
            + Cells.quoted(cell)
            + " is not a finite number; correct it, or leave the cell empty where the value is"
            + " missing");
  }

  /**
   * The form in which the dates of the column can be read, or the ISO order where there is none.
   */
  DateForm bestForm() {
    DateForm.Inference found = dates.decide(0, row -> null);
    DateForm form = found == null ? null : found.form();
    return form == null ? DateForm.YEAR_MONTH_DAY : form;
  }

  private @Nullable String identifier(int index, int columns, boolean header) {
    boolean nearlyAll = present >= 10 && distinct.size() >= 0.98 * present;
    String lower = header ? name.toLowerCase(Locale.ROOT).trim() : "";
    if (nearlyAll && header && namesRows(name)) {
      return "it names the rows ("
          + distinct.size()
          + " different values in "
          + present
          + " cells)";
    }
    if (index == 0 && counting && columns > 3 && present >= 10 && !TIME_NAMES.contains(lower)) {
      return "it counts the rows";
    }
    boolean large = smallest >= 10_000 && distinct.size() >= 0.9 * present;
    if (index == 0 && !header && columns > 3 && present >= 20 && large) {
      return "a first column of large, nearly all different whole numbers names the rows";
    }
    return null;
  }

  /**
   * Whether a header is one of those that name rows: {@code id}, {@code order_id}, {@code
   * PassengerId}, {@code ID number}.
   */
  private static boolean namesRows(String header) {
    String lower = header.toLowerCase(Locale.ROOT);
    if (ROW_NAMES.contains(lower)
        || lower.startsWith("id_")
        || lower.startsWith("id ")
        || lower.startsWith("unnamed: 0")) {
      return true;
    }
    int before = header.length() - 3;
    if (before < 0 || !lower.endsWith("id")) {
      return false;
    }
    char previous = header.charAt(before);
    boolean camel =
        Character.isLowerCase(previous) && Character.isUpperCase(header.charAt(before + 1));
    return camel || previous == '_' || previous == ' ' || previous == '-';
  }

  private String leftOut(String reason) {
    return "column \"" + name + "\" is left out: " + reason;
  }
}
