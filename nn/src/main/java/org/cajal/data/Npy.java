package org.cajal.data;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;

/**
 * Reads and writes NumPy's array files: {@code .npy} in versions 1 to 3 and {@code .npz} archives
 * of them (NumPy Enhancement Proposal 1), little- and big-endian, C and Fortran order. Element
 * types: f4, f8, i4, i8 and b1 as they are; f2 becomes F32, i1, i2, u1 and u2 become I32, u4 and u8
 * I64, all exactly; U and S are texts. Complex numbers, dates, records and Python objects are
 * refused by name. The header is parsed as what it is, a literal; its shape is believed only as far
 * as the file can hold it.
 */
public final class Npy {
  private Npy() {}

  /**
   * The array of an {@code .npy} file.
   *
   * @throws CajalException if the file is missing, no such file, truncated, of a type which is not
   *     read, of texts (see {@link #readTexts}), of a number beyond I64, or of a lying shape
   */
  public static NDArray read(Path path) {
    return values(path).array();
  }

  /**
   * The elements of an {@code .npy} file as texts, row-major: labels from texts, and ids of 64 bits
   * exactly. Truth values are True and False.
   *
   * @throws CajalException as for {@link #read}, but for texts and numbers beyond I64
   */
  public static List<String> readTexts(Path path) {
    return values(path).texts();
  }

  static NpyValues values(Path path) {
    Input.requireFile(path);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
      return NpyValues.read(path.toString(), in, Files.size(path));
    } catch (IOException e) {
      throw Input.failure(path, e);
    }
  }

  /**
   * The arrays of an {@code .npz} file by name, in the order of the file. A member that cannot be
   * read does not keep the others from being read; see {@link NpyArchive#unreadable}.
   *
   * @throws CajalException if the file is missing or no archive
   */
  public static NpyArchive readArchive(Path path) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    Map<String, NpyValues> others = new LinkedHashMap<>();
    Map<String, String> unreadable = new LinkedHashMap<>();
    try (NpzFile file = new NpzFile(path)) {
      for (String name : file.names()) {
        try {
          NpyValues values = file.values(name);
          others.put(name, values);
          arrays.put(name, values.array());
          others.remove(name);
        } catch (CajalException e) {
          unreadable.put(name, String.valueOf(e.getMessage()));
        }
      }
    }
    return new NpyArchive(path.toString(), arrays, others, unreadable);
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
    String type = NpyHeader.type(array.dtype());
    List<String> dims = array.shape().dims().stream().map(d -> Integer.toString(d)).toList();
    String shape = "(" + String.join(", ", dims) + (dims.size() == 1 ? ",)" : ")");
    String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    int padding = 63 - (10 + header.length()) % 64;
    byte[] text = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    out.write(NpyValues.MAGIC);
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
