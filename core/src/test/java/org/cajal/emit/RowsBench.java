package org.cajal.emit;

import static org.cajal.type.DType.F32;
import static org.cajal.type.DType.I32;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cajal.tensor.BoundProgram;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Functions;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Profile;
import org.cajal.tensor.Program;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Threads;
import org.cajal.tensor.Update;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Prints what the fused loops of small programs take on one thread, each alone: rows of all widths
 * that networks have, forward and backward. Run it by hand: {@code java --add-modules
 * jdk.incubator.vector org.cajal.emit.RowsBench [--kernels] [part of a name ...]}.
 */
final class RowsBench {
  private static final double SECONDS = 0.12;
  private static final int ROUNDS = 5;

  private final Map<String, NDArray> feed = new LinkedHashMap<>();
  private final List<Tensor> outputs = new ArrayList<>();
  private final List<Update> updates = new ArrayList<>();

  private RowsBench() {}

  private interface Case {
    void make(RowsBench bench);
  }

  private Tensor input(int... dims) {
    String name = "x" + feed.size();
    Shape shape = Shape.of(dims);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (CounterRandom.word(feed.size(), i) * 0x1p-31);
    }
    feed.put(name, NDArray.of(values, shape));
    return Tensor.input(name, F32, shape);
  }

  private Tensor classes(int rows, int classes) {
    String name = "x" + feed.size();
    int[] values = new int[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = i * 7 % classes;
    }
    feed.put(name, NDArray.of(values, Shape.of(rows)));
    return Tensor.input(name, I32, Shape.of(rows));
  }

  private void gradient(Tensor x, Tensor y) {
    outputs.add(
        Gradients.of(y, input(y.shape().dims().stream().mapToInt(Integer::intValue).toArray()))
            .withRespectTo(x));
  }

  private void crossEntropy(int rows, int classes) {
    Tensor x = input(rows, classes);
    Tensor losses = x.logSoftmax(1).negate().gather(classes(rows, classes), 1);
    Tensor loss = losses.mean();
    outputs.add(loss);
    outputs.add(Gradients.of(loss).withRespectTo(x));
  }

  private static Tensor normalized(Tensor x) {
    return x.minus(x.meanKeep(-1)).dividedBy(x.varianceKeep(0, -1).plus(1e-5).sqrt());
  }

  private Tensor layerNorm(Tensor x) {
    int n = x.dim(-1);
    return normalized(x).times(input(n)).plus(input(n));
  }

  private static Tensor attention(Tensor scores) {
    Tensor seen =
        Tensor.range(I32, scores.dim(-1))
            .lessOrEqual(Tensor.range(I32, scores.dim(-2)).expandDims(1));
    Tensor masked = Tensor.where(seen, scores, Tensor.scalar(F32, -1e30));
    return Tensor.where(seen, masked.softmax(-1), Tensor.scalar(F32, 0));
  }

  private void lstm() {
    Tensor gates = input(32, 1024);
    List<Tensor> g = gates.split(1, 256, 256, 256, 256);
    Tensor c = g.get(1).sigmoid().times(input(32, 256));
    c = c.plus(g.get(0).sigmoid().times(g.get(2).tanh()));
    outputs.add(c);
    outputs.add(g.get(3).sigmoid().times(c.tanh()));
  }

  private void adam(int n) {
    Tensor w = Tensor.parameter("w", NDArray.zeros(F32, Shape.of(n)));
    Tensor m = Tensor.parameter("m", NDArray.zeros(F32, Shape.of(n)));
    Tensor v = Tensor.parameter("v", NDArray.zeros(F32, Shape.of(n)));
    Tensor g = input(n);
    Tensor m2 = m.times(0.9).plus(g.times(0.1));
    Tensor v2 = v.times(0.999).plus(g.square().times(0.001));
    Tensor step = m2.times(1e-3).dividedBy(v2.sqrt().plus(1e-8));
    updates.add(new Update(w.variable(), w.minus(step)));
    updates.add(new Update(m.variable(), m2));
    updates.add(new Update(v.variable(), v2));
  }

  private void momentum(int n) {
    Tensor w = Tensor.parameter("w", NDArray.zeros(F32, Shape.of(n)));
    Tensor m = Tensor.parameter("m", NDArray.zeros(F32, Shape.of(n)));
    Tensor m2 = m.times(0.9).plus(input(n));
    updates.add(new Update(w.variable(), w.minus(m2.times(0.01))));
    updates.add(new Update(m.variable(), m2));
  }

  private static Map<String, Case> cases() {
    Map<String, Case> cases = new LinkedHashMap<>();
    for (int[] s : new int[][] {{64, 10}, {128, 10}, {16, 3}, {2048, 65}, {768, 65}}) {
      cases.put("cross-entropy " + s[0] + "x" + s[1], b -> b.crossEntropy(s[0], s[1]));
    }
    for (int[] s : new int[][] {{64, 10}, {64, 64}, {64, 1000}}) {
      cases.put("softmax " + s[0] + "x" + s[1], b -> b.outputs.add(b.input(s).softmax(1)));
    }
    cases.put(
        "squared error 4x1",
        b -> {
          Tensor x = b.input(4, 1);
          Tensor loss = x.sigmoid().minus(b.input(4, 1)).square().mean();
          b.outputs.add(loss);
          b.outputs.add(Gradients.of(loss).withRespectTo(x));
        });
    cases.put(
        "relu gradient sum 64x32x28x28",
        b -> {
          Tensor x = b.input(64, 32, 28, 28);
          Tensor g = Tensor.where(x.greater(0), b.input(64, 32, 28, 28), Tensor.scalar(F32, 0));
          b.outputs.add(g);
          b.outputs.add(g.sum(0, 2, 3));
        });
    cases.put("bias relu 64x128", b -> b.outputs.add(b.input(64, 128).plus(b.input(128)).relu()));
    cases.put("bias relu 64x10", b -> b.outputs.add(b.input(64, 10).plus(b.input(10)).relu()));
    cases.put(
        "bias relu 2048x100", b -> b.outputs.add(b.input(2048, 100).plus(b.input(100)).relu()));
    cases.put("layer norm 768x128", b -> b.outputs.add(b.layerNorm(b.input(768, 128))));
    cases.put(
        "layer norm gradient 768x128",
        b -> {
          Tensor x = b.input(768, 128);
          b.gradient(x, b.layerNorm(x));
        });
    cases.put("attention 48x64x64", b -> b.outputs.add(attention(b.input(48, 64, 64))));
    cases.put(
        "attention gradient 48x64x64",
        b -> {
          Tensor x = b.input(48, 64, 64);
          Tensor y = attention(x);
          b.outputs.add(y);
          b.gradient(x, y);
        });
    for (int[] s : new int[][] {{2048, 784}, {4096, 196}, {1024, 100}, {4096, 28}}) {
      cases.put("row sums " + s[0] + "x" + s[1], b -> b.outputs.add(b.input(s).sum(1)));
    }
    for (int[] s : new int[][] {{64, 128}, {64, 10}, {2048, 1024}, {2048, 100}}) {
      cases.put("column sums " + s[0] + "x" + s[1], b -> b.outputs.add(b.input(s).sum(0)));
    }
    cases.put("exp 768x512", b -> b.outputs.add(b.input(768, 512).exp()));
    cases.put("log 768x512", b -> b.outputs.add(b.input(768, 512).abs().plus(1e-3).log()));
    cases.put("tanh 768x512", b -> b.outputs.add(b.input(768, 512).tanh()));
    cases.put("sigmoid 768x512", b -> b.outputs.add(b.input(768, 512).sigmoid()));
    cases.put("sine 768x512", b -> b.outputs.add(b.input(768, 512).sin()));
    cases.put("gelu 768x512", b -> b.outputs.add(Functions.gelu(b.input(768, 512))));
    cases.put(
        "gelu gradient 768x512",
        b -> {
          Tensor x = b.input(768, 512);
          b.gradient(x, Functions.gelu(x));
        });
    cases.put("lstm gates 32x256", RowsBench::lstm);
    cases.put("adam 401408", b -> b.adam(401_408));
    cases.put("momentum 100352", b -> b.momentum(100_352));
    cases.put(
        "dropout 64x512",
        b -> {
          b.feed.put("key", NDArray.of(new int[] {1, 2}, Shape.of(2)));
          Tensor key = Tensor.input("key", I32, Shape.of(2));
          Tensor x = b.input(64, 512);
          Tensor keep = Tensor.randomUniform(key, 1, F32, x.shape()).greaterOrEqual(0.5);
          b.outputs.add(Tensor.where(keep, x.times(2), Tensor.scalar(F32, 0)));
        });
    cases.put(
        "mask in memory 64x500",
        b -> {
          Tensor x = b.input(64, 500);
          boolean[] bits = new boolean[64 * 500];
          for (int i = 0; i < bits.length; i++) {
            bits[i] = i % 3 != 0;
          }
          b.feed.put("mask", NDArray.of(bits, Shape.of(64, 500)));
          Tensor mask = Tensor.input("mask", DType.BOOL, x.shape());
          b.outputs.add(Tensor.where(mask, x.times(2), Tensor.scalar(F32, 0)));
        });
    return cases;
  }

  /** Measures the cases whose names contain one of the arguments, all if there are none. */
  public static void main(String[] arguments) {
    PrintStream out = System.out;
    Threads.set(Integer.getInteger("threads", 1));
    List<String> wanted = new ArrayList<>(List.of(arguments));
    boolean kernels = wanted.remove("--kernels");
    cases()
        .forEach(
            (name, each) -> {
              if (wanted.isEmpty() || wanted.stream().anyMatch(name::contains)) {
                RowsBench bench = new RowsBench();
                each.make(bench);
                bench.measure(out, name, kernels);
              }
            });
  }

  private void measure(PrintStream out, String name, boolean kernels) {
    Feed fed = Feed.none();
    feed.forEach(fed::and);
    Program program = Program.compile(outputs, updates);
    BoundProgram bound = program.bind(fed);
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < 4 * SECONDS * 1e9) {
      bound.run();
    }
    double best = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      long runs = 0;
      while (System.nanoTime() - start < SECONDS * 1e9) {
        for (int i = 0; i < 10; i++) {
          bound.run();
        }
        runs += 10;
      }
      best = Math.min(best, (double) (System.nanoTime() - start) / runs);
    }
    out.printf(
        Locale.ROOT, "%-32s %9.2f us  %d kernels%n", name, best / 1000, program.kernels().size());
    if (kernels) {
      Profile profile = bound.profile(200);
      out.println(profile);
    }
  }
}
