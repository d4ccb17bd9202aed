package org.cajal.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The content of a cell: without blanks of any script around it, without its quotes, escapes
 * resolved. One instance shows many cells, one after the other.
 */
final class CellText {
  private final byte quote;
  private final boolean backslash;
  private byte[] bytes = new byte[0];
  private byte[] scratch = new byte[64];
  private int from;
  private int to;

  /** For cells of a dialect whose characters are known. */
  CellText(Dialect dialect) {
    Character q = dialect.quote();
    Character e = dialect.escape();
    this.quote = (byte) (q == null ? '"' : q.charValue());
    this.backslash = e != null && e == '\\';
  }

  /** Shows the cell between two bytes. */
  void show(byte[] source, int start, int end) {
    bytes = source;
    from = start;
    to = end;
    trim();
    if (quote == '"'
        && to - from > 2
        && bytes[from] == '='
        && bytes[from + 1] == quote
        && bytes[to - 1] == quote) {
      from++; // ="007", by which spreadsheets keep a text
    }
    if (quote != 0 && to - from > 1 && bytes[from] == quote && bytes[to - 1] == quote) {
      if (resolve(from + 1, to - 1, true)) {
        trim();
      }
    } else if (backslash && !isNull() && resolve(from, to, false)) {
      trim();
    }
  }

  /** Whether the cell is {@code \N}, which databases write for "no value". */
  private boolean isNull() {
    return to - from == 2 && bytes[from] == '\\' && bytes[from + 1] == 'N';
  }

  /**
   * Shows the characters between two bytes with escapes resolved; false, changing nothing, where a
   * lone quote stands inside, so that the quotes are ordinary characters.
   */
  private boolean resolve(int start, int end, boolean quoted) {
    int special = start;
    while (special < end && !isSpecial(bytes[special], quoted)) {
      special++;
    }
    if (special == end) {
      from = start;
      to = end;
      return true;
    }
    if (scratch.length < end - start) {
      scratch = new byte[2 * (end - start)];
    }
    int length = special - start;
    System.arraycopy(bytes, start, scratch, 0, length);
    for (int i = special; i < end; i++) {
      byte b = bytes[i];
      if (backslash && b == '\\' && i + 1 < end) {
        b = unescaped(bytes[++i]);
      } else if (quoted && b == quote && !backslash) {
        if (i + 1 == end || bytes[i + 1] != quote) {
          return false;
        }
        i++;
      }
      scratch[length++] = b;
    }
    bytes = scratch;
    from = 0;
    to = length;
    return true;
  }

  private boolean isSpecial(byte b, boolean quoted) {
    return (quoted && b == quote) || (backslash && b == '\\');
  }

  private static byte unescaped(byte b) {
    return switch (b) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      default -> b;
    };
  }

  private void trim() {
    while (from < to) {
      int length = blankAt(from);
      if (length == 0) {
        break;
      }
      from += length;
    }
    while (to > from) {
      int length = blankBefore();
      if (length == 0) {
        break;
      }
      to -= length;
    }
  }

  /** The length of the blank character that begins at a byte, 0 where there is none. */
  private int blankAt(int at) {
    byte b = bytes[at];
    if (b >= 0) {
      return b <= ' ' ? 1 : 0;
    }
    if (b == (byte) 0xC2) {
      return at + 1 < to && (bytes[at + 1] == (byte) 0xA0 || bytes[at + 1] == (byte) 0x85) ? 2 : 0;
    }
    if (at + 2 >= to) {
      return 0;
    }
    int second = bytes[at + 1] & 0xff;
    int third = bytes[at + 2] & 0xff;
    boolean blank =
        switch (b & 0xff) {
          // U+2000 to U+200B, U+2028, U+2029, U+202F, U+205F, U+2060
          case 0xE2 ->
              (second == 0x80 && (third <= 0x8B || third == 0xA8 || third == 0xA9 || third == 0xAF))
                  || (second == 0x81 && (third == 0x9F || third == 0xA0));
          case 0xE3 -> second == 0x80 && third == 0x80; // U+3000
          case 0xEF -> second == 0xBB && third == 0xBF; // U+FEFF
          default -> false;
        };
    return blank ? 3 : 0;
  }

  private int blankBefore() {
    if (bytes[to - 1] >= 0) {
      return bytes[to - 1] <= ' ' ? 1 : 0;
    }
    if (to - from >= 2 && blankAt(to - 2) == 2) {
      return 2;
    }
    return to - from >= 3 && blankAt(to - 3) == 3 ? 3 : 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  boolean isEmpty() {
    return from == to;
  }

  /** The characters. */
  String text() {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** A copy of the bytes. */
  byte[] copy() {
    return Arrays.copyOfRange(bytes, from, to);
  }
}
