package org.cajal.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.cajal.op.Window;
import org.cajal.type.CajalException;

/** Makes the windows of convolutions and pooling: one number for each spatial axis. */
public final class Windows {
  private Windows() {}

  private static List<Integer> list(int[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  private static List<Integer> checked(String what, int[] numbers, int axes, int least) {
    if (numbers.length != axes || Arrays.stream(numbers).anyMatch(n -> n < least)) {
      throw CajalException.at(
          "window",
          what
              + " "
              + Arrays.toString(numbers)
              + " is not allowed; needed are "
              + axes
              + " numbers of at least "
              + least);
    }
    return list(numbers);
  }

  /** A window that moves by one, without padding. */
  public static Window of(int... kernel) {
    List<Integer> ones = Collections.nCopies(kernel.length, 1);
    List<Integer> zeros = Collections.nCopies(kernel.length, 0);
    return new Window(checked("kernel", kernel, kernel.length, 1), ones, zeros, zeros, ones);
  }

  /**
   * A window with the same padding before and after.
   *
   * @throws CajalException if the lengths differ or a number is too small
   */
  public static Window of(int[] kernel, int[] stride, int[] padding, int[] dilation) {
    return of(kernel, stride, padding, padding, dilation);
  }

  /**
   * A window with padding before and after the elements.
   *
   * @throws CajalException if the lengths differ or a number is too small
   */
  public static Window of(int[] kernel, int[] stride, int[] padLow, int[] padHigh, int[] dilation) {
    int axes = kernel.length;
    return new Window(
        checked("kernel", kernel, axes, 1),
        checked("stride", stride, axes, 1),
        checked("padding", padLow, axes, 0),
        checked("padding", padHigh, axes, 0),
        checked("dilation", dilation, axes, 1));
  }

  /**
   * A window that moves by one and is padded so that sizes stay the same; an odd element of padding
   * goes after.
   */
  public static Window same(int[] kernel, int[] dilation) {
    checked("kernel", kernel, kernel.length, 1);
    checked("dilation", dilation, kernel.length, 1);
    int[] low = new int[kernel.length];
    int[] high = new int[kernel.length];
    for (int i = 0; i < kernel.length; i++) {
      int total = dilation[i] * (kernel[i] - 1);
      low[i] = total / 2;
      high[i] = total - low[i];
    }
    int[] ones = new int[kernel.length];
    Arrays.fill(ones, 1);
    return of(kernel, ones, low, high, dilation);
  }

  /**
   * A window over one axis that moves by one and sees the present and the past only: all padding
   * goes before.
   */
  public static Window causal(int kernel, int dilation) {
    return of(
        new int[] {kernel},
        new int[] {1},
        new int[] {dilation * (kernel - 1)},
        new int[] {0},
        new int[] {dilation});
  }

  /** How many elements a window spans along an axis. */
  static int span(Window window, int axis) {
    return window.dilation().get(axis) * (window.kernel().get(axis) - 1) + 1;
  }

  /**
   * The window with more padding at the end, so that the number of places is rounded up; a window
   * must start inside the input or the padding before it.
   */
  static Window roundedUp(Window window, List<Integer> spatial) {
    List<Integer> high = new ArrayList<>();
    for (int i = 0; i < spatial.size(); i++) {
      int stride = window.stride().get(i);
      int low = window.padLow().get(i);
      int in = spatial.get(i);
      int places = Math.ceilDiv(in + low + window.padHigh().get(i) - span(window, i), stride) + 1;
      if ((places - 1) * stride >= in + low) {
        places--;
      }
      high.add(
          Math.max(window.padHigh().get(i), (places - 1) * stride + span(window, i) - in - low));
    }
    return new Window(window.kernel(), window.stride(), window.padLow(), high, window.dilation());
  }
}
