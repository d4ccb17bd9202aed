package org.cajal.data;

/** How numbers are brought to a common scale. */
public enum NumberScaling {
  /** Less the mean, divided by the standard deviation, of the training rows. */
  STANDARD,
  /**
   * {@code sign(x) log(1 + |x|)}, then as {@link #STANDARD}: for sizes, amounts and counts with a
   * long tail.
   */
  LOGARITHM,
  /**
   * Less the median, divided by the distance of the quartiles, then bent softly into (-3, 3) by
   * {@code z / sqrt(1 + (z/3)²)}: far values stay apart without ruling the network (D. Holzmüller,
   * L. Grinsztajn, I. Steinwart, "Better by default: strong pre-tuned MLPs and boosted trees on
   * tabular data", NeurIPS 2024).
   */
  ROBUST
}
