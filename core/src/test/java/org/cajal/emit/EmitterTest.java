package org.cajal.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cajal.emit.RandomNests.Sample;
import org.cajal.loop.Binding;
import org.cajal.loop.Nest;
import org.cajal.loop.Nest.Access;
import org.cajal.loop.Nest.Apply;
import org.cajal.loop.Nest.Each;
import org.cajal.loop.Nest.Fold;
import org.cajal.loop.Nest.Load;
import org.cajal.loop.Nest.Once;
import org.cajal.loop.Nest.Stage;
import org.cajal.loop.Nest.Store;
import org.cajal.loop.Nest.Stride;
import org.cajal.loop.Nest.Vectorized;
import org.cajal.op.Add;
import org.cajal.op.Sum;
import org.cajal.op.Tanh;
import org.cajal.run.Kernel;
import org.cajal.run.Operand;
import org.cajal.type.DType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EmitterTest {
  private static final int SAMPLES = Integer.getInteger("cajal.samples", 400);

  @BeforeAll
  static void verify() {
    Emitter.verify(true);
  }

  @AfterEach
  void vectorsAgain() {
    Emitter.scalarOnly(false);
  }

  /** Buffers of a run, the read ones filled; guarded by a pattern behind their ends. */
  private static MemorySegment[] buffers(Sample sample, Arena arena, long seed) {
    Random random = new Random(seed);
    MemorySegment[] table = new MemorySegment[sample.sizes().size()];
    for (int a = 0; a < table.length; a++) {
      DType type = sample.nest().accesses().get(a).type();
      long size = sample.sizes().get(a);
      table[a] = arena.allocate(size, 64);
      int number = a;
      if (sample.nest().accesses().stream().anyMatch(other -> other.offsets() == number)) {
        for (long at = 0; at + Long.BYTES <= size; at += Long.BYTES) {
          int most = RandomNests.MOST_OFFSET / Long.BYTES;
          NestInterpreter.write(table[a], at, type, Long.BYTES * random.nextInt(most + 1));
        }
      } else if (a < sample.reads()) {
        for (long at = 0; at + type.bytes() <= size; at += type.bytes()) {
          double x = random.nextInt(12) == 0 ? random.nextInt(3) - 1 : random.nextGaussian() * 2;
          NestInterpreter.write(table[a], at, type, type == DType.BOOL ? random.nextInt(2) : x);
        }
      } else {
        table[a].fill((byte) 0x55);
      }
    }
    return table;
  }

  private static MemorySegment[] run(Sample sample, Binding binding, Arena arena, long seed) {
    MemorySegment[] table = buffers(sample, arena, seed);
    Kernel kernel = Emitter.kernel("sample " + seed, sample.nest(), binding);
    for (int piece = 0; piece < kernel.pieces(0); piece++) {
      kernel.run(table, 0, piece);
    }
    return table;
  }

  private static int lanes() {
    return Simd.lanes(DType.F32);
  }

  private static boolean hasFloatFold(Nest nest) {
    return nest.stages().stream()
        .anyMatch(
            s ->
                s instanceof Each each
                    && each.folds().stream().anyMatch(f -> f.type().isFloating()));
  }

  @Test
  void nestsOfExactOperationsAgreeWithTheInterpreter() {
    for (long seed = 0; seed < SAMPLES; seed++) {
      Sample sample = new RandomNests(seed, lanes(), true).make();
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment[] expected = buffers(sample, arena, seed);
        NestInterpreter.run(sample.nest(), sample.binding(), expected);
        MemorySegment[] found = run(sample, sample.binding(), arena, seed);
        compare(sample, seed, found, expected, hasFloatFold(sample.nest()));
        Emitter.scalarOnly(true);
        found = run(sample, sample.binding(), arena, seed);
        Emitter.scalarOnly(false);
        compare(sample, seed, found, expected, hasFloatFold(sample.nest()));
      }
    }
  }

  private static void compare(
      Sample sample, long seed, MemorySegment[] found, MemorySegment[] expected, boolean rounded) {
    for (int a = sample.reads(); a < found.length; a++) {
      DType type = sample.nest().accesses().get(a).type();
      for (long at = 0; at + type.bytes() <= found[a].byteSize(); at += type.bytes()) {
        double x = NestInterpreter.read(found[a], at, type);
        double y = NestInterpreter.read(expected[a], at, type);
        // Folds round in another order; sums of up to 20,000 numbers of either sign, and powers of
        // their size.
        boolean same = x == y || (Double.isNaN(x) && Double.isNaN(y));
        boolean close =
            rounded
                && type.isFloating()
                && (Math.abs(x - y) <= 1e-3 * Math.max(1, Math.abs(y)) || large(x, y));
        if (!same && !close) {
          throw new AssertionError(
              "seed "
                  + seed
                  + ", access "
                  + a
                  + ", byte "
                  + at
                  + ": "
                  + x
                  + ", expected "
                  + y
                  + " from "
                  + sample);
        }
      }
    }
  }

  /** Where products overflow, the order of factors decides between infinity, NaN and a number. */
  private static boolean large(double x, double y) {
    return !(Math.abs(x) < 1e30) || !(Math.abs(y) < 1e30);
  }

  @Test
  void vectorAndScalarCodeGiveTheSameBits() {
    int compared = 0;
    for (long seed = 10_000; seed < 10_000 + SAMPLES; seed++) {
      Sample sample = new RandomNests(seed, lanes(), false).make();
      if (hasFloatFold(sample.nest())) {
        continue;
      }
      compared++;
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment[] vector = run(sample, sample.binding(), arena, seed);
        Emitter.scalarOnly(true);
        MemorySegment[] scalar = run(sample, sample.binding(), arena, seed);
        Emitter.scalarOnly(false);
        compare(sample, seed, vector, scalar, false);
      }
    }
    assertThat(compared).isGreaterThan(SAMPLES / 4);
  }

  @Test
  void cutsDoNotChangeBits() {
    for (long seed = 20_000; seed < 20_000 + SAMPLES; seed++) {
      Sample sample = new RandomNests(seed, lanes(), false).make();
      Binding b = sample.binding();
      long n = b.extents().getFirst();
      Nest nest = sample.nest();
      boolean mayCut =
          nest.outer() > 0
              || nest.stages().stream().noneMatch(s -> s instanceof Each e && !e.folds().isEmpty());
      if (!mayCut || n <= 64) {
        continue;
      }
      try (Arena arena = Arena.ofConfined()) {
        Binding whole = new Binding(b.extents(), b.operands(), b.strides(), List.of(0L, n));
        Binding pieces =
            new Binding(
                b.extents(), b.operands(), b.strides(), List.of(0L, 64L, 64L, n / 64 * 64, n));
        MemorySegment[] expected = run(sample, whole, arena, seed);
        MemorySegment[] found = run(sample, pieces, arena, seed);
        for (int a = 0; a < found.length; a++) {
          assertThat(found[a].mismatch(expected[a]))
              .as("seed %s, access %s", seed, a)
              .isEqualTo(-1);
        }
      }
    }
  }

  private static Nest tanh(Vectorized vector, Op op) {
    Access access = new Access(DType.F32, List.of(Stride.UNIT));
    Each each =
        new Each(
            List.of(new Load(0, DType.F32), new Apply(new Tanh(), List.of(0), DType.F32)),
            op == Op.STORE ? List.of(new Store(1, 1)) : List.of(),
            op == Op.STORE
                ? List.of()
                : List.of(new Fold(new Sum(List.of(op.compareTo(Op.STORE))), 1, DType.F32)));
    List<Stage> stages =
        op == Op.STORE
            ? List.of(each)
            : List.of(each, new Once(List.of(), List.of(new Store(1, 2))));
    Access out = op == Op.STORE ? access : new Access(DType.F32, List.of(Stride.NONE));
    return new Nest(0, 1, vector, List.of(access, out), stages);
  }

  private enum Op {
    STORE,
    SUM_1,
    SUM_2
  }

  private static Binding vector(long n, long stride) {
    return new Binding(
        List.of(n),
        List.of(new Operand(0, 0), new Operand(1, 0)),
        List.of(List.of(4L), List.of(stride)),
        List.of(0L, n));
  }

  @Test
  void equalNestsShareAClass() {
    LoopKernel a =
        (LoopKernel) Emitter.kernel("a", tanh(Vectorized.INNER, Op.STORE), vector(10, 4));
    LoopKernel b =
        (LoopKernel) Emitter.kernel("b", tanh(Vectorized.INNER, Op.STORE), vector(77, 4));
    LoopKernel c = (LoopKernel) Emitter.kernel("c", tanh(Vectorized.NONE, Op.STORE), vector(77, 4));
    LoopKernel d =
        (LoopKernel) Emitter.kernel("d", tanh(Vectorized.INNER, Op.SUM_1), vector(77, 0));
    LoopKernel e =
        (LoopKernel) Emitter.kernel("e", tanh(Vectorized.INNER, Op.SUM_2), vector(77, 0));
    assertThat(b.loop()).isSameAs(a.loop());
    assertThat(c.loop()).isNotSameAs(a.loop());
    assertThat(d.loop()).isNotSameAs(a.loop());
    assertThat(e.loop()).as("the axes of a reduction do not matter").isSameAs(d.loop());
    assertThat(a.name()).isEqualTo("a");
    assertThat(b.flops()).isEqualTo(77);
    assertThat(b.bytes()).isEqualTo(2 * 4 * 77);
  }

  @Test
  void longSumsKeepTheirDigits() {
    Access in = new Access(DType.F32, List.of(Stride.UNIT));
    Access out = new Access(DType.F32, List.of(Stride.NONE));
    for (Vectorized vector : List.of(Vectorized.INNER, Vectorized.NONE)) {
      Nest nest =
          new Nest(
              0,
              1,
              vector,
              List.of(in, out),
              List.of(
                  new Each(
                      List.of(new Load(0, DType.F32)),
                      List.of(),
                      List.of(new Fold(new Sum(List.of(0)), 0, DType.F32))),
                  new Once(List.of(), List.of(new Store(1, 1)))));
      long n = 10_000_000;
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment[] table = {arena.allocate(4 * n, 64), arena.allocate(4, 64)};
        for (long i = 0; i < n; i++) {
          NestInterpreter.write(table[0], 4 * i, DType.F32, 0.1);
        }
        Emitter.kernel("sum", nest, vector(n, 0)).run(table, 0, 0);
        double exact = 0.1f * (double) n;
        assertThat(NestInterpreter.read(table[1], 0, DType.F32))
            .isBetween(exact * (1 - 1e-5), exact * (1 + 1e-5));
      }
    }
  }

  @Test
  void wrongNestsAndBindingsAreRefused() {
    Nest nest = tanh(Vectorized.INNER, Op.STORE);
    assertThatThrownBy(() -> Emitter.kernel("x", nest, vector(10, 8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("[emit] access 1 has stride 8 along axis 0, which its nest calls UNIT");
    Access access = new Access(DType.F32, List.of(Stride.UNIT));
    Access truth = new Access(DType.BOOL, List.of(Stride.UNIT));
    Nest mixed =
        new Nest(
            0,
            1,
            Vectorized.INNER,
            List.of(access, truth),
            List.of(
                new Each(
                    List.of(
                        new Load(0, DType.F32),
                        new Load(1, DType.BOOL),
                        new Apply(new Add(), List.of(0, 1), DType.F32)),
                    List.of(new Store(0, 2)),
                    List.of())));
    Binding binding =
        new Binding(
            List.of(4L),
            List.of(new Operand(0, 0), new Operand(1, 0)),
            List.of(List.of(4L), List.of(1L)),
            List.of(0L, 4L));
    assertThatThrownBy(() -> Emitter.kernel("x", mixed, binding))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("[emit] add does not take F32, BOOL");
  }

  @Test
  void largeNestsDoNotFit() {
    Access access = new Access(DType.F32, List.of(Stride.UNIT));
    List<Nest.Step> steps = new ArrayList<>(List.of(new Load(0, DType.F32)));
    for (int i = 0; i < 60; i++) {
      steps.add(new Apply(new Tanh(), List.of(i), DType.F32));
    }
    Nest nest =
        new Nest(
            0,
            1,
            Vectorized.INNER,
            List.of(access, access),
            List.of(new Each(steps, List.of(new Store(1, 60)), List.of())));
    assertThat(Emitter.fits(nest)).isFalse();
    assertThat(Emitter.fits(tanh(Vectorized.INNER, Op.STORE))).isTrue();
    assertThatThrownBy(() -> Emitter.kernel("deep", nest, vector(10, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("[emit] nest deep is too large for one method; split it");
  }
}
