package org.cajal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one column of a grid: first looks at all of its cells, then, once the other columns have
 * said which decimal mark the file has, decides on a type and gives the values.
 */
final class ColumnReader {
  /** A column of numbers keeps the texts of its cells where there are at most so many. */
  private static final int MOST_LABELS = 1 << 16;

  /** Of numbers with fractions so many, which are seldom labels. */
  private static final int MOST_FRACTIONS = 1000;

  /** Cells all over the column that are looked at before all of them. */
  private static final int GLANCE = 64;

  /** The share of odd cells that a column of numbers may have; beyond it is refused. */
  private static final double FEW_ODD = 0.1;

  private static final int FEW_VALUES = 20;

  /** Up to here doubles hold every whole number. */
  private static final double MOST_EXACT = 1L << 53;

  /** Texts of at least so many words on average are free text, not names or codes. */
  private static final double FREE_TEXT = 3;

  /** Dates written as one number, {@code 190001} for a month, are no smaller. */
  private static final int FEWEST_COMPACT = 100_000;

  private final String file;
  private final Grid grid;
  private final int column;
  private final int columns;
  private final boolean header;
  private final String name;
  private final Dialect dialect;
  private final @Nullable ColumnType forced;
  private final @Nullable NumberForm form;
  private final @Nullable DateForm dateForm;
  private final double[] missingNumbers;

  /** Numbers as programs write them, where all cells are; else the texts and where each stands. */
  private double @Nullable [] numbers;

  private PlainNumber plain = new PlainNumber();
  private int[] codes = new int[0];
  private TextIndex index = new TextIndex();
  private boolean ids;
  private long notFinite;
  private int notFiniteRow = -1;
  private @Nullable NumberEvidence evidence;

  ColumnReader(String file, Grid grid, int column, String name, CsvOptions options, Layout layout) {
    this.file = file;
    this.grid = grid;
    this.column = column;
    this.name = name;
    this.columns = layout.names().size();
    this.header = Boolean.TRUE.equals(layout.dialect().header());
    this.dialect = grid.dialect();
    ColumnType given = options.types().get(name);
    this.dateForm = options.dateForms().get(name);
    this.forced =
        given != null ? given : dateForm != null ? ColumnType.DATE : layout.types().get(name);
    this.form = options.numberForms().get(name);
    this.missingNumbers =
        dialect.missing().stream()
            .mapToDouble(NumberForm.PLAIN::parse)
            .filter(v -> !Double.isNaN(v))
            .toArray();
  }

  /** Looks at all cells. */
  void look() {
    boolean texts =
        forced != null && forced != ColumnType.NUMBER && forced != ColumnType.IDENTIFIER;
    Character d = dialect.decimal();
    Character t = dialect.thousands();
    boolean pointed = (d == null || d == '.') && (t == null || t != '.');
    boolean usual = form == null ? pointed : form.isPlain();
    if (texts || !usual || !readNumbers()) {
      readTexts();
    }
  }

  private boolean readNumbers() {
    int rows = grid.rows();
    CellText cell = new CellText(dialect);
    plain = new PlainNumber();
    for (int i = 0; i < GLANCE; i++) {
      grid.show((int) ((long) i * rows / GLANCE), column, cell);
      boolean number = !Double.isNaN(plain.read(cell.bytes(), cell.from(), cell.to()));
      if (!number && !isAbsent(cell.text(), Cells.MISSING_NUMBER) && !isInfinity(cell.text())) {
        return false;
      }
    }
    double[] values = new double[rows];
    plain = new PlainNumber();
    notFinite = 0;
    for (int r = 0; r < rows; r++) {
      grid.show(r, column, cell);
      if (cell.isEmpty()) {
        values[r] = Double.NaN;
        continue;
      }
      double value = plain.read(cell.bytes(), cell.from(), cell.to());
      if (Double.isFinite(value)) {
        values[r] = isMissing(value) ? Double.NaN : value;
        continue;
      }
      String text = cell.to() - cell.from() > 64 && Double.isNaN(value) ? "" : cell.text();
      boolean infinite = Double.isInfinite(value) || isInfinity(text);
      if (!infinite && (text.isEmpty() || !isAbsent(text, Cells.MISSING_NUMBER))) {
        return false;
      }
      values[r] = Double.NaN;
      if (infinite) {
        notFinite++;
        notFiniteRow = notFiniteRow < 0 ? r : notFiniteRow;
      }
    }
    numbers = values;
    return true;
  }

  private boolean isMissing(double value) {
    for (double m : missingNumbers) {
      if (m == value) {
        return true;
      }
    }
    return false;
  }

  private boolean isAbsent(String text, Set<String> markers) {
    return Cells.missing(text, markers) || Cells.missing(text, dialect.missing());
  }

  private static boolean isInfinity(String text) {
    return Cells.notFinite(text) && !Cells.missing(text, Cells.MISSING_NUMBER);
  }

  private void readTexts() {
    numbers = null;
    int rows = grid.rows();
    codes = new int[rows];
    index = new TextIndex();
    CellText cell = new CellText(dialect);
    for (int r = 0; r < rows; r++) {
      grid.show(r, column, cell);
      codes[r] = cell.isEmpty() ? -1 : index.add(cell.bytes(), cell.from(), cell.to(), r);
    }
    evidence = new NumberEvidence(index, present(Cells.MISSING_NUMBER, true));
  }

  /** For each text whether it is a value. */
  private boolean[] present(Set<String> markers, boolean finite) {
    boolean[] present = new boolean[index.size()];
    boolean codes = !finite && haveTwoLetters();
    for (int code = 0; code < present.length; code++) {
      String text = index.value(code);
      present[code] =
          (!isAbsent(text, markers) || (codes && text.equals("NA")))
              && !(finite && (Cells.notFinite(text) || isMissing(NumberForm.PLAIN.parse(text))));
    }
    return present;
  }

  /** Whether nearly all texts are two capitals, as codes of countries are: NA is one then. */
  private boolean haveTwoLetters() {
    int two = 0;
    for (String text : index.values()) {
      two += text.length() == 2 && text.chars().allMatch(c -> c >= 'A' && c <= 'Z') ? 1 : 0;
    }
    return two > 2 && two >= 0.9 * index.size();
  }

  private long count(boolean[] present) {
    long count = 0;
    for (int code = 0; code < present.length; code++) {
      count += present[code] ? index.count(code) : 0;
    }
    return count;
  }

  /** The decimal mark that this column proves the file to have, or null. */
  @Nullable Character decimal() {
    if (form != null || forced == ColumnType.CATEGORY) {
      return null;
    }
    if (numbers != null) {
      return plain.pointed() > plain.groupable() ? '.' : null;
    }
    NumberEvidence known = evidence;
    long values = count(present(Cells.MISSING_NUMBER, true));
    return known == null || known.numbers() < 0.9 * values ? null : known.decimal(dialect);
  }

  /**
   * The column.
   *
   * @param fileDecimal the decimal mark of the file, or null where columns do not tell
   * @throws CajalException if its cells do not agree
   */
  Column build(@Nullable Character fileDecimal) {
    double[] plainNumbers = numbers;
    if (plainNumbers != null) {
      Column column = ofPlain(plainNumbers, fileDecimal);
      if (column != null) {
        return column;
      }
      readTexts();
    }
    return ofTexts(fileDecimal);
  }

  private String place() {
    return file + ": column \"" + name + "\"";
  }

  private String placeOf(int row) {
    return file + ":" + grid.line(row) + ": column \"" + name + "\"";
  }

  /**
   * The column of numbers as programs write them, or null if they are others than they look: their
   * points group digits, they are compact dates, or ids whose texts count.
   */
  private @Nullable Column ofPlain(double[] values, @Nullable Character fileDecimal) {
    long points = plain.pointed();
    if (form == null && points > 0 && points == plain.groupable()) {
      char mark =
          fileDecimal != null
              ? fileDecimal
              : NumberEvidence.settle(
                  place(),
                  '.',
                  points,
                  plain.longWithout(),
                  plain.shortWithout(),
                  dialect,
                  this::firstPointed,
                  ',');
      if (mark == ',') {
        return null;
      }
    }
    boolean any = false;
    boolean compact = forced == null && points == 0;
    for (double v : values) {
      any |= !Double.isNaN(v);
      compact &= !(v < FEWEST_COMPACT);
    }
    if (!any && forced == null) {
      return empty();
    }
    if (forced == null && hasLongIds(values)) {
      ids = true;
      return null;
    }
    if (compact) {
      CellText cell = new CellText(dialect);
      DateForm.Inference found =
          DateForm.infer(
              name,
              values.length,
              r -> {
                grid.show(r, column, cell);
                return Double.isNaN(values[r]) ? null : cell.text();
              });
      if (found != null && found.form() != null) {
        return null;
      }
    }
    List<String> notes = new ArrayList<>();
    noteNotFinite(notes);
    char decimal = fileDecimal == null || points > 0 ? '.' : fileDecimal;
    NumberForm found =
        form != null ? form : new NumberForm(decimal, Dialect.NONE, "", false, notFinite > 0);
    return numberColumn(values, found, notes);
  }

  /** Whether whole numbers are beyond what numbers tell apart: ids, whose texts count. */
  private static boolean hasLongIds(double[] values) {
    boolean beyond = false;
    for (double v : values) {
      if (!Double.isNaN(v) && (v != Math.rint(v) || Math.abs(v) >= 1e19)) {
        return false;
      }
      beyond |= Math.abs(v) > MOST_EXACT;
    }
    return beyond;
  }

  private String firstPointed() {
    CellText cell = new CellText(dialect);
    for (int r = 0; r < grid.rows(); r++) {
      grid.show(r, column, cell);
      String text = cell.text();
      if (text.indexOf('.') >= 0) {
        return text;
      }
    }
    return "1.234";
  }

  private Column empty() {
    return Column.ofCodes(
        name,
        ColumnType.IGNORED,
        leftOut("all its cells are empty"),
        filled(grid.rows()),
        List.of());
  }

  private static int[] filled(int rows) {
    int[] none = new int[rows];
    Arrays.fill(none, -1);
    return none;
  }

  private void noteNotFinite(List<String> notes) {
    if (notFinite > 0) {
      CellText cell = new CellText(dialect);
      grid.show(notFiniteRow, column, cell);
      notes.add(
          cells(notFinite)
              + " such as "
              + Cells.quoted(cell.text())
              + " in line "
              + grid.line(notFiniteRow)
              + (notFinite == 1 ? " is" : " are")
              + " not finite and taken as missing");
    }
  }

  private static String cells(long count) {
    return count == 1 ? "1 cell" : count + " cells";
  }

  private Column numberColumn(double[] values, NumberForm found, List<String> notes) {
    String reason =
        forced == null && columns > 2
            ? RowNames.reason(values, name, column, columns, header)
            : null;
    ColumnType type =
        forced == ColumnType.IDENTIFIER || reason != null
            ? ColumnType.IDENTIFIER
            : ColumnType.NUMBER;
    String sentinel = type == ColumnType.NUMBER ? Sentinels.note(values) : null;
    if (type == ColumnType.NUMBER && numbers != null && plain.hasLongZeros() && forced == null) {
      notes.add(
          "numbers that begin with zeros, such as codes, are read as numbers; --type \""
              + name
              + "=category\" takes them for categories");
    }
    if (reason != null) {
      notes.add(0, "left out: " + reason);
    } else if (sentinel != null) {
      notes.add(sentinel);
    }
    int[] labels = new int[0];
    List<String> texts = List.of();
    if (numbers == null) {
      if (index.size() <= MOST_LABELS) {
        labels = codes;
        texts = index.values();
      }
    } else if (!plain.isCanonical()) {
      TextIndex own = new TextIndex();
      int[] at = texts(own, values);
      if (at.length > 0) {
        labels = at;
        texts = own.values();
      }
    }
    return Column.ofNumbers(name, type, note(notes), values, labels, texts, found);
  }

  /** The texts of the cells that are numbers, or nothing if there are too many. */
  private int[] texts(TextIndex own, double[] values) {
    int rows = grid.rows();
    boolean fractions = false;
    HashedSet different = new HashedSet();
    for (double v : values) {
      if (!Double.isNaN(v) && different.add(Double.doubleToLongBits(v))) {
        fractions |= v != Math.rint(v);
        int most = fractions ? MOST_FRACTIONS : MOST_LABELS;
        if (different.size() > most) {
          return new int[0];
        }
      }
    }
    int[] at = new int[rows];
    CellText cell = new CellText(dialect);
    for (int r = 0; r < rows; r++) {
      if (Double.isNaN(values[r])) {
        at[r] = -1;
        continue;
      }
      grid.show(r, column, cell);
      at[r] = own.add(cell.bytes(), cell.from(), cell.to(), r);
      if (own.size() > MOST_LABELS) {
        return new int[0];
      }
    }
    return at;
  }

  private @Nullable String note(List<String> notes) {
    if (notes.isEmpty()) {
      return null;
    }
    boolean sentence = notes.getFirst().startsWith("left out");
    return "column \"" + name + "\"" + (sentence ? " is " : ": ") + String.join("; ", notes);
  }

  private String leftOut(String reason) {
    return "column \"" + name + "\" is left out: " + reason;
  }

  private Column ofTexts(@Nullable Character fileDecimal) {
    boolean[] any = present(Cells.MISSING, false);
    boolean[] finite = present(Cells.MISSING_NUMBER, true);
    if (forced != null) {
      return ofForced(forced, any, finite, fileDecimal);
    }
    long values = count(finite);
    NumberEvidence found = evidence;
    long numeric = found == null ? 0 : found.numbers();
    if (values == 0) {
      return count(any) == 0 ? empty() : texts(any, null);
    }
    if (ids) {
      return texts(any, null);
    }
    DateForm.Inference dates = inferDates(finite);
    Column column = dates(dates, finite, values);
    if (column == null && found != null && numeric == values) {
      return numbers(found, finite, fileDecimal);
    }
    if (column == null) {
      column = booleans(finite);
    }
    if (column == null && dates != null) {
      column = texts(any, dates.note());
    }
    if (column == null && found != null && 2 * numeric >= values) {
      column = partlyNumbers(found, finite, values, fileDecimal);
    }
    return column == null ? texts(any, null) : column;
  }

  private Column ofForced(
      ColumnType type, boolean[] any, boolean[] finite, @Nullable Character fileDecimal) {
    NumberEvidence found = evidence;
    return switch (type) {
      case NUMBER, IDENTIFIER -> {
        NumberForm known = form;
        if (known == null) {
          if (count(finite) > 0 && (found == null || found.numbers() == 0)) {
            throw wrong(first(finite), "a number");
          }
          known =
              found == null || found.numbers() == 0
                  ? NumberForm.PLAIN
                  : found.form(place(), dialect, fileDecimal).withLenient(true);
        } else if (found != null && found.numbers() > 0) {
          known = likelyForm(known, found, finite, fileDecimal);
        }
        yield numbers(known, finite);
      }
      case BOOLEAN -> {
        for (int code = 0; code < finite.length; code++) {
          if (finite[code] && truth(index.value(code)) < 0) {
            throw wrong(code, "true or false");
          }
        }
        yield truths(finite);
      }
      case DATE -> {
        DateForm known = dateForm;
        if (known == null) {
          DateForm.Inference dates = inferDates(finite);
          DateForm likely = dates == null ? null : dates.form();
          known = likely == null ? DateForm.YEAR_MONTH_DAY : likely;
        }
        yield dateColumn(known, finite, null, false);
      }
      case CATEGORY, TEXT, IGNORED -> Column.ofCodes(name, type, null, coded(any), kept(any));
    };
  }

  private static int first(boolean[] present) {
    int code = 0;
    while (!present[code]) {
      code++;
    }
    return code;
  }

  private Column numbers(NumberEvidence found, boolean[] finite, @Nullable Character fileDecimal) {
    return numbers(found.form(place(), dialect, fileDecimal), finite);
  }

  /** The model's form, or the file's own where that reads all cells and the model's does not. */
  private NumberForm likelyForm(
      NumberForm known, NumberEvidence found, boolean[] finite, @Nullable Character fileDecimal) {
    if (known.lenient() || fits(known, finite)) {
      return known;
    }
    NumberForm own =
        found.form(
            place(),
            dialect,
            fileDecimal == null ? Character.valueOf(known.decimal()) : fileDecimal);
    return NumberForm.sameUnit(own.unit(), known.unit())
            && own.multiplied() == known.multiplied()
            && fits(own, finite)
        ? own
        : known;
  }

  private boolean fits(NumberForm known, boolean[] finite) {
    NumberText text = new NumberText();
    for (int code = 0; code < finite.length; code++) {
      if (finite[code]) {
        boolean number = text.read(index.value(code)) && !Double.isNaN(known.value(text));
        if (!number && !Cells.missing(index.value(code), Cells.MISSING_WORDS)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Numbers in a form; other cells are missing where the form is lenient, else refused. */
  private Column numbers(NumberForm known, boolean[] finite) {
    double[] parsed = new double[index.size()];
    NumberText text = new NumberText();
    List<Integer> odd = new ArrayList<>();
    long words = 0;
    int word = -1;
    long infinite = 0;
    int infinity = -1;
    for (int code = 0; code < parsed.length; code++) {
      parsed[code] = Double.NaN;
      String cell = index.value(code);
      if (!finite[code]) {
        boolean told = isInfinity(cell);
        infinite += told ? index.count(code) : 0;
        infinity = told && infinity < 0 ? code : infinity;
        continue;
      }
      double value = text.read(cell) ? known.value(text) : Double.NaN;
      if (Double.isInfinite(value)) {
        infinite += index.count(code);
        infinity = infinity < 0 ? code : infinity;
      } else if (!Double.isNaN(value)) {
        parsed[code] = value;
      } else if (Cells.missing(cell, Cells.MISSING_WORDS)) {
        words += index.count(code);
        word = word < 0 ? code : word;
      } else {
        odd.add(code);
      }
    }
    List<String> notes = new ArrayList<>();
    noteForm(known, notes);
    noteMissing(infinite, infinity, "not finite and ", notes);
    noteMissing(words, word, "", notes);
    if (!odd.isEmpty()) {
      if (!known.lenient()) {
        throw wrong(
            odd.stream().min((a, b) -> index.firstRow(a) - index.firstRow(b)).orElse(0),
            "a number" + inForm(known));
      }
      notes.add(oddCells(odd) + noNumbers(odd) + inForm(known) + " and taken as missing");
    }
    double[] values = new double[codes.length];
    for (int r = 0; r < values.length; r++) {
      values[r] = codes[r] < 0 ? Double.NaN : parsed[codes[r]];
    }
    boolean tolerant = known.lenient() || infinite > 0 || words > 0;
    return numberColumn(values, known.withLenient(tolerant), notes)
        .withOdd(odd.stream().map(index::value).toList());
  }

  private String noNumbers(List<Integer> odd) {
    return odd.size() == 1 && index.count(odd.getFirst()) == 1 ? " not a number" : " not numbers";
  }

  private static String inForm(NumberForm form) {
    return form.isPlain()
        ? ""
        : form.unit().isEmpty()
            ? " as " + form.example() + " is"
            : " with " + Cells.quoted(form.unit());
  }

  private void noteForm(NumberForm known, List<String> notes) {
    NumberEvidence found = evidence;
    if (form != null || found == null) {
      return;
    }
    if (known.grouping() != Dialect.NONE && found.isMarked(known.grouping())) {
      notes.add(
          switch (known.grouping()) {
                case ',' -> "commas";
                case '.' -> "points";
                case ' ' -> "blanks";
                case '_' -> "underscores";
                default -> "apostrophes";
              }
              + " group thousands");
    }
    if (known.multiplied()) {
      notes.add(
          "letters behind numbers multiply them (" + String.join(", ", found.mostUnits()) + ")");
    } else if (!known.unit().isEmpty()) {
      String bare = found.bare() > 0 ? ", " + cells(found.bare()) + " without it" : "";
      notes.add("numbers with " + Cells.quoted(known.unit()) + ", which is passed over" + bare);
    }
    if (found.isBracketed()) {
      notes.add("numbers in brackets are taken as below zero");
    }
    if (found.bounds() > 0) {
      notes.add(
          cells(found.bounds())
              + " such as "
              + Cells.quoted(index.value(found.firstBound()))
              + (found.bounds() == 1 ? " gives a limit" : " give limits")
              + ", taken as the number itself");
    }
  }

  private void noteMissing(long count, int code, String what, List<String> notes) {
    if (count > 0) {
      notes.add(
          cells(count)
              + " such as "
              + Cells.quoted(index.value(code))
              + " in line "
              + grid.line(index.firstRow(code))
              + (count == 1 ? " is " : " are ")
              + what
              + "taken as missing");
    }
  }

  /** {@code 12 cells ("x" in line 3, "y" in line 8, "z" in line 9, …) are}. */
  private String oddCells(List<Integer> odd) {
    long count = 0;
    for (int code : odd) {
      count += index.count(code);
    }
    List<Integer> byRow = new ArrayList<>(odd);
    byRow.sort((a, b) -> index.firstRow(a) - index.firstRow(b));
    List<String> shown = new ArrayList<>();
    for (int code : byRow.subList(0, Math.min(3, byRow.size()))) {
      shown.add(Cells.quoted(index.value(code)) + " in line " + grid.line(index.firstRow(code)));
    }
    if (count > shown.size()) {
      shown.add("…");
    }
    return cells(count) + " (" + String.join(", ", shown) + (count == 1 ? ") is" : ") are");
  }

  /** A column of which at least half the cells are numbers. */
  private @Nullable Column partlyNumbers(
      NumberEvidence found, boolean[] finite, long values, @Nullable Character fileDecimal) {
    NumberForm known = found.form(place(), dialect, fileDecimal);
    List<Integer> odd = new ArrayList<>();
    long oddCells = 0;
    long numeric = 0;
    int different = 0;
    NumberText text = new NumberText();
    for (int code = 0; code < finite.length; code++) {
      if (!finite[code]) {
        continue;
      }
      different++;
      String cell = index.value(code);
      if (text.read(cell) && !Double.isNaN(known.value(text))) {
        numeric += index.count(code);
      } else if (!Cells.missing(cell, Cells.MISSING_WORDS)) {
        odd.add(code);
        oddCells += index.count(code);
      }
    }
    if (2 * numeric < values) {
      return null;
    }
    if (oddCells > FEW_ODD * values && areCodes(odd, known, finite)) {
      return texts(present(Cells.MISSING, false), null);
    }
    if (oddCells > FEW_ODD * values) {
      if (different <= FEW_VALUES) {
        return Column.ofCodes(
            name,
            ColumnType.CATEGORY,
            "column \""
                + name
                + "\": "
                + oddCells(odd)
                + noNumbers(odd)
                + "; it is taken for a category",
            coded(present(Cells.MISSING, false)),
            kept(present(Cells.MISSING, false)));
      }
      throw new CajalException(
          place()
              + ": "
              + oddCells(odd)
              + noNumbers(odd)
              + inForm(known)
              + ", but "
              + numeric
              + " of the "
              + values
              + " are; correct them, or --missing TEXT names a mark for missing values, --type \""
              + name
              + "=number\" takes them as missing, --type \""
              + name
              + "=category\" takes all as categories");
    }
    return numbers(known.withLenient(!odd.isEmpty()), finite);
  }

  /**
   * Whether the cells that are no numbers are codes with digits in them, and the numbers whole:
   * ticket numbers and their kin, of which no arithmetic makes sense.
   */
  private boolean areCodes(List<Integer> odd, NumberForm known, boolean[] finite) {
    long coded = 0;
    long all = 0;
    for (int code : odd) {
      boolean both =
          index.value(code).chars().anyMatch(Character::isDigit)
              && index.value(code).chars().anyMatch(Character::isLetter);
      coded += both ? index.count(code) : 0;
      all += index.count(code);
    }
    NumberText text = new NumberText();
    boolean whole = true;
    for (int code = 0; code < finite.length && whole; code++) {
      double value = finite[code] && text.read(index.value(code)) ? known.value(text) : Double.NaN;
      whole = Double.isNaN(value) || value == Math.rint(value);
    }
    return whole && 2 * coded >= all;
  }

  private @Nullable Column booleans(boolean[] finite) {
    for (List<String> pair : Cells.BOOLEANS) {
      boolean all = true;
      for (int code = 0; code < finite.length && all; code++) {
        all = !finite[code] || pair.contains(index.value(code).toLowerCase(Locale.ROOT));
      }
      if (all) {
        return truths(finite);
      }
    }
    return null;
  }

  /** 0, 1, or -1 where the text is neither false nor true. */
  private static int truth(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (List<String> pair : Cells.BOOLEANS) {
      int at = pair.indexOf(lower);
      if (at >= 0) {
        return at;
      }
    }
    return lower.equals("0") ? 0 : lower.equals("1") ? 1 : -1;
  }

  private Column truths(boolean[] finite) {
    @Nullable String[] pair = new @Nullable String[2];
    double[] values = new double[codes.length];
    for (int code = 0; code < finite.length; code++) {
      int truth = finite[code] ? truth(index.value(code)) : -1;
      if (truth >= 0 && pair[truth] == null && Cells.isBoolean(index.value(code))) {
        pair[truth] = index.value(code);
      }
    }
    for (int r = 0; r < values.length; r++) {
      values[r] = codes[r] < 0 || !finite[codes[r]] ? Double.NaN : truth(index.value(codes[r]));
    }
    String no = pair[0];
    String yes = pair[1];
    return Column.ofTruths(name, values, no == null ? "false" : no, yes == null ? "true" : yes);
  }

  /** What the texts say about dates, or null if they are none. */
  private DateForm.@Nullable Inference inferDates(boolean[] finite) {
    return DateForm.infer(name, index.size(), code -> finite[code] ? index.value(code) : null);
  }

  /** The column of dates, or null if there is no form that its cells have. */
  private @Nullable Column dates(
      DateForm.@Nullable Inference found, boolean[] finite, long values) {
    DateForm known = found == null ? null : found.form();
    if (found == null || known == null) {
      return null;
    }
    List<Integer> odd = new ArrayList<>();
    long oddCells = 0;
    List<String> notes = new ArrayList<>();
    for (int code = 0; found.odd() > 0 && code < finite.length; code++) {
      if (finite[code] && Double.isNaN(known.parse(index.value(code)))) {
        if (Cells.missing(index.value(code), Cells.MISSING_WORDS)) {
          noteMissing(index.count(code), code, "", notes);
        } else {
          odd.add(code);
          oddCells += index.count(code);
        }
      }
    }
    notes.replaceAll(note -> "column \"" + name + "\": " + note);
    if (oddCells > FEW_ODD * values) {
      throw new CajalException(
          place()
              + ": "
              + oddCells(odd)
              + " not "
              + known.meaning()
              + ", but the others are; correct them, or --missing TEXT names a mark for missing"
              + " values, --type \""
              + name
              + "=category\" takes all as categories");
    }
    if (!odd.isEmpty()) {
      notes.add(
          "column \""
              + name
              + "\": "
              + oddCells(odd)
              + " not "
              + known.meaning()
              + " and taken as missing");
    }
    String note = found.note();
    if (note != null) {
      notes.add(note);
    }
    return dateColumn(known, finite, notes.isEmpty() ? null : String.join("; ", notes), true);
  }

  private Column dateColumn(
      DateForm known, boolean[] finite, @Nullable String note, boolean lenient) {
    double[] parsed = new double[index.size()];
    for (int code = 0; code < parsed.length; code++) {
      parsed[code] = finite[code] ? known.parse(index.value(code)) : Double.NaN;
      boolean odd = finite[code] && Double.isNaN(parsed[code]);
      if (odd && !lenient && !Cells.missing(index.value(code), Cells.MISSING_WORDS)) {
        throw wrong(code, known.meaning());
      }
    }
    double[] values = new double[codes.length];
    for (int r = 0; r < values.length; r++) {
      values[r] = codes[r] < 0 ? Double.NaN : parsed[codes[r]];
    }
    return Column.ofDates(name, note, values, known);
  }

  private Column texts(boolean[] any, @Nullable String dateNote) {
    for (int code = 0; code < any.length; code++) {
      any[code] &= !Cells.nan(index.value(code));
    }
    long values = count(any);
    int different = 0;
    for (boolean present : any) {
      different += present ? 1 : 0;
    }
    NumberEvidence found = evidence;
    String reason = "";
    if (found != null && 5 * found.numbers() >= values) {
      reason = ", " + found.numbers() + " of them numbers and the others not";
    }
    if (dateNote == null && different > FEW_VALUES && different > 0.1 * values && isFreeText(any)) {
      return Column.ofCodes(name, ColumnType.TEXT, null, coded(any), kept(any));
    }
    if (different > FEW_VALUES && different > 0.5 * values) {
      return Column.ofCodes(
          name,
          ColumnType.IGNORED,
          dateNote == null
              ? leftOut(different + " different texts in " + values + " cells" + reason)
              : dateNote,
          coded(any),
          kept(any));
    }
    String note = dateNote == null ? numberLike(any, values) : dateNote;
    if (note == null && found != null && found.numbers() >= 0.2 * values) {
      note =
          "column \""
              + name
              + "\": "
              + cells(found.numbers())
              + " of "
              + values
              + " are numbers, the others are not; it is taken for a category";
    }
    return Column.ofCodes(name, ColumnType.CATEGORY, note, coded(any), kept(any));
  }

  /**
   * A sentence where nearly all texts are digits with marks in a form that is not read, or null.
   */
  private @Nullable String numberLike(boolean[] present, long values) {
    long like = 0;
    int example = -1;
    for (int code = 0; code < present.length; code++) {
      String text = index.value(code);
      int digits = (int) text.chars().filter(Character::isDigit).count();
      boolean letters = text.chars().anyMatch(Character::isLetter);
      if (present[code] && digits > 0 && !letters && 3 * digits >= text.length()) {
        like += index.count(code);
        example = example < 0 ? code : example;
      }
    }
    boolean all = like >= 0.9 * values && (evidence == null || 2 * evidence.numbers() < values);
    return all && example >= 0
        ? "column \""
            + name
            + "\": cells such as "
            + Cells.quoted(index.value(example))
            + " look like numbers, but in a form that is not read (ranges, fractions, telephone"
            + " numbers); it is taken for a category"
        : null;
  }

  /** The codes of rows once the texts that are no values have gone. */
  private int[] coded(boolean[] kept) {
    int[] shifted = new int[kept.length];
    int next = 0;
    for (int code = 0; code < kept.length; code++) {
      shifted[code] = kept[code] ? next++ : -1;
    }
    int[] out = new int[codes.length];
    for (int r = 0; r < out.length; r++) {
      out[r] = codes[r] < 0 ? -1 : shifted[codes[r]];
    }
    return out;
  }

  private List<String> kept(boolean[] kept) {
    List<String> out = new ArrayList<>();
    for (int code = 0; code < kept.length; code++) {
      if (kept[code]) {
        out.add(index.value(code));
      }
    }
    return out;
  }

  /** Whether texts have many words on average: free text, not names or codes. */
  private boolean isFreeText(boolean[] present) {
    NumberText number = new NumberText();
    long words = 0;
    long texts = 0;
    for (int code = 0; code < present.length; code++) {
      if (present[code] && !number.read(index.value(code))) {
        words += (long) Words.count(index.value(code)) * index.count(code);
        texts += index.count(code);
      }
    }
    return texts > 0 && words >= FREE_TEXT * texts;
  }

  private CajalException wrong(int code, String expected) {
    return new CajalException(
        placeOf(index.firstRow(code))
            + ": "
            + Cells.quoted(index.value(code))
            + " is not "
            + expected
            + "; correct it, or leave the cell empty where the value is missing");
  }
}
