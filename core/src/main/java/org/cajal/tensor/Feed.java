package org.cajal.tensor;

import java.util.HashMap;
import java.util.Map;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The values of a program's inputs for one run, by name. Arrays are read during the run, not
 * copied.
 */
public final class Feed {
  private final Map<String, NDArray> values = new HashMap<>();

  private Feed() {}

  /** No inputs. */
  public static Feed none() {
    return new Feed();
  }

  /** One input. */
  public static Feed of(String name, NDArray value) {
    return new Feed().and(name, value);
  }

  /** A further input; this feed is changed and returned. */
  public Feed and(String name, NDArray value) {
    values.put(name, value);
    return this;
  }

  /** A further input, a single-precision vector or scalar. */
  public Feed and(String name, float... value) {
    return and(name, NDArray.of(value, value.length == 1 ? Shape.SCALAR : Shape.of(value.length)));
  }

  /** The value fed under a name, or null. */
  public @Nullable NDArray get(String name) {
    return values.get(name);
  }
}
