package org.cajal.layer;

/** What a forward pass is for. */
public enum Mode {
  /** Batch statistics, dropout and noise are on; running statistics are updated. */
  TRAINING,
  /** A function of input and parameters alone: the same input gives the same output. */
  EVALUATION
}
