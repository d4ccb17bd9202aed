package org.cajal.layer;

import java.util.List;
import org.cajal.init.Fans;
import org.cajal.init.Initializer;
import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Every step of a sequence looks at all others, or at those before it: x [N, T, size] → [N, T,
 * size] (A. Vaswani et al.: "Attention is all you need", NIPS 2017). Queries, keys and values are x
 * · weight + bias, each cut into heads of consecutive features; {@link Attention#scaledDotProduct}
 * of each head, side by side, is multiplied by the output's weight. Parameters: "weight" [size,
 * 3·size] with the columns of queries, keys and values in turn, "bias" [3·size], "output/weight"
 * [size, size] and "output/bias" [size]; biases start at 0.
 *
 * @param heads divides the size
 * @param causal whether step i sees steps 0 to i only
 * @param bias whether queries, keys and values have a bias
 * @param outputBias whether the output has a bias
 * @param dropout the share of weights of attention that training sets to 0, from 0 to less than 1
 * @param weights the start of all weights
 */
public record MultiHeadAttention(
    int heads,
    boolean causal,
    boolean bias,
    boolean outputBias,
    double dropout,
    Initializer weights)
    implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public MultiHeadAttention {
    Checks.atLeast("multi-head attention", "heads", heads, 1);
    Checks.probability("multi-head attention", "dropout", dropout);
  }

  /** This with every step seeing those before it only, or all. */
  public MultiHeadAttention withCausal(boolean whether) {
    return new MultiHeadAttention(heads, whether, bias, outputBias, dropout, weights);
  }

  /** This with or without biases. */
  public MultiHeadAttention withBias(boolean ofProjections, boolean ofOutput) {
    return new MultiHeadAttention(heads, causal, ofProjections, ofOutput, dropout, weights);
  }

  /** This with another dropout. */
  public MultiHeadAttention withDropout(double rate) {
    return new MultiHeadAttention(heads, causal, bias, outputBias, rate, weights);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    return apply(x, x, null, scope);
  }

  /**
   * Attention of one sequence over another, or over itself, where some steps may be hidden.
   *
   * @param x the queries' side [N, L, size]
   * @param memory the keys' and values' side [N, S, size]; x for self-attention
   * @param allowed BOOL, broadcast to [N, heads, L, S]: true where a step of x may see a step of
   *     memory; [N, 1, 1, S] hides padding; null for everywhere
   * @return [N, L, size]
   * @throws org.cajal.type.CajalException if the shapes do not fit
   */
  public Tensor apply(Tensor x, Tensor memory, @Nullable Tensor allowed, Scope scope) {
    scope.requireFloating(x);
    int size = x.rank() == 3 ? x.dim(2) : 0;
    if (size < 1 || size % heads != 0 || memory.rank() != 3 || memory.dim(2) != size) {
      throw scope.error(
          "needs sequences [N, steps, size] whose size "
              + heads
              + " heads divide, found "
              + x.shape()
              + (memory.equals(x) ? "" : " and " + memory.shape()));
    }
    Tensor weight =
        scope.parameter("weight", Shape.of(size, 3 * size), weights, Fans.dense(size, size));
    Tensor shift = bias ? scope.parameter("bias", Shape.of(3 * size), Initializer.zeros()) : null;
    Tensor query;
    Tensor keyValue;
    if (memory.equals(x)) {
      Tensor all = projected(x, weight, shift);
      query = all.slice(0, 0, 1);
      keyValue = all.slice(0, 1, 3);
    } else {
      query =
          projected(x, weight.slice(1, 0, size), shift == null ? null : shift.slice(0, 0, size));
      keyValue =
          projected(
              memory,
              weight.slice(1, size, 3 * size),
              shift == null ? null : shift.slice(0, size, 3 * size));
    }
    Tensor seen =
        Attention.weights(
            query.squeeze(0),
            keyValue.select(0, 0),
            allowed,
            null,
            causal,
            1 / Math.sqrt(query.dim(-1)));
    if (dropout > 0) {
      seen = scope.apply("dropout", new Dropout(dropout), seen);
    }
    Tensor out = Attention.joinHeads(seen.matmul(keyValue.select(0, 1)));
    return scope.apply("output", new Dense(size, outputBias, weights), out);
  }

  /** x [N, T, size] → [k, N, heads, T, size/heads] for weights [size, k·size]. */
  private Tensor projected(Tensor x, Tensor weight, @Nullable Tensor shift) {
    Tensor y = x.matmul(weight);
    Tensor shifted = shift == null ? y : y.plus(shift);
    int size = x.dim(2);
    return shifted
        .reshape(new Shape(List.of(x.dim(0), x.dim(1), weight.dim(1) / size, heads, size / heads)))
        .transpose(2, 0, 3, 1, 4);
  }
}
