package org.cajal.init;

/** Which fan an initialiser keeps the variance by. */
public enum FanMode {
  /** Fan-in: the variance of activations stays the same on the way forward. */
  FAN_IN,
  /** Fan-out: the variance of gradients stays the same on the way back. */
  FAN_OUT;

  /** The fan of this mode. */
  public long of(Fans fans) {
    return this == FAN_IN ? fans.in() : fans.out();
  }
}
