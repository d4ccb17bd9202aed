package org.cajal.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cajal.data.Column;
import org.cajal.data.Notes;
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

  /** What reading a table decided that its model did not say, in sentences. */
  static List<String> notes(Table table) {
    Notes notes = new Notes();
    table.notes().forEach(notes::add);
    table.columns().forEach(notes::add);
    return notes.sentences();
  }
}
