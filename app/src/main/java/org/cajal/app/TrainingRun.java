package org.cajal.app;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.cajal.data.Dataset;
import org.cajal.data.Leaks;
import org.cajal.data.NaiveForecast;
import org.cajal.data.NearDuplicates;
import org.cajal.data.Notes;
import org.cajal.data.Preprocessing;
import org.cajal.data.SeriesRule;
import org.cajal.data.Task;
import org.cajal.io.AtomicFiles;
import org.cajal.io.Json;
import org.cajal.io.Quote;
import org.cajal.layer.Forward;
import org.cajal.metric.ConfusionMatrix;
import org.cajal.model.Evaluation;
import org.cajal.model.History;
import org.cajal.model.Model;
import org.cajal.model.ModelSpec;
import org.cajal.report.Doctor;
import org.cajal.report.ImageDoctor;
import org.cajal.report.Progress;
import org.cajal.report.ReportPage;
import org.cajal.report.TrainingReport;
import org.cajal.tensor.Tensor;
import org.cajal.train.ProgressListener;
import org.cajal.train.Trainer;
import org.cajal.train.TrainingListener;
import org.cajal.train.TrainingResult;
import org.cajal.train.TrainingResult.Ending;
import org.cajal.type.CajalException;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * One training from the data to the files and the last line: what {@code cajal train} does once its
 * options are read.
 */
final class TrainingRun {
  /** The model's file in the run's folder. */
  static final String MODEL = "model.safetensors";

  /** The report's file in the run's folder. */
  static final String REPORT = "report.html";

  /** Of a note or warning so many characters are shown; names of the data may be long. */
  private static final int LONGEST_NOTE = 2000;

  private final DataOptions dataOptions;
  private final TrainingOptions options;
  private final Path folder;
  private List<String> words;
  private final boolean resumed;
  private final PrintWriter out;
  private final PrintWriter err;
  private final PrintWriter loud;
  private final boolean quiet;
  private final boolean json;
  private final @Nullable PrintWriter profile;
  private final long start = System.nanoTime();

  /**
   * A run to begin.
   *
   * @param folder to write into
   * @param words the arguments that repeat it
   * @param resumed whether the folder holds a checkpoint to go on from
   * @param out where the result goes
   * @param err where notes, progress and warnings go
   * @param quiet whether only warnings do
   * @param json whether the result is one JSON object
   * @param profile where the times of the steps' kernels go; null if they are not asked for
   */
  TrainingRun(
      DataOptions dataOptions,
      TrainingOptions options,
      Path folder,
      List<String> words,
      boolean resumed,
      PrintWriter out,
      PrintWriter err,
      boolean quiet,
      boolean json,
      @Nullable PrintWriter profile) {
    this.dataOptions = dataOptions;
    this.options = options;
    this.folder = folder;
    this.words = List.copyOf(words);
    this.resumed = resumed;
    this.out = out;
    this.err = quiet ? new PrintWriter(Writer.nullWriter()) : err;
    this.loud = err;
    this.quiet = quiet;
    this.json = json;
    this.profile = profile;
  }

  /**
   * Trains, measures, writes and says so.
   *
   * @throws CajalException if data or settings are bad, or training fails
   */
  void run() {
    TrainingData data = data();
    data.notes().forEach(note -> err.println("note: " + Quote.line(note, LONGEST_NOTE)));
    List<String> all = new ArrayList<>(words);
    all.addAll(data.words());
    words = List.copyOf(all);
    Recipe recipe = Recipe.of(data, options, dataOptions.seed);
    ModelSpec spec = spec(recipe, data);
    say(recipe, spec, data);
    if (options.findLearningRate) {
      double rate =
          new Trainer(spec, recipe.settings()).findLearningRate(data.train()).suggestion();
      err.printf(Locale.ROOT, "learning rate found: %.2g%n", rate);
      int batch = Math.max(1, recipe.settings().batchSize());
      recipe = recipe.withRate(rate, options.schedule, (data.train().size() + batch - 1L) / batch);
    }
    Trainer trainer = new Trainer(spec, recipe.settings());
    Dataset validation = data.validation();
    if (validation != null) {
      trainer.validation(validation);
    }
    if (profile != null) {
      trainer.profiled();
    }
    Progress progress =
        new Progress(err, Terminal.style(), System::nanoTime, recipe.settings().epochs());
    trainer.listener(new ProgressListener(progress));
    if (quiet) {
      trainer.listener(
          new TrainingListener() {
            @Override
            public void warns(String sentence) {
              loud.println("warning: " + sentence);
            }
          });
    }
    if (data.kind()
        != TrainingData.Kind
            .TRUTH) { // whose training is over before a disk has written a checkpoint
      trainer.checkpoints(folder);
    }
    AtomicReference<Trainer> running = new AtomicReference<>(trainer);
    try (Interruption interruption = new Interruption(() -> running.get().stop());
        OutputFolder.Claim _ = OutputFolder.claim(folder, !resumed)) {
      if (!resumed) {
        new RunFile(
                words,
                command(),
                recipe.settings().describe(),
                data.notes(),
                Map.of(),
                History.NONE)
            .write(folder);
      }
      TrainingResult result = train(trainer, data);
      if (interruption.isRequested()) {
        progress.note("");
      }
      finish(result, recipe, data, new Refit(spec, recipe.settings(), running));
      if (profile != null) {
        profile.printf(Locale.ROOT, "%n%,d steps%n%s", result.profile().runs(), result.profile());
        profile.flush();
      }
      out.flush();
      err.flush();
    }
  }

  private TrainingResult train(Trainer trainer, TrainingData data) {
    Path last = folder.resolve(Trainer.LAST_FILE);
    Path best = folder.resolve(Trainer.BEST_FILE);
    try {
      if (resumed && Files.exists(last)) {
        return trainer.resume(data.train(), last);
      }
      if (resumed && Files.exists(folder.resolve(MODEL))) {
        throw new CajalException(
            folder
                + ": this training is over, and there is no "
                + Trainer.LAST_FILE
                + " to go on from; begin a new one");
      }
      if (resumed) {
        err.println(
            "note: " + folder + " has no checkpoint yet; training begins from the first step");
      }
      return trainer.train(data.train());
    } catch (CajalException e) {
      if (!resumed && !Files.exists(last)) {
        remove(RunFile.NAME);
      }
      if (Files.exists(best)) {
        loud.println("note: the best model so far is " + best);
      }
      throw e;
    }
  }

  private static ModelSpec spec(Recipe recipe, TrainingData data) {
    Dataset train = data.train();
    ModelSpec spec =
        ModelSpec.of(
            recipe.network(), recipe.loss().orElseGet(() -> ModelSpec.defaultLoss(train)), train);
    if (data.preprocessing().isPresent()) {
      spec = spec.with(data.preprocessing().get());
    }
    return data.scaling().isPresent() ? spec.with(data.scaling().get()) : spec;
  }

  /** Which network learns from what. */
  private void say(Recipe recipe, ModelSpec spec, TrainingData data) {
    Tensor input = Tensor.input("x", spec.inputDtype(), Shape.of(1).concat(spec.inputShape()));
    var forward = Forward.outline(recipe.network(), spec.dtype(), input);
    Dataset validation = data.validation();
    Dataset test = data.test();
    err.printf(
        Locale.ROOT,
        "%s: %,d parameters, input %s, output %s%n",
        recipe.name(),
        forward.trace().parameters(),
        spec.inputShape(),
        forward.output().shape().sub(1, forward.output().rank()));
    err.printf(
        Locale.ROOT,
        "%s: %,d rows to train on%s%s%n",
        data.name(),
        data.train().size(),
        validation == null
            ? ""
            : String.format(Locale.ROOT, ", %,d to validate", validation.size()),
        test == null ? "" : String.format(Locale.ROOT, ", %,d to test", test.size()));
    err.flush();
  }

  private String command() {
    List<String> all = new ArrayList<>(List.of("train"));
    all.addAll(words);
    return CommandText.line("cajal", all);
  }

  private void finish(TrainingResult result, Recipe recipe, TrainingData data, Refit refit) {
    Model model = result.model();
    List<String> failures = new ArrayList<>();
    Optional<Path> modelFile = save(model, failures);
    Path reportFile = folder.resolve(REPORT);
    String part =
        data.test() != null ? "test" : data.validation() != null ? "validation" : "training";
    Dataset measured =
        data.test() != null
            ? data.test()
            : data.validation() != null ? data.validation() : data.train();
    Evaluation e = model.evaluate(measured);
    double seconds = (System.nanoTime() - start) * 1e-9;
    List<String> warnings = new ArrayList<>(result.warnings());
    warnings.addAll(warnings(result, data, measured, e, recipe.settings().balanced()));
    Optional<NaiveForecast> naive = naive(data, measured);
    naive.flatMap(n -> NaiveText.warning(n, e, lags(data))).ifPresent(warnings::add);
    TrainingReport report = report(result, recipe, data, measured, e, naive, part, warnings);
    boolean reported =
        written(() -> AtomicFiles.writeString(reportFile, ReportPage.html(report)), failures);
    Map<String, Object> numbers = numbers(result, data, e, part, seconds);
    modelFile.ifPresent(file -> numbers.put("model", file.toString()));
    if (reported) {
      numbers.put("report", reportFile.toString());
    }
    naive.ifPresent(n -> numbers.putAll(NaiveText.numbers(n, e)));
    RunFile runFile =
        new RunFile(
            words,
            command(),
            recipe.settings().describe(),
            data.notes(),
            numbers,
            result.history());
    written(() -> runFile.write(folder), failures);
    if (result.ending() != Ending.INTERRUPTED && modelFile.isPresent()) {
      remove(Trainer.BEST_FILE);
    }
    int refitted =
        options.refit && modelFile.isPresent() ? refit.save(result, data, modelFile.get(), err) : 0;
    warnings.forEach(w -> loud.println("warning: " + Quote.line(w, LONGEST_NOTE)));
    loud.flush();
    PrintWriter to = json ? err : out;
    if (result.ending() == Ending.INTERRUPTED) {
      to.println(interrupted(result));
    } else if (result.ending() == Ending.EARLY) {
      to.printf(
          Locale.ROOT,
          "stopped after epoch %d, as it no longer improved; the weights of epoch %d are kept, the"
              + " best by %s%n",
          result.history().epochs().size(),
          result.history().bestEpoch(),
          result.keptBy());
    }
    ResultText.lines(part, e).forEach(to::println);
    naive.ifPresent(n -> to.println(NaiveText.line(n, e)));
    to.println();
    List<String> details = ResultText.details(e);
    if (!details.isEmpty()) {
      details.forEach(to::println);
      to.println();
    }
    modelFile.ifPresent(file -> to.printf(Locale.ROOT, "model   %s%n", file));
    if (refitted > 0) {
      to.printf(
          Locale.ROOT,
          "        fitted again to all %,d rows; measured above is the one before%n",
          refitted);
    }
    if (reported) {
      to.printf(Locale.ROOT, "report  %s%n", reportFile);
    }
    to.printf(Locale.ROOT, "time    %.1f s%n", seconds);
    modelFile.ifPresent(file -> next(to, data, file));
    if (json) {
      out.println(Json.write(numbers));
    }
    if (!failures.isEmpty()) {
      out.flush();
      throw new CajalException(String.join("; ", failures));
    }
  }

  /**
   * Saves the model in the run's folder; where the disk refuses that, in the folder for temporary
   * files, since it may have taken hours.
   *
   * @param failures to which is added what went wrong, and what is safe
   * @return where it is, if anywhere
   */
  private Optional<Path> save(Model model, List<String> failures) {
    Path wanted = folder.resolve(MODEL);
    List<String> refused = new ArrayList<>();
    if (written(() -> model.save(wanted), refused)) {
      return Optional.of(wanted);
    }
    Path other =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "cajal-" + ProcessHandle.current().pid() + "-" + MODEL);
    if (written(() -> model.save(other), refused)) {
      failures.add(refused.getFirst() + ", so the model is saved as " + other);
      return Optional.of(other);
    }
    failures.addAll(refused);
    Path best = folder.resolve(Trainer.BEST_FILE);
    if (Files.exists(best)) {
      failures.add("the last model that could be written is " + best);
    }
    return Optional.empty();
  }

  /** Whether a file could be written; if not, why is added. */
  private static boolean written(Runnable write, List<String> failures) {
    try {
      write.run();
      return true;
    } catch (CajalException e) {
      if (!AtomicFiles.isOfTheDisk(e)) {
        throw e;
      }
      failures.add(e.getMessage());
      return false;
    }
  }

  private String interrupted(TrainingResult result) {
    int epochs = result.history().epochs().size();
    String kept =
        epochs == 0
            ? "no epoch was finished; the weights of step " + result.steps() + " are kept"
            : "the best model so far, of epoch " + result.history().bestEpoch() + ", is kept";
    String next =
        Files.exists(folder.resolve(Trainer.LAST_FILE))
            ? "; go on with "
                + CommandText.line(
                    CommandText.program(), List.of("train", "--resume", folder.toString()))
            : "";
    return "interrupted in epoch " + (epochs + 1) + ": " + kept + next;
  }

  /** What to type next. */
  private void next(PrintWriter to, TrainingData data, Path modelFile) {
    String program = CommandText.program();
    String input =
        dataOptions.source != null && data.kind() == TrainingData.Kind.TABLE
            ? dataOptions.source
            : "";
    String predict = CommandText.line(program, List.of("predict", modelFile.toString()));
    String summary = CommandText.line(program, List.of("summary", modelFile.toString()));
    String what = data.kind() == TrainingData.Kind.IMAGES ? "IMAGE" : "FILE.csv";
    to.println("next    " + predict + " " + (input.isEmpty() ? what : CommandText.quoted(input)));
    to.println("        " + summary);
  }

  private Map<String, Object> numbers(
      TrainingResult result, TrainingData data, Evaluation e, String part, double seconds) {
    Map<String, Object> map = new LinkedHashMap<>(e.metrics());
    map.put("rows", e.rows());
    map.put("measured_on", part);
    map.put("training_rows", data.train().size());
    map.put("epochs", result.history().epochs().size());
    map.put("best_epoch", result.history().bestEpoch());
    map.put("ending", result.ending().name().toLowerCase(Locale.ROOT));
    map.put("seconds", Math.round(seconds * 1000) / 1000.0);
    return map;
  }

  private List<String> warnings(
      TrainingResult result, TrainingData data, Dataset measured, Evaluation e, boolean weighted) {
    List<String> warnings = new ArrayList<>(data.warnings());
    if (data.preprocessing().isPresent() && !forecasts(data)) {
      List<String> names = data.train().featureNames();
      Doctor.tellingInputs(Leaks.tellingInputs(data.train()).stream().map(names::get).toList())
          .ifPresent(warnings::add);
    }
    if (data.test() != null) {
      Leaks.Shared shared = Leaks.shared(data.train(), measured);
      Doctor.sharedRows("test", shared.rows(), shared.same(), measured.size())
          .ifPresent(warnings::add);
      boolean known = result.warnings().stream().anyMatch(Doctor::isWorseThanMean);
      if (!known) {
        Doctor.worseThanMean("test", e.r2(), data.preprocessing().isPresent())
            .ifPresent(warnings::add);
      }
      nearDuplicates(data.train(), measured).ifPresent(warnings::add);
    }
    if (data.train().task() == Task.CLASSIFICATION
        && data.validation() == null
        && e.confusion().isPresent()) {
      ConfusionMatrix m = e.confusion().get();
      List<Long> actual =
          LongStream.range(0, m.classes()).mapToObj(k -> m.support((int) k)).toList();
      List<Long> predicted =
          LongStream.range(0, m.classes()).mapToObj(k -> m.predicted((int) k)).toList();
      boolean scaled = data.preprocessing().isPresent();
      Doctor.singleClass(e.labels(), actual, predicted, weighted, scaled).ifPresent(warnings::add);
    }
    return warnings;
  }

  private static Optional<String> nearDuplicates(Dataset train, Dataset test) {
    List<NearDuplicates.Pair> pairs = NearDuplicates.between(train, test);
    List<String> named =
        pairs.stream()
            .filter(pair -> !test.exampleName(pair.test()).isEmpty())
            .map(pair -> test.exampleName(pair.test()) + " = " + train.exampleName(pair.train()))
            .toList();
    return ImageDoctor.nearDuplicates(pairs.size(), test.size(), named);
  }

  private TrainingReport report(
      TrainingResult result,
      Recipe recipe,
      TrainingData data,
      Dataset measured,
      Evaluation e,
      Optional<NaiveForecast> naive,
      String part,
      List<String> warnings) {
    TrainingReport.Builder report =
        result.report(data.name() + ", " + recipe.name(), dataOptions.seed);
    report
        .command(command())
        .date(
            DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                ZonedDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS)))
        .version("cajal", Main.versionNumber())
        .version("java", Runtime.version().toString())
        .setting("network", recipe.name())
        .setting("data", provenance(data))
        .setting("measured on", measured.size() + " " + part + " rows");
    data.notes().forEach(report::note);
    e.metrics().forEach(report::metric);
    naive.ifPresent(
        n ->
            NaiveText.numbers(n, e)
                .forEach((name, value) -> report.metric(name.replace('_', ' '), value)));
    ResultTables.of(report, e);
    if (data.kind() == TrainingData.Kind.TABLE && !forecasts(data)) {
      data.preprocessing()
          .map(p -> ColumnImportance.of(result.model(), p, measured, dataOptions.seed))
          .ifPresent(report::importance);
    }
    Mistakes.report(
        report, measured, e, data.testRows().filter(rows -> rows.rows().length == measured.size()));
    warnings.subList(result.warnings().size(), warnings.size()).forEach(report::warning);
    return report.build();
  }

  private static Optional<NaiveForecast> naive(TrainingData data, Dataset measured) {
    return data.testRows()
        .filter(rows -> rows.rows().length == measured.size())
        .flatMap(rows -> NaiveText.of(data.preprocessing(), rows));
  }

  private static boolean forecasts(TrainingData data) {
    return data.preprocessing()
        .flatMap(Preprocessing::series)
        .filter(SeriesRule::forecasts)
        .isPresent();
  }

  /** The option that makes past values inputs; empty where they are, or the rows are no series. */
  private static Optional<String> lags(TrainingData data) {
    return data.preprocessing()
        .flatMap(Preprocessing::series)
        .filter(rule -> !rule.forecasts())
        .map(
            rule -> {
              int series = data.testRows().map(rows -> rule.series(rows.table()).count()).orElse(1);
              return "--lags " + NaiveText.lags(rule, data.train().size() / Math.max(1, series));
            });
  }

  /** The data; where they are refused, what was decided before is said all the same. */
  private TrainingData data() {
    Notes notes = new Notes();
    try {
      return Sources.prepare(dataOptions, notes);
    } catch (CajalException e) {
      notes.sentences().forEach(note -> err.println("note: " + Quote.line(note, LONGEST_NOTE)));
      throw e;
    }
  }

  private static String provenance(TrainingData data) {
    String text = data.train().provenance();
    return text.isEmpty() ? data.name() : text;
  }

  private void remove(String file) {
    try {
      Files.deleteIfExists(folder.resolve(file));
    } catch (java.io.IOException e) {
      err.println("note: " + folder.resolve(file) + " cannot be removed");
    }
  }
}
