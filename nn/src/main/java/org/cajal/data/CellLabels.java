package org.cajal.data;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the cells of a column hold several labels each, as {@code action;comedy}: the same few
 * labels then come back in many combinations, alone and in company, which parts of a name or of an
 * address do not.
 */
final class CellLabels {
  /** What labels are separated by, the likeliest first. */
  static final List<String> CANDIDATES = List.of("|", ";", ",");

  private static final int LONGEST_LABEL = 60;
  private static final int FEWEST_ROWS = 5;

  private CellLabels() {}

  /** The separator of the labels in the cells, or null where the cells are one text each. */
  static @Nullable String separator(Column column) {
    for (String candidate : CANDIDATES) {
      if (recombines(column, candidate)) {
        return candidate;
      }
    }
    return null;
  }

  /** The candidate that stands in most cells, the first of equal ones; null where none does. */
  static @Nullable String mostFrequent(Column column) {
    String best = null;
    int most = 0;
    for (String candidate : CANDIDATES) {
      int count = 0;
      for (int r = 0; r < column.rows(); r++) {
        String text = column.text(r);
        count += text != null && text.contains(candidate) ? 1 : 0;
      }
      if (count > most) {
        most = count;
        best = candidate;
      }
    }
    return best;
  }

  private static boolean recombines(Column column, String separator) {
    Map<String, Set<String>> companies = new HashMap<>();
    Set<String> combinations = new HashSet<>();
    Set<Integer> sizes = new HashSet<>();
    Set<String> alone = new HashSet<>();
    Set<String> inCompany = new HashSet<>();
    int joined = 0;
    for (int r = 0; r < column.rows(); r++) {
      String text = column.text(r);
      if (text == null) {
        continue;
      }
      List<String> labels = OutputRule.OfLabels.split(text, separator);
      Set<String> set = new HashSet<>(labels);
      if (set.size() < labels.size()) {
        return false; // a list with a label twice is none of labels
      }
      String combination = String.join(separator, labels.stream().sorted().toList());
      combinations.add(combination);
      sizes.add(labels.size());
      joined += labels.size() > 1 ? 1 : 0;
      for (String label : labels) {
        if (label.length() > LONGEST_LABEL) {
          return false;
        }
        companies.computeIfAbsent(label, l -> new HashSet<>()).add(combination);
      }
      if (labels.size() == 1) {
        alone.add(labels.getFirst());
      } else {
        inCompany.addAll(set);
      }
    }
    if (joined < FEWEST_ROWS || sizes.size() < 2 || companies.size() >= combinations.size()) {
      return false;
    }
    long shared =
        inCompany.stream().filter(l -> companies.getOrDefault(l, Set.of()).size() > 1).count();
    boolean known =
        alone.isEmpty()
            || alone.stream().filter(l -> companies.getOrDefault(l, Set.of()).size() > 1).count()
                >= 0.5 * alone.size();
    return shared >= 0.8 * inCompany.size() && known;
  }
}
