package org.cajal.data;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.cajal.type.CajalException;

/** Knows files of other kinds than tables of text by how they begin, and refuses them by name. */
final class ForeignFormats {
  private static final int HEAD = 4096;

  /** How a file of a kind begins, each character a byte. */
  private record Mark(String start, String kind) {}

  private static final List<Mark> MARKS =
      List.of(
          new Mark("PK\3\4", "a zip archive or a spreadsheet"),
          new Mark("PK\5\6", "a zip archive or a spreadsheet"),
          new Mark("PK\7\b", "a zip archive or a spreadsheet"),
          new Mark("\u00D0\u00CF\u0011\u00E0", "an old spreadsheet (XLS)"),
          new Mark("%PDF", "PDF"),
          new Mark("PAR1", "Parquet"),
          new Mark("ARROW1", "Arrow or Feather"),
          new Mark("FEA1", "Feather"),
          new Mark("ORC\b", "ORC"),
          new Mark("Obj\u0001", "Avro"),
          new Mark("\u0089HDF", "HDF5"),
          new Mark("\u0093NUMPY", "a NumPy array; name it .npy"),
          new Mark("SQLite format 3", "an SQLite database"),
          new Mark("$FL2", "SPSS data"),
          new Mark("<stata_dta>", "Stata data"),
          new Mark("RDX", "R data"),
          new Mark("BZh", "packed by bzip2; unpack it"),
          new Mark("\u00FD7zXZ", "packed by xz; unpack it"),
          new Mark("(\u00B5/\u00FD", "packed by zstd; unpack it"),
          new Mark("7z\u00BC\u00AF", "a 7z archive; unpack it"),
          new Mark("Rar!\u001A", "a RAR archive; unpack it"),
          new Mark("{\\rtf", "RTF"),
          new Mark("version https://git-lfs", "a pointer of Git LFS; git lfs pull gets the table"));

  /** Tags with which pages and documents begin. */
  private static final List<String> TAGS =
      List.of("!doctype", "!--", "?xml", "html", "head", "body", "table", "div", "svg", "rss");

  private static final List<String> STATEMENTS =
      List.of("insert into ", "create table ", "drop table ");

  private ForeignFormats() {}

  /**
   * Refuses what is no table of text.
   *
   * @throws CajalException that names the kind of file
   */
  static void refuse(String file, byte[] bytes) {
    String head = new String(bytes, 0, Math.min(bytes.length, HEAD), StandardCharsets.ISO_8859_1);
    for (Mark mark : MARKS) {
      if (head.startsWith(mark.start)) {
        String advice = mark.kind.indexOf(';') < 0 ? "; save the table as CSV" : "";
        throw new CajalException(file + ": not a CSV table but " + mark.kind + advice);
      }
    }
    boolean image =
        head.startsWith("\u0089PNG")
            || head.startsWith("\u00FF\u00D8\u00FF")
            || head.startsWith("GIF8");
    if (image) {
      throw new CajalException(
          file + ": not a CSV table but an image; a folder of images is trained on by its name");
    }
    if (head.startsWith("ustar", 257)) {
      throw new CajalException(file + ": not a CSV table but a tar archive; unpack it");
    }
    String start = head.strip().toLowerCase(Locale.ROOT);
    start = start.startsWith("\u00ef\u00bb\u00bf") ? start.substring(3).strip() : start;
    String kind =
        isMarkup(start) ? "HTML or XML" : isJson(start) ? "JSON" : isSql(start) ? "SQL" : "";
    if (!kind.isEmpty()) {
      throw new CajalException(file + ": not a CSV table but " + kind + "; save the table as CSV");
    }
  }

  private static boolean isMarkup(String start) {
    return start.startsWith("<")
        && TAGS.stream()
            .anyMatch(
                tag ->
                    start.startsWith(tag, 1)
                        && (start.length() == tag.length() + 1
                            || " >\n\r-".indexOf(start.charAt(tag.length() + 1)) >= 0));
  }

  /** Whether a text begins with an object with a name in it, or a list of objects or lists. */
  private static boolean isJson(String start) {
    String rest = start.length() < 2 ? "" : start.substring(1).stripLeading();
    return start.startsWith("{")
        ? rest.startsWith("\"")
        : start.startsWith("[") && (rest.startsWith("{") || rest.startsWith("["));
  }

  /** Whether a line begins with a statement of SQL. */
  private static boolean isSql(String start) {
    return STATEMENTS.stream()
        .anyMatch(words -> start.startsWith(words) || start.contains("\n" + words));
  }
}
