package org.cajal.data;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The order of labels, and the way from a text to a label's index. */
final class Labels {
  private static final int LONGEST_NUMBER = 400;

  private final Map<String, Integer> indices = new HashMap<>();

  /** The index of the only label of a number; -1 where several have it. Empty if one is a text. */
  private final Map<BigDecimal, Integer> byNumber = new HashMap<>();

  Labels(List<String> labels) {
    for (String label : labels) {
      indices.putIfAbsent(label, indices.size());
    }
    for (int i = 0; i < labels.size(); i++) {
      BigDecimal number = number(labels.get(i));
      if (number == null) {
        byNumber.clear();
        break;
      }
      byNumber.merge(number.stripTrailingZeros(), i, (a, b) -> -1);
    }
  }

  /**
   * The index of a label, or -1. A full stop after a known label is passed over, as the Adult test
   * file has it; where all labels are numbers, so is another way to write the only one of that
   * value: 1.0 is the label 1.
   */
  int index(String text) {
    int index = indices.getOrDefault(text, -1);
    if (index < 0 && text.endsWith(".")) {
      index = indices.getOrDefault(text.substring(0, text.length() - 1), -1);
    }
    BigDecimal number = index < 0 && !byNumber.isEmpty() ? number(text) : null;
    return number == null ? index : byNumber.getOrDefault(number.stripTrailingZeros(), -1);
  }

  /** In the order of their numbers, exactly, where all are numbers; else of their characters. */
  static List<String> sorted(Collection<String> labels) {
    Map<String, BigDecimal> numbers = new HashMap<>();
    for (String label : labels) {
      BigDecimal number = number(label);
      if (number == null) {
        return labels.stream().sorted().toList();
      }
      numbers.put(label, number);
    }
    List<String> out = new ArrayList<>(labels);
    out.sort(
        Comparator.comparing((String label) -> numbers.getOrDefault(label, BigDecimal.ZERO))
            .thenComparing(Comparator.naturalOrder()));
    return List.copyOf(out);
  }

  /** The number that a text is, with all its digits; null where it is none. */
  static @Nullable BigDecimal number(String text) {
    if (text.length() > LONGEST_NUMBER || Double.isNaN(Cells.number(text, false))) {
      return null;
    }
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
