package org.cajal.run.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.cajal.type.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The micro-kernels that read B by a table against their scalar twins, bit by bit. */
class TapTilesTest {
  private static final int DEPTH = 37;

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void giveTheBitsOfTheirTwins(DType type) {
    Warmth.await(type);
    Random random = new Random(5);
    int lanes = Tiling.panelColumns(type) / 2;
    int wide = Tiling.tapVectors(type) * lanes;
    int size = type.bytes();
    int[] taps = random.ints(DEPTH, 0, 50).map(i -> i * size).toArray();
    MemorySegment spill = Numbers.exactly(Tiling.SPILL_BYTES, (byte) 0);
    for (int rows = 1; rows <= 17; rows++) {
      MemorySegment a = Numbers.random(type, (long) rows * DEPTH, random);
      MemorySegment b = Numbers.random(type, 200L, random);
      long aRow = (long) DEPTH * size;
      long cRow = (long) wide * size;
      Tiling tiling = Tiling.ofTaps(type, rows);
      for (int columns = 1; columns <= wide; columns++) {
        long b1 = (lanes + 7L) * size;
        long b2 = (3L * lanes + 5L) * size;
        for (boolean add : new boolean[] {false, true}) {
          MemorySegment found = Numbers.random(type, (long) wide * rows, new Random(columns));
          MemorySegment expected = Numbers.random(type, (long) wide * rows, new Random(columns));
          for (int tile = 0; tile < tiling.count(); tile++) {
            tiling.tapTile(
                tile, a, 0, aRow, b, 0, taps, b1, b2, found, 0, cRow, DEPTH, columns, add, spill,
                0);
          }
          if (type == DType.F32) {
            ScalarProducts.tapTileF32(
                rows, a, 0, aRow, b, 0, taps, b1, b2, lanes, expected, 0, cRow, DEPTH, columns,
                add);
          } else {
            ScalarProducts.tapTileF64(
                rows, a, 0, aRow, b, 0, taps, b1, b2, lanes, expected, 0, cRow, DEPTH, columns,
                add);
          }
          assertThat(found.mismatch(expected))
              .as("%s rows, %s columns, add %s", rows, columns, add)
              .isEqualTo(-1);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void aRowGivesTheBitsOfItsTwin(DType type) {
    Warmth.await(type);
    Random random = new Random(6);
    int lanes = Tiling.panelColumns(type) / 2;
    int size = type.bytes();
    int[] taps = random.ints(DEPTH, 0, 50).map(i -> i * size).toArray();
    MemorySegment spill = Numbers.exactly(Tiling.SPILL_BYTES, (byte) 0);
    MemorySegment a = Numbers.random(type, DEPTH, random);
    Tiling tiling = Tiling.ofTaps(type, 1);
    for (int vectors = 0; vectors <= 7; vectors++) {
      MemorySegment b = Numbers.random(type, 50L + (long) vectors * lanes, random);
      for (int depth = 0; depth <= DEPTH; depth++) {
        MemorySegment found = Numbers.random(type, 8L * lanes, new Random(vectors));
        MemorySegment expected = Numbers.random(type, 8L * lanes, new Random(vectors));
        tiling.tapRow(a, 0, b, 0, taps, found, 0, depth, vectors, spill, 0);
        for (int vector = 0; vector < vectors; vector++) {
          long at = (long) vector * lanes * size;
          if (type == DType.F32) {
            ScalarProducts.tapTileF32(
                1, a, 0, 0, b, at, taps, 0, 0, lanes, expected, at, 0, depth, lanes, false);
          } else {
            ScalarProducts.tapTileF64(
                1, a, 0, 0, b, at, taps, 0, 0, lanes, expected, at, 0, depth, lanes, false);
          }
        }
        assertThat(found.mismatch(expected)).as("%s vectors, %s", vectors, depth).isEqualTo(-1);
      }
    }
  }

  @Test
  void dotsGiveTheBitsOfTheirTwin() {
    Warmth.await(DType.F32);
    Random random = new Random(7);
    int lanes = Simd.VECTOR_BYTES / 4;
    int[] taps = random.ints(TapDots.TAPS + 2, 0, 50).map(i -> i * 4).toArray();
    for (int vectors = 0; vectors <= 5; vectors++) {
      MemorySegment a = Numbers.random(DType.F32, 5L * lanes, random);
      MemorySegment b = Numbers.random(DType.F32, 50L + 5L * lanes, random);
      for (boolean add : new boolean[] {false, true}) {
        long sums = (long) TapDots.TAPS * lanes;
        MemorySegment found = Numbers.random(DType.F32, sums, new Random(vectors));
        MemorySegment expected = Numbers.random(DType.F32, sums, new Random(vectors));
        TapDots.add(a, 0, b, 0, taps, 2, vectors, found, 0, add);
        if (!add) {
          expected.fill((byte) 0);
        }
        ScalarProducts.tapDots(a, 0, b, 0, taps, 2, TapDots.TAPS, vectors, lanes, expected, 0);
        assertThat(found.mismatch(expected)).as("%s vectors, add %s", vectors, add).isEqualTo(-1);
      }
    }
  }
}
