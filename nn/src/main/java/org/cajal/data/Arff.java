package org.cajal.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * The header of Weka's attribute-relation files: names and types of columns, then rows divided by
 * commas. Source: the ARFF page of Weka's manual.
 */
final class Arff {
  private Arff() {}

  /**
   * The layout of such a file, or null where it is none.
   *
   * @throws CajalException if the header has no attributes or no data
   */
  static @Nullable Layout layout(String file, byte[] bytes, CsvOptions options) {
    List<String> names = new ArrayList<>();
    Map<String, ColumnType> types = new LinkedHashMap<>();
    boolean relation = false;
    int at = 0;
    for (int line = 1; at < bytes.length; line++) {
      int end = at;
      while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
        end++;
      }
      String text = new String(bytes, at, end - at, StandardCharsets.UTF_8).strip();
      at = end + (end + 1 < bytes.length && bytes[end] == '\r' && bytes[end + 1] == '\n' ? 2 : 1);
      String lower = text.toLowerCase(Locale.ROOT);
      if (lower.startsWith("@relation")) {
        relation = true;
      } else if (relation && lower.startsWith("@attribute")) {
        attribute(text.substring("@attribute".length()).strip(), names, types);
      } else if (relation && lower.equals("@data") && !names.isEmpty()) {
        return body(file, bytes, Math.min(at, bytes.length), line + 1, names, types, options);
      } else if (!text.isEmpty() && !text.startsWith("%")) {
        if (relation) {
          throw new CajalException(
              file
                  + ":"
                  + line
                  + ": "
                  + Cells.quoted(text)
                  + " does not belong in the header of an"
                  + " ARFF file; @attribute and @data are expected");
        }
        return null;
      }
    }
    return null;
  }

  private static void attribute(String text, List<String> names, Map<String, ColumnType> types) {
    boolean quoted = text.startsWith("'") || text.startsWith("\"");
    int end = quoted ? text.indexOf(text.charAt(0), 1) : blank(text);
    end = end < 0 ? text.length() : end;
    String name = text.substring(quoted ? 1 : 0, end);
    String type = text.substring(Math.min(text.length(), end + 1)).strip();
    names.add(name);
    if (type.startsWith("{")) {
      types.put(name, ColumnType.CATEGORY);
    }
  }

  private static int blank(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (NumberText.isBlank(text.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  private static Layout body(
      String file,
      byte[] bytes,
      int start,
      int line,
      List<String> names,
      Map<String, ColumnType> types,
      CsvOptions options) {
    int first = start;
    while (first < bytes.length && bytes[first] <= ' ') {
      first++;
    }
    if (first < bytes.length && bytes[first] == '{') {
      throw new CajalException(
          file + ": sparse ARFF is not read; save the table with a value for each attribute");
    }
    Dialect given = options.dialect();
    boolean single = false;
    for (int i = start; i < bytes.length && !single; i++) {
      single = bytes[i] == '\'';
    }
    Dialect dialect =
        given.toBuilder()
            .separator(given.separator() == null ? Character.valueOf(',') : given.separator())
            .quote(given.quote() == null ? Character.valueOf(single ? '\'' : '"') : given.quote())
            .escape(
                given.escape() == null ? Character.valueOf(single ? '\\' : '"') : given.escape())
            .header(false)
            .skipLines(line - 1)
            .comment('%')
            .build();
    return new Layout(
        dialect,
        names,
        start,
        line,
        new byte[0],
        Dialect.NONE,
        types,
        List.of("the header is ARFF's"));
  }
}
