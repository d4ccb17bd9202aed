package org.cajal.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;

/**
 * The values of one array file in the type in which they are stored, row-major and little-endian.
 *
 * @param where the file, and in an archive the member, as errors begin
 * @param header what the file says of them
 * @param memory the values
 */
record NpyValues(String where, NpyHeader header, MemorySegment memory) {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_HEADER = 1 << 16;
  private static final int CHUNK = 1 << 16;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The values of an array in memory. */
  static NpyValues of(String where, NDArray array) {
    return new NpyValues(
        where, new NpyHeader(NpyHeader.type(array.dtype()), false, array.shape()), array.memory());
  }

  /** The beginning of a file and how many bytes it took. */
  private record Start(NpyHeader header, long length) {}

  /** The header of a file, the stream standing before its values. */
  static NpyHeader header(String where, InputStream in) throws IOException {
    return start(where, in).header;
  }

  /**
   * Reads a file.
   *
   * @param limit the most bytes that the stream can give
   * @throws CajalException if it is no array file, of a type that is not read, or its length is not
   *     that of its shape
   */
  static NpyValues read(String where, InputStream in, long limit) throws IOException {
    Start start = start(where, in);
    NpyHeader header = start.header;
    long room = Math.max(0, limit - start.length);
    BigInteger needed = header.bytes();
    if (needed.compareTo(BigInteger.valueOf(room)) > 0) {
      throw new CajalException(
          where
              + ": the shape "
              + header.shape()
              + " of "
              + header.type()
              + " needs "
              + needed
              + " bytes, at most "
              + room
              + " are there; the file is truncated or damaged");
    }
    long bytes = needed.longValueExact();
    MemorySegment memory = NDArray.allocate(bytes).asSlice(0, bytes);
    fill(where, in, header, memory);
    if (in.read() != -1) {
      throw new CajalException(
          where
              + ": data goes on after the values of shape "
              + header.shape()
              + "; the file is damaged");
    }
    return new NpyValues(where, header, header.fortran() ? rowMajor(header, memory) : memory);
  }

  private static Start start(String where, InputStream in) throws IOException {
    byte[] start = in.readNBytes(8);
    if (start.length < 8 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new CajalException(where + ": not an .npy file; it does not begin with \\x93NUMPY");
    }
    int version = start[6];
    if (version < 1 || version > 3) {
      throw new CajalException(
          where + ": .npy version " + version + "; versions 1 to 3 can be read");
    }
    byte[] length = in.readNBytes(version == 1 ? 2 : 4);
    if (length.length < (version == 1 ? 2 : 4)) {
      throw new CajalException(where + ": truncated in the header");
    }
    ByteBuffer buffer = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN);
    long headerLength = version == 1 ? buffer.getShort() & 0xffff : buffer.getInt() & 0xffffffffL;
    if (headerLength > MOST_HEADER) {
      throw new CajalException(
          where
              + ": a header of "
              + headerLength
              + " bytes; at most "
              + MOST_HEADER
              + " are allowed");
    }
    byte[] text = in.readNBytes((int) headerLength);
    if (text.length < headerLength) {
      throw new CajalException(where + ": truncated in the header");
    }
    var charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    return new Start(
        NpyHeader.parse(where, new String(text, charset)), 8 + length.length + headerLength);
  }

  /** Reads all bytes and turns those of big-endian elements around. */
  private static void fill(String where, InputStream in, NpyHeader header, MemorySegment memory)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    int unit = header.unit();
    for (long done = 0; done < memory.byteSize(); ) {
      int wanted = (int) Math.min(CHUNK, memory.byteSize() - done);
      int found;
      try {
        found = in.readNBytes(chunk, 0, wanted);
      } catch (EOFException e) {
        throw new CajalException(where + ": truncated: the packed values end early", e);
      }
      if (found < wanted) {
        throw new CajalException(
            where
                + ": truncated: "
                + memory.byteSize()
                + " bytes of values are expected, only "
                + (done + found)
                + " are there");
      }
      if (header.bigEndian() && unit > 1) {
        reverse(chunk, wanted, unit);
      }
      MemorySegment.copy(chunk, 0, memory, ValueLayout.JAVA_BYTE, done, wanted);
      done += wanted;
    }
  }

  private static void reverse(byte[] bytes, int count, int unit) {
    for (int at = 0; at < count; at += unit) {
      for (int i = at, j = at + unit - 1; i < j; i++, j--) {
        byte b = bytes[i];
        bytes[i] = bytes[j];
        bytes[j] = b;
      }
    }
  }

  /** Values stored with the first axis running fastest, brought into row-major order. */
  private static MemorySegment rowMajor(NpyHeader header, MemorySegment stored) {
    int[] dims = header.shape().toArray();
    MemorySegment out = NDArray.allocate(stored.byteSize()).asSlice(0, stored.byteSize());
    long width = header.width();
    int[] index = new int[dims.length];
    long[] strides = new long[dims.length];
    long step = 1;
    for (int a = 0; a < dims.length; a++) {
      strides[a] = step;
      step *= dims[a];
    }
    long from = 0;
    long count = header.shape().size();
    for (long to = 0; to < count; to++) {
      MemorySegment.copy(stored, from * width, out, to * width, width);
      for (int a = dims.length - 1; a >= 0; a--) {
        from += strides[a];
        if (++index[a] < dims[a]) {
          break;
        }
        from -= strides[a] * dims[a];
        index[a] = 0;
      }
    }
    return out;
  }

  Shape shape() {
    return header.shape();
  }

  long size() {
    return header.shape().size();
  }

  /** Whether elements are whole numbers or truth values. */
  boolean isInteger() {
    return switch (header.kind()) {
      case 'i', 'u', 'b' -> true;
      default -> false;
    };
  }

  /** The number at a row-major position; texts have none. */
  double number(long i) {
    return switch (header.type().substring(1)) {
      case "f2" -> Float.float16ToFloat(memory.getAtIndex(SHORT, i));
      case "f4" -> memory.getAtIndex(FLOAT, i);
      case "f8" -> memory.getAtIndex(DOUBLE, i);
      case "u8" -> unsigned(memory.getAtIndex(LONG, i)).doubleValue();
      default -> integer(i);
    };
  }

  /** The whole number at a row-major position; of u8 the low 64 bits. */
  long integer(long i) {
    return switch (header.type().substring(1)) {
      case "i1" -> memory.get(ValueLayout.JAVA_BYTE, i);
      case "u1" -> memory.get(ValueLayout.JAVA_BYTE, i) & 0xff;
      case "b1" -> memory.get(ValueLayout.JAVA_BYTE, i) != 0 ? 1 : 0;
      case "i2" -> memory.getAtIndex(SHORT, i);
      case "u2" -> memory.getAtIndex(SHORT, i) & 0xffff;
      case "i4" -> memory.getAtIndex(INT, i);
      case "u4" -> memory.getAtIndex(INT, i) & 0xffffffffL;
      default -> memory.getAtIndex(LONG, i);
    };
  }

  private static BigInteger unsigned(long bits) {
    return new BigInteger(Long.toUnsignedString(bits));
  }

  /**
   * As an array, every value exactly.
   *
   * @throws CajalException if these are texts, or an unsigned number is beyond 2^63 - 1
   */
  NDArray array() {
    if (header.isText()) {
      throw new CajalException(
          where
              + ": holds texts ("
              + header.type()
              + "), not numbers; readTexts gives them as labels");
    }
    DType dtype = header.dtype();
    boolean same =
        switch (header.type().substring(1)) {
          case "f4", "f8", "i4", "i8" -> true;
          default -> false;
        };
    if (same) {
      return NDArray.wrap(dtype, shape(), memory);
    }
    NDArray out = NDArray.zeros(dtype, shape());
    MemorySegment to = out.memory();
    long count = size();
    switch (header.type().substring(1)) {
      case "f2" -> {
        for (long i = 0; i < count; i++) {
          to.setAtIndex(FLOAT, i, Float.float16ToFloat(memory.getAtIndex(SHORT, i)));
        }
      }
      case "b1" -> {
        for (long i = 0; i < count; i++) {
          to.set(ValueLayout.JAVA_BYTE, i, (byte) integer(i));
        }
      }
      case "u4", "u8" -> {
        boolean wide = header.width() == 8;
        for (long i = 0; i < count; i++) {
          long value = integer(i);
          if (wide && value < 0) {
            throw new CajalException(
                where
                    + ": holds the unsigned number "
                    + Long.toUnsignedString(value)
                    + " at element "
                    + i
                    + ", beyond the largest I64, "
                    + Long.MAX_VALUE
                    + "; readTexts gives such numbers exactly");
          }
          to.setAtIndex(LONG, i, value);
        }
      }
      default -> {
        for (long i = 0; i < count; i++) {
          to.setAtIndex(INT, i, (int) integer(i));
        }
      }
    }
    return out;
  }

  /**
   * Every element as a text, row-major: texts without the zeros that fill them up, whole numbers
   * exactly, truth values as True and False, other numbers as short as they read back.
   *
   * @throws CajalException if a text is no text
   */
  List<String> texts() {
    int count = Math.toIntExact(size());
    List<String> out = new ArrayList<>(count);
    Map<String, String> seen = new HashMap<>(); // labels repeat; one object for each will do
    for (int i = 0; i < count; i++) {
      String text = text(i);
      String known = seen.putIfAbsent(text, text);
      out.add(known == null ? text : known);
    }
    return out;
  }

  private String text(int i) {
    return switch (header.kind()) {
      case 'U' -> codePoints(i);
      case 'S' -> bytes(i);
      case 'b' -> integer(i) != 0 ? "True" : "False";
      case 'i' -> Long.toString(integer(i));
      case 'u' -> Long.toUnsignedString(integer(i));
      default -> {
        double value = number(i);
        yield value == Math.rint(value) && Math.abs(value) < 1e15
            ? Long.toString((long) value)
            : header.width() == 8 ? Double.toString(value) : Float.toString((float) value);
      }
    };
  }

  private String codePoints(int i) {
    long start = i * header.width();
    long end = start + header.width();
    while (end > start && memory.get(INT, end - 4) == 0) {
      end -= 4;
    }
    StringBuilder out = new StringBuilder((int) ((end - start) / 4));
    for (long at = start; at < end; at += 4) {
      int code = memory.get(INT, at);
      boolean surrogate = code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
      if (!Character.isValidCodePoint(code) || surrogate) {
        throw new CajalException(
            where
                + ": element "
                + i
                + " is no text: it has the code "
                + Integer.toUnsignedString(code)
                + ", which is no character; the file is damaged");
      }
      out.appendCodePoint(code);
    }
    return out.toString();
  }

  /** UTF-8 where the bytes are that, otherwise Latin-1. */
  private String bytes(int i) {
    byte[] all = memory.asSlice(i * header.width(), header.width()).toArray(ValueLayout.JAVA_BYTE);
    int length = all.length;
    while (length > 0 && all[length - 1] == 0) {
      length--;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(all, 0, length)).toString();
    } catch (CharacterCodingException e) {
      return new String(all, 0, length, StandardCharsets.ISO_8859_1);
    }
  }
}
