package org.cajal.loss;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/**
 * Connectionist temporal classification: the negative log-probability of a sequence of labels under
 * all its alignments with a longer sequence of outputs, where a blank may stand between labels and
 * repetitions fold (A. Graves et al.: "Connectionist temporal classification", ICML 2006). The
 * forward recursion is spelled out over the steps, so the graph grows with T.
 */
public final class ConnectionistTemporalClassification {
  /**
   * ln 0 that stays finite, so that sums of impossible paths have gradients; far below any sum of
   * log-probabilities.
   */
  private static final double IMPOSSIBLE = -1e30;

  private ConnectionistTemporalClassification() {}

  /**
   * The loss of each sequence, or its reduction. The mean divides each loss by its target's length
   * (at least 1), then averages over the sequences.
   *
   * @param logits [T, N, C]
   * @param targets labels, I32 or I64 [N, S]; what lies beyond a target's length does not count
   * @param inputLengths how many of the T steps count, of the targets' type [N]
   * @param targetLengths how many of the S labels count, of the targets' type [N]
   * @param blank the class of the blank, from 0 to C − 1
   * @param zeroInfinity whether a sequence without any alignment has loss 0 instead of infinity
   * @throws CajalException if shapes or types do not fit
   */
  public static Tensor loss(
      Tensor logits,
      Tensor targets,
      Tensor inputLengths,
      Tensor targetLengths,
      int blank,
      boolean zeroInfinity,
      Reduction reduction) {
    require(logits, targets, inputLengths, targetLengths, blank);
    DType type = logits.dtype();
    int steps = logits.dim(0);
    int n = logits.dim(1);
    int states = 2 * targets.dim(1) + 1;
    Tensor labels = states(targets, targetLengths, blank);
    // [N, states, T]: the log-probability of each state's label at each step
    Tensor emitted = logits.logSoftmax(2).transpose(1, 2, 0).gather(labels, 1);
    Tensor none = Tensor.full(type, Shape.of(n, states), IMPOSSIBLE);
    Tensor position = Tensor.range(DType.I32, states).broadcastTo(Shape.of(n, states));
    Tensor skips = skips(labels, blank);
    Tensor paths = Tensor.where(position.less(2), at(emitted, 0), none);
    for (int t = 1; t < steps; t++) {
      Tensor next =
          sum(List.of(paths, shifted(paths, 1), Tensor.where(skips, shifted(paths, 2), none)))
              .plus(at(emitted, t));
      paths = Tensor.where(inputLengths.greater(t).expandDims(1), next, paths);
    }
    Tensor last = targetLengths.times(2).expandDims(1);
    Tensor none1 = Tensor.full(type, Shape.of(n, 1), IMPOSSIBLE);
    Tensor label = paths.gather(last.minus(1).maximum(Tensor.zeros(last.dtype(), last.shape())), 1);
    Tensor end = sum(List.of(paths.gather(last, 1), Tensor.where(last.greater(0), label, none1)));
    Tensor losses = end.reshape(Shape.of(n)).negate();
    Tensor otherwise =
        Tensor.full(type, losses.shape(), zeroInfinity ? 0 : Double.POSITIVE_INFINITY);
    losses = Tensor.where(losses.less(-IMPOSSIBLE / 10), losses, otherwise);
    if (reduction == Reduction.MEAN) {
      Tensor one = Tensor.ones(targetLengths.dtype(), targetLengths.shape());
      return losses.dividedBy(targetLengths.maximum(one).cast(type)).mean();
    }
    return Reductions.reduce(losses, reduction);
  }

  private static void require(
      Tensor logits, Tensor targets, Tensor inputLengths, Tensor targetLengths, int blank) {
    String name = "ctc";
    if (logits.rank() != 3
        || logits.dim(0) < 1
        || targets.rank() != 2
        || targets.dim(0) != logits.dim(1)) {
      throw CajalException.at(
          name,
          "needs logits [T, N, C] and targets [N, S], found "
              + logits.shape()
              + " and "
              + targets.shape());
    }
    if (blank < 0 || blank >= logits.dim(2)) {
      throw CajalException.at(
          name, "the blank is class " + blank + "; it must be from 0 to " + (logits.dim(2) - 1));
    }
    Shape expected = Shape.of(logits.dim(1));
    for (Tensor lengths : List.of(inputLengths, targetLengths)) {
      if (!targets.dtype().isInteger()
          || lengths.dtype() != targets.dtype()
          || !lengths.shape().equals(expected)) {
        throw CajalException.at(
            name,
            "targets and lengths must be integers of one type, lengths "
                + expected
                + "; found "
                + targets.dtype()
                + ", and "
                + lengths.dtype()
                + " "
                + lengths.shape());
      }
    }
  }

  /** blank, label, blank, label, ..., blank; blanks beyond a target's length. */
  private static Tensor states(Tensor targets, Tensor targetLengths, int blank) {
    int n = targets.dim(0);
    int s = targets.dim(1);
    Tensor blanks = Tensor.full(targets.dtype(), targets.shape(), blank);
    Tensor counts = Tensor.range(targets.dtype(), s).less(targetLengths.expandDims(1));
    Tensor labels = Tensor.where(counts, targets, blanks).expandDims(2);
    Tensor pairs =
        Tensor.concatenate(2, List.of(blanks.expandDims(2), labels)).reshape(Shape.of(n, 2 * s));
    return Tensor.concatenate(
        1, List.of(pairs, Tensor.full(targets.dtype(), Shape.of(n, 1), blank)));
  }

  /** Where a path may come from two states before: labels that differ from the one before them. */
  private static Tensor skips(Tensor labels, int blank) {
    Tensor before = shifted(labels, 2, blank);
    return labels.equalTo(before).or(labels.equalTo(blank)).not();
  }

  /** ln Σ e^x of paths. */
  private static Tensor sum(List<Tensor> paths) {
    List<Tensor> columns = paths.stream().map(p -> p.expandDims(-1)).toList();
    return Tensor.concatenate(2, columns).logSumExpKeep(2).squeeze(2);
  }

  private static Tensor shifted(Tensor paths, int by) {
    return shifted(paths, by, IMPOSSIBLE);
  }

  /** Moved to later states along axis 1. */
  private static Tensor shifted(Tensor x, int by, double fill) {
    List<Integer> before = new ArrayList<>(Collections.nCopies(x.rank(), 0));
    before.set(1, by);
    return x.pad(before, Collections.nCopies(x.rank(), 0), fill).slice(1, 0, x.dim(1));
  }

  private static Tensor at(Tensor emitted, int step) {
    return emitted.slice(2, step, step + 1).squeeze(2);
  }
}
