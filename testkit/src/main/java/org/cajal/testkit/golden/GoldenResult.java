package org.cajal.testkit.golden;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.cajal.type.DType;
import org.cajal.type.NDArray;

/** What an implementation answers to a case. */
public sealed interface GoldenResult {
  /**
   * Values to be compared.
   *
   * @param values by role: an output's name, or {@code grad.<input>}
   * @param computedIn the precision of the computation, F32 or F64, which decides the tolerance
   * @param omitted roles of the case that the implementation has no counterpart of; all others must
   *     be in {@code values}
   */
  record Values(Map<String, NDArray> values, DType computedIn, Set<String> omitted)
      implements GoldenResult {
    /** Unmodifiable copies. */
    public Values {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
      omitted = Set.copyOf(omitted);
    }

    /** These values, without an answer for some roles. */
    public Values omitting(String... roles) {
      return new Values(values, computedIn, Set.of(roles));
    }
  }

  /**
   * The implementation has no such operation with these arguments.
   *
   * @param what what is missing: the operation and, where it matters, the argument
   */
  record NoCounterpart(String what) implements GoldenResult {}

  /** Values computed in a precision. */
  static Values of(DType computedIn, Map<String, NDArray> values) {
    return new Values(values, computedIn, Set.of());
  }

  /** Nothing to compare: {@code what} is missing. */
  static GoldenResult noCounterpart(String what) {
    return new NoCounterpart(what);
  }
}
