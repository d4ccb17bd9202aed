package org.cajal.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.cajal.op.Input;
import org.cajal.op.Node;
import org.cajal.op.State;
import org.cajal.run.Interpreter;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Compares gradients with differences, in double precision, along one random direction: if the
 * slope along it is right, the gradient is, but for a set of directions of measure zero. Order 2
 * checks the slope itself as a function, and so on.
 *
 * <pre>{@code
 * GradientCheck.check(x -> x.get(0).matmul(x.get(1)).tanh(), List.of(a, b), 2, 1);
 * }</pre>
 *
 * <p>The point must lie away from kinks by more than 0.0002: differences step over them.
 */
public final class GradientCheck {
  /** How far points are apart. */
  private static final double STEP = 1e-4;

  private static final double RELATIVE = 1e-6;

  private final List<Tensor> leaves;
  private final Map<String, NDArray> feed;
  private final long seed;

  private GradientCheck(List<Tensor> leaves, Map<String, NDArray> feed, long seed) {
    this.leaves = leaves;
    this.feed = feed;
    this.seed = seed;
  }

  /**
   * Checks a function of tensors.
   *
   * @param function from F64 tensors (integer and BOOL ones for such arrays) to a floating tensor
   *     of any shape
   * @param at the point; floating arrays are widened to F64
   * @param order how many times to differentiate, at least 1
   * @param seed of the random directions
   * @throws AssertionError if a gradient is wrong or a value is not finite
   */
  public static void check(
      Function<List<Tensor>, Tensor> function, List<NDArray> at, int order, long seed) {
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> leaves = new ArrayList<>();
    Map<String, NDArray> feed = new HashMap<>();
    for (int i = 0; i < at.size(); i++) {
      NDArray value = at.get(i).dtype().isFloating() ? at.get(i).cast(DType.F64) : at.get(i);
      Tensor input = Tensor.input("x" + i, value.dtype(), value.shape());
      feed.put("x" + i, value);
      inputs.add(input);
      if (value.dtype().isFloating()) {
        leaves.add(input);
      }
    }
    new GradientCheck(leaves, feed, seed).check(function.apply(inputs), order);
  }

  /**
   * Checks a graph for some of its leaves, for example the loss of a layer for the layer's
   * parameters.
   *
   * @param output a floating tensor of any shape
   * @param leaves F64 inputs and parameters; the values of parameters are moved during the check
   *     and restored
   * @param feed the values of the graph's inputs by name
   * @param order how many times to differentiate, at least 1
   * @param seed of the random directions
   * @throws AssertionError if a gradient is wrong or a value is not finite
   * @throws CajalException if a leaf is no F64 input or parameter
   */
  public static void check(
      Tensor output, List<Tensor> leaves, Map<String, NDArray> feed, int order, long seed) {
    for (Tensor leaf : leaves) {
      boolean fits = leaf.node().op() instanceof Input || leaf.node().op() instanceof State;
      if (!fits || leaf.dtype() != DType.F64) {
        throw new CajalException("[gradientcheck] " + leaf + " is no F64 input or parameter");
      }
    }
    new GradientCheck(List.copyOf(leaves), feed, seed).check(output, order);
  }

  /** Numbers in ±1, not near 0, so that every element counts. */
  private NDArray random(Shape shape, long place) {
    long key = CounterRandom.key(seed, place);
    double[] out = new double[Math.toIntExact(shape.size())];
    for (int i = 0; i < out.length; i++) {
      double u = 2 * CounterRandom.uniform(key, i) - 1;
      out[i] = Math.copySign(0.25 + 0.75 * Math.abs(u), u);
    }
    return NDArray.of(out, shape);
  }

  private void check(Tensor output, int order) {
    Tensor scalar = output;
    for (int k = 1; k <= order; k++) {
      scalar =
          scalar
              .times(Tensor.constant(random(scalar.shape(), 1000L * k)).cast(scalar.dtype()))
              .sum();
      List<Tensor> gradients = Gradients.of(scalar).withRespectTo(leaves);
      List<NDArray> direction = new ArrayList<>();
      Tensor slope = Tensor.scalar(DType.F64, 0);
      Tensor size = slope;
      for (int i = 0; i < leaves.size(); i++) {
        NDArray v = random(leaves.get(i).shape(), 1000L * k + 1 + i);
        direction.add(v);
        Tensor part = gradients.get(i).times(Tensor.constant(v));
        slope = slope.plus(part.sum());
        size = size.plus(part.square().sum());
      }
      compare(scalar.node(), slope.node(), size.node(), direction, k);
      scalar = slope;
    }
  }

  private void compare(Node scalar, Node slope, Node size, List<NDArray> direction, int order) {
    List<double[]> here = Interpreter.evaluateExact(List.of(scalar, slope, size), feed::get);
    double value = here.get(0)[0];
    double analytic = here.get(1)[0];
    double norm = Math.sqrt(here.get(2)[0]);
    double near = moved(scalar, direction, STEP) - moved(scalar, direction, -STEP);
    double far = moved(scalar, direction, 2 * STEP) - moved(scalar, direction, -2 * STEP);
    double numeric = (8 * near - far) / (12 * STEP);
    double limit =
        RELATIVE * (Math.max(Math.abs(analytic), Math.abs(numeric)) + norm)
            + 1e-10 * (1 + Math.abs(value));
    if (!(Math.abs(analytic - numeric) <= limit)) {
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "gradient of order %d is wrong: along a random direction the slope is %.12g by the"
                  + " gradient, %.12g by differences (the function is %.12g; seed %d)",
              order,
              analytic,
              numeric,
              value,
              seed));
    }
  }

  /** The scalar with all leaves moved along the direction. */
  private double moved(Node scalar, List<NDArray> direction, double step) {
    Map<String, NDArray> there = new HashMap<>(feed);
    Map<State, NDArray> before = new HashMap<>();
    try {
      for (int i = 0; i < leaves.size(); i++) {
        NDArray v = direction.get(i);
        switch (leaves.get(i).node().op()) {
          case Input input -> {
            NDArray at = feed.get(input.label());
            if (at == null) {
              throw new CajalException(
                  "[gradientcheck] input \"" + input.label() + "\" is missing in the feed");
            }
            there.put(input.label(), sum(at.cast(DType.F64), v, step));
          }
          case State state -> {
            NDArray at = state.variable().value().copy();
            before.put(state, at);
            state.variable().set(sum(at, v, step));
          }
          default -> throw new IllegalStateException("no leaf: " + leaves.get(i));
        }
      }
      return Interpreter.evaluateExact(List.of(scalar), there::get).get(0)[0];
    } finally {
      before.forEach((state, value) -> state.variable().set(value));
    }
  }

  private static NDArray sum(NDArray at, NDArray direction, double step) {
    NDArray out = at.copy();
    for (long i = 0; i < out.size(); i++) {
      out.set(i, at.get(i) + step * direction.get(i));
    }
    return out;
  }
}
