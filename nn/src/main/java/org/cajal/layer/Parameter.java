package org.cajal.layer;

import org.cajal.op.Variable;

/**
 * One array that a model owns.
 *
 * @param path where it belongs, for example {@code 0/weight}; unique in the model, and the
 *     variable's name
 * @param variable its numbers
 * @param learned true for a parameter, false for other state such as running statistics
 * @param frozen whether training leaves it alone
 */
public record Parameter(String path, Variable variable, boolean learned, boolean frozen) {
  /** Whether an optimiser changes it. */
  public boolean trainable() {
    return learned && !frozen;
  }
}
