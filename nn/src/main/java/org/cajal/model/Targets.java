package org.cajal.model;

import org.cajal.data.Task;
import org.cajal.loss.Hinge;
import org.cajal.loss.Loss;
import org.cajal.loss.Perceptron;
import org.cajal.loss.SoftMargin;
import org.cajal.loss.SquaredHinge;
import org.cajal.tensor.Tensor;

/** Targets in the form that a loss compares with. */
public final class Targets {
  private Targets() {}

  /** Whether a loss compares with −1 and 1. */
  static boolean signed(Loss loss) {
    return loss instanceof Perceptron
        || loss instanceof Hinge
        || loss instanceof SquaredHinge
        || loss instanceof SoftMargin;
  }

  /** What one output must exceed for the second of two classes. */
  public static double threshold(Loss loss) {
    return signed(loss) ? 0 : 0.5;
  }

  /** The classes 0 and 1 as −1 and 1 where the loss wants that; any other target as it is. */
  public static Tensor of(Loss loss, Task task, Tensor target, Tensor output) {
    if (task == Task.CLASSIFICATION && signed(loss)) {
      return target.cast(output.dtype()).times(2).minus(1);
    }
    return target.dtype().isFloating() ? target.cast(output.dtype()) : target;
  }
}
