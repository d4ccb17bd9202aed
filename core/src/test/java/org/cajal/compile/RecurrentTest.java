package org.cajal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.cajal.op.Node;
import org.cajal.run.Executable;
import org.cajal.run.Execution;
import org.cajal.run.Interpreter;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Tensor;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks unrolled over time: gradients of what every step uses become one operation over all
 * steps, and steps write their results side by side.
 */
class RecurrentTest {
  private static final int FEATURES = 5;
  private static final int UNITS = 25;
  private static final int BATCH = 4;

  private final Map<String, NDArray> feed = new HashMap<>();

  private Tensor input(String name, int... dims) {
    Shape shape = new Shape(java.util.Arrays.stream(dims).boxed().toList());
    double[] values = new double[(int) shape.size()];
    long key = CounterRandom.key(1, name);
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.3 * CounterRandom.normal(key, i);
    }
    feed.put(name, NDArray.of(DType.F32, values, shape));
    return Tensor.input(name, DType.F32, shape);
  }

  /** A long short-term memory over {@code steps} steps; loss and gradients of its weights. */
  private List<Tensor> lstm(int steps) {
    Tensor x = input("x", steps, BATCH, FEATURES);
    Tensor wx = input("wx", FEATURES, 4 * UNITS);
    Tensor wh = input("wh", UNITS, 4 * UNITS);
    Tensor b = input("b", 4 * UNITS);
    Tensor out = input("out", UNITS, 3);
    Tensor gates = x.reshape(steps * BATCH, FEATURES).matmul(wx).plus(b);
    Tensor all = gates.reshape(steps, BATCH, 4 * UNITS);
    Tensor h = null;
    Tensor c = null;
    List<Tensor> states = new ArrayList<>();
    for (int t = 0; t < steps; t++) {
      Tensor z = all.slice(0, t, t + 1).squeeze(0);
      if (h != null) {
        z = z.plus(h.matmul(wh));
      }
      Tensor i = z.slice(1, 0, UNITS).sigmoid();
      Tensor f = z.slice(1, UNITS, 2 * UNITS).sigmoid();
      Tensor g = z.slice(1, 2 * UNITS, 3 * UNITS).tanh();
      Tensor o = z.slice(1, 3 * UNITS, 4 * UNITS).sigmoid();
      c = c == null ? i.times(g) : f.times(c).plus(i.times(g));
      h = o.times(c.tanh());
      states.add(h.expandDims(0));
    }
    Tensor y =
        Tensor.concatenate(0, states)
            .matmul(out.expandDims(0).broadcastTo(Shape.of(steps, UNITS, 3)));
    Tensor loss = y.square().sum();
    List<Tensor> results = new ArrayList<>(List.of(loss));
    results.addAll(Gradients.of(loss).withRespectTo(List.of(x, wx, wh, b, out)));
    return results;
  }

  private static List<Node> nodes(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::node).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 12})
  void theResultsAreThoseOfTheInterpreter(int steps) {
    List<Tensor> results = lstm(steps);
    Execution program = new Execution(Compiler.compile(nodes(results), Map.of()));
    program.feed(feed::get);
    program.run();
    List<NDArray> found = program.outputs();
    List<double[]> truth = Interpreter.evaluateExact(nodes(results), feed::get);
    for (int i = 0; i < truth.size(); i++) {
      double largest = 0;
      for (double v : truth.get(i)) {
        largest = Math.max(largest, Math.abs(v));
      }
      float[] values = found.get(i).toFloats();
      for (int j = 0; j < values.length; j++) {
        assertThat((double) values[j])
            .isCloseTo(truth.get(i)[j], Offset.offset(2e-6 * largest + 1e-7));
      }
    }
  }

  @Test
  void aStepOfTimeIsAProductAndANestInEachDirection() {
    int few = Compiler.compile(nodes(lstm(8)), Map.of()).schedule().size();
    int many = Compiler.compile(nodes(lstm(28)), Map.of()).schedule().size();
    assertThat(many - few).isEqualTo(20 * 4);
  }

  @Test
  void weightsHaveOneProductOverAllSteps() {
    Executable program = Compiler.compile(nodes(lstm(12)), Map.of());
    assertThat(
            program.schedule().stream()
                .filter(s -> s.kernel().name().startsWith("product"))
                .count())
        // forward and backward in time, the weight's gradient; x·wx and its two gradients; y's
        // three
        .isEqualTo(11 + 11 + 1 + 3 + 3);
  }
}
