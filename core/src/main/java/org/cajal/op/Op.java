package org.cajal.op;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A primitive operation: an immutable record, equal by its components. The set is closed; passes
 * switch over it without a default, so that a new operation is refused by the compiler until each
 * of them has a place for it.
 */
public sealed interface Op {
  /** The name in messages and files: the record's name with a small first letter. */
  default String name() {
    String simple = getClass().getSimpleName();
    return simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1);
  }

  /**
   * The element type of the result.
   *
   * @throws CajalException if the inputs' types are not allowed
   */
  DType type(List<Node> inputs);

  /**
   * The shape of the result.
   *
   * @throws CajalException if the inputs' shapes are not allowed
   */
  Shape shape(List<Node> inputs);

  /**
   * The vector–Jacobian product: what each input's gradient is, given the result's. Written as more
   * graph, so that it can be differentiated again.
   *
   * @param dy the gradient of the result, of its shape
   * @param y the result; its inputs are {@code y.inputs()}
   * @return one entry for each input, null where none flows
   */
  List<@Nullable Node> vjp(Node dy, Node y);

  /** An error of this operation, with the place where the graph was built. */
  default CajalException error(String message) {
    return CajalException.at(name().toLowerCase(Locale.ROOT), message);
  }

  /** A floating type, or an error: {@code [exp] needs F32 or F64, found I32}. */
  default DType floating(DType type) {
    if (!type.isFloating()) {
      throw error("needs F32 or F64, found " + type + "; cast it first");
    }
    return type;
  }

  /** Any type but BOOL, or an error. */
  default DType numeric(DType type) {
    if (type == DType.BOOL) {
      throw error("needs numbers, found BOOL; cast it first");
    }
    return type;
  }

  /** The common type of two inputs, or an error. */
  default DType same(DType a, DType b) {
    if (a != b) {
      throw error("element types differ: " + a + " and " + b + "; cast one of them");
    }
    return a;
  }

  /** Where values come from: no inputs. */
  sealed interface Leaf extends Op permits Input, Constant, State, Range {
    @Override
    default List<@Nullable Node> vjp(Node dy, Node y) {
      return List.of();
    }
  }

  /** Element by element on inputs of one shape. */
  sealed interface Elementwise extends Op permits Unary, Binary, Select {
    /** The meaning of the operation for one element of each input. */
    <V> V lane(Lanes<V> k, List<V> x);

    /** Where tests must look for the given input. */
    default Domain domain(int input) {
      return Domain.reals(-4, 4).and(0.0, -0.0, 1, -1, 0.5);
    }

    @Override
    default Shape shape(List<Node> inputs) {
      Shape first = inputs.get(0).shape();
      for (Node input : inputs) {
        if (!input.shape().equals(first)) {
          throw error("shapes differ: " + first + " and " + input.shape());
        }
      }
      return first;
    }
  }

  /** Elementwise with one input. */
  sealed interface Unary extends Elementwise
      permits Negate, Absolute, Sign, Floor, Exp, Log, Sqrt, Sin, Cos, Tanh, Atan, Erf, Cast {
    /** The result's type for the input's. */
    DType type(DType x);

    /** The meaning for one element. */
    <V> V lane(Lanes<V> k, V x);

    /** The input's gradient, or null where none flows. */
    @Nullable Node vjp(Node dy, Node x, Node y);

    @Override
    default DType type(List<Node> inputs) {
      return type(inputs.get(0).dtype());
    }

    @Override
    default <V> V lane(Lanes<V> k, List<V> x) {
      return lane(k, x.get(0));
    }

    @Override
    default List<@Nullable Node> vjp(Node dy, Node y) {
      return Arrays.asList(vjp(dy, y.input(0), y));
    }
  }

  /** Elementwise with two inputs of one type. */
  sealed interface Binary extends Elementwise
      permits Add, Subtract, Multiply, Divide, Power, Minimum, Maximum, Compare {
    /** The result's type for the inputs' common type. */
    DType type(DType x);

    /** The meaning for one element of each. */
    <V> V lane(Lanes<V> k, V x, V y);

    /** The gradients of both inputs. */
    List<@Nullable Node> vjp(Node dz, Node x, Node y, Node z);

    @Override
    default DType type(List<Node> inputs) {
      return type(same(inputs.get(0).dtype(), inputs.get(1).dtype()));
    }

    @Override
    default <V> V lane(Lanes<V> k, List<V> x) {
      return lane(k, x.get(0), x.get(1));
    }

    @Override
    default List<@Nullable Node> vjp(Node dz, Node z) {
      return vjp(dz, z.input(0), z.input(1), z);
    }
  }

  /** Many elements to one along axes, which stay with size 1. */
  sealed interface Reduction extends Op permits Sum, Product, Max, Min {
    /** The reduced axes, ascending, from 0. */
    List<Integer> axes();

    /** The value over nothing. */
    double start();

    /** The combination of two values; associative but for rounding. */
    <V> V combine(Lanes<V> k, V accumulated, V x);

    @Override
    default DType type(List<Node> inputs) {
      return numeric(inputs.get(0).dtype());
    }

    @Override
    default Shape shape(List<Node> inputs) {
      Shape s = inputs.get(0).shape();
      for (int axis : axes()) {
        s = s.with(axis, 1);
      }
      return s;
    }
  }

  /**
   * Each element of the result is an element of the input at an index that is affine in its own.
   */
  sealed interface View extends Op permits Reshape, Transpose, Broadcast, Slice, Flip {
    @Override
    default DType type(List<Node> inputs) {
      return inputs.get(0).dtype();
    }
  }

  /** New data arranged from the inputs' elements. */
  sealed interface Arrange extends Op permits Pad, Concatenate {
    @Override
    default DType type(List<Node> inputs) {
      if (inputs.isEmpty()) {
        throw error("nothing to join");
      }
      DType type = inputs.get(0).dtype();
      for (Node input : inputs) {
        same(type, input.dtype());
      }
      return type;
    }
  }

  /** Sums of products, with kernels of their own. */
  sealed interface Contraction extends Op
      permits MatMul, Convolution, ConvolutionInputGradient, ConvolutionWeightGradient {
    @Override
    default DType type(List<Node> inputs) {
      return floating(same(inputs.get(0).dtype(), inputs.get(1).dtype()));
    }
  }

  /** Windows over the spatial axes of [N, C, spatial...]. */
  sealed interface Windowed extends Op permits WindowSum, WindowSumGradient, WindowArgMax {}

  /** Positions as values, and values by position. */
  sealed interface Indexed extends Op
      permits ArgMax, Gather, ScatterAdd, CumulativeSum, RandomBits {}

  /** A boundary that only the gradient sees. */
  sealed interface Boundary extends Op permits Region, StopGradient, Undifferentiable {
    @Override
    default DType type(List<Node> inputs) {
      return inputs.get(0).dtype();
    }

    @Override
    default Shape shape(List<Node> inputs) {
      return inputs.get(0).shape();
    }
  }
}
