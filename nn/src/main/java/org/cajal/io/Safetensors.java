package org.cajal.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Files in the safetensors format (Hugging Face, version 0.3 and later): eight bytes with the
 * length of a header, little-endian; the header, JSON padded with spaces, that gives each tensor's
 * element type, shape and place, and under {@code __metadata__} texts by name; then the values,
 * little-endian, row-major, without gaps. Nothing in such a file can run code.
 *
 * <p>Reading trusts nothing: every number of the header is checked against the file's real size
 * before it is used. Element types F32, F64, I32, I64 and BOOL are mapped and cost no memory; F16,
 * BF16 and the four kinds of F8 with a sign are converted to F32, I8, I16, U8, U16 to I32, U32 and
 * U64 to I64, all exactly. A tensor of another type, or with values that have no exact place, is
 * left out by name and does not keep the others from being read; see {@link Contents#unreadable}.
 * The values of a mapped array are read-only and stay readable when the file is replaced by {@link
 * #write}.
 */
public final class Safetensors {
  /** The longest header that the format allows, in bytes. */
  public static final int MAX_HEADER = 100_000_000;

  /** The most axes that a tensor in a file may have. */
  public static final int MAX_RANK = 64;

  private static final String METADATA = "__metadata__";
  private static final int PREFIX = 8;
  private static final int ALIGNMENT = 64;
  private static final int CHUNK = 1 << 24;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Safetensors() {}

  /**
   * What a file holds.
   *
   * @param tensors arrays by name, in the order of the header
   * @param metadata texts by name, in the order of the header
   * @param unreadable why tensors of the file are not in {@code tensors}, one line each, by name
   */
  public record Contents(
      Map<String, NDArray> tensors, Map<String, String> metadata, Map<String, String> unreadable) {
    /** Unmodifiable copies that keep the order. */
    public Contents {
      tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
      metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
      unreadable = Collections.unmodifiableMap(new LinkedHashMap<>(unreadable));
    }

    /** Contents that can all be read. */
    public Contents(Map<String, NDArray> tensors, Map<String, String> metadata) {
      this(tensors, metadata, Map.of());
    }

    /**
     * A tensor of the file.
     *
     * @throws CajalException if there is none of that name, or it cannot be read, with the reason
     */
    public NDArray tensor(String name) {
      NDArray found = tensors.get(name);
      if (found == null) {
        throw new CajalException(
            unreadable.containsKey(name)
                ? unreadable.get(name)
                : "[safetensors] there is no tensor " + Quote.quoted(name));
      }
      return found;
    }

    /**
     * Refuses contents of which a part is left out.
     *
     * @return this
     * @throws CajalException with the reason for the first tensor that cannot be read
     */
    public Contents complete() {
      for (String reason : unreadable.values()) {
        throw new CajalException(reason);
      }
      return this;
    }
  }

  /** How elements are stored in a file, and what they become; null for what is left out. */
  private enum Stored {
    F64(64, DType.F64),
    F32(32, DType.F32),
    F16(16, DType.F32),
    BF16(16, DType.F32),
    F8_E4M3(8, DType.F32),
    F8_E5M2(8, DType.F32),
    F8_E4M3FNUZ(8, DType.F32),
    F8_E5M2FNUZ(8, DType.F32),
    I64(64, DType.I64),
    I32(32, DType.I32),
    I16(16, DType.I32),
    I8(8, DType.I32),
    U64(64, DType.I64),
    U32(32, DType.I64),
    U16(16, DType.I32),
    U8(8, DType.I32),
    BOOL(8, DType.BOOL),
    C64(64, null),
    F8_E8M0(8, null),
    F6_E2M3(6, null),
    F6_E3M2(6, null),
    F4(4, null);

    final int bits;
    final @Nullable DType becomes;

    Stored(int bits, @Nullable DType becomes) {
      this.bits = bits;
      this.becomes = becomes;
    }

    /** The names of those that are read, or of all that the format knows. */
    static String names(boolean read) {
      return String.join(
          ", ",
          Arrays.stream(values()).filter(s -> !read || s.becomes != null).map(Enum::name).toList());
    }
  }

  /** One tensor of the header; {@code begin} and {@code end} count from the start of the data. */
  private record Slot(String name, Stored stored, List<BigInteger> sizes, long begin, long end) {}

  /**
   * The tensors and metadata of a file. The values are mapped, not read: opening a large file is
   * quick, and pages come in as they are used.
   *
   * @throws CajalException if there is no such file, or it is not in every detail what the format
   *     asks for
   */
  public static Contents read(Path file) {
    if (Files.isDirectory(file)) {
      throw new CajalException(file + ": not a safetensors file but a folder");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < PREFIX + 2) {
        throw new CajalException(
            file
                + ": not a safetensors file: it has "
                + size
                + " bytes, the shortest one has "
                + (PREFIX + 2));
      }
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto());
      return contents(all, file.toString());
    } catch (IOException e) {
      throw new CajalException(file + ": cannot be read: " + AtomicFiles.reason(e), e);
    }
  }

  private static Contents contents(MemorySegment all, String source) {
    long length = all.get(LONG, 0);
    if (length < 2 || length > MAX_HEADER) {
      throw new CajalException(
          source
              + ": not a safetensors file: its first 8 bytes ask for a header of "
              + Long.toUnsignedString(length)
              + " bytes; 2 to "
              + MAX_HEADER
              + " are allowed");
    }
    if (!beginsWithBrace(all, Math.min(all.byteSize(), PREFIX + length))) {
      throw new CajalException(
          source + ": not a safetensors file: its header does not begin with {");
    }
    if (length > all.byteSize() - PREFIX) {
      throw new CajalException(
          source
              + ": truncated: the header has "
              + length
              + " bytes, the file only "
              + (all.byteSize() - PREFIX)
              + " more");
    }
    JsonObject header = Json.parseObject(text(all.asSlice(PREFIX, length), source), source);
    MemorySegment data = all.asSlice(PREFIX + length);
    Map<String, String> metadata = metadata(header);
    List<Slot> slots = new ArrayList<>();
    for (String name : header.names()) {
      if (!name.equals(METADATA)) {
        slots.add(slot(name, header, source));
      }
    }
    checkPlaces(slots, data.byteSize(), source);
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    Map<String, String> unreadable = new LinkedHashMap<>();
    for (Slot slot : slots) {
      try {
        tensors.put(
            slot.name(),
            array(slot, data.asSlice(slot.begin(), slot.end() - slot.begin()), source));
      } catch (CajalException e) {
        unreadable.put(slot.name(), String.valueOf(e.getMessage()));
      }
    }
    return new Contents(tensors, metadata, unreadable);
  }

  /** Whether the first character that is no blank of JSON is a brace. */
  private static boolean beginsWithBrace(MemorySegment all, long end) {
    for (long i = PREFIX; i < end; i++) {
      byte b = all.get(ValueLayout.JAVA_BYTE, i);
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b == '{';
      }
    }
    return false;
  }

  private static String text(MemorySegment header, String source) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(header.asByteBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw new CajalException(
          source + ": not a safetensors file: its header is not UTF-8 text", e);
    }
  }

  private static Map<String, String> metadata(JsonObject header) {
    if (!header.has(METADATA)) {
      return Map.of(); // null is what some writers put where there is none
    }
    JsonObject values = header.object(METADATA);
    Map<String, String> out = new LinkedHashMap<>();
    for (String name : values.names()) {
      out.put(name, values.string(name));
    }
    return out;
  }

  private static Slot slot(String name, JsonObject header, String source) {
    JsonObject entry = header.object(name);
    Stored stored = stored(entry.string("dtype"), name, source);
    List<BigInteger> sizes = new ArrayList<>();
    BigInteger elements = BigInteger.ONE;
    List<Object> given = whole(entry, "shape");
    if (given.size() > MAX_RANK) {
      throw tensorError(
          source, name, "has " + given.size() + " axes; at most " + MAX_RANK + " are allowed");
    }
    for (Object size : given) {
      BigInteger n = size instanceof BigInteger big ? big : BigInteger.valueOf((Long) size);
      if (n.signum() < 0 || n.bitLength() > 64) {
        throw tensorError(
            source,
            name,
            "has an axis of size " + Quote.line(n.toString(), 40) + "; 0 to 2^64 - 1 are allowed");
      }
      sizes.add(n);
      elements = elements.multiply(n);
    }
    List<Object> offsets = whole(entry, "data_offsets");
    if (offsets.size() != 2) {
      throw tensorError(
          source, name, "has " + offsets.size() + " data_offsets; two are expected, begin and end");
    }
    if (!(offsets.get(0) instanceof Long begin)
        || !(offsets.get(1) instanceof Long end)
        || begin < 0
        || end < begin) {
      throw tensorError(
          source, name, "has data_offsets " + offsets + "; 0 <= begin <= end is expected");
    }
    BigInteger bits = elements.multiply(BigInteger.valueOf(stored.bits));
    if (!bits.equals(BigInteger.valueOf(end - begin).shiftLeft(3))) {
      boolean uneven = bits.testBit(0) || bits.testBit(1) || bits.testBit(2);
      throw tensorError(
          source,
          name,
          "is "
              + stored
              + " "
              + sizes
              + ", which needs "
              + (uneven ? bits + " bits, no whole number of bytes" : bits.shiftRight(3) + " bytes")
              + ", but its data_offsets "
              + offsets
              + " hold "
              + (end - begin));
    }
    return new Slot(name, stored, sizes, begin, end);
  }

  /** The whole numbers of a list; each a Long or, beyond its range, a BigInteger. */
  private static List<Object> whole(JsonObject entry, String field) {
    List<Object> out = new ArrayList<>();
    for (Object value : entry.list(field)) {
      if (!(value instanceof Long) && !(value instanceof BigInteger)) {
        throw entry.fieldError(
            field, "holds " + Quote.described(value) + "; integers are expected");
      }
      out.add(value);
    }
    return out;
  }

  private static Stored stored(String name, String tensor, String source) {
    for (Stored stored : Stored.values()) {
      if (stored.name().equals(name)) {
        return stored;
      }
    }
    throw tensorError(
        source,
        tensor,
        "has element type "
            + Quote.quoted(name)
            + ", which the format does not know; it knows "
            + Stored.names(false));
  }

  /**
   * The format asks that the tensors cover the data exactly: no overlap, no hole, nothing after the
   * last.
   */
  private static void checkPlaces(List<Slot> slots, long available, String source) {
    List<Slot> sorted = new ArrayList<>(slots);
    sorted.sort(Comparator.comparingLong(Slot::begin).thenComparingLong(Slot::end));
    long needed = sorted.stream().mapToLong(Slot::end).max().orElse(0);
    if (needed > available) {
      throw new CajalException(
          source
              + ": truncated: the tensors need "
              + needed
              + " bytes of data, the file has "
              + available);
    }
    long end = 0;
    String last = "";
    for (Slot slot : sorted) {
      if (slot.begin() < end) {
        throw tensorError(source, slot.name(), "overlaps with tensor " + Quote.quoted(last));
      }
      if (slot.begin() > end) {
        throw tensorError(
            source,
            slot.name(),
            "leaves a hole of " + (slot.begin() - end) + " bytes before it; none is allowed");
      }
      end = slot.end();
      last = slot.name();
    }
    if (end < available) {
      throw new CajalException(
          source + ": " + (available - end) + " bytes at the end belong to no tensor");
    }
  }

  private static CajalException tensorError(String source, String tensor, String what) {
    return new CajalException(source + ": tensor " + Quote.quoted(tensor) + " " + what);
  }

  private static NDArray array(Slot slot, MemorySegment bytes, String source) {
    DType becomes = slot.stored().becomes;
    if (becomes == null) {
      throw tensorError(
          source,
          slot.name(),
          "has element type "
              + slot.stored()
              + ", which is not read; read are "
              + Stored.names(true));
    }
    Shape shape = shape(slot, source);
    return switch (slot.stored()) {
      case F32, F64, I32, I64 -> mapped(slot, becomes, shape, bytes);
      case BOOL -> {
        checkTruths(slot, bytes, source);
        yield mapped(slot, becomes, shape, bytes);
      }
      case F16 -> floats(shape, i -> Float.float16ToFloat(bytes.get(SHORT, 2 * i)));
      case BF16 -> floats(shape, i -> Float.intBitsToFloat(bytes.get(SHORT, 2 * i) << 16));
      case F8_E4M3 -> small(shape, bytes, SmallFloats.E4M3);
      case F8_E5M2 -> small(shape, bytes, SmallFloats.E5M2);
      case F8_E4M3FNUZ -> small(shape, bytes, SmallFloats.E4M3FNUZ);
      case F8_E5M2FNUZ -> small(shape, bytes, SmallFloats.E5M2FNUZ);
      case I16 -> integers(becomes, shape, i -> bytes.get(SHORT, 2 * i));
      case U16 -> integers(becomes, shape, i -> Short.toUnsignedInt(bytes.get(SHORT, 2 * i)));
      case I8 -> integers(becomes, shape, i -> bytes.get(ValueLayout.JAVA_BYTE, i));
      case U8 ->
          integers(becomes, shape, i -> Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, i)));
      case U32 -> integers(becomes, shape, i -> Integer.toUnsignedLong(bytes.get(INT, 4 * i)));
      case U64 -> {
        for (long i = 0; i < shape.size(); i++) {
          long value = bytes.get(LONG, 8 * i);
          if (value < 0) {
            throw tensorError(
                source,
                slot.name(),
                "holds the unsigned number "
                    + Long.toUnsignedString(value)
                    + " at element "
                    + i
                    + "; numbers up to "
                    + Long.MAX_VALUE
                    + " are read");
          }
        }
        yield mapped(slot, becomes, shape, bytes);
      }
      case C64, F8_E8M0, F6_E2M3, F6_E3M2, F4 -> throw new AssertionError(slot.stored());
    };
  }

  private static Shape shape(Slot slot, String source) {
    List<Integer> dims = new ArrayList<>();
    for (BigInteger size : slot.sizes()) {
      if (size.bitLength() > 31) {
        throw tensorError(
            source,
            slot.name(),
            "has an axis of size " + size + "; sizes up to " + Integer.MAX_VALUE + " are read");
      }
      dims.add(size.intValueExact());
    }
    return new Shape(dims);
  }

  private static NDArray mapped(Slot slot, DType dtype, Shape shape, MemorySegment bytes) {
    NDArray array = NDArray.wrap(dtype, shape, bytes);
    return bytes.address() % (slot.stored().bits / Byte.SIZE) == 0 ? array : array.copy();
  }

  private static void checkTruths(Slot slot, MemorySegment bytes, String source) {
    for (long i = 0; i < bytes.byteSize(); i++) {
      byte b = bytes.get(ValueLayout.JAVA_BYTE, i);
      if (b != 0 && b != 1) {
        throw tensorError(
            source,
            slot.name(),
            "holds the truth value "
                + Byte.toUnsignedInt(b)
                + " at element "
                + i
                + "; 0 and 1 are allowed");
      }
    }
  }

  private interface FloatElement {
    float at(long index);
  }

  private interface IntegerElement {
    long at(long index);
  }

  private static NDArray floats(Shape shape, FloatElement element) {
    NDArray out = NDArray.zeros(DType.F32, shape);
    for (long i = 0; i < out.size(); i++) {
      out.memory().setAtIndex(FLOAT, i, element.at(i));
    }
    return out;
  }

  private static NDArray small(Shape shape, MemorySegment bytes, SmallFloats kind) {
    float[] values = kind.table();
    return floats(shape, i -> values[bytes.get(ValueLayout.JAVA_BYTE, i) & 0xff]);
  }

  /** Whole numbers of at most 53 bits. */
  private static NDArray integers(DType dtype, Shape shape, IntegerElement element) {
    NDArray out = NDArray.zeros(dtype, shape);
    for (long i = 0; i < out.size(); i++) {
      out.set(i, element.at(i));
    }
    return out;
  }

  /**
   * Writes a file whole or not at all, as {@link AtomicFiles} does. Equal contents give equal
   * bytes: tensors stand by falling element size, then by name; metadata by name. The values begin
   * at a multiple of 64 bytes.
   *
   * @throws CajalException if a tensor is called {@code __metadata__}, the header would be longer
   *     than the format allows, or the file cannot be written
   */
  public static void write(Path file, Map<String, NDArray> tensors, Map<String, String> metadata) {
    write(file, tensors, metadata, out -> out);
  }

  static void write(
      Path file,
      Map<String, NDArray> tensors,
      Map<String, String> metadata,
      AtomicFiles.Limit limit) {
    List<Map.Entry<String, NDArray>> ordered = new ArrayList<>(new TreeMap<>(tensors).entrySet());
    ordered.sort(Comparator.comparingInt(e -> -e.getValue().dtype().bytes()));
    byte[] header = header(file, ordered, metadata);
    AtomicFiles.write(
        file,
        out -> {
          AtomicFiles.writeFully(out, ByteBuffer.wrap(header));
          for (Map.Entry<String, NDArray> e : ordered) {
            writeMemory(out, e.getValue().memory());
          }
        },
        limit);
  }

  private static byte[] header(
      Path file, List<Map.Entry<String, NDArray>> tensors, Map<String, String> metadata) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      fields.put(METADATA, new TreeMap<>(metadata));
    }
    long at = 0;
    for (Map.Entry<String, NDArray> e : tensors) {
      NDArray array = e.getValue();
      if (e.getKey().equals(METADATA)) {
        throw new CajalException(
            file + ": a tensor cannot be called " + METADATA + "; the format keeps that name");
      }
      long end = at + array.memory().byteSize();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", array.dtype().name());
      entry.put("shape", array.shape().dims());
      entry.put("data_offsets", List.of(at, end));
      fields.put(e.getKey(), entry);
      at = end;
    }
    byte[] json = Json.write(fields).getBytes(StandardCharsets.UTF_8);
    int padded = (PREFIX + json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - PREFIX;
    if (padded > MAX_HEADER) {
      throw new CajalException(
          file
              + ": names and metadata take "
              + padded
              + " bytes; the format allows a header of "
              + MAX_HEADER);
    }
    byte[] out = new byte[PREFIX + padded];
    Arrays.fill(out, (byte) ' ');
    ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(json);
    return out;
  }

  private static void writeMemory(WritableByteChannel out, MemorySegment memory)
      throws IOException {
    for (long at = 0; at < memory.byteSize(); at += CHUNK) {
      AtomicFiles.writeFully(
          out, memory.asSlice(at, Math.min(CHUNK, memory.byteSize() - at)).asByteBuffer());
    }
  }
}
