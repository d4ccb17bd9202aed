package org.cajal.model;

import org.cajal.data.Task;
import org.cajal.loss.Hinge;
import org.cajal.loss.Loss;
import org.cajal.loss.Perceptron;
import org.cajal.loss.SoftMargin;
import org.cajal.loss.SquaredHinge;
import org.cajal.tensor.Tensor;
import org.cajal.type.DType;
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
  static double threshold(Loss loss) {
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
    return loss.apply(rows(task, output), target.flatten(0, -1), ofSymbols(target, weights));
  }

  private static @Nullable Tensor ofSymbols(Tensor target, @Nullable Tensor weights) {
    return weights == null
        ? null
        : weights.expandDims(1).broadcastTo(target.shape()).flatten(0, -1);
  }

  /**
   * How much each answer of a batch counts in its loss and in the share of right answers: the
   * example's weight times what the loss makes of its class, and 0 where that is ignored.
   *
   * @param output as for {@link #loss}
   * @param target as for {@link #loss}
   * @param weights of the examples [N]; null for equal ones
   * @return one for each of the {@link #rows}; null where all are 1
   */
  public static @Nullable Tensor weights(
      Loss loss, Task task, Tensor output, Tensor target, @Nullable Tensor weights) {
    return task == Task.SEQUENCE
        ? loss.weights(rows(task, output), target.flatten(0, -1), ofSymbols(target, weights))
        : loss.weights(output, fitted(loss, task, target, output), weights);
  }

  /** The weight of a batch: the sum of its answers' weights, F64. */
  public static Tensor weight(Task task, Tensor target, @Nullable Tensor weights) {
    long answers = task == Task.SEQUENCE ? target.shape().size() : target.dim(0);
    return weights == null ? Tensor.scalar(DType.F64, answers) : weights.cast(DType.F64).sum();
  }

  /**
   * The weight of the right answers of a batch, a scalar; 0 where no answer is right or wrong.
   *
   * @param weights as {@link #weights} gives them
   */
  public static Tensor hits(
      Loss loss, Task task, Tensor output, Tensor target, @Nullable Tensor weights) {
    if (!task.hasAccuracy()) {
      return Tensor.scalar(DType.F64, 0);
    }
    Tensor predicted;
    if (task == Task.CLASSIFICATION && output.shape().size() == target.shape().size()) {
      Tensor answers = loss.predictions(output).reshape(target.shape());
      predicted = answers.greater(threshold(loss)).cast(target.dtype());
    } else {
      predicted = rows(task, output).argMax(1).reshape(target.shape());
    }
    Tensor right = predicted.equalTo(target);
    return weights == null
        ? right.cast(DType.F32).sum()
        : right.reshape(weights.shape()).cast(DType.F64).times(weights.cast(DType.F64)).sum();
  }

  /** The classes 0 and 1 as −1 and 1 where the loss wants that; any other target as it is. */
  private static Tensor fitted(Loss loss, Task task, Tensor target, Tensor output) {
    if (task == Task.CLASSIFICATION && signed(loss)) {
      return target.cast(output.dtype()).times(2).minus(1);
    }
    return target.dtype().isFloating() ? target.cast(output.dtype()) : target;
  }
}
