package org.cajal.layer;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/** Attention as plain functions, for layers of one's own. */
public final class Attention {
  /** Stands for −∞ in scores, so that a row in which nothing is allowed stays finite. */
  private static final double NOTHING = -1e30;

  private Attention() {}

  /**
   * Scaled dot-product attention: softmax(q·kᵀ·scale + bias)·v over the allowed keys (A. Vaswani et
   * al.: "Attention is all you need", NIPS 2017). A query to which nothing is allowed gives 0.
   * Where keys and values have fewer heads (axis −3), neighbouring query heads share them (J.
   * Ainslie et al.: "GQA", EMNLP 2023).
   *
   * @param query [..., L, d]
   * @param key [..., S, d]
   * @param value [..., S, e]
   * @param allowed BOOL, broadcast to [..., L, S]: true where a query may see a key; null for
   *     everywhere
   * @param bias added to the scores, broadcast to [..., L, S]; null for none
   * @param causal whether query i sees keys 0 to i only
   * @param scale of the scores, usually 1/√d
   * @return [..., L, e]
   * @throws CajalException if the shapes do not fit
   */
  public static Tensor scaledDotProduct(
      Tensor query,
      Tensor key,
      Tensor value,
      @Nullable Tensor allowed,
      @Nullable Tensor bias,
      boolean causal,
      double scale) {
    if (value.rank() != key.rank() || key.rank() < 2 || key.dim(-2) != value.dim(-2)) {
      throw misfit(query, key, value);
    }
    return weights(query, key, allowed, bias, causal, scale).matmul(shared(value, query));
  }

  /**
   * How much each query looks at each key: softmax(q·kᵀ·scale + bias) over the allowed keys, else
   * 0. Rows add up to 1; but where nothing is allowed they are 0.
   *
   * @param query [..., L, d]
   * @param key [..., S, d]; fewer heads are shared as in {@link #scaledDotProduct}
   * @param allowed as there
   * @param bias as there
   * @return [..., L, S]
   * @throws CajalException if the shapes do not fit
   */
  public static Tensor weights(
      Tensor query,
      Tensor key,
      @Nullable Tensor allowed,
      @Nullable Tensor bias,
      boolean causal,
      double scale) {
    if (query.rank() < 2 || key.rank() != query.rank() || query.dim(-1) != key.dim(-1)) {
      throw misfit(query, key, key);
    }
    Tensor scores = query.matmul(shared(key, query).swapAxes(-1, -2)).times(scale);
    if (bias != null) {
      scores = scores.plus(bias);
    }
    if (causal) {
      // A query always sees the first key, so that no row is without any.
      scores = where(past(query.dim(-2), key.dim(-2)), scores, NOTHING);
    }
    if (allowed == null) {
      return scores.softmax(-1);
    }
    Tensor seen = causal ? both(allowed, past(query.dim(-2), key.dim(-2))) : allowed;
    return where(seen, where(allowed, scores, NOTHING).softmax(-1), 0);
  }

  private static CajalException misfit(Tensor query, Tensor key, Tensor value) {
    return CajalException.at(
        "attention",
        "needs query [..., L, d], key [..., S, d] and value [..., S, e], found "
            + query.shape()
            + ", "
            + key.shape()
            + " and "
            + value.shape());
  }

  private static Tensor where(Tensor condition, Tensor x, double otherwise) {
    return Tensor.where(condition, x, Tensor.scalar(x.dtype(), otherwise));
  }

  /** Consecutive features as heads: [N, T, heads·d] → [N, heads, T, d]. */
  public static Tensor splitHeads(Tensor x, int heads) {
    if (x.rank() != 3 || heads < 1 || x.dim(2) % heads != 0) {
      throw CajalException.at(
          "attention", "needs [N, T, heads·d] for " + heads + " heads, found " + x.shape());
    }
    return x.reshape(x.dim(0), x.dim(1), heads, x.dim(2) / heads).transpose(0, 2, 1, 3);
  }

  /** The opposite of {@link #splitHeads}: [N, heads, T, d] → [N, T, heads·d]. */
  public static Tensor joinHeads(Tensor x) {
    if (x.rank() != 4) {
      throw CajalException.at("attention", "needs [N, heads, T, d], found " + x.shape());
    }
    return x.transpose(0, 2, 1, 3).flatten(2, 3);
  }

  private static Tensor both(Tensor a, Tensor b) {
    Shape common = Shape.broadcast("attention", a.shape(), b.shape());
    return a.broadcastTo(common).and(b.broadcastTo(common));
  }

  /** BOOL [L, S]: true where the key is not after the query. */
  private static Tensor past(int queries, int keys) {
    return Tensor.range(DType.I32, keys)
        .lessOrEqual(Tensor.range(DType.I32, queries).expandDims(1));
  }

  /** Keys or values with as many heads as the queries, each repeated for its neighbours. */
  private static Tensor shared(Tensor x, Tensor query) {
    if (x.rank() < 3 || x.dim(-3) == query.dim(-3) || x.dim(-3) == 1) {
      return x;
    }
    int heads = query.dim(-3);
    if (heads % x.dim(-3) != 0) {
      throw CajalException.at(
          "attention",
          heads
              + " query heads cannot share "
              + x.dim(-3)
              + " heads of keys and values; the latter must divide the former");
    }
    Shape to = x.shape().with(-3, heads);
    Shape wide = x.shape().insert(x.rank() - 2, heads / x.dim(-3));
    return x.expandDims(x.rank() - 2).broadcastTo(wide).reshape(to);
  }

  /**
   * Positions as waves: [t, 2i] = sin(t / base^(2i/size)), [t, 2i + 1] = cos(t / base^(2i/size))
   * (A. Vaswani et al., 2017); an odd size drops the last cosine.
   *
   * @param length the number of positions
   * @param size the length of a vector
   * @param base usually 10000
   * @return [length, size]
   */
  public static Tensor sinusoidalPositions(DType dtype, int length, int size, double base) {
    Tensor angles = angles(dtype, length, (size + 1) / 2, size, base);
    Tensor pairs =
        Tensor.concatenate(2, List.of(angles.sin().expandDims(2), angles.cos().expandDims(2)));
    return pairs.reshape(Shape.of(length, (size + 1) / 2 * 2)).slice(1, 0, size);
  }

  /** t · base^(−2i/size): [length, count], in double precision until the angle is known. */
  private static Tensor angles(DType dtype, int length, int count, int size, double base) {
    double[] frequencies = new double[count];
    for (int i = 0; i < count; i++) {
      frequencies[i] = Math.pow(base, -2.0 * i / size);
    }
    double turn = 2 * Math.PI;
    Tensor angles = Tensor.range(DType.F64, length).expandDims(1).times(Tensor.of(frequencies));
    return angles.minus(angles.times(1 / turn).floor().times(turn)).cast(dtype);
  }

  /** Which numbers of a vector turn together in {@link #rotary}. */
  public enum RotaryPairs {
    /** i and i + size/2. */
    HALVES,
    /** 2i and 2i + 1. */
    NEIGHBOURS
  }

  /**
   * Rotary positions: pair i of the vector at position t is turned by the angle t·base^(−2i/size),
   * (a, b) → (a·cos − b·sin, a·sin + b·cos) (J. Su et al.: "RoFormer", 2021).
   *
   * @param x [B, T, heads, size], an even size
   * @param base usually 10000
   */
  public static Tensor rotary(Tensor x, RotaryPairs pairs, double base) {
    if (x.rank() != 4 || x.dim(3) % 2 != 0) {
      throw CajalException.at("rotary", "needs [B, T, heads, an even size], found " + x.shape());
    }
    int half = x.dim(3) / 2;
    boolean halves = pairs == RotaryPairs.HALVES;
    Shape split = x.shape().with(3, halves ? 2 : half).insert(4, halves ? half : 2);
    int axis = halves ? 3 : 4;
    Tensor parts = x.reshape(split);
    Tensor a = parts.slice(axis, 0, 1).squeeze(axis);
    Tensor b = parts.slice(axis, 1, 2).squeeze(axis);
    Tensor angles = angles(x.dtype(), x.dim(1), half, x.dim(3), base).expandDims(1);
    Tensor cos = angles.cos();
    Tensor sin = angles.sin();
    Tensor turnedA = a.times(cos).minus(b.times(sin)).expandDims(axis);
    Tensor turnedB = a.times(sin).plus(b.times(cos)).expandDims(axis);
    return Tensor.concatenate(axis, List.of(turnedA, turnedB)).reshape(x.shape());
  }

  /**
   * Linear biases for causal attention: [h, i, j] = −2^(−8(h + 1)/heads)·(i − j) for j ≤ i, else 0
   * (O. Press, N. Smith, M. Lewis: "Train short, test long", ICLR 2022).
   *
   * @param heads a power of two
   * @return [heads, length, length]
   */
  public static Tensor linearBiases(DType dtype, int heads, int length) {
    if (Integer.bitCount(heads) != 1 || heads < 1) {
      throw CajalException.at(
          "alibi", "there are " + heads + " heads; their number must be a power of two");
    }
    double[] slopes = new double[heads];
    for (int h = 0; h < heads; h++) {
      slopes[h] = -Math.pow(2, -8.0 * (h + 1) / heads);
    }
    Tensor positions = Tensor.range(dtype, length);
    Tensor distance = positions.expandDims(1).minus(positions).relu();
    return Tensor.of(slopes).cast(dtype).reshape(heads, 1, 1).times(distance);
  }
}
