package org.cajal.report;

/** Text as it may stand in HTML and SVG, in content and in quoted attributes. */
final class Html {
  private Html() {}

  /**
   * The text with the five characters of markup escaped and control characters (which XML has no
   * form for) as {@code �}.
   */
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> append(out, c));
    return out.toString();
  }

  /**
   * The text escaped; a line may break before each capital: {@code averagePooling} as two words.
   */
  static String words(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isUpperCase(c) && !out.isEmpty()) {
                out.append("<wbr/>");
              }
              append(out, c);
            });
    return out.toString();
  }

  private static void append(StringBuilder out, int c) {
    switch (c) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      case '\n', '\t' -> out.append((char) c);
      default -> {
        boolean unprintable =
            Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE;
        out.appendCodePoint(unprintable ? 0xFFFD : c);
      }
    }
  }

  /**
   * The text on one line of at most so many characters, with an ellipsis where it was cut; not yet
   * escaped.
   */
  static String shortened(String text, int longest) {
    return text.codePointCount(0, text.length()) <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest - 1)) + "…";
  }
}
