package org.cajal.loss;

import org.cajal.tensor.Functions;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Losses that want a distance rather than a probability: margins for classes of targets −1 and 1,
 * rankings and embeddings. At the kink of max(0, ·) the gradient is 0, but for the perceptron's.
 */
public final class MarginLosses {
  private MarginLosses() {}

  /**
   * The perceptron criterion max(0, −t·x) (F. Rosenblatt: "The perceptron", 1958): its gradient
   * step is the perceptron rule. The gradient at 0 is −t, since a neuron that cannot decide is
   * wrong; so weights may start at 0.
   *
   * @param x weighted sums
   * @param target −1 or 1, of x's shape
   */
  public static Tensor perceptron(Tensor x, Tensor target, Reduction reduction) {
    Tensor agreement = x.times(Reductions.fitted("perceptron", x, target));
    Tensor losses =
        Tensor.where(
            agreement.lessOrEqual(0), agreement.negate(), Tensor.zeros(x.dtype(), x.shape()));
    return Reductions.reduce(losses, reduction);
  }

  /**
   * max(0, margin − t·x), the loss of support vector machines.
   *
   * @param target −1 or 1, of x's shape
   */
  public static Tensor hinge(Tensor x, Tensor target, double margin, Reduction reduction) {
    return Reductions.reduce(shortfall("hinge", x, target, margin), reduction);
  }

  /**
   * max(0, margin − t·x)².
   *
   * @param target −1 or 1, of x's shape
   */
  public static Tensor squaredHinge(Tensor x, Tensor target, double margin, Reduction reduction) {
    return Reductions.reduce(shortfall("squared hinge", x, target, margin).square(), reduction);
  }

  private static Tensor shortfall(String name, Tensor x, Tensor target, double margin) {
    return x.times(Reductions.fitted(name, x, target)).negate().plus(margin).relu();
  }

  /**
   * ln(1 + e^(−t·x)), logistic regression with targets −1 and 1; stable for any x.
   *
   * @param target −1 or 1, of x's shape
   */
  public static Tensor softMargin(Tensor x, Tensor target, Reduction reduction) {
    Tensor t = Reductions.fitted("soft margin", x, target);
    return Reductions.reduce(Functions.softplus(x.times(t).negate()), reduction);
  }

  /**
   * x where t = 1, max(0, margin − x) where t = −1: distances of like and unlike pairs.
   *
   * @param x distances
   * @param target −1 or 1, of x's shape
   */
  public static Tensor hingeEmbedding(Tensor x, Tensor target, double margin, Reduction reduction) {
    Tensor like = Reductions.fitted("hinge embedding", x, target).greater(0);
    return Reductions.reduce(Tensor.where(like, x, x.negate().plus(margin).relu()), reduction);
  }

  /**
   * Σ over the wrong classes of w[t]·max(0, margin − x[t] + x[c])^power / C for each sample.
   *
   * @param x scores [N, C]
   * @param target classes, I32 or I64 [N]
   * @param power 1 or 2
   * @param classWeights w, [C], or null for ones
   */
  public static Tensor multiMargin(
      Tensor x,
      Tensor target,
      int power,
      double margin,
      @Nullable Tensor classWeights,
      Reduction reduction) {
    if (x.rank() != 2
        || !target.dtype().isInteger()
        || !target.shape().equals(Shape.of(x.dim(0)))) {
      throw CajalException.at(
          "multi margin",
          "needs scores [N, C] and classes I32 or I64 [N], found "
              + x.shape()
              + " and "
              + target.dtype()
              + " "
              + target.shape());
    }
    if (power != 1 && power != 2) {
      throw CajalException.at("multi margin", "the power is " + power + "; allowed are 1 and 2");
    }
    Tensor right = x.gather(target, 1).expandDims(1);
    Tensor excess = x.minus(right).plus(margin).relu();
    Tensor cost = power == 1 ? excess : excess.square();
    Tensor wrong = target.oneHot(x.dim(1), x.dtype()).equalTo(0);
    Tensor losses =
        Tensor.where(wrong, cost, Tensor.zeros(x.dtype(), x.shape())).sum(1).times(1.0 / x.dim(1));
    return Reductions.reduce(
        classWeights == null ? losses : losses.times(classWeights.take(target, 0)), reduction);
  }

  /**
   * The mean over the classes of w[c]·(binary cross-entropy from logits) for each sample.
   *
   * @param logits [N, C]
   * @param target 0 or 1, [N, C]
   * @param classWeights w, [C], or null for ones
   */
  public static Tensor multilabelSoftMargin(
      Tensor logits, Tensor target, @Nullable Tensor classWeights, Reduction reduction) {
    Tensor losses =
        Losses.binaryCrossEntropyFromLogits(logits, target, null, classWeights, Reduction.NONE);
    return Reductions.reduce(losses.mean(-1), reduction);
  }

  /**
   * max(0, −t·(x1 − x2) + margin): the first is to be larger where t = 1, the second where t = −1.
   *
   * @param x1 scores
   * @param x2 scores, of the same shape
   * @param target −1 or 1, of the same shape
   */
  public static Tensor marginRanking(
      Tensor x1, Tensor x2, Tensor target, double margin, Reduction reduction) {
    Tensor t = Reductions.fitted("margin ranking", x1, target);
    Tensor difference = x1.minus(Reductions.fitted("margin ranking", x1, x2));
    return Reductions.reduce(t.times(difference).negate().plus(margin).relu(), reduction);
  }

  /**
   * 1 − cos(x1, x2) where t = 1, max(0, cos(x1, x2) − margin) where t = −1.
   *
   * @param x1 vectors [N, D]
   * @param x2 vectors [N, D]
   * @param target −1 or 1, [N]
   */
  public static Tensor cosineEmbedding(
      Tensor x1, Tensor x2, Tensor target, double margin, Reduction reduction) {
    Tensor b = Reductions.fitted("cosine embedding", x1, x2);
    Tensor norms = x1.square().sum(-1).plus(1e-12).times(b.square().sum(-1).plus(1e-12)).sqrt();
    Tensor cosine = x1.times(b).sum(-1).dividedBy(norms);
    Tensor like = Reductions.fitted("cosine embedding", cosine, target).greater(0);
    Tensor losses = Tensor.where(like, cosine.negate().plus(1), cosine.minus(margin).relu());
    return Reductions.reduce(losses, reduction);
  }

  /**
   * max(0, d(anchor, positive) − d(anchor, negative) + margin) with the distance d(a, b) = ‖a − b +
   * ε‖ in the p-norm (V. Balntas et al.: "Learning local feature descriptors with triplets", BMVC
   * 2016).
   *
   * @param anchor vectors [N, D]
   * @param positive vectors like the anchors, [N, D]
   * @param negative vectors unlike the anchors, [N, D]
   * @param p of the norm, at least 1
   * @param swap whether the smaller of d(anchor, negative) and d(positive, negative) counts
   * @param epsilon ε, which keeps the norm's gradient finite
   */
  public static Tensor tripletMargin(
      Tensor anchor,
      Tensor positive,
      Tensor negative,
      double margin,
      double p,
      boolean swap,
      double epsilon,
      Reduction reduction) {
    Tensor near = distance(anchor, positive, p, epsilon);
    Tensor far = distance(anchor, negative, p, epsilon);
    if (swap) {
      far = far.minimum(distance(positive, negative, p, epsilon));
    }
    return Reductions.reduce(near.minus(far).plus(margin).relu(), reduction);
  }

  private static Tensor distance(Tensor a, Tensor b, double p, double epsilon) {
    Tensor d = a.minus(Reductions.fitted("triplet margin", a, b)).plus(epsilon);
    if (p == 1) {
      return d.abs().sum(-1);
    }
    return p == 2 ? d.square().sum(-1).sqrt() : d.abs().power(p).sum(-1).power(1 / p);
  }
}
