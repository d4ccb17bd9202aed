package org.cajal.data;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells whole numbers that name or count the rows from those to learn from. */
final class RowNames {
  private static final Set<String> TIME_NAMES =
      Set.of("x", "t", "time", "day", "year", "month", "hour", "week", "date", "step", "epoch");

  private static final Set<String> ROW_NAMES =
      Set.of("id", "pid", "uid", "uuid", "guid", "index", "key", "row", "rowid");

  private static final String OTHERWISE = "; --type COLUMN=number makes it an input";

  /** What rows are of, where a name says whose number it is. */
  private static final Set<String> OF =
      Set.of(
          "row",
          "record",
          "case",
          "sample",
          "serial",
          "instance",
          "observation",
          "obs",
          "subject",
          "employee",
          "client",
          "customer",
          "user",
          "member",
          "patient",
          "passenger",
          "student",
          "person",
          "participant",
          "respondent",
          "account",
          "acct",
          "contract",
          "policy",
          "claim",
          "loan",
          "order",
          "invoice",
          "transaction",
          "booking",
          "ticket",
          "reference",
          "ref",
          "document",
          "item",
          "product",
          "article",
          "compound",
          "movie",
          "phone",
          "enrollee",
          "applicant",
          "borrower");

  private static final Set<String> NUMBER = Set.of("number", "num", "no", "nr", "nbr", "id");

  private RowNames() {}

  /**
   * Why a column names the rows, or null if it does not.
   *
   * @param column its place, from 0
   * @param columns the number of columns
   * @param header whether its name stands in the file
   */
  static @Nullable String reason(
      double[] values, String name, int column, int columns, boolean header) {
    boolean named = header && namesRows(name);
    if (!named && column > 0) {
      return null;
    }
    HashedSet distinct = new HashedSet();
    int present = 0;
    boolean counting = true;
    double previous = Double.NaN;
    double smallest = Double.POSITIVE_INFINITY;
    for (double v : values) {
      if (Double.isNaN(v)) {
        counting = false;
        continue;
      }
      if (v != Math.rint(v)) {
        return null;
      }
      present++;
      distinct.add(Double.doubleToLongBits(v));
      smallest = Math.min(smallest, v);
      counting &= Double.isNaN(previous) ? v == 0 || v == 1 : v == previous + 1;
      previous = v;
    }
    boolean nearlyAll = present >= 10 && distinct.size() >= 0.98 * present;
    if (nearlyAll && named) {
      return "it names the rows ("
          + distinct.size()
          + " different values in "
          + present
          + " cells)"
          + OTHERWISE;
    }
    String lower = header ? name.toLowerCase(Locale.ROOT).trim() : "";
    boolean unnamed = header && name.equals("c1");
    boolean many = columns > 3 || unnamed;
    if (column == 0 && counting && many && present >= 10 && !TIME_NAMES.contains(lower)) {
      return "it counts the rows" + OTHERWISE;
    }
    boolean large = smallest >= 10_000 && distinct.size() >= 0.9 * present;
    if (column == 0 && !header && columns > 3 && present >= 20 && large) {
      return "a first column of large, nearly all different whole numbers names the rows"
          + OTHERWISE;
    }
    return null;
  }

  /**
   * Whether a header is one of those that name rows: {@code id}, {@code order_id}, {@code
   * PassengerId}, {@code ID number}, {@code EmployeeNumber}, {@code CLIENTNUM}, {@code Compound
   * No.}.
   */
  private static boolean namesRows(String header) {
    String lower = header.toLowerCase(Locale.ROOT);
    if (ROW_NAMES.contains(lower)
        || lower.startsWith("id_")
        || lower.startsWith("id ")
        || lower.startsWith("unnamed: 0")) {
      return true;
    }
    if (isNumberOf(lower)) {
      return true;
    }
    int before = header.length() - 3;
    if (before < 0 || !lower.endsWith("id")) {
      return false;
    }
    char previous = header.charAt(before);
    boolean camel =
        Character.isLowerCase(previous) && Character.isUpperCase(header.charAt(before + 1));
    return camel || previous == '_' || previous == ' ' || previous == '-';
  }

  /** Whether the letters of a name are what rows are of, and then a word for number. */
  private static boolean isNumberOf(String lower) {
    StringBuilder letters = new StringBuilder();
    lower.chars().filter(Character::isLetter).forEach(letters::appendCodePoint);
    String text = letters.toString();
    return NUMBER.stream()
        .anyMatch(
            word ->
                text.endsWith(word)
                    && OF.contains(text.substring(0, text.length() - word.length())));
  }
}
