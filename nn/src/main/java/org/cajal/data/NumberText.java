package org.cajal.data;

import java.util.Locale;
import java.util.Set;

/**
 * The parts of a text that may be a number, whatever its marks mean: sign, currency or unit, digits
 * with marks between them, exponent. One instance reads many texts, one after the other.
 */
final class NumberText {
  /** The characters that may stand between digits, in the form in which {@link #body} has them. */
  private static final String MARKS = ".,'_ ";

  private static final int LONGEST = 400;
  private static final int LONGEST_UNIT = 16;

  private static final Set<String> CURRENCIES =
      Set.of(
          "usd", "eur", "gbp", "chf", "jpy", "cny", "inr", "rs", "rs.", "kr", "sek", "nok", "dkk",
          "pln", "czk", "huf", "brl", "rub", "try", "zar", "aud", "cad", "nzd", "sgd", "hkd", "krw",
          "mxn", "fr.", "sfr.", "us", "r", "a", "c", "nz", "hk", "s");

  /** Whether it is below zero. */
  private boolean negative;

  /** ASCII digits and marks. */
  private final StringBuilder body = new StringBuilder();

  private String exponent = "";
  private String unit = "";
  private char bound;
  private boolean bracketed;
  private boolean hexadecimal;

  /** Currency and unit as they stand around the digits; empty for a bare number. */
  String unit() {
    return unit;
  }

  /** Whether the text states a bound, as {@code <0.5} and {@code 10+} do. */
  boolean isBound() {
    return bound != 0;
  }

  /** {@code '<'}, {@code '>'}, or another mark of a bound; 0 where there is none. */
  char bound() {
    return bound;
  }

  /** Whether the number stands in brackets, as accounts write one below zero. */
  boolean isBracketed() {
    return bracketed;
  }

  /** Whether there is a mark between or around the digits. */
  boolean isMarked(char mark) {
    return body.indexOf(String.valueOf(mark)) >= 0;
  }

  /** The number of digits where there is no mark. */
  int length() {
    return body.length();
  }

  /** The digits and marks. */
  String digits() {
    return body.toString();
  }

  /** Whether there are four groups of digits divided by points, as addresses on a network have. */
  boolean isAddress() {
    return body.chars().filter(c -> c == '.').count() == 3;
  }

  boolean isHexadecimal() {
    return hexadecimal;
  }

  /** Whether the text has the parts of a number. */
  boolean read(String text) {
    body.setLength(0);
    exponent = "";
    unit = "";
    bound = 0;
    bracketed = false;
    hexadecimal = false;
    negative = false;
    int from = 0;
    int to = text.length();
    if (to == 0 || to > LONGEST) {
      return false;
    }
    if (text.charAt(0) == '\'' && to > 1 && text.indexOf('\'', 1) < 0) {
      from = 1; // the mark by which spreadsheets keep a number as text
    }
    if (text.charAt(from) == '(' && text.charAt(to - 1) == ')' && to - from > 2) {
      negative = true;
      bracketed = true;
      from = blanks(text, from + 1, to);
      to--;
    }
    int at = boundBefore(text, from, to);
    at = sign(text, at, to);
    int afterCurrency = currency(text, at, to);
    String prefix = text.substring(at, afterCurrency).strip();
    if (afterCurrency > at) {
      at = sign(text, afterCurrency, to);
    }
    at = digits(text, blanks(text, at, to), to);
    if (body.length() == 0) {
      return false;
    }
    at = exponent(text, at, to);
    at = afterDigits(text, at, to);
    String suffix = text.substring(at, to).strip();
    boolean dashed = at > 0 && isMinus(text.charAt(at - 1)) && !endsInDigit();
    if (!isUnit(suffix) || (!suffix.isEmpty() && !endsInDigit() && !dashed)) {
      return false;
    }
    unit = prefix.isEmpty() || suffix.isEmpty() ? prefix + suffix : prefix + " " + suffix;
    return true;
  }

  private boolean endsInDigit() {
    return MARKS.indexOf(body.charAt(body.length() - 1)) < 0;
  }

  static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  static boolean isMinus(char c) {
    return c == '-' || c == '\u2212' || c == '\u2013' || c == '\uFF0D' || c == '\uFE63';
  }

  private static int blanks(String text, int from, int to) {
    int at = from;
    while (at < to && isBlank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private int boundBefore(String text, int from, int to) {
    int at = from;
    while (at < to && "<>\u2264\u2265~\u2248".indexOf(text.charAt(at)) >= 0) {
      char c = text.charAt(at);
      bound = c == '\u2264' ? '<' : c == '\u2265' ? '>' : c;
      at++;
    }
    if (bound != 0 && at < to && text.charAt(at) == '=') {
      at++;
    }
    return bound != 0 ? blanks(text, at, to) : at;
  }

  private int sign(String text, int from, int to) {
    if (from < to && isMinus(text.charAt(from))) {
      negative = !negative;
      return blanks(text, from + 1, to);
    }
    return from < to && text.charAt(from) == '+' ? blanks(text, from + 1, to) : from;
  }

  /** Behind a currency symbol or code, or where there is none. */
  private static int currency(String text, int from, int to) {
    int at = from;
    while (at < to
        && at - from < 4
        && (Character.isLetter(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    boolean code =
        at > from && CURRENCIES.contains(text.substring(from, at).toLowerCase(Locale.ROOT));
    if (at < to && Character.getType(text.charAt(at)) == Character.CURRENCY_SYMBOL) {
      return at == from || code ? at + 1 : from;
    }
    return code && at - from > 1 ? at : from;
  }

  private int digits(String text, int from, int to) {
    int at = from;
    if (to - at > 2 && text.charAt(at) == '0' && (text.charAt(at + 1) | 0x20) == 'x') {
      at += 2;
      while (at < to && Character.digit(text.charAt(at), 16) >= 0 && text.charAt(at) < 128) {
        body.append(text.charAt(at++));
      }
      hexadecimal = body.length() <= 15;
      return hexadecimal ? at : from;
    }
    boolean digit = false;
    for (; at < to; at++) {
      char c = text.charAt(at);
      int value = Character.digit(c, 10);
      if (value >= 0) {
        body.append((char) ('0' + value));
        digit = true;
        continue;
      }
      char mark = mark(c);
      boolean inside =
          mark == '.'
              || mark == ','
              || (mark != 0
                  && digit
                  && Character.digit(text.charAt(at - 1), 10) >= 0
                  && at + 1 < to
                  && Character.digit(text.charAt(at + 1), 10) >= 0);
      if (!inside) {
        break;
      }
      body.append(mark);
    }
    if (!digit) {
      body.setLength(0);
    }
    return at;
  }

  private static char mark(char c) {
    return switch (c) {
      case '.', '\uFF0E', '\u066B' -> '.';
      case ',', '\uFF0C' -> ',';
      case '\'', '\u2019', '\u066C', '\u02BC' -> '\'';
      case '_' -> '_';
      default -> isBlank(c) && c != '\t' && c != '\n' && c != '\r' ? ' ' : 0;
    };
  }

  /** Behind an exponent such as {@code e-3}, {@code E5} or Fortran's {@code D+01}. */
  private int exponent(String text, int from, int to) {
    if (hexadecimal || to - from < 2) {
      return from;
    }
    int letter = text.charAt(from) | 0x20;
    int at = from + 1;
    boolean minus = isMinus(text.charAt(at));
    boolean signed = minus || text.charAt(at) == '+';
    if ((letter != 'e' && letter != 'd') || (letter == 'd' && !signed)) {
      return from;
    }
    at += signed ? 1 : 0;
    int first = at;
    while (at < to && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == first || at - first > 4) {
      return from;
    }
    exponent = (minus ? "e-" : "e") + text.substring(first, at);
    return at;
  }

  /**
   * Behind a minus that follows the digits of a fraction or of groups, as some ledgers write it;
   * behind the dash of a price without cents ({@code 11,-}); or behind a plus for "or more".
   */
  private int afterDigits(String text, int from, int to) {
    if (from >= to) {
      return from;
    }
    char c = text.charAt(from);
    boolean last = from + 1 == to || isBlank(text.charAt(from + 1));
    if (isMinus(c) && last && !endsInDigit()) {
      return from + 1;
    }
    if (isMinus(c) && from + 1 == to && body.chars().anyMatch(d -> MARKS.indexOf(d) >= 0)) {
      negative = !negative;
      return from + 1;
    }
    if (c == '+' && last) {
      bound = '>';
      return from + 1;
    }
    return from;
  }

  private static boolean isUnit(String text) {
    boolean masked =
        !text.isEmpty() && text.chars().allMatch(c -> c == 'x' || c == 'X' || c == '*');
    if (text.length() > LONGEST_UNIT || masked) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean allowed =
          Character.isLetter(c)
              || c == ' '
              || Character.getType(c) == Character.CURRENCY_SYMBOL
              || "%\u2030\u00B0/\u00B7^.\u00B2\u00B3\u00B5\u03BC\"'\u2032\u2033*$".indexOf(c) >= 0;
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the digits fit a form.
   *
   * @param decimal the decimal mark
   * @param grouping the mark between groups of digits, or {@link Dialect#NONE}
   */
  boolean fits(char decimal, char grouping) {
    if (hexadecimal) {
      return true;
    }
    int length = 0;
    int whole = 0;
    boolean grouped = false;
    boolean fraction = false;
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c >= '0' && c <= '9') {
        length++;
      } else if (c == decimal && !fraction) {
        if (grouped && length != 3) {
          return false;
        }
        fraction = true;
        whole = length;
        length = 0;
      } else if (c == grouping && grouping != Dialect.NONE && !fraction) {
        // Groups of two between the first and the last are India's.
        boolean fit = grouped ? length == 3 || length == 2 : length >= 1 && length <= 3;
        if (!fit || body.charAt(0) == '0') {
          return false;
        }
        grouped = true;
        length = 0;
      } else {
        return false;
      }
    }
    return fraction ? whole + length > 0 : !grouped || length == 3;
  }

  /** The number in a form that it fits; an infinity beyond the range of doubles. */
  double value(char decimal, char grouping) {
    if (hexadecimal) {
      double value = Long.parseLong(body.toString(), 16);
      return negative ? -value : value;
    }
    StringBuilder plain = new StringBuilder(negative ? "-" : "");
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c == decimal) {
        plain.append('.');
      } else if (c != grouping) {
        plain.append(c);
      }
    }
    return Double.parseDouble(plain.append(exponent).toString());
  }
}
