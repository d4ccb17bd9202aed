package org.cajal.optim;

import org.cajal.type.CajalException;

/** Checks of a schedule's settings. */
final class ScheduleChecks {
  private ScheduleChecks() {}

  static void positive(String schedule, String setting, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw error(schedule, setting, value, "must be larger than 0, and finite");
    }
  }

  static void notNegative(String schedule, String setting, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw error(schedule, setting, value, "must be 0 or larger, and finite");
    }
  }

  static void between(String schedule, String setting, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw error(schedule, setting, value, "must be from " + low + " to " + high);
    }
  }

  static void atLeast(String schedule, String setting, long value, long least) {
    if (value < least) {
      throw error(schedule, setting, value, "must be " + least + " or larger");
    }
  }

  static CajalException error(String schedule, String setting, Object value, String allowed) {
    return new CajalException(
        "[schedule] " + schedule + ": " + setting + " is " + value + "; it " + allowed);
  }
}
