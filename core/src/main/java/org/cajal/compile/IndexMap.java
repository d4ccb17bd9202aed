package org.cajal.compile;

import java.util.Arrays;
import org.cajal.op.Broadcast;
import org.cajal.op.Flip;
import org.cajal.op.Op;
import org.cajal.op.Reshape;
import org.cajal.op.Slice;
import org.cajal.op.Transpose;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Where a nest's loops read a tensor: the index on each of its axes as an affine function of the
 * loop indices. A value, compared by content.
 *
 * @param offset the index on each axis at loop index 0
 * @param coefficient for each axis how far each loop moves along it
 */
record IndexMap(long[] offset, long[][] coefficient) {

  /** Every axis at index 0 whatever the loops do. */
  static IndexMap zero(int rank, int loops) {
    return new IndexMap(new long[rank], new long[rank][loops]);
  }

  /**
   * The map of the view's input, given that of its result; null if it is not affine. Where
   * splitting a loop would make it affine, the split is requested of the space.
   */
  @Nullable IndexMap through(Op.View view, Shape from, Shape to, LoopSpace space) {
    int loops = space.size();
    IndexMap out = zero(from.rank(), loops);
    switch (view) {
      case Transpose t -> {
        for (int i = 0; i < to.rank(); i++) {
          out.take(t.permutation().get(i), this, i);
        }
      }
      case Broadcast b -> {
        int shift = to.rank() - from.rank();
        for (int j = 0; j < from.rank(); j++) {
          if (from.dim(j) != 1) {
            out.take(j, this, j + shift);
          }
        }
      }
      case Slice s -> {
        for (int j = 0; j < from.rank(); j++) {
          out.offset[j] = s.start().get(j) + s.step().get(j) * offset[j];
          for (int k = 0; k < loops; k++) {
            out.coefficient[j][k] = s.step().get(j) * coefficient[j][k];
          }
        }
      }
      case Flip f -> {
        for (int j = 0; j < from.rank(); j++) {
          out.take(j, this, j);
          if (f.axes().contains(j)) {
            out.offset[j] = from.dim(j) - 1 - offset[j];
            for (int k = 0; k < loops; k++) {
              out.coefficient[j][k] = -coefficient[j][k];
            }
          }
        }
      }
      case Reshape r -> {
        if (from.size() > 0 && !reshape(from, to, out, space)) {
          return null;
        }
      }
    }
    return out;
  }

  /** The map of some neighbouring axes. */
  IndexMap axes(int from, int to) {
    return new IndexMap(
        Arrays.copyOfRange(offset, from, to), Arrays.copyOfRange(coefficient, from, to));
  }

  private void take(int axis, IndexMap other, int otherAxis) {
    offset[axis] = other.offset[otherAxis];
    coefficient[axis] = other.coefficient[otherAxis].clone();
  }

  /**
   * Groups of neighbouring axes with equal products correspond; within a group the flat index is
   * taken apart again.
   */
  private boolean reshape(Shape from, Shape to, IndexMap out, LoopSpace space) {
    int i = 0;
    int j = 0;
    while (i < to.rank() || j < from.rank()) {
      int i0 = i;
      int j0 = j;
      long a = i < to.rank() ? to.dim(i++) : 1;
      long b = j < from.rank() ? from.dim(j++) : 1;
      while (a != b) {
        if (a < b) {
          a *= to.dim(i++);
        } else {
          b *= from.dim(j++);
        }
      }
      long flatOffset = 0;
      long[] flat = new long[space.size()];
      for (int axis = i0; axis < i; axis++) {
        flatOffset = flatOffset * to.dim(axis) + offset[axis];
        for (int k = 0; k < flat.length; k++) {
          flat[k] = flat[k] * to.dim(axis) + coefficient[axis][k];
        }
      }
      if (!unflatten(from, j0, j, flatOffset, flat, out, space)) {
        return false;
      }
    }
    return true;
  }

  private static boolean unflatten(
      Shape from, int begin, int end, long flatOffset, long[] flat, IndexMap out, LoopSpace space) {
    int axes = end - begin;
    if (axes == 1) {
      out.offset[begin] = flatOffset;
      out.coefficient[begin] = flat.clone();
      return true;
    }
    long[] stride = new long[axes];
    long[] used = new long[axes];
    long step = 1;
    for (int j = axes - 1; j >= 0; j--) {
      stride[j] = step;
      step *= from.dim(begin + j);
    }
    long rest = flatOffset;
    for (int j = 0; j < axes; j++) {
      used[j] = rest / stride[j];
      rest %= stride[j];
      out.offset[begin + j] = used[j];
    }
    for (int k = 0; k < flat.length; k++) {
      if (flat[k] == 0 || space.extents.get(k) <= 1) {
        continue;
      }
      int j = 0;
      while (j < axes - 1 && (stride[j] > flat[k] || from.dim(begin + j) == 1)) {
        j++;
      }
      if (flat[k] < 0 || flat[k] % stride[j] != 0) {
        return false;
      }
      long factor = flat[k] / stride[j];
      long dim = from.dim(begin + j);
      if (factor * (space.extents.get(k) - 1) >= dim) {
        long inner = dim / Math.max(1, factor);
        if (factor < dim && dim % factor == 0 && space.extents.get(k) % inner == 0 && inner > 1) {
          space.requestSplit(k, inner);
        }
        return false;
      }
      out.coefficient[begin + j][k] = factor;
      used[j] += factor * (space.extents.get(k) - 1);
      if (used[j] >= dim) {
        return false;
      }
    }
    return true;
  }

  /** The position in memory of strides {@code strides}: how far each loop moves. */
  long[] strides(long[] strides, int loops) {
    long[] out = new long[loops];
    for (int axis = 0; axis < strides.length; axis++) {
      for (int k = 0; k < loops; k++) {
        out[k] += strides[axis] * coefficient[axis][k];
      }
    }
    return out;
  }

  /** The position in memory at loop index 0. */
  long start(long[] strides) {
    long start = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      start += strides[axis] * offset[axis];
    }
    return start;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IndexMap m
        && Arrays.equals(offset, m.offset)
        && Arrays.deepEquals(coefficient, m.coefficient);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(offset) + Arrays.deepHashCode(coefficient);
  }

  @Override
  public String toString() {
    return Arrays.toString(offset) + Arrays.deepToString(coefficient);
  }
}
