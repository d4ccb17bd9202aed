package org.cajal.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was decided about data without being asked, in sentences in the order in which they came; of
 * columns of which the same is to be said, one sentence for all.
 */
public final class Notes {
  private static final int MOST_NAMES = 3;

  private final Map<Kind, Set<String>> columns = new LinkedHashMap<>();

  /** A sentence, or what is said of columns after their names. */
  private record Kind(String text, boolean ofColumns) {}

  /** No notes yet. */
  public Notes() {}

  /** Adds a sentence; one that is there already changes nothing. */
  public void add(String sentence) {
    columns.computeIfAbsent(new Kind(sentence, false), kind -> new LinkedHashSet<>());
  }

  /**
   * Adds a sentence about a column; it is joined with alike ones if the column's name begins it.
   */
  public void add(String column, String sentence) {
    String start = "column \"" + column + "\"";
    if (sentence.startsWith(start)) {
      columns
          .computeIfAbsent(
              new Kind(sentence.substring(start.length()), true), kind -> new LinkedHashSet<>())
          .add(column);
    } else {
      add(sentence);
    }
  }

  /** Adds the note of a column, if it has one. */
  public void add(Column column) {
    String note = column.note();
    if (note != null) {
      add(column.name(), note);
    }
  }

  /** The sentences. */
  public List<String> sentences() {
    List<String> out = new ArrayList<>();
    columns.forEach((kind, names) -> out.add(sentence(kind, List.copyOf(names))));
    return List.copyOf(out);
  }

  private static String sentence(Kind kind, List<String> names) {
    if (!kind.ofColumns()) {
      return kind.text();
    }
    if (names.size() == 1) {
      return "column \"" + names.getFirst() + "\"" + kind.text();
    }
    String said = kind.text().startsWith(" is ") ? " are " + kind.text().substring(4) : kind.text();
    if (names.size() > MOST_NAMES) {
      return names.size() + " columns" + said;
    }
    return "columns " + String.join(", ", names.stream().map(n -> "\"" + n + "\"").toList()) + said;
  }
}
