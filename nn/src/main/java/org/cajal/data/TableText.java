package org.cajal.data;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a table in UTF-8 without a mark, whatever encoding the file has: UTF-16 and UTF-32
 * by their marks, UTF-8 where all bytes are, else Windows-1252 (of which Latin-1 is a part).
 *
 * @param bytes in UTF-8
 * @param encoding the name of the file's encoding
 * @param note a sentence where the encoding was not certain, or null
 */
record TableText(byte[] bytes, String encoding, @Nullable String note) {
  /** Of letters in Western texts at most about a third are beyond ASCII. */
  private static final double MOST_HIGH = 0.3;

  /**
   * They stand alone among ASCII letters, mostly; where so many of them, and this share, have
   * another one beside them, the text may be of another script.
   */
  private static final int FEWEST_TOGETHER = 4;

  private static final double MOST_TOGETHER = 0.6;

  private static final int SAMPLE = 1 << 16;

  /**
   * Decodes.
   *
   * @param given the name of the encoding, or null to find out
   * @throws CajalException if the file is empty, of another kind than text, or not in the encoding
   */
  static TableText decode(String file, byte[] bytes, @Nullable String given) {
    if (bytes.length == 0) {
      throw new CajalException(
          file + ": the file is empty; a table with at least one row is expected");
    }
    ForeignFormats.refuse(file, bytes);
    TableText text = given == null ? found(file, bytes) : as(file, bytes, given);
    refuseControls(file, text.bytes);
    return text;
  }

  private static TableText found(String file, byte[] bytes) {
    if (starts(bytes, 0xEF, 0xBB, 0xBF)) {
      return as(file, bytes, "UTF-8");
    }
    if (starts(bytes, 0xFF, 0xFE, 0, 0) || starts(bytes, 0, 0, 0xFE, 0xFF)) {
      return as(file, bytes, "UTF-32");
    }
    if (starts(bytes, 0xFF, 0xFE) || starts(bytes, 0xFE, 0xFF)) {
      return as(file, bytes, "UTF-16");
    }
    if (bytes.length > 3
        && (bytes[0] == 0) != (bytes[1] == 0)
        && (bytes[1] == 0) == (bytes[3] == 0)) {
      throw new CajalException(
          file
              + ": looks like UTF-16 without a byte order mark; say so with --encoding "
              + (bytes[0] == 0 ? "UTF-16BE" : "UTF-16LE"));
    }
    int bad = Utf8.firstError(bytes);
    if (bad < 0) {
      return new TableText(bytes, "UTF-8", null);
    }
    int wrong = 0;
    int good = 0;
    int high = 0;
    int together = 0;
    for (int i = 0; i < bytes.length; ) {
      int length = Utf8.length(bytes, i);
      if (length == 0) {
        wrong++;
        high++;
        boolean after = i > 0 && bytes[i - 1] < 0;
        together += after || (i + 1 < bytes.length && bytes[i + 1] < 0) ? 1 : 0;
        i++;
      } else {
        good += length > 1 ? 1 : 0;
        high += length > 1 ? length : 0;
        i += length;
      }
    }
    if (good > 10L * wrong) {
      throw new CajalException(
          String.format(
              Locale.ROOT,
              "%s:%d: not UTF-8 text here (byte 0x%02X), though the rest of the file is; correct"
                  + " the line, or name the encoding with --encoding",
              file,
              line(bytes, bad),
              bytes[bad]));
    }
    if (high > MOST_HIGH * bytes.length) {
      throw new CajalException(
          String.format(
              Locale.ROOT,
              "%s:%d: neither UTF-8 (byte 0x%02X) nor likely Windows-1252; name the encoding with"
                  + " --encoding, such as windows-1251, Shift_JIS or GBK",
              file,
              line(bytes, bad),
              bytes[bad]));
    }
    String note =
        String.format(
            Locale.ROOT,
            "read as windows-1252 (Latin-1), since byte 0x%02X in line %d is not UTF-8%s;"
                + " --encoding names another encoding",
            bytes[bad],
            line(bytes, bad),
            together >= FEWEST_TOGETHER && together > MOST_TOGETHER * wrong
                ? ", though letters beyond ASCII stand together, as in EUC-KR, GBK, Shift_JIS or"
                    + " windows-1251"
                : "");
    return new TableText(as(file, bytes, "windows-1252").bytes, "windows-1252", note);
  }

  private static TableText as(String file, byte[] bytes, String name) {
    Charset charset;
    try {
      charset = Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new CajalException(
          "--encoding "
              + name
              + ": no such encoding; UTF-8, UTF-16, ISO-8859-1, windows-1252, windows-1251,"
              + " Shift_JIS and many more are known",
          e);
    }
    if (charset.equals(StandardCharsets.UTF_8)) {
      int mark = starts(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
      int bad = Utf8.firstError(bytes);
      if (bad >= 0) {
        throw new CajalException(
            String.format(
                Locale.ROOT,
                "%s:%d: not UTF-8 text (byte 0x%02X); name the encoding with --encoding, or save"
                    + " the file as UTF-8",
                file,
                line(bytes, bad),
                bytes[bad]));
      }
      byte[] text = mark == 0 ? bytes : java.util.Arrays.copyOfRange(bytes, mark, bytes.length);
      return new TableText(text, "UTF-8", null);
    }
    try {
      CharBuffer chars =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(
                  charset.name().equals("windows-1252")
                      ? CodingErrorAction.REPLACE
                      : CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes));
      int from = !chars.isEmpty() && chars.charAt(0) == '\uFEFF' ? 1 : 0;
      ByteBuffer out = StandardCharsets.UTF_8.encode(chars.subSequence(from, chars.length()));
      byte[] text = new byte[out.remaining()];
      out.get(text);
      return new TableText(text, charset.name(), null);
    } catch (CharacterCodingException e) {
      throw new CajalException(
          file + ": not text in " + charset.name() + "; name another encoding with --encoding", e);
    }
  }

  private static boolean starts(byte[] bytes, int... mark) {
    if (bytes.length < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if ((bytes[i] & 0xff) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  private static int line(byte[] bytes, int end) {
    int line = 1;
    for (int i = 0; i < end; i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return line;
  }

  private static void refuseControls(String file, byte[] bytes) {
    int end = bytes.length;
    while (end > 1
        && (bytes[end - 1] == 0x1a || bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
      end--; // Control-Z is the end of the file to some programs
    }
    for (int i = 0; i < Math.min(end, SAMPLE); i++) {
      int b = bytes[i];
      if (b >= 0 && b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f') {
        throw new CajalException(
            String.format(
                Locale.ROOT,
                "%s: not a CSV table: it holds the byte 0x%02X at offset %d, which no text has",
                file,
                b,
                i));
      }
    }
  }

  /** The form of UTF-8 (RFC 3629): no overlong forms, no surrogates. */
  private static final class Utf8 {
    private Utf8() {}

    /** The place of the first byte that is not UTF-8, or -1. */
    static int firstError(byte[] bytes) {
      int i = 0;
      while (i < bytes.length) {
        if (bytes[i] >= 0) {
          i++;
          continue;
        }
        int length = length(bytes, i);
        if (length == 0) {
          return i;
        }
        i += length;
      }
      return -1;
    }

    /** The length of the character at a place, 0 where there is none. */
    static int length(byte[] bytes, int at) {
      int first = bytes[at] & 0xff;
      if (first < 0x80) {
        return 1;
      }
      int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
      if (length == 0 || at + length > bytes.length) {
        return 0;
      }
      for (int i = 1; i < length; i++) {
        if ((bytes[at + i] & 0xC0) != 0x80) {
          return 0;
        }
      }
      int second = bytes[at + 1] & 0xff;
      boolean overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
      boolean outside = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
      return overlong || outside ? 0 : length;
    }
  }
}
