package org.cajal.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.cajal.type.CajalException;

/**
 * The different texts of one column, numbered by their first rows, the number of each row's text,
 * and what messages say about some of them.
 */
final class ColumnTexts {
  private final ColumnPlace place;
  private final TextIndex index = new TextIndex();

  /** For each row the number of its text, -1 where the cell is empty. */
  private final int[] codes;

  /** Reads all cells. */
  ColumnTexts(ColumnPlace place) {
    this.place = place;
    this.codes = new int[place.rows()];
    CellText cell = new CellText(place.dialect());
    for (int r = 0; r < codes.length; r++) {
      place.show(r, cell);
      codes[r] = cell.isEmpty() ? -1 : index.add(cell.bytes(), cell.from(), cell.to(), r);
    }
  }

  ColumnPlace place() {
    return place;
  }

  TextIndex index() {
    return index;
  }

  int[] codes() {
    return codes;
  }

  int size() {
    return index.size();
  }

  String value(int code) {
    return index.value(code);
  }

  long count(int code) {
    return index.count(code);
  }

  /** For each text whether it is a value. */
  boolean[] present(Set<String> markers, boolean finite) {
    boolean[] present = new boolean[index.size()];
    for (int code = 0; code < present.length; code++) {
      String text = index.value(code);
      present[code] =
          (!place.isAbsent(text, markers) || (!finite && isLikeOthers(text)))
              && !(finite
                  && (Cells.notFinite(text) || place.isMissing(NumberForm.PLAIN.parse(text))));
    }
    return present;
  }

  /**
   * Whether a word that may mean "no value" is written as nearly all other texts are: {@code NA}
   * among codes of two capitals, {@code Null} among names.
   */
  boolean isLikeOthers(String marker) {
    int shape = shape(marker);
    if (shape == 0 || place.dialect().missing().contains(marker.toLowerCase(Locale.ROOT))) {
      return false;
    }
    int alike = 0;
    for (String text : index.values()) {
      alike += shape(text) == shape ? 1 : 0;
    }
    return alike > 2 && alike >= 0.9 * index.size();
  }

  /** The length of a text of two or three capitals, 1 for a word with one capital, else 0. */
  private static int shape(String text) {
    int length = text.length();
    if (length < 2 || text.charAt(0) < 'A' || text.charAt(0) > 'Z') {
      return 0;
    }
    boolean capitals = text.chars().allMatch(c -> c >= 'A' && c <= 'Z');
    boolean word = text.chars().skip(1).allMatch(c -> c >= 'a' && c <= 'z');
    return word ? 1 : capitals && length < 4 ? length : 0;
  }

  /** The cells whose texts are present. */
  long count(boolean[] present) {
    long count = 0;
    for (int code = 0; code < present.length; code++) {
      count += present[code] ? index.count(code) : 0;
    }
    return count;
  }

  /** The value of each row by those of its text; NaN where the cell is empty. */
  double[] spread(double[] ofTexts) {
    double[] values = new double[codes.length];
    for (int r = 0; r < values.length; r++) {
      values[r] = codes[r] < 0 ? Double.NaN : ofTexts[codes[r]];
    }
    return values;
  }

  /** The codes of rows once the texts that are no values have gone. */
  int[] coded(boolean[] kept) {
    int[] shifted = new int[kept.length];
    int next = 0;
    for (int code = 0; code < kept.length; code++) {
      shifted[code] = kept[code] ? next++ : -1;
    }
    int[] out = new int[codes.length];
    for (int r = 0; r < out.length; r++) {
      out[r] = codes[r] < 0 ? -1 : shifted[codes[r]];
    }
    return out;
  }

  /** The texts that are values. */
  List<String> kept(boolean[] kept) {
    List<String> out = new ArrayList<>();
    for (int code = 0; code < kept.length; code++) {
      if (kept[code]) {
        out.add(index.value(code));
      }
    }
    return out;
  }

  /** {@code 12 cells}. */
  static String cells(long count) {
    return count == 1 ? "1 cell" : count + " cells";
  }

  /** Adds a note on cells with a text, if there are any. */
  void noteMissing(long count, int code, String what, List<String> notes) {
    if (count > 0) {
      notes.add(
          cells(count)
              + " such as "
              + Cells.quoted(index.value(code))
              + " in line "
              + place.grid().line(index.firstRow(code))
              + (count == 1 ? " is " : " are ")
              + what
              + "taken as missing");
    }
  }

  /** {@code 12 cells ("x" in line 3, "y" in line 8, "z" in line 9, …) are}. */
  String oddCells(List<Integer> odd) {
    long count = 0;
    for (int code : odd) {
      count += index.count(code);
    }
    List<Integer> byRow = new ArrayList<>(odd);
    byRow.sort((a, b) -> index.firstRow(a) - index.firstRow(b));
    List<String> shown = new ArrayList<>();
    for (int code : byRow.subList(0, Math.min(3, byRow.size()))) {
      shown.add(
          Cells.quoted(index.value(code)) + " in line " + place.grid().line(index.firstRow(code)));
    }
    if (count > shown.size()) {
      shown.add("…");
    }
    return cells(count) + " (" + String.join(", ", shown) + (count == 1 ? ") is" : ") are");
  }

  /** The refusal of a text that is not what is expected. */
  CajalException wrong(int code, String expected) {
    return new CajalException(
        place.at(index.firstRow(code))
            + ": "
            + Cells.quoted(index.value(code))
            + " is not "
            + expected
            + "; correct it, or leave the cell empty where the value is missing");
  }
}
