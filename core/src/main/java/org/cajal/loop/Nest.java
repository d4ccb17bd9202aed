package org.cajal.loop;

import java.util.List;
import org.cajal.op.Op;
import org.cajal.type.DType;

/**
 * The structure of one generated kernel, without its numbers: loops over the outer axes; within
 * them stages, each either done once for an outer index or looped over the inner axes. Sizes,
 * offsets and strides come with a {@link Binding}, so that equal nests of different shapes share
 * one class. Axes are numbered outermost first: the outer ones, then the inner ones.
 *
 * <p>Values are numbered from 0 in the order in which steps and reductions are listed over all
 * stages. A step may use values of earlier {@link Once} stages, results of earlier reductions, and
 * earlier steps of its own stage; steps of an earlier {@link Each} stage are out of scope. All
 * stages of one outer index are done before the next outer index begins.
 *
 * <p>Order of memory accesses. Within one element of a stage reads come before stores; stages of
 * one outer index run in order, so that a stage may read what an earlier one stored. Nothing else
 * is promised: a read must not see what another element of the same stage, or another outer index,
 * stores. So a read with stride NONE along an axis may be done before the loop over that axis. The
 * same element may be read and stored under two accesses (an update in place).
 *
 * <p>Extents are below 2^31 on every axis; on axis 0 between two cuts.
 *
 * <p>A softmax over the last axis, as an example: outer = 1, inner = 1; Each(load x; reduce max);
 * Each(load x, subtract, exp; reduce sum); Each(load x, subtract, exp, divide; store).
 *
 * @param outer the number of outer axes
 * @param inner the number of inner axes, over which {@link Each} stages loop; 0 is allowed when
 *     there is no such stage
 * @param vector which axis is done in vector lanes
 * @param accesses the reads and writes of memory
 * @param stages what is done for each outer index, in order
 */
public record Nest(
    int outer, int inner, Vectorized vector, List<Access> accesses, List<Stage> stages) {
  /**
   * Which axis runs along the lanes. A wish: the emitter writes scalar code, with the same
   * elementwise bits, where vectors are missing, where types of 4 and 8 bytes mix, for functions of
   * F64 that are not arithmetic, and for INNER stages with more folds than a method returns (one,
   * or two of 4 bytes).
   */
  public enum Vectorized {
    /** None: scalar code. Any types and strides are allowed. */
    NONE,
    /**
     * The last inner axis: values of Each stages are vectors, those of Once stages and results of
     * reductions are scalars, which broadcast where an Each stage uses them. Accesses in Each
     * stages have stride NONE or UNIT along that axis.
     */
    INNER,
    /**
     * The last outer axis: all values are vectors. Every access has stride NONE or UNIT along that
     * axis, every store UNIT.
     */
    OUTER
  }

  /** How far apart neighbours along an axis are in memory. */
  public enum Stride {
    /** 0: the same element. */
    NONE,
    /** One element. */
    UNIT,
    /** Any number of bytes, given by the binding. */
    ANY
  }

  /**
   * A place in memory that is read or written.
   *
   * @param type the stored element type
   * @param strides one for each axis
   * @param offsets the number of an access of I64 whose element is how many bytes further this one
   *     lies, as where rows are read by index; it does not move along the last axis or the lanes.
   *     {@link #NO_OFFSETS} if there is none
   */
  public record Access(DType type, List<Stride> strides, int offsets) {
    /** Marks an access that lies where its strides say. */
    public static final int NO_OFFSETS = -1;

    /** An access that lies where its strides say. */
    public Access(DType type, List<Stride> strides) {
      this(type, strides, NO_OFFSETS);
    }

    /** Whether the offsets of another access are added. */
    public boolean hasOffsets() {
      return offsets != NO_OFFSETS;
    }
  }

  /** Something that makes a value. */
  public sealed interface Step permits Load, Immediate, Apply {
    /** The value's type. BOOL values are masks in vector code. */
    DType type();
  }

  /** Reads an access. */
  public record Load(int access, DType type) implements Step {}

  /** A constant. */
  public record Immediate(DType type, double value) implements Step {}

  /** An elementwise operation on earlier values. */
  public record Apply(Op.Elementwise op, List<Integer> arguments, DType type) implements Step {}

  /** Writes a value to an access. */
  public record Store(int access, int value) {}

  /**
   * Folds a step's value over all inner axes; starts from {@code op.start()}. The result is a value
   * of its own.
   */
  public record Fold(Op.Reduction op, int value, DType type) {}

  /** What is done for an outer index. */
  public sealed interface Stage permits Once, Each {
    /** The steps in order. */
    List<Step> steps();

    /** What is written; each after the steps. */
    List<Store> stores();
  }

  /** Done once for an outer index; accesses have stride NONE along the inner axes. */
  public record Once(List<Step> steps, List<Store> stores) implements Stage {}

  /** Looped over the inner axes. */
  public record Each(List<Step> steps, List<Store> stores, List<Fold> folds) implements Stage {}
}
