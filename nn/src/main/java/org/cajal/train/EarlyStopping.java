package org.cajal.train;

import org.cajal.type.CajalException;

/**
 * Ends a training when epochs no longer help, and gives back the weights of the best one (L.
 * Prechelt: "Early stopping — but when?", 1998).
 *
 * @param monitor what is watched; on the validation rows, or without such on the training rows
 * @param patience epochs in a row without an improvement after which training ends, at least 1
 * @param minimumChange the least improvement that counts, in the monitor's own unit
 */
public record EarlyStopping(Monitor monitor, int patience, double minimumChange) {
  /** What is watched. */
  public enum Monitor {
    /** The loss, which should fall. */
    LOSS,
    /** The share of right classes, which should rise; of equal ones the lower loss is better. */
    ACCURACY
  }

  /**
   * Checks the setting.
   *
   * @throws CajalException if a number is out of range
   */
  public EarlyStopping {
    if (patience < 1) {
      throw new CajalException(
          "[train] the patience is " + patience + " epochs; at least 1 is needed");
    }
    if (!(minimumChange >= 0 && minimumChange < Double.POSITIVE_INFINITY)) {
      throw new CajalException(
          "[train] the minimum change is "
              + minimumChange
              + "; it must be 0 or larger, and finite");
    }
  }

  /** By the loss. */
  public static EarlyStopping after(int patience) {
    return new EarlyStopping(Monitor.LOSS, patience, 0);
  }
}
