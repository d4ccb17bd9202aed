package org.cajal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * What is to be predicted: one column, or several. Texts and truth values are classes, numbers are
 * numbers, and whole numbers of few values are one or the other by what they look like: codes are
 * about equally frequent, or few; grades, ratings and counts have most rows in the middle or at 0.
 * Cells that hold several labels, and several columns of 0 and 1, are labels that do not exclude
 * each other. The notes say what was decided without being asked.
 */
public final class Target {
  /** The largest number of classes. */
  public static final int MOST_CLASSES = 65_536;

  /** So many different texts in half of the rows are no classes. */
  private static final int FREE_TEXT = 20;

  private static final int SHOWN = 20;

  private final List<String> columns;
  private final Task task;
  private final List<String> labels;
  private final String separator;
  private final int[] classes;
  private final double[] numbers;
  private final List<Target> parts;
  private final int[] rows;
  private final List<String> notes;

  private Target(
      List<String> columns,
      Task task,
      List<String> labels,
      String separator,
      int[] classes,
      double[] numbers,
      List<Target> parts,
      int[] rows,
      List<String> notes) {
    this.columns = List.copyOf(columns);
    this.task = task;
    this.labels = List.copyOf(labels);
    this.separator = separator;
    this.classes = classes;
    this.numbers = numbers;
    this.parts = List.copyOf(parts);
    this.rows = rows;
    this.notes = List.copyOf(notes);
  }

  /**
   * What the user says about the target.
   *
   * @param task classification, regression, or labels that do not exclude each other; null to
   *     decide by what the columns hold
   * @param dropRareClasses whether the rows of classes that occur once are left out
   * @param labelsSeparator what stands between the labels in a cell; null to find out
   * @param allNumbers whether numbers such as -999, far from the others, are numbers to predict;
   *     else they are refused as marks for missing values
   */
  public record Options(
      @Nullable Task task,
      boolean dropRareClasses,
      @Nullable String labelsSeparator,
      boolean allNumbers) {
    /** Everything decided by what the columns hold. */
    public static final Options DEFAULT = new Options(null, false, null);

    /** Options, with marks for missing values refused. */
    public Options(@Nullable Task task, boolean dropRareClasses, @Nullable String labelsSeparator) {
      this(task, dropRareClasses, labelsSeparator, false);
    }

    /**
     * Checks what was said.
     *
     * @throws CajalException if the separator is empty or does not go with the task, or the task is
     *     none of those of tables
     */
    public Options {
      if (task == Task.SEQUENCE || task == Task.MULTIOUTPUT) {
        throw new CajalException(
            "[task] a table is for classification, regression or multilabel, not " + task);
      }
      if (labelsSeparator != null && labelsSeparator.isEmpty()) {
        throw new CajalException("[labels] an empty text cannot separate labels");
      }
      if (labelsSeparator != null && task != null && task != Task.MULTILABEL) {
        throw new CajalException("[labels] a separator of labels is for multilabel, not " + task);
      }
    }
  }

  /** As {@link #of(Table, List, Options)}, from one text as {@link #references} takes it. */
  public static Target of(Table table, String reference, @Nullable Task wanted) {
    return of(table, references(table, reference), wanted);
  }

  /** As {@link #of(Table, List, Options)}, with nothing said but the task. */
  public static Target of(Table table, List<String> references, @Nullable Task wanted) {
    return of(table, references, new Options(wanted, false, null));
  }

  /**
   * Looks at the columns to predict.
   *
   * @param references their names, their numbers from 1 (negative from the end), or {@code last}
   * @throws CajalException if there is no such column, a cell is empty, all cells are equal, a
   *     class occurs once, numbers are marks for missing values, or a column does not fit the
   *     wanted task
   */
  public static Target of(Table table, List<String> references, Options options) {
    List<Column> columns = new ArrayList<>();
    for (String reference : references) {
      Column column = table.column(reference);
      if (columns.contains(column)) {
        throw new CajalException(
            table.source() + ": target column \"" + column.name() + "\" is named twice");
      }
      columns.add(column);
    }
    if (columns.isEmpty()) {
      throw new CajalException(table.source() + ": no target column; at least 1 is needed");
    }
    if (columns.size() == 1) {
      return one(table, columns.getFirst(), options);
    }
    if (options.labelsSeparator() != null) {
      throw new CajalException(
          table.source()
              + ": a separator of labels is for one target column, not for "
              + columns.size());
    }
    boolean marks = columns.stream().allMatch(Target::isMark);
    if (options.task() == Task.MULTILABEL || (options.task() == null && marks)) {
      return marks(table, columns, options);
    }
    return several(table, columns, options);
  }

  /**
   * The columns that one text means: a column of that name, or several with commas between them. A
   * name that holds commas itself is found first.
   */
  public static List<String> references(Table table, String text) {
    if (text.indexOf(',') < 0 || table.named(text) != null) {
      return List.of(text);
    }
    List<String> pieces = new ArrayList<>();
    int from = 0;
    for (int to = text.indexOf(','); to >= 0; to = text.indexOf(',', from)) {
      pieces.add(text.substring(from, to));
      from = to + 1;
    }
    pieces.add(text.substring(from));
    List<String> out = new ArrayList<>();
    for (int i = 0; i < pieces.size(); ) {
      int end = pieces.size();
      String name = String.join(",", pieces.subList(i, end)).strip();
      while (end > i + 1 && table.named(name) == null) {
        end--;
        name = String.join(",", pieces.subList(i, end)).strip();
      }
      out.add(table.named(pieces.get(i)) != null && end == i + 1 ? pieces.get(i) : name);
      i = end;
    }
    return out;
  }

  private static Target one(Table table, Column column, Options options) {
    Task wanted = options.task();
    String place = place(table, column);
    if (column.type() == ColumnType.DATE) {
      throw new CajalException(
          place
              + " holds dates, which cannot be predicted; choose a column of numbers or"
              + " categories");
    }
    boolean numeric = isNumeric(column);
    if (wanted == Task.MULTILABEL || options.labelsSeparator() != null) {
      return isMark(column) && options.labelsSeparator() == null
          ? marks(table, List.of(column), options)
          : labels(table, column, options.labelsSeparator());
    }
    refuseMissing(table, column);
    if (!numeric && wanted == Task.REGRESSION) {
      throw new CajalException(
          place
              + " holds texts such as "
              + Cells.quoted(String.valueOf(column.text(0)))
              + ", regression needs numbers; choose classification or another column");
    }
    if (!numeric) {
      String found = wanted == null ? CellLabels.separator(column) : null;
      return found == null
          ? classes(table, column, numeric, options, List.of())
          : labels(table, column, found);
    }
    List<String> notes = new ArrayList<>();
    boolean asClasses = wanted == Task.CLASSIFICATION;
    if (wanted == null) {
      ClassesOrNumbers.Decision decision =
          ClassesOrNumbers.decide(column.name(), numbers(column), counts(column));
      asClasses = decision.classes();
      if (asClasses || !decision.reason().isEmpty()) {
        notes.add(
            "target \""
                + column.name()
                + "\" holds "
                + decision.values()
                + " different whole numbers, taken for "
                + (asClasses ? "classes" : "numbers")
                + (decision.reason().isEmpty() ? "" : " (" + decision.reason() + ")")
                + "; --task "
                + (asClasses
                    ? "regression predicts it as a number"
                    : "classification predicts them as classes"));
      }
    }
    if (asClasses) {
      return classes(table, column, numeric, options, notes);
    }
    double[] numbers = numbers(column);
    if (Arrays.stream(numbers).allMatch(v -> v == numbers[0])) {
      throw constant(place, String.valueOf(column.text(0)));
    }
    if (!options.allNumbers()) {
      refuseMark(place, column, numbers);
    }
    return new Target(
        List.of(column.name()),
        Task.REGRESSION,
        List.of(),
        "",
        new int[0],
        numbers,
        List.of(),
        all(table),
        notes);
  }

  private static void refuseMark(String place, Column column, double[] numbers) {
    Sentinels.find(numbers)
        .filter(Sentinels.Mark::isPlain)
        .ifPresent(
            mark -> {
              throw new CajalException(
                  place
                      + " is "
                      + mark.text()
                      + " in "
                      + mark.count()
                      + " rows, far from its other numbers, as where a value is missing; --missing "
                      + mark.text()
                      + " --drop-missing-targets leaves these rows out, --type \""
                      + column.name()
                      + "=number\" predicts it too");
            });
  }

  private static String place(Table table, Column column) {
    return table.source() + ": target column \"" + column.name() + "\"";
  }

  private static int[] all(Table table) {
    return IntStream.range(0, table.rows()).toArray();
  }

  private static boolean isNumeric(Column column) {
    if (column.type() == ColumnType.NUMBER) {
      return true;
    }
    return column.type() == ColumnType.IDENTIFIER
        && IntStream.range(0, column.rows())
            .allMatch(r -> column.isMissing(r) || Double.isFinite(column.number(r)));
  }

  private static double[] numbers(Column column) {
    return IntStream.range(0, column.rows()).mapToDouble(column::number).toArray();
  }

  /** How often each text occurs. */
  private static Map<String, Integer> counts(Column column) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (int r = 0; r < column.rows(); r++) {
      counts.merge(String.valueOf(column.text(r)), 1, Integer::sum);
    }
    return counts;
  }

  /** Whether all cells of a column, none of which is empty, say yes or no, and both occur. */
  private static boolean isMark(Column column) {
    double sum = 0;
    for (int r = 0; r < column.rows(); r++) {
      String text = column.text(r);
      double truth = text == null ? Double.NaN : OutputRule.OfLabels.truth(text);
      if (Double.isNaN(truth)) {
        return false;
      }
      sum += truth;
    }
    return sum > 0 && sum < column.rows();
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
              + (column.numberForm().lenient() ? "\" holds no finite number" : "\" is empty")
              + (count == 1
                  ? " here"
                  : " here and in " + (count - 1) + " more of " + table.rows() + " rows")
              + "; fill it in, or --drop-missing-targets leaves such rows out");
    }
  }

  private static Target classes(
      Table table, Column column, boolean numeric, Options options, List<String> decided) {
    Map<String, Integer> counts = counts(column);
    if (counts.size() == 1) {
      throw constant(place(table, column), String.valueOf(column.text(0)));
    }
    List<String> once =
        counts.entrySet().stream().filter(e -> e.getValue() == 1).map(Map.Entry::getKey).toList();
    boolean free = counts.size() > FREE_TEXT && counts.size() > 0.5 * table.rows();
    if (counts.size() > MOST_CLASSES || (free && !once.isEmpty() && !options.dropRareClasses())) {
      throw new CajalException(
          place(table, column)
              + " has "
              + counts.size()
              + " different texts in "
              + table.rows()
              + " rows, too many for classes"
              + (counts.size() > MOST_CLASSES ? ", of which 65,536 are allowed" : "")
              + "; choose a column whose values repeat"
              + (numeric ? ", or --task regression" : ""));
    }
    List<String> notes = new ArrayList<>(decided);
    List<String> kept = new ArrayList<>(counts.keySet());
    if (!once.isEmpty()) {
      if (!options.dropRareClasses()) {
        throw rare(table, column, numeric, once, counts.size());
      }
      kept.removeIf(label -> counts.getOrDefault(label, 0) == 1);
      if (kept.size() < 2) {
        throw new CajalException(
            place(table, column)
                + " has "
                + kept.size()
                + " classes without those that occur once; at least 2 are needed");
      }
      notes.add(
          "target \""
              + column.name()
              + "\": "
              + (once.size() == 1
                  ? "the row of class " + Cells.quoted(once.getFirst()) + ", which occurs once, is"
                  : "the rows of " + once.size() + " classes that occur once are")
              + " left out: "
              + (once.size() == 1 ? table.place(row(column, once.getFirst())) : listed(once)));
    }
    List<String> labels = Labels.sorted(kept);
    Map<String, Integer> index = new HashMap<>();
    for (String label : labels) {
      index.put(label, index.size());
    }
    int[] classes =
        IntStream.range(0, table.rows())
            .map(r -> index.getOrDefault(String.valueOf(column.text(r)), -1))
            .toArray();
    int[] rows = IntStream.range(0, classes.length).filter(r -> classes[r] >= 0).toArray();
    return new Target(
        List.of(column.name()),
        Task.CLASSIFICATION,
        labels,
        "",
        classes,
        new double[0],
        List.of(),
        rows,
        notes);
  }

  private static int row(Column column, String text) {
    return IntStream.range(0, column.rows())
        .filter(r -> text.equals(column.text(r)))
        .findFirst()
        .orElse(0);
  }

  private static String listed(List<String> labels) {
    List<String> shown =
        labels.subList(0, Math.min(3, labels.size())).stream().map(Cells::quoted).toList();
    return String.join(", ", shown) + (labels.size() > shown.size() ? ", …" : "");
  }

  private static CajalException rare(
      Table table, Column column, boolean numeric, List<String> once, int classes) {
    int more = once.size() - 1;
    return new CajalException(
        table.place(row(column, once.getFirst()))
            + ": class "
            + Cells.quoted(once.getFirst())
            + " of target column \""
            + column.name()
            + "\" occurs once"
            + (more == 0
                ? ""
                : ", as " + (more == 1 ? "does 1" : "do " + more) + " more of " + classes)
            + "; each class needs at least 2 rows: --drop-rare-classes goes on without "
            + (more == 0 ? "it" : "them")
            + (numeric
                ? ", --task regression predicts the column as a number"
                : "; or add rows, or merge classes"));
  }

  private static CajalException constant(String place, String value) {
    return new CajalException(
        place
            + " is "
            + Cells.quoted(value)
            + " in every row, so there is nothing to learn; choose another column");
  }

  /** Labels in the cells of one column; an empty cell has none. */
  private static Target labels(Table table, Column column, @Nullable String given) {
    String separator = given == null ? CellLabels.mostFrequent(column) : given;
    if (separator == null) {
      throw new CajalException(
          place(table, column)
              + " holds cells such as "
              + Cells.quoted(String.valueOf(column.text(0)))
              + ", in which no |, ; or comma separates labels; name what does by"
              + " --labels-separator, or choose classification");
    }
    Map<String, Integer> counts = new HashMap<>();
    int empty = 0;
    for (int r = 0; r < column.rows(); r++) {
      String text = column.text(r);
      List<String> labels = text == null ? List.of() : OutputRule.OfLabels.split(text, separator);
      empty += labels.isEmpty() ? 1 : 0;
      labels.stream().distinct().forEach(label -> counts.merge(label, 1, Integer::sum));
    }
    if (counts.size() > MOST_CLASSES || counts.size() < 2) {
      throw new CajalException(
          place(table, column)
              + " has "
              + counts.size()
              + " different labels separated by \""
              + separator
              + "\"; 2 to 65,536 are allowed");
    }
    List<String> labels = Labels.sorted(counts.keySet());
    List<String> notes = new ArrayList<>();
    notes.add(
        "target \""
            + column.name()
            + "\" holds labels that do not exclude each other, separated by \""
            + separator
            + "\": "
            + shown(labels)
            + (given == null || CellLabels.CANDIDATES.contains(given)
                ? "; --task classification takes each cell for one class"
                : ""));
    if (empty > 0) {
      notes.add(
          "target \"" + column.name() + "\" is empty in " + empty + " rows: they have no label");
    }
    return ofLabels(table, List.of(column.name()), labels, separator, notes);
  }

  private static String shown(List<String> labels) {
    return String.join(", ", labels.subList(0, Math.min(SHOWN, labels.size())))
        + (labels.size() > SHOWN ? ", … (" + labels.size() + " in all)" : "");
  }

  private static Target ofLabels(
      Table table,
      List<String> columns,
      List<String> labels,
      String separator,
      List<String> notes) {
    return new Target(
        columns,
        Task.MULTILABEL,
        labels,
        separator,
        new int[0],
        new double[0],
        List.of(),
        all(table),
        notes);
  }

  /** One column a label, which says whether it is there. */
  private static Target marks(Table table, List<Column> columns, Options options) {
    for (Column column : columns) {
      refuseMissing(table, column);
      for (int r = 0; r < column.rows(); r++) {
        String text = String.valueOf(column.text(r));
        if (Double.isNaN(OutputRule.OfLabels.truth(text))) {
          throw new CajalException(
              table.place(r)
                  + ": target column \""
                  + column.name()
                  + "\": "
                  + Cells.quoted(text)
                  + " is neither 0 nor 1; a label's own column says with 0 or 1 (or no and yes)"
                  + " whether it is there");
        }
      }
      if (!isMark(column)) {
        throw constant(place(table, column), String.valueOf(column.text(0)));
      }
    }
    List<String> names = columns.stream().map(Column::name).toList();
    List<String> notes =
        options.task() != null
            ? List.of()
            : List.of(
                "targets "
                    + shown(names)
                    + " say 0 or 1, taken for labels that do not exclude each other; --task"
                    + " classification predicts each on its own, --task regression as numbers");
    return ofLabels(table, names, names, "", notes);
  }

  private static Target several(Table table, List<Column> columns, Options options) {
    List<Target> parts = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    boolean[] left = new boolean[table.rows()];
    Arrays.fill(left, true);
    for (Column column : columns) {
      boolean texts = !isNumeric(column);
      Task wanted = options.task();
      if (wanted == null && texts) {
        wanted = Task.CLASSIFICATION; // cells of several labels are not told apart here
      }
      Target part =
          one(
              table,
              column,
              new Options(wanted, options.dropRareClasses(), null, options.allNumbers()));
      boolean[] its = new boolean[left.length];
      for (int r : part.rows) {
        its[r] = true;
      }
      for (int r = 0; r < left.length; r++) {
        left[r] &= its[r];
      }
      notes.addAll(part.notes);
      parts.add(part);
    }
    int[] rows = IntStream.range(0, left.length).filter(r -> left[r]).toArray();
    return new Target(
        columns.stream().map(Column::name).toList(),
        Task.MULTIOUTPUT,
        List.of(),
        "",
        new int[0],
        new double[0],
        parts,
        rows,
        notes);
  }

  /** The name of the column; those of several with commas between them. */
  public String column() {
    return String.join(", ", columns);
  }

  /** The names of the columns that hold the target. */
  public List<String> columns() {
    return columns;
  }

  /** What is to be learned. */
  public Task task() {
    return task;
  }

  /**
   * The names of the classes or labels, sorted (numbers by value, texts by character; columns of
   * their own in the order given); empty for numbers and for several targets.
   */
  public List<String> labels() {
    return labels;
  }

  /** What stands between the labels of a cell; empty where there is no such thing. */
  public String labelsSeparator() {
    return separator;
  }

  /** The class of each row of the table, −1 where it is left out; empty but for one class. */
  public int[] classes() {
    return classes.clone();
  }

  /** The number of each row of the table; empty but for one number. */
  public double[] numbers() {
    return numbers.clone();
  }

  /** The targets that this one consists of, each a number or a class; empty for a single one. */
  public List<Target> parts() {
    return parts;
  }

  /** The rows that can be learned from, in ascending order: all but those of classes left out. */
  public int[] rows() {
    return rows.clone();
  }

  /**
   * The class of each row of the table that a division keeps in proportion: that of the first
   * target that is one of classes; empty where there is none.
   */
  public int[] strata() {
    return task == Task.MULTIOUTPUT
        ? parts.stream()
            .filter(p -> p.task == Task.CLASSIFICATION)
            .findFirst()
            .map(p -> p.classes.clone())
            .orElse(new int[0])
        : classes.clone();
  }

  /** What was decided without being asked, in sentences. */
  public List<String> notes() {
    return notes;
  }

  /**
   * Some rows of the table in two parts by chance, stratified where there are classes (see {@link
   * Splits}).
   *
   * @param from rows of {@link #rows}
   * @param fraction the second part's share
   * @throws CajalException if the fraction is out of range or a part would be empty
   */
  public int[][] split(int[] from, double fraction, long seed) {
    int[] strata = strata();
    int[][] parts =
        strata.length == 0
            ? Splits.random(from.length, fraction, seed)
            : Splits.stratified(Arrays.stream(from).map(r -> strata[r]).toArray(), fraction, seed);
    return new int[][] {
      Arrays.stream(parts[0]).map(i -> from[i]).toArray(),
      Arrays.stream(parts[1]).map(i -> from[i]).toArray()
    };
  }

  /** All rows that can be learned from in two parts: see {@link #split(int[], double, long)}. */
  public int[][] split(double fraction, long seed) {
    return split(rows, fraction, seed);
  }
}
