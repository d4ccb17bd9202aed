package org.cajal.metric;

/** How one number is made of one number for each class. */
public enum Average {
  /** The ratio of sums over all classes: each sample counts the same. */
  MICRO,
  /** The mean over classes: each class counts the same, also one without samples. */
  MACRO,
  /** The mean over classes, weighted by how many samples each has. */
  WEIGHTED
}
