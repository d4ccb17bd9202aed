package org.cajal.data;

/** What is to be learned: one of several classes, numbers, or more than one thing at once. */
public enum Task {
  /** One class of a fixed list; targets are class indices, I32 [N]. */
  CLASSIFICATION,
  /** Numbers; targets are F32 [N, ...]. */
  REGRESSION,
  /** The next symbol at each position of a text; targets are symbol indices, I32 [N, T]. */
  SEQUENCE,
  /**
   * Any of a fixed list of labels, also none or all of them; targets are F32 [N, labels], 1 where a
   * label is there and else 0.
   */
  MULTILABEL,
  /**
   * Several targets, each a number or a class; targets are F32 [N, targets], classes as indices.
   */
  MULTIOUTPUT;

  /** Whether an answer is one of the classes, so that a share of right ones is counted. */
  public boolean hasAccuracy() {
    return this == CLASSIFICATION || this == SEQUENCE;
  }
}
