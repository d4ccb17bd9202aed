package org.cajal.layer;

import org.cajal.tensor.Tensor;

/**
 * Some features of the last axis: x [..., n] → [..., to − from]. With {@link Parallel} and {@link
 * Embedding}, categories that stand as whole numbers beside other columns of a table get vectors of
 * their own.
 *
 * @param from the first column, from 0
 * @param to one past the last column
 */
public record Columns(int from, int to) implements Layer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if the columns are none
   */
  public Columns {
    Checks.atLeast("columns", "from", from, 0);
    Checks.atLeast("columns", "to", to, from + 1);
  }

  @Override
  public Tensor apply(Tensor x, Scope scope) {
    if (x.rank() < 1 || x.dim(-1) < to) {
      throw scope.error("columns " + from + " to " + (to - 1) + " are wanted, found " + x.shape());
    }
    return x.slice(-1, from, to);
  }
}
