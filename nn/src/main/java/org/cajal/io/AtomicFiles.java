package org.cajal.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file whole or not at all: the content goes to a temporary file in the same folder, is
 * forced to the disk, and takes the target's place in one rename; then the folder is forced. A
 * reader sees the old file or the new one, never a part. After any failure the old file is as it
 * was and the temporary one is gone.
 */
public final class AtomicFiles {
  private static final String PREFIX = ".cajal-";
  private static final String SUFFIX = ".tmp";
  private static final AtomicLong COUNTER = new AtomicLong();

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes all bytes, in order. */
    void writeTo(WritableByteChannel out) throws IOException;
  }

  /** Wraps the channel of the temporary file; tests use it to run out of disk. */
  @FunctionalInterface
  interface Limit {
    WritableByteChannel on(WritableByteChannel file);
  }

  private AtomicFiles() {}

  /**
   * Puts a file in place of whatever was there. Its folder must exist. A symbolic link stays, the
   * file it leads to is replaced.
   *
   * @throws CajalException if the file cannot be written: no such folder, no permission, disk full
   */
  public static void write(Path target, Content content) {
    write(target, content, file -> file);
  }

  /** Puts a text in UTF-8 in place of whatever was there, as {@link #write(Path, Content)} does. */
  public static void writeString(Path target, String text) {
    write(target, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts bytes in place of whatever was there, as {@link #write(Path, Content)} does. */
  public static void write(Path target, byte[] bytes) {
    write(target, out -> writeFully(out, ByteBuffer.wrap(bytes)));
  }

  /** Writes all that remains in a buffer, in as many steps as the channel takes. */
  public static void writeFully(WritableByteChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  static void write(Path target, Content content, Limit limit) {
    if (Files.isDirectory(target)) {
      throw new CajalException(
          target + ": cannot be written: it is a folder",
          new FileSystemException(target.toString()));
    }
    Path temporary = null;
    try {
      Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
      Path folder = real.getParent();
      if (folder == null) {
        throw new CajalException(target + ": cannot be written: it is a folder");
      }
      if (Files.notExists(folder)) {
        Path shown = target.getParent();
        throw new CajalException(
            target
                + ": cannot be written: there is no folder "
                + (shown == null ? folder : shown)
                + "; create it first",
            new NoSuchFileException(folder.toString()));
      }
      temporary = create(folder);
      try (FileChannel file = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        content.writeTo(limit.on(file));
        file.force(true);
      }
      move(temporary, real);
      temporary = null;
      forceFolder(folder);
    } catch (IOException e) {
      throw new CajalException(
          target
              + ": cannot be written: "
              + (e instanceof NoSuchFileException ? "its folder is gone" : reason(e))
              + (Files.exists(target) ? "; the old file is unchanged" : ""),
          e);
    } finally {
      delete(temporary);
    }
  }

  /**
   * Whether an error of {@link #write} lies in the disk and its folders, which may be well again
   * later, and not in what was to be written.
   */
  public static boolean isOfTheDisk(CajalException error) {
    return error.getCause() instanceof IOException;
  }

  /**
   * Removes the temporary files in a folder whose writers ended before they could: no process has
   * their number, or one that began after the file was last changed. What cannot be removed stays.
   */
  public static void removeLeftovers(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
      for (Path file : files) {
        if (isLeftover(file)) {
          delete(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      System.getLogger(AtomicFiles.class.getName())
          .log(System.Logger.Level.DEBUG, "not looked through: " + folder, e);
    }
  }

  private static boolean isLeftover(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    int hyphen = name.indexOf('-', PREFIX.length());
    if (hyphen < 0 || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      long pid = Long.parseLong(name, PREFIX.length(), hyphen, 10);
      Long.parseLong(name, hyphen + 1, name.length() - SUFFIX.length(), 10);
      Instant changed = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .map(writer -> writer.info().startInstant().filter(changed::isBefore).isPresent())
          .orElse(true);
    } catch (NumberFormatException e) {
      return false; // not named by this class
    }
  }

  /**
   * A new empty file under a name that nobody uses, not even a killed process that had this one's
   * number.
   */
  private static Path create(Path folder) throws IOException {
    Path path = candidate(folder);
    while (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      path = candidate(folder);
    }
    return Files.createFile(path);
  }

  private static Path candidate(Path folder) {
    return folder.resolve(
        PREFIX + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet() + SUFFIX);
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Makes the rename durable; some systems cannot open a folder, where the rename itself has to do.
   */
  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      System.getLogger(AtomicFiles.class.getName())
          .log(System.Logger.Level.DEBUG, "folder not forced: " + folder, e);
    }
  }

  private static void delete(@Nullable Path temporary) {
    if (temporary != null) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        System.getLogger(AtomicFiles.class.getName())
            .log(System.Logger.Level.DEBUG, "left behind: " + temporary, e);
      }
    }
  }

  /** Why reading or writing failed, in a few plain words without the file's name. */
  static String reason(IOException e) {
    String message =
        e instanceof FileSystemException f
            ? (f.getReason() == null ? "" : f.getReason())
            : String.valueOf(e.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("no space left")
        || lower.contains("not enough space")
        || lower.contains("quota exceeded")) {
      return "the disk is full";
    }
    return switch (e) {
      case AccessDeniedException a -> "permission denied";
      case NoSuchFileException n -> "no such file";
      default -> message.isEmpty() ? e.getClass().getSimpleName() : Quote.line(message, 160);
    };
  }
}
