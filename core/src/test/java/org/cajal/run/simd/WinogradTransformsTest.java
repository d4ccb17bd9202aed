package org.cajal.run.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.cajal.type.DType;
import org.junit.jupiter.api.Test;

/** The vector code of each transformation gives the bits of its scalar twin. */
class WinogradTransformsTest {
  private static final int BYTES = Simd.VECTOR_BYTES;
  private static final int TILES = 5;
  private static final long STEP = 3L * BYTES;
  private static final long LINE = (2 * TILES + 2) * STEP;
  private static final long TILE = 2L * BYTES;
  private static final long APART = TILES * TILE + 64;

  /** Runs one half from a copy of some numbers to another place. */
  private interface Transform {
    void run(MemorySegment from, MemorySegment to);
  }

  private static void same(Transform plain, Transform wide) {
    if (!Simd.available()) {
      return;
    }
    int bytes = (int) Math.max(16 * APART, 4 * LINE) + BYTES;
    MemorySegment numbers = Numbers.random(DType.F32, bytes / 4, new Random(7));
    MemorySegment[] results = new MemorySegment[2];
    for (int i = 0; i < 2; i++) {
      MemorySegment from = Numbers.exactly(bytes, (byte) 0);
      from.copyFrom(numbers);
      results[i] = Numbers.exactly(bytes, (byte) 0x55);
      (i == 0 ? plain : wide).run(from, results[i]);
    }
    assertThat(results[1].mismatch(results[0])).isEqualTo(-1);
    assertThat(results[0].mismatch(Numbers.exactly(bytes, (byte) 0x55))).isNotEqualTo(-1);
  }

  @Test
  void input() {
    same(
        (x, v) -> WinogradTransforms.Plain.input(x, 64, LINE, STEP, TILES, v, 0, APART, TILE),
        (x, v) -> WinogradTransforms.Wide.input(x, 64, LINE, STEP, TILES, v, 0, APART, TILE));
  }

  @Test
  void output() {
    same(
        (m, y) -> WinogradTransforms.Plain.output(m, 64, APART, TILE, TILES, y, 0, LINE, STEP),
        (m, y) -> WinogradTransforms.Wide.output(m, 64, APART, TILE, TILES, y, 0, LINE, STEP));
  }

  @Test
  void outputGradient() {
    same(
        (y, m) ->
            WinogradTransforms.Plain.outputGradient(y, 64, LINE, STEP, TILES, m, 0, APART, TILE),
        (y, m) ->
            WinogradTransforms.Wide.outputGradient(y, 64, LINE, STEP, TILES, m, 0, APART, TILE));
  }

  @Test
  void weights() {
    same(
        (w, u) -> WinogradTransforms.Plain.weights(w, 8 * STEP, -STEP, 3, u, 0, APART),
        (w, u) -> WinogradTransforms.Wide.weights(w, 8 * STEP, -STEP, 3, u, 0, APART));
  }

  @Test
  void weightGradient() {
    same(
        (u, w) -> WinogradTransforms.Plain.weightGradient(u, 0, APART, 3, w, 0, STEP),
        (u, w) -> WinogradTransforms.Wide.weightGradient(u, 0, APART, 3, w, 0, STEP));
  }
}
