package org.cajal.compile;

import java.util.ArrayList;
import java.util.List;
import org.cajal.type.Shape;

/**
 * The loops of one nest: for each axis of a shape one loop, or several where the axis had to be
 * split so that a reshape reads through. Loop {@code k} runs over {@code extents.get(k)} values and
 * moves {@code steps.get(k)} elements along axis {@code axes.get(k)}.
 */
final class LoopSpace {
  final Shape shape;
  final List<Integer> axes = new ArrayList<>();
  final List<Long> extents = new ArrayList<>();
  final List<Long> steps = new ArrayList<>();
  private int splitLoop = -1;
  private long splitSize;

  LoopSpace(Shape shape) {
    this.shape = shape;
    for (int i = 0; i < shape.rank(); i++) {
      axes.add(i);
      extents.add((long) shape.dim(i));
      steps.add(1L);
    }
  }

  int size() {
    return axes.size();
  }

  /**
   * Notes that a loop must be cut into an outer one and an inner one of the given size; done by
   * {@link #applySplit}.
   */
  void requestSplit(int loop, long innerSize) {
    if (splitLoop < 0) {
      splitLoop = loop;
      splitSize = innerSize;
    }
  }

  /** Does a requested split. Index maps made before are void afterwards. */
  boolean applySplit() {
    if (splitLoop < 0) {
      return false;
    }
    int k = splitLoop;
    splitLoop = -1;
    axes.add(k + 1, axes.get(k));
    extents.add(k + 1, splitSize);
    steps.add(k + 1, steps.get(k));
    extents.set(k, extents.get(k) / splitSize);
    steps.set(k, steps.get(k) * splitSize);
    return true;
  }

  void forgetSplit() {
    splitLoop = -1;
  }
}
