package org.cajal.data;

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
  private final DateForm form;

  private Column(
      String name,
      ColumnType type,
      @Nullable String note,
      double[] numbers,
      int[] codes,
      List<String> values,
      DateForm form) {
    this.name = name;
    this.type = type;
    this.note = note;
    this.numbers = numbers;
    this.codes = codes;
    this.values = List.copyOf(values);
    this.form = form;
  }

  static Column ofNumbers(
      String name,
      ColumnType type,
      @Nullable String note,
      double[] numbers,
      List<String> values,
      DateForm form) {
    return new Column(name, type, note, numbers, new int[0], values, form);
  }

  static Column ofCodes(
      String name, ColumnType type, @Nullable String note, int[] codes, List<String> values) {
    return new Column(name, type, note, new double[0], codes, values, DateForm.YEAR_MONTH_DAY);
  }

  /** A column of numbers; NaN where a value is missing. */
  public static Column numbers(String name, double... values) {
    return ofNumbers(
        name, ColumnType.NUMBER, null, values.clone(), List.of(), DateForm.YEAR_MONTH_DAY);
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
    return !type.isCoded();
  }

  /** How its dates are written. */
  public DateForm dateForm() {
    return form;
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

  /** A cell as text (numbers without needless fractions), or null where the value is missing. */
  public @Nullable String text(int row) {
    if (isMissing(row)) {
      return null;
    }
    if (!stored()) {
      return values.get(codes[row]);
    }
    if (type == ColumnType.BOOLEAN && values.size() == 2) {
      return values.get((int) numbers[row]);
    }
    return Cells.label(numbers[row]);
  }

  @Override
  public String toString() {
    return name + ": " + type + ", " + rows() + " rows";
  }
}
