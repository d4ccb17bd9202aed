package org.cajal.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.cajal.data.Dataset;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What tells the rows of one training from those of another: 64 bits each of the training and of
 * the validation rows, as 16 hexadecimal digits. They depend on inputs and targets as the trainer
 * sees them, on the rows' order and weights, and on the names of the classes; not on where the rows
 * came from. The mixing is that of xxHash64 (Y. Collet, 2012): against mistakes, not against
 * intent.
 *
 * @param training of the training rows
 * @param validation of the validation rows; empty where there are none
 */
public record Fingerprint(String training, String validation) {
  private static final long MULTIPLIER = 0x9E3779B185EBCA87L;
  private static final long MIXER = 0xC2B2AE3D27D4EB4FL;
  private static final ValueLayout.OfLong LONGS = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final int CHUNK_VALUES = 1 << 18;

  static Fingerprint of(
      Dataset train,
      float @Nullable [] weights,
      @Nullable Dataset held,
      float @Nullable [] heldWeights) {
    return new Fingerprint(of(train, weights), held == null ? "" : of(held, heldWeights));
  }

  private static String of(Dataset data, float @Nullable [] weights) {
    Hash hash = new Hash();
    String kind =
        data.size()
            + " "
            + data.featureShape()
            + " "
            + data.targetShape()
            + " "
            + data.classLabels()
            + " "
            + (weights == null);
    hash.add(MemorySegment.ofArray(kind.getBytes(StandardCharsets.UTF_8)));
    long values = Math.max(1, data.featureShape().size() + data.targetShape().size());
    int chunk = Math.toIntExact(Math.clamp(CHUNK_VALUES / values, 1, Math.max(1, data.size())));
    NDArray x = NDArray.zeros(data.featureDtype(), Shape.of(chunk).concat(data.featureShape()));
    NDArray y = NDArray.zeros(data.targetDtype(), Shape.of(chunk).concat(data.targetShape()));
    int[] rows = IntStream.range(0, data.size()).toArray();
    for (int from = 0; from < rows.length; from += chunk) {
      int count = Math.min(chunk, rows.length - from);
      data.gather(rows, from, from + count, x, y);
      hash.add(x.memory().asSlice(0, x.memory().byteSize() / chunk * count));
      hash.add(y.memory().asSlice(0, y.memory().byteSize() / chunk * count));
    }
    if (weights != null) {
      hash.add(MemorySegment.ofArray(weights));
    }
    return HexFormat.of().toHexDigits(hash.value());
  }

  /** Four accumulators, which take words of eight bytes in turns. */
  private static final class Hash {
    private long a = MULTIPLIER;
    private long b = MIXER;
    private long c = ~MULTIPLIER;
    private long d = ~MIXER;

    void add(MemorySegment bytes) {
      long size = bytes.byteSize();
      long at = 0;
      for (; at + 32 <= size; at += 32) {
        a = mixed(a, bytes.get(LONGS, at));
        b = mixed(b, bytes.get(LONGS, at + 8));
        c = mixed(c, bytes.get(LONGS, at + 16));
        d = mixed(d, bytes.get(LONGS, at + 24));
      }
      for (; at < size; at++) {
        a = mixed(a, bytes.get(ValueLayout.JAVA_BYTE, at));
      }
      b = mixed(b, size);
    }

    private static long mixed(long sum, long word) {
      return Long.rotateLeft(sum + word * MIXER, 31) * MULTIPLIER;
    }

    long value() {
      long h = mixed(mixed(mixed(mixed(1, a), b), c), d);
      h = (h ^ (h >>> 33)) * MIXER;
      h = (h ^ (h >>> 29)) * MULTIPLIER;
      return h ^ (h >>> 32);
    }
  }
}
