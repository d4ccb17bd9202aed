package org.cajal.emit;

import org.cajal.type.DType;

/**
 * A value in generated code: a local variable that is written once, or a scalar constant that has
 * none.
 *
 * @param type the element type; a vector of BOOL is a mask over floating lanes
 * @param vector whether it has a value for each lane
 * @param slot the local variable, −1 for a constant
 * @param constant the value of a constant
 */
record Value(DType type, boolean vector, int slot, double constant) {
  static Value scalar(DType type, int slot) {
    return new Value(type, false, slot, 0);
  }

  static Value vector(DType type, int slot) {
    return new Value(type, true, slot, 0);
  }

  static Value constant(DType type, double value) {
    return new Value(type, false, -1, value);
  }

  boolean isConstant() {
    return slot < 0;
  }
}
