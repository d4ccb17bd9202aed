package org.cajal.data;

import java.util.ArrayList;
import java.util.List;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/** Makes columns of numbers from texts, in the form that fits most of them. */
final class NumberColumn {
  /** The share of odd cells that a column of numbers or dates may have; beyond it is refused. */
  static final double FEW_ODD = 0.1;

  /** Of at most so many different texts, of which many are no numbers, a column is a category. */
  private static final int FEW_VALUES = 20;

  private final ColumnPlace place;
  private final ColumnTexts texts;
  private final NumberEvidence evidence;

  NumberColumn(ColumnTexts texts) {
    this.place = texts.place();
    this.texts = texts;
    this.evidence = new NumberEvidence(texts.index(), texts.present(Cells.MISSING_NUMBER, true));
  }

  /** The cells that are numbers in some form. */
  long numbers() {
    return evidence.numbers();
  }

  /** The decimal mark that nearly all cells prove, or null. */
  @Nullable Character decimal() {
    long values = texts.count(texts.present(Cells.MISSING_NUMBER, true));
    return evidence.numbers() < 0.9 * values ? null : evidence.decimal(place.dialect());
  }

  static boolean isInfinity(String text) {
    return Cells.notFinite(text) && !Cells.missing(text, Cells.MISSING_NUMBER);
  }

  /** Why a column of numbers is not to be learned from, or null. */
  static @Nullable String rowNames(ColumnPlace place, double[] values) {
    return place.type() == null && place.columns() > 2
        ? RowNames.reason(values, place.name(), place.column(), place.columns(), place.header())
        : null;
  }

  /**
   * A column of numbers.
   *
   * @param reason why it names the rows, or null
   * @param notes what is to be said of it
   * @param labels for each row the place of its text in {@code texts}, or empty
   */
  static Column of(
      ColumnPlace place,
      double[] values,
      NumberForm form,
      @Nullable String reason,
      List<String> notes,
      int[] labels,
      List<String> texts) {
    ColumnType type =
        place.type() == ColumnType.IDENTIFIER || reason != null
            ? ColumnType.IDENTIFIER
            : ColumnType.NUMBER;
    String sentinel = type == ColumnType.NUMBER ? Sentinels.note(values) : null;
    if (reason != null) {
      notes.add(0, "left out: " + reason);
    } else if (sentinel != null) {
      notes.add(sentinel);
    }
    return Column.ofNumbers(place.name(), type, place.note(notes), values, labels, texts, form);
  }

  /** The column of a given type: other cells than numbers are missing, or refused. */
  Column forced(boolean[] finite, @Nullable Character fileDecimal) {
    NumberForm known = place.numberForm();
    boolean any = evidence.numbers() > 0;
    if (known == null) {
      if (texts.count(finite) > 0 && !any) {
        throw texts.wrong(first(finite), "a number");
      }
      known =
          any
              ? evidence.form(place.toString(), place.dialect(), fileDecimal).withLenient(true)
              : NumberForm.PLAIN;
    } else if (any) {
      known = likelyForm(known, finite, fileDecimal);
    }
    return in(known, finite);
  }

  private static int first(boolean[] present) {
    int code = 0;
    while (!present[code]) {
      code++;
    }
    return code;
  }

  /** The column where all cells are numbers. */
  Column build(boolean[] finite, @Nullable Character fileDecimal) {
    return in(evidence.form(place.toString(), place.dialect(), fileDecimal), finite);
  }

  /** The model's form, or the file's own where that reads all cells and the model's does not. */
  private NumberForm likelyForm(
      NumberForm known, boolean[] finite, @Nullable Character fileDecimal) {
    if (known.lenient() || fits(known, finite)) {
      return known;
    }
    NumberForm own =
        evidence.form(
            place.toString(),
            place.dialect(),
            fileDecimal == null ? Character.valueOf(known.decimal()) : fileDecimal);
    return NumberForm.sameUnit(own.unit(), known.unit())
            && own.multiplied() == known.multiplied()
            && fits(own, finite)
        ? own
        : known;
  }

  private boolean fits(NumberForm known, boolean[] finite) {
    NumberText text = new NumberText();
    for (int code = 0; code < finite.length; code++) {
      if (finite[code]) {
        boolean number = text.read(texts.value(code)) && !Double.isNaN(known.value(text));
        if (!number && !Cells.missing(texts.value(code), Cells.MISSING_WORDS)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Numbers in a form; other cells are missing where the form is lenient, else refused. */
  private Column in(NumberForm known, boolean[] finite) {
    double[] parsed = new double[texts.size()];
    NumberText text = new NumberText();
    List<Integer> odd = new ArrayList<>();
    long words = 0;
    int word = -1;
    long infinite = 0;
    int infinity = -1;
    for (int code = 0; code < parsed.length; code++) {
      parsed[code] = Double.NaN;
      String cell = texts.value(code);
      if (!finite[code]) {
        boolean told = isInfinity(cell);
        infinite += told ? texts.count(code) : 0;
        infinity = told && infinity < 0 ? code : infinity;
        continue;
      }
      double value = text.read(cell) ? known.value(text) : Double.NaN;
      if (Double.isInfinite(value)) {
        infinite += texts.count(code);
        infinity = infinity < 0 ? code : infinity;
      } else if (!Double.isNaN(value)) {
        parsed[code] = value;
      } else if (Cells.missing(cell, Cells.MISSING_WORDS)) {
        words += texts.count(code);
        word = word < 0 ? code : word;
      } else {
        odd.add(code);
      }
    }
    List<String> notes = new ArrayList<>();
    noteForm(known, notes);
    texts.noteMissing(infinite, infinity, "not finite and ", notes);
    texts.noteMissing(words, word, "", notes);
    if (!odd.isEmpty()) {
      if (!known.lenient()) {
        throw texts.wrong(
            odd.stream()
                .min((a, b) -> texts.index().firstRow(a) - texts.index().firstRow(b))
                .orElse(0),
            "a number" + inForm(known));
      }
      notes.add(texts.oddCells(odd) + noNumbers(odd) + inForm(known) + " and taken as missing");
    }
    double[] values = texts.spread(parsed);
    boolean tolerant = known.lenient() || infinite > 0 || words > 0;
    boolean labelled = texts.size() <= PlainColumn.MOST_LABELS;
    return of(
            place,
            values,
            known.withLenient(tolerant),
            rowNames(place, values),
            notes,
            labelled ? texts.codes() : new int[0],
            labelled ? texts.index().values() : List.of())
        .withOdd(odd.stream().map(texts::value).toList());
  }

  private String noNumbers(List<Integer> odd) {
    return odd.size() == 1 && texts.count(odd.getFirst()) == 1 ? " not a number" : " not numbers";
  }

  private static String inForm(NumberForm form) {
    return form.isPlain()
        ? ""
        : form.unit().isEmpty()
            ? " as " + form.example() + " is"
            : " with " + Cells.quoted(form.unit());
  }

  private void noteForm(NumberForm known, List<String> notes) {
    if (place.numberForm() != null) {
      return;
    }
    if (known.grouping() != Dialect.NONE && evidence.isMarked(known.grouping())) {
      notes.add(
          switch (known.grouping()) {
                case ',' -> "commas";
                case '.' -> "points";
                case ' ' -> "blanks";
                case '_' -> "underscores";
                default -> "apostrophes";
              }
              + " group thousands");
    }
    if (known.multiplied()) {
      notes.add(
          "letters behind numbers multiply them (" + String.join(", ", evidence.mostUnits()) + ")");
    } else if (!known.unit().isEmpty()) {
      String bare =
          evidence.bare() > 0 ? ", " + ColumnTexts.cells(evidence.bare()) + " without it" : "";
      notes.add("numbers with " + Cells.quoted(known.unit()) + ", which is passed over" + bare);
    }
    if (evidence.isBracketed()) {
      notes.add("numbers in brackets are taken as below zero");
    }
    if (evidence.bounds() > 0) {
      notes.add(
          ColumnTexts.cells(evidence.bounds())
              + " such as "
              + Cells.quoted(texts.value(evidence.firstBound()))
              + (evidence.bounds() == 1 ? " gives a limit" : " give limits")
              + ", taken as the number itself"
              + (evidence.areBoundsValues() ? ", which other cells have too" : ""));
    }
  }

  /** A column of which at least half the cells are numbers, or null where the others are codes. */
  @Nullable Column partly(boolean[] finite, long values, @Nullable Character fileDecimal) {
    NumberForm known = evidence.form(place.toString(), place.dialect(), fileDecimal);
    List<Integer> odd = new ArrayList<>();
    long oddCells = 0;
    long numeric = 0;
    int different = 0;
    NumberText text = new NumberText();
    for (int code = 0; code < finite.length; code++) {
      if (!finite[code]) {
        continue;
      }
      different++;
      String cell = texts.value(code);
      if (text.read(cell) && !Double.isNaN(known.value(text))) {
        numeric += texts.count(code);
      } else if (!Cells.missing(cell, Cells.MISSING_WORDS)) {
        odd.add(code);
        oddCells += texts.count(code);
      }
    }
    if (2 * numeric < values) {
      return null;
    }
    if (oddCells > FEW_ODD * values && areCodes(odd, known, finite)) {
      return null;
    }
    if (oddCells > FEW_ODD * values) {
      if (different <= FEW_VALUES) {
        return Column.ofCodes(
            place.name(),
            ColumnType.CATEGORY,
            "column \""
                + place.name()
                + "\": "
                + texts.oddCells(odd)
                + noNumbers(odd)
                + "; it is taken for a category",
            texts.coded(texts.present(Cells.MISSING, false)),
            texts.kept(texts.present(Cells.MISSING, false)));
      }
      throw new CajalException(
          place.toString()
              + ": "
              + texts.oddCells(odd)
              + noNumbers(odd)
              + inForm(known)
              + ", but "
              + numeric
              + " of the "
              + values
              + " are; correct them, or --missing TEXT names a mark for missing values, --type \""
              + place.name()
              + "=number\" takes them as missing, --type \""
              + place.name()
              + "=category\" takes all as categories");
    }
    return in(known.withLenient(!odd.isEmpty()), finite);
  }

  /**
   * Whether the cells that are no numbers are codes with digits in them, and the numbers whole:
   * ticket numbers and their kin, of which no arithmetic makes sense.
   */
  private boolean areCodes(List<Integer> odd, NumberForm known, boolean[] finite) {
    long coded = 0;
    long all = 0;
    for (int code : odd) {
      boolean both =
          texts.value(code).chars().anyMatch(Character::isDigit)
              && texts.value(code).chars().anyMatch(Character::isLetter);
      coded += both ? texts.count(code) : 0;
      all += texts.count(code);
    }
    NumberText text = new NumberText();
    boolean whole = true;
    for (int code = 0; code < finite.length && whole; code++) {
      double value = finite[code] && text.read(texts.value(code)) ? known.value(text) : Double.NaN;
      whole = Double.isNaN(value) || value == Math.rint(value);
    }
    return whole && 2 * coded >= all;
  }
}
