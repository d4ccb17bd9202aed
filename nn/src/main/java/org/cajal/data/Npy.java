package org.cajal.data;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;

/**
 * Reads and writes NumPy's array files: {@code .npy} in versions 1 to 3 and {@code .npz} archives
 * of them (NumPy Enhancement Proposal 1). Element types f4, f8, i4, i8, u1 and b1, little- and
 * big-endian, C and Fortran order; u1 becomes I32. The header is parsed as what it is, a literal;
 * its shape is believed only as far as the file can hold it.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_HEADER = 1 << 16;
  private static final long MOST_EXPANSION = 1032;

  private Npy() {}

  /**
   * The array of an {@code .npy} file.
   *
   * @throws CajalException if the file is missing, no such file, truncated, of a type which is not
   *     read, or of a lying shape
   */
  public static NDArray read(Path path) {
    Input.requireFile(path);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
      return read(path.toString(), in, Files.size(path));
    } catch (IOException e) {
      throw Input.failure(path, e);
    }
  }

  /**
   * The arrays of an {@code .npz} file by name, in the order of the file.
   *
   * @throws CajalException if the file is missing or no archive, or an array is bad as for {@link
   *     #read}
   */
  public static Map<String, NDArray> readArchive(Path path) {
    Input.requireFile(path);
    Map<String, NDArray> out = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(path.toFile())) {
      for (Iterator<? extends ZipEntry> it = zip.entries().asIterator(); it.hasNext(); ) {
        ZipEntry entry = it.next();
        String name = entry.getName();
        if (!name.endsWith(".npy")) {
          throw new CajalException(
              path + ": holds \"" + name + "\"; an .npz archive holds .npy arrays only");
        }
        long limit = Math.min(entry.getSize(), entry.getCompressedSize() * MOST_EXPANSION);
        try (InputStream in = zip.getInputStream(entry)) {
          out.put(name.substring(0, name.length() - 4), read(path + ", " + name, in, limit));
        }
      }
    } catch (ZipException e) {
      throw new CajalException(
          path + ": not an .npz archive, or a broken one; write or copy it again", e);
    } catch (IOException e) {
      throw Input.failure(path, e);
    }
    return Collections.unmodifiableMap(out);
  }

  private static NDArray read(String where, InputStream in, long limit) throws IOException {
    byte[] start = in.readNBytes(8);
    if (start.length < 8 || !startsWithMagic(start)) {
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
    NpyHeader header = NpyHeader.parse(where, new String(text, StandardCharsets.UTF_8));
    long room = limit - 8 - length.length - headerLength;
    return body(where, in, header, room);
  }

  private static boolean startsWithMagic(byte[] start) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (start[i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  private static NDArray body(String where, InputStream in, NpyHeader header, long room)
      throws IOException {
    int width = header.width();
    long count = header.shape().size();
    if (count > Long.MAX_VALUE / 8 || count * width > room) {
      throw new CajalException(
          where
              + ": the shape "
              + header.shape()
              + " of "
              + header.type()
              + " needs "
              + header.bytesText()
              + " bytes, at most "
              + Math.max(0, room)
              + " are there; the file is truncated or damaged");
    }
    NDArray raw = NDArray.zeros(header.dtype(), header.shape());
    byte[] chunk = new byte[1 << 16];
    ByteBuffer view =
        ByteBuffer.wrap(chunk)
            .order(header.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    long done = 0;
    while (done < count) {
      int wanted = (int) Math.min(chunk.length / width, count - done) * width;
      int found = in.readNBytes(chunk, 0, wanted);
      if (found < wanted) {
        throw new CajalException(
            where
                + ": truncated: "
                + count * width
                + " bytes of values are expected, only "
                + (done * width + found)
                + " are there");
      }
      put(raw, done, chunk, view, wanted / width, header);
      done += wanted / width;
    }
    if (in.read() != -1) {
      throw new CajalException(
          where
              + ": data goes on after the values of shape "
              + header.shape()
              + "; the file is damaged");
    }
    return header.fortran() ? fromFortran(raw) : raw;
  }

  private static void put(
      NDArray raw, long at, byte[] chunk, ByteBuffer view, int count, NpyHeader header) {
    int width = header.width();
    if (!header.bigEndian() && width > 1) {
      MemorySegment.copy(chunk, 0, raw.memory(), ValueLayout.JAVA_BYTE, at * width, count * width);
      return;
    }
    for (int i = 0; i < count; i++) {
      int place = i * width;
      switch (header.type().substring(1)) {
        case "f4" -> raw.set(at + i, view.getFloat(place));
        case "f8" -> raw.set(at + i, view.getDouble(place));
        case "i4" -> raw.set(at + i, view.getInt(place));
        case "i8" ->
            raw.memory()
                .setAtIndex(
                    ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                    at + i,
                    view.getLong(place));
        default -> raw.set(at + i, chunk[place] & 0xff);
      }
    }
  }

  /** Values stored with the first axis running fastest, brought into row-major order. */
  private static NDArray fromFortran(NDArray stored) {
    int[] dims = stored.shape().toArray();
    NDArray out = NDArray.zeros(stored.dtype(), stored.shape());
    int width = stored.dtype().bytes();
    int[] index = new int[dims.length];
    long[] strides = new long[dims.length];
    long step = 1;
    for (int a = 0; a < dims.length; a++) {
      strides[a] = step;
      step *= dims[a];
    }
    long from = 0;
    for (long to = 0; to < stored.size(); to++) {
      MemorySegment.copy(stored.memory(), from * width, out.memory(), to * width, width);
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

  /**
   * Writes an array as an {@code .npy} file of version 1, atomically.
   *
   * @throws CajalException if the file cannot be written; an older file of that name is then as it
   *     was
   */
  public static void write(Path path, NDArray array) {
    atomically(path, out -> write(out, array));
  }

  /**
   * Writes arrays as an {@code .npz} archive, atomically.
   *
   * @throws CajalException if the file cannot be written; an older file of that name is then as it
   *     was
   */
  public static void writeArchive(Path path, Map<String, NDArray> arrays) {
    atomically(
        path,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
          for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
            ZipEntry file = new ZipEntry(entry.getKey() + ".npy");
            file.setTime(0);
            zip.putNextEntry(file);
            write(zip, entry.getValue());
            zip.closeEntry();
          }
          zip.finish();
        });
  }

  private static void write(OutputStream out, NDArray array) throws IOException {
    String type =
        switch (array.dtype()) {
          case F32 -> "<f4";
          case F64 -> "<f8";
          case I32 -> "<i4";
          case I64 -> "<i8";
          case BOOL -> "|b1";
        };
    List<String> dims = array.shape().dims().stream().map(d -> Integer.toString(d)).toList();
    String shape = "(" + String.join(", ", dims) + (dims.size() == 1 ? ",)" : ")");
    String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    int padding = 63 - (10 + header.length()) % 64;
    byte[] text = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    out.write(MAGIC);
    out.write(new byte[] {1, 0, (byte) text.length, (byte) (text.length >> 8)});
    out.write(text);
    byte[] chunk = new byte[1 << 16];
    MemorySegment memory = array.memory();
    for (long at = 0; at < memory.byteSize(); at += chunk.length) {
      int n = (int) Math.min(chunk.length, memory.byteSize() - at);
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, chunk, 0, n);
      out.write(chunk, 0, n);
    }
  }

  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private static void atomically(Path path, Content content) {
    Path partial = path.resolveSibling(path.getFileName() + ".part");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial), 1 << 16)) {
        content.writeTo(out);
      }
      try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      try {
        Files.move(
            partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(partial, path, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      try {
        Files.deleteIfExists(partial);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw Input.failure(path, e);
    }
  }
}
