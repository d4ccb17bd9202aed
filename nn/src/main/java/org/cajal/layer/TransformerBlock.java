package org.cajal.layer;

import org.cajal.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Attention and a network of two dense layers, each with a shortcut past it and a {@link
 * LayerNormalization}: x [N, T, size] → [N, T, size]. With the norm before, x ← x +
 * attention(norm1(x)), x ← x + mlp(norm2(x)) (R. Xiong et al.: "On layer normalization in the
 * transformer architecture", ICML 2020); with the norm after, x ← norm1(x + attention(x)), x ←
 * norm2(x + mlp(x)) (A. Vaswani et al.: "Attention is all you need", NIPS 2017), where mlp is
 * dense(hidden), the activation, dense(size). Paths: {@code attention}, {@code norm1}, {@code
 * norm2}, {@code expand}, {@code contract}; all weights start like those of the attention.
 *
 * @param attention with its heads, and whether it is causal
 * @param hidden the units of the first dense layer, usually 4·size
 * @param activation after the first dense layer
 * @param normFirst whether the norms stand before attention and mlp, or after the sums
 * @param dropout the share of zeros in what is added, from 0 to less than 1
 */
public record TransformerBlock(
    MultiHeadAttention attention, int hidden, Layer activation, boolean normFirst, double dropout)
    implements Layer {
  private static final LayerNormalization NORM = Layers.layerNormalization();

  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public TransformerBlock {
    Checks.atLeast("transformer block", "hidden", hidden, 1);
    Checks.probability("transformer block", "dropout", dropout);
  }

  /** This with the norms before, or after. */
  public TransformerBlock withNormFirst(boolean whether) {
    return new TransformerBlock(attention, hidden, activation, whether, dropout);
  }

  /** This with another activation. */
  public TransformerBlock withActivation(Layer other) {
    return new TransformerBlock(attention, hidden, other, normFirst, dropout);
  }

  /** This with another dropout, in attention too. */
  public TransformerBlock withDropout(double rate) {
    return new TransformerBlock(attention.withDropout(rate), hidden, activation, normFirst, rate);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    return apply(x, null, scope);
  }

  /**
   * The block where some steps are hidden.
   *
   * @param allowed as for {@link MultiHeadAttention}; null for everywhere
   */
  public Tensor apply(Tensor x, @Nullable Tensor allowed, Scope scope) {
    scope.requireFloating(x);
    if (x.rank() != 3) {
      throw scope.error("needs sequences [N, steps, size], found " + x.shape());
    }
    Tensor seen = normFirst ? scope.apply("norm1", NORM, x) : x;
    Tensor attended =
        allowed == null
            ? scope.apply("attention", attention, seen)
            : attention.apply(seen, seen, allowed, scope.at("attention"));
    Tensor y = x.plus(dropped("dropout1", attended, scope));
    y = normFirst ? y : scope.apply("norm1", NORM, y);
    Tensor thought = normFirst ? scope.apply("norm2", NORM, y) : y;
    thought = scope.apply("expand", new Dense(hidden, true, attention.weights()), thought);
    thought = scope.apply("activation", activation, thought);
    thought = scope.apply("contract", new Dense(x.dim(2), true, attention.weights()), thought);
    Tensor z = y.plus(dropped("dropout2", thought, scope));
    return normFirst ? z : scope.apply("norm2", NORM, z);
  }

  private Tensor dropped(String name, Tensor x, Scope scope) {
    return dropout == 0 ? x : scope.apply(name, new Dropout(dropout), x);
  }
}
