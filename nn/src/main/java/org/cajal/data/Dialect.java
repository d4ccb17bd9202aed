package org.cajal.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * How a table is written as text: what {@link CsvOptions} asks for, where null leaves it to be
 * found out, and what {@link Table#dialect()} found.
 *
 * @param encoding the name of a character set
 * @param separator the character between cells; a blank stands for any run of blanks and tabs
 * @param quote the character that encloses cells; {@code '\0'} where none does
 * @param escape how a quote is written inside a quoted cell: itself for doubled, {@code '\\'} for a
 *     backslash before it; a backslash then stands before any character that is meant as it is
 * @param header whether a line of column names comes before the rows
 * @param skipLines the number of lines before the header or the first row
 * @param comment the character that begins lines to pass over; {@code '\0'} where none does
 * @param decimal the decimal mark of numbers, point or comma; null also where columns differ
 * @param thousands the mark between groups of three digits: comma, point, apostrophe, underscore or
 *     blank (of any width); {@code '\0'} where there is none
 * @param missing texts that mean "no value" beside the usual ones, in lower case
 */
public record Dialect(
    @Nullable String encoding,
    @Nullable Character separator,
    @Nullable Character quote,
    @Nullable Character escape,
    @Nullable Boolean header,
    @Nullable Integer skipLines,
    @Nullable Character comment,
    @Nullable Character decimal,
    @Nullable Character thousands,
    Set<String> missing) {
  /** All is found out from the file. */
  public static final Dialect FOUND_OUT =
      new Dialect(null, null, null, null, null, null, null, null, null, Set.of());

  /** What stands for "no such character". */
  public static final char NONE = '\0';

  /**
   * A dialect.
   *
   * @throws CajalException if a character cannot have its part
   */
  public Dialect {
    missing = Set.copyOf(missing);
    ascii("separator", separator);
    ascii("quote", quote);
    ascii("comment", comment);
    if (decimal != null && decimal != '.' && decimal != ',') {
      throw new CajalException("--decimal " + shown(decimal) + ": the decimal mark is , or .");
    }
    if (thousands != null && "\0,.'_ ".indexOf(thousands) < 0) {
      throw new CajalException(
          "--thousands "
              + shown(thousands)
              + ": digits are grouped by one of , . ' _ blank or none");
    }
    if (decimal != null && thousands != null && decimal.equals(thousands)) {
      throw new CajalException(
          "--thousands " + shown(thousands) + " is the decimal mark too; one of them must differ");
    }
    if (separator != null && quote != null && separator.equals(quote)) {
      throw new CajalException(
          "--quote " + shown(quote) + " is the separator too; one of them must differ");
    }
    if (skipLines != null && skipLines < 0) {
      throw new CajalException(
          "--skip-lines " + skipLines + " is out of range; at least 0 is needed");
    }
  }

  private static void ascii(String what, @Nullable Character character) {
    if (character != null
        && (character > 126 || character == '\n' || character == '\r' || character == '\\')) {
      throw new CajalException(
          "--" + what + " " + shown(character) + ": one ASCII character is expected");
    }
  }

  /** A builder that starts from this dialect. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.encoding = encoding;
    b.separator = separator;
    b.quote = quote;
    b.escape = escape;
    b.header = header;
    b.skipLines = skipLines;
    b.comment = comment;
    b.decimal = decimal;
    b.thousands = thousands;
    b.missing = missing;
    return b;
  }

  /** Collects the parts of a dialect; what is not said, or is null, is found out. */
  public static final class Builder {
    private @Nullable String encoding;
    private @Nullable Character separator;
    private @Nullable Character quote;
    private @Nullable Character escape;
    private @Nullable Boolean header;
    private @Nullable Integer skipLines;
    private @Nullable Character comment;
    private @Nullable Character decimal;
    private @Nullable Character thousands;
    private Set<String> missing = Set.of();

    private Builder() {}

    /** See {@link Dialect#encoding()}. */
    public Builder encoding(@Nullable String value) {
      encoding = value;
      return this;
    }

    /** See {@link Dialect#separator()}. */
    public Builder separator(@Nullable Character value) {
      separator = value;
      return this;
    }

    /** See {@link Dialect#quote()}. */
    public Builder quote(@Nullable Character value) {
      quote = value;
      return this;
    }

    /** See {@link Dialect#escape()}. */
    public Builder escape(@Nullable Character value) {
      escape = value;
      return this;
    }

    /** See {@link Dialect#header()}. */
    public Builder header(@Nullable Boolean value) {
      header = value;
      return this;
    }

    /** See {@link Dialect#skipLines()}. */
    public Builder skipLines(@Nullable Integer value) {
      skipLines = value;
      return this;
    }

    /** See {@link Dialect#comment()}. */
    public Builder comment(@Nullable Character value) {
      comment = value;
      return this;
    }

    /** See {@link Dialect#decimal()}. */
    public Builder decimal(@Nullable Character value) {
      decimal = value;
      return this;
    }

    /** See {@link Dialect#thousands()}. */
    public Builder thousands(@Nullable Character value) {
      thousands = value;
      return this;
    }

    /** Texts that mean "no value" beside the usual ones, whatever their case. */
    public Builder missing(Set<String> texts) {
      missing = lowerCase(texts);
      return this;
    }

    /**
     * The dialect.
     *
     * @throws CajalException if a character cannot have its part
     */
    public Dialect build() {
      return new Dialect(
          encoding, separator, quote, escape, header, skipLines, comment, decimal, thousands,
          missing);
    }
  }

  /** Whether cells are divided by runs of blanks and tabs. */
  public boolean isBlankSeparated() {
    return separator != null && separator == ' ';
  }

  /** A character in words for messages. */
  static String shown(char character) {
    return switch (character) {
      case '\t' -> "tab";
      case ' ' -> "blank";
      case NONE -> "none";
      default -> Character.toString(character);
    };
  }

  /** {@code semicolons, decimal comma, windows-1252, no header}. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (separator != null) {
      parts.add(
          switch (separator) {
            case ',' -> "commas";
            case ';' -> "semicolons";
            case '\t' -> "tabs";
            case '|' -> "bars";
            case ' ' -> "blanks";
            default -> "\"" + separator + "\"";
          });
    }
    if (quote != null && quote != '"') {
      parts.add(quote == NONE ? "no quotes" : "quotes " + quote);
    }
    if (escape != null && escape == '\\') {
      parts.add("backslash escapes");
    }
    if (decimal != null) {
      parts.add(decimal == ',' ? "decimal comma" : "decimal point");
    }
    if (thousands != null && thousands != NONE) {
      parts.add(
          "thousands by "
              + switch (thousands) {
                case ',' -> "commas";
                case '.' -> "points";
                case ' ' -> "blanks";
                case '_' -> "underscores";
                default -> "apostrophes";
              });
    }
    if (encoding != null) {
      parts.add(encoding);
    }
    if (skipLines != null && skipLines > 0) {
      parts.add(skipLines + (skipLines == 1 ? " line skipped" : " lines skipped"));
    }
    if (comment != null && comment != NONE) {
      parts.add("comments after " + comment);
    }
    if (header != null) {
      parts.add(header ? "header" : "no header");
    }
    return String.join(", ", parts);
  }

  /** As plain data for JSON; what is null is left out. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    put(map, "encoding", encoding);
    put(map, "separator", separator);
    put(map, "quote", quote);
    put(map, "escape", escape);
    put(map, "header", header);
    put(map, "skipLines", skipLines);
    put(map, "comment", comment);
    put(map, "decimal", decimal);
    put(map, "thousands", thousands);
    if (!missing.isEmpty()) {
      map.put("missing", List.copyOf(new TreeSet<>(missing)));
    }
    return map;
  }

  private static void put(Map<String, Object> map, String key, @Nullable Object value) {
    if (value instanceof Character c) {
      map.put(key, c == NONE ? "" : c.toString());
    } else if (value != null) {
      map.put(key, value);
    }
  }

  /**
   * From plain data.
   *
   * @throws CajalException if an entry is of another kind
   */
  static Dialect fromMap(PlainData data) {
    return new Dialect(
        data.has("encoding") ? data.text("encoding") : null,
        character(data, "separator"),
        character(data, "quote"),
        character(data, "escape"),
        data.has("header") ? data.flag("header") : null,
        data.has("skipLines") ? data.integer("skipLines") : null,
        character(data, "comment"),
        character(data, "decimal"),
        character(data, "thousands"),
        data.has("missing") ? Set.copyOf(data.texts("missing")) : Set.of());
  }

  private static @Nullable Character character(PlainData data, String key) {
    if (!data.has(key)) {
      return null;
    }
    String text = data.text(key);
    if (text.length() > 1) {
      throw data.wrong(key, "one character");
    }
    return text.isEmpty() ? NONE : text.charAt(0);
  }

  /** Texts as they are compared with cells. */
  static Set<String> lowerCase(Set<String> texts) {
    Set<String> lower = new TreeSet<>();
    texts.forEach(text -> lower.add(text.strip().toLowerCase(Locale.ROOT)));
    return lower;
  }
}
