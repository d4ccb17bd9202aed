package org.cajal.layer;

import java.util.List;
import org.cajal.op.Window;
import org.cajal.tensor.Pooling;
import org.cajal.tensor.Tensor;

/**
 * The maximum of each window: x [N, C, spatial...] → [N, C, spatial...]. Padding never wins; the
 * first of ties gets the whole gradient. Lists have one number for each spatial axis, or one for
 * all.
 *
 * @param kernel sizes of the window
 * @param stride how far it moves, usually the kernel
 * @param padding what is added around the input
 * @param roundUp whether a last window may reach beyond the padding
 */
public record MaxPooling(
    List<Integer> kernel, List<Integer> stride, Padding padding, boolean roundUp) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is too small
   */
  public MaxPooling {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    Checks.eachAtLeast("max pooling", "kernel", kernel, 1);
    Checks.eachAtLeast("max pooling", "stride", stride, 1);
  }

  /** This with another stride: one number for each spatial axis, or one for all. */
  public MaxPooling withStride(Integer... numbers) {
    return new MaxPooling(kernel, List.of(numbers), padding, roundUp);
  }

  /** This with another padding. */
  public MaxPooling withPadding(Padding other) {
    return new MaxPooling(kernel, stride, other, roundUp);
  }

  /** This with or without rounding sizes up. */
  public MaxPooling withRoundUp(boolean whether) {
    return new MaxPooling(kernel, stride, padding, whether);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    Window window = Sliding.window(scope, x, kernel, stride, padding, List.of(1));
    return Pooling.max(x, window, roundUp);
  }
}
