package org.cajal.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes columns of categories, free texts and codes from texts. */
final class TextColumn {
  /** Of more different texts, in more than half the cells, a column is left out. */
  private static final int FEW_VALUES = 20;

  /** Texts of at least so many words on average are free text, not names or codes. */
  private static final double FREE_TEXT = 3;

  private final ColumnPlace place;
  private final ColumnTexts texts;

  /** The cells that are numbers in some form. */
  private final long numbers;

  TextColumn(ColumnTexts texts, long numbers) {
    this.place = texts.place();
    this.texts = texts;
    this.numbers = numbers;
  }

  /**
   * The column.
   *
   * @param any which texts are values
   * @param dateNote why texts that look like dates are none, or null
   */
  Column build(boolean[] any, @Nullable String dateNote) {
    for (int code = 0; code < any.length; code++) {
      any[code] &= !Cells.nan(texts.value(code)) || texts.isLikeOthers(texts.value(code));
    }
    long values = texts.count(any);
    int different = 0;
    for (boolean present : any) {
      different += present ? 1 : 0;
    }
    String reason = "";
    if (5 * numbers >= values) {
      reason = ", " + numbers + " of them numbers and the others not";
    }
    if (dateNote == null && different > FEW_VALUES && different > 0.1 * values && isFreeText(any)) {
      return Column.ofCodes(place.name(), ColumnType.TEXT, null, texts.coded(any), texts.kept(any));
    }
    if (different > FEW_VALUES && different > 0.5 * values) {
      return Column.ofCodes(
          place.name(),
          ColumnType.IGNORED,
          dateNote == null
              ? place.leftOut(different + " different texts in " + values + " cells" + reason)
              : dateNote,
          texts.coded(any),
          texts.kept(any));
    }
    String note = dateNote == null ? numberLike(any, values) : dateNote;
    if (note == null) {
      note = marker(any);
    }
    if (note == null && numbers >= 0.2 * values) {
      note =
          "column \""
              + place.name()
              + "\": "
              + ColumnTexts.cells(numbers)
              + " of "
              + values
              + " are numbers, the others are not; it is taken for a category";
    }
    return Column.ofCodes(
        place.name(), ColumnType.CATEGORY, note, texts.coded(any), texts.kept(any));
  }

  /** A sentence where a word is taken for "no value", or null. */
  private @Nullable String marker(boolean[] any) {
    for (int code = 0; code < any.length; code++) {
      String text = texts.value(code);
      if (!any[code] && text.length() > 1 && text.chars().allMatch(Character::isLetter)) {
        return "column \"" + place.name() + "\": " + Cells.quoted(text) + " is taken as missing";
      }
    }
    return null;
  }

  /** The column of digits of one width, of which zeros begin some. */
  Column codes(boolean[] any) {
    int zero = 0;
    while (zero < any.length - 1 && !(any[zero] && texts.value(zero).startsWith("0"))) {
      zero++;
    }
    String shown = Cells.quoted(texts.value(zero));
    String otherwise = "; --type \"" + place.name() + "=number\" takes them for numbers";
    long values = texts.count(any);
    List<String> kept = texts.kept(any);
    boolean out = kept.size() > FEW_VALUES && kept.size() > 0.5 * values;
    return Column.ofCodes(
        place.name(),
        out ? ColumnType.IGNORED : ColumnType.CATEGORY,
        out
            ? place.leftOut(
                kept.size()
                    + " different codes such as "
                    + shown
                    + " in "
                    + values
                    + " cells"
                    + otherwise)
            : "column \""
                + place.name()
                + "\": digits that begin with zeros, as "
                + shown
                + " does, are taken for codes"
                + otherwise,
        texts.coded(any),
        kept);
  }

  /**
   * A sentence where nearly all texts are digits with marks in a form that is not read, or null.
   */
  private @Nullable String numberLike(boolean[] present, long values) {
    long like = 0;
    int example = -1;
    for (int code = 0; code < present.length; code++) {
      String text = texts.value(code);
      int digits = (int) text.chars().filter(Character::isDigit).count();
      boolean letters = text.chars().anyMatch(Character::isLetter);
      if (present[code] && digits > 0 && !letters && 3 * digits >= text.length()) {
        like += texts.count(code);
        example = example < 0 ? code : example;
      }
    }
    boolean all = like >= 0.9 * values && 2 * numbers < values;
    return all && example >= 0
        ? "column \""
            + place.name()
            + "\": cells such as "
            + Cells.quoted(texts.value(example))
            + " look like numbers, but in a form that is not read (lists, ranges, fractions,"
            + " telephone numbers); it is taken for a category"
        : null;
  }

  /** Whether texts have many words on average: free text, not names or codes. */
  private boolean isFreeText(boolean[] present) {
    NumberText number = new NumberText();
    long words = 0;
    long cells = 0;
    for (int code = 0; code < present.length; code++) {
      if (present[code] && !number.read(texts.value(code))) {
        words += (long) Words.count(texts.value(code)) * texts.count(code);
        cells += texts.count(code);
      }
    }
    return cells > 0 && words >= FREE_TEXT * cells;
  }
}
