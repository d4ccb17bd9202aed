package org.cajal.compile;

import org.cajal.op.Node;

/**
 * One value that a loop nest computes and stores.
 *
 * @param node the value
 * @param kind over which of the nest's loops it is computed
 * @param target where it is stored
 * @param computed whether the node's own operation is done here; else the node lies in memory
 *     already (or is inlined) and is copied
 */
record Member(Node node, Kind kind, Target target, boolean computed) {
  /** The loops of a member. */
  enum Kind {
    /** All of them: one element for each index. */
    FULL,
    /** A reduction over the inner ones. */
    FOLD,
    /** The outer ones: one element for each row. */
    KEPT
  }

  /**
   * A place to store to.
   *
   * @param home the buffer
   * @param start in elements
   * @param strides in elements, one for each axis of the node
   */
  record Target(Home home, long start, long[] strides) {}
}
