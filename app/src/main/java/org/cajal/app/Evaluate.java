package org.cajal.app;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cajal.data.ArrayPair;
import org.cajal.data.Column;
import org.cajal.data.Dataset;
import org.cajal.data.NaiveForecast;
import org.cajal.data.OutputRule;
import org.cajal.data.Preprocessing;
import org.cajal.data.SeriesRule;
import org.cajal.data.Table;
import org.cajal.io.Json;
import org.cajal.model.Evaluation;
import org.cajal.model.Model;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cajal evaluate}: how well a saved model does on data whose answers are known. */
@Command(
    name = "evaluate",
    description =
        "Measures a model on a table with the target column, a folder of images by class, or a set"
            + " by name.",
    mixinStandardHelpOptions = true)
final class Evaluate implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A model file that training has saved.")
  private Path model = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "DATA",
      description =
          "A table (CSV, TSV), arrays (NPZ), a folder with a folder of images for each class, or a"
              + " set by name (its test part).")
  private String data = "";

  @Option(
      names = "--x",
      paramLabel = "ARRAY",
      description = "The array of examples in an .npz file (default: by its name or shape).")
  private @Nullable String x;

  @Option(
      names = "--y",
      paramLabel = "ARRAY",
      description = "The array of answers in an .npz file (default: by its name or shape).")
  private @Nullable String y;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The folder of mnist and fashion-mnist (default: CAJAL_DATA, else they are downloaded"
              + " once).")
  private @Nullable Path folder;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Measure on at most so many examples (default: all).")
  private @Nullable Integer samples;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of drawn or made data (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Mixin private SkipBrokenOption broken = new SkipBrokenOption();

  @Mixin private FormatOptions format = new FormatOptions();

  @Mixin private ThreadsOption threads = new ThreadsOption();

  @Option(names = "--json", description = "Print one JSON object on one line.")
  private boolean json;

  @Override
  public Integer call() {
    threads.use();
    long start = System.nanoTime();
    if (samples != null && samples < 1) {
      throw new CajalException("--samples " + samples + " is out of range; at least 1 is needed");
    }
    Model loaded = Model.load(model);
    Optional<TableRows> rows = table(loaded);
    Evaluation e = rows.isPresent() ? loaded.evaluate(rows.get().table()) : measured(loaded);
    Optional<NaiveForecast> naive =
        rows.flatMap(measured -> NaiveText.of(loaded.spec().preprocessing(), measured));
    double seconds = (System.nanoTime() - start) * 1e-9;
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> map = new LinkedHashMap<>(e.metrics());
      map.put("rows", e.rows());
      naive.ifPresent(n -> map.putAll(NaiveText.numbers(n, e)));
      map.put("seconds", Math.round(seconds * 1000) / 1000.0);
      map.put("model", model.toString());
      out.println(Json.write(map));
      return Main.OK;
    }
    rows.ifPresent(this::sayLeftOut);
    ResultText.lines(data, e).forEach(out::println);
    naive.ifPresent(n -> out.println(NaiveText.line(n, e)));
    List<String> details = ResultText.details(e);
    if (!details.isEmpty()) {
      out.println();
      details.forEach(out::println);
    }
    return Main.OK;
  }

  private Evaluation measured(Model loaded) {
    Path file = Path.of(data);
    if (ArrayPair.isArrays(file)) {
      Dataset images =
          ArrayData.images(
              file, ArrayPair.Part.TEST, x, y, loaded.spec().inputShape(), loaded.spec().labels());
      return loaded.evaluate(ArrayData.scaled(loaded.spec(), images, file));
    }
    if (Files.isRegularFile(file)) {
      throw new CajalException(
          data
              + ": is a file; this model takes "
              + loaded.spec().inputShape()
              + " and no tables: give a folder of images by class, or a set by name");
    }
    PrintWriter err = spec.commandLine().getErr();
    return loaded.evaluate(
        Sources.toMeasure(
            loaded.spec(),
            data,
            folder,
            samples,
            seed,
            broken.skip,
            note -> err.println("note: " + note)));
  }

  /** The rows of a table that are measured on; empty where the model takes no tables. */
  private Optional<TableRows> table(Model loaded) {
    if (loaded.spec().preprocessing().isEmpty()) {
      return Optional.empty();
    }
    if (Sources.isName(data) || Files.isDirectory(Path.of(data))) {
      throw new CajalException(
          data + ": is no table; this model takes tables, a CSV file is expected");
    }
    Preprocessing preprocessing = loaded.spec().preprocessing().get();
    Table table =
        ArrayData.table(
            Path.of(data), format.on(preprocessing.csvOptions()), ArrayPair.Part.TEST, x, y);
    TableRows.notes(table).forEach(note -> spec.commandLine().getErr().println("note: " + note));
    PrintWriter err = spec.commandLine().getErr();
    boolean forecasts = preprocessing.series().filter(SeriesRule::forecasts).isPresent();
    boolean labels = preprocessing.output() instanceof OutputRule.OfLabels;
    if (!forecasts && !labels) { // forecasts need the rows in between; no label is an answer too
      table = answered(table, preprocessing.output().columns());
    }
    int[] rows = preprocessing.answerable(table);
    preprocessing.unfamiliar(table, rows).forEach(note -> err.println("note: " + note));
    return Optional.of(new TableRows(table, rows));
  }

  /** The rows in which every target has a value, if there are any. */
  private Table answered(Table table, List<String> targets) {
    List<Column> columns =
        targets.stream().map(table::named).filter(column -> column != null).toList();
    int[] rows = Tables.answered(table, columns);
    int without = table.rows() - rows.length;
    if (without == 0 || rows.length == 0) {
      return table;
    }
    spec.commandLine()
        .getErr()
        .println(
            "note: "
                + (without == 1
                    ? "1 row has no target and is"
                    : without + " rows have no target and are")
                + " not measured on");
    return table.select(rows);
  }

  private void sayLeftOut(TableRows measured) {
    int without = measured.table().rows() - measured.rows().length;
    if (without > 0) {
      spec.commandLine()
          .getErr()
          .println(
              "note: "
                  + without
                  + " rows have no past in the file to be forecast from and are not measured on");
    }
  }
}
