package org.cajal.data;

import java.util.List;
import java.util.Locale;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/** Makes columns of truth values from texts. */
final class TruthColumn {
  private final ColumnTexts texts;

  TruthColumn(ColumnTexts texts) {
    this.texts = texts;
  }

  /**
   * The column of a given type.
   *
   * @throws CajalException if a cell is neither false nor true
   */
  Column forced(boolean[] finite) {
    for (int code = 0; code < finite.length; code++) {
      if (finite[code] && truth(texts.value(code)) < 0) {
        throw texts.wrong(code, "true or false");
      }
    }
    return truths(finite);
  }

  /** The column where all texts are of one pair for false and true, or null. */
  @Nullable Column build(boolean[] finite) {
    for (List<String> pair : Cells.BOOLEANS) {
      boolean all = true;
      for (int code = 0; code < finite.length && all; code++) {
        all = !finite[code] || pair.contains(texts.value(code).toLowerCase(Locale.ROOT));
      }
      if (all) {
        return truths(finite);
      }
    }
    return null;
  }

  /** 0, 1, or -1 where the text is neither false nor true. */
  private static int truth(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (List<String> pair : Cells.BOOLEANS) {
      int at = pair.indexOf(lower);
      if (at >= 0) {
        return at;
      }
    }
    return lower.equals("0") ? 0 : lower.equals("1") ? 1 : -1;
  }

  private Column truths(boolean[] finite) {
    @Nullable String[] pair = new @Nullable String[2];
    double[] values = new double[finite.length];
    for (int code = 0; code < finite.length; code++) {
      int truth = finite[code] ? truth(texts.value(code)) : -1;
      values[code] = finite[code] ? truth : Double.NaN;
      if (truth >= 0 && pair[truth] == null && Cells.isBoolean(texts.value(code))) {
        pair[truth] = texts.value(code);
      }
    }
    String no = pair[0];
    String yes = pair[1];
    return Column.ofTruths(
        texts.place().name(),
        texts.spread(values),
        no == null ? "false" : no,
        yes == null ? "true" : yes);
  }
}
