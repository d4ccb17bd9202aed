package org.cajal.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.cajal.io.Quote;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a person reads when a command fails: one line on standard error, never a stack trace. */
final class Failures {
  private Failures() {}

  /**
   * Arguments that cannot be understood: what is wrong, the nearest names, where to read on. {@code
   * cajal: Unknown option: '--epoch'; did you mean --epochs? See cajal train --help}
   */
  static int badArguments(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String what = oneLine(e.getMessage());
    List<String> nearest = List.of();
    if (e instanceof UnmatchedArgumentException unmatched) {
      nearest = unmatched.getSuggestions();
      if (!command.getSubcommands().isEmpty() && !unmatched.isUnknownOption()) {
        what = "no command '" + unmatched.getUnmatched().getFirst() + "'";
      }
    }
    StringBuilder line = new StringBuilder("cajal: ").append(what);
    if (nearest.isEmpty()) {
      line.append(line.charAt(line.length() - 1) == '.' ? "" : ".");
    } else {
      line.append("; did you mean ").append(String.join(" or ", nearest)).append('?');
    }
    line.append(" See ").append(command.getCommandSpec().qualifiedName()).append(" --help");
    command.getErr().println(line);
    return Main.BAD_INPUT;
  }

  /** What a command threw: bad input tells its message, anything else is a fault of the program. */
  static int thrown(Exception e, CommandLine command, ParseResult arguments) {
    if (e instanceof CajalException) {
      command.getErr().println("cajal: " + oneLine(e.getMessage()));
      return Main.BAD_INPUT;
    }
    if (e instanceof InvalidPathException name) {
      command
          .getErr()
          .println(
              "cajal: "
                  + Quote.quoted(name.getInput())
                  + ": no name of a file here ("
                  + name.getReason()
                  + "); rename the file, or set LC_ALL to a UTF-8 locale");
      return Main.BAD_INPUT;
    }
    command.getErr().println(internal(e));
    return Main.FAILED;
  }

  /** The line about a fault of the program, whose whole trace goes to a new temporary file. */
  static String internal(Throwable e) {
    String what = oneLine(e.toString());
    try {
      Path file = Files.createTempFile("cajal-error-", ".txt");
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      Files.writeString(file, trace.toString());
      return "cajal: internal error: " + what + "; please report it with " + file;
    } catch (IOException unwritable) {
      return "cajal: internal error: " + what + "; please report it";
    }
  }

  /** The line about a heap that is too small. */
  static String outOfMemory(long maxBytes) {
    return String.format(
        Locale.ROOT,
        "cajal: out of memory: the Java heap may grow to %,d MB; use fewer samples or a smaller"
            + " --batch-size, or set CAJAL_JAVA_OPTIONS=-Xmx8g",
        maxBytes >> 20);
  }

  private static String oneLine(@Nullable String text) {
    return Objects.toString(text, "no message")
        .lines()
        .map(String::strip)
        .reduce((a, b) -> a + " " + b)
        .orElse("");
  }
}
