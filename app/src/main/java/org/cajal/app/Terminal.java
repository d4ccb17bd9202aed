package org.cajal.app;

import java.io.Console;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.cajal.report.Progress;

/** What the terminal behind standard error can do. */
final class Terminal {
  private static final int USUAL_WIDTH = 80;

  private Terminal() {}

  /**
   * How to draw the progress line: redrawn in place where a person looks at a terminal, else one
   * plain line an epoch.
   */
  @SuppressWarnings(
      "SystemConsoleNull") // it is null on a JDK 25 whose input and output are no terminal
  static Progress.Style style() {
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    boolean unicode = console != null && console.charset().equals(StandardCharsets.UTF_8);
    return style(terminal, unicode, System.getenv());
  }

  /**
   * The style for what is known of a terminal.
   *
   * @param environment {@code TERM} and {@code COLUMNS}, which the launcher takes from the terminal
   */
  static Progress.Style style(boolean terminal, boolean unicode, Map<String, String> environment) {
    boolean dumb = environment.getOrDefault("TERM", "").toLowerCase(Locale.ROOT).equals("dumb");
    return new Progress.Style(
        terminal && !dumb, unicode, width(environment.getOrDefault("COLUMNS", "")));
  }

  private static int width(String columns) {
    try {
      int width = Integer.parseInt(columns.strip());
      return width >= 20 && width <= 1000 ? width : USUAL_WIDTH;
    } catch (NumberFormatException e) {
      return USUAL_WIDTH;
    }
  }
}
