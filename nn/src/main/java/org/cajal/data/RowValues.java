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

  /** The number that a value is; NaN where it is missing. */
  static double number(String column, @Nullable Object value, @Nullable String text) {
    if (text == null) {
      return Double.NaN;
    }
    double number =
        switch (value) {
          case Number n -> n.doubleValue();
          case Boolean b -> b ? 1 : 0;
          case null, default -> Cells.number(text, false);
        };
    if (!Double.isFinite(number)) {
      boolean literal =
          value instanceof Number || Cells.notFinite(text) || Double.isInfinite(number);
      throw new CajalException(
          "[predict] column \""
              + column
              + "\": "
              + Cells.quoted(text)
              + (literal ? " is not a finite number" : " is not a number")
              + "; correct it, or give null where the value is missing");
    }
    return number;
  }
}
