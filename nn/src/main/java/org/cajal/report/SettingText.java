package org.cajal.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Settings in words: what a record prints of itself, as a person would say it. */
final class SettingText {
  private SettingText() {}

  /**
   * {@code AdamW[beta1=0.9, epsilon=1.0E-8, weightDecay=0.02, amsgrad=false]} as {@code AdamW, beta
   * 1 0.9, epsilon 1e-8, weight decay 0.02}: plain numbers, names in words, nothing of what is off.
   * Any other text stays as it is.
   */
  static String plain(String text) {
    int open = text.indexOf('[');
    boolean record =
        open > 0
            && text.endsWith("]")
            && Character.isUpperCase(text.charAt(0))
            && text.indexOf('[', open + 1) < 0
            && text.substring(0, open).chars().allMatch(Character::isLetterOrDigit);
    if (!record) {
      return number(text);
    }
    List<String> parts = new ArrayList<>(List.of(text.substring(0, open)));
    for (String part : text.substring(open + 1, text.length() - 1).split(", ", -1)) {
      int equals = part.indexOf('=');
      if (part.isEmpty() || part.endsWith("=false")) {
        continue;
      }
      parts.add(
          equals < 0
              ? part
              : words(part.substring(0, equals))
                  + (part.endsWith("=true") ? "" : " " + number(part.substring(equals + 1))));
    }
    return String.join(", ", parts);
  }

  /** {@code weightDecay} as {@code weight decay}, {@code beta1} as {@code beta 1}. */
  private static String words(String name) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean starts =
          Character.isUpperCase(c)
              || (Character.isDigit(c) && i > 0 && !Character.isDigit(name.charAt(i - 1)));
      out.append(starts && i > 0 ? " " : "").append(c);
    }
    return out.toString().toLowerCase(Locale.ROOT);
  }

  /** {@code 1.0E-4} as {@code 0.0001}; a text that is no such number stays. */
  private static String number(String text) {
    boolean numeric =
        !text.isEmpty()
            && Character.isDigit(text.charAt(text.length() - 1))
            && text.chars().allMatch(c -> (c >= '0' && c <= '9') || "+-.E".indexOf(c) >= 0)
            && (text.indexOf('.') > 0);
    if (!numeric) {
      return text;
    }
    try {
      return Numbers.plain(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
