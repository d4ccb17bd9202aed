package org.cajal.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether a target of whole numbers holds codes of classes or numbers with an order, by what its
 * values look like. Codes are few, from 0 or 1 on, about equally frequent, or in no order of
 * frequency; grades, ratings and counts have most rows in the middle or at 0, and few at the ends.
 */
final class ClassesOrNumbers {
  /** Up to so many values that are spread like codes are classes. */
  private static final int FEW = 5;

  private static final int SOME = 20;
  private static final int MANY = 30;

  /** Values that are all equally frequent are classes up to so many. */
  private static final int MOST_EQUAL = 1000;

  /** Words in the names of columns that hold classes. */
  private static final Set<String> CLASS_NAMES =
      Set.of(
          "class",
          "classes",
          "label",
          "labels",
          "type",
          "category",
          "species",
          "kind",
          "cluster",
          "digit",
          "diagnosis",
          "segment",
          "code");

  /** Words in the names of columns that hold numbers. */
  private static final Set<String> NUMBER_NAMES =
      Set.of(
          "count",
          "counts",
          "cnt",
          "number",
          "num",
          "age",
          "years",
          "days",
          "hours",
          "minutes",
          "quantity",
          "amount",
          "score",
          "grade",
          "grades",
          "points",
          "rating",
          "rooms",
          "price",
          "sales",
          "visits",
          "total");

  private ClassesOrNumbers() {}

  /**
   * What was decided.
   *
   * @param classes whether the values are classes
   * @param values how many different ones there are
   * @param reason for a note; empty where it needs none
   */
  record Decision(boolean classes, int values, String reason) {}

  /**
   * Decides.
   *
   * @param name of the column
   * @param numbers of its rows
   * @param texts how often each text of the column occurs
   */
  static Decision decide(String name, double[] numbers, Map<String, Integer> texts) {
    TreeMap<Double, Integer> counts = new TreeMap<>();
    boolean whole = true;
    boolean exact = true;
    for (double value : numbers) {
      whole &= value == Math.rint(value);
      exact &= Math.abs(value) < 0x1p53;
      counts.merge(value, 1, Integer::sum);
    }
    int n = numbers.length;
    int k = Math.max(counts.size(), texts.size());
    if (!whole) {
      return new Decision(false, counts.size(), "");
    }
    if (2 * k <= n && !exact) {
      return new Decision(true, k, "numbers of more digits than are counted with");
    }
    if (2 * k <= n && texts.keySet().stream().anyMatch(ClassesOrNumbers::isCode)) {
      return new Decision(true, k, "codes with zeros in front");
    }
    k = counts.size();
    if (k <= 2) {
      return new Decision(true, k, "");
    }
    int rarest = counts.values().stream().mapToInt(c -> c).min().orElse(0);
    if (3L * k > n || rarest < 2) {
      return new Decision(
          false, k, k > SOME || 3L * k > n ? "" : "some of them are in one row only");
    }
    return byFrequency(name, counts, n);
  }

  private static Decision byFrequency(String name, SortedMap<Double, Integer> counts, int n) {
    int k = counts.size();
    double first = counts.firstKey();
    boolean from = first == 0 || first == 1;
    boolean consecutive = counts.lastKey() - first == k - 1;
    double[] c = counts.values().stream().mapToDouble(v -> v).toArray();
    if (from && consecutive && k <= MOST_EQUAL && n >= 4 * k && equal(c)) {
      return new Decision(true, k, "all equally frequent");
    }
    List<String> words = words(name);
    if (k <= MANY && words.stream().anyMatch(CLASS_NAMES::contains)) {
      return new Decision(true, k, "by the column's name");
    }
    boolean single = unimodal(withGaps(counts));
    if (k <= FEW) {
      boolean tail = first == 0 && consecutive && k > 3 && single && c[k - 1] < 0.02 * n;
      return tail
          ? new Decision(false, k, "from 0 on with a long tail")
          : new Decision(true, k, "");
    }
    if (k > MANY) {
      return new Decision(false, k, "");
    }
    if (words.stream().anyMatch(NUMBER_NAMES::contains)) {
      return new Decision(false, k, "by the column's name");
    }
    if (from && consecutive && even(c, n)) {
      return new Decision(true, k, "about equally frequent");
    }
    if (k > SOME) {
      return new Decision(false, k, "");
    }
    int mode = 0;
    for (int i = 1; i < k; i++) {
      mode = c[i] > c[mode] ? i : mode;
    }
    if (single && mode > 0) {
      return new Decision(false, k, "most rows in the middle, fewer towards the ends");
    }
    if (single && first == 0) {
      return new Decision(false, k, "fewer rows the larger they are, from 0 on");
    }
    if (!single && !consecutive && k > SOME / 2 && counts.lastKey() - first < 1.5 * k) {
      return new Decision(false, k, "a scale with few gaps");
    }
    return new Decision(true, k, "");
  }

  /** Digits that begin with a zero and go on: 007. */
  private static boolean isCode(String text) {
    return text.length() > 1
        && text.charAt(0) == '0'
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Whether all are the same but for a fiftieth: no numbers fall so by chance. */
  private static boolean equal(double[] counts) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (double c : counts) {
      least = Math.min(least, c);
      most = Math.max(most, c);
    }
    return most - least <= Math.max(1, 0.02 * most);
  }

  /**
   * Whether the rarest is at least half as frequent as the mean, or all differ no more than chance
   * makes them (χ² within three deviations).
   */
  private static boolean even(double[] counts, int n) {
    double mean = (double) n / counts.length;
    double square = 0;
    double least = mean;
    for (double c : counts) {
      square += (c - mean) * (c - mean) / mean;
      least = Math.min(least, c);
    }
    double expected = counts.length + 3 * Math.sqrt(2.0 * counts.length);
    return least >= 0.5 * mean || (mean >= 8 && square <= expected);
  }

  /**
   * Whether the counts rise to one peak and fall from it, but for chance: the best such course
   * (pooling neighbours, R. E. Barlow et al.: "Statistical inference under order restrictions",
   * 1972) is off by a fiftieth of the rows at most, or by a χ² of two a value.
   */
  private static boolean unimodal(double[] counts) {
    double n = 0;
    for (double c : counts) {
      n += c;
    }
    int k = counts.length;
    for (int peak = 0; peak < k; peak++) {
      double off = 0;
      double square = 0;
      double[] up = rising(Arrays.copyOfRange(counts, 0, peak + 1));
      double[] down = reversed(rising(reversed(Arrays.copyOfRange(counts, peak, k))));
      for (int i = 0; i < k; i++) {
        double fit = i < peak ? up[i] : i > peak ? down[i - peak] : counts[i];
        off += Math.abs(counts[i] - fit);
        square += (counts[i] - fit) * (counts[i] - fit) / Math.max(1, fit);
      }
      if (off <= 0.02 * n || square <= 2.0 * k) {
        return true;
      }
    }
    return false;
  }

  /**
   * The counts of all whole numbers between the least and the largest: one that is missing in the
   * middle speaks for codes. Counts of values far apart are left as they are.
   */
  private static double[] withGaps(SortedMap<Double, Integer> counts) {
    double first = counts.firstKey();
    double range = counts.lastKey() - first + 1;
    boolean far = range > 3.0 * counts.size();
    double[] out = new double[far ? counts.size() : (int) range];
    int at = 0;
    for (Map.Entry<Double, Integer> each : counts.entrySet()) {
      out[far ? at++ : (int) (each.getKey() - first)] = each.getValue();
    }
    return out;
  }

  private static double[] reversed(double[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[values.length - 1 - i];
    }
    return out;
  }

  /** The rising course that is nearest by squares. */
  private static double[] rising(double[] values) {
    double[] sum = new double[values.length];
    int[] size = new int[values.length];
    int blocks = 0;
    for (double v : values) {
      sum[blocks] = v;
      size[blocks++] = 1;
      while (blocks > 1
          && sum[blocks - 2] / size[blocks - 2] > sum[blocks - 1] / size[blocks - 1]) {
        sum[blocks - 2] += sum[blocks - 1];
        size[blocks - 2] += size[blocks - 1];
        blocks--;
      }
    }
    double[] out = new double[values.length];
    int at = 0;
    for (int b = 0; b < blocks; b++) {
      for (int i = 0; i < size[b]; i++) {
        out[at++] = sum[b] / size[b];
      }
    }
    return out;
  }

  /** The words of a name in small letters: {@code Cover_Type}, {@code coverType}. */
  private static List<String> words(String name) {
    List<String> out = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i <= name.length(); i++) {
      char c = i < name.length() ? name.charAt(i) : ' ';
      boolean begins =
          i > 0 && Character.isUpperCase(c) && Character.isLowerCase(name.charAt(i - 1));
      if (begins || !Character.isLetter(c)) {
        if (!word.isEmpty()) {
          out.add(word.toString().toLowerCase(Locale.ROOT));
        }
        word.setLength(0);
      }
      if (Character.isLetter(c)) {
        word.append(c);
      }
    }
    return out;
  }
}
