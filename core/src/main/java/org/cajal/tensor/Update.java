package org.cajal.tensor;

import org.cajal.op.Variable;
import org.cajal.type.CajalException;

/**
 * What a variable is to be after a run. All updates of a program see the values that variables had
 * when the run began.
 *
 * @param variable the variable
 * @param value its next value, of its type and shape
 */
public record Update(Variable variable, Tensor value) {
  /** An update that fits its variable, or an error. */
  public Update {
    if (value.dtype() != variable.dtype() || !value.shape().equals(variable.shape())) {
      throw CajalException.at(
          "update", variable + " cannot take " + value.dtype() + " " + value.shape());
    }
  }
}
