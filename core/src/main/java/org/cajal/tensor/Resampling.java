package org.cajal.tensor;

import java.util.List;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/** Other spatial sizes for [N, C, spatial...]. */
public final class Resampling {
  private Resampling() {}

  private static void check(String name, Tensor x, List<Integer> size) {
    boolean fits = x.rank() == size.size() + 2 && !size.isEmpty();
    for (int i = 0; fits && i < size.size(); i++) {
      fits = size.get(i) >= 1 && x.dim(i + 2) >= 1;
    }
    if (!fits) {
      throw CajalException.at(
          name,
          "size "
              + size
              + " does not fit x "
              + x.shape()
              + "; give one size of at least 1 for each spatial axis");
    }
  }

  /** The element at ⌊i · in / out⌋ along each spatial axis. */
  public static Tensor nearest(Tensor x, List<Integer> size) {
    check("nearest", x, size);
    Tensor y = x;
    for (int axis = 2; axis < x.rank(); axis++) {
      long in = x.dim(axis);
      int out = size.get(axis - 2);
      if (out % in == 0) {
        y = Movement.repeatInterleave(y, (int) (out / in), axis);
        continue;
      }
      int[] index = new int[out];
      for (int i = 0; i < out; i++) {
        index[i] = (int) (i * in / out);
      }
      y = y.take(Tensor.of(index), axis);
    }
    return y;
  }

  /**
   * Linear interpolation along each spatial axis (bilinear for two of them).
   *
   * @param alignCorners whether the first and last elements keep their values; otherwise elements
   *     are cells whose centres lie at (i + ½) · in / out − ½, clipped to the input
   */
  public static Tensor linear(Tensor x, List<Integer> size, boolean alignCorners) {
    check("linear", x, size);
    Tensor y = x;
    for (int axis = 2; axis < x.rank(); axis++) {
      int in = x.dim(axis);
      int out = size.get(axis - 2);
      int[] below = new int[out];
      int[] above = new int[out];
      double[] share = new double[out];
      for (int i = 0; i < out; i++) {
        double at =
            alignCorners
                ? (out == 1 ? 0 : i * (in - 1.0) / (out - 1))
                : Math.max(0, (i + 0.5) * in / out - 0.5);
        below[i] = Math.min((int) at, in - 1);
        above[i] = Math.min(below[i] + 1, in - 1);
        share[i] = at - below[i];
      }
      Shape along = Shape.of(out);
      for (int i = axis + 1; i < x.rank(); i++) {
        along = along.insert(along.rank(), 1);
      }
      Tensor weight = Tensor.constant(NDArray.of(x.dtype(), share, along));
      Tensor low = y.take(Tensor.of(below), axis);
      Tensor high = y.take(Tensor.of(above), axis);
      y = low.times(Tensor.scalar(x.dtype(), 1).minus(weight)).plus(high.times(weight));
    }
    return y;
  }

  /** Channels moved into space: [N, C · r², H, W] → [N, C, H · r, W · r] (Shi et al. 2016). */
  public static Tensor pixelShuffle(Tensor x, int factor) {
    if (x.rank() != 4 || factor < 1 || x.dim(1) % (factor * factor) != 0) {
      throw CajalException.at(
          "pixelshuffle",
          "x "
              + x.shape()
              + " does not fit factor "
              + factor
              + "; needed is [N, C · factor², H, W]");
    }
    int channels = x.dim(1) / (factor * factor);
    return x.reshape(x.dim(0), channels, factor, factor, x.dim(2), x.dim(3))
        .transpose(0, 1, 4, 2, 5, 3)
        .reshape(x.dim(0), channels, x.dim(2) * factor, x.dim(3) * factor);
  }
}
