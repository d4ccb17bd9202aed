package org.cajal.emit;

import java.lang.foreign.MemorySegment;
import org.cajal.run.Kernel;

/**
 * A generated loop with its numbers.
 *
 * <p>Not a record: the arrays are its own.
 */
final class LoopKernel implements Kernel {
  private final String name;
  private final Loop loop;
  private final boolean rows;
  private final int[] buffers;
  private final long[] numbers;
  private final long[] cuts;
  private final double flops;
  private final double bytes;

  /**
   * Takes what it needs.
   *
   * @param rows whether the loop was written for the extent that the last axis has
   */
  LoopKernel(
      String name,
      Loop loop,
      boolean rows,
      int[] buffers,
      long[] numbers,
      long[] cuts,
      double flops,
      double bytes) {
    this.name = name;
    this.loop = loop;
    this.rows = rows;
    this.buffers = buffers;
    this.numbers = numbers;
    this.cuts = cuts;
    this.flops = flops;
    this.bytes = bytes;
  }

  Loop loop() {
    return loop;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int pieces(int stage) {
    return cuts.length - 1;
  }

  @Override
  public void run(MemorySegment[] table, int stage, int piece) {
    loop.run(table, buffers, numbers, cuts[piece], cuts[piece + 1]);
  }

  @Override
  public boolean warm() {
    return loop.warm(
        buffers.length, (numbers.length - buffers.length) / (buffers.length + 1), numbers, rows);
  }

  @Override
  public double flops() {
    return flops;
  }

  @Override
  public double bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return name;
  }
}
