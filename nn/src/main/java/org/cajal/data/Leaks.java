package org.cajal.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Looks for examples which are in the training set and in the test set: the measured error is then
 * too good.
 */
public final class Leaks {
  private static final int BLOCK = 256;

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
