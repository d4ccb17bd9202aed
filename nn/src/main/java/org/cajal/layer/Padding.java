package org.cajal.layer;

import java.util.List;
import org.cajal.type.CajalException;

/**
 * How much is added around the spatial axes of an input before a window slides over it. Zeros for
 * convolutions; for pooling it never wins and may be left out of means.
 *
 * @param mode which of the three ways
 * @param before for {@link Mode#EXPLICIT}, elements before the first: one number for each spatial
 *     axis, or one for all
 * @param after for {@link Mode#EXPLICIT}, elements after the last, likewise
 */
public record Padding(Mode mode, List<Integer> before, List<Integer> after) {
  /** The ways to say it. */
  public enum Mode {
    /** None: windows lie inside the input. */
    VALID,
    /** So much that the output has ⌈size / stride⌉ elements; an odd one goes after. */
    SAME,
    /** As many elements as given. */
    EXPLICIT
  }

  /**
   * Checks the setting.
   *
   * @throws CajalException if amounts are missing, negative, or given where the mode decides
   */
  public Padding {
    before = List.copyOf(before);
    after = List.copyOf(after);
    boolean explicit = mode == Mode.EXPLICIT;
    if (explicit == before.isEmpty() || before.size() != after.size()) {
      throw new CajalException(
          "[padding] mode "
              + mode
              + " has "
              + before
              + " before and "
              + after
              + " after; explicit padding needs one number for each spatial axis (or one for all),"
              + " the other modes none");
    }
    if (explicit) {
      Checks.eachAtLeast("padding", "before", before, 0);
      Checks.eachAtLeast("padding", "after", after, 0);
    }
  }

  /** None. */
  public static Padding valid() {
    return new Padding(Mode.VALID, List.of(), List.of());
  }

  /** Sizes stay (with stride 1). */
  public static Padding same() {
    return new Padding(Mode.SAME, List.of(), List.of());
  }

  /** The same amount before and after: one number for each spatial axis, or one for all. */
  public static Padding of(Integer... amounts) {
    return new Padding(Mode.EXPLICIT, List.of(amounts), List.of(amounts));
  }
}
