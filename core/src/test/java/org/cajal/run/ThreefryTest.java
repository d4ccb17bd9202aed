package org.cajal.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.cajal.type.CounterRandom;
import org.junit.jupiter.api.Test;

final class ThreefryTest {
  private static final ValueLayout.OfInt WORD =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @Test
  void theBlockFunctionGivesTheKnownAnswersOfItsAuthors() {
    assertThat(Threefry.bits(0, 0, 0, 0)).isEqualTo(0x6b200159_99ba4efeL);
    assertThat(Threefry.bits(-1, -1, -1, -1)).isEqualTo(0x1cb996fc_bb002be7L);
    assertThat(Threefry.bits(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3))
        .isEqualTo(0xc4923a9c_483df7a0L);
  }

  @Test
  void bulkWordsEqualSingleWordsAtAnyStartAndLength() {
    int key0 = 0x13198a2e;
    int key1 = 0x83707344;
    long key = (long) key0 << 32 | (key1 & 0xFFFF_FFFFL);
    long acrossTheHalves = (1L << 33) - 100;
    for (long start : new long[] {0, 1, 15, 16, 31, 32, 33, 511, 512, acrossTheHalves}) {
      for (int count : new int[] {0, 1, 7, 16, 31, 32, 33, 64, 65, 511, 512, 513, 1025}) {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment out = arena.allocate(4L * count + 12);
          Threefry.fill(out, 4, start, count, key0, key1);
          assertThat(out.get(WORD, 0)).isZero();
          for (int i = 0; i < count; i++) {
            assertThat(out.get(WORD, 4 + 4L * i))
                .as("word %s + %s", start, i)
                .isEqualTo(CounterRandom.word(key, start + i));
          }
          assertThat(out.get(WORD, 4 + 4L * count)).isZero();
        }
      }
    }
  }
}
