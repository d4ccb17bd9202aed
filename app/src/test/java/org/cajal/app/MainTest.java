package org.cajal.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cajal.type.CajalException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int cajal(String... args) {
    return Main.run(args, new PrintWriter(out), new PrintWriter(err));
  }

  @Test
  void versionIsOneLineOnStandardOutput() {
    assertThat(cajal("--version")).isEqualTo(Main.OK);
    assertThat(out.toString()).startsWith("cajal ").contains("(Java " + Runtime.version() + ", ");
    assertThat(out.toString().lines()).hasSize(1);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void helpListsTheCommands() {
    assertThat(cajal("--help")).isEqualTo(Main.OK);
    assertThat(out.toString()).startsWith("Usage: cajal").contains("completion");
    String help = out.toString();
    out.getBuffer().setLength(0);
    assertThat(cajal()).isEqualTo(Main.OK);
    assertThat(out.toString()).isEqualTo(help);
  }

  /** picocli prints a warning in a help text that it cannot format, a lone % for instance. */
  @Test
  void everyHelpIsPrintedWithoutWarnings() {
    PrintStream console = System.err;
    ByteArrayOutputStream warnings = new ByteArrayOutputStream();
    System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
    try {
      List<List<String>> commands = new ArrayList<>();
      collect(Main.commandLine(new PrintWriter(out), new PrintWriter(err)), List.of(), commands);
      assertThat(commands).contains(List.of("bench", "kernels"), List.of("train"));
      for (List<String> command : commands) {
        List<String> words = new ArrayList<>(command);
        words.add("--help");
        assertThat(cajal(words.toArray(String[]::new))).as("%s", words).isEqualTo(Main.OK);
      }
    } finally {
      System.setErr(console);
    }
    assertThat(warnings.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(out.toString()).doesNotContain("WARN").contains("A share above 100 % is");
    assertThat(err.toString()).isEmpty();
  }

  /** Options with a value say what holds without them; flags are off. */
  @Test
  void everyOptionWithAValueSaysItsDefault() {
    Map<String, CommandLine> commands =
        Main.commandLine(new PrintWriter(out), new PrintWriter(err)).getSubcommands();
    List<String> silent = new ArrayList<>();
    for (String name : List.of("train", "predict", "evaluate", "summary")) {
      commands.get(name).getCommandSpec().options().stream()
          .filter(option -> option.arity().max() > 0 || option.negatable())
          .filter(option -> !option.longestName().equals("--resume"))
          .filter(option -> !String.join(" ", option.description()).contains("default"))
          .forEach(option -> silent.add(name + " " + option.longestName()));
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void theHelpSaysTheExitCodes() {
    cajal("--help");
    assertThat(out.toString())
        .contains(
            "Exit codes:", "  0     done", "  2     something you", "  130   ended by Ctrl-C");
  }

  @Test
  void theHelpOfCompletionNamesItself() {
    assertThat(cajal("completion", "--help")).isEqualTo(Main.OK);
    assertThat(out.toString())
        .startsWith("Usage: cajal completion")
        .contains("source <(cajal completion)")
        .doesNotContain("generate-completion");
  }

  /** A run in a clone of this project is nothing for its history. */
  @Test
  void gitIgnoresTheFoldersOfRuns() throws IOException {
    Path folder = OutputFolder.choose(null, "my table", LocalDateTime.of(2026, 1, 2, 3, 4, 5));
    assertThat(folder).hasToString("my-table-20260102-030405");
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve(".gitignore"))) {
      root = root.getParent();
    }
    List<PathMatcher> folders =
        Files.readAllLines(root.resolve(".gitignore")).stream()
            .filter(line -> line.endsWith("/"))
            .map(line -> "glob:" + line.substring(0, line.length() - 1))
            .map(FileSystems.getDefault()::getPathMatcher)
            .toList();
    assertThat(folders).anyMatch(pattern -> pattern.matches(folder));
    assertThat(folders).anyMatch(pattern -> pattern.matches(Path.of(folder + "-2")));
    assertThat(folders).noneMatch(pattern -> pattern.matches(Path.of("docs-2026")));
  }

  private static void collect(CommandLine line, List<String> path, List<List<String>> commands) {
    commands.add(path);
    line.getSubcommands()
        .forEach(
            (name, below) -> {
              if (!name.equals("help")) {
                List<String> longer = new ArrayList<>(path);
                longer.add(name);
                collect(below, longer, commands);
              }
            });
  }

  @Test
  void completionIsAScriptForTheShell() {
    assertThat(cajal("completion")).isEqualTo(Main.OK);
    assertThat(out.toString()).startsWith("#!/usr/bin/env bash").contains("cajal");
  }

  @Test
  void anUnknownCommandNamesTheNearest() {
    assertThat(cajal("complet")).isEqualTo(Main.BAD_INPUT);
    assertThat(err.toString().strip())
        .isEqualTo("cajal: no command 'complet'; did you mean completion? See cajal --help");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void anUnknownOptionNamesTheNearest() {
    assertThat(cajal("--versoin")).isEqualTo(Main.BAD_INPUT);
    assertThat(err.toString().strip())
        .isEqualTo("cajal: Unknown option: '--versoin'; did you mean --version? See cajal --help");
  }

  @Test
  void aValueOfTheWrongKindIsOneLine() {
    assertThat(throwing(null).execute("--epochs", "many")).isEqualTo(Main.BAD_INPUT);
    assertThat(err.toString().strip())
        .isEqualTo(
            "cajal: Invalid value for option '--epochs': 'many' is not an int. See probe --help");
  }

  @Test
  void badInputIsOneLineAndExitCodeTwo() {
    assertThat(throwing(new CajalException("iris.csv: no column 'kind'")).execute())
        .isEqualTo(Main.BAD_INPUT);
    assertThat(err.toString())
        .isEqualTo("cajal: iris.csv: no column 'kind'" + System.lineSeparator());
  }

  @Test
  void aFaultOfTheProgramIsOneLineAndItsTraceAFile() throws IOException {
    assertThat(throwing(new IllegalStateException("two\nlines")).execute()).isEqualTo(Main.FAILED);
    String line = err.toString().strip();
    String start =
        "cajal: internal error: java.lang.IllegalStateException: two lines; please report it with ";
    assertThat(line).startsWith(start);
    Path trace = Path.of(line.substring(start.length()));
    assertThat(trace).content().contains("IllegalStateException: two").contains("MainTest");
    Files.delete(trace);
  }

  @Test
  void anExhaustedHeapSaysWhatToDo() {
    assertThat(Failures.outOfMemory(2L << 30))
        .isEqualTo(
            "cajal: out of memory: the Java heap may grow to 2,048 MB; use fewer samples or a"
                + " smaller --batch-size, or set CAJAL_JAVA_OPTIONS=-Xmx8g");
  }

  /** A command with the handlers of {@link Main} that fails as told. */
  private CommandLine throwing(Exception failure) {
    return new CommandLine(new Probe(failure))
        .setErr(new PrintWriter(err, true))
        .setParameterExceptionHandler(Failures::badArguments)
        .setExecutionExceptionHandler(Failures::thrown);
  }

  @Command(name = "probe")
  private static final class Probe implements Callable<Integer> {
    private final Exception failure;

    @Option(names = "--epochs")
    private int epochs;

    Probe(Exception failure) {
      this.failure = failure;
    }

    @Override
    public Integer call() throws Exception {
      if (failure != null) {
        throw failure;
      }
      return epochs;
    }
  }
}
