package org.cajal.data;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Counts which forms of dates the cells of one column fit, then decides on one. */
final class DateEvidence {
  /** The number of cells after which a column without dates is given up. */
  static final int SAMPLE = 64;

  /** Parts of a column's name that speak of time. */
  private static final List<String> TIME_NAMES =
      List.of(
          "date", "datum", "fecha", "birth", "dob", "geburt", "naiss", "nacim", "nascim", "time",
          "zeit", "when", "day", "month", "monat", "period", "hour", "stunde", "heure", "hora",
          "stamp", "clock", "start", "end", "begin", "depart", "arriv", "open", "clos");

  private static final List<String> DAY_NAMES =
      List.of("date", "datum", "fecha", "birth", "dob", "geburt", "naiss", "nacim", "nascim");

  private static final List<String> SPAN_NAMES =
      List.of("duration", "elapsed", "length", "runtime", "pace", "dauer", "duree", "durée");

  /** Words in the names of columns whose cells only look like times or short dates. */
  private static final List<String> OTHER_NAMES =
      List.of(
          "ratio",
          "aspect",
          "score",
          "odds",
          "result",
          "scale",
          "version",
          "build",
          "firmware",
          "subnet",
          "address",
          "chapter",
          "section");

  /** From 1930 to 1969, where other programs read years of two digits as 2030 to 2068. */
  private static final double EARLY_FROM = -1_262_304_000;

  private static final double EARLY_TO = -31_536_000;

  private static final Tally NONE = new Tally();

  private final String column;
  private final String lowerName;
  private final DateScan scan = new DateScan();
  private final Map<DateForm, Tally> tallies = new EnumMap<>(DateForm.class);

  private int present;
  private int alike;
  private int numbers;
  private int wideNumbers;
  private int seasons;
  private int shortYears;
  private int shortNamed;
  private int slashes;
  private int dots;
  private int plainTimes;
  private int compounds;
  private boolean threeClocks;
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;
  private final HashedSet distinct = new HashedSet();
  private final HashedSet firsts = new HashedSet();
  private final HashedSet thirds = new HashedSet();
  private String first = "";
  private @Nullable String both;
  private boolean hopeless;

  DateEvidence(String column) {
    this.column = column;
    this.lowerName = column.toLowerCase(Locale.ROOT);
    for (DateForm form : DateForm.values()) {
      tallies.put(form, new Tally());
    }
  }

  /** How many cells fit a form, and whether they rise from one to the next. */
  private static final class Tally {
    private int fits;
    private int early;
    private String firstEarly = "";
    private double previous;
    private int rises;
    private int falls;

    void add(double value) {
      if (!Double.isNaN(value)) {
        rises += fits > 0 && value > previous ? 1 : 0;
        falls += fits > 0 && value < previous ? 1 : 0;
        previous = value;
        fits++;
      }
    }

    /** Whether the cells are in order, or its reverse, and there are three moments. */
    boolean sorted() {
      return Math.min(rises, falls) == 0 && Math.max(rises, falls) > 1;
    }
  }

  /** Takes a cell that is there. */
  void add(String cell) {
    present++;
    if (hopeless) {
      return;
    }
    if (first.isEmpty()) {
      first = cell;
    }
    boolean scanned = scan.scan(cell);
    boolean season = scanned && scan.isSeason();
    seasons += season ? 1 : 0;
    if (scanned) {
      for (Map.Entry<DateForm, Tally> entry : tallies.entrySet()) {
        DateForm form = entry.getKey();
        if (!form.isSpan() && !(form.isDate() && scan.isTime())) {
          double value = form.value(scan);
          Tally tally = entry.getValue();
          tally.add(value);
          if (scan.hasTwoDigitYear() && value >= EARLY_FROM && value < EARLY_TO) {
            tally.firstEarly = tally.early++ == 0 ? cell : tally.firstEarly;
          }
        }
      }
      shape(cell);
    }
    if (!scanned || scan.isTime()) {
      span(cell);
    }
    if (present <= SAMPLE) {
      alike += looksLikeDate(cell) ? 1 : 0;
      hopeless = present == SAMPLE && isHopeless();
    }
  }

  private void shape(String cell) {
    if (scan.isNumber()) {
      numbers++;
      wideNumbers += scan.compactWidth() >= 12 ? 1 : 0;
      double moment = number();
      if (!Double.isNaN(moment)) {
        least = Math.min(least, moment);
        most = Math.max(most, moment);
        if (distinct.size() < SAMPLE) {
          distinct.add(Cells.hash(cell));
        }
      }
    }
    if (scan.isTime()) {
      plainTimes += scan.isPlainlyTime() ? 1 : 0;
    }
    slashes += scan.hasSlashes() ? 1 : 0;
    if (scan.hasShortYear() && scan.hasMonthName()) {
      shortNamed++;
    } else if (scan.hasShortYear()) {
      shortYears++;
      dots += scan.hasDots() ? 1 : 0;
      firsts.add(scan.part(0));
      thirds.add(scan.part(2));
    }
    if (both == null && !scan.isTime() && twice()) {
      both = cell;
    }
  }

  /** The moment that a number is, whatever comes first in it, or NaN. */
  private double number() {
    double yearFirst = DateForm.YEAR_MONTH_DAY.value(scan);
    double dayFirst = DateForm.DAY_MONTH_YEAR.value(scan);
    return !Double.isNaN(yearFirst)
        ? yearFirst
        : !Double.isNaN(dayFirst) ? dayFirst : DateForm.MONTH_DAY_YEAR.value(scan);
  }

  /** Whether the cell is another date with the day first than with the month first. */
  private boolean twice() {
    double dayFirst = DateForm.DAY_MONTH_YEAR.value(scan);
    double monthFirst = DateForm.MONTH_DAY_YEAR.value(scan);
    return !Double.isNaN(dayFirst) && !Double.isNaN(monthFirst) && dayFirst != monthFirst;
  }

  private void span(String cell) {
    double hours = DurationText.seconds(cell, false);
    double minutes = DurationText.seconds(cell, true);
    tally(DateForm.DURATION).add(hours);
    tally(DateForm.MINUTES_SECONDS).add(minutes);
    if (!Double.isNaN(hours)) {
      compounds += DurationText.isCompound(cell) ? 1 : 0;
      threeClocks |= hours == minutes && cell.indexOf(':') >= 0;
    }
  }

  /** Whether so few of the cells fit that the column is none of dates. */
  boolean isHopeless() {
    int best = 0;
    for (Tally tally : tallies.values()) {
      best = Math.max(best, tally.fits);
    }
    return 4 * best < present || present == 0;
  }

  /** The number of cells that fit a form. */
  private int fits(DateForm form) {
    return tally(form).fits;
  }

  private Tally tally(DateForm form) {
    return tallies.getOrDefault(form, NONE);
  }

  /**
   * The decision.
   *
   * @param count the number of rows to look for odd cells in
   * @param cell the text of a row, or null where the value is missing
   */
  DateForm.@Nullable Inference decide(int count, IntFunction<@Nullable String> cell) {
    DateForm form = isHopeless() ? null : best();
    if (form == null || 2 * fits(form) < present) {
      boolean looks = alike > 0 && 10 * alike >= 9 * Math.min(present, SAMPLE);
      return looks && numbers == 0 && seasons == 0
          ? new DateForm.Inference(
              null,
              named() + "looks like a date (" + shown(first) + ") in a form that is not read",
              0,
              List.of())
          : null;
    }
    if (form.isDate() && 2 * numbers > fits(form)) {
      String order =
          form == DateForm.DAY_MONTH_YEAR
              ? "day"
              : form == DateForm.MONTH_DAY_YEAR ? "month" : "year";
      return numbersAreDates(form)
          ? new DateForm.Inference(
              form,
              named()
                  + "numbers such as "
                  + shown(first)
                  + " are read as dates, "
                  + order
                  + " first; --type "
                  + column
                  + "=number leaves them numbers",
              0,
              List.of())
          : null;
    }
    if (seasons > 0 && seasons == fits(form)) {
      return null;
    }
    boolean weak = form.isDate() ? shortYears > 0 && dots == shortYears : true;
    if (weak && hasOtherName()) {
      return null;
    }
    int odd = present - fits(form);
    List<Integer> firstOdd = new ArrayList<>();
    for (int row = 0; row < count && firstOdd.size() < Math.min(odd, 3); row++) {
      String text = cell.apply(row);
      if (text != null && Double.isNaN(form.parse(text))) {
        firstOdd.add(row);
      }
    }
    return new DateForm.Inference(form, note(form), odd, firstOdd);
  }

  /** The form that most cells fit; of those alike the likelier, or null where it is no date. */
  private @Nullable DateForm best() {
    int dates = 0;
    for (DateForm form : DateForm.values()) {
      dates = form.isDate() ? Math.max(dates, fits(form)) : dates;
    }
    int times = fits(DateForm.TIME_OF_DAY);
    int spans = Math.max(fits(DateForm.DURATION), fits(DateForm.MINUTES_SECONDS));
    if (dates > 0 && dates >= Math.max(times, spans)) {
      return date(dates);
    }
    boolean spanNamed = SPAN_NAMES.stream().anyMatch(lowerName::contains);
    if (times > 0 && times >= spans && !(spanNamed && spans == times)) {
      return DateForm.TIME_OF_DAY;
    }
    if (compounds == 0) {
      return null;
    }
    boolean minutesFirst =
        fits(DateForm.MINUTES_SECONDS) > fits(DateForm.DURATION)
            || (threeClocks && fits(DateForm.MINUTES_SECONDS) == fits(DateForm.DURATION));
    return minutesFirst ? DateForm.MINUTES_SECONDS : DateForm.DURATION;
  }

  private DateForm date(int most) {
    boolean dayFirst = fits(DateForm.DAY_MONTH_YEAR) == most;
    boolean monthFirst = fits(DateForm.MONTH_DAY_YEAR) == most;
    boolean yearFirst = fits(DateForm.YEAR_MONTH_DAY) == most;
    boolean yearVariesLeast = firsts.size() < thirds.size();
    if (yearFirst && ((!dayFirst && !monthFirst) || (shortYears > 0 && yearVariesLeast))) {
      return DateForm.YEAR_MONTH_DAY;
    }
    if (!dayFirst && !monthFirst) {
      return DateForm.YEAR_DAY_MONTH;
    }
    if (dayFirst && monthFirst) {
      if (both == null) {
        return yearFirst && shortNamed == 0 ? DateForm.YEAR_MONTH_DAY : DateForm.DAY_MONTH_YEAR;
      }
      boolean dayFirstSorted = tally(DateForm.DAY_MONTH_YEAR).sorted();
      if (dayFirstSorted != tally(DateForm.MONTH_DAY_YEAR).sorted()) {
        return dayFirstSorted ? DateForm.DAY_MONTH_YEAR : DateForm.MONTH_DAY_YEAR;
      }
      return slashes > 0 ? DateForm.MONTH_DAY_YEAR : DateForm.DAY_MONTH_YEAR;
    }
    return dayFirst ? DateForm.DAY_MONTH_YEAR : DateForm.MONTH_DAY_YEAR;
  }

  /** Whether a word of the name says that cells only look like times or short dates. */
  private boolean hasOtherName() {
    int start = 0;
    for (int i = 0; i <= lowerName.length(); i++) {
      if (i == lowerName.length() || !Character.isLetter(lowerName.charAt(i))) {
        if (OTHER_NAMES.contains(lowerName.substring(start, i))) {
          return true;
        }
        start = i + 1;
      }
    }
    return false;
  }

  private boolean isNamedTime() {
    return isNamedTime(lowerName);
  }

  /** Whether the name of a column in lower case speaks of days. */
  static boolean isNamedDay(String lowerName) {
    return DAY_NAMES.stream().anyMatch(lowerName::contains);
  }

  /** Whether the name of a column in lower case speaks of time. */
  static boolean isNamedTime(String lowerName) {
    return TIME_NAMES.stream().anyMatch(lowerName::contains);
  }

  private boolean numbersAreDates(DateForm form) {
    if (fits(form) < present) {
      return false;
    }
    boolean namedTime = isNamedTime();
    boolean wide = wideNumbers == present && distinct.size() >= 5;
    boolean span =
        distinct.size() >= 10
            && most - least > 45 * 86_400.0
            && first.length() >= 7
            && first.length() <= 8;
    return namedTime || wide || span;
  }

  private @Nullable String note(DateForm form) {
    String early = tally(form).early > 0 ? tally(form).firstEarly : "";
    String order = orderNote(form);
    if (early.isEmpty()) {
      return order;
    }
    String years = "years of two digits are read as 1930 to 2029, as in " + shown(early);
    return order == null ? named() + years : order + "; " + years;
  }

  private @Nullable String orderNote(DateForm form) {
    boolean undecided =
        both != null
            && fits(DateForm.DAY_MONTH_YEAR) == fits(DateForm.MONTH_DAY_YEAR)
            && (form == DateForm.DAY_MONTH_YEAR || form == DateForm.MONTH_DAY_YEAR);
    if (undecided) {
      boolean dayFirst = form == DateForm.DAY_MONTH_YEAR;
      DateForm other = dayFirst ? DateForm.MONTH_DAY_YEAR : DateForm.DAY_MONTH_YEAR;
      boolean order = tally(form).sorted() && !tally(other).sorted();
      return named()
          + "dates such as "
          + shown(String.valueOf(both))
          + " are read "
          + (dayFirst ? "day first" : "month first")
          + (order ? ", by which the rows are in order of time" : "")
          + otherwise(other);
    }
    if (shortYears > 0
        && form == DateForm.YEAR_MONTH_DAY
        && fits(DateForm.DAY_MONTH_YEAR) == fits(form)) {
      return named()
          + "dates such as "
          + shown(first)
          + " are read year first"
          + otherwise(DateForm.DAY_MONTH_YEAR);
    }
    if (form == DateForm.TIME_OF_DAY && plainTimes == 0 && !isNamedTime()) {
      return named()
          + "times such as "
          + shown(first)
          + " are read as times of day"
          + otherwise(DateForm.DURATION);
    }
    if (form == DateForm.DURATION || form == DateForm.MINUTES_SECONDS) {
      boolean minutes = form == DateForm.MINUTES_SECONDS;
      boolean clock = first.indexOf(':') >= 0;
      return named()
          + "texts such as "
          + shown(first)
          + " are read as durations"
          + (clock ? (minutes ? ", minutes before seconds" : ", hours before minutes") : "")
          + (clock ? otherwise(minutes ? DateForm.DURATION : DateForm.MINUTES_SECONDS) : "");
    }
    return null;
  }

  private String named() {
    return "column \"" + column + "\": ";
  }

  private static String shown(String cell) {
    return Cells.quoted(cell);
  }

  private String otherwise(DateForm form) {
    return "; --dates " + column + "=" + form + " reads them otherwise";
  }

  /**
   * Whether a text has the looks of a date or a time: a month's name and a number, two numbers with
   * a colon, or three numbers with the dividers of dates of which none is longer than a year.
   */
  private static boolean looksLikeDate(String cell) {
    int n = cell.length();
    if (n < 4 || n > 40) {
      return false;
    }
    int groups = 0;
    int longest = 0;
    int clocks = 0;
    int dividers = 0;
    int words = 0;
    boolean month = false;
    int i = 0;
    while (i < n) {
      char c = cell.charAt(i);
      int start = i;
      if (c >= '0' && c <= '9') {
        while (i < n && cell.charAt(i) >= '0' && cell.charAt(i) <= '9') {
          i++;
        }
        groups++;
        longest = i - start == 3 ? 99 : Math.max(longest, i - start);
        if (i < n && cell.charAt(i) == ':') {
          clocks += twoDigitsAt(cell, i + 1) ? 1 : 0;
        } else if (i + 1 < n
            && (cell.charAt(i) == '/' || cell.charAt(i) == '-' || cell.charAt(i) == '.')) {
          dividers++;
        }
      } else if (Character.isLetter(c)) {
        while (i < n && Character.isLetter(cell.charAt(i))) {
          i++;
        }
        words++;
        month |= DateWords.month(DateWords.plain(cell, start, i)) > 0;
      } else {
        i++;
      }
    }
    boolean numbersOfDate = longest <= 4 && groups <= 7 && words <= 3;
    boolean yearLong = longest == 4 && groups >= 3 && dividers >= 2 && n - groups < 30;
    return numbersOfDate
        && groups > 0
        && ((month && words <= 3) || (clocks > 0 && groups >= 2) || yearLong);
  }

  private static boolean twoDigitsAt(String cell, int at) {
    return at + 1 < cell.length()
        && Character.isDigit(cell.charAt(at))
        && Character.isDigit(cell.charAt(at + 1));
  }
}
