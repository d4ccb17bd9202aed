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

/**
 * Files in the safetensors format (Hugging Face, version 0.3 and later): eight bytes with the
 * length of a header, little-endian; the header, JSON padded with spaces, that gives each tensor's
 * element type, shape and place, and under {@code __metadata__} texts by name; then the values,
 * little-endian, row-major, without gaps. Nothing in such a file can run code.
 *
 * <p>Reading trusts nothing: every number of the header is checked against the file's real size
 * before it is used. Element types F32, F64, I32, I64 and BOOL are mapped and cost no memory; F16
 * and BF16 are converted to F32, and I8, I16, U8, U16 to I32, U32 to I64, all exactly. The values
 * of a mapped array are read-only and stay readable when the file is replaced by {@link #write}.
 */
public final class Safetensors {
  /** The longest header that the format allows, in bytes. */
  public static final int MAX_HEADER = 100_000_000;

  /** The most axes that a tensor in a file may have. */
  public static final int MAX_RANK = 32;

  private static final String METADATA = "__metadata__";
  private static final int PREFIX = 8;
  private static final int ALIGNMENT = 64;
  private static final int CHUNK = 1 << 24;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Safetensors() {}

  /**
   * What a file holds.
   *
   * @param tensors arrays by name, in the order of the header
   * @param metadata texts by name, in the order of the header
   */
  public record Contents(Map<String, NDArray> tensors, Map<String, String> metadata) {
    /** Unmodifiable copies that keep the order. */
    public Contents {
      tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
      metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
  }

  /** How elements are stored in a file, and what they become. */
  private enum Stored {
    F64(8, DType.F64),
    F32(4, DType.F32),
    F16(2, DType.F32),
    BF16(2, DType.F32),
    I64(8, DType.I64),
    I32(4, DType.I32),
    I16(2, DType.I32),
    I8(1, DType.I32),
    U32(4, DType.I64),
    U16(2, DType.I32),
    U8(1, DType.I32),
    BOOL(1, DType.BOOL);

    final int bytes;
    final DType becomes;

    Stored(int bytes, DType becomes) {
      this.bytes = bytes;
      this.becomes = becomes;
    }

    static String names() {
      return String.join(", ", Arrays.stream(values()).map(Enum::name).toList());
    }
  }

  /** One tensor of the header; {@code begin} and {@code end} count from the start of the data. */
  private record Slot(String name, Stored stored, Shape shape, long begin, long end) {}

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
    long length = all.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
    if (length < 2 || length > MAX_HEADER) {
      throw new CajalException(
          source
              + ": not a safetensors file: its first 8 bytes ask for a header of "
              + Long.toUnsignedString(length)
              + " bytes; 2 to "
              + MAX_HEADER
              + " are allowed");
    }
    if (all.get(ValueLayout.JAVA_BYTE, PREFIX) != '{') {
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
    for (Slot slot : slots) {
      tensors.put(
          slot.name(), array(slot, data.asSlice(slot.begin(), slot.end() - slot.begin()), source));
    }
    return new Contents(tensors, metadata);
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
    if (!header.names().contains(METADATA)) {
      return Map.of();
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
    List<Object> sizes = whole(entry, "shape");
    if (sizes.size() > MAX_RANK) {
      throw tensorError(
          source, name, "has " + sizes.size() + " axes; at most " + MAX_RANK + " are allowed");
    }
    List<Integer> dims = new ArrayList<>();
    for (Object size : sizes) {
      if (!(size instanceof Long n) || n < 0 || n > Integer.MAX_VALUE) {
        throw tensorError(
            source,
            name,
            "has an axis of size " + size + "; 0 to " + Integer.MAX_VALUE + " are allowed");
      }
      dims.add(n.intValue());
    }
    Shape shape;
    try {
      shape = new Shape(dims);
    } catch (CajalException e) {
      throw tensorError(
          source, name, "has a shape " + dims + " of more elements than any file can hold");
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
    long elements = shape.size();
    if (elements > Long.MAX_VALUE / stored.bytes || elements * stored.bytes != end - begin) {
      throw tensorError(
          source,
          name,
          "is "
              + stored
              + " "
              + shape
              + ", which needs "
              + (elements > Long.MAX_VALUE / stored.bytes ? "more" : elements * stored.bytes)
              + " bytes, but its data_offsets "
              + offsets
              + " hold "
              + (end - begin));
    }
    return new Slot(name, stored, shape, begin, end);
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
            + ", which is not supported; known are "
            + Stored.names());
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
    return switch (slot.stored()) {
      case F32, F64, I32, I64 -> mapped(slot, bytes);
      case BOOL -> truths(slot, bytes, source);
      case F16 -> converted(slot, i -> Float.float16ToFloat(bytes.get(SHORT, 2 * i)));
      case BF16 -> converted(slot, i -> Float.intBitsToFloat(bytes.get(SHORT, 2 * i) << 16));
      case I16 -> converted(slot, i -> bytes.get(SHORT, 2 * i));
      case U16 -> converted(slot, i -> Short.toUnsignedInt(bytes.get(SHORT, 2 * i)));
      case I8 -> converted(slot, i -> bytes.get(ValueLayout.JAVA_BYTE, i));
      case U8 -> converted(slot, i -> Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, i)));
      case U32 -> converted(slot, i -> Integer.toUnsignedLong(bytes.get(INT, 4 * i)));
    };
  }

  private static NDArray mapped(Slot slot, MemorySegment bytes) {
    NDArray array = NDArray.wrap(slot.stored().becomes, slot.shape(), bytes);
    return bytes.address() % slot.stored().bytes == 0 ? array : array.copy();
  }

  private static NDArray truths(Slot slot, MemorySegment bytes, String source) {
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
    return mapped(slot, bytes);
  }

  private interface Element {
    double at(long index);
  }

  private static NDArray converted(Slot slot, Element element) {
    NDArray out = NDArray.zeros(slot.stored().becomes, slot.shape());
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
