package org.cajal.type;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/**
 * Numbers at rest: an element type, a shape and their values in row-major order, in 64-byte aligned
 * off-heap memory that is freed when the array is no longer reachable. What programs are fed with,
 * what they answer, what files hold.
 */
public final class NDArray {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  /** From here on an array is compared with the memory that there is. */
  private static final long LARGE_BYTES = 1 << 24;

  private final DType dtype;
  private final Shape shape;
  private final MemorySegment memory;

  private NDArray(DType dtype, Shape shape, MemorySegment memory) {
    this.dtype = dtype;
    this.shape = shape;
    this.memory = memory;
  }

  /**
   * A new array of zeros. The memory behind it is padded to whole 64-byte lines.
   *
   * @throws CajalException if it would need more memory than the JVM may use
   */
  public static NDArray zeros(DType dtype, Shape shape) {
    long bytes = Math.multiplyExact(shape.size(), dtype.bytes());
    if (bytes > LARGE_BYTES && bytes > Runtime.getRuntime().maxMemory()) {
      throw new CajalException(
          String.format(
              Locale.ROOT,
              "[array] %s %s needs %,d MB of memory, the JVM may use %,d MB; make it smaller, or"
                  + " start Java with a larger -Xmx",
              dtype,
              shape,
              bytes >> 20,
              Runtime.getRuntime().maxMemory() >> 20));
    }
    return new NDArray(dtype, shape, allocate(bytes).asSlice(0, bytes));
  }

  /**
   * Zeroed, 64-byte aligned memory of at least {@code bytes}, rounded up to whole 64-byte lines
   * plus one; freed with its owner.
   *
   * @throws CajalException if that and what is in use already would be more than the JVM may use
   */
  public static MemorySegment allocate(long bytes) {
    try {
      return Arena.ofAuto().allocate(Math.addExact(bytes, 127) & -64L, 64);
    } catch (OutOfMemoryError e) {
      throw new CajalException(
          String.format(
              Locale.ROOT,
              "[array] %,d MB more do not fit beside the arrays in use: the JVM may use %,d MB for"
                  + " all; make the model or the batch smaller, or start Java with a larger -Xmx",
              (bytes + (1 << 20) - 1) >> 20,
              Runtime.getRuntime().maxMemory() >> 20),
          e);
    }
  }

  /**
   * An array over memory that holds its values already, without a copy.
   *
   * @throws CajalException if the memory has not exactly the size that type and shape ask for
   */
  public static NDArray wrap(DType dtype, Shape shape, MemorySegment memory) {
    long bytes = Math.multiplyExact(shape.size(), dtype.bytes());
    if (memory.byteSize() != bytes) {
      throw new CajalException(
          "[array] "
              + dtype
              + " "
              + shape
              + " needs "
              + bytes
              + " bytes, the memory has "
              + memory.byteSize());
    }
    return new NDArray(dtype, shape, memory);
  }

  /** Single-precision values in row-major order. */
  public static NDArray of(float[] values, Shape shape) {
    NDArray a = checked(DType.F32, values.length, shape);
    MemorySegment.copy(values, 0, a.memory, FLOAT, 0, values.length);
    return a;
  }

  /** Double-precision values in row-major order. */
  public static NDArray of(double[] values, Shape shape) {
    NDArray a = checked(DType.F64, values.length, shape);
    MemorySegment.copy(values, 0, a.memory, DOUBLE, 0, values.length);
    return a;
  }

  /** 32-bit integers in row-major order. */
  public static NDArray of(int[] values, Shape shape) {
    NDArray a = checked(DType.I32, values.length, shape);
    MemorySegment.copy(values, 0, a.memory, INT, 0, values.length);
    return a;
  }

  /** 64-bit integers in row-major order. */
  public static NDArray of(long[] values, Shape shape) {
    NDArray a = checked(DType.I64, values.length, shape);
    MemorySegment.copy(values, 0, a.memory, LONG, 0, values.length);
    return a;
  }

  /** Truth values in row-major order. */
  public static NDArray of(boolean[] values, Shape shape) {
    NDArray a = checked(DType.BOOL, values.length, shape);
    for (int i = 0; i < values.length; i++) {
      a.memory.set(BYTE, i, (byte) (values[i] ? 1 : 0));
    }
    return a;
  }

  /** The given numbers rounded to the element type, in row-major order. */
  public static NDArray of(DType dtype, double[] values, Shape shape) {
    NDArray a = checked(dtype, values.length, shape);
    for (int i = 0; i < values.length; i++) {
      a.set(i, values[i]);
    }
    return a;
  }

  /** A scalar. */
  public static NDArray scalar(DType dtype, double value) {
    return of(dtype, new double[] {value}, Shape.SCALAR);
  }

  private static NDArray checked(DType dtype, int length, Shape shape) {
    if (length != shape.size()) {
      throw new CajalException(
          "[array] shape "
              + shape
              + " needs "
              + shape.size()
              + " values, "
              + length
              + " were given");
    }
    return zeros(dtype, shape);
  }

  /** The element type. */
  public DType dtype() {
    return dtype;
  }

  /** The shape. */
  public Shape shape() {
    return shape;
  }

  /**
   * The values in memory, little-endian, row-major, without padding. Writing here changes the
   * array.
   */
  public MemorySegment memory() {
    return memory;
  }

  /** The number of elements. */
  public long size() {
    return shape.size();
  }

  /** The element at a row-major position as a double (truth values as 0 and 1). */
  public double get(long index) {
    return switch (dtype) {
      case F32 -> memory.getAtIndex(FLOAT, index);
      case F64 -> memory.getAtIndex(DOUBLE, index);
      case I32 -> memory.getAtIndex(INT, index);
      case I64 -> memory.getAtIndex(LONG, index);
      case BOOL -> memory.get(BYTE, index);
    };
  }

  /** Sets the element at a row-major position, rounded to the element type. */
  public void set(long index, double value) {
    switch (dtype) {
      case F32 -> memory.setAtIndex(FLOAT, index, (float) value);
      case F64 -> memory.setAtIndex(DOUBLE, index, value);
      case I32 -> memory.setAtIndex(INT, index, (int) value);
      case I64 -> memory.setAtIndex(LONG, index, (long) value);
      case BOOL -> memory.set(BYTE, index, (byte) (value != 0 ? 1 : 0));
    }
  }

  /** The only element of an array of one element. */
  public double scalar() {
    if (size() != 1) {
      throw new CajalException("[array] scalar() needs exactly one element, the shape is " + shape);
    }
    return get(0);
  }

  /** All values as floats, row-major; rounded where the type is wider. */
  public float[] toFloats() {
    float[] out = new float[Math.toIntExact(size())];
    if (dtype == DType.F32) {
      MemorySegment.copy(memory, FLOAT, 0, out, 0, out.length);
    } else {
      for (int i = 0; i < out.length; i++) {
        out[i] = (float) get(i);
      }
    }
    return out;
  }

  /** All values as doubles, row-major. */
  public double[] toDoubles() {
    double[] out = new double[Math.toIntExact(size())];
    for (int i = 0; i < out.length; i++) {
      out[i] = get(i);
    }
    return out;
  }

  /** All values as ints, row-major; fractions are cut. */
  public int[] toInts() {
    int[] out = new int[Math.toIntExact(size())];
    if (dtype == DType.I32) {
      MemorySegment.copy(memory, INT, 0, out, 0, out.length);
    } else {
      for (int i = 0; i < out.length; i++) {
        out[i] = (int) get(i);
      }
    }
    return out;
  }

  /** The same values under another shape of the same size, without a copy. */
  public NDArray reshape(Shape other) {
    return wrap(dtype, other, memory);
  }

  /** A copy of the values in another element type. */
  public NDArray cast(DType other) {
    if (other == dtype) {
      return copy();
    }
    NDArray out = zeros(other, shape);
    for (long i = 0; i < size(); i++) {
      out.set(i, get(i));
    }
    return out;
  }

  /** A copy with memory of its own. */
  public NDArray copy() {
    NDArray out = zeros(dtype, shape);
    out.memory.copyFrom(memory);
    return out;
  }

  /** Overwrites all values with those of an array of the same type and shape. */
  public void copyFrom(NDArray other) {
    if (other.dtype != dtype || !other.shape.equals(shape)) {
      throw new CajalException(
          "[array] cannot copy "
              + other.dtype
              + " "
              + other.shape
              + " into "
              + dtype
              + " "
              + shape);
    }
    memory.copyFrom(other.memory);
  }

  /** Equality of type, shape and bits. */
  @Override
  public boolean equals(Object other) {
    return other instanceof NDArray a
        && a.dtype == dtype
        && a.shape.equals(shape)
        && a.memory.mismatch(memory) == -1;
  }

  @Override
  public int hashCode() {
    int hash = 31 * dtype.hashCode() + shape.hashCode();
    long n = Math.min(size(), 16);
    for (long i = 0; i < n; i++) {
      hash = 31 * hash + Double.hashCode(get(i));
    }
    return hash;
  }

  /** Type, shape and the first values. */
  @Override
  public String toString() {
    int n = (int) Math.min(size(), 8);
    double[] first = new double[n];
    for (int i = 0; i < n; i++) {
      first[i] = get(i);
    }
    return dtype + " " + shape + " " + Arrays.toString(first) + (size() > n ? " …" : "");
  }
}
