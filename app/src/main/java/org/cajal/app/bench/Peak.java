package org.cajal.app.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What the machine can do at most, in single precision: the measure of all kernels.
 *
 * @param flops floating-point operations a second, of fused multiply-adds (two operations each)
 *     that never leave the registers
 * @param bytes bytes a second that a copy of arrays far larger than any cache reads and writes
 */
public record Peak(double flops, double bytes) {
  private static final int ROUNDS = 9;

  /** Chains of multiply-adds: enough to hide their latency, few enough for 16 registers. */
  private static final int CHAINS = 12;

  /** Of one call: short, since the JVM's optimising compiler wants hundreds of calls first. */
  private static final int STEPS = 2_000;

  /** Calls of one round: some 50 ms. */
  private static final int CALLS = 15_000;

  /** 64 MiB. */
  private static final int FLOATS = 1 << 24;

  /**
   * Measures for about two seconds; the fastest of several rounds counts.
   *
   * @param threads how many threads compute at once
   * @param nanoTime a clock in nanoseconds, {@code System::nanoTime}
   */
  public static Peak measure(int threads, LongSupplier nanoTime) {
    double operations =
        2.0 * CHAINS * FloatVector.SPECIES_PREFERRED.length() * STEPS * CALLS * threads;
    double bytes = 2.0 * Float.BYTES * FLOATS * threads;
    List<Callable<Float>> multiplyAdds = new ArrayList<>();
    List<Callable<Float>> copies = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      multiplyAdds.add(Peak::multiplyAdds);
      float[] from = new float[FLOATS];
      float[] to = new float[FLOATS];
      copies.add(
          () -> {
            System.arraycopy(from, 0, to, 0, FLOATS);
            return to[FLOATS - 1];
          });
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      return new Peak(
          operations / fastest(pool, multiplyAdds, nanoTime),
          bytes / fastest(pool, copies, nanoTime));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the machine's peak was measured", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The seconds of the fastest round in which all tasks are done at once. */
  private static double fastest(
      ExecutorService pool, List<Callable<Float>> tasks, LongSupplier nanoTime)
      throws InterruptedException, ExecutionException {
    double best = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      long start = nanoTime.getAsLong();
      for (Future<Float> task : pool.invokeAll(tasks)) {
        task.get();
      }
      best = Math.min(best, Math.max(1, nanoTime.getAsLong() - start) * 1e-9);
    }
    return best;
  }

  private static float multiplyAdds() {
    float sum = 0;
    for (int i = 0; i < CALLS; i++) {
      sum += chains();
    }
    return sum;
  }

  /** Chains that begin with different numbers, lest the compiler see one in all of them. */
  private static float chains() {
    FloatVector half = all(0.5f);
    FloatVector one = all(1);
    FloatVector a = all(1);
    FloatVector b = all(2);
    FloatVector c = all(3);
    FloatVector d = all(4);
    FloatVector e = all(5);
    FloatVector f = all(6);
    FloatVector g = all(7);
    FloatVector h = all(8);
    FloatVector i = all(9);
    FloatVector j = all(10);
    FloatVector k = all(11);
    FloatVector l = all(12);
    for (int step = 0; step < STEPS; step++) {
      a = a.fma(half, one);
      b = b.fma(half, one);
      c = c.fma(half, one);
      d = d.fma(half, one);
      e = e.fma(half, one);
      f = f.fma(half, one);
      g = g.fma(half, one);
      h = h.fma(half, one);
      i = i.fma(half, one);
      j = j.fma(half, one);
      k = k.fma(half, one);
      l = l.fma(half, one);
    }
    return a.add(b)
        .add(c.add(d))
        .add(e.add(f).add(g.add(h)))
        .add(i.add(j).add(k.add(l)))
        .reduceLanes(VectorOperators.ADD);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, value);
  }
}
