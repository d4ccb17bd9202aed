package org.cajal.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.cajal.graph.Graphs;
import org.cajal.graph.Verifier;
import org.cajal.op.Input;
import org.cajal.op.Node;
import org.cajal.op.Op;
import org.cajal.op.RandomBits;
import org.cajal.op.Region;
import org.cajal.op.Slice;
import org.cajal.op.StopGradient;
import org.cajal.op.Undifferentiable;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * What every primitive operation keeps, as checks that follow from the permitted subclasses of
 * {@link Op}: a result of the type and shape that was promised, of the value by its definition,
 * whether inputs lie straight in memory or are seen through views; errors in the one grammar;
 * gradients of order 2. The same contract holds for every {@link Evaluator}.
 */
public final class OperationContract {
  private final Evaluator evaluator;
  private final long seed;

  private OperationContract(Evaluator evaluator, long seed) {
    this.evaluator = evaluator;
    this.seed = seed;
  }

  /**
   * All checks on an evaluator.
   *
   * @param seed of the random arguments
   */
  public static List<Check> checks(Evaluator evaluator, long seed) {
    return new OperationContract(evaluator, seed).all();
  }

  /** The record classes of all operations: the leaves of the sealed hierarchy. */
  public static Set<Class<?>> operations() {
    Set<Class<?>> out = new LinkedHashSet<>();
    List<Class<?>> open = new ArrayList<>(List.of(Op.class));
    while (!open.isEmpty()) {
      Class<?> next = open.removeLast();
      Class<?>[] permitted = next.getPermittedSubclasses();
      if (permitted == null) {
        out.add(next);
      } else {
        open.addAll(Arrays.asList(permitted));
      }
    }
    return out;
  }

  private List<Check> all() {
    List<Check> out = new ArrayList<>();
    Set<Class<?>> sampled = new LinkedHashSet<>();
    for (Sample sample : Sample.all()) {
      sampled.add(sample.op().getClass());
      String name = sample.toString();
      out.add(new Check(name + " has its value", () -> value(sample)));
      if (!sample.arguments().isEmpty()) {
        out.add(new Check(name + " reads views", () -> views(sample)));
      }
      if (differentiable(sample)) {
        out.add(new Check(name + " has its gradients", () -> gradients(sample)));
      }
      if (sample.op() instanceof Op.Elementwise op && !sample.arguments().isEmpty()) {
        out.add(new Check(name + " has its value at points of interest", () -> points(sample, op)));
        out.add(new Check(name + " refuses in one grammar", () -> refusals(op)));
      }
    }
    for (Class<?> operation : operations()) {
      out.add(
          new Check(
              operation.getSimpleName() + " has samples",
              () ->
                  require(
                      sampled.contains(operation),
                      "no sample arguments for " + operation.getSimpleName())));
    }
    return out;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }

  // Arguments

  private NDArray draw(Sample.Argument argument, int place) {
    long key = CounterRandom.key(seed, place);
    double[] out = new double[Math.toIntExact(argument.shape().size())];
    for (int i = 0; i < out.length; i++) {
      double u =
          argument.low() + (argument.high() - argument.low()) * CounterRandom.uniform(key, i);
      out[i] = argument.type().isFloating() ? u : Math.floor(u);
    }
    return NDArray.of(argument.type(), out, argument.shape());
  }

  private List<NDArray> draw(Sample sample) {
    List<NDArray> out = new ArrayList<>();
    for (int i = 0; i < sample.arguments().size(); i++) {
      out.add(draw(sample.arguments().get(i), i));
    }
    return out;
  }

  private static Node input(int place, NDArray value) {
    return Node.of(new Input("x" + place, value.dtype(), value.shape()));
  }

  private static Map<String, NDArray> feed(List<NDArray> values) {
    Map<String, NDArray> feed = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      feed.put("x" + i, values.get(i));
    }
    return feed;
  }

  // Values

  private void value(Sample sample) {
    compare(sample, draw(sample));
  }

  private void compare(Sample sample, List<NDArray> x) {
    List<Node> inputs = new ArrayList<>();
    for (int i = 0; i < x.size(); i++) {
      inputs.add(input(i, x.get(i)));
    }
    Node node = Node.of(sample.op(), inputs);
    Verifier.verify("contract", List.of(node));
    Map<String, NDArray> feed = feed(x);
    if (sample.op() instanceof Input leaf) {
      feed.put(leaf.label(), draw(new Sample.Argument(leaf.dtype(), leaf.dims(), -9, 9), 0));
    }
    NDArray actual = evaluator.evaluate(List.of(node), feed).get(0);
    require(
        actual.dtype() == node.dtype() && actual.shape().equals(node.shape()),
        node + " became " + actual.dtype() + " " + actual.shape());
    NDArray expected =
        sample.op() instanceof Input leaf
            ? Graphs.get(feed, leaf.label())
            : Definitions.value(node, x);
    close(sample, actual, expected, 1);
  }

  /**
   * Integers and moved elements must be equal. Computed ones may be off by a few units in the last
   * place of the entry; where many are summed, of the largest entry.
   */
  private static void close(Sample sample, NDArray actual, NDArray expected, double slack) {
    boolean exact =
        !expected.dtype().isFloating()
            || sample.op() instanceof Op.View
            || sample.op() instanceof Op.Arrange;
    boolean sums = !(sample.op() instanceof Op.Elementwise);
    double unit = expected.dtype() == DType.F32 ? 0x1p-23 : 0x1p-52;
    double largest = 0;
    for (long i = 0; sums && i < expected.size(); i++) {
      largest =
          Double.isFinite(expected.get(i)) ? Math.max(largest, Math.abs(expected.get(i))) : largest;
    }
    double tiny = expected.dtype() == DType.F32 ? 0x1p-126 : 0x1p-1022;
    for (long i = 0; i < expected.size(); i++) {
      double a = actual.get(i);
      double e = expected.get(i);
      boolean same = a == e || (Double.isNaN(a) && Double.isNaN(e));
      double limit = 8 * slack * unit * (sums ? 4 * Math.max(1, largest) : Math.abs(e)) + tiny;
      require(
          same || (!exact && Math.abs(a - e) <= limit),
          String.format(Locale.ROOT, "%s: element %d is %s, by definition %s", sample, i, a, e));
    }
  }

  /**
   * Each input as a slice of a larger array in reversed order of axes: strided in memory, the
   * values unchanged.
   */
  private void views(Sample sample) {
    List<NDArray> x = draw(sample);
    List<NDArray> stored = new ArrayList<>();
    List<Node> plain = new ArrayList<>();
    List<Node> seen = new ArrayList<>();
    for (int i = 0; i < x.size(); i++) {
      plain.add(input(i, x.get(i)));
      NDArray wide = strided(x.get(i));
      Node source = Node.of(new Input("y" + i, wide.dtype(), wide.shape()));
      stored.add(wide);
      int rank = wide.shape().rank();
      List<Integer> reversed = new ArrayList<>();
      List<Integer> start = new ArrayList<>();
      List<Integer> step = new ArrayList<>();
      for (int k = 0; k < rank; k++) {
        reversed.add(rank - 1 - k);
        start.add(x.get(i).shape().dim(k) == 0 ? 0 : 1);
        step.add(2);
      }
      Node turned = source.transpose(reversed);
      seen.add(
          rank == 0 ? source : Node.of(new Slice(start, x.get(i).shape().dims(), step), turned));
    }
    Map<String, NDArray> feed = feed(x);
    for (int i = 0; i < stored.size(); i++) {
      feed.put("y" + i, stored.get(i));
    }
    List<NDArray> both =
        evaluator.evaluate(List.of(Node.of(sample.op(), plain), Node.of(sample.op(), seen)), feed);
    close(sample, both.get(1), both.get(0), 1);
  }

  /** The array whose transpose holds x at every second place. */
  private static NDArray strided(NDArray x) {
    int rank = x.shape().rank();
    int[] dims = new int[rank];
    for (int k = 0; k < rank; k++) {
      int n = x.shape().dim(rank - 1 - k);
      dims[k] = n == 0 ? 0 : 2 * n + 1;
    }
    NDArray out = NDArray.zeros(x.dtype(), Shape.of(dims));
    int[] index = new int[rank];
    for (long i = 0; i < x.size(); i++) {
      long at = 0;
      for (int k = 0; k < rank; k++) {
        at = at * dims[k] + 2L * index[rank - 1 - k] + 1;
      }
      out.set(at, x.get(i));
      for (int axis = rank - 1; axis >= 0; axis--) {
        if (++index[axis] < x.shape().dim(axis)) {
          break;
        }
        index[axis] = 0;
      }
    }
    return out;
  }

  /** Every combination of the points of interest of all inputs. */
  private void points(Sample sample, Op.Elementwise op) {
    List<List<Double>> points = new ArrayList<>();
    int combinations = 1;
    for (int k = 0; k < sample.arguments().size(); k++) {
      DType type = sample.arguments().get(k).type();
      List<Double> values =
          type == DType.BOOL
              ? List.of(0.0, 1.0)
              : op.domain(k).points().stream()
                  .filter(p -> type.isFloating() || (p == Math.rint(p) && Math.abs(p) < 1e9))
                  .toList();
      points.add(values);
      combinations *= values.size();
    }
    List<NDArray> x = new ArrayList<>();
    int repeat = 1;
    for (int k = 0; k < points.size(); k++) {
      double[] values = new double[combinations];
      for (int i = 0; i < combinations; i++) {
        values[i] = points.get(k).get(i / repeat % points.get(k).size());
      }
      repeat *= points.get(k).size();
      x.add(NDArray.of(sample.arguments().get(k).type(), values, Shape.of(combinations)));
    }
    compare(sample, x);
  }

  // Gradients

  private static boolean differentiable(Sample sample) {
    boolean floating = sample.arguments().stream().anyMatch(a -> a.type() == DType.F64);
    boolean single = sample.arguments().stream().anyMatch(a -> a.type() == DType.F32);
    boolean excluded =
        sample.op() instanceof Undifferentiable
            || sample.op() instanceof Region
            || sample.op() instanceof RandomBits;
    if (!floating || single || excluded) {
      return false;
    }
    List<Node> inputs = new ArrayList<>();
    for (int i = 0; i < sample.arguments().size(); i++) {
      inputs.add(
          Node.of(
              new Input(
                  "x" + i, sample.arguments().get(i).type(), sample.arguments().get(i).shape())));
    }
    return Node.of(sample.op(), inputs).dtype() == DType.F64
        && !(sample.op() instanceof StopGradient);
  }

  private void gradients(Sample sample) {
    GradientCheck.check(
        x -> new Tensor(Node.of(sample.op(), x.stream().map(Tensor::node).toList())),
        draw(sample),
        2,
        seed);
  }

  // Errors

  /** Whatever the types and shapes: a node, or one line that names the operation and the place. */
  private static void refusals(Op.Elementwise op) {
    int operands = op instanceof Op.Unary ? 1 : op instanceof Op.Binary ? 2 : 3;
    String name = "[" + op.name().toLowerCase(Locale.ROOT) + "] ";
    List<DType> types = List.of(DType.values());
    int combinations = (int) Math.pow(types.size(), operands);
    for (int c = 0; c < combinations; c++) {
      List<Node> inputs = new ArrayList<>();
      int code = c;
      for (int k = 0; k < operands; k++) {
        inputs.add(Node.of(new Input("x" + k, types.get(code % types.size()), Shape.of(2))));
        code /= types.size();
      }
      refusal(() -> Node.of(op, inputs) != null, name, false);
      if (operands > 1) {
        inputs.set(0, Node.of(new Input("x0", inputs.get(0).dtype(), Shape.of(3))));
        refusal(() -> Node.of(op, inputs) != null, name, true);
      }
    }
  }

  private static void refusal(BooleanSupplier build, String name, boolean needed) {
    try {
      require(build.getAsBoolean() && !needed, name + "accepted what it must refuse");
    } catch (CajalException e) {
      String message = String.valueOf(e.getMessage());
      require(message.startsWith(name), "an error of " + name + "reads: " + message);
      require(message.indexOf('\n') < 0, "an error of " + name + "has several lines: " + message);
    }
  }
}
