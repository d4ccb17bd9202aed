package org.cajal.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How the cells of one column become inputs of a network: plain data, fitted on training rows. */
public sealed interface InputRule
    permits InputRule.OfNumber,
        InputRule.OfBoolean,
        InputRule.OfCategory,
        InputRule.OfText,
        InputRule.OfDate {
  /** The column's name. */
  String column();

  /** The type which the column must have. */
  ColumnType type();

  /** Whether an input of its own says that the value is missing. */
  boolean flag();

  /** The names of the inputs made from the column, in order. */
  List<String> names();

  /** The number of inputs made from the column. */
  default int width() {
    return names().size();
  }

  /** As plain data for JSON. */
  Map<String, Object> toMap();

  /**
   * A number: scaled; a missing one becomes the training median and, where some were missing in
   * training, sets a flag.
   *
   * @param form how the numbers of the training file are written
   * @param fill the value taken for a missing one
   */
  record OfNumber(
      String column,
      NumberForm form,
      NumberScaling scaling,
      double center,
      double scale,
      double fill,
      boolean flag)
      implements InputRule {
    @Override
    public ColumnType type() {
      return ColumnType.NUMBER;
    }

    @Override
    public List<String> names() {
      return flagged(List.of(column), column, flag);
    }

    void encode(double value, float[] out, int at) {
      double known = Double.isNaN(value) ? fill : value;
      double z = ((scaling == NumberScaling.LOGARITHM ? logarithm(known) : known) - center) / scale;
      out[at] = (float) (scaling == NumberScaling.ROBUST ? z / Math.sqrt(1 + z * z / 9) : z);
      if (flag) {
        out[at + 1] = Double.isNaN(value) ? 1 : 0;
      }
    }

    static double logarithm(double value) {
      return Math.copySign(Math.log1p(Math.abs(value)), value);
    }

    @Override
    public Map<String, Object> toMap() {
      Map<String, Object> map = start(this);
      if (!form.equals(NumberForm.PLAIN)) {
        map.put("form", form.toMap());
      }
      map.put("scaling", scaling.name());
      map.put("center", center);
      map.put("scale", scale);
      map.put("fill", fill);
      return map;
    }
  }

  /**
   * A truth value: 1 for true, -1 for false, 0 for a missing one.
   *
   * @param falseText the text for false in the training file
   * @param trueText the text for true
   */
  record OfBoolean(String column, String falseText, String trueText, boolean flag)
      implements InputRule {
    @Override
    public ColumnType type() {
      return ColumnType.BOOLEAN;
    }

    @Override
    public List<String> names() {
      return flagged(List.of(column), column, flag);
    }

    void encode(double value, float[] out, int at) {
      out[at] = Double.isNaN(value) ? 0 : value != 0 ? 1 : -1;
      if (flag) {
        out[at + 1] = Double.isNaN(value) ? 1 : 0;
      }
    }

    @Override
    public Map<String, Object> toMap() {
      Map<String, Object> map = start(this);
      map.put("false", falseText);
      map.put("true", trueText);
      return map;
    }
  }

  /**
   * A category: one input a value, 1 where the cell is that value (one-hot). Followed by a dense
   * layer this is an embedding: the layer's row for a value is its vector. Values unseen in
   * training set the input "other" where there is one, else none.
   *
   * <p>Embedded, it is one input: the value's index, that of "other" behind them, then that of
   * "missing". The network replaces it by a vector; see {@link InputColumns}.
   *
   * @param values the values with an input of their own
   * @param other whether rarer training values, and unseen ones, share one more input
   * @param embedded whether the one input is an index
   */
  record OfCategory(
      String column, List<String> values, boolean other, boolean embedded, boolean flag)
      implements InputRule {
    /** A rule with an immutable list. */
    public OfCategory {
      values = List.copyOf(values);
    }

    @Override
    public ColumnType type() {
      return ColumnType.CATEGORY;
    }

    @Override
    public List<String> names() {
      if (embedded) {
        return List.of(column);
      }
      List<String> names = new ArrayList<>();
      for (String value : values) {
        names.add(column + "=" + value);
      }
      if (other) {
        names.add(column + "=other");
      }
      return flagged(names, column, flag);
    }

    /** The number of inputs, without making their names. */
    @Override
    public int width() {
      return embedded ? 1 : values.size() + (other ? 1 : 0) + (flag ? 1 : 0);
    }

    /** The indices that an embedded column has. */
    InputColumns.Index indices() {
      return new InputColumns.Index(values.size() + 1 + (flag ? 1 : 0), other ? -1 : values.size());
    }

    void encode(@Nullable String value, Map<String, Integer> index, InputSink out, int at) {
      Integer place = value == null ? null : index.get(value);
      if (embedded) {
        int behind = values.size() + (value == null && flag ? 1 : 0);
        out.put(at, place == null ? behind : place);
      } else if (place != null) {
        out.put(at + place, 1);
      } else if (value == null ? flag : other) {
        out.put(value == null ? at + width() - 1 : at + values.size(), 1);
      }
    }

    @Override
    public Map<String, Object> toMap() {
      Map<String, Object> map = start(this);
      map.put("values", values);
      map.put("other", other);
      if (embedded) {
        map.put("embedded", true);
      }
      return map;
    }
  }

  /**
   * Free text: one input a word, its number in the text times ln((1 + n) / (1 + d)) + 1, where d of
   * n training rows hold it, all divided by the root of the sum of their squares (TF-IDF as
   * scikit-learn's TfidfVectorizer has it: smooth inverse document frequency, l2 norm). {@link
   * Words} says what a word is. Words that are not among these are passed over.
   *
   * @param words the words with an input
   * @param weights the inverse document frequency of each
   */
  record OfText(String column, List<String> words, List<Double> weights, boolean flag)
      implements InputRule {
    /** A rule with immutable lists. */
    public OfText {
      words = List.copyOf(words);
      weights = List.copyOf(weights);
    }

    @Override
    public ColumnType type() {
      return ColumnType.TEXT;
    }

    @Override
    public List<String> names() {
      return flagged(words.stream().map(word -> column + ": " + word).toList(), column, flag);
    }

    /** The number of inputs, without making their names. */
    @Override
    public int width() {
      return words.size() + (flag ? 1 : 0);
    }

    void encode(@Nullable String text, Map<String, Integer> index, InputSink out, int at) {
      if (text == null) {
        if (flag) {
          out.put(at + words.size(), 1);
        }
        return;
      }
      Map<Integer, Integer> counts = new TreeMap<>();
      Words.of(
          text,
          word -> {
            Integer place = index.get(word);
            if (place != null) {
              counts.merge(place, 1, Integer::sum);
            }
          });
      double squares = 0;
      for (Map.Entry<Integer, Integer> e : counts.entrySet()) {
        double weight = e.getValue() * weights.get(e.getKey());
        squares += weight * weight;
      }
      double norm = Math.sqrt(squares);
      counts.forEach(
          (place, count) -> out.put(at + place, (float) (count * weights.get(place) / norm)));
    }

    @Override
    public Map<String, Object> toMap() {
      Map<String, Object> map = start(this);
      map.put("words", words);
      map.put("weights", weights);
      return map;
    }
  }

  /**
   * A date: its position in time, standardised, then sine and cosine of its place in the year, in
   * the week and, where there are times, in the day. Of a time of day its position in the day,
   * standardised, and sine and cosine of it; of a duration its length, standardised.
   *
   * @param form how the cells are written
   * @param center the mean of the training rows in seconds
   * @param scale their standard deviation in seconds
   * @param dayOfWeek whether the days vary, so that the week is told
   * @param timeOfDay whether there are times
   */
  record OfDate(
      String column,
      DateForm form,
      double center,
      double scale,
      boolean dayOfWeek,
      boolean timeOfDay,
      boolean flag)
      implements InputRule {
    private static final double DAY = 86_400;
    private static final double YEAR = 365.2425 * DAY;

    @Override
    public ColumnType type() {
      return ColumnType.DATE;
    }

    @Override
    public List<String> names() {
      List<String> names = new ArrayList<>(List.of(column));
      if (form.isDate()) {
        names.add(column + ", year sin");
        names.add(column + ", year cos");
      }
      if (dayOfWeek) {
        names.add(column + ", week sin");
        names.add(column + ", week cos");
      }
      if (timeOfDay) {
        names.add(column + ", day sin");
        names.add(column + ", day cos");
      }
      return flagged(names, column, flag);
    }

    void encode(double seconds, float[] out, int at) {
      int i = at;
      boolean missing = Double.isNaN(seconds);
      out[i++] = missing ? 0 : (float) ((seconds - center) / scale);
      if (form.isDate()) {
        i = wave(seconds / YEAR, missing, out, i);
      }
      if (dayOfWeek) {
        i = wave(Math.floor(seconds / DAY) / 7, missing, out, i);
      }
      if (timeOfDay) {
        i = wave(seconds / DAY, missing, out, i);
      }
      if (flag) {
        out[i] = missing ? 1 : 0;
      }
    }

    private static int wave(double turns, boolean missing, float[] out, int at) {
      double angle = 2 * Math.PI * (turns - Math.floor(turns));
      out[at] = missing ? 0 : (float) Math.sin(angle);
      out[at + 1] = missing ? 0 : (float) Math.cos(angle);
      return at + 2;
    }

    @Override
    public Map<String, Object> toMap() {
      Map<String, Object> map = start(this);
      map.put("order", form.name());
      map.put("center", center);
      map.put("scale", scale);
      map.put("dayOfWeek", dayOfWeek);
      map.put("timeOfDay", timeOfDay);
      return map;
    }
  }

  private static Map<String, Object> start(InputRule rule) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("column", rule.column());
    map.put("type", rule.type().name());
    map.put("flag", rule.flag());
    return map;
  }

  private static List<String> flagged(List<String> names, String column, boolean flag) {
    if (!flag) {
      return names;
    }
    List<String> out = new ArrayList<>(names);
    out.add(column + " missing");
    return out;
  }
}
