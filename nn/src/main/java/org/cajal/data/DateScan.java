package org.cajal.data;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one written date or time: up to three parts of a date in the order in which they
 * stand, a month told by its name, and a time with its offset from UTC. What the parts mean is for
 * a {@link DateForm} to say. One scan serves many cells, one after the other.
 */
final class DateScan {
  private static final int LONGEST = 80;
  private static final double DAY = 86_400;

  /** Years of two digits are 1930 to 2029, as spreadsheets read them. */
  private static final int FIRST_SHORT_YEAR = 30;

  private String text = "";
  private int at;

  /** The date's parts, their digits (0 for a month by its name), and the dividers before them. */
  private final int[] parts = new int[3];

  private final int[] widths = new int[3];
  private final char[] dividers = new char[3];
  private int count;
  private int monthAt;
  private boolean prefixed;

  /** 1 to 4, or 0; 1 to 53, or 0; the day of the week from 1, or 0. */
  private int quarter;

  private int week;
  private int weekday;

  /** A date as one number, such as 20240301, and its digits; 0 where there is none. */
  private long compact;

  private int compactWidth;

  private boolean timed;
  private double time;
  private double shift;
  private @Nullable ZoneId region;
  private boolean zoned;
  private boolean halves;
  private boolean padded;

  /** Whether the text is made of the parts of a date or of a time, and of nothing else. */
  boolean scan(String cell) {
    text = cell;
    at = 0;
    count = 0;
    monthAt = -1;
    prefixed = false;
    quarter = 0;
    week = 0;
    weekday = 1;
    compactWidth = 0;
    timed = false;
    time = 0;
    shift = 0;
    region = null;
    zoned = false;
    halves = false;
    padded = false;
    int n = cell.length();
    if (n < 3 || n > LONGEST) {
      return false;
    }
    char divider = 0;
    while (at < n) {
      char c = cell.charAt(at);
      if (digit(c)) {
        if (!digits(divider)) {
          return false;
        }
        divider = 0;
      } else if (blank(c)) {
        divider = divider == 0 ? ' ' : divider;
        at++;
      } else if (c == '-' || c == '/' || c == '.' || c == ',') {
        boolean fits = divider == 0 || divider == ' ' || (divider == '.' && c != '.');
        if (!fits || (count == 0 && !prefixed) || (timed && c != ',')) {
          return false;
        }
        divider = c;
        at++;
      } else if (c == ':' && count == 3 && !timed && divider == 0) {
        divider = ' ';
        at++;
      } else if ((c == '(' || c == ')') && complete()) {
        divider = c == ')' || divider == 0 ? 0 : divider;
        at++;
      } else if (c == '\'' && monthAt >= 0) {
        divider = '-';
        at++;
      } else if (Character.isLetter(c)) {
        int next = word(divider);
        if (next < 0) {
          return false;
        }
        divider = (char) next;
      } else {
        return false;
      }
    }
    return (divider == 0 || (divider == '.' && count == 3 && dividers[2] == '.'))
        && (complete() || (timed && count == 0));
  }

  /** Whether a whole date has been seen. */
  private boolean complete() {
    return count == 3
        || compactWidth > 0
        || (count == 1 && widths[0] == 4 && (quarter > 0 || week > 0))
        || (count == 2 && (monthAt >= 0 || widths[0] == 4 || widths[1] == 4));
  }

  /** Takes a run of digits with what belongs to it. */
  private boolean digits(char divider) {
    int start = at;
    int n = text.length();
    long value = 0;
    while (at < n && digit(text.charAt(at)) && at - start < 15) {
      value = value * 10 + (text.charAt(at++) - '0');
    }
    int width = at - start;
    char next = at < n ? text.charAt(at) : 0;
    boolean apart = divider == ' ' || divider == 'T' || divider == ',';
    if (next == ':' && width <= 2) {
      boolean place = count == 0 && compactWidth == 0 ? !timed : apart && complete();
      return place && !timed && time(start);
    }
    if (timed) {
      return count == 2 && monthAt >= 0 && width == 4 && add((int) value, 4, ' ');
    }
    if (count == 3 || compactWidth > 0) {
      return apart && time(start);
    }
    if (count == 0 && width <= 2 && timeFollows(next)) {
      return time(start);
    }
    if (count > 0 && quarter + week > 0) {
      return false;
    }
    if (count == 0 && width >= 6 && width <= 14 && (width % 2 == 0 || width == 7)) {
      compact = value;
      compactWidth = width;
      return true;
    }
    if (width == 3 || width > 4) {
      return false;
    }
    if (width <= 2) {
      ordinal();
    }
    return add((int) value, width, divider);
  }

  /**
   * Whether the digits before the place are an hour: {@code 8 AM}, {@code 8.30 am}, {@code 8h30}.
   */
  private boolean timeFollows(char next) {
    int n = text.length();
    boolean digitNext = at + 1 < n && digit(text.charAt(at + 1));
    return halfAt(at) >= 0
        || (digitNext && (next == 'h' || next == 'H'))
        || (digitNext && next == '.' && at + 3 < n && halfAt(at + 3) >= 0);
  }

  private boolean add(int value, int width, char divider) {
    boolean named = width == 0 || (count > 0 && widths[count - 1] == 0 && monthAt == count - 1);
    if (count == 3 || divider == 'T' || (count > 0 && divider == 0 && !named)) {
      return false;
    }
    if (count > 0 && divider == ',' && monthAt < 0 && !named) {
      return false;
    }
    parts[count] = value;
    widths[count] = width;
    dividers[count] = divider;
    count++;
    return true;
  }

  /** Passes over the ending of {@code 3rd} or {@code 1º}. */
  private void ordinal() {
    int n = text.length();
    if (at < n && (text.charAt(at) == 'º' || text.charAt(at) == 'ª')) {
      at++;
    } else if (at + 1 < n && (at + 2 == n || !Character.isLetter(text.charAt(at + 2)))) {
      String ending = text.substring(at, at + 2).toLowerCase(Locale.ROOT);
      if (ending.equals("st")
          || ending.equals("nd")
          || ending.equals("rd")
          || ending.equals("th")
          || ending.equals("er")) {
        at += 2;
      }
    }
  }

  /** Takes a run of letters; the divider before what follows, or -1 where it does not belong. */
  private int word(char divider) {
    int start = at;
    int n = text.length();
    char c = text.charAt(at);
    boolean digitNext = at + 1 < n && digit(text.charAt(at + 1));
    if ((c == 'T' || c == 't') && digitNext && divider == 0 && complete() && !timed) {
      at++;
      return 'T';
    }
    if (digitNext && (c == 'Q' || c == 'q' || c == 'W' || c == 'w')) {
      return quarterOrWeek(c, divider);
    }
    if (c == '年' || c == '月' || c == '년' || c == '월') {
      at++;
      return count == 0 || divider != 0 ? -1 : at == n ? 0 : '-';
    }
    if (c == '日' || c == '일') {
      at++;
      return count == 3 && divider == 0 ? 0 : -1;
    }
    while (at < n && Character.isLetter(text.charAt(at))) {
      at++;
    }
    if (at - start > 12) {
      return -1;
    }
    String word = DateWords.plain(text, start, at);
    int month = DateWords.month(word);
    if (month > 0 && monthAt == 0 && count <= 2 && DateWords.isWeekday(first)) {
      // "mar." is Tuesday as well as March: another month says that it was the day.
      parts[0] = parts[1];
      widths[0] = widths[1];
      count--;
      monthAt = -1;
    }
    if (month > 0 && monthAt < 0 && !timed) {
      monthAt = count;
      first = count == 0 ? word : "";
      if (!add(month, 0, divider)) {
        return -1;
      }
      if (at < n && text.charAt(at) == '.') {
        at++;
        return at == n ? 0 : '.';
      }
      return 0;
    }
    if (DateWords.isWeekday(word)) {
      prefixed |= count == 0;
      at += text.startsWith("-feira", at) ? 6 : 0;
      boolean point = at < n && text.charAt(at) == '.';
      at += point ? 1 : 0;
      boolean more = at < n && (text.charAt(at) == ',' || text.charAt(at) == '-');
      at += more ? 1 : 0;
      return at == n ? 0 : divider == 0 ? ' ' : divider;
    }
    boolean between = divider == ' ' || divider == '.' || divider == ',';
    return DateWords.isFiller(word) && between && count > 0 ? divider : -1;
  }

  /** The month's name where the text begins with it, which may turn out to be a weekday. */
  private String first = "";

  private int quarterOrWeek(char letter, char divider) {
    at++;
    int n = text.length();
    int value = 0;
    int start = at;
    while (at < n && digit(text.charAt(at)) && at - start < 3) {
      value = value * 10 + (text.charAt(at++) - '0');
    }
    boolean isQuarter = letter == 'Q' || letter == 'q';
    boolean place = isQuarter ? count <= 1 : count == 1;
    if (!place || quarter + week > 0 || (count == 1 && widths[0] != 4) || timed) {
      return -1;
    }
    if (isQuarter) {
      quarter = value;
      prefixed = true;
      return value >= 1 && value <= 4 && at - start == 1 && divider != ',' ? 0 : -1;
    }
    week = value;
    if (at + 1 < n && text.charAt(at) == '-' && digit(text.charAt(at + 1))) {
      weekday = text.charAt(at + 1) - '0';
      at += 2;
    }
    boolean fits = value >= 1 && value <= 53 && weekday >= 1 && weekday <= 7;
    return fits && at == n && divider != ',' ? 0 : -1;
  }

  /** Takes a time that begins at a place, with AM or PM and the zone behind it. */
  private boolean time(int start) {
    int n = text.length();
    int width = at - start;
    char mark = at < n ? text.charAt(at) : 0;
    double hour;
    double minute = 0;
    double second = 0;
    if (mark == ':' || mark == '.' || ((mark == 'h' || mark == 'H') && width <= 2)) {
      if (width > 2) {
        return false;
      }
      hour = number(start, at);
      padded = width == 2 && text.charAt(start) == '0';
      at++;
      if (mark == ':' || mark == '.' || (at < n && digit(text.charAt(at)))) {
        minute = two();
        if (at < n && text.charAt(at) == mark && mark != 'h' && mark != 'H') {
          at++;
          second = two() + fraction();
        }
      }
    } else if (width == 4 || width == 6) {
      hour = number(start, start + 2);
      minute = number(start + 2, start + 4);
      second = width == 6 ? number(start + 4, at) + fraction() : 0;
    } else if (width <= 2) {
      hour = number(start, at);
    } else {
      return false;
    }
    int half = halfAt(at);
    if (half >= 0) {
      halves = true;
      if (hour < 1 || hour > 12) {
        return false;
      }
      hour = hour % 12 + half * 12;
      passHalf();
    }
    timed = true;
    time = hour * 3600 + minute * 60 + second;
    boolean fits = hour < 24 || (hour == 24 && minute == 0 && second == 0);
    return fits
        && minute < 60
        && second < 61
        && (second < 60 || minute == 59)
        && (count == 0 && compactWidth == 0 ? zoneOfDay() : zone());
  }

  /** Two digits at the place, or NaN. */
  private double two() {
    int n = text.length();
    boolean there =
        at + 2 <= n
            && digit(text.charAt(at))
            && digit(text.charAt(at + 1))
            && (at + 2 == n || !digit(text.charAt(at + 2)));
    if (!there) {
      return Double.NaN;
    }
    at += 2;
    return number(at - 2, at);
  }

  private int number(int start, int end) {
    int value = 0;
    for (int i = start; i < end; i++) {
      value = value * 10 + (text.charAt(i) - '0');
    }
    return value;
  }

  private double fraction() {
    int n = text.length();
    if (at + 1 >= n
        || (text.charAt(at) != '.' && text.charAt(at) != ',')
        || !digit(text.charAt(at + 1))) {
      return 0;
    }
    long value = 0;
    double unit = 1;
    for (at++; at < n && digit(text.charAt(at)); at++) {
      if (unit < 1e15) {
        value = value * 10 + (text.charAt(at) - '0');
        unit *= 10;
      }
    }
    return value / unit;
  }

  /** 0 for AM and 1 for PM where one of them stands at a place or after a blank, else -1. */
  private int halfAt(int place) {
    int i = place;
    int n = text.length();
    while (i < n && blank(text.charAt(i))) {
      i++;
    }
    if (i + 1 >= n) {
      return -1;
    }
    char letter = (char) (text.charAt(i) | 0x20);
    if (letter != 'a' && letter != 'p') {
      return -1;
    }
    int m = text.charAt(i + 1) == '.' ? i + 2 : i + 1;
    boolean isHalf =
        m < n
            && (text.charAt(m) | 0x20) == 'm'
            && (m + 1 == n || !Character.isLetter(text.charAt(m + 1)));
    return !isHalf ? -1 : letter == 'p' ? 1 : 0;
  }

  private void passHalf() {
    while (blank(text.charAt(at))) {
      at++;
    }
    boolean points = text.charAt(at + 1) == '.';
    at += points ? 3 : 2;
    if (points && at < text.length() && text.charAt(at) == '.') {
      at++;
    }
  }

  /** After a time without a date there is nothing more, or the word for it. */
  private boolean zoneOfDay() {
    String rest = text.substring(at).strip();
    at = text.length();
    return rest.isEmpty()
        || rest.equalsIgnoreCase("h")
        || rest.equalsIgnoreCase("uhr")
        || rest.equalsIgnoreCase("z")
        || rest.equalsIgnoreCase("utc");
  }

  /** Takes what says the offset from UTC, if anything does. */
  private boolean zone() {
    int n = text.length();
    while (at < n && blank(text.charAt(at))) {
      at++;
    }
    if (at == n) {
      return true;
    }
    char c = text.charAt(at);
    if (c == '+' || c == '-' || c == '−') {
      return offset() && brackets();
    }
    if (c == '[' || c == '(') {
      return brackets();
    }
    if (!Character.isLetter(c)) {
      return digit(c) || c == ',';
    }
    int start = at;
    while (at < n && zonePart(text.charAt(at))) {
      at++;
    }
    if (!named(text.substring(start, at))) {
      return false;
    }
    if (at < n && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
      return shift == 0 && region == null && offset() && brackets();
    }
    return brackets();
  }

  private static boolean zonePart(char c) {
    return Character.isLetter(c) || c == '/' || c == '_';
  }

  private boolean named(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    if (upper.equals("UHR") || upper.equals("H")) {
      return true;
    }
    Integer seconds = DateWords.zone(upper);
    zoned = true;
    if (seconds != null) {
      shift = seconds;
      return true;
    }
    if (name.indexOf('/') < 0) {
      return false;
    }
    try {
      region = ZoneId.of(name);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** {@code +01}, {@code +0100}, {@code +01:00}, {@code +01:00:00}. */
  private boolean offset() {
    int sign = text.charAt(at) == '+' ? 1 : -1;
    int n = text.length();
    at++;
    int start = at;
    while (at < n && digit(text.charAt(at))) {
      at++;
    }
    int width = at - start;
    double hours;
    double minutes = 0;
    if (width == 4) {
      hours = number(start, start + 2);
      minutes = number(start + 2, at);
    } else if (width == 2) {
      hours = number(start, at);
      if (at < n && text.charAt(at) == ':') {
        at++;
        minutes = two();
      }
    } else {
      return false;
    }
    zoned = true;
    shift = sign * (hours * 3600 + minutes * 60);
    return hours <= 18 && minutes < 60;
  }

  /** Passes over a name in brackets where an offset came before, else takes it as the zone. */
  private boolean brackets() {
    int n = text.length();
    int start = at;
    while (start < n && blank(text.charAt(start))) {
      start++;
    }
    if (start == n || (text.charAt(start) != '[' && text.charAt(start) != '(')) {
      return true;
    }
    char closing = text.charAt(start) == '[' ? ']' : ')';
    if (text.charAt(n - 1) != closing) {
      return false;
    }
    at = n;
    return zoned || named(text.substring(start + 1, n - 1));
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\u00a0' || c == '\u202f' || c == '\t';
  }

  /** Whether the date is one number without a letter, such as 20240301 or 20240301140500. */
  boolean isNumber() {
    return compactWidth == text.length();
  }

  int compactWidth() {
    return compactWidth;
  }

  /** Whether there is a time alone. */
  boolean isTime() {
    return timed && count == 0 && compactWidth == 0;
  }

  /** Whether the time is told by a 12-hour clock, or has a zero before its hour. */
  boolean isPlainlyTime() {
    return halves || padded;
  }

  boolean hasSlashes() {
    return count == 3 && dividers[1] == '/';
  }

  /** Whether a date of three numbers has a year of two digits. */
  boolean hasShortYear() {
    return count == 3 && widths[0] < 3 && widths[1] < 3 && widths[2] < 3;
  }

  /** Whether the year of a day or of a month has two digits. */
  boolean hasTwoDigitYear() {
    return hasShortYear() || (count == 2 && monthAt == 0 && widths[1] == 2);
  }

  boolean hasDots() {
    return count == 3 && dividers[1] == '.';
  }

  boolean hasMonthName() {
    return monthAt >= 0;
  }

  /** The first or the last part, for columns to see which of them varies. */
  int part(int index) {
    return parts[index];
  }

  /** Whether the text is a year and the last two digits of the next, as seasons are written. */
  boolean isSeason() {
    return count == 2
        && monthAt < 0
        && widths[0] == 4
        && widths[1] == 2
        && parts[1] == (parts[0] + 1) % 100;
  }

  /**
   * Seconds since 1970-01-01T00:00 UTC with the parts in the given places, or NaN.
   *
   * @param yearAt the place of the year among three parts
   * @param monthPlace that of the month
   */
  double moment(int yearAt, int monthPlace) {
    long day;
    if (compactWidth > 0) {
      double lastYear = yearAt == 2 ? compactWithLastYear(monthPlace) : Double.NaN;
      return Double.isNaN(lastYear) ? compact() : lastYear;
    }
    if (count == 1) {
      day =
          quarter > 0 ? day(parts[0], quarter * 3 - 2, 1) : isoWeek(parts[0], week) + (weekday - 1);
    } else if (count == 2) {
      day = month();
    } else if (count == 3) {
      day = monthAt >= 0 ? namedDay(yearAt) : numberedDay(yearAt, monthPlace);
    } else {
      return Double.NaN;
    }
    return day == NONE ? Double.NaN : moment(day * DAY + time);
  }

  private double moment(double local) {
    ZoneId zone = region;
    if (zone != null) {
      LocalDateTime moment =
          LocalDateTime.ofEpochSecond((long) Math.floor(local), 0, ZoneOffset.UTC);
      return local - zone.getRules().getOffset(moment).getTotalSeconds();
    }
    return local - shift;
  }

  private static final long NONE = Long.MIN_VALUE / 4;

  /** A month and a year: the first day of it. */
  private long month() {
    if (timed) {
      return NONE;
    }
    if (monthAt >= 0) {
      int other = 1 - monthAt;
      boolean shortYear = widths[other] == 2 && monthAt == 0 && dividers[1] == '-';
      return widths[other] == 4 || shortYear ? day(year(other), parts[monthAt], 1) : NONE;
    }
    boolean divided = dividers[1] == '-' || dividers[1] == '/';
    int yearAt = widths[0] == 4 ? 0 : 1;
    return divided && widths[1 - yearAt] <= 2 ? day(parts[yearAt], parts[1 - yearAt], 1) : NONE;
  }

  /** A date with the month's name: a year of four digits tells itself, else its place does. */
  private long namedDay(int yearAt) {
    int before = monthAt == 0 ? 1 : 0;
    int after = monthAt == 2 ? 1 : 2;
    int year =
        widths[before] == 4 ? before : widths[after] == 4 ? after : yearAt == 0 ? before : after;
    int day = before + after - year;
    return widths[year] >= 2 && widths[day] >= 1 && widths[day] <= 2
        ? day(year(year), parts[monthAt], parts[day])
        : NONE;
  }

  private long numberedDay(int yearAt, int monthPlace) {
    int dayAt = 3 - yearAt - monthPlace;
    boolean divided = dividers[1] == dividers[2] && dividers[1] != ',';
    boolean shortYear = widths[yearAt] == 2 && dividers[1] != ' ';
    if (shortYear && yearAt == 0 && dividers[1] == '.') {
      divided &= widths[1] == 2 && widths[2] == 2; // 10.1.8 is a version, not a day
    }
    return divided
            && (widths[yearAt] == 4 || shortYear)
            && widths[monthPlace] <= 2
            && widths[dayAt] <= 2
        ? day(year(yearAt), parts[monthPlace], parts[dayAt])
        : NONE;
  }

  private int year(int place) {
    int value = parts[place];
    return widths[place] == 4 ? value : value >= FIRST_SHORT_YEAR ? 1900 + value : 2000 + value;
  }

  /** ddMMyyyy or MMddyyyy, the zero in front lost or not; never yyyyMMdd with such a year. */
  private double compactWithLastYear(int monthPlace) {
    if (compactWidth != 7 && compactWidth != 8) {
      return Double.NaN;
    }
    int year = (int) (compact % 10_000);
    int first = (int) (compact / 1_000_000);
    int second = (int) (compact / 10_000 % 100);
    long day =
        year < 1900 || year > 2100
            ? NONE
            : monthPlace == 0 ? day(year, first, second) : day(year, second, first);
    return day == NONE ? Double.NaN : moment(day * DAY + time);
  }

  /** yyyyMM, yyyyMMdd, yyyyMMddHH, yyyyMMddHHmm, yyyyMMddHHmmss. */
  private double compact() {
    long rest = compact;
    double seconds = 0;
    long unit = 1;
    long most = 60;
    if (compactWidth == 7 || (compactWidth > 8 && timed)) {
      return Double.NaN;
    }
    for (int width = compactWidth; width > 8; width -= 2) {
      long two = rest % 100;
      rest /= 100;
      if (width == 10) {
        most = 24;
        unit = 3600;
      } else {
        unit = width == 14 ? 1 : 60;
      }
      if (two >= most) {
        return Double.NaN;
      }
      seconds += two * unit;
    }
    int dayOfMonth = compactWidth == 6 ? 1 : (int) (rest % 100);
    rest = compactWidth == 6 ? rest : rest / 100;
    int year = (int) (rest / 100);
    long day = year < 1900 || year > 2100 ? NONE : day(year, (int) (rest % 100), dayOfMonth);
    return day == NONE ? Double.NaN : moment(day * DAY + seconds + time);
  }

  /**
   * Seconds since midnight, or NaN; {@code 08.30.00} is a time as well as three parts of a date.
   */
  double timeOfDay() {
    if (isTime()) {
      return time;
    }
    boolean dotted =
        count == 3
            && !timed
            && monthAt < 0
            && dividers[1] == '.'
            && dividers[2] == '.'
            && widths[0] <= 2
            && widths[1] == 2
            && widths[2] == 2
            && parts[0] < 24
            && parts[1] < 60
            && parts[2] < 60;
    return dotted ? parts[0] * 3600.0 + parts[1] * 60.0 + parts[2] : Double.NaN;
  }

  /**
   * Days since 1970-01-01 in the Gregorian calendar, or {@link #NONE} where there is no such day.
   */
  static long day(int year, int month, int day) {
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) {
      return NONE;
    }
    boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    int length =
        month == 2
            ? (leap ? 29 : 28)
            : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    if (day > length) {
      return NONE;
    }
    // Years begin with March, so that the leap day comes last.
    long y = month > 2 ? year : year - 1L;
    long era = Math.floorDiv(y, 400L);
    long yearOfEra = y - era * 400;
    long dayOfYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097 + dayOfEra - 719_468;
  }

  /** The Monday of a week of ISO 8601: the first one holds 4 January. */
  private static long isoWeek(int year, int week) {
    long fourth = day(year, 1, 4);
    if (fourth == NONE) {
      return NONE;
    }
    long monday = fourth - Math.floorMod(fourth + 3, 7L) + (week - 1) * 7L;
    return week == 53 && monday >= day(year + 1, 1, 4) - Math.floorMod(day(year + 1, 1, 4) + 3, 7L)
        ? NONE
        : monday;
  }
}
