package org.cajal.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Learns the words of a column of free texts from the training rows. */
final class TextFit {
  /** A word must stand in so many training rows: one that stands in a single one tells nothing. */
  private static final int FEWEST_ROWS = 2;

  /** The words that are kept, those of most rows. */
  static final int MOST_WORDS = 20_000;

  /**
   * Where more different words than this are counted, those seen once so far are forgotten, which
   * bounds the memory of counting.
   */
  private static final int MOST_COUNTED = 1 << 20;

  private TextFit() {}

  /** The rule, or null with a note if no word stands in two rows. */
  static @Nullable InputRule fit(Column column, int[] rows, boolean flag, List<String> notes) {
    Map<String, int[]> counts = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (int row : rows) {
      String text = column.text(row);
      if (text == null) {
        continue;
      }
      seen.clear();
      Words.of(
          text,
          word -> {
            if (seen.add(word)) {
              counts.computeIfAbsent(word, w -> new int[1])[0]++;
            }
          });
      if (counts.size() > MOST_COUNTED) {
        counts.values().removeIf(count -> count[0] < FEWEST_ROWS);
      }
    }
    List<Map.Entry<String, int[]>> entries = new ArrayList<>(counts.entrySet());
    entries.removeIf(e -> e.getValue()[0] < FEWEST_ROWS);
    entries.sort(
        Comparator.comparingInt((Map.Entry<String, int[]> e) -> -e.getValue()[0])
            .thenComparing(Map.Entry::getKey));
    if (entries.isEmpty()) {
      notes.add(
          "column \""
              + column.name()
              + "\" is left out: it holds texts, and no word of them stands in "
              + FEWEST_ROWS
              + " training rows");
      return null;
    }
    List<Map.Entry<String, int[]>> kept =
        new ArrayList<>(entries.subList(0, Math.min(MOST_WORDS, entries.size())));
    kept.sort(Map.Entry.comparingByKey());
    List<String> words = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    for (Map.Entry<String, int[]> e : kept) {
      words.add(e.getKey());
      weights.add(Math.log((1.0 + rows.length) / (1.0 + e.getValue()[0])) + 1);
    }
    notes.add(
        String.format(
            Locale.ROOT,
            "column \"%s\": free text, %,d %s as inputs (TF-IDF)",
            column.name(),
            words.size(),
            words.size() < entries.size()
                ? String.format(Locale.ROOT, "of %,d words", entries.size())
                : "words"));
    return new InputRule.OfText(column.name(), words, weights, flag);
  }
}
