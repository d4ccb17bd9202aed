package org.cajal.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.cajal.type.CajalException;

/**
 * Opens files that may be packed with gzip (seen by their first two bytes), and turns failures into
 * one-line errors.
 */
final class Input {
  /** DEFLATE turns one byte into at most 1,032. */
  private static final long MOST_EXPANSION = 1032;

  private Input() {}

  /**
   * What reads an open file; {@code limit} is the largest number of bytes that it can possibly
   * give.
   */
  interface Reader<T> {
    T read(InputStream in, long limit) throws IOException;
  }

  /**
   * Opens, unpacks if needed, reads, closes.
   *
   * @throws CajalException if the file is missing, is a folder, cannot be read, or is a broken gzip
   *     file
   */
  static <T> T read(Path path, Reader<T> reader) {
    requireFile(path);
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
      long size = Files.size(path);
      raw.mark(2);
      boolean packed = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      if (!packed) {
        return reader.read(raw, size);
      }
      return unpack(path, raw, size, reader);
    } catch (AccessDeniedException e) {
      throw new CajalException(path + ": permission denied; make the file readable", e);
    } catch (IOException e) {
      throw new CajalException(path + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static <T> T unpack(Path path, InputStream raw, long size, Reader<T> reader)
      throws IOException {
    try (InputStream in = new BufferedInputStream(new GZIPInputStream(raw, 1 << 16), 1 << 16)) {
      return reader.read(
          in, size > Long.MAX_VALUE / MOST_EXPANSION ? Long.MAX_VALUE : size * MOST_EXPANSION);
    } catch (EOFException e) {
      throw new CajalException(
          path + ": the gzip data ends early; copy or download the file again", e);
    } catch (ZipException e) {
      throw new CajalException(path + ": broken gzip data; copy or download the file again", e);
    }
  }

  /**
   * Refuses what is no file.
   *
   * @throws CajalException if the path is missing or a folder
   */
  static void requireFile(Path path) {
    if (Files.isDirectory(path)) {
      throw new CajalException(path + ": is a folder; a file is expected");
    }
    if (Files.notExists(path)) {
      throw new CajalException(path + ": no such file; check the path");
    }
  }

  /** The one-line error of a failed operation on a path. */
  static CajalException failure(Path path, IOException e) {
    if (e instanceof AccessDeniedException) {
      return new CajalException(path + ": permission denied", e);
    }
    if (e instanceof NoSuchFileException) {
      return new CajalException(path + ": no such file or folder; check the path", e);
    }
    return new CajalException(path + ": " + e.getMessage(), e);
  }

  /** The last part of a path without its ending: {@code data/iris.csv} gives {@code iris}. */
  static String stem(String path) {
    String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    if (name.endsWith(".gz")) {
      name = name.substring(0, name.length() - 3);
    }
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
