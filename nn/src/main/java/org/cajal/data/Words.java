package org.cajal.data;

import java.lang.Character.UnicodeScript;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Cuts texts into words: runs of at least two letters, digits and underscores, in lower case, as
 * scikit-learn's TfidfVectorizer does by default; marks such as vowel signs belong to their letter.
 * Scripts that are written without blanks (Chinese, Japanese, Thai and kin) give each pair of
 * neighbouring characters instead, as Lucene's CJKBigramFilter does.
 */
final class Words {
  private Words() {}

  /** Hands the words of a text over in their order. */
  static void of(String text, Consumer<String> words) {
    String lower = text.toLowerCase(Locale.ROOT);
    int n = lower.length();
    int start = -1; // of the run that is being read
    boolean dense = false; // whether the run is of a script without blanks
    for (int i = 0; i <= n; ) {
      int c = i < n ? lower.codePointAt(i) : ' ';
      boolean part = i < n && isPart(c);
      boolean mark = part && isMark(c);
      boolean denseHere = part && !mark && isWithoutBlanks(c);
      if (start >= 0 && (!part || (!mark && denseHere != dense))) {
        emit(lower, start, i, dense, words);
        start = -1;
      }
      if (part && start < 0) {
        start = i;
        dense = denseHere;
      }
      i += Character.charCount(c);
    }
  }

  private static void emit(String text, int start, int end, boolean dense, Consumer<String> words) {
    if (!dense) {
      if (text.codePointCount(start, end) >= 2) {
        words.accept(text.substring(start, end));
      }
      return;
    }
    int previous = start;
    for (int i = after(text, start); i < end; ) {
      int next = after(text, i);
      words.accept(text.substring(previous, next));
      previous = i;
      i = next;
    }
  }

  private static int after(String text, int i) {
    return i + Character.charCount(text.codePointAt(i));
  }

  private static boolean isPart(int c) {
    return Character.isLetterOrDigit(c) || c == '_' || isMark(c);
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private static boolean isWithoutBlanks(int c) {
    if (c < 0x0E00) {
      return false;
    }
    if (Character.isIdeographic(c)) {
      return true;
    }
    UnicodeScript script = UnicodeScript.of(c);
    return script == UnicodeScript.HIRAGANA
        || script == UnicodeScript.KATAKANA
        || script == UnicodeScript.THAI
        || script == UnicodeScript.LAO
        || script == UnicodeScript.KHMER
        || script == UnicodeScript.MYANMAR;
  }

  /** The number of words that a cell shows to a reader: runs between blanks, or pairs. */
  static int count(String cell) {
    int words = 0;
    boolean inside = false;
    for (int i = 0; i < cell.length(); ) {
      int c = cell.codePointAt(i);
      boolean blank = Character.isWhitespace(c) || Character.isSpaceChar(c);
      if (!blank && (!inside || isWithoutBlanks(c))) {
        words++;
      }
      inside = !blank;
      i += Character.charCount(c);
    }
    return words;
  }
}
