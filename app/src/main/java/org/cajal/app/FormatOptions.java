package org.cajal.app;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.cajal.data.CsvOptions;
import org.cajal.data.Dialect;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about how a table is written, which is found out where nothing is said. */
final class FormatOptions {
  @Option(
      names = "--separator",
      paramLabel = "CHAR",
      description =
          "What divides the cells of a table: a character, tab, or blanks (default: found"
              + " out).")
  private @Nullable String separator;

  @Option(
      names = "--header",
      negatable = true,
      fallbackValue = "true",
      description = "Whether the table begins with a line of column names (default: found out).")
  private @Nullable Boolean header;

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      description =
          "The encoding of the table: UTF-8, windows-1252, ISO-8859-15, ... (default: found"
              + " out).")
  private @Nullable String encoding;

  @Option(
      names = "--decimal",
      paramLabel = "CHAR",
      description = "The decimal mark of the table's numbers: , or . (default: found out).")
  private @Nullable String decimal;

  @Option(
      names = "--thousands",
      paramLabel = "CHAR",
      description =
          "What stands between groups of three digits: one of , . ' _, blank, or none where nothing"
              + " does (default: found out).")
  private @Nullable String thousands;

  @Option(
      names = "--missing",
      paramLabel = "TEXT",
      description =
          "A text that means \"no value\" beside the usual ones, such as -999; repeatable"
              + " (default: the usual ones).")
  private Set<String> missing = new LinkedHashSet<>();

  @Option(
      names = "--skip-lines",
      paramLabel = "N",
      description = "Lines to pass over before the header or the first row (default: found out).")
  private @Nullable Integer skipLines;

  @Option(
      names = "--comment",
      paramLabel = "CHAR",
      description = "The character that begins lines to pass over (default: found out).")
  private @Nullable String comment;

  @Option(
      names = "--quote",
      paramLabel = "CHAR",
      description =
          "What encloses cells, \" or ', or none where quotes are ordinary characters"
              + " (default: found out).")
  private @Nullable String quote;

  @Option(
      names = "--escape",
      paramLabel = "CHAR",
      description =
          "How a quote is written inside a quoted cell: \\ for a backslash before it, \" for two"
              + " (default: found out).")
  private @Nullable String escape;

  /** The first option that is said, or null if none is. */
  @Nullable String given() {
    Map<String, Boolean> said = new LinkedHashMap<>();
    said.put("--separator", separator != null);
    said.put("--header", header != null);
    said.put("--encoding", encoding != null);
    said.put("--decimal", decimal != null);
    said.put("--thousands", thousands != null);
    said.put("--missing", !missing.isEmpty());
    said.put("--skip-lines", skipLines != null);
    said.put("--comment", comment != null);
    said.put("--quote", quote != null);
    said.put("--escape", escape != null);
    for (Map.Entry<String, Boolean> option : said.entrySet()) {
      if (option.getValue()) {
        return option.getKey();
      }
    }
    return null;
  }

  /**
   * Options for reading with what is said put in their place.
   *
   * @throws CajalException if a value has no meaning
   */
  CsvOptions on(CsvOptions options) {
    Dialect.Builder d = options.dialect().toBuilder();
    if (separator != null) {
      d.separator(character("--separator", separator));
    }
    if (header != null) {
      d.header(header);
    }
    if (encoding != null) {
      d.encoding(encoding);
    }
    if (decimal != null) {
      d.decimal(character("--decimal", decimal));
    }
    if (thousands != null) {
      d.thousands(character("--thousands", thousands));
    }
    if (!missing.isEmpty()) {
      d.missing(missing);
    }
    if (skipLines != null) {
      d.skipLines(skipLines);
    }
    if (comment != null) {
      d.comment(character("--comment", comment));
    }
    if (quote != null) {
      d.quote(character("--quote", quote));
    }
    if (escape != null) {
      d.escape(character("--escape", escape));
    }
    return options.withDialect(d.build());
  }

  private static char character(String option, String text) {
    if (text.length() == 1) {
      return text.charAt(0);
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "tab", "\\t", "tabs" -> '\t';
      case "blank", "blanks", "space", "spaces", "whitespace" -> ' ';
      case "comma" -> ',';
      case "semicolon" -> ';';
      case "point", "dot" -> '.';
      case "bar", "pipe" -> '|';
      case "apostrophe" -> '\'';
      case "none", "" -> Dialect.NONE;
      default ->
          throw new CajalException(
              option
                  + " "
                  + text
                  + ": one character is expected, or tab, blank, comma, semicolon, bar, none");
    };
  }
}
