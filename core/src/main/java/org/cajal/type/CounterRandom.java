package org.cajal.type;

import java.nio.charset.StandardCharsets;

/**
 * Random numbers without a state: every number is a pure function of a key and a position, so that
 * initial weights, dropout, shuffles and augmentation depend neither on threads nor on the order of
 * calls. The bits are those of Threefry-2x32 with 20 rounds (J. K. Salmon, M. A. Moraes, R. O.
 * Dror, D. E. Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 *
 * <p>A key belongs to one purpose. Methods of this class that are given the same key read the same
 * bits: derive a further key with {@link #key(long, String)} or {@link #key(long, long)} rather
 * than share one.
 */
public final class CounterRandom {
  private static final int PARITY = 0x1BD11BDA;
  private static final double TWO_TO_MINUS_52 = 0x1p-52;

  private CounterRandom() {}

  /**
   * The Threefry-2x32-20 block function.
   *
   * @return the two result words, the first in the upper half
   */
  public static long bits(int key0, int key1, int counter0, int counter1) {
    int key2 = PARITY ^ key0 ^ key1;
    int a = counter0 + key0;
    int b = counter1 + key1;

    a += b;
    b = Integer.rotateLeft(b, 13) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 15) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 26) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 6) ^ a;
    a += key1;
    b += key2 + 1;

    a += b;
    b = Integer.rotateLeft(b, 17) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 29) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 16) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 24) ^ a;
    a += key2;
    b += key0 + 2;

    a += b;
    b = Integer.rotateLeft(b, 13) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 15) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 26) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 6) ^ a;
    a += key0;
    b += key1 + 3;

    a += b;
    b = Integer.rotateLeft(b, 17) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 29) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 16) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 24) ^ a;
    a += key1;
    b += key2 + 4;

    a += b;
    b = Integer.rotateLeft(b, 13) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 15) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 26) ^ a;
    a += b;
    b = Integer.rotateLeft(b, 6) ^ a;
    a += key2;
    b += key0 + 5;

    return (long) a << 32 | (b & 0xFFFF_FFFFL);
  }

  /**
   * 64 random bits at a position: the block function with the halves of {@code index} as the
   * counter, the low half first.
   */
  public static long bits(long key, long index) {
    return bits((int) (key >>> 32), (int) key, (int) index, (int) (index >>> 32));
  }

  /**
   * The 32-bit word at a position of the word stream that random tensors are made of. Word i is the
   * first (bit 4 of i is 0) or the second result word of the block with counter 16·⌊i/32⌋ + i mod
   * 16: runs of 16 neighbouring words are one vector's work.
   */
  public static int word(long key, long index) {
    long block = bits(key, (index >>> 5 << 4) | (index & 15));
    return (index & 16) == 0 ? (int) (block >>> 32) : (int) block;
  }

  /**
   * The key of a place, for example the path of a parameter, under a seed: the SplitMix64 finaliser
   * over the seed and the 64-bit FNV-1a hash of the path's UTF-8 bytes.
   */
  public static long key(long seed, String path) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
    }
    return mix(mix(seed + 0x9E3779B97F4A7C15L) ^ hash);
  }

  /** The key of a numbered place, for example an epoch, below another key. */
  public static long key(long key, long number) {
    return mix(mix(key + 0x9E3779B97F4A7C15L) + number * 0xD1B54A32D192ED03L);
  }

  /** A double uniform on the open interval (0, 1), a multiple of 2^-53. */
  public static double uniform(long key, long index) {
    return ((bits(key, index) >>> 12) + 0.5) * TWO_TO_MINUS_52;
  }

  /** A standard normal double: the quantile of {@link #uniform}, which bounds it by about ±8.2. */
  public static double normal(long key, long index) {
    return StandardNormal.quantile(uniform(key, index));
  }

  /**
   * A whole number uniform on 0 to {@code bound} − 1, with a bias below bound / 2^64.
   *
   * @throws CajalException if the bound is not positive
   */
  public static long below(long key, long index, long bound) {
    if (bound <= 0) {
      throw new CajalException(
          "[random] a bound of " + bound + " leaves no number to draw; it must be 1 or larger");
    }
    return Math.unsignedMultiplyHigh(bits(key, index), bound);
  }

  /**
   * A uniformly random order of the numbers 0 to n − 1 (Fisher and Yates).
   *
   * @throws CajalException if n is negative
   */
  public static int[] permutation(long key, int n) {
    if (n < 0) {
      throw new CajalException(
          "[random] cannot order " + n + " things; the number must be 0 or larger");
    }
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = (int) below(key, i, i + 1L);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /**
   * The finaliser of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014): a bijection that
   * mixes all bits.
   */
  private static long mix(long z) {
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
