package org.cajal.tensor;

import java.util.ArrayList;
import java.util.List;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/** Reductions and orders along one axis that are made of the primitives. Axes may be negative. */
public final class Reductions {
  /** Axes up to this length are sorted whole to find the largest few. */
  private static final int SORTED_WHOLE = 256;

  private Reductions() {}

  /**
   * Values along an axis and where they lie.
   *
   * @param values of the tensor's type; gradients flow to the places named by {@code indices} alone
   * @param indices I32, positions along the axis, of the shape of {@code values}
   */
  public record Indexed(Tensor values, Tensor indices) {}

  /**
   * The largest along an axis, which stays with size 1, and its index: the first of ties; NaN
   * counts as largest.
   */
  public static Indexed maxWithIndex(Tensor x, int axis) {
    int a = x.shape().axis("maxwithindex", axis);
    Tensor index = x.argMax(a).expandDims(a);
    return new Indexed(Movement.gatherAlong(x, index, a), index);
  }

  /**
   * The smallest along an axis, which stays with size 1, and its index: the first of ties; NaN
   * counts as smallest.
   */
  public static Indexed minWithIndex(Tensor x, int axis) {
    int a = x.shape().axis("minwithindex", axis);
    Tensor index = x.argMin(a).expandDims(a);
    return new Indexed(Movement.gatherAlong(x, index, a), index);
  }

  /**
   * The running product along an axis; gradients of any order are right with zeros among the
   * factors too. Takes about log₂ n products of the whole (Hillis and Steele 1986).
   */
  public static Tensor cumulativeProduct(Tensor x, int axis) {
    int a = x.shape().axis("cumulativeproduct", axis);
    int n = x.dim(a);
    Tensor y = x;
    for (int distance = 1; distance < n; distance *= 2) {
      Shape head = x.shape().with(a, distance);
      Tensor earlier = y.slice(a, 0, n - distance);
      y = y.times(Tensor.concatenate(a, List.of(Tensor.ones(x.dtype(), head), earlier)));
    }
    return y;
  }

  /**
   * The elements along an axis in order, and where they were; equal elements keep their order, NaN
   * counts as largest. Compares each pair, n² of them along the axis: for axes of up to some
   * thousands.
   */
  public static Indexed sort(Tensor x, int axis, boolean descending) {
    int a = x.shape().axis("sort", axis);
    Tensor last = x.swapAxes(a, -1);
    int n = last.dim(-1);
    Tensor key = descending ? last.negate() : last;
    Tensor mine = key.expandDims(-1);
    Tensor other = key.expandDims(-2);
    Tensor mineNan = mine.notEqualTo(mine);
    Tensor otherNan = other.notEqualTo(other);
    Tensor position = Tensor.range(DType.I32, n);
    Tensor earlier = position.less(position.expandDims(-1));
    Tensor tie = other.equalTo(mine).or(mineNan.and(otherNan));
    // A negated NaN is NaN still: it is the largest, so it comes first in a descending order.
    Tensor ahead = descending ? otherNan.and(mineNan.not()) : mineNan.and(otherNan.not());
    Tensor before = other.less(mine).or(ahead).or(tie.and(earlier));
    Tensor rank = before.cast(DType.I32).sum(-1);
    Tensor nothing = Tensor.zeros(DType.I32, last.shape());
    Tensor index =
        nothing
            .scatterAdd(rank, position.broadcastTo(last.shape()), last.rank() - 1)
            .swapAxes(a, -1);
    return new Indexed(Movement.gatherAlong(x, index, a), index);
  }

  /**
   * The k largest (or smallest) along an axis in order, and where they were; of equal ones the
   * first. Long axes are searched k times, short ones sorted whole. NaN counts as largest.
   *
   * @throws CajalException if k is negative or larger than the axis
   */
  public static Indexed topK(Tensor x, int k, int axis, boolean largest) {
    int a = x.shape().axis("topk", axis);
    int n = x.dim(a);
    if (k < 0 || k > n) {
      throw CajalException.at(
          "topk", "k = " + k + " is out of range for axis " + axis + " of shape " + x.shape());
    }
    if (n <= SORTED_WHOLE || k == 0) {
      Indexed sorted = sort(x, a, largest);
      return new Indexed(sorted.values().slice(a, 0, k), sorted.indices().slice(a, 0, k));
    }
    Tensor key =
        largest
            ? x
            : Tensor.where(
                x.notEqualTo(x), Tensor.scalar(x.dtype(), Double.NEGATIVE_INFINITY), x.negate());
    key = key.stopGradient();
    Shape along = Shape.of(n);
    for (int i = a + 1; i < x.rank(); i++) {
      along = along.insert(along.rank(), 1);
    }
    Tensor position = Tensor.range(DType.I32, n).reshape(along);
    Tensor free = Tensor.ones(DType.F32, x.shape());
    List<Tensor> found = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      Tensor open = free.greater(0);
      Tensor left = Tensor.where(open, key, Tensor.scalar(x.dtype(), Double.NEGATIVE_INFINITY));
      // Where only −∞ is left the values do not tell what is taken already.
      Tensor bottom = left.maxKeep(a).equalTo(Double.NEGATIVE_INFINITY);
      Tensor index =
          Tensor.where(bottom, free.argMax(a).expandDims(a), left.argMax(a).expandDims(a));
      free = Tensor.where(position.equalTo(index), Tensor.scalar(DType.F32, 0), free);
      found.add(index);
    }
    Tensor index = Tensor.concatenate(a, found);
    return new Indexed(Movement.gatherAlong(x, index, a), index);
  }
}
