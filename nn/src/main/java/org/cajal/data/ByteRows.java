package org.cajal.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * Images stored as one unsigned byte a value and read as {@code byte * scale + offset} in single
 * precision: a quarter of the memory of floats. Shape [C, H, W], channels first; each channel has
 * its own scale and offset.
 */
public final class ByteRows implements Rows {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** So many values are converted at once, if an example has not more: they stay in the cache. */
  private static final int BLOCK = 1 << 13;

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private final MemorySegment bytes;
  private final int size;
  private final Shape shape;
  private final float[] scale;
  private final float[] offset;
  private final int plane;

  /** The name of each row, or none at all. */
  private final List<String> names;

  private ByteRows(
      MemorySegment bytes,
      int size,
      Shape shape,
      float[] scale,
      float[] offset,
      List<String> names) {
    this.names = List.copyOf(names);
    this.bytes = bytes;
    this.size = size;
    this.shape = shape;
    this.scale = scale;
    this.offset = offset;
    this.plane = Math.toIntExact(shape.size() / shape.dim(0));
  }

  /**
   * Rows over bytes without a copy, read as numbers from 0 to 1 (a 255th a step); the bytes must
   * not change afterwards.
   *
   * @param bytes N examples of {@code shape} one after the other
   * @param shape one example, [C, H, W] or any shape whose first axis holds the channels
   * @throws CajalException if the shape is empty or the memory holds no whole number of examples
   */
  public static ByteRows of(MemorySegment bytes, Shape shape) {
    if (shape.rank() == 0
        || shape.size() == 0
        || shape.size() > 1 << 28
        || bytes.byteSize() % shape.size() != 0) {
      throw new CajalException(
          "[rows] " + bytes.byteSize() + " bytes are no whole number of examples of " + shape);
    }
    int channels = shape.dim(0);
    float[] scale = new float[channels];
    Arrays.fill(scale, 1 / 255f);
    return new ByteRows(
        bytes,
        Math.toIntExact(bytes.byteSize() / shape.size()),
        shape,
        scale,
        new float[channels],
        List.of());
  }

  /** The same as {@link #of(MemorySegment, Shape)} over a byte array. */
  public static ByteRows of(byte[] bytes, Shape shape) {
    return of(MemorySegment.ofArray(bytes), shape);
  }

  /**
   * The same bytes read as {@code (byte / 255 - mean) / deviation} with the channel's mean and
   * deviation.
   */
  public ByteRows scaled(ImageScaling scaling) {
    if (scaling.channels() != scale.length) {
      throw new CajalException(
          "[images] the scaling has "
              + scaling.channels()
              + " channels, the images have "
              + scale.length);
    }
    float[] newScale = new float[scale.length];
    float[] newOffset = new float[scale.length];
    for (int c = 0; c < scale.length; c++) {
      newScale[c] = (float) (1 / (255 * scaling.deviation().get(c)));
      newOffset[c] = (float) (-scaling.mean().get(c) / scaling.deviation().get(c));
    }
    return new ByteRows(bytes, size, shape, newScale, newOffset, names);
  }

  /**
   * The same rows with a name each, such as that of the file it comes from.
   *
   * @throws CajalException if the number of names is not that of the rows
   */
  public ByteRows named(List<String> names) {
    if (names.size() != size) {
      throw new CajalException(
          "[rows] " + names.size() + " names for " + size + " rows; one each is needed");
    }
    return new ByteRows(bytes, size, shape, scale, offset, names);
  }

  /** The name of a row; empty where rows have none. */
  public String name(int row) {
    return names.isEmpty() ? "" : names.get(row);
  }

  /** The stored byte, 0 to 255, at a row-major position of an example. */
  public int raw(int row, int index) {
    return bytes.get(ValueLayout.JAVA_BYTE, row * shape.size() + index) & 0xff;
  }

  /** The stored bytes of one example, row-major. */
  public byte[] raw(int row) {
    return bytes.asSlice(row * shape.size(), shape.size()).toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public DType dtype() {
    return DType.F32;
  }

  @Override
  public void gather(int[] rows, int from, int to, NDArray into) {
    Rows.check(this, rows, from, to, into);
    int values = plane * scale.length;
    Scratch scratch = SCRATCH.get();
    int most = Math.max(1, BLOCK / values);
    scratch.reserve(Math.min(most, to - from) * values);
    for (int block = from; block < to; block += most) {
      int end = Math.min(to, block + most);
      for (int i = block; i < end; i++) {
        MemorySegment.copy(
            bytes,
            ValueLayout.JAVA_BYTE,
            (long) rows[i] * values,
            scratch.bytes,
            (i - block) * values,
            values);
      }
      int count = (end - block) * values;
      int run = scale.length == 1 ? count : plane;
      for (int at = 0; at < count; at += run) {
        int channel = at / plane % scale.length;
        convert(scratch.bytes, scratch.floats, at, run, scale[channel], offset[channel]);
      }
      write(scratch.floats, count, into, (long) (block - from) * values);
    }
  }

  /** Two loops of a kind that the JVM turns into vector code, which it does not for one. */
  private static void convert(
      byte[] in, float[] out, int start, int count, float scale, float offset) {
    for (int i = start; i < start + count; i++) {
      in[i] ^= Byte.MIN_VALUE; // 0 to 255 as -128 to 127
    }
    for (int i = start; i < start + count; i++) {
      out[i] = ((float) in[i] + 128) * scale + offset;
    }
  }

  private static void write(float[] values, int count, NDArray into, long start) {
    if (into.dtype() == DType.F32) {
      MemorySegment.copy(values, 0, into.memory(), FLOAT, start * Float.BYTES, count);
    } else {
      for (int i = 0; i < count; i++) {
        into.set(start + i, values[i]);
      }
    }
  }

  /** Room for the conversion, kept by each thread that gathers. */
  private static final class Scratch {
    private byte[] bytes = {};
    private float[] floats = {};

    void reserve(int count) {
      if (bytes.length < count) {
        bytes = new byte[count];
        floats = new float[count];
      }
    }
  }
}
