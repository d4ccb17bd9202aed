package org.cajal.data;

import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one column of a grid: first looks at all of its cells, then, once the other columns have
 * said which decimal mark the file has, decides on a type and gives the values.
 */
final class ColumnReader {
  private final ColumnPlace place;

  /** Numbers as programs write them, where all cells are; else the texts. */
  private @Nullable PlainColumn plain;

  private @Nullable ColumnTexts texts;
  private @Nullable NumberColumn numbers;

  ColumnReader(ColumnPlace place) {
    this.place = place;
  }

  /** Looks at all cells. */
  void look() {
    ColumnType type = place.type();
    boolean numeric = type == null || type == ColumnType.NUMBER || type == ColumnType.IDENTIFIER;
    NumberForm form = place.numberForm();
    Character d = place.dialect().decimal();
    Character t = place.dialect().thousands();
    boolean pointed = (d == null || d == '.') && (t == null || t != '.');
    boolean usual = form == null ? pointed : form.isPlain();
    if (numeric && usual) {
      plain = PlainColumn.read(place);
    }
    if (plain == null) {
      readTexts();
    }
  }

  private void readTexts() {
    ColumnTexts read = new ColumnTexts(place);
    texts = read;
    numbers = new NumberColumn(read);
  }

  /** The decimal mark that this column proves the file to have, or null. */
  @Nullable Character decimal() {
    if (place.numberForm() != null || place.type() == ColumnType.CATEGORY) {
      return null;
    }
    PlainColumn byBytes = plain;
    NumberColumn byTexts = numbers;
    return byBytes != null ? byBytes.decimal() : byTexts != null ? byTexts.decimal() : null;
  }

  /**
   * The column.
   *
   * @param fileDecimal the decimal mark of the file, or null where columns do not tell
   * @throws CajalException if its cells do not agree
   */
  Column build(@Nullable Character fileDecimal) {
    PlainColumn byBytes = plain;
    if (byBytes != null) {
      Column column = byBytes.build(fileDecimal);
      if (column != null) {
        return column;
      }
      readTexts();
    }
    ColumnTexts read = texts;
    NumberColumn found = numbers;
    if (read == null || found == null) {
      throw new IllegalStateException("look() comes first");
    }
    ColumnType type = place.type();
    boolean ids = byBytes != null && byBytes.hasLongIds();
    return type == null
        ? found(read, found, ids, byBytes != null && byBytes.isCoded(), fileDecimal)
        : given(type, read, found, fileDecimal);
  }

  private Column found(
      ColumnTexts read,
      NumberColumn numbers,
      boolean ids,
      boolean codes,
      @Nullable Character fileDecimal) {
    boolean[] any = read.present(Cells.MISSING, false);
    boolean[] finite = read.present(Cells.MISSING_NUMBER, true);
    TextColumn texts = new TextColumn(read, numbers.numbers());
    long values = read.count(finite);
    if (values == 0 && read.count(any) == 0) {
      return place.empty();
    }
    if (values == 0 || ids) {
      return texts.build(any, null);
    }
    DateColumn byDates = new DateColumn(read);
    DateForm.Inference dates = byDates.infer(finite);
    Column column = byDates.build(dates, finite, values);
    if (column == null && codes) {
      return texts.codes(any);
    }
    if (column == null && numbers.numbers() == values) {
      return numbers.build(finite, fileDecimal);
    }
    if (column == null) {
      column = new TruthColumn(read).build(finite);
    }
    if (column == null && dates != null) {
      column = texts.build(any, dates.note());
    }
    if (column == null && 2 * numbers.numbers() >= values) {
      column = numbers.partly(finite, values, fileDecimal);
    }
    return column == null ? texts.build(any, null) : column;
  }

  private Column given(
      ColumnType type, ColumnTexts read, NumberColumn numbers, @Nullable Character fileDecimal) {
    boolean[] any = read.present(Cells.MISSING, false);
    boolean[] finite = read.present(Cells.MISSING_NUMBER, true);
    return switch (type) {
      case NUMBER, IDENTIFIER -> numbers.forced(finite, fileDecimal);
      case BOOLEAN -> new TruthColumn(read).forced(finite);
      case DATE -> new DateColumn(read).forced(finite);
      case CATEGORY, TEXT, IGNORED ->
          Column.ofCodes(place.name(), type, null, read.coded(any), read.kept(any));
    };
  }
}
