package org.cajal.layer;

import java.util.List;
import java.util.Locale;
import org.cajal.type.CajalException;

/** Checks of layers' settings, made when the record is made. */
final class Checks {
  private Checks() {}

  static void atLeast(String layer, String what, int value, int least) {
    if (value < least) {
      throw new CajalException(
          "[" + layer + "] " + what + " is " + value + "; it must be at least " + least);
    }
  }

  static void eachAtLeast(String layer, String what, List<Integer> values, int least) {
    if (values.isEmpty() || values.size() > 3) {
      throw new CajalException(
          "["
              + layer
              + "] "
              + what
              + " "
              + values
              + " has "
              + values.size()
              + " numbers; allowed are one for every spatial axis (1 to 3), or a single one for"
              + " all");
    }
    for (int value : values) {
      atLeast(layer, what, value, least);
    }
  }

  static void probability(String layer, String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new CajalException(
          "["
              + layer
              + "] "
              + what
              + " is "
              + number(value)
              + "; it must be at least 0 and less than 1");
    }
  }

  static void positive(String layer, String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new CajalException(
          "["
              + layer
              + "] "
              + what
              + " is "
              + number(value)
              + "; it must be larger than 0, and finite");
    }
  }

  static void finite(String layer, String what, double value) {
    if (!Double.isFinite(value)) {
      throw new CajalException(
          "[" + layer + "] " + what + " is " + number(value) + "; it must be a finite number");
    }
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%s", value);
  }

  static void divides(String layer, String what, int divisor, String ofWhat, int number) {
    if (number % divisor != 0) {
      throw new CajalException(
          "["
              + layer
              + "] "
              + what
              + " "
              + divisor
              + " must divide "
              + ofWhat
              + " "
              + number
              + ", but leaves a rest");
    }
  }

  static void between(String layer, String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new CajalException(
          "["
              + layer
              + "] "
              + what
              + " is "
              + value
              + "; it must be from "
              + least
              + " to "
              + most);
    }
  }

  static void share(String layer, String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new CajalException(
          "[" + layer + "] " + what + " is " + number(value) + "; it must be from 0 to 1");
    }
  }
}
