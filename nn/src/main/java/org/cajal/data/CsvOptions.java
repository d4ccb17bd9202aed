package org.cajal.data;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to read a table; what is not said is found out from the file.
 *
 * @param separator the character between cells, or null to choose from tab, semicolon, comma and
 *     vertical bar
 * @param header whether the first line holds the columns' names, or null to find out
 * @param quotes whether {@code "} encloses cells; false where it is an ordinary character
 * @param types types of columns by name, instead of the inferred ones
 * @param dateForms how dates are written by column name, instead of what is inferred; such a column
 *     is one of dates
 * @param missing lower-case texts that mean "no value", or null for the usual ones: an empty cell,
 *     {@code ?}, {@code NA}, {@code N/A}, {@code #N/A}, {@code <NA>}, {@code null} in upper or
 *     lower case, and {@code NaN} in columns that are no numbers
 * @param expected the columns of the table that a model was trained on: they tell a header, and
 *     name the columns of a file without one
 */
public record CsvOptions(
    @Nullable Character separator,
    @Nullable Boolean header,
    boolean quotes,
    Map<String, ColumnType> types,
    Map<String, DateForm> dateForms,
    @Nullable Set<String> missing,
    List<String> expected) {
  /** Everything found out from the file. */
  public static final CsvOptions DEFAULT =
      new CsvOptions(null, null, true, Map.of(), Map.of(), null, List.of());

  /** Options with immutable parts. */
  public CsvOptions {
    types = Map.copyOf(types);
    dateForms = Map.copyOf(dateForms);
    missing = missing == null ? null : Set.copyOf(missing);
    expected = List.copyOf(expected);
  }

  /** The same with another separator. */
  public CsvOptions withSeparator(char character) {
    return new CsvOptions(character, header, quotes, types, dateForms, missing, expected);
  }

  /** The same with or without a header line. */
  public CsvOptions withHeader(boolean first) {
    return new CsvOptions(separator, first, quotes, types, dateForms, missing, expected);
  }

  /** The same with {@code "} as an ordinary character. */
  public CsvOptions withoutQuotes() {
    return new CsvOptions(separator, header, false, types, dateForms, missing, expected);
  }

  /** The same with the types of some columns given. */
  public CsvOptions withTypes(Map<String, ColumnType> given) {
    return new CsvOptions(separator, header, quotes, given, dateForms, missing, expected);
  }

  /** The same with the columns named here read as dates, times of day or durations in a form. */
  public CsvOptions withDateForms(Map<String, DateForm> given) {
    return new CsvOptions(separator, header, quotes, types, given, missing, expected);
  }

  /** The same with other texts for "no value", in lower case. */
  public CsvOptions withMissing(Set<String> texts) {
    return new CsvOptions(separator, header, quotes, types, dateForms, texts, expected);
  }
}
