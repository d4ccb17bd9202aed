package org.cajal.data;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to read a table; what is not said is found out from the file.
 *
 * @param dialect what is known of the file's form
 * @param likely the form of a file of the same kind, taken where it fits and nothing else is said;
 *     null for none
 * @param types types of columns by name, instead of the inferred ones; a number column whose type
 *     is given takes cells that are no numbers as missing, with a note
 * @param numberForms forms of numbers by column name, instead of the inferred ones
 * @param dateForms how dates are written by column name, instead of what is inferred; such a column
 *     is one of dates
 * @param expected names that stand in the header, if there is one: the columns of the table that a
 *     model was trained on, or the target
 * @param complete whether {@code expected} are all the columns, which name those of a file without
 *     a header
 */
public record CsvOptions(
    Dialect dialect,
    @Nullable Dialect likely,
    Map<String, ColumnType> types,
    Map<String, NumberForm> numberForms,
    Map<String, DateForm> dateForms,
    List<String> expected,
    boolean complete) {
  /** Everything found out from the file. */
  public static final CsvOptions DEFAULT =
      new CsvOptions(Dialect.FOUND_OUT, null, Map.of(), Map.of(), Map.of(), List.of(), false);

  /** Options with immutable parts. */
  public CsvOptions {
    types = Map.copyOf(types);
    numberForms = Map.copyOf(numberForms);
    dateForms = Map.copyOf(dateForms);
    expected = List.copyOf(expected);
  }

  /** The same with another form of the file. */
  public CsvOptions withDialect(Dialect form) {
    return new CsvOptions(form, likely, types, numberForms, dateForms, expected, complete);
  }

  /** The same with another encoding, such as {@code windows-1252}. */
  public CsvOptions withEncoding(String encoding) {
    return withDialect(dialect.toBuilder().encoding(encoding).build());
  }

  /** The same with another separator; a blank stands for any run of blanks and tabs. */
  public CsvOptions withSeparator(char character) {
    return withDialect(dialect.toBuilder().separator(character).build());
  }

  /** The same with or without a header line. */
  public CsvOptions withHeader(boolean first) {
    return withDialect(dialect.toBuilder().header(first).build());
  }

  /** The same with another character around cells. */
  public CsvOptions withQuote(char character) {
    return withDialect(dialect.toBuilder().quote(character).build());
  }

  /** The same with {@code "} as an ordinary character. */
  public CsvOptions withoutQuotes() {
    return withQuote(Dialect.NONE);
  }

  /** The same, passing over lines before the header or the first row. */
  public CsvOptions withSkipLines(int lines) {
    return withDialect(dialect.toBuilder().skipLines(lines).build());
  }

  /** The same, passing over lines that begin with a character. */
  public CsvOptions withComment(char character) {
    return withDialect(dialect.toBuilder().comment(character).build());
  }

  /** The same with a decimal mark, point or comma. */
  public CsvOptions withDecimal(char mark) {
    return withDialect(dialect.toBuilder().decimal(mark).build());
  }

  /** The same with a mark between groups of digits; {@link Dialect#NONE} for none. */
  public CsvOptions withThousands(char mark) {
    return withDialect(dialect.toBuilder().thousands(mark).build());
  }

  /** The same with further texts for "no value", whatever their case. */
  public CsvOptions withMissing(Set<String> texts) {
    return withDialect(dialect.toBuilder().missing(texts).build());
  }

  /** The same with the types of some columns given. */
  public CsvOptions withTypes(Map<String, ColumnType> given) {
    return new CsvOptions(dialect, likely, given, numberForms, dateForms, expected, complete);
  }

  /** The same with the columns named here read as dates, times of day or durations in a form. */
  public CsvOptions withDateForms(Map<String, DateForm> given) {
    return new CsvOptions(dialect, likely, types, numberForms, given, expected, complete);
  }

  /** The same with names that stand in the header, if there is one: the target, for example. */
  public CsvOptions withExpected(List<String> names) {
    return new CsvOptions(dialect, likely, types, numberForms, dateForms, names, false);
  }
}
