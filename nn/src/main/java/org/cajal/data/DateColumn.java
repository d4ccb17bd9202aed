package org.cajal.data;

import java.util.ArrayList;
import java.util.List;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/** Makes columns of dates, times of day and durations from texts. */
final class DateColumn {
  private final ColumnPlace place;
  private final ColumnTexts texts;

  DateColumn(ColumnTexts texts) {
    this.place = texts.place();
    this.texts = texts;
  }

  /** What the texts say about dates, or null if they are none. */
  DateForm.@Nullable Inference infer(boolean[] finite) {
    return DateForm.infer(
        place.name(), texts.size(), code -> finite[code] ? texts.value(code) : null);
  }

  /**
   * The column of a given type.
   *
   * @throws CajalException if a cell is none
   */
  Column forced(boolean[] finite) {
    DateForm known = place.dateForm();
    if (known == null) {
      DateForm.Inference found = infer(finite);
      DateForm likely = found == null ? null : found.form();
      known = likely == null ? DateForm.YEAR_MONTH_DAY : likely;
    }
    return in(known, finite, null, false);
  }

  /** The column of dates, or null if there is no form that its cells have. */
  @Nullable Column build(DateForm.@Nullable Inference found, boolean[] finite, long values) {
    DateForm known = found == null ? null : found.form();
    if (found == null || known == null) {
      return null;
    }
    List<Integer> odd = new ArrayList<>();
    long oddCells = 0;
    List<String> notes = new ArrayList<>();
    for (int code = 0; found.odd() > 0 && code < finite.length; code++) {
      if (finite[code] && Double.isNaN(known.parse(texts.value(code)))) {
        if (Cells.missing(texts.value(code), Cells.MISSING_WORDS)) {
          texts.noteMissing(texts.count(code), code, "", notes);
        } else {
          odd.add(code);
          oddCells += texts.count(code);
        }
      }
    }
    notes.replaceAll(note -> "column \"" + place.name() + "\": " + note);
    if (oddCells > NumberColumn.FEW_ODD * values) {
      throw new CajalException(
          place.toString()
              + ": "
              + texts.oddCells(odd)
              + " not "
              + known.meaning()
              + ", but the others are; correct them, or --missing TEXT names a mark for missing"
              + " values, --type \""
              + place.name()
              + "=category\" takes all as categories");
    }
    if (!odd.isEmpty()) {
      notes.add(
          "column \""
              + place.name()
              + "\": "
              + texts.oddCells(odd)
              + " not "
              + known.meaning()
              + " and taken as missing");
    }
    String note = found.note();
    if (note != null) {
      notes.add(note);
    }
    return in(known, finite, notes.isEmpty() ? null : String.join("; ", notes), true);
  }

  private Column in(DateForm known, boolean[] finite, @Nullable String note, boolean lenient) {
    double[] parsed = new double[texts.size()];
    for (int code = 0; code < parsed.length; code++) {
      parsed[code] = finite[code] ? known.parse(texts.value(code)) : Double.NaN;
      boolean odd = finite[code] && Double.isNaN(parsed[code]);
      if (odd && !lenient && !Cells.missing(texts.value(code), Cells.MISSING_WORDS)) {
        throw texts.wrong(code, known.meaning());
      }
    }
    double[] values = texts.spread(parsed);
    return Column.ofDates(place.name(), note, values, known);
  }
}
