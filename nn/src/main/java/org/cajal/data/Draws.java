package org.cajal.data;

import org.cajal.type.CounterRandom;

/**
 * The random numbers of one key, read one after the other: a place in {@link CounterRandom}'s
 * function, for one thread.
 */
final class Draws {
  private final long key;
  private long index;

  Draws(long key) {
    this.key = key;
  }

  /** Uniform on (0, 1). */
  double uniform() {
    return CounterRandom.uniform(key, index++);
  }

  /** Uniform on (low, high). */
  double uniform(double low, double high) {
    return low + (high - low) * uniform();
  }

  double normal() {
    return CounterRandom.normal(key, index++);
  }

  /** A key for numbers apart from all that are drawn here. */
  long key() {
    return CounterRandom.key(key, "apart");
  }

  int below(int bound) {
    return (int) CounterRandom.below(key, index++, bound);
  }
}
