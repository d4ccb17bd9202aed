package org.cajal.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cajal.init.Fans;
import org.cajal.init.Initializer;
import org.cajal.op.Window;
import org.cajal.tensor.Convolutions;
import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/**
 * Transposed convolution, which undoes the shape of a convolution: x [N, C, spatial...] → [N,
 * filters, spatial...], where each size becomes (in − 1)·stride − padding before and after +
 * dilation·(kernel − 1) + output padding + 1. With padding "same" it becomes in·stride. Parameters:
 * "weight" [C, filters/groups, kernel...] and "bias" [filters].
 *
 * @param filters the number of output channels
 * @param kernel sizes of the window, one for each spatial axis or one for all
 * @param stride by how much sizes grow
 * @param padding what is cut off around the output
 * @param outputPadding how many elements more at the end, less than the stride; 0 with padding
 *     "same"
 * @param dilation the distance between neighbouring elements of the window
 * @param groups into how many independent groups the channels are split; divides channels and
 *     filters
 * @param bias whether there is a bias
 * @param weights the start of the weights
 */
public record TransposedConvolution(
    int filters,
    List<Integer> kernel,
    List<Integer> stride,
    Padding padding,
    List<Integer> outputPadding,
    List<Integer> dilation,
    int groups,
    boolean bias,
    Initializer weights)
    implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is too small, or groups do not divide the
   *     filters
   */
  public TransposedConvolution {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    outputPadding = List.copyOf(outputPadding);
    dilation = List.copyOf(dilation);
    Checks.atLeast("transposed convolution", "filters", filters, 1);
    Checks.atLeast("transposed convolution", "groups", groups, 1);
    Checks.eachAtLeast("transposed convolution", "kernel", kernel, 1);
    Checks.eachAtLeast("transposed convolution", "stride", stride, 1);
    Checks.eachAtLeast("transposed convolution", "output padding", outputPadding, 0);
    Checks.eachAtLeast("transposed convolution", "dilation", dilation, 1);
    Checks.divides("transposed convolution", "groups", groups, "filters", filters);
  }

  /** This with another stride: one number for each spatial axis, or one for all. */
  public TransposedConvolution withStride(Integer... numbers) {
    return new TransposedConvolution(
        filters, kernel, List.of(numbers), padding, outputPadding, dilation, groups, bias, weights);
  }

  /** This with another padding. */
  public TransposedConvolution withPadding(Padding other) {
    return new TransposedConvolution(
        filters, kernel, stride, other, outputPadding, dilation, groups, bias, weights);
  }

  /** This with another output padding: one number for each spatial axis, or one for all. */
  public TransposedConvolution withOutputPadding(Integer... numbers) {
    return new TransposedConvolution(
        filters, kernel, stride, padding, List.of(numbers), dilation, groups, bias, weights);
  }

  /** This with another dilation: one number for each spatial axis, or one for all. */
  public TransposedConvolution withDilation(Integer... numbers) {
    return new TransposedConvolution(
        filters, kernel, stride, padding, outputPadding, List.of(numbers), groups, bias, weights);
  }

  /** This with another number of groups. */
  public TransposedConvolution withGroups(int number) {
    return new TransposedConvolution(
        filters, kernel, stride, padding, outputPadding, dilation, number, bias, weights);
  }

  /** This with or without a bias. */
  public TransposedConvolution withBias(boolean whether) {
    return new TransposedConvolution(
        filters, kernel, stride, padding, outputPadding, dilation, groups, whether, weights);
  }

  /** This with another start of the weights. */
  public TransposedConvolution withWeights(Initializer other) {
    return new TransposedConvolution(
        filters, kernel, stride, padding, outputPadding, dilation, groups, bias, other);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    int axes = Sliding.axes(scope, x, kernel);
    int channels = Sliding.channels(scope, x, groups);
    List<Integer> k = Sliding.spread(scope, "kernel", kernel, axes);
    List<Integer> s = Sliding.spread(scope, "stride", stride, axes);
    List<Integer> d = Sliding.spread(scope, "dilation", dilation, axes);
    List<Integer> more =
        new ArrayList<>(Sliding.spread(scope, "output padding", outputPadding, axes));
    List<Integer> low = new ArrayList<>(Collections.nCopies(axes, 0));
    List<Integer> high = new ArrayList<>(low);
    for (int i = 0; i < axes; i++) {
      if (padding.mode() == Padding.Mode.SAME) {
        int excess = d.get(i) * (k.get(i) - 1) + 1 - s.get(i);
        low.set(i, Math.max(0, excess) / 2);
        high.set(i, Math.max(0, excess) - low.get(i));
        more.set(i, Math.max(0, -excess));
      } else if (padding.mode() == Padding.Mode.EXPLICIT) {
        low.set(i, Sliding.spread(scope, "padding", padding.before(), axes).get(i));
        high.set(i, Sliding.spread(scope, "padding", padding.after(), axes).get(i));
      }
    }
    Shape shape = Shape.of(channels, filters / groups).concat(new Shape(k));
    Tensor weight = scope.parameter("weight", shape, weights, fans(channels, k, s));
    Tensor shift = bias ? scope.parameter("bias", Shape.of(filters), Initializer.zeros()) : null;
    return Convolutions.transposedConvolution(
        x, weight, shift, new Window(k, s, low, high, d), more, groups);
  }

  /** Of the kernel's elements only one in each stride meets an output. */
  private Fans fans(int channels, List<Integer> k, List<Integer> s) {
    long size = new Shape(k).size();
    long moved = new Shape(s).size();
    return new Fans(Math.max(1, channels / groups * size / moved), filters / groups * size);
  }
}
