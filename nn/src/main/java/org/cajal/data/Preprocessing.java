package org.cajal.data;

import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The way from the rows of a table to the inputs of a network, fitted on training rows only and
 * saved in the model. Numbers are scaled, missing ones filled and flagged; categories become
 * one-hot inputs; dates position and cycles; a regression target is standardised. Immutable and
 * safe from any number of threads.
 */
public final class Preprocessing {
  /**
   * A target above this skewness (third standardised moment), and all of it positive, is learned as
   * its logarithm.
   */
  private static final double SKEWED = 1.5;

  /** Columns with missing cells that a note names. */
  private static final int MOST_GAPS = 5;

  /** Rows of more inputs are stored sparsely: most of them are one-hot then. */
  private static final int MOST_DENSE = 256;

  private final List<InputRule> inputs;
  private final OutputRule output;
  private final List<String> columns;
  private final List<String> notes;
  private final @Nullable SeriesRule series;
  private final int width;
  private final List<Map<String, Integer>> indices;
  private final InputColumns inputColumns;
  private final Map<String, NumberForm> targetForms;
  private final Dialect given;
  private final Dialect likely;

  private Preprocessing(
      List<InputRule> inputs,
      OutputRule output,
      List<String> columns,
      List<String> notes,
      @Nullable SeriesRule series,
      Map<String, NumberForm> targetForms,
      Dialect given,
      Dialect likely) {
    this.series = series;
    this.targetForms = Map.copyOf(targetForms);
    this.inputs = List.copyOf(inputs);
    this.output = output;
    this.columns = List.copyOf(columns);
    this.notes = List.copyOf(notes);
    this.given = given;
    this.likely = likely;
    this.width = inputs.stream().mapToInt(InputRule::width).sum();
    this.indices = new ArrayList<>();
    for (InputRule rule : inputs) {
      Map<String, Integer> index = new HashMap<>();
      for (String key : keys(rule)) {
        index.put(key, index.size());
      }
      indices.add(index);
    }
    this.inputColumns = inputColumns(inputs);
  }

  /** The texts of which each has an input. */
  private static List<String> keys(InputRule rule) {
    return switch (rule) {
      case InputRule.OfCategory category -> category.values();
      case InputRule.OfText text -> text.words();
      case InputRule.OfNumber n -> List.of();
      case InputRule.OfBoolean b -> List.of();
      case InputRule.OfDate d -> List.of();
    };
  }

  /** Where a rule's inputs stand: plain ones, indices, words. */
  private static int order(InputRule rule) {
    return rule instanceof InputRule.OfText
        ? 2
        : rule instanceof InputRule.OfCategory category && category.embedded() ? 1 : 0;
  }

  private static InputColumns inputColumns(List<InputRule> inputs) {
    int[] widths = new int[3];
    List<InputColumns.Index> indices = new ArrayList<>();
    for (InputRule rule : inputs) {
      widths[order(rule)] += rule.width();
      if (rule instanceof InputRule.OfCategory category && category.embedded()) {
        indices.add(category.indices());
      }
    }
    return new InputColumns(widths[0], indices, widths[2]);
  }

  /**
   * What to do with columns.
   *
   * @param scaling of numbers, or null to take the logarithm of columns that are positive
   *     throughout and have a long tail (skewness above 2), and the plain standard scaling for the
   *     others
   * @param mostCategories the number of values of a column that get an input of their own, at most:
   *     the most frequent ones
   * @param mostOneHot a column of categories of which more values get an input of their own becomes
   *     one index, for which the network learns a vector (see {@link InputColumns} and
   *     org.cajal.train.Presets.tableNetwork); fewer become one-hot inputs
   * @param logarithm whether to learn the logarithm of a regression target, or null to do so where
   *     it is positive and skewed
   */
  public record Options(
      @Nullable NumberScaling scaling,
      int mostCategories,
      int mostOneHot,
      @Nullable Boolean logarithm) {
    /**
     * Scaling chosen by column; as many categories as the rows support, up to 500 as one-hot
     * inputs; logarithm of a skewed positive target.
     */
    public static final Options DEFAULT = new Options(null, Integer.MAX_VALUE, 500, null);

    /** Options. */
    public Options {
      if (mostCategories < 1) {
        throw new CajalException(
            "[preprocessing] " + mostCategories + " categories a column; at least 1 is needed");
      }
    }

    /** The same with another number of categories at most. */
    public Options withMostCategories(int most) {
      return new Options(scaling, most, mostOneHot, logarithm);
    }
  }

  /**
   * Fits on the given rows of a table.
   *
   * @param rows the training rows
   * @throws CajalException if there are no rows, or no column but the target is of use
   */
  public static Preprocessing fit(Table table, Target target, int[] rows, Options options) {
    return fit(table, target, rows, options, null, new Notes());
  }

  /**
   * Fits on the given rows of a series.
   *
   * @param rows the training rows; with lags, those of them that have a past, see {@link
   *     SeriesRule#answerable}
   * @param series what to forecast from; null where the rows are no series
   * @throws CajalException as the shorter method
   */
  public static Preprocessing fit(
      Table table, Target target, int[] rows, Options options, @Nullable SeriesRule series) {
    return fit(table, target, rows, options, series, new Notes());
  }

  /**
   * Fits on the given rows of a series.
   *
   * @param rows the training rows; with lags, those of them that have a past, see {@link
   *     SeriesRule#answerable}
   * @param series what to forecast from; null where the rows are no series
   * @param notes takes what is decided, also where an error follows
   * @throws CajalException as the shorter method
   */
  public static Preprocessing fit(
      Table table,
      Target target,
      int[] rows,
      Options options,
      @Nullable SeriesRule series,
      Notes notes) {
    if (rows.length == 0) {
      throw new CajalException(table.source() + ": no training rows; at least 1 is needed");
    }
    List<InputRule> rules = new ArrayList<>();
    target.notes().forEach(notes::add);
    OutputRule output = fitOutput(target, rows, options, notes);
    Table from = table;
    SeriesRule rule = series;
    if (rule != null && rule.forecasts()) {
      boolean logarithm = output instanceof OutputRule.OfNumber number && number.logarithm();
      rule = rule.withLogarithm(logarithm);
      from = rule.known(table, List.of());
    }
    // A forecast's network takes all inputs for quantities, as they stand behind the last value.
    Options used =
        rule != null && rule.forecasts()
            ? new Options(
                options.scaling(), options.mostCategories(), Integer.MAX_VALUE, options.logarithm())
            : options;
    for (Column column : from.columns()) {
      if (target.columns().contains(column.name())) {
        continue;
      }
      notes.add(column);
      if (!column.type().isInput()) {
        continue;
      }
      List<String> said = new ArrayList<>();
      InputRule input = ColumnFit.fit(column, rows, used, said);
      said.forEach(note -> notes.add(column.name(), note));
      if (input != null) {
        rules.add(input);
      }
    }
    if (rules.isEmpty()) {
      throw new CajalException(
          table.source()
              + ": no column to learn from besides the target \""
              + target.column()
              + "\"; at least one column with two values or more is needed");
    }
    rules.sort(Comparator.comparingInt(Preprocessing::order));
    if (rule != null && rule.learnsChange()) {
      output = fitChange(from, rule, (OutputRule.OfNumber) output, rows, rules);
    }
    return new Preprocessing(
        rules,
        output,
        table.columnNames(),
        notes.sentences(),
        rule,
        forms(table, target),
        table.given(),
        table.dialect());
  }

  /**
   * Puts the last known value first, in the units of the output, so that the network may add the
   * change to it, then the same value scaled as inputs are.
   *
   * @return the output in units of the usual change
   */
  private static OutputRule fitChange(
      Table known,
      SeriesRule series,
      OutputRule.OfNumber output,
      int[] rows,
      List<InputRule> rules) {
    Column last = known.column(series.lastValue());
    Column truth = known.column(series.target());
    double[] changes =
        Arrays.stream(rows)
            .mapToDouble(
                r -> {
                  double value = truth.number(r);
                  return (output.logarithm() ? Math.log(value) : value) - last.number(r);
                })
            .toArray();
    double scale = ColumnFit.moments(changes)[1];
    rules.removeIf(r -> r.column().equals(series.lastValue()) || r.column().equals(series.level()));
    rules.add(0, plain(series.lastValue(), output.center(), scale));
    rules.add(1, plain(series.level(), output.center(), output.scale()));
    return new OutputRule.OfNumber(output.column(), output.logarithm(), output.center(), scale);
  }

  private static InputRule plain(String column, double center, double scale) {
    return new InputRule.OfNumber(
        column, NumberForm.PLAIN, NumberScaling.STANDARD, center, scale, center, false);
  }

  private static OutputRule fitOutput(Target target, int[] rows, Options options, Notes notes) {
    return switch (target.task()) {
      case CLASSIFICATION -> new OutputRule.OfClasses(target.column(), target.labels());
      case MULTILABEL ->
          new OutputRule.OfLabels(target.columns(), target.labels(), target.labelsSeparator());
      case MULTIOUTPUT ->
          new OutputRule.OfSeveral(
              target.parts().stream().map(p -> fitOutput(p, rows, options, notes)).toList());
      case REGRESSION, SEQUENCE -> fitNumber(target, rows, options, notes);
    };
  }

  private static OutputRule fitNumber(Target target, int[] rows, Options options, Notes notes) {
    double[] all = target.numbers();
    double[] values = Arrays.stream(rows).mapToDouble(r -> all[r]).toArray();
    boolean positive = Arrays.stream(all).allMatch(v -> v > 0);
    Boolean wanted = options.logarithm();
    if (wanted != null && wanted && !positive) {
      throw new CajalException(
          "[preprocessing] the logarithm of target \""
              + target.column()
              + "\" needs positive numbers only");
    }
    boolean logarithm = wanted == null ? positive && ColumnFit.skewness(values) > SKEWED : wanted;
    if (logarithm) {
      values = Arrays.stream(values).map(Math::log).toArray();
      if (wanted == null) {
        notes.add(
            "target \"" + target.column() + "\" is positive and skewed: its logarithm is learned");
      }
    }
    double[] moments = ColumnFit.moments(values);
    return new OutputRule.OfNumber(target.column(), logarithm, moments[0], moments[1]);
  }

  /** The rules of the columns used, in the order of their inputs. */
  public List<InputRule> inputs() {
    return inputs;
  }

  /** What makes the rows a series; empty where they are none. */
  public Optional<SeriesRule> series() {
    return Optional.ofNullable(series);
  }

  /**
   * The rows of a table that can be answered: all, but for forecasts from past rows those that have
   * them.
   *
   * @throws CajalException if a column that tells the past is missing
   */
  public int[] answerable(Table table) {
    return series == null ? IntStream.range(0, table.rows()).toArray() : series.answerable(table);
  }

  /** The rule of the target. */
  public OutputRule output() {
    return output;
  }

  /**
   * The columns of the training table in the file's order, the target and those left out included.
   */
  public List<String> columns() {
    return columns;
  }

  /** What was decided without being asked, in sentences; empty after loading. */
  public List<String> notes() {
    return notes;
  }

  /** The number of inputs of the network. */
  public int width() {
    return width;
  }

  /** What the inputs are. */
  public InputColumns inputColumns() {
    return inputColumns;
  }

  /** The name of each input. */
  public List<String> featureNames() {
    return inputs.stream().flatMap(rule -> rule.names().stream()).toList();
  }

  /**
   * How to read a table for this preprocessing: as the training table was written and given, with
   * its types and forms of numbers and dates.
   */
  public CsvOptions csvOptions() {
    Map<String, ColumnType> types = new HashMap<>();
    Map<String, NumberForm> forms = new HashMap<>();
    Map<String, DateForm> dates = new HashMap<>();
    List<InputRule> read = new ArrayList<>(series == null ? List.of() : series.sources());
    if (series == null || !series.forecasts()) {
      read.addAll(inputs);
    }
    for (InputRule rule : read) {
      types.put(rule.column(), rule.type());
      if (rule instanceof InputRule.OfNumber number) {
        forms.put(rule.column(), number.form());
      }
      if (rule instanceof InputRule.OfDate date) {
        dates.put(rule.column(), date.form());
      }
    }
    putTypes(output, types);
    forms.putAll(targetForms);
    for (String column : columns) {
      types.putIfAbsent(column, ColumnType.IGNORED);
    }
    return new CsvOptions(given, likely, types, forms, dates, columns, true);
  }

  /** How the targets that are numbers are written. */
  private static Map<String, NumberForm> forms(Table table, Target target) {
    Map<String, NumberForm> forms = new HashMap<>();
    for (String name : target.columns()) {
      Column column = table.named(name);
      if (column != null && column.type() == ColumnType.NUMBER) {
        forms.put(name, column.numberForm());
      }
    }
    return forms;
  }

  private static Map<String, NumberForm> forms(PlainData data) {
    Map<String, NumberForm> forms = new HashMap<>();
    if (data.has("targetForms")) {
      PlainData known = data.object("targetForms");
      known.keys().forEach(column -> forms.put(column, NumberForm.fromMap(known.object(column))));
    }
    return forms;
  }

  private static void putTypes(OutputRule rule, Map<String, ColumnType> types) {
    switch (rule) {
      case OutputRule.OfNumber number -> types.put(number.column(), ColumnType.NUMBER);
      case OutputRule.OfSeveral several -> several.parts().forEach(p -> putTypes(p, types));
      case OutputRule.OfClasses classes -> types.put(classes.column(), ColumnType.CATEGORY);
      case OutputRule.OfLabels labels ->
          labels.columns().forEach(c -> types.put(c, ColumnType.CATEGORY));
    }
  }

  /**
   * The inputs of rows of a table.
   *
   * @return F32 [rows.length, width]
   * @throws CajalException if a column is missing or a cell is not of its type
   */
  public NDArray transform(Table table, int[] rows) {
    return encode(known(table, rows), rows);
  }

  /**
   * The table from which rows are encoded: with columns of the past where a model forecasts.
   *
   * @throws CajalException if a row has no past
   */
  private Table known(Table table, int[] rows) {
    if (series == null || !series.forecasts()) {
      return table;
    }
    Set<Integer> known = new HashSet<>();
    Arrays.stream(series.answerable(table)).forEach(known::add);
    for (int row : rows) {
      if (!known.contains(row)) {
        throw new CajalException(
            table.place(row)
                + ": the "
                + series.lags()
                + " values of \""
                + series.target()
                + "\" that this row is forecast from are not all there; begin the table "
                + (series.lags() + series.horizon() - 1)
                + " rows earlier, or pass over the rows that are not answerable");
      }
    }
    return series.known(table, List.of());
  }

  /**
   * The inputs of rows after the end of a table.
   *
   * @param next of the rows, as {@link SeriesRule#next} of the same table gives them
   * @return F32 [next.size(), width]
   * @throws CajalException if the model forecasts from no past rows, or a column is missing
   */
  public NDArray transform(Table table, List<SeriesRule.Next> next) {
    if (series == null || !series.forecasts()) {
      throw new CajalException(
          "[series] this model answers rows from their own columns and forecasts none; train it"
              + " with lags of at least 1");
    }
    int n = table.rows();
    return encode(series.known(table, next), IntStream.range(n, n + next.size()).toArray());
  }

  private NDArray encode(Table table, int[] rows) {
    List<Column> sources = sources(table);
    float[] out = new float[Math.multiplyExact(rows.length, width)];
    for (int i = 0; i < rows.length; i++) {
      encode(table, sources, rows[i], out, i * width, (place, value) -> out[place] = value);
    }
    return NDArray.of(out, Shape.of(rows.length, width));
  }

  /**
   * The inputs of rows of a table, in the form that takes less memory: of thousands of categories
   * and words only those that a row has are stored.
   *
   * @return N examples of [width]
   * @throws CajalException if a column is missing or a cell is not of its type
   */
  public Rows rows(Table table, int[] rows) {
    boolean narrow =
        inputColumns.indices().isEmpty() && inputColumns.words() == 0 && width <= MOST_DENSE;
    if (narrow || (series != null && series.forecasts())) {
      return new FloatRows(transform(table, rows));
    }
    List<Column> sources = sources(table);
    SparseRows.Builder out = new SparseRows.Builder(inputColumns, rows.length);
    float[] dense = new float[width];
    for (int row : rows) {
      encode(table, sources, row, dense, 0, out::put);
      for (int place = 0; place < inputColumns.plain(); place++) {
        out.put(place, dense[place]);
      }
      out.next();
    }
    return out.build();
  }

  /**
   * What in the cells of a table is new to the model, in sentences: values of categories that were
   * not in training, and missing cells.
   *
   * @param rows of the table that are to be answered
   * @throws CajalException if a column is missing
   */
  public List<String> unfamiliar(Table table, int[] rows) {
    Table from = known(table, rows);
    List<Column> sources = sources(from);
    List<String> notes = new ArrayList<>();
    List<String> gaps = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Column column = sources.get(i);
      long missing = Arrays.stream(rows).filter(column::isMissing).count();
      if (missing > 0) {
        gaps.add(missing + " in \"" + column.name() + "\"");
      }
      if (inputs.get(i) instanceof InputRule.OfCategory category) {
        unknown(category, column, rows, indices.get(i).keySet()).ifPresent(notes::add);
      }
    }
    if (!gaps.isEmpty()) {
      notes.add(
          "cells without a value: "
              + String.join(", ", gaps.subList(0, Math.min(MOST_GAPS, gaps.size())))
              + (gaps.size() > MOST_GAPS ? ", … (" + gaps.size() + " columns)" : ""));
    }
    return notes;
  }

  private static Optional<String> unknown(
      InputRule.OfCategory rule, Column column, int[] rows, Set<String> known) {
    Set<String> values = new LinkedHashSet<>();
    int cells = 0;
    for (int row : rows) {
      String text = column.text(row);
      if (text != null && !known.contains(text)) {
        values.add(text);
        cells++;
      }
    }
    if (values.isEmpty()) {
      return Optional.empty();
    }
    List<String> shown = values.stream().limit(3).map(Cells::quoted).toList();
    return Optional.of(
        "column \""
            + column.name()
            + "\": "
            + count(cells)
            + " of values that have no input of their own ("
            + String.join(", ", shown)
            + (values.size() > shown.size() ? ", …" : "")
            + ")"
            + (rule.other() ? ", taken as \"other\"" : ", which training has not seen"));
  }

  private static String count(long cells) {
    return cells == 1 ? "1 cell" : cells + " cells";
  }

  private List<Column> sources(Table table) {
    List<Column> sources = new ArrayList<>();
    for (InputRule rule : inputs) {
      Column column = table.named(rule.column());
      if (column == null) {
        throw new CajalException(
            Nearest.unknown(
                table.source() + ": the model needs a column which is not there; no column",
                rule.column(),
                table.columnNames()));
      }
      sources.add(column);
    }
    return sources;
  }

  /**
   * Encodes one row.
   *
   * @param dense where plain inputs are written, from {@code at} on
   * @param sparse what takes the inputs of categories and words, counted from {@code at}
   */
  private void encode(
      Table table, List<Column> sources, int row, float[] dense, int at, InputSink sparse) {
    int place = at;
    for (int i = 0; i < inputs.size(); i++) {
      InputRule rule = inputs.get(i);
      Column column = sources.get(i);
      switch (rule) {
        case InputRule.OfNumber number -> number.encode(number(table, column, row), dense, place);
        case InputRule.OfBoolean bool -> bool.encode(truth(table, bool, column, row), dense, place);
        case InputRule.OfCategory category ->
            category.encode(column.text(row), indices.get(i), sparse, place);
        case InputRule.OfText text -> text.encode(column.text(row), indices.get(i), sparse, place);
        case InputRule.OfDate date -> date.encode(date(table, date, column, row), dense, place);
      }
      place += rule.width();
    }
  }

  private static double number(Table table, Column column, int row) {
    double value = column.number(row);
    if (!Double.isFinite(value) && !column.isMissing(row)) {
      throw wrong(table.place(row), column.name(), column.text(row), "a number");
    }
    return value;
  }

  private static double truth(Table table, InputRule.OfBoolean rule, Column column, int row) {
    if (column.type() == ColumnType.BOOLEAN || column.isMissing(row)) {
      return column.isMissing(row) ? Double.NaN : column.number(row);
    }
    String text = String.valueOf(column.text(row));
    double value = truth(rule, text);
    if (Double.isNaN(value)) {
      throw wrong(table.place(row), column.name(), text, "true or false");
    }
    return value;
  }

  private static double truth(InputRule.OfBoolean rule, String text) {
    if (text.equals(rule.trueText()) || text.equals("1")) {
      return 1;
    }
    if (text.equals(rule.falseText()) || text.equals("0")) {
      return 0;
    }
    for (List<String> pair : Cells.BOOLEANS) {
      if (pair.contains(text.toLowerCase(Locale.ROOT))) {
        return pair.indexOf(text.toLowerCase(Locale.ROOT));
      }
    }
    return Double.NaN;
  }

  private static double date(Table table, InputRule.OfDate rule, Column column, int row) {
    if (column.type() == ColumnType.DATE || column.isMissing(row)) {
      return column.isMissing(row) ? Double.NaN : column.number(row);
    }
    String text = String.valueOf(column.text(row));
    double value = rule.form().parse(text);
    if (Double.isNaN(value)) {
      throw wrong(table.place(row), column.name(), text, rule.form().meaning());
    }
    return value;
  }

  private static CajalException wrong(
      String place, String column, @Nullable String text, String expected) {
    return new CajalException(
        place
            + ": column \""
            + column
            + "\": "
            + Cells.quoted(String.valueOf(text))
            + " is not "
            + expected
            + "; correct it, or leave it empty where the value is missing");
  }

  /**
   * The inputs of one row given as a map from column names to values: {@link Number}, {@link
   * Boolean}, {@link String} (read as a cell of a file), a date, moment or time of {@code
   * java.time}, a {@link java.time.Duration}, an enum constant, or null where the value is missing.
   * Further entries are passed over.
   *
   * @return {@link #width()} numbers
   * @throws CajalException if a column is not in the map, a value is not of its type, or the model
   *     forecasts from past rows
   */
  public float[] transform(Map<String, ?> row) {
    if (series != null && series.forecasts()) {
      throw new CajalException(
          "[predict] this model forecasts a row from the "
              + (series.lags() + series.horizon() - 1)
              + " rows before it, which one row does not tell; give it a table of them, by"
              + " predict(table) or forecast(table)");
    }
    float[] out = new float[width];
    InputSink sink = (place, value) -> out[place] = value;
    int at = 0;
    for (int i = 0; i < inputs.size(); i++) {
      InputRule rule = inputs.get(i);
      if (!row.containsKey(rule.column())) {
        throw new CajalException(
            "[predict] the row has no value for column \""
                + rule.column()
                + "\"; needed are "
                + String.join(", ", inputs.stream().map(r -> "\"" + r.column() + "\"").toList())
                + " (null where a value is missing)");
      }
      Object value = row.get(rule.column());
      String text = value == null ? null : RowValues.text(rule.column(), value);
      if (text != null && value instanceof String && isMissing(text, rule.type())) {
        text = null;
      }
      switch (rule) {
        case InputRule.OfNumber number ->
            number.encode(RowValues.number(number, value, text), out, at);
        case InputRule.OfBoolean bool -> {
          double truth = text == null ? Double.NaN : truth(bool, text);
          if (text != null && Double.isNaN(truth)) {
            throw wrong("[predict]", rule.column(), text, "true or false");
          }
          bool.encode(truth, out, at);
        }
        case InputRule.OfCategory category -> category.encode(text, indices.get(i), sink, at);
        case InputRule.OfText free -> free.encode(text, indices.get(i), sink, at);
        case InputRule.OfDate date -> {
          double seconds =
              text == null
                  ? Double.NaN
                  : value instanceof TemporalAccessor temporal
                      ? date.form().seconds(temporal)
                      : date.form().parse(text);
          if (text != null && Double.isNaN(seconds)) {
            throw wrong("[predict]", rule.column(), text, date.form().meaning());
          }
          date.encode(seconds, out, at);
        }
      }
      at += rule.width();
    }
    return out;
  }

  private boolean isMissing(String text, ColumnType type) {
    return Cells.missing(text, given.missing())
        || (type == ColumnType.CATEGORY
            ? Cells.missing(text, Cells.MISSING) || Cells.nan(text)
            : Cells.missing(text, Cells.MISSING_NUMBER) && !Cells.nan(text)
                || (Cells.nan(text) && type != ColumnType.NUMBER));
  }

  /**
   * Rows of a table with their targets, ready to train or to measure on.
   *
   * @return features F32 [N, width]; targets as {@link Task} says, numbers standardised [N, 1]
   * @throws CajalException if a column is missing, a cell is not of its type, a target is missing
   *     or a class is unknown
   */
  public Dataset dataset(Table table, int[] rows) {
    List<Column> targets = output.columns().stream().map(c -> targetColumn(table, c)).toList();
    Rows features = rows(table, rows);
    String name = Input.stem(table.source());
    int n = rows.length;
    Dataset data =
        switch (output) {
          case OutputRule.OfClasses classes ->
              Dataset.classification(
                  name,
                  features,
                  classIndices(table, classes, targets.getFirst(), rows),
                  classes.labels());
          case OutputRule.OfNumber number ->
              Dataset.regression(
                  name,
                  features,
                  NDArray.of(encoded(table, number, targets.getFirst(), rows), Shape.of(n, 1)));
          case OutputRule.OfLabels labels ->
              Dataset.multilabel(
                  name,
                  features,
                  NDArray.of(marks(table, labels, targets, rows), Shape.of(n, labels.width())),
                  labels.labels());
          case OutputRule.OfSeveral several ->
              Dataset.multioutput(
                  name, features, severalTargets(table, several, targets, rows), several);
        };
    return data.withFeatureNames(featureNames()).withProvenance(table.source());
  }

  private static Column targetColumn(Table table, String name) {
    Column column = table.named(name);
    if (column == null) {
      throw new CajalException(
          Nearest.unknown(table.source() + ": no target column", name, table.columnNames()));
    }
    return column;
  }

  private static int[] classIndices(
      Table table, OutputRule.OfClasses classes, Column column, int[] rows) {
    Labels labels = new Labels(classes.labels());
    int[] out = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      requireTarget(table, column, rows[i]);
      String label = String.valueOf(column.text(rows[i]));
      out[i] = labels.index(label);
      if (out[i] < 0) {
        throw unknownLabel(table, column, rows[i], "class", label, classes.labels());
      }
    }
    return out;
  }

  private static CajalException unknownLabel(
      Table table, Column column, int row, String what, String label, List<String> known) {
    return new CajalException(
        table.place(row)
            + ": "
            + Nearest.unknown("target column \"" + column.name() + "\": no " + what, label, known));
  }

  private static float[] encoded(Table table, OutputRule.OfNumber rule, Column column, int[] rows) {
    float[] values = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      requireTarget(table, column, rows[i]);
      double encoded = rule.encode(number(table, column, rows[i]));
      if (!Double.isFinite(encoded)) {
        throw new CajalException(
            table.place(rows[i])
                + ": target "
                + Cells.label(column.number(rows[i]))
                + " has no logarithm, which the model learned; only positive targets are"
                + " allowed");
      }
      values[i] = (float) encoded;
    }
    return values;
  }

  /** Where each label is there, [rows, labels]. */
  private static float[] marks(
      Table table, OutputRule.OfLabels rule, List<Column> columns, int[] rows) {
    int width = rule.width();
    float[] out = new float[Math.multiplyExact(rows.length, width)];
    Labels labels = new Labels(rule.labels());
    for (int i = 0; i < rows.length; i++) {
      int row = rows[i];
      if (!rule.separator().isEmpty()) {
        Column column = columns.getFirst();
        String text = column.text(row);
        for (String label :
            text == null ? List.<String>of() : OutputRule.OfLabels.split(text, rule.separator())) {
          int index = labels.index(label);
          if (index < 0) {
            throw unknownLabel(table, column, row, "label", label, rule.labels());
          }
          out[i * width + index] = 1;
        }
        continue;
      }
      for (int k = 0; k < width; k++) {
        Column column = columns.get(k);
        requireTarget(table, column, row);
        String text = String.valueOf(column.text(row));
        double truth = OutputRule.OfLabels.truth(text);
        if (Double.isNaN(truth)) {
          throw wrong(table.place(row), column.name(), text, "0 or 1");
        }
        out[i * width + k] = (float) truth;
      }
    }
    return out;
  }

  private static NDArray severalTargets(
      Table table, OutputRule.OfSeveral rule, List<Column> columns, int[] rows) {
    int width = columns.size();
    float[] out = new float[Math.multiplyExact(rows.length, width)];
    for (int k = 0; k < width; k++) {
      switch (rule.parts().get(k)) {
        case OutputRule.OfClasses classes -> {
          int[] indices = classIndices(table, classes, columns.get(k), rows);
          for (int i = 0; i < rows.length; i++) {
            out[i * width + k] = indices[i];
          }
        }
        case OutputRule.OfNumber number -> {
          float[] values = encoded(table, number, columns.get(k), rows);
          for (int i = 0; i < rows.length; i++) {
            out[i * width + k] = values[i];
          }
        }
        case OutputRule.OfLabels labels -> throw new AssertionError(labels);
        case OutputRule.OfSeveral several -> throw new AssertionError(several);
      }
    }
    return NDArray.of(out, Shape.of(rows.length, width));
  }

  private static void requireTarget(Table table, Column column, int row) {
    if (column.isMissing(row)) {
      throw new CajalException(
          table.place(row)
              + ": target column \""
              + column.name()
              + "\" is empty; fill it in or remove the row");
    }
  }

  /** As plain data for JSON: maps, lists, texts, numbers and truth values. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("columns", columns);
    map.put("inputs", inputs.stream().map(InputRule::toMap).toList());
    map.put("output", output.toMap());
    if (series != null) {
      map.put("series", series.toMap());
    }
    Map<String, Object> forms = new LinkedHashMap<>();
    new TreeMap<>(targetForms).forEach((column, form) -> forms.put(column, form.toMap()));
    map.put("targetForms", forms);
    map.put("given", given.toMap());
    map.put("dialect", likely.toMap());
    return map;
  }

  /**
   * From plain data.
   *
   * @throws CajalException if an entry is missing, of another kind or out of range
   */
  public static Preprocessing fromMap(Map<String, ?> map) {
    PlainData data = new PlainData("preprocessing", map);
    List<InputRule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (PlainData rule : data.objects("inputs")) {
      InputRule input = RuleReading.input(rule);
      if (!names.add(input.column())) {
        throw new CajalException(
            "[preprocessing] two rules for column \"" + input.column() + "\"; one is allowed");
      }
      rules.add(input);
    }
    for (int i = 1; i < rules.size(); i++) {
      if (order(rules.get(i)) < order(rules.get(i - 1))) {
        throw new CajalException(
            "[preprocessing] the rule for column \""
                + rules.get(i).column()
                + "\" stands behind those of indices or words; plain inputs come first, then"
                + " indices, then words");
      }
    }
    return new Preprocessing(
        rules,
        RuleReading.output(data.object("output")),
        data.texts("columns"),
        List.of(),
        data.has("series") ? SeriesRule.fromMap(data.object("series")) : null,
        forms(data),
        data.has("given") ? Dialect.fromMap(data.object("given")) : Dialect.FOUND_OUT,
        data.has("dialect") ? Dialect.fromMap(data.object("dialect")) : Dialect.FOUND_OUT);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Preprocessing p
        && p.inputs.equals(inputs)
        && p.output.equals(output)
        && p.columns.equals(columns)
        && Objects.equals(p.series, series)
        && p.targetForms.equals(targetForms)
        && p.given.equals(given)
        && p.likely.equals(likely);
  }

  @Override
  public int hashCode() {
    return inputs.hashCode() * 31 + output.hashCode();
  }
}
