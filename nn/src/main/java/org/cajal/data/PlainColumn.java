package org.cajal.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads a column whose cells are all numbers as programs write them, straight from bytes. */
final class PlainColumn {
  /** A column of numbers keeps the texts of its cells where there are at most so many. */
  static final int MOST_LABELS = 1 << 16;

  /** Of numbers with fractions so many, which are seldom labels. */
  private static final int MOST_FRACTIONS = 1000;

  /** Cells all over the column that are looked at before all of them. */
  private static final int GLANCE = 64;

  /** Up to here doubles hold every whole number. */
  private static final double MOST_EXACT = 1L << 53;

  /** Dates written as one number, {@code 190001} for a month, are no smaller. */
  private static final int FEWEST_COMPACT = 100_000;

  /** Two digits of days, months, hours, minutes and seconds go up to here. */
  private static final int MOST_OF_CLOCK = 59;

  private final ColumnPlace place;
  private final double[] values;
  private PlainNumber plain = new PlainNumber();
  private long notFinite;
  private int notFiniteRow = -1;

  private PlainColumn(ColumnPlace place) {
    this.place = place;
    this.values = new double[place.rows()];
  }

  /** The numbers, or null where some cell is none. */
  static @Nullable PlainColumn read(ColumnPlace place) {
    PlainColumn column = new PlainColumn(place);
    return column.readNumbers() ? column : null;
  }

  private boolean readNumbers() {
    int rows = place.rows();
    CellText cell = new CellText(place.dialect());
    plain = new PlainNumber();
    for (int i = 0; i < GLANCE; i++) {
      place.show((int) ((long) i * rows / GLANCE), cell);
      boolean number = !Double.isNaN(plain.read(cell.bytes(), cell.from(), cell.to()));
      if (!number
          && !place.isAbsent(cell.text(), Cells.MISSING_NUMBER)
          && !NumberColumn.isInfinity(cell.text())) {
        return false;
      }
    }
    plain = new PlainNumber();
    for (int r = 0; r < rows; r++) {
      place.show(r, cell);
      if (cell.isEmpty()) {
        values[r] = Double.NaN;
        continue;
      }
      double value = plain.read(cell.bytes(), cell.from(), cell.to());
      if (Double.isFinite(value)) {
        values[r] = place.isMissing(value) ? Double.NaN : value;
        continue;
      }
      String text = cell.to() - cell.from() > 64 && Double.isNaN(value) ? "" : cell.text();
      boolean infinite = Double.isInfinite(value) || NumberColumn.isInfinity(text);
      if (!infinite && (text.isEmpty() || !place.isAbsent(text, Cells.MISSING_NUMBER))) {
        return false;
      }
      values[r] = Double.NaN;
      if (infinite) {
        notFinite++;
        notFiniteRow = notFiniteRow < 0 ? r : notFiniteRow;
      }
    }
    return true;
  }

  /** The decimal mark that the numbers prove, or null. */
  @Nullable Character decimal() {
    return plain.pointed() > plain.groupable() ? '.' : null;
  }

  /**
   * The column of numbers as programs write them, or null if they are others than they look: their
   * points group digits, they are compact dates, or codes or ids whose texts count.
   */
  @Nullable Column build(@Nullable Character fileDecimal) {
    long points = plain.pointed();
    if (place.numberForm() == null && points > 0 && points == plain.groupable()) {
      char mark =
          fileDecimal != null
              ? fileDecimal
              : NumberEvidence.settle(
                  place.toString(),
                  '.',
                  points,
                  plain.longWithout(),
                  plain.shortWithout(),
                  place.dialect(),
                  this::firstPointed,
                  ',');
      if (mark == ',') {
        return null;
      }
    }
    boolean any = false;
    boolean compact = place.type() == null && points == 0;
    for (double v : values) {
      any |= !Double.isNaN(v);
      compact &= !(v < FEWEST_COMPACT);
    }
    if (!any && place.type() == null) {
      return place.empty();
    }
    if (place.type() == null && hasLongIds()) {
      return null;
    }
    if (compact) {
      CellText cell = new CellText(place.dialect());
      DateForm.Inference found =
          DateForm.infer(
              place.name(),
              values.length,
              r -> {
                place.show(r, cell);
                return Double.isNaN(values[r]) ? null : cell.text();
              });
      if (found != null && found.form() != null) {
        return null;
      }
    }
    String reason = NumberColumn.rowNames(place, values);
    if (reason == null && isCoded()) {
      return null;
    }
    List<String> notes = new ArrayList<>();
    noteNotFinite(notes);
    if (place.type() == null && place.numberForm() == null) {
      noteLooks(notes, compact);
    }
    char decimal = fileDecimal == null || points > 0 ? '.' : fileDecimal;
    NumberForm given = place.numberForm();
    NumberForm found =
        given != null ? given : new NumberForm(decimal, Dialect.NONE, "", false, notFinite > 0);
    boolean zeros = plain.hasLongZeros() || (plain.hasShortZeros() && greatest() > MOST_OF_CLOCK);
    if (reason == null && zeros && place.type() == null) {
      notes.add(
          "numbers that begin with zeros, such as codes, are read as numbers; --type \""
              + place.name()
              + "=category\" takes them for categories");
    }
    if (!plain.isCanonical()) {
      TextIndex own = new TextIndex();
      int[] at = texts(own);
      if (at.length > 0) {
        return NumberColumn.of(place, values, found, reason, notes, at, own.values());
      }
    }
    return NumberColumn.of(place, values, found, reason, notes, new int[0], List.of());
  }

  /** Whether the numbers are codes of one width, of which zeros begin some. */
  boolean isCoded() {
    return place.type() == null && place.numberForm() == null && plain.isFixedWidth();
  }

  private double greatest() {
    double most = Double.NEGATIVE_INFINITY;
    for (double v : values) {
      most = v > most ? v : most;
    }
    return most;
  }

  /** Says of numbers what else they may be. */
  private void noteLooks(List<String> notes, boolean compact) {
    String otherwise = "; --type \"" + place.name() + "=category\" takes them for codes";
    if (plain.hasBareExponents() && notFinite == 0) {
      notes.add(
          "texts such as "
              + Cells.quoted(firstWith("eE", "2E9"))
              + " are read as numbers with exponents"
              + otherwise);
    }
    boolean named = DateEvidence.isNamedDay(place.name().toLowerCase(Locale.ROOT));
    if (compact && named && greatest() < 1e8) {
      notes.add(
          "numbers such as "
              + Cells.quoted(firstWith("0123456789", "230121"))
              + " may be dates in a form that is not read, and are taken as numbers");
    }
  }

  /** Whether whole numbers are beyond what numbers tell apart: ids, whose texts count. */
  boolean hasLongIds() {
    boolean beyond = false;
    for (double v : values) {
      if (!Double.isNaN(v) && (v != Math.rint(v) || Math.abs(v) >= 1e19)) {
        return false;
      }
      beyond |= Math.abs(v) > MOST_EXACT;
    }
    return beyond;
  }

  private String firstPointed() {
    return firstWith(".", "1.234");
  }

  /** The first cell that has one of some characters. */
  private String firstWith(String characters, String other) {
    CellText cell = new CellText(place.dialect());
    for (int r = 0; r < place.rows(); r++) {
      place.show(r, cell);
      String text = cell.text();
      if (text.chars().anyMatch(c -> characters.indexOf(c) >= 0)) {
        return text;
      }
    }
    return other;
  }

  private void noteNotFinite(List<String> notes) {
    if (notFinite > 0) {
      CellText cell = new CellText(place.dialect());
      place.show(notFiniteRow, cell);
      notes.add(
          ColumnTexts.cells(notFinite)
              + " such as "
              + Cells.quoted(cell.text())
              + " in line "
              + place.grid().line(notFiniteRow)
              + (notFinite == 1 ? " is" : " are")
              + " not finite and taken as missing");
    }
  }

  /** The texts of the cells that are numbers, or nothing if there are too many. */
  private int[] texts(TextIndex own) {
    int rows = place.rows();
    boolean fractions = false;
    HashedSet different = new HashedSet();
    for (double v : values) {
      if (!Double.isNaN(v) && different.add(Double.doubleToLongBits(v))) {
        fractions |= v != Math.rint(v);
        int most = fractions ? MOST_FRACTIONS : MOST_LABELS;
        if (different.size() > most) {
          return new int[0];
        }
      }
    }
    int[] at = new int[rows];
    CellText cell = new CellText(place.dialect());
    for (int r = 0; r < rows; r++) {
      if (Double.isNaN(values[r])) {
        at[r] = -1;
        continue;
      }
      place.show(r, cell);
      at[r] = own.add(cell.bytes(), cell.from(), cell.to(), r);
      if (own.size() > MOST_LABELS) {
        return new int[0];
      }
    }
    return at;
  }
}
