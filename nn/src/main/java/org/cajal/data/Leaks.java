package org.cajal.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Looks for examples which are in the training set and in the test set: the measured error is then
 * too good.
 */
public final class Leaks {
  private static final int BLOCK = 256;
  private static final int MOST_LOOKED_AT = 2000;
  private static final int FEWEST_LOOKED_AT = 50;

  private Leaks() {}

  /**
   * Examples of one set that are like examples of another.
   *
   * @param rows how many have the features of one
   * @param same how many have its target too
   */
  public record Shared(int rows, int same) {}

  /**
   * As {@link #rowsInBoth}, and how many of these examples have the target of a training example of
   * the same features.
   *
   * @throws CajalException as {@link #rowsInBoth}
   */
  public static Shared shared(Dataset train, Dataset test) {
    int rows = rowsInBoth(train, test);
    if (rows == 0) {
      return new Shared(0, 0);
    }
    HashedSet seen = new HashedSet();
    for (long hash : hashes(train, true)) {
      seen.add(hash);
    }
    int same = 0;
    for (long hash : hashes(test, true)) {
      same += seen.contains(hash) ? 1 : 0;
    }
    return new Shared(rows, same);
  }

  /**
   * Inputs that tell the target of every example alone: of classes, each has its own range of the
   * input's values; of numbers, one is a straight line of the other but for a ten-thousandth. Up to
   * {@value #MOST_LOOKED_AT} examples and inputs are looked at.
   *
   * @return their places; none for fewer than {@value #FEWEST_LOOKED_AT} examples or two inputs,
   *     and for other tasks than one class or one number
   */
  public static List<Integer> tellingInputs(Dataset data) {
    boolean classes = data.task() == Task.CLASSIFICATION;
    boolean number = data.task() == Task.REGRESSION && data.targetShape().size() == 1;
    int width = Math.toIntExact(data.featureShape().size());
    int size = Math.min(data.size(), MOST_LOOKED_AT);
    if (!(classes || number)
        || size < FEWEST_LOOKED_AT
        || width < 2
        || width > MOST_LOOKED_AT
        || data.featureShape().rank() != 1) {
      return List.of();
    }
    Dataset some = data.size() > size ? data.subset(every(data.size(), size)) : data;
    NDArray x = some.features();
    double[] y = new double[size];
    NDArray targets = some.targets();
    for (int i = 0; i < size; i++) {
      y[i] = targets.get(i);
    }
    List<Integer> found = new ArrayList<>();
    for (int input = 0; input < width; input++) {
      double[] values = new double[size];
      for (int i = 0; i < size; i++) {
        values[i] = x.get((long) i * width + input);
      }
      if (classes ? divides(values, y) : isLine(values, y)) {
        found.add(input);
      }
    }
    return found;
  }

  private static int[] every(int of, int count) {
    return IntStream.range(0, count).map(i -> (int) ((long) i * of / count)).toArray();
  }

  /** Whether the values of each class, of which there are two or more, lie apart. */
  private static boolean divides(double[] values, double[] classes) {
    Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
    Set<Double> passed = new HashSet<>();
    for (int i = 0; i < order.length; i++) {
      double own = classes[order[i]];
      boolean begins = i == 0 || classes[order[i - 1]] != own;
      boolean apart = i == 0 || !begins || values[order[i - 1]] < values[order[i]];
      if (!apart || (begins && !passed.add(own))) {
        return false;
      }
    }
    return passed.size() > 1;
  }

  private static boolean isLine(double[] a, double[] b) {
    double[] ma = ColumnFit.moments(a);
    double[] mb = ColumnFit.moments(b);
    double product = 0;
    for (int i = 0; i < a.length; i++) {
      product += (a[i] - ma[0]) / ma[1] * ((b[i] - mb[0]) / mb[1]) / a.length;
    }
    return Math.abs(product) > 1 - 1e-4;
  }

  /**
   * The number of examples of {@code test} whose features are, to the bit, those of some example of
   * {@code train}. Compared by a 64-bit hash: among a million rows a chance collision has
   * probability 3e-8.
   *
   * @throws CajalException if the two sets' examples differ in shape or type
   */
  public static int rowsInBoth(Dataset train, Dataset test) {
    if (!train.featureShape().equals(test.featureShape())
        || train.featureDtype() != test.featureDtype()) {
      throw new CajalException(
          "[leaks] training examples are "
              + train.featureShape()
              + ", test examples "
              + test.featureShape()
              + "; they must be alike");
    }
    HashedSet seen = new HashedSet();
    for (long hash : hashes(train)) {
      seen.add(hash);
    }
    int both = 0;
    for (long hash : hashes(test)) {
      both += seen.contains(hash) ? 1 : 0;
    }
    return both;
  }

  /** A 64-bit hash of each example's features. */
  static long[] hashes(Dataset data) {
    return hashes(data, false);
  }

  /** A 64-bit hash of each example's features, or of these and its target. */
  private static long[] hashes(Dataset data, boolean withTarget) {
    int n = data.size();
    long[] out = new long[n];
    int block = Math.max(1, Math.min(BLOCK, n));
    NDArray features =
        NDArray.zeros(data.featureDtype(), Shape.of(block).concat(data.featureShape()));
    NDArray targets = NDArray.zeros(data.targetDtype(), Shape.of(block).concat(data.targetShape()));
    long bytes = features.memory().byteSize() / block;
    long targetBytes = targets.memory().byteSize() / block;
    for (int start = 0; start < n; start += block) {
      int count = Math.min(block, n - start);
      int[] rows = new int[count];
      for (int i = 0; i < count; i++) {
        rows[i] = start + i;
      }
      data.gather(rows, 0, count, features, targets);
      for (int i = 0; i < count; i++) {
        long hash = hash(0x9E3779B97F4A7C15L, features.memory().asSlice(i * bytes, bytes));
        out[start + i] =
            withTarget ? hash(hash, targets.memory().asSlice(i * targetBytes, targetBytes)) : hash;
      }
    }
    return out;
  }

  private static long hash(long start, MemorySegment row) {
    long hash = start;
    for (long i = 0; i < row.byteSize(); i += Integer.BYTES) {
      hash =
          (hash ^ (row.get(ValueLayout.JAVA_INT_UNALIGNED, i) & 0xffffffffL)) * 0xBF58476D1CE4E5B9L;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
