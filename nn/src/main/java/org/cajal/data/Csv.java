package org.cajal.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * Reads tables from text files (RFC 4180 and its common relatives), plain or gzip: separator,
 * header, types, missing values and decimal commas are found out, or given by {@link CsvOptions}.
 * UTF-8, with or without a byte order mark; LF, CRLF or CR; blanks around cells are cut; empty
 * lines are skipped.
 *
 * <p>A column is of numbers if all its cells are; else boolean, date or category. A column of texts
 * nearly all different is left out as free text, and one of whole numbers that names or counts the
 * rows as an identifier: {@link Column#note()} says so.
 */
public final class Csv {
  private static final int SAMPLE = 1 << 16;
  private static final char[] SEPARATORS = {'\t', ';', ',', '|'};
  private static final int MOST_COLUMNS = 100_000;

  private Csv() {}

  /**
   * The table of a file, everything found out from it.
   *
   * @throws CajalException if the file is missing, empty, not a table, has a row of another length
   *     or a bad number
   */
  public static Table read(Path path) {
    return read(path, CsvOptions.DEFAULT);
  }

  /**
   * The table of a file.
   *
   * @throws CajalException if the file is missing, empty, not a table, has a row of another length
   *     or a bad number
   */
  public static Table read(Path path, CsvOptions options) {
    byte[] bytes =
        Input.read(
            path,
            (in, limit) -> {
              byte[] all = in.readNBytes(Integer.MAX_VALUE - 16);
              if (in.read() != -1) {
                throw new CajalException(path + ": larger than 2 GB; split the file");
              }
              return all;
            });
    return parse(path.toString(), decode(path.toString(), bytes), options);
  }

  /**
   * The table of a text.
   *
   * @param source a name for messages, for example the file's path
   * @throws CajalException as {@link #read(Path, CsvOptions)}
   */
  public static Table parse(String source, String text, CsvOptions options) {
    return new Csv.Reading(source, text, options).table();
  }

  private static String decode(String file, byte[] bytes) {
    if (bytes.length == 0) {
      throw new CajalException(
          file + ": the file is empty; a table with at least one row is expected");
    }
    refuseOtherFormats(file, bytes);
    boolean mark =
        bytes.length >= 3
            && (bytes[0] & 0xff) == 0xEF
            && (bytes[1] & 0xff) == 0xBB
            && (bytes[2] & 0xff) == 0xBF;
    ByteBuffer in = ByteBuffer.wrap(bytes);
    in.position(mark ? 3 : 0);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(in, out, true);
    if (result.isError()) {
      int line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      throw new CajalException(
          String.format(
              Locale.ROOT,
              "%s:%d: not UTF-8 text (byte 0x%02X); save the file as UTF-8",
              file,
              line,
              in.get(in.position())));
    }
    return out.flip().toString();
  }

  private static void refuseOtherFormats(String file, byte[] bytes) {
    int b0 = bytes[0] & 0xff;
    int b1 = bytes.length > 1 ? bytes[1] & 0xff : 0;
    if (b0 == 'P' && b1 == 'K' && bytes.length > 3 && bytes[2] < 9) {
      throw new CajalException(
          file + ": not a CSV table but a zip archive or a spreadsheet; save the table as CSV");
    }
    if ((b0 == 0xFF && b1 == 0xFE) || (b0 == 0xFE && b1 == 0xFF)) {
      throw new CajalException(file + ": text in UTF-16; save the file as UTF-8");
    }
    for (int i = 0; i < Math.min(bytes.length, SAMPLE); i++) {
      int b = bytes[i] & 0xff;
      if (b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f') {
        throw new CajalException(
            String.format(
                Locale.ROOT,
                "%s: not a CSV table: it holds the byte 0x%02X at offset %d, which no text has",
                file,
                b,
                i));
      }
    }
    String start =
        new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.ISO_8859_1)
            .trim()
            .toLowerCase(Locale.ROOT);
    if (start.startsWith("<!doctype") || start.startsWith("<html") || start.startsWith("<?xml")) {
      throw new CajalException(file + ": not a CSV table but HTML or XML; save the table as CSV");
    }
    if (start.startsWith("{") || start.startsWith("[{")) {
      throw new CajalException(file + ": not a CSV table but JSON; save the table as CSV");
    }
  }

  /** One file being read. */
  private static final class Reading {
    private final String file;
    private final String text;
    private final CsvOptions options;
    private final char separator;
    private final Set<String> missing;

    Reading(String file, String text, CsvOptions options) {
      this.file = file;
      this.text = text;
      this.options = options;
      Character given = options.separator();
      this.separator = given == null ? detectSeparator() : given;
      Set<String> texts = options.missing();
      this.missing = texts == null ? Cells.MISSING : texts;
    }

    /** Takes one row: its cells, trimmed, and the line where it begins. */
    private interface RowReader {
      /** Whether to go on. */
      boolean row(String[] cells, long line);
    }

    private void scan(String part, char cellSeparator, RowReader reader) {
      CsvReader<CsvRecord> records =
          CsvReader.builder()
              .fieldSeparator(cellSeparator)
              .quoteCharacter(options.quotes() ? '"' : '\0')
              .trimWhitespacesAroundQuotes(options.quotes())
              .allowUnclosedQuote(false)
              .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
              .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
              .ofCsvRecord(part);
      long line = 1;
      try {
        for (CsvRecord record : records) {
          line = record.getStartingLineNumber();
          String[] cells = new String[record.getFieldCount()];
          boolean blank = true;
          for (int i = 0; i < cells.length; i++) {
            cells[i] = record.getField(i).strip();
            blank &= cells[i].isEmpty();
          }
          if ((!blank || cells.length > 1) && !reader.row(cells, line)) {
            return;
          }
        }
      } catch (CsvParseException e) {
        throw new CajalException(
            file
                + ": broken quotes after line "
                + line
                + "; a quoted cell must end with \" before the next separator, and a \" inside is"
                + " written \"\"",
            e);
      }
    }

    private String sample() {
      if (text.length() <= SAMPLE) {
        return text;
      }
      int end = text.lastIndexOf('\n', SAMPLE);
      return text.substring(0, end < 0 ? SAMPLE : end);
    }

    private char detectSeparator() {
      char best = ',';
      double bestShare = 0;
      for (char candidate : SEPARATORS) {
        List<Integer> counts = new ArrayList<>();
        try {
          scan(
              sample(),
              candidate,
              (cells, line) -> counts.add(cells.length) && counts.size() < 200);
        } catch (CajalException e) {
          // Quotes that do not fit this separator: what was counted before still speaks for or
          // against it.
          counts.add(0);
        }
        int first = counts.isEmpty() ? 0 : counts.getFirst();
        double share =
            first < 2
                ? 0
                : counts.stream().filter(c -> c == first).count() / (double) counts.size();
        if (share > bestShare) {
          best = candidate;
          bestShare = share;
        }
      }
      return best;
    }

    Table table() {
      List<String[]> head = new ArrayList<>();
      scan(sample(), separator, (cells, line) -> head.add(cells) && head.size() < 1000);
      if (head.isEmpty()) {
        throw new CajalException(
            file + ": the file has no rows; a table with at least one row is expected");
      }
      String[] first = head.getFirst();
      if (first.length > MOST_COLUMNS) {
        throw new CajalException(
            file + ": " + first.length + " columns; at most " + MOST_COLUMNS + " are allowed");
      }
      boolean header = hasHeader(head);
      List<String> names = header ? headerNames(first) : plainNames(first.length);
      List<ColumnProfile> profiles = new ArrayList<>();
      boolean comma = separator != ',';
      for (String name : names) {
        profiles.add(new ColumnProfile(name, comma, missing));
      }
      int rows = profile(profiles, header);
      if (rows == 0) {
        throw new CajalException(
            file + ": only a header line, no rows; a table with at least one row is expected");
      }
      for (String forced : options.types().keySet()) {
        if (!names.contains(forced) && !options.expected().contains(forced)) {
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
      List<ColumnBuilder> builders = new ArrayList<>();
      for (int c = 0; c < names.size(); c++) {
        builders.add(builder(names.get(c), profiles.get(c), c, names.size(), header, rows));
      }
      int[] lines = new int[rows];
      int[] at = {header ? -1 : 0};
      scan(
          text,
          separator,
          (cells, line) -> {
            int row = at[0]++;
            if (row >= 0) {
              lines[row] = (int) line;
              for (int c = 0; c < cells.length; c++) {
                builders.get(c).set(row, cells[c], line);
              }
            }
            return true;
          });
      return new Table(file, builders.stream().map(ColumnBuilder::build).toList(), rows, lines);
    }

    private int profile(List<ColumnProfile> profiles, boolean header) {
      int columns = profiles.size();
      int[] rows = {header ? -1 : 0};
      scan(
          text,
          separator,
          (cells, line) -> {
            if (cells.length != columns) {
              throw new CajalException(
                  file
                      + ":"
                      + line
                      + ": "
                      + cells.length
                      + (cells.length == 1 ? " cell" : " cells")
                      + ", but the first line has "
                      + columns
                      + "; every row needs the same number (quote a cell that contains "
                      + (separator == '\t' ? "a tab" : "\"" + separator + "\"")
                      + ")");
            }
            if (rows[0]++ >= 0) {
              for (int c = 0; c < columns; c++) {
                profiles.get(c).add(cells[c], line);
              }
            }
            return true;
          });
      return rows[0];
    }

    private ColumnBuilder builder(
        String name, ColumnProfile profile, int c, int columns, boolean header, int rows) {
      ColumnType forced = options.types().get(name);
      DateForm form = options.dateForms().get(name);
      if (forced == null && form != null) {
        forced = ColumnType.DATE;
      }
      ColumnProfile.Decision decision =
          forced == null
              ? profile.decide(file, c, columns, header)
              : new ColumnProfile.Decision(forced, form == null ? profile.bestForm() : form, null);
      return new ColumnBuilder(file, name, decision, separator != ',', missing, rows);
    }

    private boolean hasHeader(List<String[]> head) {
      Boolean given = options.header();
      if (given != null) {
        return given;
      }
      String[] first = head.getFirst();
      if (!options.expected().isEmpty()) {
        long known = Arrays.stream(first).filter(options.expected()::contains).count();
        if (2 * known >= first.length || 2 * known >= options.expected().size()) {
          return true;
        }
      }
      Set<String> seen = new HashSet<>();
      for (int c = 0; c < first.length; c++) {
        String cell = first[c];
        boolean blankIndex = c == 0 && cell.isEmpty();
        if (blankIndex) {
          continue;
        }
        if (Cells.missing(cell, missing)
            || !Double.isNaN(Cells.number(cell, separator != ','))
            || Cells.notFinite(cell)) {
          return false;
        }
        if (!Double.isNaN(DateForm.YEAR_MONTH_DAY.parse(cell)) || !seen.add(cell)) {
          return false;
        }
      }
      for (int c = 0; c < first.length; c++) {
        if (!first[c].isEmpty() && numbersBelow(head, c)) {
          return true;
        }
      }
      for (int c = 0; c < first.length; c++) {
        for (int r = 1; r < head.size(); r++) {
          if (c < head.get(r).length && !first[c].isEmpty() && first[c].equals(head.get(r)[c])) {
            return false;
          }
        }
      }
      return true;
    }

    /** Whether the cells below the first are numbers, and there are some. */
    private boolean numbersBelow(List<String[]> head, int c) {
      int numbers = 0;
      for (String[] row : head.subList(1, head.size())) {
        String cell = c < row.length ? row[c] : "";
        if (!Cells.missing(cell, missing) && !Cells.notFinite(cell)) {
          if (Double.isNaN(Cells.number(cell, separator != ','))) {
            return false;
          }
          numbers++;
        }
      }
      return numbers > 0;
    }

    private List<String> plainNames(int count) {
      List<String> expected = options.expected();
      if (expected.size() == count) {
        return expected;
      }
      List<String> names = new ArrayList<>();
      for (int c = 1; c <= count; c++) {
        names.add("c" + c);
      }
      return names;
    }

    private static List<String> headerNames(String[] first) {
      Map<String, Integer> uses = new HashMap<>();
      List<String> names = new ArrayList<>();
      for (int c = 0; c < first.length; c++) {
        String name = first[c].isEmpty() ? "c" + (c + 1) : first[c];
        int use = uses.merge(name, 1, Integer::sum);
        while (use > 1 && uses.containsKey(name + "_" + use)) {
          use++;
        }
        String unique = use == 1 ? name : name + "_" + use;
        uses.merge(unique, use == 1 ? 0 : 1, Integer::sum);
        names.add(unique);
      }
      return names;
    }
  }

  /** Collects the cells of one column of known type. */
  private static final class ColumnBuilder {
    private final String file;
    private final String name;
    private final ColumnProfile.Decision decision;
    private final boolean commaAllowed;
    private final Set<String> missing;
    private final double[] numbers;
    private final int[] codes;
    private final Map<String, Integer> index = new HashMap<>();
    private final List<String> values = new ArrayList<>();
    private final @Nullable String[] pair = new @Nullable String[2];

    ColumnBuilder(
        String file,
        String name,
        ColumnProfile.Decision decision,
        boolean commaAllowed,
        Set<String> missing,
        int rows) {
      this.file = file;
      this.name = name;
      this.decision = decision;
      this.commaAllowed = commaAllowed;
      this.missing = missing;
      boolean coded = decision.type().isCoded();
      this.numbers = new double[coded ? 0 : rows];
      this.codes = new int[coded ? rows : 0];
    }

    void set(int row, String cell, long line) {
      boolean absent = Cells.missing(cell, missing);
      switch (decision.type()) {
        case NUMBER, IDENTIFIER -> numbers[row] = absent ? Double.NaN : number(cell, line);
        case BOOLEAN -> numbers[row] = absent || Cells.nan(cell) ? Double.NaN : truth(cell, line);
        case DATE -> numbers[row] = absent || Cells.nan(cell) ? Double.NaN : date(cell, line);
        case CATEGORY, TEXT, IGNORED -> codes[row] = absent || Cells.nan(cell) ? -1 : code(cell);
      }
    }

    private double number(String cell, long line) {
      double value = Cells.number(cell, commaAllowed);
      if (Double.isInfinite(value) || Cells.notFinite(cell)) {
        throw ColumnProfile.notFinite(file, line, name, cell);
      }
      if (Double.isNaN(value)) {
        throw wrong(cell, line, "a number");
      }
      return value;
    }

    private double truth(String cell, long line) {
      String lower = cell.toLowerCase(Locale.ROOT);
      for (List<String> texts : Cells.BOOLEANS) {
        int at = texts.indexOf(lower);
        if (at >= 0) {
          pair[at] = pair[at] == null ? cell : pair[at];
          return at;
        }
      }
      if (cell.equals("0") || cell.equals("1")) {
        return cell.charAt(0) - '0';
      }
      throw wrong(cell, line, "true or false");
    }

    private double date(String cell, long line) {
      double value = decision.form().parse(cell);
      if (Double.isNaN(value)) {
        throw wrong(cell, line, decision.form().meaning());
      }
      return value;
    }

    private int code(String cell) {
      Integer known = index.get(cell);
      if (known == null) {
        known = values.size();
        index.put(cell, known);
        values.add(cell);
      }
      return known;
    }

    private CajalException wrong(String cell, long line, String expected) {
      return new CajalException(
          file
              + ":"
              + line
              + ": column \""
              + name
              + "\": "
              + Cells.quoted(cell)
              + " is not "
              + expected
              + "; correct it, or leave the cell empty where the value is missing");
    }

    Column build() {
      ColumnType type = decision.type();
      if (type.isCoded()) {
        return Column.ofCodes(name, type, decision.note(), codes, values);
      }
      String no = pair[0];
      String yes = pair[1];
      List<String> texts =
          type == ColumnType.BOOLEAN
              ? List.of(no == null ? "false" : no, yes == null ? "true" : yes)
              : List.of();
      return Column.ofNumbers(name, type, decision.note(), numbers, texts, decision.form());
    }
  }
}
