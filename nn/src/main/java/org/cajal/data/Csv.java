package org.cajal.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * Reads tables from text files as people have them, plain or gzip: encoding, separator, quotes,
 * preamble, header, decimal and grouping marks, missing values and the types of columns are found
 * out from the whole file, or given by {@link CsvOptions}. What was found is in {@link
 * Table#dialect()}, what may surprise in {@link Table#notes()} and {@link Column#note()}; what
 * stays ambiguous is refused.
 *
 * <p>A column is of numbers if its cells are, up to few odd ones, which a note tells or an error
 * refuses; else boolean, date, category or text. A column of whole numbers that names or counts the
 * rows is an identifier.
 */
public final class Csv {
  private static final int MOST_BYTES = Integer.MAX_VALUE - 16;

  private Csv() {}

  /**
   * The table of a file, everything found out from it.
   *
   * @throws CajalException if the file is missing, empty, not a table, has a row of another length,
   *     a bad number or a number that may be read in two ways
   */
  public static Table read(Path path) {
    return read(path, CsvOptions.DEFAULT);
  }

  /**
   * The table of a file.
   *
   * @throws CajalException as {@link #read(Path)}
   */
  public static Table read(Path path, CsvOptions options) {
    return table(path.toString(), Input.read(path, (in, limit) -> bytes(path, in, limit)), options);
  }

  /** All bytes, without a copy where their number is known. */
  private static byte[] bytes(Path path, InputStream in, long limit) throws IOException {
    byte[] start = new byte[(int) Math.min(limit, Math.min(MOST_BYTES, Files.size(path)))];
    int read = in.readNBytes(start, 0, start.length);
    byte[] rest = in.readNBytes(MOST_BYTES - read);
    if (in.read() != -1) {
      throw new CajalException(path + ": larger than 2 GB; split the file");
    }
    byte[] all =
        rest.length == 0 && read == start.length ? start : Arrays.copyOf(start, read + rest.length);
    System.arraycopy(rest, 0, all, read, rest.length);
    return all;
  }

  /**
   * The table of a text.
   *
   * @param source a name for messages, for example the file's path
   * @throws CajalException as {@link #read(Path)}
   */
  public static Table parse(String source, String text, CsvOptions options) {
    return table(source, text.getBytes(StandardCharsets.UTF_8), options.withEncoding("UTF-8"));
  }

  private static Table table(String file, byte[] bytes, CsvOptions options) {
    TableText text = TableText.decode(file, bytes, options.dialect().encoding());
    WrappedLines lines = WrappedLines.of(text.bytes(), options.dialect());
    byte[] content = lines.bytes();
    Layout layout = LayoutFinder.find(file, content, options);
    Grid grid = Grid.of(file, content, layout);
    List<String> names = layout.names();
    for (Map.Entry<String, ColumnType> type : options.types().entrySet()) {
      String forced = type.getKey();
      if (type.getValue() != ColumnType.IGNORED
          && !names.contains(forced)
          && !options.expected().contains(forced)) {
        throw new CajalException(
            Nearest.unknown(file + ": a type is given for no column", forced, names));
      }
    }
    for (String dated : options.dateForms().keySet()) {
      if (!names.contains(dated) && !options.expected().contains(dated)) {
        throw new CajalException(
            Nearest.unknown(file + ": a form of dates is given for no column", dated, names));
      }
    }
    List<ColumnReader> readers = new ArrayList<>();
    for (int c = 0; c < names.size(); c++) {
      readers.add(new ColumnReader(ColumnPlace.of(file, grid, c, names.get(c), options, layout)));
    }
    each(readers.size(), c -> readers.get(c).look());
    Character decimal = layout.dialect().decimal();
    if (decimal == null) {
      decimal = decimal(readers);
    }
    Column[] columns = new Column[readers.size()];
    Character known = decimal;
    each(columns.length, c -> columns[c] = readers.get(c).build(known));
    List<String> notes = new ArrayList<>();
    String encoding = text.note();
    if (encoding != null) {
      notes.add(encoding);
    }
    String unwrapped = lines.note();
    if (unwrapped != null) {
      notes.add(unwrapped);
    }
    notes.addAll(layout.notes());
    notes.addAll(grid.notes());
    Dialect dialect =
        layout.dialect().toBuilder().encoding(text.encoding()).decimal(decimal).build();
    return new Table(
        file, List.of(columns), grid.rows(), grid.lines(), options.dialect(), dialect, notes);
  }

  /** The decimal mark that columns prove, or null where none does or they differ. */
  private static @Nullable Character decimal(List<ColumnReader> readers) {
    boolean point = false;
    boolean comma = false;
    for (ColumnReader reader : readers) {
      Character mark = reader.decimal();
      point |= mark != null && mark == '.';
      comma |= mark != null && mark == ',';
    }
    return point == comma ? null : point ? '.' : ',';
  }

  /** What is done for each column. */
  private interface Work {
    void column(int column);
  }

  /**
   * Does something for each column, on several threads; of several errors that of the first column
   * is thrown.
   */
  private static void each(int columns, Work work) {
    @Nullable CajalException[] errors = new @Nullable CajalException[columns];
    IntStream.range(0, columns)
        .parallel()
        .forEach(
            c -> {
              try {
                work.column(c);
              } catch (CajalException e) {
                errors[c] = e;
              }
            });
    for (CajalException error : errors) {
      if (error != null) {
        throw error;
      }
    }
  }
}
