package org.cajal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.CRC32C;
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
 * before it is used. Element types F32, F64, I32, I64 and BOOL are read as they are; F16, BF16 and
 * the four kinds of F8 with a sign are converted to F32, I8, I16, U8, U16 to I32, U32 and U64 to
 * I64, all exactly. A tensor of another type, or with values that have no exact place, is left out
 * by name and does not keep the others from being read; see {@link Contents#unreadable}. The arrays
 * are the caller's, whatever becomes of the file.
 *
 * <p>Files that this class writes carry a checksum of all their bytes, the CRC-32C in eight
 * hexadecimal digits under {@code cajal.crc32c} in the metadata, taken with zeros in its own place.
 * Where a file has one, it is checked; {@link Contents#metadata} leaves it out.
 */
public final class Safetensors {
  /** The longest header that the format allows, in bytes. */
  public static final int MAX_HEADER = 100_000_000;

  /** The most axes that a tensor in a file may have. */
  public static final int MAX_RANK = 64;

  private static final String METADATA = "__metadata__";
  private static final String CHECKSUM = "cajal.crc32c";
  private static final String NO_CHECKSUM = "00000000";
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

    /** Whether the elements in memory are those of the file, byte by byte. */
    boolean isOwn() {
      return becomes != null && bits == Byte.SIZE * becomes.bytes();
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
   * The tensors and metadata of a file.
   *
   * @throws CajalException if there is no such file, it is not in every detail what the format asks
   *     for, its bytes do not fit its checksum, or it was written to while it was read
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
      FileTime changed = Files.getLastModifiedTime(file);
      Contents contents = contents(new Source(channel, size, file.toString()));
      if (channel.size() != size || !Files.getLastModifiedTime(file).equals(changed)) {
        throw new CajalException(
            file + ": was written to while it was read; read it again once that is over");
      }
      return contents;
    } catch (IOException e) {
      throw new CajalException(file + ": cannot be read: " + AtomicFiles.reason(e), e);
    }
  }

  /** The bytes of a file in order, each read once and counted in the checksum. */
  private static final class Source {
    final String name;
    private final FileChannel channel;
    private final CRC32C checksum = new CRC32C();
    private final long size;
    private long at;

    Source(FileChannel channel, long size, String name) {
      this.channel = channel;
      this.size = size;
      this.name = name;
    }

    long left() {
      return size - at;
    }

    /** Fills a buffer, whose bytes are not counted yet. */
    void read(ByteBuffer into) throws IOException {
      int from = into.position();
      while (into.hasRemaining()) {
        if (channel.read(into) < 0) {
          throw new CajalException(
              name + ": was cut off while it was read; read it again once it is written");
        }
      }
      at += into.position() - from;
    }

    void count(ByteBuffer bytes) {
      checksum.update(bytes);
    }

    /** Fills memory with the next bytes. */
    void read(MemorySegment into) throws IOException {
      for (long from = 0; from < into.byteSize(); from += CHUNK) {
        ByteBuffer part =
            into.asSlice(from, Math.min(CHUNK, into.byteSize() - from)).asByteBuffer();
        read(part);
        count(part.flip());
      }
    }

    String checksum() {
      return hex(checksum);
    }
  }

  private static String hex(CRC32C checksum) {
    return HexFormat.of().toHexDigits((int) checksum.getValue());
  }

  /** Where the digits of a checksum stand in a header; −1 if there are none. */
  private static int digits(byte[] header, String checksum) {
    byte[] wanted = ('"' + CHECKSUM + "\":\"" + checksum + '"').getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at + wanted.length <= header.length; at++) {
      if (Arrays.equals(header, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at + wanted.length - 1 - NO_CHECKSUM.length();
      }
    }
    return -1;
  }

  private static CajalException damaged(String source) {
    return new CajalException(
        source
            + ": damaged: its bytes do not fit its checksum; take another copy, or, if a program"
            + " changed it on purpose, let that remove \""
            + CHECKSUM
            + "\" from the metadata");
  }

  /** Whether a name of the metadata is that of the checksum but for one character. */
  private static boolean isDamagedName(String name) {
    int same = 0;
    for (int i = 0; i < Math.min(name.length(), CHECKSUM.length()); i++) {
      same += name.charAt(i) == CHECKSUM.charAt(i) ? 1 : 0;
    }
    return name.length() == CHECKSUM.length() && same == CHECKSUM.length() - 1;
  }

  private static Contents contents(Source file) throws IOException {
    String source = file.name;
    byte[] prefix = new byte[PREFIX];
    file.read(ByteBuffer.wrap(prefix));
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > MAX_HEADER) {
      throw new CajalException(
          source
              + ": not a safetensors file: its first 8 bytes ask for a header of "
              + Long.toUnsignedString(length)
              + " bytes; 2 to "
              + MAX_HEADER
              + " are allowed");
    }
    byte[] text = new byte[(int) Math.min(length, file.left())];
    file.read(ByteBuffer.wrap(text));
    if (!beginsWithBrace(text)) {
      throw new CajalException(
          source + ": not a safetensors file: its header does not begin with {");
    }
    if (length > text.length) {
      throw new CajalException(
          source
              + ": truncated: the header has "
              + length
              + " bytes, the file only "
              + text.length
              + " more");
    }
    JsonObject header = Json.parseObject(text(text, source), source);
    Map<String, String> metadata = metadata(header);
    String checksum = metadata.remove(CHECKSUM);
    if (checksum != null) {
      int digits = digits(text, checksum);
      if (checksum.length() != NO_CHECKSUM.length() || digits < 0) {
        throw damaged(source);
      }
      Arrays.fill(text, digits, digits + NO_CHECKSUM.length(), (byte) '0');
    } else if (metadata.keySet().stream().anyMatch(Safetensors::isDamagedName)) {
      throw damaged(source);
    }
    file.count(ByteBuffer.wrap(prefix));
    file.count(ByteBuffer.wrap(text));
    List<Slot> slots = new ArrayList<>();
    for (String name : header.names()) {
      if (!name.equals(METADATA)) {
        slots.add(slot(name, header, source));
      }
    }
    List<Slot> inOrder = checkPlaces(slots, file.left(), source);
    Map<String, NDArray> read = new HashMap<>();
    Map<String, String> reasons = new HashMap<>();
    for (Slot slot : inOrder) {
      Shape shape = null;
      try {
        shape = readable(slot, source);
      } catch (CajalException e) {
        reasons.put(slot.name(), String.valueOf(e.getMessage()));
      }
      if (shape == null) {
        pass(file, slot.end() - slot.begin());
        continue;
      }
      DType becomes = Objects.requireNonNull(slot.stored().becomes);
      NDArray own = slot.stored().isOwn() ? NDArray.zeros(becomes, shape) : null;
      MemorySegment bytes =
          own != null
              ? own.memory()
              : NDArray.allocate(slot.end() - slot.begin()).asSlice(0, slot.end() - slot.begin());
      file.read(bytes);
      try {
        read.put(slot.name(), array(slot, becomes, shape, bytes, own, source));
      } catch (CajalException e) {
        reasons.put(slot.name(), String.valueOf(e.getMessage()));
      }
    }
    if (checksum != null && !checksum.equals(file.checksum())) {
      throw damaged(source);
    }
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    Map<String, String> unreadable = new LinkedHashMap<>();
    for (Slot slot : slots) {
      NDArray array = read.get(slot.name());
      if (array != null) {
        tensors.put(slot.name(), array);
      } else {
        unreadable.put(slot.name(), reasons.getOrDefault(slot.name(), ""));
      }
    }
    return new Contents(tensors, metadata, unreadable);
  }

  /** Reads bytes that are only counted. */
  private static void pass(Source file, long bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(1 << 16, bytes));
    for (long left = bytes; left > 0; left -= buffer.limit()) {
      file.read(buffer.clear().limit((int) Math.min(buffer.capacity(), left)));
      file.count(buffer.flip());
    }
  }

  /** Whether the first character that is no blank of JSON is a brace. */
  private static boolean beginsWithBrace(byte[] header) {
    for (byte b : header) {
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b == '{';
      }
    }
    return false;
  }

  private static String text(byte[] header, String source) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header)).toString();
    } catch (CharacterCodingException e) {
      throw new CajalException(
          source + ": not a safetensors file: its header is not UTF-8 text", e);
    }
  }

  private static Map<String, String> metadata(JsonObject header) {
    if (!header.has(METADATA)) {
      return new LinkedHashMap<>(); // null is what some writers put where there is none
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
   *
   * @return the tensors in the order of their values
   */
  private static List<Slot> checkPlaces(List<Slot> slots, long available, String source) {
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
    return sorted;
  }

  private static CajalException tensorError(String source, String tensor, String what) {
    return new CajalException(source + ": tensor " + Quote.quoted(tensor) + " " + what);
  }

  /**
   * The shape of a tensor that can be read.
   *
   * @throws CajalException if it cannot, with the reason
   */
  private static Shape readable(Slot slot, String source) {
    if (slot.stored().becomes == null) {
      throw tensorError(
          source,
          slot.name(),
          "has element type "
              + slot.stored()
              + ", which is not read; read are "
              + Stored.names(true));
    }
    return shape(slot, source);
  }

  /**
   * The array of a tensor.
   *
   * @param bytes its values in the file
   * @param own the array over these bytes, where they are read as they are; otherwise null
   */
  private static NDArray array(
      Slot slot,
      DType becomes,
      Shape shape,
      MemorySegment bytes,
      @Nullable NDArray own,
      String source) {
    return switch (slot.stored()) {
      case F32, F64, I32, I64 -> Objects.requireNonNull(own);
      case BOOL -> {
        checkTruths(slot, bytes, source);
        yield Objects.requireNonNull(own);
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
        yield Objects.requireNonNull(own);
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
    CRC32C checksum = new CRC32C();
    checksum.update(header);
    for (Map.Entry<String, NDArray> e : ordered) {
      parts(e.getValue().memory(), checksum::update);
    }
    byte[] value = hex(checksum).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(value, 0, header, digits(header, NO_CHECKSUM), value.length);
    AtomicFiles.write(
        file,
        out -> {
          AtomicFiles.writeFully(out, ByteBuffer.wrap(header));
          for (Map.Entry<String, NDArray> e : ordered) {
            parts(e.getValue().memory(), part -> AtomicFiles.writeFully(out, part));
          }
        },
        limit);
  }

  private static byte[] header(
      Path file, List<Map.Entry<String, NDArray>> tensors, Map<String, String> metadata) {
    Map<String, Object> fields = new LinkedHashMap<>();
    Map<String, String> texts = new TreeMap<>(metadata);
    texts.put(CHECKSUM, NO_CHECKSUM);
    fields.put(METADATA, texts);
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

  /** What is done with the bytes of an array, a part after the other. */
  private interface Use<E extends Exception> {
    void of(ByteBuffer part) throws E;
  }

  private static <E extends Exception> void parts(MemorySegment memory, Use<E> use) throws E {
    for (long at = 0; at < memory.byteSize(); at += CHUNK) {
      use.of(memory.asSlice(at, Math.min(CHUNK, memory.byteSize() - at)).asByteBuffer());
    }
  }
}
