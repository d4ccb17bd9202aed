package org.cajal.data;

import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/** Values of a row given in code, as the texts and numbers that cells of a file are. */
final class RowValues {
  private RowValues() {}

  static String text(String column, Object value) {
    return switch (value) {
      case String s -> s.strip();
      case Float f -> Cells.label(f);
      case Double d -> Cells.label(d);
      case Number n -> n.toString();
      case Boolean b -> b.toString();
      case Enum<?> e -> e.name();
      case TemporalAccessor t -> t.toString();
      case TemporalAmount t -> t.toString();
      case Character c -> c.toString();
      default ->
          throw new CajalException(
              "[predict] column \""
                  + column
                  + "\": a value of class "
                  + value.getClass().getSimpleName()
                  + " cannot be read; numbers, texts, truth values, dates and null are allowed");
    };
  }

  /**
   * The number that a value is, a text read as a cell of the training file; NaN where it is
   * missing.
   */
  static double number(InputRule.OfNumber rule, @Nullable Object value, @Nullable String text) {
    if (text == null) {
      return Double.NaN;
    }
    double number =
        switch (value) {
          case Number n -> n.doubleValue();
          case Boolean b -> b ? 1 : 0;
          case null, default -> number(rule.form(), text);
        };
    if (!Double.isFinite(number)) {
      boolean literal =
          value instanceof Number || Cells.notFinite(text) || Double.isInfinite(number);
      throw new CajalException(
          "[predict] column \""
              + rule.column()
              + "\": "
              + Cells.quoted(text)
              + (literal ? " is not a finite number" : " is not a number")
              + (rule.form().isPlain() ? "" : " as " + rule.form().example() + " is")
              + "; correct it, or give null where the value is missing");
    }
    return number;
  }

  /**
   * The number in a form, or as programs write it where that cannot be another number in the form.
   */
  private static double number(NumberForm form, String text) {
    double number = form.parse(text);
    if (!Double.isNaN(number) || form.decimal() == '.') {
      return number;
    }
    NumberText parts = new NumberText();
    boolean grouped = parts.read(text) && parts.fits(',', '.');
    return grouped ? Double.NaN : NumberForm.PLAIN.parse(text);
  }
}
