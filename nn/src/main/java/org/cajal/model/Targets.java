package org.cajal.model;

import org.cajal.data.Task;
import org.cajal.loss.Hinge;
import org.cajal.loss.Loss;
import org.cajal.loss.Perceptron;
import org.cajal.loss.SoftMargin;
import org.cajal.loss.SquaredHinge;
import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Outputs and targets in the form that a loss compares. */
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

  /**
   * An output with one row for each answer: for sequences [N, T, classes] → [N·T, classes], since
   * each symbol is a sample of its own; any other as it is.
   */
  public static Tensor rows(Task task, Tensor output) {
    return task == Task.SEQUENCE ? output.flatten(0, -2) : output;
  }

  /**
   * The loss of a batch.
   *
   * @param output what the network answers, [N, ...]; for sequences [N, T, classes]
   * @param target classes [N], symbols [N, T], or numbers [N, ...]
   * @param weights of the examples [N], for all symbols of a sequence the same; null for equal ones
   */
  public static Tensor loss(
      Loss loss, Task task, Tensor output, Tensor target, @Nullable Tensor weights) {
    if (task != Task.SEQUENCE) {
      return loss.apply(output, fitted(loss, task, target, output), weights);
    }
    Tensor symbols = target.flatten(0, -1);
    Tensor each =
        weights == null ? null : weights.expandDims(1).broadcastTo(target.shape()).flatten(0, -1);
    return loss.apply(rows(task, output), symbols, each);
  }

  /** The classes 0 and 1 as −1 and 1 where the loss wants that; any other target as it is. */
  private static Tensor fitted(Loss loss, Task task, Tensor target, Tensor output) {
    if (task == Task.CLASSIFICATION && signed(loss)) {
      return target.cast(output.dtype()).times(2).minus(1);
    }
    return target.dtype().isFloating() ? target.cast(output.dtype()) : target;
  }
}
