package org.cajal.data;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text without the quotes around whole lines, which programs write that take each line of a table
 * for one cell: {@code "a;""b"";3"} for {@code a;"b";3}.
 *
 * @param bytes of the text
 * @param note a sentence where quotes were taken off, or null
 */
record WrappedLines(byte[] bytes, @Nullable String note) {
  private static final int SAMPLE = 50;
  private static final String SEPARATORS = ",;\t|";

  /** The lines of a text; its own bytes where they are not wrapped. */
  static WrappedLines of(byte[] bytes, Dialect dialect) {
    Character quote = dialect.quote();
    boolean quoted = quote == null || quote == '"';
    return quoted && areWrapped(bytes) ? unwrapped(bytes) : new WrappedLines(bytes, null);
  }

  /** Whether all first lines, but perhaps the header, are quoted rows of one number of cells. */
  private static boolean areWrapped(byte[] bytes) {
    int lines = 0;
    int wrapped = 0;
    char separator = 0;
    int cells = 0;
    boolean doubled = false;
    for (int from = 0; from < bytes.length && lines < SAMPLE; ) {
      int end = lineEnd(bytes, from);
      if (end > from) {
        byte[] inner = inner(bytes, from, end);
        boolean plainHeader = lines == 0 && inner == null;
        if (inner == null && !plainHeader) {
          return false;
        }
        byte[] row = inner == null ? Arrays.copyOfRange(bytes, from, end) : inner;
        for (int s = 0; separator == 0 && s < SEPARATORS.length(); s++) {
          separator = count(row, SEPARATORS.charAt(s)) > 0 ? SEPARATORS.charAt(s) : 0;
        }
        int count = separator == 0 ? 0 : count(row, separator);
        if (count == 0 || (lines > 0 && count != cells)) {
          return false;
        }
        cells = count;
        doubled |= inner != null && end - from - 2 > inner.length;
        wrapped += inner == null ? 0 : 1;
        lines++;
      }
      from = nextLine(bytes, end);
    }
    return wrapped > 1 && (doubled || wrapped < lines || cells > 1);
  }

  /** The content of a line that is one quoted cell, its quotes no longer doubled; else null. */
  private static byte @Nullable [] inner(byte[] bytes, int from, int end) {
    if (end - from < 3 || bytes[from] != '"' || bytes[end - 1] != '"') {
      return null;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(end - from);
    for (int i = from + 1; i < end - 1; i++) {
      if (bytes[i] == '"' && (i + 1 == end - 1 || bytes[++i] != '"')) {
        return null;
      }
      out.write(bytes[i]);
    }
    return out.toByteArray();
  }

  /** The separators in a row, those in its quotes left out. */
  private static int count(byte[] row, char separator) {
    int count = 0;
    boolean inside = false;
    for (byte b : row) {
      inside ^= b == '"';
      count += !inside && b == separator ? 1 : 0;
    }
    return count;
  }

  private static WrappedLines unwrapped(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    int lines = 0;
    int first = 0;
    int line = 0;
    for (int from = 0; from < bytes.length; ) {
      int end = lineEnd(bytes, from);
      int next = nextLine(bytes, end);
      line++;
      byte[] inner = inner(bytes, from, end);
      if (inner == null) {
        out.write(bytes, from, next - from);
      } else {
        out.write(inner, 0, inner.length);
        out.write(bytes, end, next - end);
        first = lines++ == 0 ? line : first;
      }
      from = next;
    }
    return new WrappedLines(
        out.toByteArray(),
        lines
            + " lines from line "
            + first
            + " on stand in quotes as a whole, which are taken off; --quote none leaves them");
  }

  private static int lineEnd(byte[] bytes, int from) {
    int end = from;
    while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
      end++;
    }
    return end;
  }

  private static int nextLine(byte[] bytes, int end) {
    if (end == bytes.length) {
      return end;
    }
    boolean both = bytes[end] == '\r' && end + 1 < bytes.length && bytes[end + 1] == '\n';
    return end + (both ? 2 : 1);
  }
}
