package org.cajal.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.cajal.type.CajalException;

/**
 * Finds out how a table is written, from its first rows: the separator and the quotes under which
 * rows have one number of cells and cells are plain values (after van den Burg, Nazábal and Sutton,
 * "Wrangling messy CSV files by detecting row and type patterns", 2019), then what comes before the
 * rows.
 */
final class LayoutFinder {
  private static final int SAMPLE = 1 << 18;
  private static final int SAMPLE_ROWS = 400;
  private static final int FEWEST_LINES = 8;
  private static final int MOST_COLUMNS = 100_000;
  private static final int MOST_TITLES = 60;
  private static final int LONGEST_UNIT = 24;
  private static final char[] SEPARATORS = {',', ';', '\t', '|', ' ', '~', '^'};

  private final String file;
  private final byte[] bytes;
  private final CsvOptions options;
  private final List<String> notes = new ArrayList<>();
  private final NumberText number = new NumberText();

  /** Where the lines begin that are not skipped by number or by a {@code sep=} line. */
  private int from;

  private int line = 1;
  private int sampleEnd;

  private LayoutFinder(String file, byte[] bytes, CsvOptions options) {
    this.file = file;
    this.bytes = bytes;
    this.options = options;
  }

  /**
   * The layout of a table.
   *
   * @throws CajalException if there are no rows, or the text is of another kind
   */
  static Layout find(String file, byte[] bytes, CsvOptions options) {
    return new LayoutFinder(file, bytes, options).find();
  }

  private Layout find() {
    Dialect given = options.dialect();
    Integer skip = given.skipLines();
    if (skip != null) {
      for (int i = 0; i < skip && from < bytes.length; i++) {
        nextLine();
      }
    } else {
      Layout arff = Arff.layout(file, bytes, options);
      if (arff != null) {
        return arff;
      }
      given = separatorLine(given);
    }
    sampleEnd = sampleEnd();
    Head head = choose(given);
    if (head.columns > MOST_COLUMNS) {
      throw new CajalException(
          file + ": " + head.columns + " columns; at most " + MOST_COLUMNS + " are allowed");
    }
    if (head.rows.isEmpty()) {
      throw new CajalException(
          file + ": the file has no rows; a table with at least one row is expected");
    }
    refuseSparse(head);
    if (given.separator() == null) {
      refuseTwoCharacters(head);
      noteColumns(head);
    }
    return layout(head, skip == null);
  }

  private void nextLine() {
    while (from < bytes.length && bytes[from] != '\n' && bytes[from] != '\r') {
      from++;
    }
    if (from < bytes.length) {
      boolean both = bytes[from] == '\r' && from + 1 < bytes.length && bytes[from + 1] == '\n';
      from += both ? 2 : 1;
    }
    line++;
  }

  /** Obeys a first line {@code sep=;}, as spreadsheets write it. */
  private Dialect separatorLine(Dialect given) {
    int end = from;
    while (end < bytes.length && end < from + 16 && bytes[end] != '\n' && bytes[end] != '\r') {
      end++;
    }
    String text = new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
    text = text.replace("\"", "");
    boolean states =
        text.toLowerCase(Locale.ROOT).startsWith("sep=")
            && (text.length() == 5 || text.equalsIgnoreCase("sep=\\t"));
    if (!states) {
      return given;
    }
    nextLine();
    char separator = text.length() == 5 ? text.charAt(4) : '\t';
    return given.separator() == null ? given.toBuilder().separator(separator).build() : given;
  }

  /** The end of a line behind which the sample ends: it has a few lines at least. */
  private int sampleEnd() {
    for (long size = SAMPLE; size < bytes.length - from; size *= 4) {
      int end = (int) (from + size);
      while (end > from && bytes[end - 1] != '\n') {
        end--;
      }
      int lines = 0;
      for (int i = from; i < end; i++) {
        lines += bytes[i] == '\n' ? 1 : 0;
      }
      if (lines >= FEWEST_LINES) {
        return end;
      }
    }
    return bytes.length;
  }

  /** A row of the sample. */
  private record Row(String[] cells, int line, int start, int end) {
    int filled() {
      int filled = 0;
      for (String cell : cells) {
        filled += cell.isEmpty() ? 0 : 1;
      }
      return filled;
    }
  }

  /** The sample as one dialect reads it. */
  private record Head(Dialect dialect, List<Row> rows, int columns, double score) {}

  private Head choose(Dialect given) {
    Dialect likely = options.likely();
    Head best = null;
    if (likely != null) {
      Dialect same =
          given.toBuilder()
              .separator(given.separator() == null ? likely.separator() : given.separator())
              .quote(given.quote() == null ? likely.quote() : given.quote())
              .escape(given.escape() == null ? likely.escape() : given.escape())
              .build();
      Head head = head(same);
      if (isExpected(head) || hasKnownHeader(head)) {
        return head;
      }
    }
    for (Dialect candidate : candidates(given)) {
      Head head = head(candidate);
      if (best == null || head.score > best.score) {
        best = head;
      }
    }
    return best == null ? head(given) : best;
  }

  /** Whether rows have the cells, or the header the names, of the table that is expected. */
  private boolean isExpected(Head head) {
    for (Row row : head.rows.subList(0, Math.min(MOST_TITLES, head.rows.size()))) {
      boolean wide =
          row.cells.length >= head.columns - 1 && (row.cells.length > 1 || head.columns == 1);
      if (wide && names(row) == options.expected().size()) {
        return true;
      }
    }
    return options.complete() && head.columns == options.expected().size();
  }

  /** Whether a row holds expected names and nothing else. */
  private boolean hasKnownHeader(Head head) {
    for (Row row : head.rows.subList(0, Math.min(MOST_TITLES, head.rows.size()))) {
      int filled = row.filled();
      int known = 0;
      for (String cell : row.cells) {
        known += !cell.isEmpty() && options.expected().contains(cell) ? 1 : 0;
      }
      if (filled > 0 && known == filled) {
        return true;
      }
    }
    return false;
  }

  private List<Dialect> candidates(Dialect given) {
    List<Character> separators = new ArrayList<>();
    if (given.separator() == null) {
      for (char c : SEPARATORS) {
        if ((c != '~' && c != '^') || holds(String.valueOf(c))) {
          separators.add(c);
        }
      }
    } else {
      separators.add(given.separator());
    }
    List<Character> quotes = new ArrayList<>();
    if (given.quote() == null) {
      quotes.add('"');
      if (holds("'")) {
        quotes.add('\'');
      }
    } else {
      quotes.add(given.quote());
    }
    List<Character> escapes = new ArrayList<>();
    if (given.escape() == null) {
      escapes.add('"');
      if (holds("\\\"") || holds("\\'")) {
        escapes.add('\\');
      }
    } else {
      escapes.add(given.escape());
    }
    List<Dialect> out = new ArrayList<>();
    for (char separator : separators) {
      for (char quote : quotes) {
        for (char escape : escapes) {
          boolean distinct = separator != quote && (quote != Dialect.NONE || escape != '\\');
          if (distinct) {
            out.add(given.toBuilder().separator(separator).quote(quote).escape(escape).build());
          }
        }
      }
    }
    return out;
  }

  private boolean holds(String ascii) {
    for (int i = from; i + ascii.length() <= sampleEnd; i++) {
      if (bytes[i] == ascii.charAt(0) && (ascii.length() == 1 || bytes[i + 1] == ascii.charAt(1))) {
        return true;
      }
    }
    return false;
  }

  private Head head(Dialect dialect) {
    RowScanner scanner = new RowScanner(bytes, from, sampleEnd, line, dialect);
    CellText cell = new CellText(dialect);
    List<Row> rows = new ArrayList<>();
    Map<Integer, Integer> counts = new HashMap<>();
    double clean = 0;
    boolean spaced = true; // whether a blank follows each separator
    long cells = 0;
    while (rows.size() < SAMPLE_ROWS && scanner.next()) {
      if (scanner.count() > MOST_COLUMNS) {
        return new Head(dialect, List.of(), scanner.count(), 0);
      }
      String[] texts = new String[scanner.count()];
      for (int c = 0; c < texts.length; c++) {
        cell.show(bytes, scanner.start(c), scanner.start(c + 1) - 1);
        texts[c] = cell.text();
        int start = scanner.start(c);
        spaced &= c == 0 || (start < bytes.length && bytes[start] == ' ');
        clean += plainness(texts[c], dialect);
        cells++;
      }
      Row row = new Row(texts, scanner.line(), scanner.rowStart(), scanner.rowEnd());
      rows.add(row);
      if (row.filled() > 0) {
        counts.merge(texts.length, 1, Integer::sum);
      }
    }
    int columns = 0;
    int most = 0;
    int all = 0;
    for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
      all += entry.getValue();
      if (entry.getValue() > most || (entry.getValue() == most && entry.getKey() > columns)) {
        columns = entry.getKey();
        most = entry.getValue();
      }
    }
    double plain = cells == 0 ? 0 : clean / cells;
    double score =
        all == 0 ? 0 : plain * plain * most / all * (columns == 1 ? 0.05 : 1 - 1.0 / columns);
    if (!rows.isEmpty() && rows.getFirst().cells.length != columns) {
      score *= 0.6; // lists inside cells are divided too, but the header is not
    }
    if (scanner.unclosed() >= 0 || dialect.isBlankSeparated()) {
      score /= 2; // texts of one length have blanks too
    }
    if (columns > 1
        && OneColumn.isLikely(rows.stream().map(Row::cells).toList(), spaced, dialect)) {
      score *= 0.01;
    }
    Head head = new Head(dialect, rows, columns, score);
    boolean named = !options.expected().isEmpty() && isExpected(head);
    return named ? new Head(dialect, rows, columns, score + 1) : head;
  }

  /** How much a cell looks like one value: 1 for a number, a date, a word, a sentence. */
  private double plainness(String cell, Dialect dialect) {
    int n = cell.length();
    if (n == 0) {
      return 1;
    }
    char first = cell.charAt(0);
    char last = cell.charAt(n - 1);
    if (",;|".indexOf(last) >= 0) {
      return 0;
    }
    if (first == '"' || (first == '\'' && last == '\'' && n > 1)) {
      return 0.4;
    }
    if (number.read(cell)) {
      return 1;
    }
    boolean spaced = false;
    for (int i = 1; i < n; i++) {
      char c = cell.charAt(i);
      char before = cell.charAt(i - 1);
      boolean tight = i + 1 < n && before != ' ' && cell.charAt(i + 1) != ' ';
      Character separator = dialect.separator();
      boolean other = separator == null || c != separator;
      if (c == '\t' || (other && tight && (c == ';' || c == '|'))) {
        return 0;
      }
      if (other && tight && c == ',') {
        return 0.5;
      }
      spaced |=
          isDigit(before)
              && c == ' '
              && i + 1 < n
              && (isDigit(cell.charAt(i + 1)) || cell.charAt(i + 1) == ' ');
    }
    boolean date =
        spaced && (cell.indexOf(':') > 0 || cell.indexOf('/') > 0 || cell.indexOf('-') > 0);
    return spaced && !date && isDigit(first) && (isDigit(last) || cell.contains("  ")) ? 0.2 : 1;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void refuseSparse(Head head) {
    Row row = head.rows.getFirst();
    String[] cells = row.cells.length == 1 ? row.cells[0].split(" ", -1) : row.cells;
    int pairs = 0;
    for (int c = 1; c < cells.length; c++) {
      int colon = cells[c].indexOf(':');
      boolean index =
          colon > 0 && cells[c].substring(0, colon).chars().allMatch(d -> d >= '0' && d <= '9');
      pairs += index && number.read(cells[c].substring(colon + 1)) ? 1 : 0;
    }
    if (cells.length > 1 && pairs == cells.length - 1 && number.read(cells[0])) {
      throw new CajalException(
          file
              + ": looks like the sparse format of LIBSVM ("
              + Cells.quoted(String.join(" ", cells))
              + "), which is not read; write a table with a column for each feature");
    }
  }

  /** Refuses cells that are divided by two characters, as {@code ::} and {@code ||}. */
  private void refuseTwoCharacters(Head head) {
    for (String pair : new String[] {"::", "||"}) {
      int count = alikeInLines(head.rows, pair);
      if (count > 0) {
        throw new CajalException(
            file
                + ": every line has "
                + count
                + " times \""
                + pair
                + "\" between its cells; one character is expected: replace it by a tab, for"
                + " example");
      }
    }
  }

  /** Says of a single column, or of two without a name, how they may be meant otherwise. */
  private void noteColumns(Head head) {
    if (head.columns == 1 && head.rows.size() > 2) {
      for (char mark : "/:#&$!=*+_".toCharArray()) {
        int count = alikeInLines(head.rows, String.valueOf(mark));
        if (count > 0) {
          notes.add(
              "one column; if the "
                  + (count == 1 ? "" : count + " ")
                  + "\""
                  + mark
                  + "\" of each line divide"
                  + (count == 1 ? "s" : "")
                  + " cells, say --separator "
                  + (mark == '#' || mark == '&' || mark == '$' || mark == '!' || mark == '*'
                      ? "'" + mark + "'"
                      : mark));
          return;
        }
      }
    }
    if (OneColumn.isMaybe(head.rows.stream().map(Row::cells).toList(), head.dialect)) {
      notes.add(
          "two columns of whole numbers; if each line is one number with a decimal comma, say"
              + " --separator ';'");
    }
  }

  /** How often a text stands in every line alike, or 0. */
  private int alikeInLines(List<Row> rows, String text) {
    int alike = -1;
    for (Row row : rows) {
      String whole = new String(bytes, row.start, row.end - row.start, StandardCharsets.ISO_8859_1);
      int count = 0;
      for (int at = whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + text.length())) {
        count++;
      }
      if (count == 0 || (alike >= 0 && count != alike)) {
        return 0;
      }
      alike = count;
    }
    return Math.max(0, alike);
  }

  private Layout layout(Head head, boolean titles) {
    List<Row> rows = head.rows;
    int at = 0;
    char comment = Dialect.NONE;
    Row named = null;
    if (titles) {
      for (int i = 0; i < Math.min(MOST_TITLES, rows.size()) && named == null; i++) {
        named = isNamed(rows.get(i), head.columns) ? rows.get(i) : null;
        at = named == null ? 0 : i;
      }
      if (named == null) {
        int comments = comments(head);
        comment = comments > 0 ? rows.getFirst().cells[0].charAt(0) : Dialect.NONE;
        at = comments;
        at = titles(head, at);
      } else if (at > 0 && isCommentStart(rows.getFirst())) {
        comment = rows.getFirst().cells[0].charAt(0);
      }
      if (at > 0) {
        passedOver(rows.subList(0, at));
      }
    }
    rows = rows.subList(at, rows.size());
    Row first = rows.getFirst();
    boolean header = named != null || hasHeader(rows, head.columns);
    Boolean given = options.dialect().header();
    header = given == null ? header : given;
    int columns = columns(head, rows, header);
    List<String> names = header ? headerNames(first, columns, head.columns) : plainNames(columns);
    if (header && first.cells.length == columns - 1 && columns == head.columns) {
      notes.add("the first column has no name in the header: it is taken for the names of rows");
    }
    Row body = first;
    if (header) {
      body = rows.size() > 1 ? rows.get(1) : null;
      if (body != null && isUnits(rows)) {
        notes.add(
            "line "
                + body.line
                + " ("
                + Cells.quoted(String.join(", ", body.cells))
                + ") holds units and is passed over");
        body = rows.size() > 2 ? rows.get(2) : null;
      }
    }
    Dialect dialect =
        head.dialect.toBuilder()
            .header(header)
            .skipLines(first.line - 1)
            .comment(head.dialect.comment() == null ? Dialect.NONE : head.dialect.comment())
            .build();
    return new Layout(
        dialect,
        names,
        body == null ? bytes.length : body.start,
        body == null ? 1 : body.line,
        header ? Arrays.copyOfRange(bytes, first.start, first.end) : new byte[0],
        comment,
        Map.of(),
        notes);
  }

  private void passedOver(List<Row> rows) {
    Row first = rows.getFirst();
    Row last = rows.getLast();
    String text = Cells.quoted(String.join(" ", first.cells).strip());
    notes.add(
        (rows.size() == 1
                ? "line " + first.line + " (" + text + ") is"
                : "lines " + first.line + " to " + last.line + " (" + text + ", …) are")
            + " passed over as no part of the table; --skip-lines says otherwise");
  }

  /** The number of expected names that stand in a row. */
  private int names(Row row) {
    int found = 0;
    for (String name : options.expected()) {
      for (String cell : row.cells) {
        if (cell.equals(name)) {
          found++;
          break;
        }
      }
    }
    return found;
  }

  /** Whether a row holds names that are expected in the header. */
  private boolean isNamed(Row row, int columns) {
    if (options.expected().isEmpty() || row.cells.length < columns - 1) {
      return false;
    }
    int found = names(row);
    return 2 * found >= options.expected().size() || (found > 0 && 2 * found >= row.cells.length);
  }

  private static boolean isCommentStart(Row row) {
    String cell = row.cells[0];
    return cell.startsWith("#") || cell.startsWith("%");
  }

  /** The number of first rows that are comments. */
  private int comments(Head head) {
    int count = 0;
    while (count < head.rows.size() - 1 && isCommentStart(head.rows.get(count))) {
      count++;
    }
    if (count > 0) {
      Row last = head.rows.get(count - 1);
      boolean names = last.cells.length == head.columns && head.columns > 1;
      if (names && !isText(head.rows.get(count)) && isText(last)) {
        count--; // "#id,size": the header itself
      }
    }
    return count;
  }

  private boolean isText(Row row) {
    for (String cell : row.cells) {
      if (isNumber(cell)) {
        return false;
      }
    }
    return true;
  }

  /** The row at which the table begins, behind titles: rows of fewer cells, or one filled cell. */
  private int titles(Head head, int start) {
    List<Row> rows = head.rows;
    int filled = 0;
    for (Row row : rows) {
      filled += row.filled();
    }
    double usual = filled / (double) rows.size();
    int at = start;
    int columns = Math.min(head.columns, usualWidth(rows));
    while (at < Math.min(MOST_TITLES, rows.size() - 1)
        && (isTitle(rows.get(at), columns, usual) || isAboveHeader(rows, at, columns))) {
      at++;
    }
    return isTitle(rows.get(at), columns, usual) ? start : at;
  }

  /** The most frequent number of cells up to the last that holds anything. */
  private static int usualWidth(List<Row> rows) {
    Map<Integer, Integer> widths = new HashMap<>();
    int best = 0;
    for (Row row : rows) {
      int width = filledColumns(List.of(row), 0);
      int count = width == 0 ? 0 : widths.merge(width, 1, Integer::sum);
      best = count > 0 && best == 0 ? width : best;
    }
    for (Map.Entry<Integer, Integer> width : widths.entrySet()) {
      int count = width.getValue();
      int most = widths.getOrDefault(best, 0);
      best = count > most || (count == most && width.getKey() > best) ? width.getKey() : best;
    }
    return best;
  }

  private boolean isTitle(Row row, int columns, double usual) {
    int filled = row.filled();
    if (columns < 2 || filled == 0) {
      return columns > 1;
    }
    int numbers = 0;
    for (String cell : row.cells) {
      numbers += isNumber(cell) ? 1 : 0;
    }
    if (numbers > 1 || 2 * numbers > filled) {
      return false;
    }
    boolean nearlyAll = row.cells.length >= columns - 1 && filled >= Math.min(2, columns - 1);
    return (row.cells.length < columns && !nearlyAll) || (filled == 1 && usual >= 1.5);
  }

  /**
   * Whether a row names groups of columns, whose own names are in the next one: half of its cells
   * are empty, and all of the next one are texts, two at least above numbers.
   */
  private boolean isAboveHeader(List<Row> rows, int at, int columns) {
    Row names = rows.get(at + 1);
    if (2 * rows.get(at).filled() > columns + 1 || names.filled() < columns || !isText(names)) {
      return false;
    }
    List<Row> below = rows.subList(at + 1, rows.size());
    int numbers = 0;
    for (int c = 0; c < names.cells.length; c++) {
      numbers += numbersBelow(below, c) ? 1 : 0;
    }
    return numbers > 1 && !(numbersBelow(rows.subList(at, rows.size()), 0) && isText(rows.get(at)));
  }

  /** Whether a cell is a number without letters around it. */
  private boolean isNumber(String cell) {
    return number.read(cell) && number.unit().chars().noneMatch(Character::isLetter);
  }

  private boolean hasHeader(List<Row> rows, int columns) {
    Row first = rows.getFirst();
    Set<String> seen = new HashSet<>();
    boolean distinct = true;
    int named = 0;
    for (String cell : first.cells) {
      if (cell.isEmpty()) {
        continue;
      }
      named++;
      if (isNumber(cell)
          || Cells.missing(cell, Cells.MISSING)
          || Cells.notFinite(cell)
          || !Double.isNaN(DateForm.YEAR_MONTH_DAY.parse(cell))) {
        return isCounting(rows);
      }
      distinct &= seen.add(cell);
    }
    if (named == 0) {
      return false;
    }
    // Files that were joined together have their header again.
    List<Row> others = new ArrayList<>(rows.subList(1, rows.size()));
    others.removeIf(row -> Arrays.equals(row.cells, first.cells));
    others.add(0, first);
    for (int c = 0; c < first.cells.length; c++) {
      if (!first.cells[c].isEmpty() && numbersBelow(others, c)) {
        return true;
      }
    }
    return distinct
        && first.cells.length >= columns - 1
        && isNotOfItsColumns(others, others.size() == rows.size() ? 0 : 1);
  }

  /**
   * Whether the texts of the first row do not come back in their columns; where some do, whether
   * more of the columns with few values have none of them in the first row.
   *
   * @param needed the number of such columns that there must be in any case
   */
  private static boolean isNotOfItsColumns(List<Row> rows, int needed) {
    Row first = rows.getFirst();
    int back = 0;
    int apart = 0;
    for (int c = 0; c < first.cells.length; c++) {
      if (first.cells[c].isEmpty()) {
        continue;
      }
      Set<String> below = new HashSet<>();
      int filled = 0;
      for (Row row : rows.subList(1, rows.size())) {
        if (c < row.cells.length && !row.cells[c].isEmpty()) {
          below.add(row.cells[c]);
          filled++;
        }
      }
      boolean known = below.contains(first.cells[c]);
      back += known ? 1 : 0;
      apart += !known && 2 * below.size() <= filled ? 1 : 0;
    }
    return apart >= needed && (back == 0 || apart > back);
  }

  /**
   * Whether the numbers or dates of the first row go on from column to column, as names of columns
   * do (years, days, or places from 0), and those of the second do not.
   */
  private static boolean isCounting(List<Row> rows) {
    Row first = rows.getFirst();
    boolean times = false;
    for (String cell : first.cells) {
      double value = Cells.number(cell, false);
      times |= Double.isNaN(value) && !Double.isNaN(DateForm.YEAR_MONTH_DAY.parse(cell));
      times |= cell.length() == 4 && value >= 1800 && value <= 2200;
    }
    return counts(first, times) && (rows.size() < 2 || !counts(rows.get(1), times));
  }

  /**
   * Whether a row has three numbers at least, each the next whole number.
   *
   * @param times whether they may be years or dates as well, by steps of any length
   */
  private static boolean counts(Row row, boolean times) {
    double previous = Double.NaN;
    int numbers = 0;
    for (String cell : row.cells) {
      double value = Cells.number(cell, false);
      boolean year = cell.length() == 4 && value >= 1800 && value <= 2200;
      if (Double.isNaN(value) && times) {
        value = DateForm.YEAR_MONTH_DAY.parse(cell);
        year = true;
      }
      if (Double.isNaN(value)) {
        continue;
      }
      if (times && !year) {
        return false;
      }
      boolean next = Double.isNaN(previous) || (times ? value > previous : value == previous + 1);
      if (!next || value != Math.rint(value)) {
        return false;
      }
      previous = value;
      numbers++;
    }
    return numbers >= 3;
  }

  /** Whether the cells below the first are numbers, nearly all of them. */
  private boolean numbersBelow(List<Row> rows, int c) {
    int numbers = 0;
    int texts = 0;
    for (Row row : rows.subList(1, rows.size())) {
      String cell = c < row.cells.length ? row.cells[c] : "";
      if (!Cells.missing(cell, Cells.MISSING_NUMBER) && !Cells.notFinite(cell)) {
        if (number.read(cell)) {
          numbers++;
        } else {
          texts++;
        }
      }
    }
    return numbers > 0 && texts <= numbers / 9;
  }

  /**
   * Whether the row behind the header holds units or descriptions: texts that do not come back,
   * above all columns of numbers, of which there are two at least.
   */
  private boolean isUnits(List<Row> rows) {
    if (rows.size() < 4) {
      return false;
    }
    Row units = rows.get(1);
    List<Row> below = rows.subList(1, rows.size());
    int numbers = 0;
    for (int c = 0; c < units.cells.length; c++) {
      String cell = units.cells[c];
      if (isNumber(cell) || cell.length() > LONGEST_UNIT) {
        return false;
      }
      boolean absent = Cells.missing(cell, Cells.MISSING_NUMBER) || Cells.notFinite(cell);
      boolean word = Cells.missing(cell, Cells.MISSING_WORDS);
      if (!absent && numbersBelow(below, c)) {
        if (word || comesBack(below, c)) {
          return false;
        }
        numbers++;
      } else if (!isUnit(cell) && !numbersBelow(below, c)) {
        return false;
      }
    }
    return numbers >= 2;
  }

  /** Whether the first text of a column stands in another row. */
  private static boolean comesBack(List<Row> rows, int c) {
    String first = rows.getFirst().cells[c];
    return rows.stream()
        .skip(1)
        .anyMatch(row -> c < row.cells.length && row.cells[c].equals(first));
  }

  private static boolean isUnit(String cell) {
    boolean bracketed = cell.startsWith("[") || cell.startsWith("(");
    boolean sign = cell.chars().anyMatch(c -> "%\u00B0/\u00B2\u00B3\u00B5".indexOf(c) >= 0);
    return cell.length() <= 3 || (cell.length() <= LONGEST_UNIT && (bracketed || sign));
  }

  /** The number of columns, where header and rows differ by separators too many. */
  private int columns(Head head, List<Row> rows, boolean header) {
    Row first = rows.getFirst();
    int named = first.cells.length;
    while (named > 1
        && first.cells[named - 1].isEmpty()
        && !(options.complete() && options.expected().contains("c" + named))) {
      named--;
    }
    int usual = head.columns;
    if (!header || rows.size() == 1) {
      return header ? Math.max(named, 1) : Math.max(usual, filledColumns(rows, 1));
    }
    List<Row> body = rows.subList(1, rows.size());
    int filled = filledColumns(body, named);
    if (first.cells.length == usual && named < usual) {
      // Unnamed columns at the end are columns where they hold anything.
      return Math.max(named, filled);
    }
    if (filled == named + 1
        && first.cells.length == named
        && usual == named + 1
        && nameRows(body)) {
      return usual; // the header lacks the name of the first column, as R writes it
    }
    return named;
  }

  /** Whether the first cells name the rows: different texts, or the numbers from 1. */
  private static boolean nameRows(List<Row> rows) {
    Set<String> seen = new HashSet<>();
    NumberText number = new NumberText();
    boolean counting = true;
    for (int i = 0; i < rows.size(); i++) {
      String cell = rows.get(i).cells[0];
      counting &= cell.equals(String.valueOf(i + 1));
      if (cell.isEmpty() || !seen.add(cell) || (!counting && number.read(cell))) {
        return false;
      }
    }
    return true;
  }

  /** The number of columns up to the last that holds anything. */
  private static int filledColumns(List<Row> rows, int atLeast) {
    int most = atLeast;
    for (Row row : rows) {
      int filled = row.cells.length;
      while (filled > most && row.cells[filled - 1].isEmpty()) {
        filled--;
      }
      most = Math.max(most, filled);
    }
    return most;
  }

  private List<String> plainNames(int count) {
    List<String> expected = options.expected();
    if (options.complete() && expected.size() == count) {
      return expected;
    }
    List<String> names = new ArrayList<>();
    for (int c = 1; c <= count; c++) {
      names.add("c" + c);
    }
    return names;
  }

  private static List<String> headerNames(Row header, int columns, int usual) {
    boolean shifted = header.cells.length == columns - 1 && usual == columns;
    Map<String, Integer> uses = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      int at = shifted ? c - 1 : c;
      String cell = at >= 0 && at < header.cells.length ? header.cells[at] : "";
      if (c == 0 && cell.startsWith("#") && cell.length() > 1) {
        cell = cell.substring(1).strip();
      }
      String name = cell.isEmpty() ? "c" + (c + 1) : cell;
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
