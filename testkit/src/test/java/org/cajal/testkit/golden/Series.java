package org.cajal.testkit.golden;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/** Arrays by name that get one more entry along axis 0 at each step of a run. */
final class Series {
  private final DType dtype;
  private final int steps;
  private final Map<String, NDArray> values = new LinkedHashMap<>();
  private final Map<String, Long> filled = new LinkedHashMap<>();

  Series(DType dtype, int steps) {
    this.dtype = dtype;
    this.steps = steps;
  }

  /** Appends a copy of a value. */
  void add(String name, NDArray value) {
    NDArray all =
        values.computeIfAbsent(name, n -> NDArray.zeros(dtype, value.shape().insert(0, steps)));
    long at = filled.merge(name, value.size(), Long::sum) - value.size();
    for (long i = 0; i < value.size(); i++) {
      all.set(at + i, value.get(i));
    }
  }

  Map<String, NDArray> values() {
    return values;
  }

  /** A copy of the entry at a position of axis 0. */
  static NDArray entry(NDArray all, int position) {
    Shape shape = all.shape().sub(1, all.shape().rank());
    NDArray out = NDArray.zeros(all.dtype(), shape);
    for (long i = 0; i < out.size(); i++) {
      out.set(i, all.get(position * out.size() + i));
    }
    return out;
  }
}
