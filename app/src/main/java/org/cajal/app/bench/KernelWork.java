package org.cajal.app.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cajal.optim.Adam;
import org.cajal.optim.Optimizer;
import org.cajal.optim.Sgd;
import org.cajal.optim.Slots;
import org.cajal.tensor.BoundProgram;
import org.cajal.tensor.Convolutions;
import org.cajal.tensor.Feed;
import org.cajal.tensor.Gradients;
import org.cajal.tensor.Program;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;
import org.cajal.tensor.Windows;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * One kernel's work, as a user would write it: a small program over variables in memory, single
 * precision, whose results stay where they are computed.
 *
 * @param name group and sizes: {@code product/64x784x128}
 * @param unit what is counted
 * @param amount how much of it one run does, at least: operations of a product or convolution as
 *     its definition has them, or bytes if each array is read or written once
 * @param compiled compiles it, with new numbers: each call of what it answers does the work once,
 *     on one thread at a time, and answers numbers that were computed
 */
public record KernelWork(String name, Unit unit, double amount, Supplier<Run> compiled) {
  private static final long SEED = 1;

  /** What bounds a kernel. */
  public enum Unit {
    /** Arithmetic: floating-point operations, two for each multiply-add. */
    GFLOPS("GFLOP/s"),
    /** Memory: bytes read and written. */
    GIGABYTES("GB/s");

    private final String text;

    Unit(String text) {
      this.text = text;
    }

    /** A billion of these a second. */
    @Override
    public String toString() {
      return text;
    }

    /** The most that the machine can do, in billions a second. */
    public double peak(Peak peak) {
      return (this == GFLOPS ? peak.flops() : peak.bytes()) * 1e-9;
    }
  }

  /** A compiled kernel; for one thread at a time. */
  public interface Run {
    /**
     * Does the work once.
     *
     * @return numbers that it computed
     */
    NDArray once();
  }

  /** The part of the name before the slash: what kind of work it is. */
  public String group() {
    return name.substring(0, name.indexOf('/'));
  }

  /** Billions a second, if a run takes so many microseconds. */
  public double rate(double microseconds) {
    return amount * 1e-3 / microseconds;
  }

  /**
   * The work of names, each the whole of one or a group: {@code product}, {@code convolution/3x3};
   * all if there are no names.
   *
   * @throws CajalException if nothing has such a name
   */
  public static List<KernelWork> named(List<String> names) {
    List<KernelWork> all = all();
    for (String name : names) {
      if (all.stream().noneMatch(work -> work.isNamed(name))) {
        throw new CajalException(
            "[bench] no kernel \""
                + name
                + "\"; there are "
                + String.join(", ", all.stream().map(KernelWork::group).distinct().toList())
                + ", each with sizes after a slash");
      }
    }
    return all.stream()
        .filter(work -> names.isEmpty() || names.stream().anyMatch(work::isNamed))
        .toList();
  }

  private boolean isNamed(String text) {
    return name.equals(text) || group().equals(text);
  }

  /** All work, by kind, from small to large. */
  public static List<KernelWork> all() {
    return Stream.of(products(), convolutions(), loops(), updates(), lookups())
        .flatMap(List::stream)
        .toList();
  }

  // Products

  private static List<KernelWork> products() {
    List<KernelWork> list = new ArrayList<>();
    for (int n : new int[] {16, 17, 32, 63, 64, 100, 128, 255, 256, 512, 1000, 1024, 2048}) {
      list.add(product("product", 1, n, n, n, false, false));
    }
    for (int n : new int[] {64, 255, 256, 1024}) {
      list.add(product("product-tn", 1, n, n, n, true, false));
      list.add(product("product-nt", 1, n, n, n, false, true));
    }
    list.add(product("product", 1, 1, 784, 128, false, false)); // one row through a layer
    list.add(product("product", 1, 64, 784, 128, false, false));
    list.add(product("product-tn", 1, 784, 64, 128, true, false)); // its weights' gradient
    list.add(product("product-nt", 1, 64, 128, 784, false, true)); // its inputs' gradient
    list.add(product("product", 1, 8, 512, 512, false, false));
    list.add(product("product", 1, 10_000, 64, 64, false, false)); // tall
    list.add(product("product", 1, 64, 64, 10_000, false, false)); // flat
    list.add(product("product", 1, 64, 10_000, 64, false, false)); // a long sum
    list.add(product("product-nt", 48, 64, 32, 64, false, true)); // queries by keys
    list.add(product("product", 48, 64, 64, 32, false, false)); // weights by values
    list.add(product("product", 32, 128, 128, 128, false, false));
    return list;
  }

  /** A batch of m × k by k × n, either transposed in memory. */
  private static KernelWork product(
      String group, int batch, int m, int k, int n, boolean transposeA, boolean transposeB) {
    String sizes = m == k && k == n ? Integer.toString(m) : m + "x" + k + "x" + n;
    return new KernelWork(
        group + "/" + sizes + (batch == 1 ? "" : "-batch" + batch),
        Unit.GFLOPS,
        2.0 * batch * m * k * n,
        () -> {
          Tensor a = random("a", transposeA ? Shape.of(batch, k, m) : Shape.of(batch, m, k));
          Tensor b = random("b", transposeB ? Shape.of(batch, n, k) : Shape.of(batch, k, n));
          if (batch == 1) {
            a = a.squeeze(0);
            b = b.squeeze(0);
          }
          return computing(
              (transposeA ? a.swapAxes(-1, -2) : a).matmul(transposeB ? b.swapAxes(-1, -2) : b));
        });
  }

  // Convolutions

  private static List<KernelWork> convolutions() {
    List<KernelWork> list = new ArrayList<>();
    add(list, "3x3-first", Shape.of(64, 1, 28, 28), 32, 3, 1, 1, 1);
    add(list, "3x3-small", Shape.of(64, 64, 14, 14), 64, 3, 1, 1, 1);
    add(list, "3x3", Shape.of(64, 32, 28, 28), 32, 3, 1, 1, 1);
    add(list, "3x3-one", Shape.of(1, 64, 56, 56), 64, 3, 1, 1, 1);
    add(list, "3x3-stride2", Shape.of(32, 64, 28, 28), 128, 3, 2, 1, 1);
    add(list, "3x3-depthwise", Shape.of(32, 64, 28, 28), 64, 3, 1, 1, 64);
    add(list, "1x1", Shape.of(32, 64, 28, 28), 128, 1, 1, 0, 1);
    add(list, "5x5", Shape.of(64, 6, 14, 14), 16, 5, 1, 0, 1);
    add(list, "7x7-stride2", Shape.of(8, 3, 112, 112), 64, 7, 2, 3, 1);
    return list;
  }

  /** A convolution and its two gradients. */
  private static void add(
      List<KernelWork> list,
      String name,
      Shape input,
      int filters,
      int kernel,
      int stride,
      int padding,
      int groups) {
    Shape weights = Shape.of(filters, input.dim(1) / groups, kernel, kernel);
    UnaryOperator<Integer> out = in -> (in + 2 * padding - kernel) / stride + 1;
    Shape output =
        Shape.of(input.dim(0), filters, out.apply(input.dim(2)), out.apply(input.dim(3)));
    double operations = 2.0 * output.size() * weights.size() / filters;
    Supplier<Tensor> x = () -> random("x", input);
    Supplier<Tensor> w = () -> random("w", weights);
    var window =
        Windows.of(
            new int[] {kernel, kernel},
            new int[] {stride, stride},
            new int[] {padding, padding},
            new int[] {1, 1});
    list.add(
        new KernelWork(
            "convolution/" + name,
            Unit.GFLOPS,
            operations,
            () -> computing(Convolutions.convolution(x.get(), w.get(), null, window, groups))));
    for (boolean ofInput : new boolean[] {true, false}) {
      list.add(
          new KernelWork(
              "convolution-" + (ofInput ? "input" : "weight") + "-gradient/" + name,
              Unit.GFLOPS,
              operations,
              () -> {
                Tensor from = x.get();
                Tensor by = w.get();
                Tensor y = Convolutions.convolution(from, by, null, window, groups);
                return computing(gradient(y, ofInput ? from : by));
              }));
    }
  }

  // Loops

  private static List<KernelWork> loops() {
    Shape inCache = Shape.of(1 << 14);
    Shape large = Shape.of(1 << 22);
    Shape rows = Shape.of(4096, 1024);
    Shape classes = Shape.of(64, 10);
    return List.of(
        loop("elementwise/multiply-add-16k", 2, inCache, x -> x.get(0).times(0.5).plus(x.get(1))),
        loop("elementwise/multiply-add-4m", 2, large, x -> x.get(0).times(0.5).plus(x.get(1))),
        loop("elementwise/sigmoid-16k", 2, inCache, KernelWork::gate),
        loop("elementwise/sigmoid-4m", 2, large, KernelWork::gate),
        loop("elementwise/gelu-4m", 1, large, x -> gelu(x.get(0))),
        loop("elementwise/tanh-gradient-4m", 2, large, x -> gradient(x.get(0).tanh(), x)),
        reduction("sum/all-4m", rows, x -> x.sum()),
        reduction("sum/rows-4m", rows, x -> x.sum(1)),
        reduction("sum/columns-4m", rows, x -> x.sum(0)),
        loop("softmax/64x10", 1, classes, x -> x.get(0).softmax(1)),
        loop("softmax/4096x1024", 1, rows, x -> x.get(0).softmax(1)),
        loop("softmax-gradient/4096x1024", 2, rows, x -> gradient(x.get(0).softmax(1), x)),
        loop("layer-norm/768x128", 1, Shape.of(768, 128), x -> normalised(x.get(0))),
        loop("layer-norm/4096x1024", 1, rows, x -> normalised(x.get(0))),
        loop("layer-norm-gradient/4096x1024", 2, rows, x -> gradient(normalised(x.get(0)), x)));
  }

  private static Tensor gate(List<Tensor> x) {
    return x.get(0).times(x.get(1)).plus(x.get(0)).sigmoid();
  }

  /** D. Hendrycks, K. Gimpel: "Gaussian error linear units", 2016. */
  private static Tensor gelu(Tensor x) {
    return x.times(0.5).times(x.times(Math.sqrt(0.5)).erf().plus(1));
  }

  private static Tensor normalised(Tensor x) {
    Tensor centred = x.minus(x.meanKeep(1));
    return centred.dividedBy(x.varianceKeep(0, 1).plus(1e-5).sqrt());
  }

  /** The gradient for the first of two tensors, where the second comes from above. */
  private static Tensor gradient(Tensor y, List<Tensor> x) {
    return Gradients.of(y.times(x.get(1)).sum()).withRespectTo(x.get(0));
  }

  /** The gradient where random numbers come from above. */
  private static Tensor gradient(Tensor y, Tensor x) {
    return gradient(y, List.of(x, random("dy", y.shape())));
  }

  /** A function of arrays into another of their shape. */
  private static KernelWork loop(
      String name, int arguments, Shape shape, Function<List<Tensor>, Tensor> function) {
    return new KernelWork(
        name,
        Unit.GIGABYTES,
        4.0 * (arguments + 1) * shape.size(),
        () -> {
          List<Tensor> x =
              IntStream.range(0, arguments).mapToObj(i -> random("x" + i, shape)).toList();
          return computing(function.apply(x));
        });
  }

  private static KernelWork reduction(String name, Shape shape, UnaryOperator<Tensor> function) {
    return new KernelWork(
        name,
        Unit.GIGABYTES,
        4.0 * shape.size(),
        () -> computing(function.apply(random("x", shape))));
  }

  // Updates of parameters

  private static List<KernelWork> updates() {
    return List.of(
        update("optimizer/sgd-momentum-1m", new Sgd(0.9), 5),
        update("optimizer/adam-1m", new Adam(), 7));
  }

  /** Some dense layers' parameters, a million in all; each array moved so many times. */
  private static KernelWork update(String name, Optimizer rule, int moves) {
    List<Shape> shapes =
        List.of(
            Shape.of(784, 768),
            Shape.of(768),
            Shape.of(768, 512),
            Shape.of(512),
            Shape.of(512, 10),
            Shape.of(10));
    return new KernelWork(
        name,
        Unit.GIGABYTES,
        4.0 * moves * shapes.stream().mapToLong(Shape::size).sum(),
        () -> {
          List<Tensor> parameters = new ArrayList<>();
          List<Tensor> gradients = new ArrayList<>();
          for (Shape shape : shapes) {
            parameters.add(random("w" + parameters.size(), shape));
            gradients.add(random("g" + gradients.size(), shape));
          }
          Tensor rate = Tensor.parameter("rate", NDArray.scalar(DType.F32, 1e-6));
          Tensor step = Tensor.parameter("step", NDArray.scalar(DType.F32, 1000));
          return updating(rule.updates(parameters, gradients, rate, step, new Slots()));
        });
  }

  // Rows by index

  private static List<KernelWork> lookups() {
    int rows = 10_000;
    int width = 128;
    int taken = 2048;
    Supplier<Tensor> table = () -> random("table", Shape.of(rows, width));
    Supplier<Tensor> index =
        () -> {
          int[] places = new int[taken];
          Arrays.setAll(
              places, i -> (int) CounterRandom.below(CounterRandom.key(SEED, "index"), i, rows));
          return Tensor.parameter("index", NDArray.of(places, Shape.of(taken)));
        };
    return List.of(
        new KernelWork(
            "embedding/gather-2048x128",
            Unit.GIGABYTES,
            4.0 * 2 * taken * width,
            () -> computing(table.get().gather(index.get(), 0))),
        new KernelWork(
            "embedding/scatter-2048x128",
            Unit.GIGABYTES,
            4.0 * (rows + 3.0 * taken) * width,
            () -> {
              Tensor from = table.get();
              return computing(gradient(from.gather(index.get(), 0), from));
            }));
  }

  // Programs

  private static Tensor random(String name, Shape shape) {
    float[] numbers = new float[Math.toIntExact(shape.size())];
    long key = CounterRandom.key(SEED, name);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) CounterRandom.uniform(key, i) - 0.5f;
    }
    return Tensor.parameter(name, NDArray.of(numbers, shape));
  }

  /** Computes a value where it stays. */
  private static Run computing(Tensor value) {
    BoundProgram program = Program.compile(List.of(value), List.of()).bind(Feed.none());
    return run(program, program.output(value));
  }

  /** Computes updates. */
  private static Run updating(List<Update> updates) {
    BoundProgram program = Program.compile(List.of(), updates).bind(Feed.none());
    return run(program, updates.get(0).variable().value());
  }

  private static Run run(BoundProgram program, NDArray numbers) {
    return () -> {
      program.run();
      return numbers;
    };
  }
}
