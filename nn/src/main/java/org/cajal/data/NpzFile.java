package org.cajal.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.cajal.io.Quote;
import org.cajal.type.CajalException;

/**
 * An open {@code .npz} archive, whose members are read one by one: each with its checksum, so that
 * a damaged one is refused and the others are not.
 */
final class NpzFile implements AutoCloseable {
  private static final String ENDING = ".npy";

  /** DEFLATE turns one byte into at most 1,032. */
  private static final long MOST_EXPANSION = 1032;

  /**
   * What packs better than so many times, beyond a few MB, is unpacked once before it is stored.
   */
  private static final long USUAL_EXPANSION = 8;

  private static final long SMALL = 1 << 22;

  private final Path path;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();
  private final List<String> twice = new ArrayList<>();

  /**
   * Opens an archive.
   *
   * @throws CajalException if there is no such file, or it is no archive
   */
  NpzFile(Path path) {
    Input.requireFile(path);
    this.path = path;
    try {
      zip = new ZipFile(path.toFile());
    } catch (ZipException e) {
      throw new CajalException(
          path + ": not an .npz archive, or a broken one; write or copy it again", e);
    } catch (IOException e) {
      throw Input.failure(path, e);
    }
    for (Iterator<? extends ZipEntry> it = zip.entries().asIterator(); it.hasNext(); ) {
      ZipEntry entry = it.next();
      if (entries.put(name(entry), entry) != null) {
        twice.add(name(entry));
      }
    }
  }

  private static String name(ZipEntry entry) {
    String name = entry.getName();
    return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
  }

  /** The arrays' names in the order of the archive; other members by their whole names. */
  List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /**
   * What a member says of its values.
   *
   * @throws CajalException if it is no array, or of a type that is not read
   */
  NpyHeader header(String name) {
    return read(name, (where, in, limit) -> NpyValues.header(where, in), false);
  }

  /**
   * A member's values.
   *
   * @throws CajalException if it is no array, of a type that is not read, or damaged
   */
  NpyValues values(String name) {
    return read(name, NpyValues::read, true);
  }

  private interface Reader<T> {
    T read(String where, InputStream in, long limit) throws IOException;
  }

  private <T> T read(String name, Reader<T> reader, boolean whole) {
    ZipEntry entry = entries.get(name);
    if (entry == null) {
      throw new CajalException(Nearest.unknown(path + ": no array", name, names()));
    }
    String where = path + ", " + Quote.line(entry.getName(), 80);
    if (!entry.getName().endsWith(ENDING)) {
      throw new CajalException(where + ": not an array; arrays in an archive end in .npy");
    }
    if (twice.contains(name)) {
      throw new CajalException(where + ": two members have this name; write the archive again");
    }
    try {
      long limit = entry.getSize();
      long packed = entry.getCompressedSize();
      if (limit > packed * USUAL_EXPANSION + SMALL && whole) {
        limit = Math.min(limit, unpacked(entry, packed * MOST_EXPANSION));
      }
      CRC32 sum = new CRC32();
      try (InputStream in = new CheckedInputStream(open(entry), sum)) {
        T out = reader.read(where, in, limit);
        if (whole && sum.getValue() != entry.getCrc()) {
          throw new CajalException(
              where + ": the checksum of the values is wrong; the archive is damaged");
        }
        return out;
      }
    } catch (EOFException | ZipException e) {
      throw new CajalException(where + ": the packed bytes are broken; copy the file again", e);
    } catch (IOException e) {
      throw Input.failure(path, e);
    }
  }

  private InputStream open(ZipEntry entry) throws IOException {
    return new BufferedInputStream(zip.getInputStream(entry), 1 << 16);
  }

  /** How many bytes a member really has, at most {@code most}. */
  private long unpacked(ZipEntry entry, long most) throws IOException {
    try (InputStream in = open(entry)) {
      return Math.min(most, in.transferTo(OutputStream.nullOutputStream()));
    }
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw Input.failure(path, e);
    }
  }
}
