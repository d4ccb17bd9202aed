package org.cajal.data;

import java.util.List;
import java.util.Map;

/**
 * What a table's text is made of: its dialect, all of whose characters are known, its columns, and
 * where its rows begin.
 *
 * @param names of the columns
 * @param start the first byte of the first row
 * @param line its line, from 1
 * @param header the bytes of the header line, which files joined together repeat; empty for none
 * @param softComment a character that began lines before the header: rows that begin with it and do
 *     not fit are comments too; {@link Dialect#NONE} for none
 * @param types of columns that the file itself states
 * @param notes what was passed over
 */
record Layout(
    Dialect dialect,
    List<String> names,
    int start,
    int line,
    byte[] header,
    char softComment,
    Map<String, ColumnType> types,
    List<String> notes) {}
