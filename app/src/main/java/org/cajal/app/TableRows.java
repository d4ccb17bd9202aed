package org.cajal.app;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cajal.data.Column;
import org.cajal.data.Table;

/**
 * Some rows of a table, as the user wrote them.
 *
 * @param table the table
 * @param rows the numbers of the rows in it
 */
record TableRows(Table table, int[] rows) {
  /** The cells of a row by column; a missing value is an empty text. */
  Map<String, String> cells(int index) {
    Map<String, String> out = new LinkedHashMap<>();
    for (Column column : table.columns()) {
      String text = column.text(rows[index]);
      out.put(column.name(), text == null ? "" : text);
    }
    return out;
  }
}
