package org.cajal.layer;

import org.cajal.init.Fans;
import org.cajal.init.Initializer;
import org.cajal.tensor.Tensor;
import org.cajal.type.Shape;

/**
 * Adds a learned vector for each position: x [N, T, size] → x + weight[0 to T − 1] (J. Gehring et
 * al.: "Convolutional sequence to sequence learning", ICML 2017). Parameter: "weight" [length,
 * size].
 *
 * @param length the most positions that a sequence has
 * @param weights the start of the vectors
 */
public record PositionEmbedding(int length, Initializer weights) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if there are no positions
   */
  public PositionEmbedding {
    Checks.atLeast("position embedding", "length", length, 1);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    if (x.rank() != 3 || x.dim(1) > length || x.dim(2) < 1) {
      throw scope.error(
          "needs sequences [N, steps, features] of at most "
              + length
              + " steps, found "
              + x.shape()
              + "; cut them, or write positionEmbedding("
              + (x.rank() == 3 ? Math.max(1, x.dim(1)) : "...")
              + ")");
    }
    int size = x.dim(2);
    Tensor weight =
        scope.parameter("weight", Shape.of(length, size), weights, Fans.dense(size, length));
    return x.plus(weight.slice(0, 0, x.dim(1)));
  }
}
