package org.cajal.data;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.cajal.type.CajalException;

/**
 * How the numbers of a column are written. Signs, digits of any script, accounting's {@code (1.2)}
 * for -1.2, bounds such as {@code <0.5}, exponents and {@code 0x1F} are read in every form.
 *
 * @param decimal the decimal mark, point or comma
 * @param grouping the mark between groups of digits: comma, point, apostrophe, underscore, blank,
 *     or {@link Dialect#NONE}
 * @param unit the currency or unit that stands around numbers and is passed over; numbers without
 *     one are read too, but beside percent signs
 * @param multiplied whether letters behind a number multiply it: k, M, B for thousands, millions,
 *     thousand millions
 * @param lenient whether cells that are no numbers are taken as missing; else they are refused
 */
public record NumberForm(
    char decimal, char grouping, String unit, boolean multiplied, boolean lenient) {
  /** {@code -1234.5}. */
  public static final NumberForm PLAIN = new NumberForm('.', Dialect.NONE, "", false, false);

  /** {@code -1234,5}. */
  public static final NumberForm DECIMAL_COMMA =
      new NumberForm(',', Dialect.NONE, "", false, false);

  /**
   * A form.
   *
   * @throws CajalException if a mark cannot have its part
   */
  public NumberForm {
    if ((decimal != '.' && decimal != ',') || decimal == grouping) {
      throw new CajalException(
          "[number form] decimal mark "
              + Dialect.shown(decimal)
              + " and grouping mark "
              + Dialect.shown(grouping)
              + "; the decimal mark is a point or a comma, and the grouping mark another");
    }
  }

  /** Whether numbers are written as programs write them. */
  boolean isPlain() {
    return decimal == '.' && grouping == Dialect.NONE && unit.isEmpty() && !multiplied;
  }

  NumberForm withLenient(boolean odd) {
    return new NumberForm(decimal, grouping, unit, multiplied, odd);
  }

  /**
   * The number that a text is; NaN if it is none in this form, an infinity if it is beyond the
   * range of doubles.
   */
  public double parse(String text) {
    NumberText parts = new NumberText();
    return parts.read(text.strip()) ? value(parts) : Double.NaN;
  }

  /** The number that parts make, or NaN. */
  double value(NumberText parts) {
    if (!parts.fits(decimal, grouping)) {
      return Double.NaN;
    }
    String found = parts.unit();
    double factor = 1;
    if (multiplied && !found.isEmpty()) {
      factor = multiplier(found);
    } else if (!(sameUnit(found, unit) || (found.isEmpty() && !isShare(unit)))) {
      return Double.NaN;
    }
    return parts.value(decimal, grouping) * factor;
  }

  /** Whether a number with the unit is another one than the same number without it. */
  static boolean isShare(String unit) {
    return unit.endsWith("%") || unit.endsWith("\u2030");
  }

  /** Whether two units are the same but for case, a plural's s and a full stop. */
  static boolean sameUnit(String a, String b) {
    return a.equals(b) || (a.length() > 1 && b.length() > 1 && stem(a).equals(stem(b)));
  }

  private static String stem(String unit) {
    String lower = unit.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".")) {
      lower = lower.substring(0, lower.length() - 1);
    }
    return lower.length() > 3 && lower.endsWith("s")
        ? lower.substring(0, lower.length() - 1)
        : lower;
  }

  /** What a letter behind a number multiplies it by, or NaN. */
  static double multiplier(String unit) {
    return switch (unit) {
      case "k", "K" -> 1e3;
      case "M", "m", "mn", "Mio", "Mio.", "mio" -> 1e6;
      case "B", "b", "bn", "Bn", "G", "Mrd", "Mrd." -> 1e9;
      case "T", "tn" -> 1e12;
      default -> Double.NaN;
    };
  }

  /** An example of a number in this form, for messages. */
  String example() {
    String number =
        grouping == Dialect.NONE ? "1" + decimal + "5" : "1" + grouping + "234" + decimal + "5";
    return unit.isEmpty() ? number : number + " " + unit;
  }

  /** As plain data for JSON. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("decimal", String.valueOf(decimal));
    map.put("grouping", grouping == Dialect.NONE ? "" : String.valueOf(grouping));
    map.put("unit", unit);
    map.put("multiplied", multiplied);
    map.put("lenient", lenient);
    return map;
  }

  static NumberForm fromMap(PlainData data) {
    String decimal = data.text("decimal");
    String grouping = data.text("grouping");
    if (decimal.length() != 1 || grouping.length() > 1) {
      throw data.wrong("decimal", "one character");
    }
    return new NumberForm(
        decimal.charAt(0),
        grouping.isEmpty() ? Dialect.NONE : grouping.charAt(0),
        data.text("unit"),
        data.flag("multiplied"),
        data.flag("lenient"));
  }
}
