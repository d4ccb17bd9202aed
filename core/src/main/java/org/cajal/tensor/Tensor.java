package org.cajal.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.cajal.op.ArgMax;
import org.cajal.op.CumulativeSum;
import org.cajal.op.Flip;
import org.cajal.op.Gather;
import org.cajal.op.Input;
import org.cajal.op.MatMul;
import org.cajal.op.Max;
import org.cajal.op.Min;
import org.cajal.op.Node;
import org.cajal.op.Pad;
import org.cajal.op.Product;
import org.cajal.op.RandomBits;
import org.cajal.op.Range;
import org.cajal.op.Region;
import org.cajal.op.ScatterAdd;
import org.cajal.op.Slice;
import org.cajal.op.State;
import org.cajal.op.StopGradient;
import org.cajal.op.Undifferentiable;
import org.cajal.op.Variable;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * A node of a lazy graph: an operation applied to other tensors. Its element type and shape are
 * known at once and checked, its numbers are computed when a {@link Program} runs, or on the spot
 * by {@link #eval()}. Immutable, equal by identity of the node.
 *
 * <p>Operands broadcast as in NumPy: aligned at the last axis, size 1 gives way. Operands of
 * different element types are refused; numbers given as {@code double} take the tensor's type. Axes
 * may be negative: −1 is the last one.
 *
 * @param node the graph's vertex
 */
public record Tensor(Node node) {

  // Leaves

  /** A value that is fed at each run under a name. */
  public static Tensor input(String name, DType dtype, Shape shape) {
    return new Tensor(Node.of(new Input(name, dtype, shape)));
  }

  /** The value that a variable has when a run begins. */
  public static Tensor of(Variable variable) {
    return new Tensor(Node.of(new State(variable)));
  }

  /** A new parameter of zeros; its variable is {@link #variable()}. */
  public static Tensor parameter(String name, DType dtype, Shape shape) {
    return of(new Variable(name, dtype, shape));
  }

  /** A new parameter with a first value, which is copied. */
  public static Tensor parameter(String name, NDArray initial) {
    return of(new Variable(name, initial));
  }

  /** A constant array, which must not be changed afterwards. */
  public static Tensor constant(NDArray value) {
    return new Tensor(Node.constant(value));
  }

  /** A constant vector in single precision. */
  public static Tensor of(float... values) {
    return constant(NDArray.of(values, Shape.of(values.length)));
  }

  /** A constant vector in double precision. */
  public static Tensor of(double... values) {
    return constant(NDArray.of(values, Shape.of(values.length)));
  }

  /** A constant vector of 32-bit integers. */
  public static Tensor of(int... values) {
    return constant(NDArray.of(values, Shape.of(values.length)));
  }

  /** A constant scalar. */
  public static Tensor scalar(DType dtype, double value) {
    return new Tensor(Node.constant(dtype, value));
  }

  /** One constant for every element of a shape. */
  public static Tensor full(DType dtype, Shape shape, double value) {
    return scalar(dtype, value).broadcastTo(shape);
  }

  /** Zeros. */
  public static Tensor zeros(DType dtype, Shape shape) {
    return full(dtype, shape, 0);
  }

  /** Ones. */
  public static Tensor ones(DType dtype, Shape shape) {
    return full(dtype, shape, 1);
  }

  /** 0, 1, ... length − 1. */
  public static Tensor range(DType dtype, int length) {
    return new Tensor(Node.of(new Range(dtype, length)));
  }

  /**
   * Uniform random numbers in [0, 1), multiples of 2^−24: a pure function of the key, the place and
   * the position.
   *
   * @param key I32 [2], usually an input or a state that changes from step to step
   * @param place tells apart several uses of one key
   */
  public static Tensor randomUniform(Tensor key, int place, DType dtype, Shape shape) {
    return new Tensor(Node.of(new RandomBits(shape, place), key.node)).cast(dtype).times(0x1p-24);
  }

  // Facts

  /** The element type. */
  public DType dtype() {
    return node.dtype();
  }

  /** The shape. */
  public Shape shape() {
    return node.shape();
  }

  /** The number of axes. */
  public int rank() {
    return node.shape().rank();
  }

  /** The size of an axis. */
  public int dim(int axis) {
    return node.shape().dim(axis);
  }

  /**
   * The variable of a parameter.
   *
   * @throws CajalException if this is another operation
   */
  public Variable variable() {
    if (node.op() instanceof State state) {
      return state.variable();
    }
    throw CajalException.at("variable", "not a parameter or state but " + node.op().name());
  }

  // Elementwise arithmetic

  private interface Pair {
    Node of(Node x, Node y);
  }

  private Tensor with(String name, Tensor other, Pair pair) {
    Shape common = Shape.broadcast(name, shape(), other.shape());
    if (dtype() != other.dtype()) {
      throw CajalException.at(
          name,
          "element types differ: "
              + dtype()
              + " "
              + shape()
              + " and "
              + other.dtype()
              + " "
              + other.shape()
              + "; cast one of them");
    }
    return new Tensor(pair.of(node.broadcast(common), other.node.broadcast(common)));
  }

  private Tensor number(double value) {
    return scalar(dtype(), value);
  }

  /** this + y. */
  public Tensor plus(Tensor y) {
    return with("add", y, Node::add);
  }

  /** this + y. */
  public Tensor plus(double y) {
    return plus(number(y));
  }

  /** this − y. */
  public Tensor minus(Tensor y) {
    return with("subtract", y, Node::subtract);
  }

  /** this − y. */
  public Tensor minus(double y) {
    return minus(number(y));
  }

  /** this · y, element by element. */
  public Tensor times(Tensor y) {
    return with("multiply", y, Node::multiply);
  }

  /** this · y. */
  public Tensor times(double y) {
    return times(number(y));
  }

  /** this / y, element by element. */
  public Tensor dividedBy(Tensor y) {
    return with("divide", y, Node::divide);
  }

  /** this / y. */
  public Tensor dividedBy(double y) {
    return dividedBy(number(y));
  }

  /** this to the power y. */
  public Tensor power(Tensor y) {
    return with("power", y, Node::power);
  }

  /**
   * this to the power y; the gradient is y · this^(y−1), 0 for y = 0. Powers ½, ±1, 2 and 3 are
   * roots, quotients and products.
   */
  public Tensor power(double y) {
    if (y == 0.5) {
      return sqrt();
    }
    if (y == -1) {
      return reciprocal();
    }
    if (y == 1) {
      return this;
    }
    if (y == 2) {
      return square();
    }
    return y == 3 ? square().times(this) : power(number(y));
  }

  /** The smaller; a tie gives half of the gradient to each side; NaN wins. */
  public Tensor minimum(Tensor y) {
    return with("minimum", y, Node::minimum);
  }

  /** The larger; a tie gives half of the gradient to each side; NaN wins. */
  public Tensor maximum(Tensor y) {
    return with("maximum", y, Node::maximum);
  }

  /** −this. */
  public Tensor negate() {
    return new Tensor(node.negate());
  }

  /** |this|; the gradient at 0 is 0. */
  public Tensor abs() {
    return new Tensor(node.absolute());
  }

  /** −1, 0 or 1; the gradient is 0. */
  public Tensor sign() {
    return new Tensor(node.sign());
  }

  /** The largest whole number not above; the gradient is 0. */
  public Tensor floor() {
    return new Tensor(node.floor());
  }

  /** e^this. */
  public Tensor exp() {
    return new Tensor(node.exp());
  }

  /** The natural logarithm. */
  public Tensor log() {
    return new Tensor(node.log());
  }

  /** e^this − 1, with small relative error near 0 too. */
  public Tensor expm1() {
    Tensor half = where(greater(1), number(0), times(0.5)).tanh();
    Tensor near = half.times(2).dividedBy(number(1).minus(half));
    return where(greater(1), exp().minus(1), near).region("expm1", List.of(this), List.of(exp()));
  }

  /** ln(1 + this), with small relative error near 0 too (Goldberg 1991, theorem 4). */
  public Tensor log1p() {
    Tensor sum = plus(1);
    Tensor changed = sum.minus(1);
    Tensor plain = changed.equalTo(0).or(changed.greater(1));
    Tensor near = sum.log().times(dividedBy(where(plain, number(1), changed)));
    Tensor value = where(changed.equalTo(0), this, where(changed.greater(1), sum.log(), near));
    return value.region("log1p", List.of(this), List.of(sum.reciprocal()));
  }

  /** The square root. */
  public Tensor sqrt() {
    return new Tensor(node.sqrt());
  }

  /** 1 / √this. */
  public Tensor rsqrt() {
    return sqrt().reciprocal();
  }

  /** The smallest whole number not below; the gradient is 0. */
  public Tensor ceil() {
    return negate().floor().negate();
  }

  /** The nearest whole number, half to even; the gradient is 0. */
  public Tensor round() {
    Tensor below = floor();
    Tensor rest = minus(below).stopGradient();
    Tensor even = below.times(0.5).floor().times(2).equalTo(below);
    Tensor up = rest.greater(0.5).or(rest.equalTo(0.5).and(even.not()));
    return where(up, below.plus(1), below);
  }

  /** The whole number next to it towards 0; the gradient is 0. */
  public Tensor trunc() {
    return where(less(0), ceil(), floor());
  }

  /**
   * Clipped to an interval, whose ends may be infinite; the gradient is 1 at the ends themselves, 0
   * outside.
   */
  public Tensor clamp(double low, double high) {
    return where(less(low), number(low), where(greater(high), number(high), this));
  }

  /** (1 − this)(1 + this), exact near ±1. */
  Tensor oneMinusSquare() {
    return number(1).minus(this).times(plus(1));
  }

  /** this². */
  public Tensor square() {
    return times(this);
  }

  /** 1 / this. */
  public Tensor reciprocal() {
    return number(1).dividedBy(this);
  }

  /** The sine, in radians. */
  public Tensor sin() {
    return new Tensor(node.sin());
  }

  /** The cosine, in radians. */
  public Tensor cos() {
    return new Tensor(node.cos());
  }

  /** The arc tangent, in radians. */
  public Tensor atan() {
    return new Tensor(node.atan());
  }

  /** The hyperbolic tangent. */
  public Tensor tanh() {
    return new Tensor(node.tanh());
  }

  /** The error function. */
  public Tensor erf() {
    return new Tensor(node.erf());
  }

  /** The logistic function 1/(1+e^−x), stable for any x; its gradient is y(1 − y). */
  public Tensor sigmoid() {
    return sigmoid(3);
  }

  private Tensor sigmoid(int orders) {
    Tensor value = number(1).dividedBy(negate().exp().plus(1));
    if (orders == 0) {
      return value;
    }
    Tensor y = sigmoid(orders - 1);
    return value.region("sigmoid", List.of(this), List.of(y.times(number(1).minus(y))));
  }

  /** max(x, 0); the gradient at 0 is 0; NaN stays NaN. */
  public Tensor relu() {
    return where(lessOrEqual(0), number(0), this);
  }

  // Comparison and choice

  /** this &lt; y as BOOL. */
  public Tensor less(Tensor y) {
    return with("less", y, Node::less);
  }

  /** this &lt; y as BOOL. */
  public Tensor less(double y) {
    return less(number(y));
  }

  /** this ≤ y as BOOL. */
  public Tensor lessOrEqual(Tensor y) {
    return with("lessorequal", y, Node::lessOrEqual);
  }

  /** this ≤ y as BOOL. */
  public Tensor lessOrEqual(double y) {
    return lessOrEqual(number(y));
  }

  /** this &gt; y as BOOL. */
  public Tensor greater(Tensor y) {
    return y.less(this);
  }

  /** this &gt; y as BOOL. */
  public Tensor greater(double y) {
    return number(y).less(this);
  }

  /** this ≥ y as BOOL. */
  public Tensor greaterOrEqual(Tensor y) {
    return y.lessOrEqual(this);
  }

  /** this ≥ y as BOOL. */
  public Tensor greaterOrEqual(double y) {
    return number(y).lessOrEqual(this);
  }

  /** this = y as BOOL. */
  public Tensor equalTo(Tensor y) {
    return with("equal", y, Node::equal);
  }

  /** this = y as BOOL. */
  public Tensor equalTo(double y) {
    return equalTo(number(y));
  }

  /** this ≠ y as BOOL, true with NaN. */
  public Tensor notEqualTo(Tensor y) {
    return equalTo(y).not();
  }

  /** this ≠ y as BOOL, true with NaN. */
  public Tensor notEqualTo(double y) {
    return equalTo(y).not();
  }

  /** Both of two BOOL tensors. */
  public Tensor and(Tensor y) {
    return minimum(y);
  }

  /** Either of two BOOL tensors. */
  public Tensor or(Tensor y) {
    return maximum(y);
  }

  /** The opposite of a BOOL tensor. */
  public Tensor not() {
    return equalTo(number(0));
  }

  /** x where the BOOL condition holds, else y; all three broadcast. */
  public static Tensor where(Tensor condition, Tensor x, Tensor y) {
    Shape common =
        Shape.broadcast("where", condition.shape(), Shape.broadcast("where", x.shape(), y.shape()));
    return new Tensor(
        Node.select(
            condition.node.broadcast(common), x.node.broadcast(common), y.node.broadcast(common)));
  }

  /** A constant where the BOOL mask holds, else this; the mask broadcasts to this shape. */
  public Tensor maskedFill(Tensor mask, double value) {
    return where(mask.broadcastTo(shape()), number(value), this);
  }

  /** The values in another element type. */
  public Tensor cast(DType to) {
    return new Tensor(node.cast(to));
  }

  // Reductions: no axes means all of them

  private List<Integer> axes(String name, int[] axes) {
    List<Integer> out = new ArrayList<>();
    for (int i = 0; axes.length == 0 && i < rank(); i++) {
      out.add(i);
    }
    for (int axis : axes) {
      int a = shape().axis(name, axis);
      if (out.contains(a)) {
        throw CajalException.at(name, "axis " + axis + " of shape " + shape() + " is named twice");
      }
      out.add(a);
    }
    Collections.sort(out);
    return out;
  }

  /** The list of axes from 0, ascending; all for none given. */
  List<Integer> axesOf(String name, int... axes) {
    return axes(name, axes);
  }

  /** How many elements are reduced to one over axes. */
  private long count(String name, int[] axes) {
    long count = 1;
    for (int axis : axes(name, axes)) {
      count *= dim(axis);
    }
    return count;
  }

  private Tensor drop(Tensor reduced, List<Integer> axes) {
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; i < rank(); i++) {
      if (!axes.contains(i)) {
        dims.add(shape().dim(i));
      }
    }
    return new Tensor(reduced.node.reshape(new Shape(dims)));
  }

  /** The sum over axes, which are dropped; over all for none given. */
  public Tensor sum(int... axes) {
    return drop(sumKeep(axes), axes("sum", axes));
  }

  /** The sum over axes, which stay with size 1. */
  public Tensor sumKeep(int... axes) {
    return new Tensor(node.sum(axes("sum", axes)));
  }

  /** The mean over axes, which are dropped; NaN over nothing. */
  public Tensor mean(int... axes) {
    return drop(meanKeep(axes), axes("mean", axes));
  }

  /** The mean over axes, which stay with size 1. */
  public Tensor meanKeep(int... axes) {
    long count = count("mean", axes);
    return count == 0 ? sumKeep(axes).dividedBy(0) : sumKeep(axes).times(1.0 / count);
  }

  /** The product over axes, which are dropped; 1 over nothing. */
  public Tensor product(int... axes) {
    return drop(productKeep(axes), axes("product", axes));
  }

  /** The product over axes, which stay with size 1. */
  public Tensor productKeep(int... axes) {
    List<Integer> list = axes("product", axes);
    return list.isEmpty() ? this : new Tensor(Node.of(new Product(list), node));
  }

  /** The maximum over axes, which are dropped; ties share the gradient equally. */
  public Tensor max(int... axes) {
    return drop(maxKeep(axes), axes("max", axes));
  }

  /** The maximum over axes, which stay with size 1. */
  public Tensor maxKeep(int... axes) {
    List<Integer> list = axes("max", axes);
    return list.isEmpty() ? this : new Tensor(Node.of(new Max(list), node));
  }

  /** The minimum over axes, which are dropped; ties share the gradient equally. */
  public Tensor min(int... axes) {
    return drop(minKeep(axes), axes("min", axes));
  }

  /** The minimum over axes, which stay with size 1. */
  public Tensor minKeep(int... axes) {
    List<Integer> list = axes("min", axes);
    return list.isEmpty() ? this : new Tensor(Node.of(new Min(list), node));
  }

  /**
   * The variance over axes, which are dropped, with the divisor n − correction (1: of a sample, 0:
   * of a population).
   */
  public Tensor variance(int correction, int... axes) {
    return drop(varianceKeep(correction, axes), axes("variance", axes));
  }

  /**
   * The variance over axes, which stay with size 1, with the divisor n − correction; NaN where that
   * is not positive.
   */
  public Tensor varianceKeep(int correction, int... axes) {
    double divisor = Math.max(0, count("variance", axes) - correction);
    Tensor centred = minus(meanKeep(axes));
    Tensor value = centred.square().sumKeep(axes).dividedBy(divisor);
    return value.region("variance", List.of(this), List.of(centred.times(2 / divisor)));
  }

  /** The square root of {@link #variance}; the gradient of equal values is 0. */
  public Tensor standardDeviation(int correction, int... axes) {
    return drop(standardDeviationKeep(correction, axes), axes("variance", axes));
  }

  /** The square root of {@link #varianceKeep}; the gradient of equal values is 0. */
  public Tensor standardDeviationKeep(int correction, int... axes) {
    return Functions.squareRootOrZero(varianceKeep(correction, axes));
  }

  /** The p-norm over axes, which are dropped: see {@link #normKeep}. */
  public Tensor norm(double p, int... axes) {
    return drop(normKeep(p, axes), axes("norm", axes));
  }

  /**
   * The p-norm (Σ |x|^p)^(1/p) over axes, which stay with size 1. For p = ∞ the largest |x|, where
   * ties share the gradient, for 0 the number of elements that are not 0. The gradient at the zero
   * vector is 0.
   */
  public Tensor normKeep(double p, int... axes) {
    if (!(p >= 0)) {
      throw CajalException.at("norm", "p = " + p + " is not allowed; it must be 0 or larger");
    }
    if (p == 0) {
      return notEqualTo(0).cast(dtype()).sumKeep(axes);
    }
    if (p == 1) {
      return abs().sumKeep(axes);
    }
    if (p == 2) {
      return Functions.squareRootOrZero(square().sumKeep(axes));
    }
    if (p == Double.POSITIVE_INFINITY) {
      return abs().maxKeep(axes);
    }
    Tensor zero = equalTo(0);
    Tensor powers = where(zero, number(0), where(zero, number(1), abs()).power(p)).sumKeep(axes);
    Tensor nothing = powers.equalTo(0);
    return where(nothing, number(0), where(nothing, number(1), powers).power(1 / p));
  }

  /**
   * The index of the largest along an axis, which is dropped: I32, the first of ties; NaN counts as
   * largest.
   */
  public Tensor argMax(int axis) {
    int a = shape().axis("argmax", axis);
    return drop(new Tensor(Node.of(new ArgMax(a), node)), List.of(a));
  }

  /**
   * The index of the smallest along an axis, which is dropped: I32, the first of ties; NaN counts
   * as smallest.
   */
  public Tensor argMin(int axis) {
    return negate().argMax(axis);
  }

  /** The running sum along an axis. */
  public Tensor cumulativeSum(int axis) {
    return new Tensor(Node.of(new CumulativeSum(shape().axis("cumulativesum", axis)), node));
  }

  /** ln Σ e^x over axes, which are dropped: see {@link #logSumExpKeep}. */
  public Tensor logSumExp(int... axes) {
    return drop(logSumExpKeep(axes), axes("logsumexp", axes));
  }

  /**
   * ln Σ e^x over axes, which stay with size 1; stable for any finite x, −∞ over nothing or nothing
   * but −∞.
   */
  public Tensor logSumExpKeep(int... axes) {
    if (count("logsumexp", axes) == 0) {
      return exp().sumKeep(axes).log();
    }
    Tensor highest = maxKeep(axes).stopGradient();
    Tensor finite = where(highest.abs().less(Double.POSITIVE_INFINITY), highest, number(0));
    Tensor e = minus(finite).exp();
    Tensor sum = e.sumKeep(axes);
    Tensor softmax = e.dividedBy(where(sum.equalTo(0), number(1), sum));
    return sum.log().plus(finite).region("logSumExp", List.of(this), List.of(softmax));
  }

  /** The softmax e^x / Σ e^x along an axis; stable for any finite x. */
  public Tensor softmax(int axis) {
    if (dim(shape().axis("softmax", axis)) == 0) {
      return this;
    }
    Tensor highest = maxKeep(axis).stopGradient();
    Tensor e = minus(highest).exp();
    Tensor sum = e.sumKeep(axis);
    Tensor y = e.dividedBy(sum);
    // As e^(x − ln Σ e^x) its gradient needs y alone.
    Tensor total = sum.log().plus(highest).region("logSumExp", List.of(this), List.of(y));
    return y.region("softmax", List.of(minus(total)), List.of(y));
  }

  /** x − ln Σ e^x along an axis; stable for any finite x. */
  public Tensor logSoftmax(int axis) {
    if (dim(shape().axis("logsoftmax", axis)) == 0) {
      return this;
    }
    Tensor below = minus(maxKeep(axis).stopGradient());
    return below.minus(below.exp().sumKeep(axis).log());
  }

  // Shape

  /**
   * The same elements in row-major order under another shape; one size may be −1 and is inferred.
   */
  public Tensor reshape(int... dims) {
    int[] sizes = dims.clone();
    int unknown = -1;
    long known = 1;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == -1) {
        if (unknown >= 0) {
          throw CajalException.at(
              "reshape",
              Arrays.toString(dims) + " has more than one −1; at most one size can be inferred");
        }
        unknown = i;
      } else {
        known *= sizes[i];
      }
    }
    if (unknown >= 0) {
      if (known == 0 || shape().size() % known != 0) {
        throw CajalException.at(
            "reshape",
            shape()
                + " has "
                + shape().size()
                + " elements, which "
                + Arrays.toString(dims)
                + " cannot hold");
      }
      sizes[unknown] = Math.toIntExact(shape().size() / known);
    }
    return reshape(Shape.of(sizes));
  }

  /** The same elements in row-major order under another shape. */
  public Tensor reshape(Shape to) {
    return new Tensor(node.reshape(to));
  }

  /**
   * Axis i of the result is axis permutation[i] of this; without arguments the axes are reversed.
   */
  public Tensor transpose(int... permutation) {
    List<Integer> p = new ArrayList<>();
    for (int axis : permutation) {
      p.add(shape().axis("transpose", axis));
    }
    for (int i = rank() - 1; permutation.length == 0 && i >= 0; i--) {
      p.add(i);
    }
    if (p.size() != rank()) {
      throw CajalException.at(
          "transpose",
          Arrays.toString(permutation)
              + " names "
              + p.size()
              + " axes, the shape "
              + shape()
              + " has "
              + rank());
    }
    return new Tensor(node.transpose(p));
  }

  /** Two axes exchanged. */
  public Tensor swapAxes(int a, int b) {
    List<Integer> p = new ArrayList<>();
    for (int i = 0; i < rank(); i++) {
      p.add(i);
    }
    Collections.swap(p, shape().axis("swapaxes", a), shape().axis("swapaxes", b));
    return new Tensor(node.transpose(p));
  }

  /** A further axis of size 1 before {@code axis} (0 to rank; −1 is after the last). */
  public Tensor expandDims(int axis) {
    int a = axis < 0 ? axis + rank() + 1 : axis;
    if (a < 0 || a > rank()) {
      throw CajalException.at(
          "expanddims", "axis " + axis + " is out of range for shape " + shape());
    }
    return reshape(shape().insert(a, 1));
  }

  /** The axes start to end, both included, as one. */
  public Tensor flatten(int start, int end) {
    if (rank() == 0) {
      return reshape(1);
    }
    int from = shape().axis("flatten", start);
    int to = shape().axis("flatten", end);
    if (from > to) {
      throw CajalException.at(
          "flatten", "start " + start + " is after end " + end + " in shape " + shape());
    }
    int joined = Math.toIntExact(shape().sub(from, to + 1).size());
    return reshape(shape().sub(0, from).insert(from, joined).concat(shape().sub(to + 1, rank())));
  }

  /** Without the given axes, which must have size 1; without all axes of size 1 for none given. */
  public Tensor squeeze(int... axes) {
    List<Integer> named = axes.length == 0 ? List.of() : axes("squeeze", axes);
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; i < rank(); i++) {
      if (named.contains(i) && dim(i) != 1) {
        throw CajalException.at(
            "squeeze", "axis " + i + " of shape " + shape() + " has not size 1");
      }
      if (axes.length == 0 ? dim(i) != 1 : !named.contains(i)) {
        dims.add(dim(i));
      }
    }
    return reshape(new Shape(dims));
  }

  /** Repeated along axes of size 1 and new leading axes. */
  public Tensor broadcastTo(Shape to) {
    return new Tensor(node.broadcast(to));
  }

  /**
   * The part from start (included) to stop (excluded) along one axis; negative positions count from
   * the end.
   */
  public Tensor slice(int axis, int start, int stop) {
    return slice(axis, start, stop, 1);
  }

  /**
   * Every step-th element from start (included) to stop (excluded) along one axis; positions are
   * clipped as in Python.
   */
  public Tensor slice(int axis, int start, int stop, int step) {
    int a = shape().axis("slice", axis);
    int n = dim(a);
    if (step < 1) {
      throw CajalException.at(
          "slice", "step " + step + " is not allowed; it must be at least 1 (use flip to reverse)");
    }
    int from = Math.clamp(start < 0 ? start + (long) n : start, 0, n);
    int to = Math.clamp(stop < 0 ? stop + (long) n : stop, 0, n);
    List<Integer> starts = new ArrayList<>(Collections.nCopies(rank(), 0));
    List<Integer> steps = new ArrayList<>(Collections.nCopies(rank(), 1));
    List<Integer> sizes = new ArrayList<>(shape().dims());
    starts.set(a, Math.min(from, to));
    steps.set(a, step);
    sizes.set(a, from >= to ? 0 : (to - from + step - 1) / step);
    return new Tensor(Node.of(new Slice(starts, sizes, steps), node));
  }

  /**
   * The slice at one position along an axis, which is dropped; negative positions count from the
   * end.
   */
  public Tensor select(int axis, int index) {
    int a = shape().axis("select", axis);
    int n = dim(a);
    if (index < -n || index >= n) {
      throw CajalException.at(
          "select",
          "index " + index + " is out of range for axis " + axis + " of shape " + shape());
    }
    int at = index < 0 ? index + n : index;
    return drop(slice(a, at, at + 1), List.of(a));
  }

  /** Pieces of the given sizes along an axis, which they must fill. */
  public List<Tensor> split(int axis, int... sizes) {
    int a = shape().axis("split", axis);
    if (Arrays.stream(sizes).asLongStream().sum() != dim(a)
        || Arrays.stream(sizes).anyMatch(n -> n < 0)) {
      throw CajalException.at(
          "split",
          "sizes " + Arrays.toString(sizes) + " do not fill axis " + axis + " of shape " + shape());
    }
    List<Tensor> out = new ArrayList<>();
    int start = 0;
    for (int size : sizes) {
      out.add(slice(a, start, start + size));
      start += size;
    }
    return out;
  }

  /** A constant around the elements: how many before and after each axis. */
  public Tensor pad(List<Integer> before, List<Integer> after, double value) {
    return new Tensor(Node.of(new Pad(before, after, Collections.nCopies(rank(), 0), value), node));
  }

  /** Tensors one after the other along an axis. */
  public static Tensor concatenate(int axis, List<Tensor> parts) {
    if (parts.isEmpty()) {
      throw CajalException.at("concatenate", "nothing to join");
    }
    int a = parts.get(0).shape().axis("concatenate", axis);
    return new Tensor(
        Node.of(new org.cajal.op.Concatenate(a), parts.stream().map(Tensor::node).toList()));
  }

  /** Tensors of one shape one after the other along a new axis. */
  public static Tensor stack(int axis, List<Tensor> parts) {
    if (parts.isEmpty()) {
      throw CajalException.at("stack", "nothing to join");
    }
    Shape first = parts.get(0).shape();
    for (Tensor part : parts) {
      if (!part.shape().equals(first)) {
        throw CajalException.at("stack", "shapes differ: " + first + " and " + part.shape());
      }
    }
    int a = first.insert(0, 1).axis("stack", axis);
    return concatenate(a, parts.stream().map(t -> t.expandDims(a)).toList());
  }

  /** The order along axes reversed. */
  public Tensor flip(int... axes) {
    return new Tensor(Node.of(new Flip(axes("flip", axes)), node));
  }

  // Products and indices

  /**
   * The matrix product of the last two axes; leading axes broadcast; a rank-1 operand is a row
   * (left) or a column (right) whose axis is dropped.
   */
  public Tensor matmul(Tensor y) {
    if (rank() == 0 || y.rank() == 0) {
      throw CajalException.at(
          "matmul", "scalars have no matrix product: " + shape() + " × " + y.shape());
    }
    Tensor a = rank() == 1 ? expandDims(0) : this;
    Tensor b = y.rank() == 1 ? y.expandDims(1) : y;
    if (a.dim(-1) != b.dim(-2)) {
      throw CajalException.at("matmul", "inner dimensions differ: " + shape() + " × " + y.shape());
    }
    if (a.dtype() != b.dtype()) {
      throw CajalException.at(
          "matmul",
          "element types differ: " + a.dtype() + " and " + b.dtype() + "; cast one of them");
    }
    if (b.rank() == 2 && a.rank() > 2) {
      Tensor flat = new Tensor(Node.of(new MatMul(), a.flatten(0, -2).node, b.node));
      Tensor product = flat.reshape(a.shape().with(-1, b.dim(-1)));
      return y.rank() == 1 ? product.reshape(product.shape().sub(0, product.rank() - 1)) : product;
    }
    Shape batch =
        Shape.broadcast("matmul", a.shape().sub(0, a.rank() - 2), b.shape().sub(0, b.rank() - 2));
    a = a.broadcastTo(batch.concat(a.shape().sub(a.rank() - 2, a.rank())));
    b = b.broadcastTo(batch.concat(b.shape().sub(b.rank() - 2, b.rank())));
    Tensor product = new Tensor(Node.of(new MatMul(), a.node, b.node));
    Shape rows = rank() == 1 ? Shape.SCALAR : Shape.of(a.dim(-2));
    Shape columns = y.rank() == 1 ? Shape.SCALAR : Shape.of(b.dim(-1));
    return product.reshape(batch.concat(rows).concat(columns));
  }

  /** Whole slices by index along an axis: the axis gives way to those of the index (I32 or I64). */
  public Tensor take(Tensor index, int axis) {
    int a = shape().axis("take", axis);
    List<Integer> front = new ArrayList<>(List.of(a));
    List<Integer> back = new ArrayList<>();
    for (int i = 0; i < rank(); i++) {
      if (i != a) {
        front.add(i);
      }
    }
    Tensor taken = new Tensor(Node.of(new Gather(0), node.transpose(front), index.node));
    int r = index.rank();
    for (int i = 0; i < a; i++) {
      back.add(r + i);
    }
    for (int i = 0; i < r; i++) {
      back.add(i);
    }
    for (int i = r + a; i < taken.rank(); i++) {
      back.add(i);
    }
    return new Tensor(taken.node.transpose(back));
  }

  /**
   * Elements by index: x [batch..., n, rest...] and index [batch..., places...] → [batch...,
   * places..., rest...].
   */
  public Tensor gather(Tensor index, int batchAxes) {
    return new Tensor(Node.of(new Gather(batchAxes), node, index.node));
  }

  /** This plus source at index: see {@link ScatterAdd}. */
  public Tensor scatterAdd(Tensor index, Tensor source, int batchAxes) {
    return new Tensor(Node.of(new ScatterAdd(batchAxes), node, index.node, source.node));
  }

  /**
   * 1 at the class of each index and 0 elsewhere, on a new last axis; an index outside is all
   * zeros.
   */
  public Tensor oneHot(int classes, DType dtype) {
    return expandDims(-1).equalTo(range(dtype(), classes)).cast(dtype);
  }

  // Boundaries of gradients

  /** The same values, through which no gradient flows. */
  public Tensor stopGradient() {
    return new Tensor(Node.of(new StopGradient(), node));
  }

  /**
   * The same values; asking for a gradient through them is an error that names {@code label} and
   * gives {@code advice}.
   */
  public Tensor undifferentiable(String label, String advice) {
    return new Tensor(Node.of(new Undifferentiable(label, advice), node));
  }

  /**
   * This value with a gradient of its own: each argument gets dy · derivative. See {@link Region}.
   *
   * @param label the function's name
   * @param arguments what the gradient flows to
   * @param derivatives for each argument the derivative, of its shape
   */
  public Tensor region(String label, List<Tensor> arguments, List<Tensor> derivatives) {
    List<Node> inputs = new ArrayList<>();
    inputs.add(node);
    arguments.forEach(t -> inputs.add(t.node));
    derivatives.forEach(t -> inputs.add(t.node));
    return new Tensor(Node.of(new Region(label, arguments.size()), inputs));
  }

  // Evaluation

  /**
   * The numbers, now: compiles and runs the little graph behind this tensor.
   *
   * @throws CajalException if the graph has inputs
   */
  public NDArray eval() {
    return Program.compile(List.of(this), List.of()).run(Feed.none()).get(this);
  }

  /** The numbers as floats, row-major. */
  public float[] toFloats() {
    return eval().toFloats();
  }

  /** The numbers as doubles, row-major. */
  public double[] toDoubles() {
    return eval().toDoubles();
  }

  @Override
  public String toString() {
    return node.toString();
  }
}
