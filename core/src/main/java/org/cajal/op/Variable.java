package org.cajal.op;

import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A cell whose value lives across runs and is updated in place: a parameter, a running statistic,
 * an optimiser's slot. Equal by identity. The memory is made on first use and shared by all
 * programs that name the variable.
 */
public final class Variable {
  private final String name;
  private final DType dtype;
  private final Shape shape;
  private @Nullable NDArray value;

  /** A variable of zeros. */
  public Variable(String name, DType dtype, Shape shape) {
    this.name = name;
    this.dtype = dtype;
    this.shape = shape;
  }

  /** A variable with a first value, which is copied. */
  public Variable(String name, NDArray initial) {
    this(name, initial.dtype(), initial.shape());
    value = initial.copy();
  }

  /** A variable whose first value is an array that the caller gives up: it is not copied. */
  public static Variable over(String name, NDArray initial) {
    Variable variable = new Variable(name, initial.dtype(), initial.shape());
    variable.value = initial;
    return variable;
  }

  /** The name in files and messages, a path such as {@code 0/weight}. */
  public String name() {
    return name;
  }

  /** The element type. */
  public DType dtype() {
    return dtype;
  }

  /** The shape. */
  public Shape shape() {
    return shape;
  }

  /** The live value: programs write here. Copy it to keep it. */
  public synchronized NDArray value() {
    NDArray v = value;
    if (v == null) {
      v = NDArray.zeros(dtype, shape);
      value = v;
    }
    return v;
  }

  /**
   * Overwrites the value.
   *
   * @throws org.cajal.type.CajalException if type or shape differ
   */
  public void set(NDArray newValue) {
    value().copyFrom(newValue);
  }

  @Override
  public String toString() {
    return name + " " + dtype + " " + shape;
  }
}
