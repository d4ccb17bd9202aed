package org.cajal.run.simd;

import java.util.ArrayList;
import java.util.List;
import org.cajal.op.Window;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/**
 * The sizes of a convolution, brought to three spatial axes by leading axes of size 1. Channels are
 * counted per group.
 *
 * @param images batch size
 * @param groups groups of channels that do not see one another
 * @param inChannels input channels of one group
 * @param outChannels output channels of one group
 * @param in input sizes along the spatial axes
 * @param out output sizes
 */
record Geometry(
    DType type,
    int images,
    int groups,
    int inChannels,
    int outChannels,
    List<Integer> in,
    List<Integer> out,
    List<Integer> kernel,
    List<Integer> stride,
    List<Integer> padLow,
    List<Integer> dilation) {
  static final int AXES = 3;

  /**
   * The sizes of the convolution of an input with weights.
   *
   * @param x [images, channels, spatial..], one to three spatial axes
   * @param w [output channels, channels / groups, kernel..]
   * @throws CajalException if they do not belong together
   */
  static Geometry of(DType type, Shape x, Shape w, Window window, int groups) {
    int axes = window.kernel().size();
    boolean fits =
        type.isFloating()
            && axes >= 1
            && axes <= AXES
            && x.rank() == axes + 2
            && w.rank() == axes + 2
            && groups >= 1;
    if (fits) {
      fits =
          x.dim(1) == w.dim(1) * groups
              && w.dim(0) % groups == 0
              && w.dims().subList(2, axes + 2).equals(window.kernel());
      for (int axis = 0; axis < axes; axis++) {
        fits &= window.out(axis, x.dim(axis + 2)) >= 0;
      }
    }
    if (!fits) {
      throw new CajalException(
          "[convolution] no kernel for "
              + type
              + " "
              + x
              + " with weights "
              + w
              + ", "
              + groups
              + " groups and "
              + window);
    }
    List<Integer> in = x.dims().subList(2, axes + 2);
    List<Integer> out = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      out.add(window.out(axis, in.get(axis)));
    }
    return new Geometry(
        type,
        x.dim(0),
        groups,
        w.dim(1),
        w.dim(0) / groups,
        padded(in, 1),
        padded(out, 1),
        padded(window.kernel(), 1),
        padded(window.stride(), 1),
        padded(window.padLow(), 0),
        padded(window.dilation(), 1));
  }

  private static List<Integer> padded(List<Integer> values, int filler) {
    List<Integer> all = new ArrayList<>();
    for (int i = values.size(); i < AXES; i++) {
      all.add(filler);
    }
    all.addAll(values);
    return List.copyOf(all);
  }

  static int product(List<Integer> sizes) {
    int product = 1;
    for (int size : sizes) {
      product = Math.multiplyExact(product, size);
    }
    return product;
  }

  /** Bytes rounded up to whole cache lines. */
  static long cacheLines(long bytes) {
    return (bytes + 63) & -64L;
  }

  /** Positions of the kernel. */
  int taps() {
    return product(kernel);
  }

  /** Output positions of one channel. */
  int outPositions() {
    return product(out);
  }

  /** Input positions of one channel. */
  int inPositions() {
    return product(in);
  }

  double flops() {
    return 2.0 * images * groups * outChannels * inChannels * taps() * outPositions();
  }

  double bytes() {
    double weights = (double) groups * outChannels * inChannels * taps();
    double input = (double) images * groups * inChannels * inPositions();
    return type.bytes()
        * (weights + input + (double) images * groups * outChannels * outPositions());
  }

  String label(String what) {
    return what
        + " "
        + images
        + "x"
        + groups * inChannels
        + in
        + " "
        + groups * outChannels
        + kernel
        + (groups == 1 ? "" : " groups " + groups);
  }

  /** What the forward pass reads: a patch of the input for each output position. */
  Patches inputPatches() {
    int[][] offsets = new int[AXES][];
    for (int axis = 0; axis < AXES; axis++) {
      offsets[axis] = new int[kernel.get(axis)];
      for (int tap = 0; tap < offsets[axis].length; tap++) {
        offsets[axis][tap] = tap * dilation.get(axis) - padLow.get(axis);
      }
    }
    return new Patches(type, in, out, stride, offsets);
  }
}
