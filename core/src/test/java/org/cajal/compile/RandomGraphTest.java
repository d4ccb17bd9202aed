package org.cajal.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.cajal.grad.Backpropagation;
import org.cajal.graph.Graphs;
import org.cajal.op.Node;
import org.cajal.op.Variable;
import org.cajal.run.Execution;
import org.cajal.run.Interpreter;
import org.cajal.tensor.Tensor;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random graphs with views, reductions, products, gradients and updates: what is compiled equals
 * what is interpreted.
 */
class RandomGraphTest {
  private final Map<String, NDArray> feed = new HashMap<>();

  private static NDArray random(RandomGenerator random, DType type, Shape shape) {
    double[] values = new double[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextDouble() * 2 - 1;
    }
    return NDArray.of(type, values, shape);
  }

  private Tensor step(RandomGenerator random, List<Tensor> pool) {
    Tensor x = pool.get(random.nextInt(pool.size()));
    return switch (random.nextInt(17)) {
      case 0 -> x.tanh();
      case 1 -> x.sigmoid();
      case 2 -> x.relu();
      case 3 -> x.times(x).plus(1);
      case 4 -> x.transpose();
      case 5 -> x.reshape(-1);
      case 6 -> x.rank() == 0 ? x : x.sumKeep(random.nextInt(x.rank()));
      case 7 -> x.rank() == 0 ? x : x.mean(random.nextInt(x.rank()));
      case 8 -> x.rank() == 0 ? x : x.softmax(random.nextInt(x.rank()));
      case 9 -> x.rank() == 0 ? x : x.flip(random.nextInt(x.rank()));
      case 10 -> x.rank() == 0 || x.dim(0) < 2 ? x : x.slice(0, 1, x.dim(0));
      case 11 -> x.rank() == 2 && x.shape().size() < 5000 ? x.matmul(x.transpose()).times(0.1) : x;
      case 12 -> {
        for (Tensor y : pool) {
          if (!y.equals(x) && y.shape().equals(x.shape())) {
            yield x.plus(y).times(0.5);
          }
        }
        yield x.negate();
      }
      case 13 -> x.rank() == 2 ? Tensor.concatenate(0, List.of(x, x.tanh())) : x;
      case 15 -> {
        int[] rows = random.ints(5, 0, Math.max(1, x.rank() == 0 ? 1 : x.dim(0))).toArray();
        yield x.rank() == 0 || x.dim(0) == 0 ? x : x.take(Tensor.of(rows), 0);
      }
      case 14 -> x.rank() == 2 ? x.pad(List.of(1, 0), List.of(0, 2), 0.5) : x;
      default -> {
        for (Tensor y : pool) {
          if (y.rank() == 1 && x.rank() == 2 && y.dim(0) == x.dim(1)) {
            yield x.times(y);
          }
        }
        yield x.minus(x.mean());
      }
    };
  }

  static IntStream seeds() {
    return IntStream.range(0, Integer.getInteger("cajal.seeds", 60));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void compiledEqualsInterpreted(int seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    DType type = seed % 2 == 0 ? DType.F32 : DType.F64;
    int rows = 1 + random.nextInt(seed % 3 == 0 ? 70 : 7);
    int columns = 1 + random.nextInt(seed % 5 == 0 ? 70 : 9);
    List<Tensor> pool = new ArrayList<>();
    Shape matrix = Shape.of(rows, columns);
    pool.add(Tensor.input("x", type, matrix));
    feed.put("x", random(random, type, matrix));
    Tensor w = Tensor.parameter("w", random(random, type, matrix));
    Tensor b = Tensor.parameter("b", random(random, type, Shape.of(columns)));
    pool.add(w);
    pool.add(b);
    for (int i = 0; i < 14; i++) {
      pool.add(step(random, pool));
    }
    List<Node> outputs = new ArrayList<>();
    Tensor loss = Tensor.scalar(type, 0);
    for (Tensor t : pool.subList(pool.size() - 4, pool.size())) {
      outputs.add(t.node());
      loss = loss.plus(t.mean());
    }
    outputs.add(loss.node());
    List<Node> gradients =
        Backpropagation.gradients(
            List.of(loss.node()), List.of(loss.node().like(1)), List.of(w.node(), b.node()));
    outputs.add(gradients.get(0));
    Map<Variable, Node> updates = new LinkedHashMap<>();
    Tensor slot = Tensor.parameter("m", random(random, type, matrix));
    Tensor next = slot.times(0.9).plus(new Tensor(gradients.get(0)));
    updates.put(slot.variable(), next.node());
    updates.put(w.variable(), w.minus(next.times(0.1)).node());
    updates.put(
        b.variable(),
        seed % 4 == 0 ? b.flip(0).node() : b.minus(new Tensor(gradients.get(1))).node());

    List<Node> all = new ArrayList<>(outputs);
    all.addAll(updates.values());
    List<double[]> expected = Interpreter.evaluateExact(all, feed::get);
    Execution program = new Execution(Compiler.compile(outputs, updates));
    program.feed(feed::get);
    program.run();
    List<NDArray> actual = new ArrayList<>(program.outputs());
    for (Variable v : updates.keySet()) {
      actual.add(v.value());
    }
    double tolerance = type == DType.F32 ? 3e-5 : 1e-12;
    for (int i = 0; i < all.size(); i++) {
      double[] truth = expected.get(i);
      double scale = 1;
      for (double v : truth) {
        scale = Math.max(scale, Math.abs(v));
      }
      double[] found = actual.get(i).toDoubles();
      for (int j = 0; j < truth.length; j++) {
        assertThat(found[j])
            .as(
                "seed %d, value %d of %s%n%s",
                seed, j, all.get(i), Graphs.print(List.of(all.get(i))))
            .isCloseTo(truth[j], org.assertj.core.data.Offset.offset(tolerance * scale));
      }
    }
  }
}
