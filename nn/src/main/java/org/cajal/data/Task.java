package org.cajal.data;

/** What is to be learned: one of several classes, or numbers. */
public enum Task {
  /** One class of a fixed list; targets are class indices, I32 [N]. */
  CLASSIFICATION,
  /** Numbers; targets are F32 [N, ...]. */
  REGRESSION,
  /** The next symbol at each position of a text; targets are symbol indices, I32 [N, T]. */
  SEQUENCE
}
