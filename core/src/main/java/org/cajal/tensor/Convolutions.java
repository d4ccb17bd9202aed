package org.cajal.tensor;

import java.util.ArrayList;
import java.util.List;
import org.cajal.op.Convolution;
import org.cajal.op.ConvolutionInputGradient;
import org.cajal.op.Node;
import org.cajal.op.Pad;
import org.cajal.op.Window;
import org.cajal.type.CajalException;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/** Convolutions over any number of spatial axes, channels first. */
public final class Convolutions {
  private Convolutions() {}

  /**
   * Cross-correlation.
   *
   * @param x [N, C, spatial...]
   * @param weight [O, C / groups, kernel...]
   * @param bias [O], or null
   * @param window its kernel is that of the weight
   * @param groups the number of independent groups of channels
   * @return [N, O, spatial...]
   */
  public static Tensor convolution(
      Tensor x, Tensor weight, @Nullable Tensor bias, Window window, int groups) {
    return biased(
        "convolution",
        new Tensor(Node.of(new Convolution(window, groups), x.node(), weight.node())),
        bias);
  }

  /**
   * Transposed convolution: the gradient of a convolution for its input. Each spatial size becomes
   * (in − 1) · stride − padding before and after + dilation · (kernel − 1) + output padding + 1.
   *
   * @param x [N, C, spatial...]
   * @param weight [C, O / groups, kernel...]
   * @param bias [O], or null
   * @param window of that convolution
   * @param outputPadding how many elements more at the end of each spatial axis, less than the
   *     stride
   * @param groups the number of independent groups of channels
   * @return [N, O, spatial...]
   */
  public static Tensor transposedConvolution(
      Tensor x,
      Tensor weight,
      @Nullable Tensor bias,
      Window window,
      List<Integer> outputPadding,
      int groups) {
    int axes = window.kernel().size();
    if (x.rank() != axes + 2 || outputPadding.size() != axes) {
      throw CajalException.at(
          "transposedconvolution",
          "x "
              + x.shape()
              + " and output padding "
              + outputPadding
              + " do not have "
              + axes
              + " spatial axes");
    }
    List<Integer> spatial = new ArrayList<>();
    for (int i = 0; i < axes; i++) {
      int more = outputPadding.get(i);
      if (more < 0 || more >= window.stride().get(i)) {
        throw CajalException.at(
            "transposedconvolution",
            "output padding "
                + outputPadding
                + " must be 0 or more and less than the stride "
                + window.stride());
      }
      int size =
          (x.dim(i + 2) - 1) * window.stride().get(i)
              - window.padLow().get(i)
              - window.padHigh().get(i)
              + Windows.span(window, i)
              + more;
      if (size < 1) {
        throw CajalException.at(
            "transposedconvolution",
            "padding leaves nothing of x " + x.shape() + " with " + window);
      }
      spatial.add(size);
    }
    Node y =
        Node.of(new ConvolutionInputGradient(window, groups, spatial), x.node(), weight.node());
    return biased("transposedconvolution", new Tensor(y), bias);
  }

  private static Tensor biased(String name, Tensor y, @Nullable Tensor bias) {
    if (bias == null) {
      return y;
    }
    if (!bias.shape().equals(Shape.of(y.dim(1)))) {
      throw CajalException.at(
          name, "the bias " + bias.shape() + " does not fit the " + y.dim(1) + " output channels");
    }
    Shape perChannel = bias.shape();
    for (int i = 2; i < y.rank(); i++) {
      perChannel = perChannel.insert(perChannel.rank(), 1);
    }
    return y.plus(bias.reshape(perChannel));
  }

  /** The spatial sizes of an image batch, checked. */
  private static int[] plane(String name, Tensor x, Window window) {
    if (x.rank() != 4 || window.kernel().size() != 2) {
      throw CajalException.at(
          name,
          "needs x [N, C, H, W] and a window of two axes, found " + x.shape() + " and " + window);
    }
    return new int[] {x.dim(2), x.dim(3)};
  }

  /**
   * Patches as columns (im2col).
   *
   * @param x [N, C, H, W]
   * @return [N, C · kernel height · kernel width, places], the channel slowest, then the row of the
   *     kernel
   */
  public static Tensor unfold(Tensor x, Window window) {
    int[] in = plane("unfold", x, window);
    int height = window.out(0, in[0]);
    int width = window.out(1, in[1]);
    if (height < 1 || width < 1) {
      throw CajalException.at(
          "unfold",
          "the kernel " + window.kernel() + " is larger than the padded input " + x.shape());
    }
    Tensor padded =
        x.pad(
            List.of(0, 0, window.padLow().get(0), window.padLow().get(1)),
            List.of(0, 0, window.padHigh().get(0), window.padHigh().get(1)),
            0);
    List<Tensor> parts = new ArrayList<>();
    for (int i = 0; i < window.kernel().get(0); i++) {
      for (int j = 0; j < window.kernel().get(1); j++) {
        Tensor rows =
            every(padded, 2, i * window.dilation().get(0), height, window.stride().get(0));
        parts.add(every(rows, 3, j * window.dilation().get(1), width, window.stride().get(1)));
      }
    }
    return Tensor.stack(2, parts).reshape(x.dim(0), x.dim(1) * parts.size(), height * width);
  }

  private static Tensor every(Tensor x, int axis, int start, int count, int step) {
    return x.slice(axis, start, start + (count - 1) * step + 1, step);
  }

  /**
   * Columns added up as patches: the adjoint of {@link #unfold} (col2im).
   *
   * @param x [N, C · kernel height · kernel width, places]
   * @param height the height of the result
   * @param width the width of the result
   * @return [N, C, height, width]
   */
  public static Tensor fold(Tensor x, int height, int width, Window window) {
    int kernelSize = window.kernel().get(0) * window.kernel().get(window.kernel().size() - 1);
    if (x.rank() != 3
        || window.kernel().size() != 2
        || x.dim(1) % kernelSize != 0
        || window.out(0, height) * window.out(1, width) != x.dim(2)) {
      throw CajalException.at(
          "fold",
          "x "
              + x.shape()
              + " and "
              + window
              + " do not belong to an image of "
              + height
              + " by "
              + width);
    }
    int channels = x.dim(1) / kernelSize;
    int rows = window.out(0, height);
    int columns = window.out(1, width);
    int fullHeight = height + window.padLow().get(0) + window.padHigh().get(0);
    int fullWidth = width + window.padLow().get(1) + window.padHigh().get(1);
    Tensor patches = x.reshape(x.dim(0), channels, kernelSize, rows, columns);
    Tensor sum = null;
    for (int i = 0; i < window.kernel().get(0); i++) {
      for (int j = 0; j < window.kernel().get(1); j++) {
        Tensor part = patches.select(2, i * window.kernel().get(1) + j);
        part = spread(part, 2, i * window.dilation().get(0), window.stride().get(0), fullHeight);
        part = spread(part, 3, j * window.dilation().get(1), window.stride().get(1), fullWidth);
        sum = sum == null ? part : sum.plus(part);
      }
    }
    if (sum == null) {
      throw new IllegalStateException("a kernel without elements");
    }
    return sum.slice(2, window.padLow().get(0), window.padLow().get(0) + height)
        .slice(3, window.padLow().get(1), window.padLow().get(1) + width);
  }

  /** The elements of an axis at start, start + step, ... of a longer one, zeros elsewhere. */
  private static Tensor spread(Tensor x, int axis, int start, int step, int length) {
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    List<Integer> between = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      before.add(i == axis ? start : 0);
      after.add(i == axis ? length - start - ((x.dim(i) - 1) * step + 1) : 0);
      between.add(i == axis ? step - 1 : 0);
    }
    return new Tensor(Node.of(new Pad(before, after, between, 0), x.node()));
  }
}
