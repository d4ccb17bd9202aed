package org.cajal.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cajal.op.Allowance;
import org.cajal.op.Node;
import org.cajal.op.Window;
import org.cajal.op.WindowArgMax;
import org.cajal.op.WindowSum;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/** Pooling over the spatial axes of [N, C, spatial...]. */
public final class Pooling {
  private Pooling() {}

  private static List<Integer> spatial(String name, Tensor x, int axes) {
    if (x.rank() != axes + 2 || axes == 0) {
      throw CajalException.at(
          name, "needs x [N, C, spatial...] with " + axes + " spatial axes, found " + x.shape());
    }
    return x.shape().sub(2, x.rank()).dims();
  }

  /** The window for an input, and a refusal of windows that see nothing but padding. */
  private static Window fitted(String name, Tensor x, Window window, boolean roundUp) {
    List<Integer> sizes = spatial(name, x, window.kernel().size());
    Window fitted = roundUp ? Windows.roundedUp(window, sizes) : window;
    for (int axis = 0; axis < sizes.size(); axis++) {
      int places = fitted.out(axis, sizes.get(axis));
      if (places < 1) {
        throw CajalException.at(
            name,
            "the window " + window.kernel() + " is larger than the padded input " + x.shape());
      }
      Allowance.take(places);
      for (int place = 0; place < places; place++) {
        if (inside(fitted, axis, place, 0, sizes.get(axis)) == 0) {
          throw CajalException.at(
              name,
              "a window along axis "
                  + (axis + 2)
                  + " of "
                  + x.shape()
                  + " sees nothing but padding; use at most half a window"
                  + " of padding");
        }
      }
    }
    return fitted;
  }

  /**
   * How many elements of a window lie in the input or the padding around it, of which {@code pad}
   * elements count.
   */
  private static int inside(Window window, int axis, int place, int pad, int size) {
    long start = (long) place * window.stride().get(axis) - window.padLow().get(axis);
    long step = window.dilation().get(axis);
    long first = Math.max(0, Math.ceilDiv(-pad - start, step));
    long end = Math.min(window.kernel().get(axis), Math.ceilDiv((long) size + pad - start, step));
    return (int) Math.max(0, end - first);
  }

  /**
   * The maximum of each window; padding never wins, the first of ties gets the whole gradient.
   *
   * @param roundUp whether a last window may reach beyond the padding; it must start inside the
   *     input or the padding before it
   */
  public static Tensor max(Tensor x, Window window, boolean roundUp) {
    return maxWithIndex(x, window, roundUp).values();
  }

  /**
   * The maximum of each window and its flat position within the spatial axes of its channel,
   * without padding.
   */
  public static Reductions.Indexed maxWithIndex(Tensor x, Window window, boolean roundUp) {
    Window fitted = fitted("maxpool", x, window, roundUp);
    Tensor index = new Tensor(Node.of(new WindowArgMax(fitted), x.node()));
    return new Reductions.Indexed(x.flatten(2, -1).gather(index, 2), index);
  }

  /**
   * The mean of each window.
   *
   * @param roundUp whether a last window may reach beyond the padding
   * @param countPadding whether padding counts as zeros; what {@code roundUp} adds beyond it never
   *     does
   */
  public static Tensor average(Tensor x, Window window, boolean roundUp, boolean countPadding) {
    Window fitted = fitted("averagepool", x, window, roundUp);
    Tensor sum = new Tensor(Node.of(new WindowSum(fitted), x.node()));
    List<Integer> sizes = spatial("averagepool", x, window.kernel().size());
    Shape places = sum.shape().sub(2, sum.rank());
    double[] counts = {1};
    boolean equal = true;
    for (int axis = 0; axis < sizes.size(); axis++) {
      int n = places.dim(axis);
      Allowance.take((long) counts.length * n);
      double[] more = new double[Math.multiplyExact(counts.length, n)];
      for (int i = 0; i < counts.length; i++) {
        for (int place = 0; place < n; place++) {
          int pad = countPadding ? fitted.padLow().get(axis) : 0;
          more[i * n + place] = counts[i] * inside(fitted, axis, place, pad, sizes.get(axis));
          equal &= more[i * n + place] == more[0];
        }
      }
      counts = more;
    }
    return equal && counts.length > 0
        ? sum.dividedBy(counts[0])
        : sum.dividedBy(Tensor.constant(NDArray.of(x.dtype(), counts, places)));
  }

  /** A reduction of one window along one axis, which stays with size 1. */
  private interface Piece {
    Tensor of(Tensor part, int axis);
  }

  /**
   * Each axis in turn cut into windows ⌊i·in/out⌋ to ⌈(i+1)·in/out⌉, each reduced to one element.
   */
  private static Tensor adaptive(String name, Tensor x, List<Integer> size, Piece piece) {
    spatial(name, x, size.size());
    Tensor y = x;
    for (int axis = x.rank() - 1; axis >= 2; axis--) {
      long in = x.dim(axis);
      int out = size.get(axis - 2);
      if (out < 1 || in < 1) {
        throw CajalException.at(
            name,
            "size " + size + " is not possible for x " + x.shape() + "; both must be at least 1");
      }
      Allowance.take(out);
      List<Tensor> parts = new ArrayList<>();
      for (int i = 0; i < out; i++) {
        int from = (int) (i * in / out);
        int to = (int) Math.ceilDiv((i + 1) * in, out);
        parts.add(
            to - from == 1 ? y.slice(axis, from, to) : piece.of(y.slice(axis, from, to), axis));
      }
      y = parts.size() == 1 ? parts.get(0) : Tensor.concatenate(axis, parts);
    }
    return y;
  }

  /** The window that cuts each axis into equal pieces, if the sizes divide. */
  private static Window even(Tensor x, List<Integer> size) {
    List<Integer> kernel = new ArrayList<>();
    for (int i = 0; i < size.size(); i++) {
      kernel.add(x.dim(i + 2) / size.get(i));
    }
    List<Integer> zeros = Collections.nCopies(size.size(), 0);
    return new Window(kernel, kernel, zeros, zeros, Collections.nCopies(size.size(), 1));
  }

  private static boolean divides(Tensor x, List<Integer> size) {
    boolean divides = x.rank() == size.size() + 2;
    for (int i = 0; divides && i < size.size(); i++) {
      divides = size.get(i) > 0 && x.dim(i + 2) > 0 && x.dim(i + 2) % size.get(i) == 0;
    }
    return divides;
  }

  /** The mean of windows that are chosen so that the result has the given spatial sizes. */
  public static Tensor adaptiveAverage(Tensor x, List<Integer> size) {
    return divides(x, size)
        ? average(x, even(x, size), false, false)
        : adaptive("adaptiveaveragepool", x, size, (part, axis) -> part.meanKeep(axis));
  }

  /**
   * The maximum of windows that are chosen so that the result has the given spatial sizes; the
   * first of ties.
   */
  public static Tensor adaptiveMax(Tensor x, List<Integer> size) {
    return divides(x, size)
        ? max(x, even(x, size), false)
        : adaptive(
            "adaptivemaxpool",
            x,
            size,
            (part, axis) -> Reductions.maxWithIndex(part, axis).values());
  }

  /** The mean over all spatial axes: [N, C, spatial...] → [N, C]. */
  public static Tensor globalAverage(Tensor x) {
    spatial("globalaveragepool", x, x.rank() - 2);
    return x.flatten(2, -1).mean(2);
  }

  /** The maximum over all spatial axes, the first of ties: [N, C, spatial...] → [N, C]. */
  public static Tensor globalMax(Tensor x) {
    spatial("globalmaxpool", x, x.rank() - 2);
    return Reductions.maxWithIndex(x.flatten(2, -1), 2).values().squeeze(2);
  }
}
