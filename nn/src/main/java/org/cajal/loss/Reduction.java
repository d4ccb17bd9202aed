package org.cajal.loss;

/** What becomes of the losses of the single elements or samples. */
public enum Reduction {
  /** They stay as they are. */
  NONE,
  /** Their mean, a scalar; each loss says what it divides by. */
  MEAN,
  /** Their sum, a scalar. */
  SUM
}
