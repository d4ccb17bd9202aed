package org.cajal.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/**
 * Arrangements of elements that are made of the primitives: nothing is computed, gradients go back
 * where values came from.
 */
public final class Movement {
  private Movement() {}

  // Repeating

  /**
   * The whole repeated: {@code repeats[i]} copies along axis i; more numbers than axes give new
   * leading axes.
   *
   * @throws CajalException if there are fewer numbers than axes or one is negative
   */
  public static Tensor tile(Tensor x, int... repeats) {
    if (repeats.length < x.rank() || Arrays.stream(repeats).anyMatch(n -> n < 0)) {
      throw CajalException.at(
          "tile",
          Arrays.toString(repeats)
              + " does not fit shape "
              + x.shape()
              + "; one number of at least 0 is needed for each axis");
    }
    List<Integer> apart = new ArrayList<>();
    List<Integer> repeated = new ArrayList<>();
    List<Integer> joined = new ArrayList<>();
    for (int i = 0; i < repeats.length; i++) {
      int axis = i - repeats.length + x.rank();
      int n = axis < 0 ? 1 : x.dim(axis);
      apart.addAll(List.of(1, n));
      repeated.addAll(List.of(repeats[i], n));
      joined.add(Math.multiplyExact(repeats[i], n));
    }
    return x.reshape(new Shape(apart)).broadcastTo(new Shape(repeated)).reshape(new Shape(joined));
  }

  /** Each slice along an axis repeated in place: 1, 2 becomes 1, 1, 2, 2. */
  public static Tensor repeatInterleave(Tensor x, int repeats, int axis) {
    int a = x.shape().axis("repeatinterleave", axis);
    if (repeats < 0) {
      throw CajalException.at("repeatinterleave", "repeats = " + repeats + " is negative");
    }
    Shape wide = x.shape().insert(a + 1, repeats);
    return x.expandDims(a + 1)
        .broadcastTo(wide)
        .reshape(x.shape().with(a, Math.multiplyExact(x.dim(a), repeats)));
  }

  // Orders

  /** Cyclic shift along an axis: element i moves to (i + shift) mod n. */
  public static Tensor roll(Tensor x, int shift, int axis) {
    int a = x.shape().axis("roll", axis);
    int n = x.dim(a);
    int by = n == 0 ? 0 : Math.floorMod(shift, n);
    return by == 0
        ? x
        : Tensor.concatenate(a, List.of(x.slice(a, n - by, n), x.slice(a, 0, n - by)));
  }

  // Triangles and diagonals

  private static Tensor triangle(String name, Tensor x, int k, boolean lower) {
    if (x.rank() < 2) {
      throw CajalException.at(name, "needs at least two axes, found shape " + x.shape());
    }
    Tensor row = Tensor.range(DType.I32, x.dim(-2)).expandDims(1);
    Tensor column = Tensor.range(DType.I32, x.dim(-1));
    Tensor kept = lower ? column.lessOrEqual(row.plus(k)) : column.greaterOrEqual(row.plus(k));
    return Tensor.where(kept, x, Tensor.scalar(x.dtype(), 0));
  }

  /** The lower triangle of the last two axes, the k-th diagonal included, zeros elsewhere. */
  public static Tensor tril(Tensor x, int k) {
    return triangle("tril", x, k, true);
  }

  /** The upper triangle of the last two axes, the k-th diagonal included, zeros elsewhere. */
  public static Tensor triu(Tensor x, int k) {
    return triangle("triu", x, k, false);
  }

  /**
   * A vector as the k-th diagonal of a square matrix of zeros, or the k-th diagonal of a matrix as
   * a vector.
   */
  public static Tensor diagonal(Tensor x, int k) {
    int down = Math.max(0, -k);
    int right = Math.max(0, k);
    if (x.rank() == 1) {
      int n = x.dim(0);
      if (n == 0) {
        return Tensor.zeros(x.dtype(), Shape.of(down + right, down + right));
      }
      // Rows of n + 1, read as rows of n, lie one further right each time.
      Tensor square =
          x.expandDims(1)
              .pad(List.of(0, 0), List.of(0, n), 0)
              .flatten(0, 1)
              .slice(0, 0, n * n)
              .reshape(n, n);
      return square.pad(List.of(down, right), List.of(right, down), 0);
    }
    if (x.rank() != 2) {
      throw CajalException.at("diagonal", "needs a vector or a matrix, found shape " + x.shape());
    }
    Tensor from =
        x.slice(0, Math.min(down, x.dim(0)), x.dim(0))
            .slice(1, Math.min(right, x.dim(1)), x.dim(1));
    return alongDiagonal(from, 0, 1);
  }

  /**
   * The elements whose indices on two axes agree; the axes give way to one at the end, as long as
   * the shorter of them.
   */
  static Tensor alongDiagonal(Tensor x, int axis1, int axis2) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      if (i != axis1 && i != axis2) {
        order.add(i);
      }
    }
    order.add(axis1);
    order.add(axis2);
    Tensor last = x.transpose(order.stream().mapToInt(Integer::intValue).toArray());
    int columns = last.dim(-1);
    int n = Math.min(last.dim(-2), columns);
    return last.slice(-2, 0, n).flatten(-2, -1).slice(-1, 0, n * columns, columns + 1);
  }

  // Indices

  /** The axis moved to the end. */
  static Tensor moveLast(Tensor x, int axis) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      if (i != axis) {
        order.add(i);
      }
    }
    order.add(axis);
    return x.transpose(order.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The last axis moved to a position: undoes {@link #moveLast}. */
  static Tensor moveBack(Tensor x, int axis) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < x.rank() - 1; i++) {
      order.add(i);
    }
    order.add(axis, x.rank() - 1);
    return x.transpose(order.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The leading part of x that has the index's sizes but along the axis. */
  private static Tensor under(String name, Tensor x, Tensor index, int axis) {
    boolean fits = x.rank() == index.rank();
    Tensor part = x;
    for (int i = 0; fits && i < x.rank(); i++) {
      if (i != axis) {
        fits = index.dim(i) <= x.dim(i);
        part = index.dim(i) < x.dim(i) ? part.slice(i, 0, index.dim(i)) : part;
      }
    }
    if (!fits) {
      throw CajalException.at(
          name,
          "index "
              + index.shape()
              + " does not fit shape "
              + x.shape()
              + "; it must have as many axes and, but for axis "
              + axis
              + ", be no larger");
    }
    return part;
  }

  /**
   * Elements by index along an axis: out[i][j][k] = x[index[i][j][k]][j][k] for axis 0, and so on.
   * The index (I32 or I64) may be smaller than x on the other axes; an index out of range is
   * refused when the program runs.
   */
  public static Tensor gatherAlong(Tensor x, Tensor index, int axis) {
    int a = x.shape().axis("gatheralong", axis);
    Tensor part = under("gatheralong", x, index, a);
    return moveBack(moveLast(part, a).gather(moveLast(index, a), x.rank() - 1), a);
  }

  /**
   * A copy of x to which source is added by index along an axis: x[index[i][j]][j] += source[i][j]
   * for axis 0. Indices may repeat; index and source have one shape, which may be smaller than x on
   * the other axes.
   */
  public static Tensor scatterAddAlong(Tensor x, Tensor index, Tensor source, int axis) {
    int a = x.shape().axis("scatteraddalong", axis);
    if (!source.shape().equals(index.shape())) {
      throw CajalException.at(
          "scatteraddalong",
          "index " + index.shape() + " and source " + source.shape() + " differ in shape");
    }
    Tensor part = under("scatteraddalong", x, index, a);
    boolean whole = part.shape().equals(x.shape());
    Tensor base = moveLast(whole ? x : Tensor.zeros(x.dtype(), part.shape()), a);
    Tensor added =
        moveBack(base.scatterAdd(moveLast(index, a), moveLast(source, a), x.rank() - 1), a);
    if (whole) {
      return added;
    }
    List<Integer> after = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      after.add(x.dim(i) - part.dim(i));
    }
    return x.plus(added.pad(Collections.nCopies(x.rank(), 0), after, 0));
  }

  /**
   * A copy of x with elements replaced by index along an axis: x[index[i][j]][j] = source[i][j] for
   * axis 0. Where indices repeat the sum of their sources is taken.
   */
  public static Tensor scatterAlong(Tensor x, Tensor index, Tensor source, int axis) {
    Tensor zero = Tensor.zeros(x.dtype(), x.shape());
    Tensor values = scatterAddAlong(zero, index, source, axis);
    Tensor count = scatterAddAlong(zero, index, Tensor.ones(x.dtype(), index.shape()), axis);
    return Tensor.where(count.greater(0), values, x);
  }

  /**
   * A copy of x with whole slices of source added at index (one axis; indices may repeat) along an
   * axis.
   */
  public static Tensor indexAdd(Tensor x, Tensor index, Tensor source, int axis) {
    int a = x.shape().axis("indexadd", axis);
    if (index.rank() != 1
        || source.rank() != x.rank()
        || !source.shape().equals(x.shape().with(a, index.dim(0)))) {
      throw CajalException.at(
          "indexadd",
          "index "
              + index.shape()
              + " and source "
              + source.shape()
              + " do not fit axis "
              + axis
              + " of x "
              + x.shape());
    }
    return moveFirstBack(moveFirst(x, a).scatterAdd(index, moveFirst(source, a), 0), a);
  }

  private static Tensor moveFirst(Tensor x, int axis) {
    List<Integer> order = new ArrayList<>();
    order.add(axis);
    for (int i = 0; i < x.rank(); i++) {
      if (i != axis) {
        order.add(i);
      }
    }
    return x.transpose(order.stream().mapToInt(Integer::intValue).toArray());
  }

  private static Tensor moveFirstBack(Tensor x, int axis) {
    List<Integer> order = new ArrayList<>();
    for (int i = 1; i < x.rank(); i++) {
      order.add(i);
    }
    order.add(axis, 0);
    return x.transpose(order.stream().mapToInt(Integer::intValue).toArray());
  }

  // Padding

  /** What lies beyond the ends of an axis. */
  public enum PadMode {
    /** The mirror image, the end element not repeated. */
    REFLECT,
    /** The end element again and again. */
    REPLICATE,
    /** The other end. */
    CIRCULAR
  }

  /**
   * A constant around the elements: how many before and after each axis; negative numbers cut
   * elements off.
   */
  public static Tensor padOrCrop(
      Tensor x, List<Integer> before, List<Integer> after, double value) {
    checkPads("pad", x, before, after);
    Tensor cut = x;
    List<Integer> low = new ArrayList<>();
    List<Integer> high = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      int from = Math.max(0, -before.get(i));
      int to = x.dim(i) - Math.max(0, -after.get(i));
      if (from > to) {
        throw CajalException.at(
            "pad",
            "cutting "
                + -before.get(i)
                + " and "
                + -after.get(i)
                + " off axis "
                + i
                + " of shape "
                + x.shape()
                + " leaves less than nothing");
      }
      cut = from == 0 && to == x.dim(i) ? cut : cut.slice(i, from, to);
      low.add(Math.max(0, before.get(i)));
      high.add(Math.max(0, after.get(i)));
    }
    return cut.pad(low, high, value);
  }

  /**
   * Elements of x itself around it: how many before and after each axis, not negative.
   *
   * @throws CajalException if an axis is too short: REFLECT takes at most n − 1, CIRCULAR at most
   *     n, REPLICATE needs one element
   */
  public static Tensor pad(Tensor x, List<Integer> before, List<Integer> after, PadMode mode) {
    checkPads("pad", x, before, after);
    Tensor y = x;
    for (int axis = 0; axis < x.rank(); axis++) {
      int n = x.dim(axis);
      int low = before.get(axis);
      int high = after.get(axis);
      int most =
          switch (mode) {
            case REFLECT -> n - 1;
            case REPLICATE -> n == 0 ? 0 : Integer.MAX_VALUE;
            case CIRCULAR -> n;
          };
      if (low < 0 || high < 0 || (Math.max(low, high) > 0 && Math.max(low, high) > most)) {
        throw CajalException.at(
            "pad",
            "["
                + low
                + ", "
                + high
                + "] around axis "
                + axis
                + " of shape "
                + x.shape()
                + " is not possible in mode "
                + mode
                + "; each may be 0 to "
                + Math.max(0, most));
      }
      List<Tensor> parts = new ArrayList<>();
      if (low > 0) {
        parts.add(
            switch (mode) {
              case REFLECT -> y.slice(axis, 1, low + 1).flip(axis);
              case REPLICATE -> y.slice(axis, 0, 1).broadcastTo(y.shape().with(axis, low));
              case CIRCULAR -> y.slice(axis, n - low, n);
            });
      }
      parts.add(y);
      if (high > 0) {
        parts.add(
            switch (mode) {
              case REFLECT -> y.slice(axis, n - 1 - high, n - 1).flip(axis);
              case REPLICATE -> y.slice(axis, n - 1, n).broadcastTo(y.shape().with(axis, high));
              case CIRCULAR -> y.slice(axis, 0, high);
            });
      }
      y = parts.size() == 1 ? y : Tensor.concatenate(axis, parts);
    }
    return y;
  }

  private static void checkPads(String name, Tensor x, List<Integer> before, List<Integer> after) {
    if (before.size() != x.rank() || after.size() != x.rank()) {
      throw CajalException.at(
          name,
          "before "
              + before
              + " and after "
              + after
              + " do not fit shape "
              + x.shape()
              + "; one number is needed for each axis");
    }
  }
}
