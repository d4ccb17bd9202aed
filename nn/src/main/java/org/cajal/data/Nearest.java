package org.cajal.data;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the names nearest to a mistyped one. */
final class Nearest {
  private Nearest() {}

  /**
   * {@code no column "speces"; the nearest are "species", "spec"; there are 5}, with up to three
   * names.
   */
  static String unknown(String what, String name, Collection<String> known) {
    List<String> near = nearest(name, known);
    String list = String.join(", ", near.stream().map(Cells::quoted).toList());
    if (known.size() <= near.size()) {
      return what
          + " "
          + Cells.quoted(name)
          + "; there "
          + (near.size() == 1 ? "is " : "are ")
          + list;
    }
    return what
        + " "
        + Cells.quoted(name)
        + "; the nearest of the "
        + known.size()
        + " are "
        + list;
  }

  /** Up to three names by ascending edit distance, upper and lower case alike. */
  static List<String> nearest(String name, Collection<String> known) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return known.stream()
        .sorted(Comparator.comparingInt(k -> distance(wanted, k.toLowerCase(Locale.ROOT))))
        .limit(3)
        .toList();
  }

  /**
   * The number of single-character insertions, deletions and replacements from one text to the
   * other (Levenshtein 1966).
   */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
