package org.cajal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * The column to predict, and whether that is classification or regression: texts and truth values
 * are classes, numbers are numbers, and whole numbers of few values (two, or at most 20 and a third
 * of the rows) are taken for classes with a note.
 */
public final class Target {
  private static final int MOST_CLASSES_BY_NUMBER = 20;
  private static final int MOST_CLASSES = 1000;

  private final String column;
  private final Task task;
  private final List<String> labels;
  private final int[] classes;
  private final double[] numbers;
  private final List<String> notes;

  private Target(
      String column,
      Task task,
      List<String> labels,
      int[] classes,
      double[] numbers,
      List<String> notes) {
    this.column = column;
    this.task = task;
    this.labels = List.copyOf(labels);
    this.classes = classes;
    this.numbers = numbers;
    this.notes = List.copyOf(notes);
  }

  /**
   * Looks at the column to predict.
   *
   * @param reference its name, its number from 1 (negative from the end), or {@code last}
   * @param wanted classification or regression, or null to decide by the kind of the column
   * @throws CajalException if there is no such column, a cell is empty, all cells are equal, a
   *     class occurs once, or the column does not fit the wanted task
   */
  public static Target of(Table table, String reference, @Nullable Task wanted) {
    Column column = table.column(reference);
    refuseMissing(table, column);
    String place = table.source() + ": target column \"" + column.name() + "\"";
    if (column.type() == ColumnType.DATE) {
      throw new CajalException(
          place
              + " holds dates, which cannot be predicted; choose a column of numbers or"
              + " categories");
    }
    if (wanted == Task.SEQUENCE) {
      throw new CajalException("[task] a table is for classification or regression, not " + wanted);
    }
    boolean numeric = column.type() == ColumnType.NUMBER || column.type() == ColumnType.IDENTIFIER;
    if (!numeric && wanted == Task.REGRESSION) {
      throw new CajalException(
          place
              + " holds texts such as "
              + Cells.quoted(String.valueOf(column.text(0)))
              + ", regression needs numbers; choose classification or another column");
    }
    List<String> notes = new ArrayList<>();
    if (!numeric || wanted == Task.CLASSIFICATION || (wanted == null && fewWholeNumbers(column))) {
      Target target = classes(table, column, place);
      if (numeric && wanted == null) {
        notes.add(
            "target \""
                + column.name()
                + "\" holds "
                + target.labels.size()
                + " different whole numbers, taken for classes; choose regression to predict it as"
                + " a number");
      }
      return new Target(
          column.name(), Task.CLASSIFICATION, target.labels, target.classes, new double[0], notes);
    }
    double[] numbers = new double[table.rows()];
    for (int r = 0; r < numbers.length; r++) {
      numbers[r] = column.number(r);
    }
    if (Arrays.stream(numbers).allMatch(v -> v == numbers[0])) {
      throw constant(place, Cells.label(numbers[0]));
    }
    return new Target(column.name(), Task.REGRESSION, List.of(), new int[0], numbers, notes);
  }

  private static void refuseMissing(Table table, Column column) {
    int first = -1;
    int count = 0;
    for (int r = 0; r < table.rows(); r++) {
      if (column.isMissing(r)) {
        first = first < 0 ? r : first;
        count++;
      }
    }
    if (count > 0) {
      throw new CajalException(
          table.place(first)
              + ": target column \""
              + column.name()
              + "\" is empty"
              + (count == 1
                  ? " here"
                  : " here and in " + (count - 1) + " more of " + table.rows() + " rows")
              + "; fill it in or remove the rows without a target");
    }
  }

  private static boolean fewWholeNumbers(Column column) {
    TreeSet<Double> distinct = new TreeSet<>();
    for (int r = 0; r < column.rows(); r++) {
      double value = column.number(r);
      if (value != Math.rint(value)) {
        return false;
      }
      distinct.add(value);
      if (distinct.size() > MOST_CLASSES_BY_NUMBER) {
        return false;
      }
    }
    return distinct.size() <= 2 || 3 * distinct.size() <= column.rows();
  }

  private static Target classes(Table table, Column column, String place) {
    Map<String, Integer> counts = new HashMap<>();
    Map<String, Integer> firstRow = new HashMap<>();
    List<String> cells = new ArrayList<>();
    for (int r = 0; r < table.rows(); r++) {
      String cell = String.valueOf(column.text(r));
      cells.add(cell);
      counts.merge(cell, 1, Integer::sum);
      firstRow.putIfAbsent(cell, r);
    }
    if (counts.size() == 1) {
      throw constant(place, cells.getFirst());
    }
    if (counts.size() > MOST_CLASSES || column.type() == ColumnType.TEXT) {
      throw new CajalException(
          place
              + " has "
              + counts.size()
              + " different texts in "
              + table.rows()
              + " rows, too many for classes"
              + "; choose a column whose values repeat");
    }
    List<String> labels = sorted(new ArrayList<>(counts.keySet()));
    for (String label : labels) {
      if (counts.getOrDefault(label, 0) == 1) {
        throw new CajalException(
            table.place(firstRow.getOrDefault(label, 0))
                + ": class "
                + Cells.quoted(label)
                + " of target column \""
                + column.name()
                + "\" occurs once; each class needs at least 2 rows: add rows, merge or remove the"
                + " class");
      }
    }
    Map<String, Integer> index = new HashMap<>();
    for (String label : labels) {
      index.put(label, index.size());
    }
    int[] classes = cells.stream().mapToInt(c -> index.getOrDefault(c, -1)).toArray();
    return new Target(
        column.name(), Task.CLASSIFICATION, labels, classes, new double[0], List.of());
  }

  /** Labels in the order of their numbers where all are numbers, else of their characters. */
  private static List<String> sorted(List<String> labels) {
    boolean numeric = labels.stream().noneMatch(l -> Double.isNaN(Cells.number(l, false)));
    labels.sort(
        numeric
            ? (a, b) -> Double.compare(Cells.number(a, false), Cells.number(b, false))
            : String::compareTo);
    return labels;
  }

  private static CajalException constant(String place, String value) {
    return new CajalException(
        place
            + " is "
            + Cells.quoted(value)
            + " in every row, so there is nothing to learn; choose another column");
  }

  /** The name of the column. */
  public String column() {
    return column;
  }

  /** Classification or regression. */
  public Task task() {
    return task;
  }

  /** The classes' names, sorted (numbers by value, texts by character); empty for regression. */
  public List<String> labels() {
    return labels;
  }

  /** The class of each row; empty for regression. */
  public int[] classes() {
    return classes.clone();
  }

  /** The number of each row; empty for classification. */
  public double[] numbers() {
    return numbers.clone();
  }

  /** What was decided without being asked, in sentences. */
  public List<String> notes() {
    return notes;
  }

  /**
   * All rows in two parts by chance, stratified for classes (see {@link Splits}).
   *
   * @throws CajalException if the fraction is out of range or a part would be empty
   */
  public int[][] split(double fraction, long seed) {
    return task == Task.CLASSIFICATION
        ? Splits.stratified(classes, fraction, seed)
        : Splits.random(numbers.length, fraction, seed);
  }
}
