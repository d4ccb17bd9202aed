package org.cajal.layer;

import java.util.List;
import org.cajal.op.Window;
import org.cajal.tensor.Pooling;
import org.cajal.tensor.Tensor;

/**
 * The mean of each window: x [N, C, spatial...] → [N, C, spatial...]. Lists have one number for
 * each spatial axis, or one for all.
 *
 * @param kernel sizes of the window
 * @param stride how far it moves, usually the kernel
 * @param padding what is added around the input
 * @param roundUp whether a last window may reach beyond the padding
 * @param countPadding whether padding counts as zeros in the mean
 */
public record AveragePooling(
    List<Integer> kernel,
    List<Integer> stride,
    Padding padding,
    boolean roundUp,
    boolean countPadding)
    implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is too small
   */
  public AveragePooling {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    Checks.eachAtLeast("average pooling", "kernel", kernel, 1);
    Checks.eachAtLeast("average pooling", "stride", stride, 1);
  }

  /** This with another stride: one number for each spatial axis, or one for all. */
  public AveragePooling withStride(Integer... numbers) {
    return new AveragePooling(kernel, List.of(numbers), padding, roundUp, countPadding);
  }

  /** This with another padding. */
  public AveragePooling withPadding(Padding other) {
    return new AveragePooling(kernel, stride, other, roundUp, countPadding);
  }

  /** This with or without rounding sizes up. */
  public AveragePooling withRoundUp(boolean whether) {
    return new AveragePooling(kernel, stride, padding, whether, countPadding);
  }

  /** This with or without counting padding. */
  public AveragePooling withCountPadding(boolean whether) {
    return new AveragePooling(kernel, stride, padding, roundUp, whether);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    Window window = Sliding.window(scope, x, kernel, stride, padding, List.of(1));
    return Pooling.average(x, window, roundUp, countPadding);
  }
}
