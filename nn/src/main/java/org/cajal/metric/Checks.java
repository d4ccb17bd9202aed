package org.cajal.metric;

import org.cajal.type.CajalException;
import org.cajal.type.NDArray;

/** Checks of what metrics are given. */
final class Checks {
  private Checks() {}

  static void matrixSize(int classes) {
    if (classes < 1) {
      throw new CajalException(
          "[metric] a confusion matrix of " + classes + " classes; at least 1 is needed");
    }
  }

  static void sameLength(int first, String firstName, int second, String secondName) {
    if (first != second) {
      throw new CajalException(
          "[metric] "
              + first
              + " "
              + firstName
              + " and "
              + second
              + " "
              + secondName
              + "; there must be as many");
    }
  }

  static void inRange(String what, int value, int index, int classes) {
    if (value < 0 || value >= classes) {
      throw new CajalException(
          "[metric] "
              + what
              + " of sample "
              + index
              + " is "
              + value
              + "; allowed are 0 to "
              + (classes - 1));
    }
  }

  static void inRange(String what, int value, int classes) {
    if (value < 0 || value >= classes) {
      throw new CajalException(
          "[metric] " + what + " is " + value + "; allowed are 0 to " + (classes - 1));
    }
  }

  static void positive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new CajalException(
          "[metric] " + what + " is " + value + "; it must be larger than 0, and finite");
    }
  }

  /** Samples by classes, [N, C]. */
  static void classScores(int[] actual, NDArray scores) {
    if (scores.shape().rank() != 2) {
      throw new CajalException(
          "[metric] scores have the shape " + scores.shape() + "; [samples, classes] is expected");
    }
    sameLength(actual.length, "true classes", scores.shape().dim(0), "rows of scores");
    int classes = scores.shape().dim(1);
    if (classes == 0) {
      throw new CajalException(
          "[metric] scores have the shape " + scores.shape() + ": there are no classes");
    }
    for (int i = 0; i < actual.length; i++) {
      inRange("true class", actual[i], i, classes);
    }
  }

  static void notEmpty(long samples) {
    if (samples == 0) {
      throw new CajalException("[metric] there are no samples; at least one is needed");
    }
  }
}
