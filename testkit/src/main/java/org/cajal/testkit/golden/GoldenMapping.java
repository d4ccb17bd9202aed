package org.cajal.testkit.golden;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;

/**
 * Which function answers which operation of the golden files. A function sees a case's operation,
 * arguments and inputs; it must not look at the name.
 */
public final class GoldenMapping {
  private final Map<String, Function<GoldenCase, GoldenResult>> functions = new LinkedHashMap<>();

  /**
   * Registers the function of an operation.
   *
   * @return this mapping
   * @throws CajalException if the operation has one already
   */
  public GoldenMapping on(String op, Function<GoldenCase, GoldenResult> function) {
    if (functions.putIfAbsent(op, function) != null) {
      throw new CajalException(
          "[golden] the operation \"" + op + "\" is mapped twice; keep one of the two");
    }
    return this;
  }

  /** Whether an operation has a function. */
  public boolean knows(String op) {
    return functions.containsKey(op);
  }

  /**
   * Computes a case and compares every role of it; a case that must be refused passes when its
   * function throws a {@link CajalException}. What happened goes into the report.
   *
   * @return whether the case was compared; false where it has no counterpart
   * @throws AssertionError if a role is missing or deviates, or an operation that must be refused
   *     is not; the message names the case and every role that failed
   */
  public boolean verify(GoldenCase golden, GoldenReport report) {
    Function<GoldenCase, GoldenResult> function = functions.get(golden.op());
    if (function == null) {
      report.missing(golden.op());
      return false;
    }
    GoldenResult result;
    try {
      result = function.apply(golden);
    } catch (CajalException refusal) {
      if (golden.expectError()) {
        report.passed(0);
        return true;
      }
      report.failed();
      throw new AssertionError(golden + " was refused: " + refusal.getMessage(), refusal);
    } catch (RuntimeException | Error failure) {
      report.failed();
      throw failure;
    }
    return switch (result) {
      case GoldenResult.NoCounterpart none -> {
        report.missing(none.what());
        yield false;
      }
      case GoldenResult.Values values -> {
        compare(golden, values, report);
        yield true;
      }
    };
  }

  private static void compare(GoldenCase golden, GoldenResult.Values result, GoldenReport report) {
    StringJoiner problems = new StringJoiner("\n  ");
    if (golden.expectError()) {
      problems.add("it must be refused, but was computed");
    }
    double worst = 0;
    for (String role : golden.roles()) {
      NDArray actual = result.values().get(role);
      if (actual != null) {
        Comparison comparison = golden.compare(role, actual, result.computedIn());
        worst = Math.max(worst, comparison.worst());
        if (!comparison.passed()) {
          problems.add(role + ": " + comparison.description());
        }
      } else if (!result.omitted().contains(role)) {
        problems.add(role + ": no value was computed");
      }
    }
    if (problems.length() > 0) {
      report.failed();
      throw new AssertionError(golden + " " + golden.args() + "\n  " + problems);
    }
    report.passed(worst);
  }
}
