package org.cajal.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cajal.op.Window;
import org.cajal.tensor.Tensor;

/**
 * From a layer's settings to the window for one input; settings of one number count for every
 * spatial axis.
 */
final class Sliding {
  private Sliding() {}

  /** The number of spatial axes of x [N, C, spatial...], which must fit the settings. */
  static int axes(Scope scope, Tensor x, List<Integer> kernel) {
    int axes = x.rank() - 2;
    boolean fits = kernel.size() == 1 ? axes >= 1 && axes <= 3 : axes == kernel.size();
    if (!fits) {
      String wanted =
          kernel.size() == 1
              ? "[N, C, 1 to 3 spatial axes]"
              : "[N, C, " + kernel.size() + " spatial axes]";
      String name = Scope.nameOf(scope.layer());
      throw scope.error(
          "a kernel "
              + kernel
              + " needs an input "
              + wanted
              + ", found "
              + x.shape()
              + "; instead of sequential("
              + name
              + "(...), ...) write sequential(reshape(C, "
              + (kernel.size() == 1 || kernel.size() == 2 ? "H, W" : "...")
              + "), "
              + name
              + "(...), ...)");
    }
    return axes;
  }

  static List<Integer> spread(Scope scope, String what, List<Integer> numbers, int axes) {
    if (numbers.size() == 1) {
      return Collections.nCopies(axes, numbers.get(0));
    }
    if (numbers.size() != axes) {
      throw scope.error(
          what
              + " "
              + numbers
              + " has "
              + numbers.size()
              + " numbers for "
              + axes
              + " spatial axes; give one for each, or one for all");
    }
    return numbers;
  }

  static int[] array(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The window; refuses one that does not fit in the padded input. */
  static Window window(
      Scope scope,
      Tensor x,
      List<Integer> kernel,
      List<Integer> stride,
      Padding padding,
      List<Integer> dilation) {
    int axes = axes(scope, x, kernel);
    List<Integer> k = spread(scope, "kernel", kernel, axes);
    List<Integer> s = spread(scope, "stride", stride, axes);
    List<Integer> d = spread(scope, "dilation", dilation, axes);
    List<Integer> low = new ArrayList<>();
    List<Integer> high = new ArrayList<>();
    for (int i = 0; i < axes; i++) {
      switch (padding.mode()) {
        case VALID -> {
          low.add(0);
          high.add(0);
        }
        case SAME -> {
          int out = Math.ceilDiv(x.dim(i + 2), s.get(i));
          long span = (long) d.get(i) * (k.get(i) - 1) + 1;
          long needed = (out - 1L) * s.get(i) + span - x.dim(i + 2);
          int total = Math.toIntExact(Math.max(0, needed));
          low.add(total / 2);
          high.add(total - total / 2);
        }
        case EXPLICIT -> {
          low.add(spread(scope, "padding", padding.before(), axes).get(i));
          high.add(spread(scope, "padding", padding.after(), axes).get(i));
        }
      }
    }
    Window window = new Window(k, s, low, high, d);
    for (int i = 0; i < axes; i++) {
      long span = (long) d.get(i) * (k.get(i) - 1) + 1;
      long size = (long) x.dim(i + 2) + low.get(i) + high.get(i);
      if (span > size) {
        throw scope.error(
            "the kernel "
                + k
                + " spans "
                + span
                + " elements of spatial axis "
                + i
                + ", but the padded input "
                + x.shape()
                + " has "
                + size
                + "; use a smaller kernel, more padding or less pooling before it");
      }
    }
    return window;
  }

  /** Channels of x, which groups must divide. */
  static int channels(Scope scope, Tensor x, int groups) {
    int channels = x.dim(1);
    if (channels < 1 || channels % groups != 0) {
      throw scope.error(
          channels
              + " channels of "
              + x.shape()
              + " do not split into "
              + groups
              + " groups; groups must divide the channels");
    }
    return channels;
  }
}
