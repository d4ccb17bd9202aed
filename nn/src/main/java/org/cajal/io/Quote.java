package org.cajal.io;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Text from outside as it may stand in a one-line message: quoted, cut to a length, without control
 * characters.
 */
public final class Quote {
  private static final int LONGEST = 80;

  private Quote() {}

  /** The text in double quotes, at most 80 characters of it. */
  public static String quoted(String text) {
    return '"' + line(text, LONGEST) + '"';
  }

  /**
   * The text on one line: control characters, separators and lone surrogates become {@code ?}; cut
   * at {@code longest}.
   */
  public static String line(String text, int longest) {
    int[] codes = text.codePoints().limit(longest + 1L).toArray();
    StringBuilder out = new StringBuilder(Math.min(codes.length, longest) + 1);
    for (int i = 0; i < Math.min(codes.length, longest); i++) {
      out.appendCodePoint(isPrintable(codes[i]) ? codes[i] : '?');
    }
    return codes.length > longest ? out.append('…').toString() : out.toString();
  }

  private static boolean isPrintable(int code) {
    return switch (Character.getType(code)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** A JSON value as a message shows it: its kind and, where it is short, itself. */
  static String described(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String s -> "the text " + quoted(s);
      case Number n -> "the number " + line(n.toString(), 40);
      case Boolean b -> b.toString();
      case Map<?, ?> m -> "an object";
      case List<?> l -> "a list";
      default -> "a value";
    };
  }
}
