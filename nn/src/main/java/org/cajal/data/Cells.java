package org.cajal.data;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a cell of a table says: nothing, a number, a truth value or a text. */
final class Cells {
  /** Texts that mean "no value" in any column, upper and lower case alike. */
  static final Set<String> MISSING =
      Set.of(
          "",
          "?",
          "na",
          "n/a",
          "#n/a",
          "#n/a n/a",
          "<na>",
          "null",
          "\\n",
          "#div/0!",
          "#num!",
          "#value!",
          "#ref!",
          "#name?",
          "#null!");

  /** Those that mean it in columns of numbers, dates and truth values. */
  static final Set<String> MISSING_NUMBER = missingNumber();

  /** Words that mean it there too, and are told. */
  static final Set<String> MISSING_WORDS =
      Set.of(
          "unknown",
          "unk",
          "missing",
          "nil",
          "not available",
          "not applicable",
          "no data",
          "nodata",
          "undefined",
          "tbd",
          "tba",
          "error",
          "#error",
          "*",
          "**",
          "k.a.",
          "keine angabe",
          "n.v.",
          "s.o.",
          "nd",
          "n.d.",
          "n/d");

  /** Pairs of texts for false and true, upper and lower case alike. */
  static final List<List<String>> BOOLEANS =
      List.of(
          List.of("false", "true"),
          List.of("no", "yes"),
          List.of("n", "y"),
          List.of("f", "t"),
          List.of("off", "on"));

  private static final Set<String> NOT_FINITE =
      Set.of(
          "nan",
          "-nan",
          "+nan",
          "inf",
          "-inf",
          "+inf",
          "infinity",
          "-infinity",
          "+infinity",
          "∞",
          "-∞");

  private Cells() {}

  private static Set<String> missingNumber() {
    Set<String> all = new java.util.HashSet<>(MISSING);
    all.addAll(
        List.of(
            "none", "-", "--", "---", "\u2013", "\u2014", ".", "..", "...", "nan", "-nan", "+nan",
            "n.a.", "<null>", "(null)", "na.", "nat", ":", ": c", ": u", ": z", ":c", ":u", ":z"));
    return Set.copyOf(all);
  }

  static boolean missing(String cell, Set<String> missing) {
    return cell.isEmpty()
        || (cell.length() <= 40 && missing.contains(cell.toLowerCase(Locale.ROOT)));
  }

  /** Whether the text is one for a truth value. */
  static boolean isBoolean(String cell) {
    String lower = cell.toLowerCase(Locale.ROOT);
    return BOOLEANS.stream().anyMatch(pair -> pair.contains(lower));
  }

  /** Whether the text is one for "not a number" or for an infinity. */
  static boolean notFinite(String cell) {
    return cell.length() <= 9
        && !cell.isEmpty()
        && NOT_FINITE.contains(cell.toLowerCase(Locale.ROOT));
  }

  static boolean nan(String cell) {
    return cell.length() == 3 && cell.equalsIgnoreCase("nan");
  }

  /**
   * The number that a text is: sign, digits with one decimal point (or comma where allowed),
   * exponent. NaN if it is none, an infinity if it is beyond the range of doubles.
   */
  static double number(String cell, boolean commaAllowed) {
    int n = cell.length();
    int i = n > 0 && (cell.charAt(0) == '-' || cell.charAt(0) == '+') ? 1 : 0;
    int digits = 0;
    boolean comma = false;
    boolean point = false;
    for (; i < n; i++) {
      char c = cell.charAt(i);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if ((c == '.' || (c == ',' && commaAllowed)) && !point) {
        point = true;
        comma = c == ',';
      } else {
        break;
      }
    }
    if (digits == 0 || n > 400) {
      return Double.NaN;
    }
    if (i < n) {
      if (cell.charAt(i) != 'e' && cell.charAt(i) != 'E') {
        return Double.NaN;
      }
      i++;
      if (i < n && (cell.charAt(i) == '-' || cell.charAt(i) == '+')) {
        i++;
      }
      int exponent = 0;
      for (; i < n && cell.charAt(i) >= '0' && cell.charAt(i) <= '9'; i++) {
        exponent++;
      }
      if (exponent == 0 || i < n) {
        return Double.NaN;
      }
    }
    return Double.parseDouble(comma ? cell.replace(',', '.') : cell);
  }

  /** A number as a label: without a fraction where it has none. */
  static String label(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** A cell or a name in quotes for a message: shortened, control characters as blanks. */
  static String quoted(String cell) {
    StringBuilder out = new StringBuilder("\"");
    boolean isLong = cell.length() > 40 && cell.codePointCount(0, cell.length()) > 40;
    String shown = isLong ? cell.substring(0, cell.offsetByCodePoints(0, 40)) + "…" : cell;
    shown
        .codePoints()
        .map(c -> Character.isISOControl(c) || isDirection(c) ? ' ' : c)
        .forEach(out::appendCodePoint);
    return out.append('"').toString();
  }

  /** Whether a character only turns the direction of others, and so what a line seems to say. */
  private static boolean isDirection(int c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  }

  /** A 64-bit hash of a text (FNV-1a, mixed). */
  static long hash(String cell) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < cell.length(); i++) {
      hash = (hash ^ cell.charAt(i)) * 0x100000001b3L;
    }
    return hash ^ (hash >>> 29);
  }
}
