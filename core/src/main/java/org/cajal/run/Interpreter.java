package org.cajal.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.cajal.graph.Graphs;
import org.cajal.op.ArgMax;
import org.cajal.op.Concatenate;
import org.cajal.op.Constant;
import org.cajal.op.CumulativeSum;
import org.cajal.op.Gather;
import org.cajal.op.Input;
import org.cajal.op.Node;
import org.cajal.op.Op;
import org.cajal.op.Pad;
import org.cajal.op.RandomBits;
import org.cajal.op.Range;
import org.cajal.op.ScatterAdd;
import org.cajal.op.State;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The living definition of what a graph means: every operation in plain loops, one node after the
 * other. Each element is computed in double precision from the inputs' stored values and rounded to
 * its type once. Slow and complete; what compiled programs are compared with.
 */
public final class Interpreter {
  private final Function<String, @Nullable NDArray> feed;
  private final boolean exact;

  private Interpreter(Function<String, @Nullable NDArray> feed, boolean exact) {
    this.feed = feed;
    this.exact = exact;
  }

  /**
   * The values of nodes, in their element types.
   *
   * @param outputs what is asked for
   * @param feed the value of each input by its name, or null
   * @return one array for each output, in order
   * @throws CajalException if an input is missing or has another type or shape, or an index is out
   *     of range
   */
  public static List<NDArray> evaluate(
      List<Node> outputs, Function<String, @Nullable NDArray> feed) {
    List<double[]> values = new Interpreter(feed, false).run(outputs);
    List<NDArray> out = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      out.add(NDArray.of(outputs.get(i).dtype(), values.get(i), outputs.get(i).shape()));
    }
    return out;
  }

  /**
   * The values of nodes with every floating element in double precision, F32 nodes too: the truth
   * that rounding is measured against. Floating inputs may be fed in either floating type.
   *
   * @throws CajalException if an input is missing or has another type or shape, or an index is out
   *     of range
   */
  public static List<double[]> evaluateExact(
      List<Node> outputs, Function<String, @Nullable NDArray> feed) {
    return new Interpreter(feed, true).run(outputs).stream().map(double[]::clone).toList();
  }

  /** The number of elements, which must fit an array. */
  static int size(Shape shape) {
    return Math.toIntExact(shape.size());
  }

  private List<double[]> run(List<Node> outputs) {
    List<Node> order = order(outputs);
    Map<Node, Integer> uses = new HashMap<>();
    outputs.forEach(node -> uses.merge(node, 1, Integer::sum));
    order.forEach(node -> operands(node).forEach(input -> uses.merge(input, 1, Integer::sum)));
    Map<Node, double[]> values = new HashMap<>();
    for (Node node : order) {
      List<double[]> x = new ArrayList<>();
      for (Node input : operands(node)) {
        x.add(Graphs.get(values, input));
      }
      double[] value = value(node, x);
      if (value.length != node.shape().size()) {
        throw new IllegalStateException(value.length + " elements computed for " + node);
      }
      values.put(node, value);
      for (Node input : operands(node)) {
        if (uses.merge(input, -1, Integer::sum) == 0) {
          values.remove(input);
        }
      }
    }
    return outputs.stream().map(node -> Graphs.get(values, node)).toList();
  }

  /** What a node's value follows from: the derivatives of a region are not among it. */
  private static List<Node> operands(Node node) {
    return node.op() instanceof Op.Boundary ? List.of(node.input(0)) : node.inputs();
  }

  /** All nodes that the outputs' values follow from, inputs before their users. */
  private static List<Node> order(List<Node> outputs) {
    Set<Node> seen = new HashSet<>(outputs);
    Deque<Node> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      for (Node input : operands(open.pop())) {
        if (seen.add(input)) {
          open.push(input);
        }
      }
    }
    List<Node> order = new ArrayList<>(seen);
    order.sort(Comparator.comparingLong(Node::id));
    return order;
  }

  /**
   * The value of one node, given those of its inputs; may share their arrays, never changes them.
   */
  private double[] value(Node node, List<double[]> x) {
    return switch (node.op()) {
      case Op.Leaf leaf -> leaf(leaf);
      case Op.Elementwise op ->
          op.lane(new NumberLanes(node.inputs().getLast().dtype(), size(node.shape()), exact), x);
      case Op.Reduction op -> rounded(node, reduce(op, node, x.get(0)));
      case Op.View op -> InterpreterViews.view(op, node, x.get(0));
      case Op.Arrange op ->
          switch (op) {
            case Pad pad -> rounded(node, InterpreterViews.pad(pad, node, x.get(0)));
            case Concatenate c -> InterpreterViews.concatenate(c, node, x);
          };
      case Op.Contraction op ->
          rounded(node, InterpreterProducts.contraction(op, node, x.get(0), x.get(1)));
      case Op.Windowed op -> rounded(node, InterpreterProducts.windowed(op, node, x.get(0)));
      case Op.Indexed op -> indexed(op, node, x);
      case Op.Boundary _ -> x.get(0);
    };
  }

  private double[] rounded(Node node, double[] value) {
    return NumberLanes.round(node.dtype(), exact, value);
  }

  private double[] leaf(Op.Leaf leaf) {
    return switch (leaf) {
      case Input input -> fed(input).toDoubles();
      case Constant constant -> constant.value().toDoubles();
      case State state -> state.variable().value().toDoubles();
      case Range range -> {
        double[] out = new double[range.length()];
        Arrays.setAll(out, i -> i);
        yield NumberLanes.round(range.dtype(), exact, out);
      }
    };
  }

  private NDArray fed(Input input) {
    NDArray value = feed.apply(input.label());
    String needed = input.dtype() + " " + input.dims();
    if (value == null) {
      throw new CajalException("[run] input \"" + input.label() + "\" is missing; feed " + needed);
    }
    boolean fits =
        value.dtype() == input.dtype()
            || (exact && value.dtype().isFloating() && input.dtype().isFloating());
    if (!fits || !value.shape().equals(input.dims())) {
      throw new CajalException(
          "[run] input \""
              + input.label()
              + "\" was fed "
              + value.dtype()
              + " "
              + value.shape()
              + "; the program needs "
              + needed);
    }
    return value;
  }

  /** Pairwise: halves are combined until one is left. Unrounded. */
  private static double[] reduce(Op.Reduction op, Node node, double[] x) {
    Shape from = node.input(0).shape();
    Shape kept = node.shape();
    long[] strides = from.strides();
    List<Integer> reduced = op.axes().stream().map(from::dim).toList();
    long[] reducedStrides = op.axes().stream().mapToLong(axis -> strides[axis]).toArray();
    int[] start = InterpreterViews.positions(kept, 0, strides);
    int[] step = InterpreterViews.positions(new Shape(reduced), 0, reducedStrides);
    int width = start.length;
    int count = step.length;
    double[] part = new double[width * count];
    for (int j = 0; j < count; j++) {
      for (int i = 0; i < width; i++) {
        part[j * width + i] = x[start[i] + step[j]];
      }
    }
    if (count == 0) {
      double[] nothing = new double[width];
      Arrays.fill(nothing, op.start());
      return nothing;
    }
    while (count > 1) {
      int half = count / 2;
      double[] low = Arrays.copyOf(part, half * width);
      double[] high = Arrays.copyOfRange(part, half * width, 2 * half * width);
      double[] combined = op.combine(new NumberLanes(node.dtype(), low.length, true), low, high);
      if (count % 2 == 1) {
        double[] last = Arrays.copyOfRange(part, (count - 1) * width, count * width);
        combined = Arrays.copyOf(combined, (half + 1) * width);
        System.arraycopy(last, 0, combined, half * width, width);
      }
      part = combined;
      count = (count + 1) / 2;
    }
    return part;
  }

  private double[] indexed(Op.Indexed op, Node node, List<double[]> x) {
    return switch (op) {
      case ArgMax a -> InterpreterProducts.argMax(a.axis(), node, x.get(0));
      case Gather g -> gather(g, node, x.get(0), x.get(1));
      case ScatterAdd s -> rounded(node, scatterAdd(s, node, x.get(0), x.get(1), x.get(2)));
      case CumulativeSum c -> rounded(node, cumulativeSum(c.axis(), node, x.get(0)));
      case RandomBits r -> randomBits(r, x.get(0));
    };
  }

  private static double[] gather(Gather op, Node node, double[] x, double[] index) {
    Shape from = node.input(0).shape();
    List<Integer> rest = from.sub(op.batch() + 1, from.rank()).dims();
    int inner = size(new Shape(rest));
    int[] slices =
        InterpreterProducts.slices("gather", op.batch(), from, node.input(1).shape(), index, rest);
    double[] out = new double[size(node.shape())];
    for (int i = 0; i < slices.length; i++) {
      System.arraycopy(x, slices[i], out, i * inner, inner);
    }
    return out;
  }

  private static double[] scatterAdd(
      ScatterAdd op, Node node, double[] x, double[] index, double[] source) {
    Shape from = node.shape();
    List<Integer> rest = from.sub(op.batch() + 1, from.rank()).dims();
    int inner = size(new Shape(rest));
    int[] slices =
        InterpreterProducts.slices(
            "scatteradd", op.batch(), from, node.input(1).shape(), index, rest);
    double[] out = x.clone();
    for (int i = 0; i < slices.length; i++) {
      for (int j = 0; j < inner; j++) {
        out[slices[i] + j] += source[i * inner + j];
      }
    }
    return out;
  }

  private static double[] cumulativeSum(int axis, Node node, double[] x) {
    Shape shape = node.shape();
    int n = shape.dim(axis);
    int inner = size(shape.sub(axis + 1, shape.rank()));
    double[] out = x.clone();
    for (int i = 0; i < out.length; i++) {
      if (i / inner % n > 0) {
        out[i] += out[i - inner];
      }
    }
    return out;
  }

  /**
   * The upper 24 bits of the words that follow from the key and the place; see {@link
   * CounterRandom#word}.
   */
  private static double[] randomBits(RandomBits op, double[] key) {
    long derived = CounterRandom.bits((int) key[0], (int) key[1], op.place(), 0);
    double[] out = new double[size(op.dims())];
    Arrays.setAll(out, i -> CounterRandom.word(derived, i) >>> 8);
    return out;
  }
}
