package org.cajal.op;

import java.util.List;

/**
 * A window that slides over spatial axes: one number for each of them.
 *
 * @param kernel how many elements a window has, at least 1
 * @param stride how far it moves, at least 1
 * @param padLow padding before the first element, not negative
 * @param padHigh padding after the last, not negative
 * @param dilation the distance between neighbouring elements of a window, at least 1
 */
public record Window(
    List<Integer> kernel,
    List<Integer> stride,
    List<Integer> padLow,
    List<Integer> padHigh,
    List<Integer> dilation) {
  /** Fixes the lists. */
  public Window {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    padLow = List.copyOf(padLow);
    padHigh = List.copyOf(padHigh);
    dilation = List.copyOf(dilation);
  }

  /** How many windows fit along an axis of the given size; 0 or less if none does. */
  public int out(int axis, int in) {
    long span = (long) dilation.get(axis) * (kernel.get(axis) - 1) + 1;
    long room = (long) in + padLow.get(axis) + padHigh.get(axis) - span;
    return Math.toIntExact(Math.floorDiv(room, (long) stride.get(axis)) + 1);
  }
}
