package org.cajal.layer;

import java.util.List;
import org.cajal.init.Fans;
import org.cajal.init.Initializer;
import org.cajal.op.Window;
import org.cajal.tensor.Convolutions;
import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/**
 * Convolution (cross-correlation) over 1, 2 or 3 spatial axes, as many as the input has: x [N, C,
 * spatial...] → [N, filters, spatial...]. Lists have one number for each spatial axis, or one for
 * all. Parameters: "weight" [filters, C/groups, kernel...] and "bias" [filters], which starts at 0.
 *
 * @param filters the number of output channels
 * @param kernel sizes of the window
 * @param stride how far it moves
 * @param padding what is added around the input
 * @param dilation the distance between neighbouring elements of the window
 * @param groups into how many independent groups the channels are split; divides channels and
 *     filters
 * @param bias whether there is a bias
 * @param weights the start of the weights; {@link Layers#convolution} takes He's uniform
 *     distribution, since most convolutions are followed by a rectifier; Glorot's suits tanh and
 *     sigmoid
 */
public record Convolution(
    int filters,
    List<Integer> kernel,
    List<Integer> stride,
    Padding padding,
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
  public Convolution {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    dilation = List.copyOf(dilation);
    Checks.atLeast("convolution", "filters", filters, 1);
    Checks.atLeast("convolution", "groups", groups, 1);
    Checks.eachAtLeast("convolution", "kernel", kernel, 1);
    Checks.eachAtLeast("convolution", "stride", stride, 1);
    Checks.eachAtLeast("convolution", "dilation", dilation, 1);
    Checks.divides("convolution", "groups", groups, "filters", filters);
  }

  /** This with another stride: one number for each spatial axis, or one for all. */
  public Convolution withStride(Integer... numbers) {
    return new Convolution(
        filters, kernel, List.of(numbers), padding, dilation, groups, bias, weights);
  }

  /** This with another padding. */
  public Convolution withPadding(Padding other) {
    return new Convolution(filters, kernel, stride, other, dilation, groups, bias, weights);
  }

  /** This with another dilation: one number for each spatial axis, or one for all. */
  public Convolution withDilation(Integer... numbers) {
    return new Convolution(
        filters, kernel, stride, padding, List.of(numbers), groups, bias, weights);
  }

  /** This with another number of groups. */
  public Convolution withGroups(int number) {
    return new Convolution(filters, kernel, stride, padding, dilation, number, bias, weights);
  }

  /** This with or without a bias. */
  public Convolution withBias(boolean whether) {
    return new Convolution(filters, kernel, stride, padding, dilation, groups, whether, weights);
  }

  /** This with another start of the weights. */
  public Convolution withWeights(Initializer other) {
    return new Convolution(filters, kernel, stride, padding, dilation, groups, bias, other);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    Window window = Sliding.window(scope, x, kernel, stride, padding, dilation);
    int channels = Sliding.channels(scope, x, groups);
    Shape shape = Shape.of(filters, channels / groups).concat(new Shape(window.kernel()));
    Tensor weight = scope.parameter("weight", shape, weights, Fans.convolution(shape));
    Tensor shift = bias ? scope.parameter("bias", Shape.of(filters), Initializer.zeros()) : null;
    return Convolutions.convolution(x, weight, shift, window, groups);
  }
}
