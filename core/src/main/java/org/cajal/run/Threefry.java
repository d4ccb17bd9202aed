package org.cajal.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.cajal.type.CounterRandom;

/**
 * Random 32-bit words in bulk: the word stream of {@link CounterRandom#word}, Threefry-2x32 with 20
 * rounds. Word i is a pure function of key and i, so that any piece of a tensor can be filled on
 * any thread. The rounds are loops over short arrays which the JVM's compiler turns into vector
 * instructions; one long loop body would be too large for it.
 */
public final class Threefry {
  private static final ValueLayout.OfInt WORD =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Words per run of one of the two result words; {@link CounterRandom#word} states the order. */
  private static final int RUN = 16;

  /** Counters per round of the outer loop: two arrays of 1 KiB stay in the first-level cache. */
  private static final int BATCH = 256;

  private Threefry() {}

  /**
   * The block function: the two result words of a counter under a key, the first in the upper half.
   */
  public static long bits(int key0, int key1, int counter0, int counter1) {
    return CounterRandom.bits(key0, key1, counter0, counter1);
  }

  /**
   * Writes the words {@code firstIndex} to {@code firstIndex + count} (excluded) as little-endian
   * 32-bit integers.
   *
   * @param out where to write
   * @param byteOffset where in {@code out} the first word goes, in bytes
   * @param firstIndex the position of the first word in the stream, at least 0
   * @param count the number of words
   * @param key0 the upper half of the key
   * @param key1 the lower half of the key
   */
  public static void fill(
      MemorySegment out, long byteOffset, long firstIndex, long count, int key0, int key1) {
    long key = (long) key0 << 32 | (key1 & 0xFFFF_FFFFL);
    long index = firstIndex;
    long end = firstIndex + count;
    long at = byteOffset;
    for (; index < end && index % (2 * RUN) != 0; index++, at += Integer.BYTES) {
      out.set(WORD, at, CounterRandom.word(key, index));
    }
    if (end - index >= 2 * RUN) {
      int[] first = new int[BATCH];
      int[] second = new int[BATCH];
      do {
        int counters = (int) Math.min(BATCH, (end - index) / (2 * RUN) * RUN);
        blocks(first, second, counters, index / 2, key0, key1);
        for (int i = 0; i < counters; i += RUN) {
          MemorySegment.copy(first, i, out, WORD, at, RUN);
          MemorySegment.copy(second, i, out, WORD, at + RUN * Integer.BYTES, RUN);
          at += 2 * RUN * Integer.BYTES;
        }
        index += 2L * counters;
      } while (end - index >= 2 * RUN);
    }
    for (; index < end; index++, at += Integer.BYTES) {
      out.set(WORD, at, CounterRandom.word(key, index));
    }
  }

  /** The result words of {@code n} consecutive counters. */
  private static void blocks(int[] a, int[] b, int n, long counter, int key0, int key1) {
    int key2 = 0x1BD11BDA ^ key0 ^ key1;
    for (int i = 0; i < n; i++) {
      a[i] = (int) counter + i + key0;
    }
    // A batch starts at a multiple of 16 and has at most 256 counters: the upper half may change
    // within it.
    for (int i = 0; i < n; i++) {
      b[i] = (int) ((counter + i) >>> 32) + key1;
    }
    evenRounds(a, b, n, key1, key2 + 1);
    oddRounds(a, b, n, key2, key0 + 2);
    evenRounds(a, b, n, key0, key1 + 3);
    oddRounds(a, b, n, key1, key2 + 4);
    evenRounds(a, b, n, key2, key0 + 5);
  }

  /** Four rounds with the first half of the rotation schedule, then the injection of key words. */
  private static void evenRounds(int[] a, int[] b, int n, int keyA, int keyB) {
    for (int i = 0; i < n; i++) {
      int x = a[i];
      int y = b[i];
      x += y;
      y = Integer.rotateLeft(y, 13) ^ x;
      x += y;
      y = Integer.rotateLeft(y, 15) ^ x;
      x += y;
      y = Integer.rotateLeft(y, 26) ^ x;
      x += y;
      y = Integer.rotateLeft(y, 6) ^ x;
      a[i] = x + keyA;
      b[i] = y + keyB;
    }
  }

  /** Four rounds with the second half of the rotation schedule, then the injection of key words. */
  private static void oddRounds(int[] a, int[] b, int n, int keyA, int keyB) {
    for (int i = 0; i < n; i++) {
      int x = a[i];
      int y = b[i];
      x += y;
      y = Integer.rotateLeft(y, 17) ^ x;
      x += y;
      y = Integer.rotateLeft(y, 29) ^ x;
      x += y;
      y = Integer.rotateLeft(y, 16) ^ x;
      x += y;
      y = Integer.rotateLeft(y, 24) ^ x;
      a[i] = x + keyA;
      b[i] = y + keyB;
    }
  }
}
