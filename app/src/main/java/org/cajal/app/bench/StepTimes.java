package org.cajal.app.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How long a step takes: over rounds of many steps, the fastest round's mean and the median
 * round's.
 *
 * @param minimum microseconds a step
 * @param median microseconds a step
 * @param steadySeconds how long the warm-up had lasted when a block of it first came within 10 % of
 *     the median
 */
public record StepTimes(double minimum, double median, double steadySeconds) {
  private static final int ROUNDS = 11;
  private static final double FULL_WARM_UP = 0.5;
  private static final int FEWEST_BLOCKS = 8;
  private static final int MOST_BLOCKS = 40;
  private static final double STEADY = 0.02;
  private static final double NEARLY = 1.1;
  private static final int STEADY_BLOCKS = 6;
  private static final int MOST_STEPS = 20_000;

  /**
   * Times a step. The warm-up lasts until the fastest block of half a second has not become faster
   * by more than 2 % for six blocks, at least 4 seconds and at most 20: the JVM's optimising
   * compiler works in the background meanwhile. Then follow 11 rounds.
   *
   * @param step what is timed
   * @param nanoTime a clock in nanoseconds, {@code System::nanoTime}
   * @param seconds how long all rounds together take, about
   */
  public static StepTimes measure(Runnable step, LongSupplier nanoTime, double seconds) {
    return measure(step, nanoTime, seconds, FULL_WARM_UP);
  }

  /**
   * Times a step with another warm-up, for steps that share most of their code with others.
   *
   * @param block the seconds of a block of the warm-up, which takes 8 to 40 of them
   */
  public static StepTimes measure(
      Runnable step, LongSupplier nanoTime, double seconds, double block) {
    return measure(List.of(step), nanoTime, seconds, block).getFirst();
  }

  /**
   * Times several steps to compare them: each is warmed up, then their rounds take turns, so that
   * all meet the machine in the same states.
   *
   * @param seconds how long all rounds of each take, about
   * @return in the order of {@code steps}
   */
  public static List<StepTimes> measure(
      List<Runnable> steps, LongSupplier nanoTime, double seconds) {
    return measure(steps, nanoTime, seconds, FULL_WARM_UP);
  }

  private static List<StepTimes> measure(
      List<Runnable> steps, LongSupplier nanoTime, double seconds, double block) {
    List<Rounds> all =
        steps.stream().map(step -> new Rounds(step, nanoTime, seconds, block)).toList();
    for (int i = 0; i < ROUNDS; i++) {
      for (Rounds each : all) {
        each.take(i);
      }
    }
    return all.stream().map(Rounds::times).toList();
  }

  /** The rounds of one step. */
  private static final class Rounds {
    private final Runnable step;
    private final LongSupplier nanoTime;
    private final List<Block> warmUp = new ArrayList<>();
    private final int steps;
    private final double[] means = new double[ROUNDS];

    /** Warms up. */
    Rounds(Runnable step, LongSupplier nanoTime, double seconds, double block) {
      this.step = step;
      this.nanoTime = nanoTime;
      double one = warmUp(step, nanoTime, block * 1e9, warmUp);
      steps = (int) Math.clamp(seconds * 1e9 / ROUNDS / one, 1, MOST_STEPS);
    }

    void take(int round) {
      means[round] = block(step, nanoTime, steps) * 1e-3;
    }

    StepTimes times() {
      Arrays.sort(means);
      double median = means[ROUNDS / 2];
      double steady =
          warmUp.stream()
              .filter(b -> b.mean * 1e-3 <= NEARLY * median)
              .mapToDouble(Block::begun)
              .findFirst()
              .orElse(warmUp.getLast().begun);
      return new StepTimes(means[0], median, steady * 1e-9);
    }
  }

  /** A block of the warm-up: nanoseconds since the first step, and of one step. */
  private record Block(double begun, double mean) {}

  /** Runs the step until its time is steady; that time in nanoseconds. */
  private static double warmUp(
      Runnable step, LongSupplier nanoTime, double blockTime, List<Block> blocks) {
    long start = nanoTime.getAsLong();
    double best = block(step, nanoTime, 1);
    int without = 0;
    while (true) {
      double begun = nanoTime.getAsLong() - start;
      double last = block(step, nanoTime, (int) Math.clamp(blockTime / best, 1, MOST_STEPS));
      blocks.add(new Block(begun, last));
      without = last < (1 - STEADY) * best ? 0 : without + 1;
      best = Math.min(best, last);
      double elapsed = nanoTime.getAsLong() - start;
      if (elapsed > MOST_BLOCKS * blockTime
          || (elapsed > FEWEST_BLOCKS * blockTime && without >= STEADY_BLOCKS)) {
        return best;
      }
    }
  }

  /** The mean time of so many steps, in nanoseconds, at least 1. */
  private static double block(Runnable step, LongSupplier nanoTime, int steps) {
    long start = nanoTime.getAsLong();
    for (int i = 0; i < steps; i++) {
      step.run();
    }
    return Math.max(1, (nanoTime.getAsLong() - start) / (double) steps);
  }
}
