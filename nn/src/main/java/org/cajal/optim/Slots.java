package org.cajal.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cajal.op.Variable;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What an optimiser remembers from step to step, under names such as {@code momentum/0/weight}:
 * made on first use, found again by every later program of the same training, saved in checkpoints.
 * Safe from any number of threads.
 */
public final class Slots {
  private final @Nullable Map<String, NDArray> saved;
  private final Map<String, Variable> variables = new LinkedHashMap<>();

  private Slots(@Nullable Map<String, NDArray> saved) {
    this.saved = saved;
  }

  /** The slots of a new training: none yet. */
  public Slots() {
    this(null);
  }

  /**
   * The slots of a checkpoint: each one that the optimiser asks for takes its value from there, and
   * must be there.
   */
  public static Slots restored(Map<String, NDArray> values) {
    return new Slots(new LinkedHashMap<>(values));
  }

  /**
   * A slot of a parameter's type and shape.
   *
   * @param kind what it holds, for example {@code momentum}
   * @param initial its first value
   */
  public Tensor of(String kind, Tensor parameter, double initial) {
    return slot(kind, parameter, parameter.dtype(), parameter.shape(), initial);
  }

  /** A slot of one number for a parameter. */
  public Tensor scalar(String kind, Tensor parameter, DType dtype, double initial) {
    return slot(kind, parameter, dtype, Shape.SCALAR, initial);
  }

  private synchronized Tensor slot(
      String kind, Tensor parameter, DType dtype, Shape shape, double initial) {
    String name = kind + "/" + parameter.variable().name();
    Variable variable = variables.get(name);
    if (variable == null) {
      variable = first(name, dtype, shape, initial);
      variables.put(name, variable);
    } else if (variable.dtype() != dtype || !variable.shape().equals(shape)) {
      throw new CajalException(
          "[optimizer] the slot "
              + variable
              + " does not fit its parameter "
              + dtype
              + " "
              + shape
              + "; a training needs slots of its own");
    }
    return Tensor.of(variable);
  }

  private Variable first(String name, DType dtype, Shape shape, double initial) {
    if (saved == null && initial == 0) {
      // Its memory is made when a run needs it: one that does not fit is refused before.
      return new Variable(name, dtype, shape);
    }
    if (saved == null) {
      NDArray value = NDArray.zeros(dtype, shape);
      for (long i = 0; i < value.size(); i++) {
        value.set(i, initial);
      }
      return Variable.over(name, value);
    }
    NDArray value = saved.get(name);
    if (value == null || value.dtype() != dtype || !value.shape().equals(shape)) {
      throw new CajalException(
          "[optimizer] the checkpoint has "
              + (value == null
                  ? "no slot \"" + name + "\""
                  : "the slot \"" + name + "\" as " + value.dtype() + " " + value.shape())
              + ", but "
              + dtype
              + " "
              + shape
              + " is needed; it belongs to another optimiser or model");
    }
    return new Variable(name, value);
  }

  /** All slots in the order of first use; their names are unique. */
  public synchronized List<Variable> all() {
    return new ArrayList<>(variables.values());
  }

  /** All values by name where they live: the next run of a training step changes them. */
  public Map<String, NDArray> live() {
    Map<String, NDArray> out = new LinkedHashMap<>();
    all().forEach(v -> out.put(v.name(), v.value()));
    return out;
  }
}
