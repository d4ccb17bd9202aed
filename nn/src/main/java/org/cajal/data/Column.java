package org.cajal.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One named column of a {@link Table}: numbers, or codes into a list of texts. Immutable. */
public final class Column {
  private final String name;
  private final ColumnType type;
  private final @Nullable String note;
  private final double[] numbers;
  private final int[] codes;
  private final List<String> values;
  private final DateForm dateForm;
  private final NumberForm form;
  private final List<String> odd;

  private Column(
      String name,
      ColumnType type,
      @Nullable String note,
      double[] numbers,
      int[] codes,
      List<String> values,
      DateForm dateForm,
      NumberForm form,
      List<String> odd) {
    this.name = name;
    this.type = type;
    this.note = note;
    this.numbers = numbers;
    this.codes = codes;
    this.values = List.copyOf(values);
    this.dateForm = dateForm;
    this.form = form;
    this.odd = odd;
  }

  /**
   * A column of numbers or identifiers.
   *
   * @param codes for each cell the place of its text in {@code values}, or empty where texts are
   *     not kept
   */
  static Column ofNumbers(
      String name,
      ColumnType type,
      @Nullable String note,
      double[] numbers,
      int[] codes,
      List<String> values,
      NumberForm form) {
    return new Column(
        name, type, note, numbers, codes, values, DateForm.YEAR_MONTH_DAY, form, List.of());
  }

  /** A column of truth values, 0 or 1. */
  static Column ofTruths(String name, double[] numbers, String no, String yes) {
    return new Column(
        name,
        ColumnType.BOOLEAN,
        null,
        numbers,
        new int[0],
        List.of(no, yes),
        DateForm.YEAR_MONTH_DAY,
        NumberForm.PLAIN,
        List.of());
  }

  /** A column of dates, times of day or spans of time, in seconds. */
  static Column ofDates(String name, @Nullable String note, double[] seconds, DateForm dateForm) {
    return new Column(
        name,
        ColumnType.DATE,
        note,
        seconds,
        new int[0],
        List.of(),
        dateForm,
        NumberForm.PLAIN,
        List.of());
  }

  static Column ofCodes(
      String name, ColumnType type, @Nullable String note, int[] codes, List<String> values) {
    return new Column(
        name,
        type,
        note,
        new double[0],
        codes,
        values,
        DateForm.YEAR_MONTH_DAY,
        NumberForm.PLAIN,
        List.of());
  }

  /** The cells of some rows. */
  Column select(int[] rows) {
    double[] someNumbers =
        numbers.length == 0 ? numbers : Arrays.stream(rows).mapToDouble(r -> numbers[r]).toArray();
    int[] someCodes = codes.length == 0 ? codes : Arrays.stream(rows).map(r -> codes[r]).toArray();
    return new Column(name, type, note, someNumbers, someCodes, values, dateForm, form, odd);
  }

  /** The same, not to be learned from. */
  Column ignored() {
    return new Column(
        name, ColumnType.IGNORED, null, numbers, codes, values, dateForm, form, List.of());
  }

  /** The same with the texts of cells that were taken as missing because they are no numbers. */
  Column withOdd(List<String> texts) {
    return new Column(name, type, note, numbers, codes, values, dateForm, form, List.copyOf(texts));
  }

  /** A column of numbers; NaN where a value is missing. */
  public static Column numbers(String name, double... values) {
    return ofNumbers(
        name, ColumnType.NUMBER, null, values.clone(), new int[0], List.of(), NumberForm.PLAIN);
  }

  /** A column of categories; null where a value is missing. */
  public static Column categories(String name, List<@Nullable String> cells) {
    Map<String, Integer> index = new LinkedHashMap<>();
    int[] codes = new int[cells.size()];
    for (int i = 0; i < codes.length; i++) {
      String cell = cells.get(i);
      codes[i] = cell == null ? -1 : index.computeIfAbsent(cell, c -> index.size());
    }
    return ofCodes(name, ColumnType.CATEGORY, null, codes, List.copyOf(index.keySet()));
  }

  /** The name in the header, or {@code c1}, {@code c2}, ... where there is none. */
  public String name() {
    return name;
  }

  /** What the cells are. */
  public ColumnType type() {
    return type;
  }

  /**
   * A sentence on why the column has its type, where that is not plain; for example why it is left
   * out.
   */
  public @Nullable String note() {
    return note;
  }

  /** The number of cells. */
  public int rows() {
    return stored() ? numbers.length : codes.length;
  }

  private boolean stored() {
    return numbers.length > 0 || !type.isCoded();
  }

  /** How its dates are written. */
  public DateForm dateForm() {
    return dateForm;
  }

  /** How its numbers are written. */
  public NumberForm numberForm() {
    return form;
  }

  /** Texts of cells that were taken as missing because they are no numbers. */
  List<String> odd() {
    return odd;
  }

  /**
   * The distinct texts of a category, text or ignored column in order of appearance; the texts for
   * false and true of a boolean one.
   */
  public List<String> values() {
    return values;
  }

  /** Whether a cell has no value. */
  public boolean isMissing(int row) {
    return stored() ? Double.isNaN(numbers[row]) : codes[row] < 0;
  }

  /**
   * A cell as a number: the number itself, 0 or 1, or of a date what {@link DateForm#parse} gives;
   * a text is parsed. NaN where the value is missing or is no number.
   */
  public double number(int row) {
    if (stored()) {
      return numbers[row];
    }
    return codes[row] < 0 ? Double.NaN : Cells.number(values.get(codes[row]), false);
  }

  /**
   * A cell as text, or null where the value is missing: as it stands in the file, but for numbers
   * with more than 65,536 different texts, which are written without needless fractions, and for
   * dates and times, which are written as ISO 8601 has them.
   */
  public @Nullable String text(int row) {
    if (isMissing(row)) {
      return null;
    }
    if (!stored() || (row < codes.length && codes[row] >= 0)) {
      return values.get(codes[row]);
    }
    if (type == ColumnType.BOOLEAN && values.size() == 2) {
      return values.get((int) numbers[row]);
    }
    return type == ColumnType.DATE
        ? DateText.of(dateForm, numbers[row])
        : Cells.label(numbers[row]);
  }

  @Override
  public String toString() {
    return name + ": " + type + ", " + rows() + " rows";
  }
}
