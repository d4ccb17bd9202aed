package org.cajal.app;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cajal.data.ArrayPair;
import org.cajal.data.Column;
import org.cajal.data.Csv;
import org.cajal.data.CsvOptions;
import org.cajal.data.FloatRows;
import org.cajal.data.ImageFolder;
import org.cajal.data.OutputRule;
import org.cajal.data.Preprocessing;
import org.cajal.data.Rows;
import org.cajal.data.Series;
import org.cajal.data.SeriesRule;
import org.cajal.data.Table;
import org.cajal.model.Model;
import org.cajal.model.Prediction;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cajal predict}: the answers of a saved model as CSV on standard output. */
@Command(
    name = "predict",
    description = {
      "Prints what a model answers for the rows of a table, an image or a folder of images.",
      "CSV on standard output: one line for each row with the class and the probability of every"
          + " class (of the 5 most probable of more than 100), the number, or the labels; several"
          + " targets side by side."
    },
    mixinStandardHelpOptions = true)
final class Predict implements Callable<Integer> {
  private static final int ROWS_AT_ONCE = 4096;

  /** Answers that are in memory at a time. */
  private static final int VALUES_AT_ONCE = 1 << 21;

  /** Of wide rows, such as those of texts, fewer are answered at once. */
  private static final long NUMBERS_AT_ONCE = 1 << 22;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A model file that training has saved.")
  private Path model = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "INPUT",
      description =
          "A table (CSV, TSV), arrays (NPZ, NPY), an image (PNG, JPEG, BMP, GIF) or a folder of"
              + " images.")
  private Path input = Path.of("");

  @Option(
      names = "--x",
      paramLabel = "ARRAY",
      description = "The array of examples in an .npz file (default: by its name or shape).")
  private @Nullable String x;

  @Mixin private SkipBrokenOption broken = new SkipBrokenOption();

  @Mixin private FormatOptions format = new FormatOptions();

  @Mixin private ThreadsOption threads = new ThreadsOption();

  @Override
  public Integer call() {
    threads.use();
    Model loaded = Model.load(model);
    boolean images = loaded.spec().inputShape().rank() == 3;
    if (!Files.exists(input)) {
      throw new CajalException(input + ": no such file or folder; check the path");
    }
    if (images && ArrayPair.isArrays(input)) {
      answer(loaded, new FloatRows(ArrayData.inputs(loaded.spec(), input, x)));
    } else if (images) {
      PrintWriter err = spec.commandLine().getErr();
      images(
          loaded,
          Files.isDirectory(input)
              ? ImageFolder.files(input, broken.skip, note -> err.println("note: " + note))
              : List.of(input));
    } else {
      table(loaded);
    }
    return Main.OK;
  }

  private void images(Model loaded, List<Path> files) {
    PrintWriter out = spec.commandLine().getOut();
    PredictionCsv csv = null;
    for (Path file : files) {
      Prediction prediction = loaded.predict(file);
      if (csv == null) { // the header too only once the first image could be read
        csv = new PredictionCsv(out, prediction, List.of("file"), separator(loaded));
      }
      csv.add(List.of(file.toString()), prediction);
    }
  }

  private void table(Model loaded) {
    if (Files.isDirectory(input)) {
      throw new CajalException(
          input + ": is a folder; this model takes tables, a CSV file is expected");
    }
    CsvOptions options =
        loaded.spec().preprocessing().map(p -> p.csvOptions()).orElse(CsvOptions.DEFAULT);
    Table rows =
        ArrayPair.isArrays(input)
            ? ArrayPair.readExamples(input, x).table(null)
            : Csv.read(input, format.on(options));
    PrintWriter err = spec.commandLine().getErr();
    TableRows.notes(rows).forEach(note -> err.println("note: " + note));
    loaded
        .spec()
        .preprocessing()
        .map(p -> p.unfamiliar(rows, p.answerable(rows)))
        .orElse(List.of())
        .forEach(note -> err.println("note: " + note));
    Optional<SeriesRule> series =
        loaded.spec().preprocessing().flatMap(Preprocessing::series).filter(SeriesRule::forecasts);
    if (series.isPresent()) {
      forecast(loaded, series.get(), rows);
      return;
    }
    Rows inputs =
        loaded
            .spec()
            .preprocessing()
            .map(p -> p.rows(rows, IntStream.range(0, rows.rows()).toArray()))
            .orElseGet(() -> new FloatRows(numbers(loaded, rows)));
    answer(loaded, inputs);
  }

  /** Prints the answers to inputs as the network takes them. */
  private void answer(Model loaded, Rows inputs) {
    long wide = Math.clamp(NUMBERS_AT_ONCE / inputs.shape().size(), 1, ROWS_AT_ONCE);
    int most = (int) Math.clamp(VALUES_AT_ONCE / loaded.predictor(1).outputSize(), 1, wide);
    PredictionCsv csv = null;
    for (int from = 0; from < inputs.size(); from += most) {
      int[] part = IntStream.range(from, Math.min(inputs.size(), from + most)).toArray();
      for (Prediction prediction : loaded.predict(inputs.gather(part))) {
        if (csv == null) {
          csv =
              new PredictionCsv(
                  spec.commandLine().getOut(), prediction, List.of(), separator(loaded));
        }
        csv.add(List.of(), prediction);
      }
    }
    if (csv != null) {
      csv.note().ifPresent(note -> spec.commandLine().getErr().println("note: " + note));
    }
  }

  /**
   * One line for each row in the order of the file, then the rows after its end, as far as they can
   * be forecast.
   */
  private void forecast(Model loaded, SeriesRule series, Table rows) {
    int[] answerable = series.answerable(rows);
    List<SeriesRule.Next> next = series.next(rows);
    if (answerable.length + next.size() == 0) {
      throw new CajalException(
          input
              + ": no row can be forecast: the model needs "
              + (series.lags() + series.horizon() - 1)
              + " rows before a row, with the values of \""
              + series.target()
              + "\"; the file has "
              + rows.rows()
              + " rows");
    }
    Series times = series.series(rows);
    List<String> names = new ArrayList<>(List.of(series.time()));
    names.addAll(series.groups());
    List<Prediction> known = loaded.predict(rows);
    List<Prediction> ahead = next.isEmpty() ? List.of() : loaded.forecast(rows);
    Prediction like = known.isEmpty() ? ahead.getFirst() : known.getFirst();
    PredictionCsv csv =
        new PredictionCsv(spec.commandLine().getOut(), like, names, separator(loaded));
    Set<Integer> forecast = Arrays.stream(answerable).boxed().collect(Collectors.toSet());
    for (int row = 0; row < rows.rows(); row++) {
      csv.add(
          named(series, rows, row, times.timeText(row)),
          forecast.contains(row) ? known.get(row) : null);
    }
    for (int i = 0; i < ahead.size(); i++) {
      csv.add(named(series, rows, next.get(i).row(), next.get(i).text()), ahead.get(i));
    }
    PrintWriter err = spec.commandLine().getErr();
    int without = rows.rows() - answerable.length;
    if (without > 0) {
      err.println(
          "note: "
              + without
              + " rows have no answer, as the "
              + series.lags()
              + " values that they are forecast from are not all in the file");
    }
    if (!next.isEmpty()) {
      err.println("note: the last " + next.size() + " lines forecast what comes after the file");
    }
  }

  private static List<String> named(SeriesRule series, Table rows, int row, String time) {
    List<String> cells = new ArrayList<>(List.of(time));
    for (String group : series.groups()) {
      cells.add(String.valueOf(rows.column(group).text(row)));
    }
    return cells;
  }

  /** What to write between the labels of an example. */
  private static String separator(Model loaded) {
    return loaded
        .spec()
        .preprocessing()
        .map(
            p ->
                p.output() instanceof OutputRule.OfLabels labels && !labels.separator().isEmpty()
                    ? labels.separator()
                    : ";")
        .orElse(";");
  }

  /**
   * The inputs of a model without a table's preprocessing: its named columns, or the first ones.
   */
  private static NDArray numbers(Model loaded, Table rows) {
    int width = Math.toIntExact(loaded.spec().inputShape().size());
    List<String> names = loaded.spec().featureNames();
    if (names.isEmpty() && rows.columns().size() < width) {
      throw new CajalException(
          rows.source()
              + ": "
              + rows.columns().size()
              + " columns; the model takes "
              + width
              + " numbers a row");
    }
    float[] values = new float[Math.multiplyExact(width, rows.rows())];
    for (int c = 0; c < width; c++) {
      Column column = names.isEmpty() ? rows.columns().get(c) : rows.column(names.get(c));
      for (int r = 0; r < rows.rows(); r++) {
        double value = column.number(r);
        if (!Double.isFinite(value)) {
          String text = column.text(r);
          throw new CajalException(
              rows.source()
                  + ": row "
                  + (r + 1)
                  + ", column \""
                  + column.name()
                  + "\": "
                  + describe(text)
                  + "; the model takes numbers");
        }
        values[r * width + c] = (float) value;
      }
    }
    return NDArray.of(values, Shape.of(rows.rows(), width));
  }

  private static String describe(@Nullable String text) {
    return text == null ? "no value" : "\"" + text + "\" is no number";
  }
}
