package org.cajal.app;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code cajal train}: from data to a model and a report. */
@Command(
    name = "train",
    description = {
      "Trains a network and writes it with a report into a new folder.",
      "Without a source: LeNet-5 on drawn digits. A table needs --target and nothing else."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class Train implements Callable<Integer> {
  /** Options about where and what is written; a run that is repeated or resumed has its own. */
  private static final Set<String> OUTPUT = Set.of("--output", "--resume", "--threads");

  private static final Set<String> FLAGS = Set.of("--quiet", "--json", "--profile");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private TrainingOptions training = new TrainingOptions();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "The folder to write into, new or empty (default: a new one named after the data and the"
              + " time).")
  private @Nullable Path output;

  @Mixin private ThreadsOption threads = new ThreadsOption();

  @Option(names = "--quiet", description = "Show no notes and no progress, only warnings.")
  private boolean quiet;

  @Option(
      names = "--json",
      description = "Print what was measured as one JSON object on one line of standard output.")
  private boolean json;

  @Option(
      names = "--profile",
      description =
          "Print at the end where the time of the steps went, on standard error: kernels by share,"
              + " GFLOP/s, GB/s, and the operations that were fused into each.")
  private boolean profile;

  @Override
  public Integer call() {
    threads.use();
    return training.resume == null ? begin() : resume(training.resume);
  }

  private int begin() {
    data.check();
    training.check();
    String name = data.source == null ? "digits" : stem(data.source);
    Path folder = OutputFolder.choose(output, name, LocalDateTime.now(ZoneId.systemDefault()));
    return run(this, folder, arguments(), false);
  }

  /** Goes on in the folder of a run, with the words that began it. */
  private int resume(Path folder) {
    ParseResult given = spec.commandLine().getParseResult();
    Set<String> allowed =
        Set.of("--resume", "--epochs", "--threads", "--quiet", "--json", "--profile");
    given
        .matchedOptions()
        .forEach(
            option -> {
              if (!allowed.contains(option.longestName())) {
                throw new CajalException(
                    option.longestName()
                        + " cannot be given with --resume, which goes on with the settings of "
                        + folder
                        + "; only --epochs, --threads, --quiet, --json and --profile can");
              }
            });
    if (data.source != null) {
      throw new CajalException(
          "\""
              + data.source
              + "\" cannot be given with --resume, which goes on with the data of "
              + folder
              + "; leave it out");
    }
    List<String> words = RunFile.arguments(folder);
    Train original = new Train();
    try {
      CommandLine line = new CommandLine(original);
      WordConverter.register(line);
      line.parseArgs(words.toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      throw new CajalException(
          folder.resolve(RunFile.NAME) + ": its arguments are not those of a training", e);
    }
    training.check();
    original.training.epochs = training.epochs == null ? original.training.epochs : training.epochs;
    original.data.check();
    original.training.check();
    return run(original, folder, words, true);
  }

  private int run(Train options, Path folder, List<String> words, boolean resumed) {
    TrainingRun run =
        new TrainingRun(
            options.data,
            options.training,
            folder,
            words,
            resumed,
            spec.commandLine().getOut(),
            spec.commandLine().getErr(),
            quiet,
            json,
            profile ? spec.commandLine().getErr() : null);
    try {
      run.run();
    } finally {
      if (!resumed) {
        removeIfEmpty(folder);
      }
    }
    return Main.OK;
  }

  /** A run that failed before it wrote anything leaves nothing. */
  private static void removeIfEmpty(Path folder) {
    try {
      if (Files.isDirectory(folder)) {
        Files.delete(folder);
      }
    } catch (DirectoryNotEmptyException e) {
      return; // it holds what the run has made
    } catch (IOException e) {
      throw new CajalException(folder + ": the empty output folder cannot be removed", e);
    }
  }

  /** The words of this run but those about output, with the seed. */
  private List<String> arguments() {
    ParseResult top = spec.commandLine().getParseResult();
    List<String> all = new ArrayList<>(top.originalArgs());
    int at = all.indexOf("train");
    List<String> words = new ArrayList<>();
    boolean seed = false;
    for (int i = at + 1; i < all.size(); i++) {
      String word = all.get(i);
      int equals = word.indexOf('=');
      String option = equals > 0 ? word.substring(0, equals) : word;
      if (OUTPUT.contains(option)) {
        i += equals > 0 ? 0 : 1;
      } else if (!FLAGS.contains(word)) {
        seed |= option.equals("--seed");
        words.add(word);
      }
    }
    if (!seed) {
      words.add("--seed");
      words.add(Long.toString(data.seed));
    }
    return words;
  }

  private static String stem(String source) {
    Path file = Path.of(source).toAbsolutePath().normalize().getFileName();
    String name = file == null ? "data" : file.toString();
    name = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    int dot = name.lastIndexOf('.');
    return dot > 0 && Files.isRegularFile(Path.of(source)) ? name.substring(0, dot) : name;
  }
}
