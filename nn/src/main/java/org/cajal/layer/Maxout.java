package org.cajal.layer;

import org.cajal.tensor.Functions;
import org.cajal.tensor.Tensor;

/**
 * The largest of several neighbouring features or channels: x [N, C·pieces, ...] → [N, C, ...],
 * channel c from c·pieces to c·pieces + pieces − 1; ties share the gradient (I. Goodfellow et al.:
 * "Maxout networks", ICML 2013).
 *
 * @param pieces how many, at least 1; divides the channels
 */
public record Maxout(int pieces) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public Maxout {
    Checks.atLeast("maxout", "pieces", pieces, 1);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    scope.requireFloating(x);
    if (x.rank() < 2 || x.dim(1) % pieces != 0) {
      throw scope.error(
          "axis 1 of "
              + x.shape()
              + " does not split into pieces of "
              + pieces
              + "; instead of dense(n), maxout("
              + pieces
              + ") write dense(n * "
              + pieces
              + "), maxout("
              + pieces
              + ")");
    }
    return Functions.maxout(x, pieces, Functions.MaxoutLayout.CONSECUTIVE);
  }
}
