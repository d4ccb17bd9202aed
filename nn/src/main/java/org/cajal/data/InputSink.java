package org.cajal.data;

/** Takes the inputs of one row that are not 0. */
@FunctionalInterface
interface InputSink {
  /** Sets an input, each at most once. */
  void put(int place, float value);
}
