package org.cajal.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The {@code cajal} command.
 *
 * <p>A subcommand is a class of its own: {@code @Command(name = "train", ...) final class Train
 * implements Callable<Integer>}, named in {@link Main}'s annotation. It writes results to {@code
 * spec.commandLine().getOut()} and progress to {@code getErr()}, both UTF-8, and returns its exit
 * code. For bad input it throws a {@link org.cajal.type.CajalException}; see {@link Failures} for
 * what a person then reads.
 *
 * <p>Exit codes: {@value #OK} done; {@value #FAILED} a fault of the program or of the machine;
 * {@value #BAD_INPUT} something the caller can put right: arguments, files, data. What a signal
 * ends has 128 and its number: 130 after Ctrl-C.
 */
@Command(
    name = "cajal",
    description = "Trains, evaluates and uses neural networks, in pure Java.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Train.class,
      Predict.class,
      Evaluate.class,
      SummaryCommand.class,
      Bench.class,
      HelpCommand.class
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a fault of the program or of the machine",
      "2:something you can put right, told in one line",
      "130:ended by Ctrl-C (143 by a request to end); train keeps the best model so far"
    })
public final class Main implements Runnable {
  /** Exit code: done. */
  public static final int OK = CommandLine.ExitCode.OK;

  /** Exit code: a fault of the program or of the machine. */
  public static final int FAILED = CommandLine.ExitCode.SOFTWARE;

  /** Exit code: something the caller can put right. */
  public static final int BAD_INPUT = CommandLine.ExitCode.USAGE;

  @Spec private CommandSpec spec;

  private Main(CommandSpec unset) {
    this.spec = unset; // picocli replaces it when it reads the annotations
  }

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    if (args.length == 1
        && args[0].equals(
            "--version")) { // reading the annotations of all commands takes longer than this
      writer(FileDescriptor.out).println(version());
      System.exit(OK);
    }
    System.exit(run(args, writer(FileDescriptor.out), writer(FileDescriptor.err)));
  }

  /**
   * Runs the command within this JVM.
   *
   * @param args the words after {@code cajal}
   * @param out where results go
   * @param err where progress and errors go
   * @return the exit code
   */
  public static int run(String[] args, PrintWriter out, PrintWriter err) {
    try {
      return commandLine(out, err).execute(args);
    } catch (OutOfMemoryError e) {
      err.println(Failures.outOfMemory(Runtime.getRuntime().maxMemory()));
      return FAILED;
    } catch (Error e) { // picocli hands on exceptions only
      err.println(Failures.internal(e));
      return FAILED;
    } finally {
      out.flush();
      err.flush();
    }
  }

  /** The command with its subcommands and the handlers of its failures. */
  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    CommandLine line = new CommandLine(new Main(CommandSpec.create()));
    CommandLine completion = new CommandLine(new GenerateCompletion());
    completion.setCommandName("completion");
    completion
        .getCommandSpec()
        .usageMessage()
        .description(
            "Prints a script by which bash and zsh complete commands and options.",
            "In the current shell: source <(cajal completion)");
    line.addSubcommand("completion", completion);
    WordConverter.register(line);
    return line.setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(Failures::badArguments)
        .setExecutionExceptionHandler(Failures::thrown);
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
  }

  /** Without a subcommand: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** The version line: {@code cajal 0.1.0 (Java 25.0.3, 2 processors)}. */
  private static String version() {
    return String.format(
        Locale.ROOT,
        "cajal %s (Java %s, %d processors)",
        versionNumber(),
        Runtime.version(),
        Runtime.getRuntime().availableProcessors());
  }

  /** The version that the build put into the module descriptor; absent on a class path. */
  static String versionNumber() {
    var descriptor = Main.class.getModule().getDescriptor();
    return descriptor == null ? "development" : descriptor.rawVersion().orElse("development");
  }

  /** The version line for the help. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {version()};
    }
  }
}
