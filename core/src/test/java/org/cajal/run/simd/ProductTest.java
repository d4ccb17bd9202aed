package org.cajal.run.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cajal.run.Operand;
import org.cajal.run.Team;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The matrix product against plain loops in double precision. */
class ProductTest {
  private static final long SEED = 20_250_101;

  /** Without this the first products would run on the scalar twins. */
  @BeforeAll
  static void useVectors() {
    Warmth.await(DType.F32);
    Warmth.await(DType.F64);
  }

  /** One product: shapes, how its operands lie, and the numbers. */
  private static final class Case {
    final DType type;
    final List<Integer> batch;
    final int m;
    final int k;
    final int n;
    final boolean transposeA;
    final boolean transposeB;
    final boolean repeatA;
    final boolean repeatB;

    Case(
        DType type,
        List<Integer> batch,
        int m,
        int k,
        int n,
        boolean transposeA,
        boolean transposeB,
        boolean repeatA,
        boolean repeatB) {
      this.type = type;
      this.batch = batch;
      this.m = m;
      this.k = k;
      this.n = n;
      this.transposeA = transposeA;
      this.transposeB = transposeB;
      this.repeatA = repeatA;
      this.repeatB = repeatB;
    }

    Case(DType type, int m, int k, int n, boolean transposeA, boolean transposeB) {
      this(type, List.of(), m, k, n, transposeA, transposeB, false, false);
    }

    private Product.Matrix matrix(
        Operand at, int rows, int columns, boolean transpose, boolean repeat) {
      Product.Matrix plain =
          transpose
              ? Product.Matrix.rowMajor(at, batch, columns, rows).transposed()
              : Product.Matrix.rowMajor(at, batch, rows, columns);
      if (!repeat) {
        return plain;
      }
      return new Product.Matrix(
          at, plain.rowStride(), plain.columnStride(), batch.stream().map(d -> 0L).toList());
    }

    void check(Team... teams) {
      Random random = new Random(SEED + 31L * m + 37L * k + 41L * n);
      int batches = batch.stream().reduce(1, (x, y) -> x * y);
      // An element of offset before A and B: views need not be aligned.
      MemorySegment a = Numbers.random(type, 1 + batches * m * k, random);
      MemorySegment b = Numbers.random(type, 1 + batches * k * n, random);
      Product.Matrix aMatrix = matrix(new Operand(0, type.bytes()), m, k, transposeA, repeatA);
      Product.Matrix bMatrix = matrix(new Operand(1, type.bytes()), k, n, transposeB, repeatB);
      long scratchBytes = Product.scratchBytes(type, batch, m, k, n, aMatrix, bMatrix);
      Product product =
          new Product(
              type, batch, m, k, n, aMatrix, bMatrix, new Operand(2, 0), new Operand(3, 64));
      MemorySegment first = null;
      for (Team team : teams) {
        MemorySegment c = Numbers.exactly((long) batches * m * n * type.bytes(), (byte) 0xFF);
        MemorySegment scratch = Numbers.exactly(64 + scratchBytes, (byte) 0xFF);
        team.run(product, new MemorySegment[] {a, b, c, scratch});
        if (first == null) {
          first = c;
        } else {
          assertThat(c.mismatch(first))
              .as("%s: bits differ on %d threads", this, team.threads())
              .isEqualTo(-1);
        }
      }
      double unit = type == DType.F32 ? Math.ulp(1f) : Math.ulp(1d);
      for (int z = 0; z < batches; z++) {
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < n; j++) {
            double sum = 0;
            double size = 0;
            for (int p = 0; p < k; p++) {
              double x = Numbers.get(type, a, 1 + at(repeatA ? 0 : z, m, k, i, p, transposeA));
              double y = Numbers.get(type, b, 1 + at(repeatB ? 0 : z, k, n, p, j, transposeB));
              sum += x * y;
              size += Math.abs(x * y);
            }
            double found = Numbers.get(type, first, ((long) z * m + i) * n + j);
            if (!(Math.abs(found - sum) <= unit * (2 + 0.5 * Math.sqrt(k)) * size)) {
              throw new AssertionError(
                  this + " at " + z + "," + i + "," + j + ": " + found + " instead of " + sum);
            }
          }
        }
      }
    }

    private static long at(int z, int rows, int columns, int i, int j, boolean transpose) {
      return (long) z * rows * columns + (transpose ? (long) j * rows + i : (long) i * columns + j);
    }

    @Override
    public String toString() {
      return type
          + " "
          + batch
          + " "
          + m
          + "x"
          + k
          + "x"
          + n
          + (transposeA ? " A'" : "")
          + (transposeB ? " B'" : "")
          + (repeatA ? " A repeated" : "")
          + (repeatB ? " B repeated" : "");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void smallSizesInAllTranspositions(DType type) {
    Random random = new Random(SEED);
    try (Team alone = new Team(1);
        Team two = new Team(2)) {
      for (int m = 0; m <= 40; m++) {
        int k = random.nextInt(41);
        int n = random.nextInt(41);
        for (int transpose = 0; transpose < 4; transpose++) {
          new Case(type, m, k, n, (transpose & 1) != 0, (transpose & 2) != 0).check(alone, two);
          new Case(type, n, m, k, (transpose & 1) != 0, (transpose & 2) != 0).check(alone, two);
          new Case(type, k, n, m, (transpose & 1) != 0, (transpose & 2) != 0).check(alone, two);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void sizesAroundTheBlocks(DType type) {
    Random random = new Random(SEED + 1);
    int[] ladder = {
      1, 2, 13, 14, 15, 31, 32, 33, 63, 64, 65, 127, 129, 195, 196, 197, 383, 384, 385, 769
    };
    try (Team alone = new Team(1);
        Team two = new Team(2);
        Team three = new Team(3)) {
      for (int repeat = 0; repeat < 60; repeat++) {
        int m = ladder[random.nextInt(ladder.length)];
        int k = ladder[random.nextInt(ladder.length)];
        int n = ladder[random.nextInt(ladder.length)];
        if ((long) m * k * n < 20_000_000) {
          new Case(type, m, k, n, random.nextBoolean(), random.nextBoolean())
              .check(alone, two, three);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void stridesThatShareCacheSets(DType type) {
    int period = 4096 / type.bytes();
    try (Team alone = new Team(1);
        Team two = new Team(2);
        Team three = new Team(3)) {
      new Case(type, 45, period, 130, false, false).check(alone, two, three);
      new Case(type, 45, 70, period, false, false).check(alone, two, three);
      new Case(type, 45, 70, period, true, false).check(alone, two, three);
      new Case(type, List.of(3), 33, period, 101, false, true, false, false)
          .check(alone, two, three);
      new Case(type, List.of(3), 33, period, 101, false, false, true, false)
          .check(alone, two, three);
      new Case(type, List.of(3), 33, 40, period, false, false, false, true)
          .check(alone, two, three);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void longInnerDimensionsAreSplit(DType type) {
    try (Team alone = new Team(1);
        Team two = new Team(2);
        Team three = new Team(3)) {
      for (int transpose = 0; transpose < 4; transpose++) {
        Case c = new Case(type, 10, 30_000, 9, (transpose & 1) != 0, (transpose & 2) != 0);
        c.check(alone, two, three);
        new Case(type, 25, 9_000, 33, (transpose & 1) != 0, (transpose & 2) != 0)
            .check(alone, two, three);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void batches(DType type) {
    Random random = new Random(SEED + 2);
    try (Team alone = new Team(1);
        Team two = new Team(2);
        Team three = new Team(3)) {
      for (int repeat = 0; repeat < 80; repeat++) {
        List<Integer> batch = new ArrayList<>();
        int axes = 1 + random.nextInt(3);
        for (int i = 0; i < axes; i++) {
          batch.add(random.nextInt(5));
        }
        new Case(
                type,
                batch,
                random.nextInt(50),
                random.nextInt(90),
                random.nextInt(50),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextInt(3) == 0,
                random.nextInt(3) == 0)
            .check(alone, two, three);
      }
      new Case(type, List.of(0), 3, 4, 5, false, false, false, false).check(alone, two);
      new Case(type, List.of(6, 4), 64, 64, 32, false, true, false, false).check(alone, two, three);
    }
  }

  @Test
  void broadcastAlongOneOfTwoBatchAxes() {
    int m = 5;
    int k = 7;
    int n = 20;
    Random random = new Random(SEED + 3);
    MemorySegment a = Numbers.random(DType.F32, 3L * m * k, random);
    MemorySegment b = Numbers.random(DType.F32, 2L * k * n, random);
    Product.Matrix aMatrix = new Product.Matrix(new Operand(0, 0), k, 1, List.of((long) m * k, 0L));
    Product.Matrix bMatrix = new Product.Matrix(new Operand(1, 0), n, 1, List.of(0L, (long) k * n));
    List<Integer> batch = List.of(3, 2);
    MemorySegment c = Numbers.exactly(6L * m * n * 4, (byte) 0xFF);
    MemorySegment scratch =
        Numbers.exactly(
            Product.scratchBytes(DType.F32, batch, m, k, n, aMatrix, bMatrix), (byte) 0xFF);
    try (Team team = new Team(2)) {
      team.run(
          new Product(
              DType.F32, batch, m, k, n, aMatrix, bMatrix, new Operand(2, 0), new Operand(3, 0)),
          new MemorySegment[] {a, b, c, scratch});
    }
    for (int x = 0; x < 3; x++) {
      for (int y = 0; y < 2; y++) {
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int p = 0; p < k; p++) {
              sum +=
                  Numbers.get(DType.F32, a, (x * m + i) * k + p)
                      * Numbers.get(DType.F32, b, (y * k + p) * n + j);
            }
            assertThat(Numbers.get(DType.F32, c, ((x * 2 + y) * m + i) * n + j))
                .isCloseTo(sum, Numbers.near(1e-5));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void theScalarTwinGivesTheSameBits(DType type) {
    int lanes = Tiling.panelColumns(type) / 2;
    Random random = new Random(SEED + 4);
    for (int rows = 1; rows <= 31; rows++) {
      Tiling tiling = new Tiling(type, rows);
      int depth = random.nextInt(60);
      for (int columns : new int[] {1, lanes - 1, lanes, lanes + 1, 2 * lanes}) {
        for (boolean add : new boolean[] {false, true}) {
          int wide = 2 * lanes;
          MemorySegment a = Numbers.random(type, (long) rows * (depth + 1), random);
          MemorySegment b = Numbers.random(type, (depth + 1L) * wide, random);
          MemorySegment vector = Numbers.random(type, (long) rows * wide, random);
          MemorySegment scalar = Numbers.exactly(vector.byteSize(), (byte) 0);
          scalar.copyFrom(vector);
          MemorySegment spill = Numbers.exactly(Tiling.SPILL_BYTES, (byte) 0xFF);
          long size = type.bytes();
          long bStep = wide * size;
          for (int tile = 0; tile < tiling.count(); tile++) {
            tiling.tile(
                tile,
                a,
                0,
                depth * size,
                size,
                b,
                0,
                bStep,
                vector,
                0,
                wide * size,
                depth,
                columns,
                add,
                spill,
                0);
          }
          if (type == DType.F32) {
            ScalarProducts.tileF32(
                rows,
                a,
                0,
                depth * size,
                size,
                b,
                0,
                bStep,
                scalar,
                0,
                wide * size,
                depth,
                columns,
                add);
          } else {
            ScalarProducts.tileF64(
                rows,
                a,
                0,
                depth * size,
                size,
                b,
                0,
                bStep,
                scalar,
                0,
                wide * size,
                depth,
                columns,
                add);
          }
          assertThat(vector.mismatch(scalar))
              .as("%d rows, %d columns, depth %d", rows, columns, depth)
              .isEqualTo(-1);
        }
      }
    }
  }

  /** Neither the rows nor the columns of A are contiguous: every second element of a matrix. */
  @ParameterizedTest
  @CsvSource({"1,40,20", "33,70,50", "400,33,65"})
  void scatteredOperands(int m, int k, int n) {
    Random random = new Random(SEED + 8);
    MemorySegment a = Numbers.random(DType.F32, 4L * m * k, random);
    MemorySegment b = Numbers.random(DType.F32, 6L * k * n, random);
    Product.Matrix aMatrix = new Product.Matrix(new Operand(0, 0), 4L * k, 2, List.of());
    Product.Matrix bMatrix = new Product.Matrix(new Operand(1, 0), 6L * n, 3, List.of());
    MemorySegment c = Numbers.exactly(4L * m * n, (byte) 0xFF);
    long scratchBytes = Product.scratchBytes(DType.F32, List.of(), m, k, n, aMatrix, bMatrix);
    MemorySegment scratch = Numbers.exactly(scratchBytes, (byte) 0xFF);
    try (Team team = new Team(2)) {
      team.run(
          new Product(
              DType.F32,
              List.of(),
              m,
              k,
              n,
              aMatrix,
              bMatrix,
              new Operand(2, 0),
              new Operand(3, 0)),
          new MemorySegment[] {a, b, c, scratch});
    }
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          sum +=
              Numbers.get(DType.F32, a, 4L * k * i + 2L * p)
                  * Numbers.get(DType.F32, b, 6L * n * p + 3L * j);
        }
        assertThat(Numbers.get(DType.F32, c, (long) i * n + j)).isCloseTo(sum, Numbers.near(1e-4));
      }
    }
  }

  @Test
  void notANumberStaysInItsRowAndColumn() {
    int m = 20;
    int k = 5;
    int n = 37;
    MemorySegment a = Numbers.random(DType.F32, (long) m * k, new Random(SEED + 5));
    MemorySegment b = Numbers.random(DType.F32, (long) k * n, new Random(SEED + 6));
    Numbers.set(DType.F32, a, 3 * k + 2, Double.NaN);
    Numbers.set(DType.F32, b, 4 * n + 36, Double.POSITIVE_INFINITY);
    Product.Matrix aMatrix = Product.Matrix.rowMajor(new Operand(0, 0), List.of(), m, k);
    Product.Matrix bMatrix = Product.Matrix.rowMajor(new Operand(1, 0), List.of(), k, n);
    MemorySegment c = Numbers.exactly(4L * m * n, (byte) 0);
    MemorySegment scratch =
        Numbers.exactly(
            Product.scratchBytes(DType.F32, List.of(), m, k, n, aMatrix, bMatrix), (byte) 0xFF);
    try (Team team = new Team(1)) {
      team.run(
          new Product(
              DType.F32,
              List.of(),
              m,
              k,
              n,
              aMatrix,
              bMatrix,
              new Operand(2, 0),
              new Operand(3, 0)),
          new MemorySegment[] {a, b, c, scratch});
    }
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double value = Numbers.get(DType.F32, c, i * n + j);
        assertThat(Double.isFinite(value)).as("%d,%d", i, j).isEqualTo(i != 3 && j != 36);
      }
    }
  }

  @Test
  void refusesOtherTypes() {
    Product.Matrix any = Product.Matrix.rowMajor(new Operand(0, 0), List.of(), 2, 2);
    assertThatThrownBy(() -> Product.scratchBytes(DType.I32, List.of(), 2, 2, 2, any, any))
        .isInstanceOf(CajalException.class)
        .hasMessage("[product] elements are I32; F32 and F64 are allowed");
    assertThatThrownBy(() -> Product.scratchBytes(DType.F32, List.of(3), 2, 2, 2, any, any))
        .isInstanceOf(CajalException.class)
        .hasMessage("[product] 1 batch axes, but strides for 0 and 0");
  }
}
