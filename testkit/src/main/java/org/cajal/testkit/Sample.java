package org.cajal.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cajal.op.ArgMax;
import org.cajal.op.Broadcast;
import org.cajal.op.Cast;
import org.cajal.op.Compare;
import org.cajal.op.Concatenate;
import org.cajal.op.Constant;
import org.cajal.op.Convolution;
import org.cajal.op.ConvolutionInputGradient;
import org.cajal.op.ConvolutionWeightGradient;
import org.cajal.op.CumulativeSum;
import org.cajal.op.Domain;
import org.cajal.op.Flip;
import org.cajal.op.Gather;
import org.cajal.op.Input;
import org.cajal.op.MatMul;
import org.cajal.op.Max;
import org.cajal.op.Min;
import org.cajal.op.Node;
import org.cajal.op.Op;
import org.cajal.op.Pad;
import org.cajal.op.Product;
import org.cajal.op.RandomBits;
import org.cajal.op.Range;
import org.cajal.op.Region;
import org.cajal.op.Reshape;
import org.cajal.op.ScatterAdd;
import org.cajal.op.Select;
import org.cajal.op.Slice;
import org.cajal.op.State;
import org.cajal.op.StopGradient;
import org.cajal.op.Sum;
import org.cajal.op.Transpose;
import org.cajal.op.Undifferentiable;
import org.cajal.op.Variable;
import org.cajal.op.Window;
import org.cajal.op.WindowArgMax;
import org.cajal.op.WindowSum;
import org.cajal.op.WindowSumGradient;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * An operation with arguments to try it on.
 *
 * @param op the operation
 * @param arguments what its inputs are
 */
record Sample(Op op, List<Argument> arguments) {
  /**
   * An input to be drawn.
   *
   * @param type its element type
   * @param shape its shape
   * @param low the smallest number
   * @param high beyond the largest
   */
  record Argument(DType type, Shape shape, double low, double high) {
    @Override
    public String toString() {
      return type + " " + shape;
    }
  }

  /** Sizes around the numbers of lanes of vectors, and none. */
  private static final List<Shape> LADDER =
      List.of(
          Shape.SCALAR,
          Shape.of(0, 3),
          Shape.of(1),
          Shape.of(7),
          Shape.of(8),
          Shape.of(15),
          Shape.of(16),
          Shape.of(17),
          Shape.of(2, 3, 11),
          Shape.of(130),
          Shape.of(3, 347));

  private static Argument reals(DType type, int... dims) {
    return new Argument(type, Shape.of(dims), -2, 2);
  }

  private static Argument index(DType type, int bound, int... dims) {
    return new Argument(type, Shape.of(dims), 0, bound);
  }

  /** Samples of every operation. */
  static List<Sample> all() {
    List<Sample> out = new ArrayList<>();
    for (Class<?> operation : OperationContract.operations()) {
      if (Op.Elementwise.class.isAssignableFrom(operation)) {
        elementwise(operation).forEach(op -> onLadder(op, out));
      }
    }
    for (DType type : List.of(DType.F32, DType.F64)) {
      leaves(type, out);
      reductions(type, out);
      movement(type, out);
      products(type, out);
      windows(type, out);
      indices(type, out);
      boundaries(type, out);
    }
    for (DType type : List.of(DType.I32, DType.I64)) {
      leaves(type, out);
      movement(type, out);
      out.add(
          new Sample(new Sum(List.of(0, 1)), List.of(new Argument(type, Shape.of(5, 7), -9, 9))));
      out.add(new Sample(new Max(List.of(1)), List.of(new Argument(type, Shape.of(5, 7), -9, 9))));
      out.add(new Sample(new CumulativeSum(1), List.of(new Argument(type, Shape.of(5, 7), -9, 9))));
      out.add(new Sample(new ArgMax(0), List.of(new Argument(type, Shape.of(5, 7), -9, 9))));
    }
    out.add(new Sample(new RandomBits(Shape.of(5, 13), 3), List.of(index(DType.I32, 1 << 30, 2))));
    out.add(
        new Sample(new RandomBits(Shape.of(2, 1000), 0), List.of(index(DType.I32, 1 << 30, 2))));
    return out;
  }

  /** An elementwise operation with all its components. */
  private static List<Op.Elementwise> elementwise(Class<?> operation) {
    if (operation == Compare.class) {
      return Arrays.stream(Compare.Relation.values()).<Op.Elementwise>map(Compare::new).toList();
    }
    if (operation == Cast.class) {
      List<Op.Elementwise> casts = new ArrayList<>();
      for (DType from : DType.values()) {
        for (DType to : DType.values()) {
          casts.add(new Cast(to, from));
        }
      }
      return casts;
    }
    try {
      return List.of((Op.Elementwise) operation.getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(operation.getSimpleName() + " has components: give it samples", e);
    }
  }

  private static void onLadder(Op.Elementwise op, List<Sample> out) {
    for (DType type : DType.values()) {
      if (op instanceof Cast cast && cast.from() != type) {
        continue;
      }
      int operands = op instanceof Op.Unary ? 1 : op instanceof Op.Binary ? 2 : 3;
      for (Shape shape : LADDER) {
        List<Argument> arguments = new ArrayList<>();
        for (int k = 0; k < operands; k++) {
          Domain d = op.domain(k);
          DType of = op instanceof Select && k == 0 ? DType.BOOL : type;
          boolean truth = of == DType.BOOL;
          arguments.add(new Argument(of, shape, truth ? 0 : d.low(), truth ? 2 : d.high()));
        }
        if (accepts(op, arguments)) {
          out.add(new Sample(op, arguments));
        }
      }
    }
  }

  private static boolean accepts(Op op, List<Argument> arguments) {
    try {
      op.type(
          arguments.stream().map(a -> Node.constant(NDArray.zeros(a.type(), a.shape()))).toList());
      return true;
    } catch (CajalException e) {
      return false;
    }
  }

  private static void leaves(DType type, List<Sample> out) {
    NDArray values = NDArray.of(type, new double[] {3, -1, 2, 0, 7, 5}, Shape.of(2, 3));
    out.add(new Sample(new Constant(values), List.of()));
    out.add(new Sample(new State(new Variable("v", values)), List.of()));
    out.add(new Sample(new Range(type, 19), List.of()));
    out.add(new Sample(new Range(type, 0), List.of()));
    out.add(new Sample(new Input("leaf", type, values.shape()), List.of()));
  }

  private static void reductions(DType type, List<Sample> out) {
    for (List<Integer> axes :
        List.of(
            List.of(0), List.of(1), List.of(2), List.of(0, 2), List.of(1, 2), List.of(0, 1, 2))) {
      for (Op op : List.of(new Sum(axes), new Product(axes), new Max(axes), new Min(axes))) {
        out.add(new Sample(op, List.of(reals(type, 3, 4, 5))));
        out.add(new Sample(op, List.of(reals(type, 2, 1, 35))));
      }
      out.add(new Sample(new Sum(axes), List.of(reals(type, 2, 0, 3))));
      out.add(new Sample(new Product(axes), List.of(reals(type, 2, 0, 3))));
    }
    out.add(new Sample(new Sum(List.of(0)), List.of(reals(type, 3001))));
    out.add(new Sample(new Max(List.of(1)), List.of(reals(type, 0, 3))));
  }

  private static void movement(DType type, List<Sample> out) {
    List<Argument> x = List.of(new Argument(type, Shape.of(3, 4, 5), -9, 9));
    out.add(new Sample(new Reshape(Shape.of(6, 10)), x));
    out.add(new Sample(new Reshape(Shape.SCALAR), List.of(reals(type, 1, 1))));
    out.add(new Sample(new Reshape(Shape.of(0, 7)), List.of(reals(type, 3, 0))));
    out.add(new Sample(new Transpose(List.of(2, 0, 1)), x));
    out.add(new Sample(new Transpose(List.of(0, 2, 1)), x));
    out.add(new Sample(new Broadcast(Shape.of(2, 3, 4)), List.of(reals(type, 3, 1))));
    out.add(new Sample(new Broadcast(Shape.of(3, 17)), List.of(reals(type))));
    out.add(new Sample(new Slice(List.of(1, 0, 2), List.of(2, 2, 2), List.of(1, 3, 2)), x));
    out.add(new Sample(new Slice(List.of(0, 4, 0), List.of(3, 0, 5), List.of(1, 1, 1)), x));
    out.add(new Sample(new Flip(List.of(0, 2)), x));
    out.add(new Sample(new Flip(List.of(1)), x));
    out.add(new Sample(new Pad(List.of(1, 0, 2), List.of(0, 3, 1), List.of(0, 1, 2), 2), x));
    out.add(
        new Sample(
            new Pad(List.of(1, 1), List.of(1, 1), List.of(0, 0), 1), List.of(reals(type, 0, 2))));
    out.add(
        new Sample(
            new Concatenate(1),
            List.of(reals(type, 3, 2, 5), reals(type, 3, 0, 5), reals(type, 3, 17, 5))));
    out.add(new Sample(new Concatenate(0), List.of(reals(type, 4))));
  }

  private static void products(DType type, List<Sample> out) {
    int[][] sizes = {
      {1, 1, 1}, {3, 5, 2}, {7, 1, 9}, {17, 33, 16}, {5, 0, 3}, {0, 4, 3}, {40, 70, 37}
    };
    for (int[] s : sizes) {
      out.add(new Sample(new MatMul(), List.of(reals(type, s[0], s[1]), reals(type, s[1], s[2]))));
    }
    out.add(new Sample(new MatMul(), List.of(reals(type, 2, 3, 4, 5), reals(type, 2, 3, 5, 6))));
    convolution(type, 1, window(new int[] {3}, 1, 1, 1, 1), new int[] {2, 3, 8}, 4, out);
    convolution(type, 2, window(new int[] {2}, 2, 0, 1, 2), new int[] {1, 4, 9}, 6, out);
    convolution(type, 1, window(new int[] {3, 2}, 2, 1, 2, 1), new int[] {2, 2, 7, 6}, 3, out);
    convolution(type, 3, window(new int[] {3, 3}, 1, 1, 1, 1), new int[] {1, 3, 5, 4}, 3, out);
    convolution(type, 1, window(new int[] {1, 1}, 1, 0, 0, 1), new int[] {2, 5, 3, 4}, 2, out);
    convolution(
        type, 1, window(new int[] {2, 2, 2}, 1, 1, 0, 1), new int[] {1, 2, 3, 3, 4}, 2, out);
  }

  private static Window window(int[] kernel, int stride, int low, int high, int dilation) {
    List<Integer> k = Arrays.stream(kernel).boxed().toList();
    return new Window(
        k,
        k.stream().map(_ -> stride).toList(),
        k.stream().map(_ -> low).toList(),
        k.stream().map(_ -> high).toList(),
        k.stream().map(_ -> dilation).toList());
  }

  /** A convolution and both of its gradients. */
  private static void convolution(
      DType type, int groups, Window window, int[] x, int outputs, List<Sample> out) {
    int d = window.kernel().size();
    int[] w = new int[d + 2];
    int[] y = new int[d + 2];
    w[0] = outputs;
    w[1] = x[1] / groups;
    y[0] = x[0];
    y[1] = outputs;
    List<Integer> spatial = new ArrayList<>();
    for (int i = 0; i < d; i++) {
      w[i + 2] = window.kernel().get(i);
      y[i + 2] = window.out(i, x[i + 2]);
      spatial.add(x[i + 2]);
    }
    out.add(new Sample(new Convolution(window, groups), List.of(reals(type, x), reals(type, w))));
    out.add(
        new Sample(
            new ConvolutionInputGradient(window, groups, spatial),
            List.of(reals(type, y), reals(type, w))));
    out.add(
        new Sample(
            new ConvolutionWeightGradient(window, groups),
            List.of(reals(type, x), reals(type, y))));
  }

  private static void windows(DType type, List<Sample> out) {
    List<Window> windows =
        List.of(
            window(new int[] {2, 2}, 2, 0, 0, 1),
            window(new int[] {3, 2}, 1, 1, 1, 1),
            window(new int[] {2, 3}, 2, 1, 0, 2));
    for (Window w : windows) {
      out.add(new Sample(new WindowSum(w), List.of(reals(type, 2, 3, 8, 7))));
      out.add(new Sample(new WindowArgMax(w), List.of(reals(type, 2, 3, 8, 7))));
      out.add(
          new Sample(
              new WindowSumGradient(w, List.of(8, 7)),
              List.of(reals(type, 2, 3, w.out(0, 8), w.out(1, 7)))));
    }
    out.add(
        new Sample(
            new WindowSum(window(new int[] {3}, 2, 1, 1, 1)), List.of(reals(type, 1, 2, 20))));
  }

  private static void indices(DType type, List<Sample> out) {
    out.add(new Sample(new ArgMax(0), List.of(reals(type, 5, 7))));
    out.add(new Sample(new ArgMax(1), List.of(new Argument(type, Shape.of(3, 9, 2), 0, 1))));
    out.add(new Sample(new CumulativeSum(0), List.of(reals(type, 6, 3))));
    out.add(new Sample(new CumulativeSum(1), List.of(reals(type, 2, 37))));
    out.add(new Sample(new CumulativeSum(1), List.of(reals(type, 2, 0))));
    for (DType integer : List.of(DType.I32, DType.I64)) {
      out.add(new Sample(new Gather(0), List.of(reals(type, 7, 3), index(integer, 7, 2, 5))));
      out.add(new Sample(new Gather(1), List.of(reals(type, 2, 7, 3), index(integer, 7, 2, 5))));
      out.add(new Sample(new Gather(2), List.of(reals(type, 2, 3, 7), index(integer, 7, 2, 3, 4))));
      out.add(new Sample(new Gather(0), List.of(reals(type, 7, 3), index(integer, 7, 0))));
      out.add(
          new Sample(
              new ScatterAdd(0),
              List.of(reals(type, 7, 3), index(integer, 7, 2, 5), reals(type, 2, 5, 3))));
      out.add(
          new Sample(
              new ScatterAdd(1),
              List.of(reals(type, 2, 7), index(integer, 7, 2, 20), reals(type, 2, 20))));
    }
  }

  private static void boundaries(DType type, List<Sample> out) {
    out.add(new Sample(new StopGradient(), List.of(reals(type, 3, 4))));
    out.add(new Sample(new Undifferentiable("step", "use sigmoid"), List.of(reals(type, 3, 4))));
    out.add(
        new Sample(
            new Region("f", 1), List.of(reals(type, 3), reals(type, 3, 4), reals(type, 3, 4))));
  }

  /** The operation and its arguments, for reports. */
  @Override
  public String toString() {
    return op + " " + arguments;
  }
}
