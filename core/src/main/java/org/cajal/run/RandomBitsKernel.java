package org.cajal.run;

import java.lang.foreign.MemorySegment;
import org.cajal.type.CounterRandom;

/** Random whole numbers of 24 bits: see {@link org.cajal.op.RandomBits}. */
public final class RandomBitsKernel implements Kernel {
  private static final long BLOCK = 1 << 14;

  private final long count;
  private final int place;
  private final Operand key;
  private final Operand out;

  /** A kernel that fills {@code count} I32 words from the key I32 [2]. */
  public RandomBitsKernel(long count, int place, Operand key, Operand out) {
    this.count = count;
    this.place = place;
    this.key = key;
    this.out = out;
  }

  @Override
  public String name() {
    return "randomBits " + count;
  }

  @Override
  public int pieces(int stage) {
    return (int) ((count + BLOCK - 1) / BLOCK);
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    MemorySegment keys = table[key.buffer()];
    MemorySegment to = table[out.buffer()];
    long derived =
        CounterRandom.bits(
            keys.get(Elements.I32, key.offset()),
            keys.get(Elements.I32, key.offset() + 4),
            place,
            0);
    long first = piece * BLOCK;
    long n = Math.min(BLOCK, count - first);
    long at = out.offset() + first * 4;
    Threefry.fill(to, at, first, n, (int) (derived >>> 32), (int) derived);
    for (long i = at; i < at + n * 4; i += 4) {
      to.set(Elements.I32, i, to.get(Elements.I32, i) >>> 8);
    }
  }
}
