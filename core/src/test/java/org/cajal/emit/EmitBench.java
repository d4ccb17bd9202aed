package org.cajal.emit;

import static org.cajal.loop.Nest.Stride.ANY;
import static org.cajal.loop.Nest.Stride.NONE;
import static org.cajal.loop.Nest.Stride.UNIT;
import static org.cajal.type.DType.F32;

import com.sun.management.ThreadMXBean;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cajal.loop.Binding;
import org.cajal.loop.Nest;
import org.cajal.loop.Nest.Access;
import org.cajal.loop.Nest.Apply;
import org.cajal.loop.Nest.Each;
import org.cajal.loop.Nest.Fold;
import org.cajal.loop.Nest.Immediate;
import org.cajal.loop.Nest.Load;
import org.cajal.loop.Nest.Once;
import org.cajal.loop.Nest.Stage;
import org.cajal.loop.Nest.Step;
import org.cajal.loop.Nest.Store;
import org.cajal.loop.Nest.Stride;
import org.cajal.loop.Nest.Vectorized;
import org.cajal.op.Add;
import org.cajal.op.Divide;
import org.cajal.op.Erf;
import org.cajal.op.Exp;
import org.cajal.op.Max;
import org.cajal.op.Maximum;
import org.cajal.op.Multiply;
import org.cajal.op.Negate;
import org.cajal.op.Op;
import org.cajal.op.Sqrt;
import org.cajal.op.Subtract;
import org.cajal.op.Sum;
import org.cajal.op.Tanh;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.type.CounterRandom;

/**
 * Prints the time for one element of typical nests, and the bytes that a run allocates once it is
 * compiled. Run it by hand: {@code java --add-modules jdk.incubator.vector
 * org.cajal.emit.EmitBench}.
 */
final class EmitBench {
  private static final int ROUNDS = 9;
  private static final double SECONDS = 0.15;

  private EmitBench() {}

  /** A nest in the making. */
  static final class Builder {
    final List<Access> accesses = new ArrayList<>();
    final List<Stage> stages = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    private int values;

    int access(Stride... strides) {
      accesses.add(new Access(F32, List.of(strides)));
      return accesses.size() - 1;
    }

    int load(int access) {
      steps.add(new Load(access, F32));
      return values++;
    }

    int constant(double value) {
      steps.add(new Immediate(F32, value));
      return values++;
    }

    int apply(Op.Elementwise op, Integer... arguments) {
      steps.add(new Apply(op, List.of(arguments), F32));
      return values++;
    }

    int each(List<Store> stores, Fold... folds) {
      stages.add(new Each(steps, stores, List.of(folds)));
      steps = new ArrayList<>();
      values += folds.length;
      return values - folds.length;
    }

    void once(Store... stores) {
      stages.add(new Once(steps, List.of(stores)));
      steps = new ArrayList<>();
    }

    Nest nest(int outer, int inner, Vectorized vector) {
      return new Nest(outer, inner, vector, List.copyOf(accesses), List.copyOf(stages));
    }
  }

  /** Measures every nest. */
  public static void main(String[] arguments) {
    PrintStream out = System.out;
    long n = 16384;
    Builder b = new Builder();
    int x = b.load(b.access(UNIT));
    int zero = b.constant(0);
    int y = b.apply(new Maximum(), x, zero);
    b.each(List.of(new Store(b.access(UNIT), y)));
    measure(
        out, "relu", b.nest(0, 1, Vectorized.INNER), List.of(n), List.of(List.of(4L), List.of(4L)));

    b = new Builder();
    int p = b.load(b.access(UNIT));
    int q = b.load(b.access(UNIT));
    int s = b.apply(new Add(), b.apply(new Multiply(), p, q), p);
    int e = b.apply(new Exp(), b.apply(new Negate(), s));
    int one = b.constant(1);
    int sigmoid = b.apply(new Divide(), one, b.apply(new Add(), e, one));
    b.each(List.of(new Store(b.access(UNIT), sigmoid)));
    measure(out, "sigmoid(a*b+a)", b.nest(0, 1, Vectorized.INNER), List.of(n), three());

    b = new Builder();
    y = b.apply(new Exp(), b.load(b.access(UNIT)));
    b.each(List.of(new Store(b.access(UNIT), y)));
    measure(
        out, "exp", b.nest(0, 1, Vectorized.INNER), List.of(n), List.of(List.of(4L), List.of(4L)));

    b = new Builder();
    y = b.apply(new Tanh(), b.load(b.access(UNIT)));
    b.each(List.of(new Store(b.access(UNIT), y)));
    measure(
        out, "tanh", b.nest(0, 1, Vectorized.INNER), List.of(n), List.of(List.of(4L), List.of(4L)));

    b = new Builder();
    x = b.load(b.access(UNIT));
    int half = b.constant(0.5);
    int erf = b.apply(new Erf(), b.apply(new Multiply(), x, b.constant(Math.sqrt(0.5))));
    y =
        b.apply(
            new Multiply(),
            b.apply(new Multiply(), x, half),
            b.apply(new Add(), erf, b.constant(1)));
    b.each(List.of(new Store(b.access(UNIT), y)));
    measure(
        out, "gelu", b.nest(0, 1, Vectorized.INNER), List.of(n), List.of(List.of(4L), List.of(4L)));

    lstm(out);

    for (long width : List.of(10L, 64L, 1000L)) {
      measure(
          out,
          "softmax 64x" + width,
          softmax(),
          List.of(64L, width),
          List.of(List.of(4 * width, 4L), List.of(4 * width, 4L)));
    }

    b = new Builder();
    x = b.load(b.access(UNIT, ANY));
    int sum = b.each(List.of(), new Fold(new Sum(List.of(0)), x, F32));
    b.once(new Store(b.access(UNIT, NONE), sum));
    measure(
        out,
        "bias gradient 64x128",
        b.nest(1, 1, Vectorized.OUTER),
        List.of(128L, 64L),
        List.of(List.of(4L, 512L), List.of(4L, 0L)));

    b = new Builder();
    x = b.load(b.access(UNIT));
    sum = b.each(List.of(), new Fold(new Sum(List.of(0)), x, F32));
    b.once(new Store(b.access(NONE), sum));
    measure(
        out, "sum", b.nest(0, 1, Vectorized.INNER), List.of(n), List.of(List.of(4L), List.of(0L)));

    measure(
        out,
        "adam 100,000",
        adam(),
        List.of(100_000L),
        List.of(
            List.of(4L),
            List.of(4L),
            List.of(4L),
            List.of(4L),
            List.of(0L),
            List.of(4L),
            List.of(4L),
            List.of(4L)));
  }

  private static List<List<Long>> three() {
    return List.of(List.of(4L), List.of(4L), List.of(4L));
  }

  static Nest softmax() {
    Builder b = new Builder();
    int in = b.access(ANY, UNIT);
    int out = b.access(ANY, UNIT);
    int x = b.load(in);
    int max = b.each(List.of(), new Fold(new Max(List.of(1)), x, F32));
    int e = b.apply(new Exp(), b.apply(new Subtract(), b.load(in), max));
    int sum = b.each(List.of(new Store(out, e)), new Fold(new Sum(List.of(1)), e, F32));
    int one = b.constant(1);
    int inverse = b.apply(new Divide(), one, sum);
    b.once();
    int y = b.apply(new Multiply(), b.load(out), inverse);
    b.each(List.of(new Store(out, y)));
    return b.nest(1, 1, Vectorized.INNER);
  }

  static Nest adam() {
    Builder b = new Builder();
    int w = b.load(b.access(UNIT));
    int g = b.load(b.access(UNIT));
    int m = b.load(b.access(UNIT));
    int v = b.load(b.access(UNIT));
    int rate = b.load(b.access(NONE));
    int m2 =
        b.apply(
            new Add(),
            b.apply(new Multiply(), m, b.constant(0.9)),
            b.apply(new Multiply(), g, b.constant(0.1)));
    int v2 =
        b.apply(
            new Add(),
            b.apply(new Multiply(), v, b.constant(0.999)),
            b.apply(new Multiply(), b.apply(new Multiply(), g, g), b.constant(0.001)));
    int root = b.apply(new Add(), b.apply(new Sqrt(), v2), b.constant(1e-8));
    int w2 =
        b.apply(new Subtract(), w, b.apply(new Divide(), b.apply(new Multiply(), rate, m2), root));
    b.each(
        List.of(
            new Store(b.access(UNIT), w2),
            new Store(b.access(UNIT), m2),
            new Store(b.access(UNIT), v2)));
    return b.nest(0, 1, Vectorized.INNER);
  }

  /** The gates of one step of an LSTM: 32 sequences of 256 units. */
  private static void lstm(PrintStream out) {
    Builder b = new Builder();
    List<List<Long>> strides = new ArrayList<>();
    int one = b.constant(1);
    List<Integer> gates = new ArrayList<>();
    for (int gate = 0; gate < 4; gate++) {
      int sum = b.apply(new Add(), b.load(b.access(ANY, UNIT)), b.load(b.access(ANY, UNIT)));
      strides.add(List.of(1024L, 4L));
      strides.add(List.of(1024L, 4L));
      gates.add(
          gate == 2
              ? b.apply(new Tanh(), sum)
              : b.apply(
                  new Divide(),
                  one,
                  b.apply(new Add(), one, b.apply(new Exp(), b.apply(new Negate(), sum)))));
    }
    int kept = b.apply(new Multiply(), gates.get(1), b.load(b.access(ANY, UNIT)));
    int cell = b.apply(new Add(), kept, b.apply(new Multiply(), gates.get(0), gates.get(2)));
    int hidden = b.apply(new Multiply(), gates.get(3), b.apply(new Tanh(), cell));
    b.each(List.of(new Store(b.access(ANY, UNIT), cell), new Store(b.access(ANY, UNIT), hidden)));
    for (int i = 0; i < 3; i++) {
      strides.add(List.of(1024L, 4L));
    }
    measure(out, "lstm", b.nest(1, 1, Vectorized.INNER), List.of(32L, 256L), strides);
  }

  private static void measure(
      PrintStream out, String name, Nest nest, List<Long> extents, List<List<Long>> strides) {
    long elements = 1;
    for (long extent : extents) {
      elements *= extent;
    }
    List<Operand> operands = new ArrayList<>();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment[] table = new MemorySegment[strides.size()];
      for (int a = 0; a < table.length; a++) {
        table[a] = arena.allocate(4 * elements, 64);
        operands.add(new Operand(a, 0));
        for (int i = 0; i < elements; i++) {
          float value = (float) (CounterRandom.word(a, i) * 0x1p-31);
          table[a].setAtIndex(ValueLayout.JAVA_FLOAT, i, Math.abs(value));
        }
      }
      Binding binding = new Binding(extents, operands, strides, List.of(0L, extents.getFirst()));
      Kernel kernel = Emitter.kernel(name, nest, binding);
      time(out, kernel, table, elements);
    }
  }

  private static void time(PrintStream out, Kernel kernel, MemorySegment[] table, long elements) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    double best = Double.POSITIVE_INFINITY;
    long allocated = 0;
    long begin = System.nanoTime();
    long warm = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      long start = System.nanoTime();
      long cpu = threads.getThreadCpuTime(thread);
      long runs = 0;
      while (System.nanoTime() - start < SECONDS * 1e9) {
        for (int i = 0; i < 10; i++) {
          kernel.run(table, 0, 0);
        }
        runs += 10;
      }
      double nanos = (double) (threads.getThreadCpuTime(thread) - cpu) / runs / elements;
      if (nanos < best * 0.9) {
        warm = start - begin;
      }
      best = Math.min(best, nanos);
      allocated = (threads.getThreadAllocatedBytes(thread) - before) / runs;
    }
    out.printf(
        Locale.ROOT,
        "%-24s %8.3f ns/element %10.0f ns/run  allocated %d  settled after %d ms%n",
        kernel.name(),
        best,
        best * elements,
        allocated,
        warm / 1_000_000);
  }
}
