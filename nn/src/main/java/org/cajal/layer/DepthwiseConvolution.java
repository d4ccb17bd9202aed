package org.cajal.layer;

import java.util.List;
import org.cajal.init.Fans;
import org.cajal.init.Initializer;
import org.cajal.op.Window;
import org.cajal.tensor.Convolutions;
import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/**
 * A convolution of each channel on its own: x [N, C, spatial...] → [N, C·multiplier, spatial...],
 * where output channel c·multiplier + j comes from input channel c. Parameters: "weight"
 * [C·multiplier, 1, kernel...] and "bias" [C·multiplier].
 *
 * @param multiplier how many filters each channel has
 * @param kernel sizes of the window, one for each spatial axis or one for all
 * @param stride how far it moves
 * @param padding what is added around the input
 * @param dilation the distance between neighbouring elements of the window
 * @param bias whether there is a bias
 * @param weights the start of the weights
 */
public record DepthwiseConvolution(
    int multiplier,
    List<Integer> kernel,
    List<Integer> stride,
    Padding padding,
    List<Integer> dilation,
    boolean bias,
    Initializer weights)
    implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is too small
   */
  public DepthwiseConvolution {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    dilation = List.copyOf(dilation);
    Checks.atLeast("depthwise convolution", "multiplier", multiplier, 1);
    Checks.eachAtLeast("depthwise convolution", "kernel", kernel, 1);
    Checks.eachAtLeast("depthwise convolution", "stride", stride, 1);
    Checks.eachAtLeast("depthwise convolution", "dilation", dilation, 1);
  }

  /** This with another stride: one number for each spatial axis, or one for all. */
  public DepthwiseConvolution withStride(Integer... numbers) {
    return new DepthwiseConvolution(
        multiplier, kernel, List.of(numbers), padding, dilation, bias, weights);
  }

  /** This with another padding. */
  public DepthwiseConvolution withPadding(Padding other) {
    return new DepthwiseConvolution(multiplier, kernel, stride, other, dilation, bias, weights);
  }

  /** This with another dilation: one number for each spatial axis, or one for all. */
  public DepthwiseConvolution withDilation(Integer... numbers) {
    return new DepthwiseConvolution(
        multiplier, kernel, stride, padding, List.of(numbers), bias, weights);
  }

  /** This with or without a bias. */
  public DepthwiseConvolution withBias(boolean whether) {
    return new DepthwiseConvolution(
        multiplier, kernel, stride, padding, dilation, whether, weights);
  }

  /** This with another start of the weights. */
  public DepthwiseConvolution withWeights(Initializer other) {
    return new DepthwiseConvolution(multiplier, kernel, stride, padding, dilation, bias, other);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    Window window = Sliding.window(scope, x, kernel, stride, padding, dilation);
    int channels = Sliding.channels(scope, x, 1);
    int filters = Math.multiplyExact(channels, multiplier);
    Shape shape = Shape.of(filters, 1).concat(new Shape(window.kernel()));
    Fans fans =
        new Fans(shape.sub(2, shape.rank()).size(), multiplier * shape.sub(2, shape.rank()).size());
    Tensor weight = scope.parameter("weight", shape, weights, fans);
    Tensor shift = bias ? scope.parameter("bias", Shape.of(filters), Initializer.zeros()) : null;
    return Convolutions.convolution(x, weight, shift, window, channels);
  }
}
