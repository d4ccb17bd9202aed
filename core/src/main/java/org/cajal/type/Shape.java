package org.cajal.type;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The sizes of a tensor's axes, outermost first; row-major. Rank 0 is a scalar, an axis of size 0
 * holds nothing. A shape is a value: immutable, compared by its sizes.
 *
 * @param dims the size of each axis, none negative
 */
public record Shape(List<Integer> dims) {
  /** The shape of a scalar. */
  public static final Shape SCALAR = new Shape(List.of());

  /**
   * A shape of the given sizes.
   *
   * @throws CajalException if a size is negative or the number of elements exceeds 2^62
   */
  public Shape {
    dims = List.copyOf(dims);
    long size = 1;
    boolean empty = false;
    for (int d : dims) {
      if (d < 0) {
        throw new CajalException(
            "[shape] negative size in " + dims + "; every axis must be 0 or larger");
      }
      empty |= d == 0;
    }
    if (!empty) {
      for (int d : dims) {
        if (size > (1L << 62) / d) {
          throw new CajalException("[shape] " + dims + " has more than 2^62 elements");
        }
        size *= d;
      }
    }
  }

  /** A shape of the given sizes, outermost first. */
  public static Shape of(int... dims) {
    return dims.length == 0 ? SCALAR : new Shape(Arrays.stream(dims).boxed().toList());
  }

  /** The number of axes. */
  public int rank() {
    return dims.size();
  }

  /**
   * The size of an axis; negative axes count from the end.
   *
   * @throws CajalException if there is no such axis
   */
  public int dim(int axis) {
    return dims.get(axis("shape", axis));
  }

  /** The number of elements: the product of all sizes, 1 for a scalar. */
  public long size() {
    long size = 1;
    for (int d : dims) {
      size *= d;
    }
    return size;
  }

  /** The sizes as a new array. */
  public int[] toArray() {
    return dims.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * The axis as a number from 0; negative axes count from the end.
   *
   * @throws CajalException naming {@code operation} if there is no such axis
   */
  public int axis(String operation, int axis) {
    int n = rank();
    if (axis < -n || axis >= n) {
      throw CajalException.at(
          operation,
          "axis "
              + axis
              + " is out of range for shape "
              + this
              + "; allowed are "
              + -n
              + " to "
              + (n - 1));
    }
    return axis < 0 ? axis + n : axis;
  }

  /** Row-major strides in elements: how far apart neighbours along each axis lie. */
  public long[] strides() {
    long[] strides = new long[rank()];
    long step = 1;
    for (int i = rank() - 1; i >= 0; i--) {
      strides[i] = step;
      step *= dims.get(i);
    }
    return strides;
  }

  /** This shape with one axis of another size. */
  public Shape with(int axis, int size) {
    List<Integer> out = new ArrayList<>(dims);
    out.set(axis("shape", axis), size);
    return new Shape(out);
  }

  /** This shape with a further axis at {@code index} (0 to rank). */
  public Shape insert(int index, int size) {
    List<Integer> out = new ArrayList<>(dims);
    out.add(index, size);
    return new Shape(out);
  }

  /** The axes {@code from} (included) to {@code to} (excluded). */
  public Shape sub(int from, int to) {
    return new Shape(dims.subList(from, to));
  }

  /** The axes of this shape followed by those of another. */
  public Shape concat(Shape other) {
    List<Integer> out = new ArrayList<>(dims);
    out.addAll(other.dims);
    return new Shape(out);
  }

  /**
   * The common shape of two by NumPy's rule: aligned at the last axis, where one of the sizes is 1
   * it gives way.
   *
   * @throws CajalException naming {@code operation} if two sizes differ and neither is 1
   */
  public static Shape broadcast(String operation, Shape a, Shape b) {
    if (a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    Integer[] out = new Integer[rank];
    for (int i = 1; i <= rank; i++) {
      int x = i <= a.rank() ? a.dims.get(a.rank() - i) : 1;
      int y = i <= b.rank() ? b.dims.get(b.rank() - i) : 1;
      if (x != y && x != 1 && y != 1) {
        throw CajalException.at(
            operation,
            "shapes do not broadcast: "
                + a
                + " and "
                + b
                + " (sizes "
                + x
                + " and "
                + y
                + " at axis -"
                + i
                + "; equal sizes or 1 are allowed)");
      }
      out[rank - i] = x == 1 ? y : x;
    }
    return new Shape(Arrays.asList(out));
  }

  /** As NumPy prints it: {@code [64, 784]}, {@code []} for a scalar. */
  @Override
  public String toString() {
    return dims.toString();
  }
}
