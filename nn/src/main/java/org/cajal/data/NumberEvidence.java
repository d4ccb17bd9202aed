package org.cajal.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * How the numbers of one column may be written: for each combination of decimal and grouping mark
 * the cells that fit it, counted over the whole column.
 */
final class NumberEvidence {
  private static final char[] DECIMALS = {'.', ','};
  private static final char[] GROUPINGS = {Dialect.NONE, '*', '\'', '_', ' '};
  private static final int FORMS = DECIMALS.length * GROUPINGS.length;

  /** The share of the numbers that must have a letter that multiplies them, or none at all. */
  private static final double FACTOR_SHARE = 0.95;

  /** Of more different units, as street names behind numbers are, spellings are not compared. */
  private static final int MOST_UNITS = 64;

  /** So many numbers with a mark and without one tell the grouping of thousands from decimals. */
  private static final int MARKED_TO_TELL = 10;

  private static final int UNMARKED_TO_TELL = 5;

  private final TextIndex index;

  /** For each text the forms that its digits fit, as bits; 0 for what is no number. */
  private final int[] forms;

  private final String[] units;
  private final boolean[] bounds;
  private boolean bracketed;
  private final Map<String, Long> unitCounts = new LinkedHashMap<>();
  private final long[] fits = new long[FORMS];
  private long numbers;
  private long pointed;
  private long commaed;
  private boolean otherMarks;
  private long longWithout;
  private long shortWithout;
  private String unit = "";
  private boolean multiplied;

  /**
   * Looks at the texts of a column.
   *
   * @param present which texts are values
   */
  NumberEvidence(TextIndex index, boolean[] present) {
    this.index = index;
    int n = index.size();
    this.forms = new int[n];
    this.units = new String[n];
    this.bounds = new boolean[n];
    NumberText text = new NumberText();
    boolean opposite = hasOppositeBounds(present);
    for (int code = 0; code < n; code++) {
      if (!present[code]) {
        continue;
      }
      int count = index.count(code);
      if (!text.read(index.value(code)) || (opposite && text.isBound()) || text.isAddress()) {
        continue;
      }
      bracketed |= text.isBracketed();
      for (int f = 0; f < FORMS; f++) {
        forms[code] |= text.fits(decimal(f), grouping(f)) ? 1 << f : 0;
      }
      if (forms[code] != 0) {
        units[code] = text.unit();
        bounds[code] = text.isBound();
        unitCounts.merge(text.unit(), (long) count, Long::sum);
      }
    }
    chooseUnit();
    boolean lists = areLists(present);
    for (int code = 0; code < n; code++) {
      if (lists || forms[code] == 0 || !hasUnit(code)) {
        forms[code] = 0;
        continue;
      }
      long count = index.count(code);
      numbers += count;
      for (int f = 0; f < FORMS; f++) {
        fits[f] += (forms[code] >> f & 1) * count;
      }
      marks(text, code, count);
    }
  }

  /**
   * Whether cells hold lists of whole numbers with commas between them: their groups of digits are
   * those of no one way to write numbers.
   */
  private boolean areLists(boolean[] present) {
    int shortest = Integer.MAX_VALUE;
    int longest = 0;
    boolean endInZero = false;
    boolean beginWithZero = false;
    boolean pairs = true;
    int kinds = 0;
    for (int code = 0; code < present.length; code++) {
      if (!present[code]) {
        continue;
      }
      String cell = index.value(code);
      int comma = cell.indexOf(',');
      if (comma < 1 || !cell.chars().allMatch(c -> (c >= '0' && c <= '9') || c == ',')) {
        pairs = false;
        continue;
      }
      if (cell.indexOf(',', comma + 1) > 0) {
        pairs = false;
        kinds |= groups(cell);
        continue;
      }
      int width = cell.length() - comma - 1;
      shortest = Math.min(shortest, width);
      longest = Math.max(longest, width);
      endInZero |= width > 1 && cell.endsWith("0");
      beginWithZero |= width > 1 && cell.charAt(comma + 1) == '0';
    }
    boolean uneven = pairs && shortest < longest && endInZero && !beginWithZero;
    return uneven || Integer.bitCount(kinds) > 1;
  }

  /** 1 for groups of three digits, 2 for India's of two and three, 4 for others. */
  private static int groups(String cell) {
    int start = cell.indexOf(',') + 1;
    boolean threes = start <= 4;
    boolean india = start <= 3;
    while (start > 0) {
      int next = cell.indexOf(',', start);
      int width = (next < 0 ? cell.length() : next) - start;
      threes &= width == 3;
      india &= width == (next < 0 ? 3 : 2);
      start = next + 1;
    }
    return threes ? 1 : india ? 2 : 4;
  }

  /** Whether bounds of both directions have one value, as {@code <=50K} and {@code >50K} have. */
  private boolean hasOppositeBounds(boolean[] present) {
    NumberText text = new NumberText();
    Map<String, Character> directions = new HashMap<>();
    for (int code = 0; code < present.length; code++) {
      if (present[code] && text.read(index.value(code)) && text.isBound()) {
        Character other = directions.putIfAbsent(text.digits(), text.bound());
        if (other != null && other != text.bound()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether numbers stand in brackets. */
  boolean isBracketed() {
    return bracketed;
  }

  private void marks(NumberText text, int code, long count) {
    boolean known = text.read(index.value(code));
    assert known;
    boolean point = text.isMarked('.');
    boolean comma = text.isMarked(',');
    pointed += point ? count : 0;
    commaed += comma ? count : 0;
    for (char mark : new char[] {'\'', '_', ' '}) {
      otherMarks |= text.isMarked(mark);
    }
    if (!point && !comma) {
      longWithout += text.length() > 3 ? count : 0;
      shortWithout += text.length() <= 3 ? count : 0;
    }
  }

  private static char decimal(int form) {
    return DECIMALS[form / GROUPINGS.length];
  }

  private static char grouping(int form) {
    char mark = GROUPINGS[form % GROUPINGS.length];
    return mark == '*' ? (decimal(form) == '.' ? ',' : '.') : mark;
  }

  /** The unit of most of the numbers; the others are odd then. */
  private void chooseUnit() {
    long bare = unitCounts.getOrDefault("", 0L);
    long total = 0;
    long factors = 0;
    long most = 0;
    int kinds = 0;
    for (Map.Entry<String, Long> entry : unitCounts.entrySet()) {
      total += entry.getValue();
      boolean factor = !Double.isNaN(NumberForm.multiplier(entry.getKey()));
      kinds += factor ? 1 : 0;
      factors += factor ? entry.getValue() : 0;
      long same = unitCounts.size() > MOST_UNITS ? entry.getValue() : alike(entry.getKey());
      if (!entry.getKey().isEmpty() && same > most) {
        most = same;
        unit = entry.getKey();
      }
    }
    boolean thousands = kinds == 1 && bare > 0 && unit.equalsIgnoreCase("k");
    if (factors > 0 && factors + bare >= FACTOR_SHARE * total && (kinds > 1 || thousands)) {
      multiplied = true;
      return;
    }
    // A letter behind numbers in few of the cells tells codes, such as 12 and 12A, and a percent
    // sign in few of them other numbers.
    boolean letter = unit.length() == 1 && Character.isLetter(unit.charAt(0));
    if (bare > most && (letter || NumberForm.isShare(unit))) {
      unit = "";
    }
  }

  private long alike(String wanted) {
    long same = 0;
    for (Map.Entry<String, Long> other : unitCounts.entrySet()) {
      same += NumberForm.sameUnit(wanted, other.getKey()) ? other.getValue() : 0;
    }
    return same;
  }

  private boolean hasUnit(int code) {
    String found = units[code];
    if (multiplied) {
      return found.isEmpty() || !Double.isNaN(NumberForm.multiplier(found));
    }
    return NumberForm.sameUnit(found, unit) || (found.isEmpty() && !NumberForm.isShare(unit));
  }

  /** The cells that are numbers in some form. */
  long numbers() {
    return numbers;
  }

  /** The most frequent units, for a note. */
  List<String> mostUnits() {
    List<String> all = new ArrayList<>(unitCounts.keySet());
    all.removeIf(String::isEmpty);
    all.sort(
        (a, b) -> Long.compare(unitCounts.getOrDefault(b, 0L), unitCounts.getOrDefault(a, 0L)));
    return all.subList(0, Math.min(3, all.size()));
  }

  /** The forms that most cells fit, of those that the dialect allows, as bits. */
  private int best(Dialect dialect) {
    long most = 0;
    int set = 0;
    for (int f = 0; f < FORMS; f++) {
      if (!allowed(f, dialect)) {
        continue;
      }
      if (fits[f] > most) {
        most = fits[f];
        set = 0;
      }
      set |= fits[f] == most ? 1 << f : 0;
    }
    return set;
  }

  private static boolean allowed(int form, Dialect dialect) {
    Character d = dialect.decimal();
    Character t = dialect.thousands();
    return (d == null || d == decimal(form)) && (t == null || t == grouping(form));
  }

  /** The decimal mark that all likely forms have, or null where they differ. */
  @Nullable Character decimal(Dialect dialect) {
    int set = best(dialect);
    boolean point = false;
    boolean comma = false;
    for (int f = 0; f < FORMS; f++) {
      if ((set >> f & 1) != 0) {
        point |= decimal(f) == '.';
        comma |= decimal(f) == ',';
      }
    }
    boolean used = point ? pointed > 0 : commaed > 0;
    return point == comma || !used ? null : point ? '.' : ',';
  }

  /**
   * The form of the column.
   *
   * @param fileDecimal the decimal mark of the file's other columns, or null where they do not tell
   * @throws CajalException if a mark may be decimal or group thousands, and nothing decides
   */
  NumberForm form(String place, Dialect dialect, @Nullable Character fileDecimal) {
    refuseMixed(place, dialect);
    int set = best(dialect);
    for (char mark : new char[] {',', '.'}) {
      if ((mark == ',' ? commaed : pointed) > 0 && both(set, mark)) {
        set = narrowed(set, settle(place, mark, dialect, fileDecimal, set));
      }
    }
    if (fileDecimal != null && narrowed(set, fileDecimal) != 0) {
      set = narrowed(set, fileDecimal);
    }
    int form = Integer.numberOfTrailingZeros(set);
    return new NumberForm(decimal(form), grouping(form), multiplied ? "" : unit, multiplied, false);
  }

  /**
   * Refuses a column of which many cells can have a decimal comma only, and many others a decimal
   * point.
   */
  private void refuseMixed(String place, Dialect dialect) {
    long[] counts = new long[2];
    int[] first = {-1, -1};
    for (int code = 0; code < forms.length; code++) {
      boolean point = narrowed(forms[code], '.') != 0;
      boolean comma = narrowed(forms[code], ',') != 0;
      if (point != comma) {
        int at = point ? 0 : 1;
        counts[at] += index.count(code);
        boolean earlier = first[at] < 0 || index.firstRow(code) < index.firstRow(first[at]);
        first[at] = earlier ? code : first[at];
      }
    }
    long less = Math.min(counts[0], counts[1]);
    if (dialect.decimal() == null && less > NumberColumn.FEW_ODD * numbers) {
      throw new CajalException(
          place
              + ": "
              + ColumnTexts.cells(counts[1])
              + " such as "
              + Cells.quoted(index.value(first[1]))
              + " have a decimal comma, and "
              + ColumnTexts.cells(counts[0])
              + " such as "
              + Cells.quoted(index.value(first[0]))
              + " a decimal point; correct one kind, or --decimal . or --decimal , with --type"
              + " COLUMN=number takes the other kind as missing");
    }
  }

  /** Whether the mark is decimal in one of the forms and groups digits in another. */
  private static boolean both(int set, char mark) {
    boolean asDecimal = false;
    boolean asGrouping = false;
    for (int f = 0; f < FORMS; f++) {
      if ((set >> f & 1) != 0) {
        asDecimal |= decimal(f) == mark;
        asGrouping |= grouping(f) == mark;
      }
    }
    return asDecimal && asGrouping;
  }

  private static int narrowed(int set, char decimal) {
    int out = 0;
    for (int f = 0; f < FORMS; f++) {
      out |= decimal(f) == decimal ? set & 1 << f : 0;
    }
    return out;
  }

  /** The decimal mark where a mark may be decimal or group digits. */
  private char settle(
      String place, char mark, Dialect dialect, @Nullable Character fileDecimal, int set) {
    char other = mark == '.' ? ',' : '.';
    if (fileDecimal != null) {
      return fileDecimal;
    }
    long marked = mark == ',' ? commaed : pointed;
    return settle(
        place, mark, marked, longWithout, shortWithout, dialect, () -> example(set, mark), other);
  }

  /** Where the text of an ambiguous cell comes from. */
  interface Example {
    String text();
  }

  /**
   * The decimal mark by what cells without a mark say: grouped numbers have one from 1,000 on, and
   * only those.
   */
  static char settle(
      String place,
      char mark,
      long marked,
      long longWithout,
      long shortWithout,
      Dialect dialect,
      Example example,
      char other) {
    if (longWithout > 0) {
      return mark;
    }
    Character separator = dialect.separator();
    boolean quoted = mark == ',' && separator != null && separator == ',';
    if (quoted ? shortWithout > 0 : marked >= MARKED_TO_TELL && shortWithout >= UNMARKED_TO_TELL) {
      return other;
    }
    if (mark == '.' && (separator == null || separator != ';')) {
      return mark;
    }
    String text = example.text();
    String joined = text.replace(String.valueOf(mark), "");
    throw new CajalException(
        place
            + ": "
            + Cells.quoted(text)
            + " may be "
            + joined
            + " or "
            + text.replace(mark, '.')
            + ", and nothing in the file decides; --thousands "
            + mark
            + " or --decimal "
            + mark
            + " does");
  }

  private String example(int set, char mark) {
    int first = -1;
    for (int code = 0; code < forms.length; code++) {
      boolean marked = (forms[code] & set) != 0 && index.value(code).indexOf(mark) >= 0;
      if (marked && (first < 0 || index.firstRow(code) < index.firstRow(first))) {
        first = code;
      }
    }
    return first < 0 ? "1" + mark + "234" : index.value(first);
  }

  /** Whether a mark that may group digits stands in a cell. */
  boolean isMarked(char mark) {
    return mark == ',' ? commaed > 0 : mark == '.' ? pointed > 0 : otherMarks;
  }

  /** The cells that state a bound. */
  long bounds() {
    long count = 0;
    for (int code = 0; code < bounds.length; code++) {
      count += bounds[code] && forms[code] != 0 ? index.count(code) : 0;
    }
    return count;
  }

  /** Whether the number of a bound stands in other cells without the bound. */
  boolean areBoundsValues() {
    NumberText text = new NumberText();
    Set<String> bounded = new HashSet<>();
    for (int code = 0; code < bounds.length; code++) {
      if (bounds[code] && forms[code] != 0 && text.read(index.value(code))) {
        bounded.add(text.digits());
      }
    }
    for (int code = 0; code < bounds.length && !bounded.isEmpty(); code++) {
      boolean bare = !bounds[code] && forms[code] != 0 && text.read(index.value(code));
      if (bare && bounded.contains(text.digits())) {
        return true;
      }
    }
    return false;
  }

  /** The first text that states a bound. */
  int firstBound() {
    int first = -1;
    for (int code = 0; code < bounds.length; code++) {
      boolean earlier = first < 0 || index.firstRow(code) < index.firstRow(first);
      first = bounds[code] && forms[code] != 0 && earlier ? code : first;
    }
    return Math.max(0, first);
  }

  /** The cells without a unit in a column that has one. */
  long bare() {
    return unit.isEmpty() || multiplied ? 0 : unitCounts.getOrDefault("", 0L);
  }
}
