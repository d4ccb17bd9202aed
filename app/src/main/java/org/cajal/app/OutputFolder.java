package org.cajal.app;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.cajal.io.AtomicFiles;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a run writes into: new or empty, so that nothing is ever overwritten, and claimed
 * by one process at a time.
 */
final class OutputFolder {
  /** The file that is locked while a process writes into the folder; it ends with the process. */
  private static final String CLAIM = ".cajal-claim";

  /** The folders that this process has claimed. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private OutputFolder() {}

  /**
   * The folder for a run; not made yet.
   *
   * @param wanted by the user, or null for a name out of data and time in the current folder
   * @throws CajalException if the wanted folder has something in it, is a file, or cannot be
   *     written to
   */
  static Path choose(@Nullable Path wanted, String dataName, LocalDateTime now) {
    if (wanted != null) {
      return checked(wanted);
    }
    String name = plain(dataName) + "-" + STAMP.format(now);
    Path folder = Path.of(name);
    for (int i = 2; Files.exists(folder); i++) {
      folder = Path.of(name + "-" + i);
    }
    return checked(folder);
  }

  private static Path checked(Path folder) {
    if (Files.isDirectory(folder)) {
      requireEmpty(folder);
    } else if (Files.exists(folder)) {
      throw new CajalException(folder + ": is a file; the output needs a folder");
    }
    Path existing = folder.toAbsolutePath();
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      throw new CajalException(
          folder + ": " + existing + " cannot be written to; give another --output");
    }
    return folder;
  }

  /** Refuses a folder with anything in it but what a process that ended left of its claim. */
  private static void requireEmpty(Path folder) {
    AtomicFiles.removeLeftovers(folder);
    List<String> names;
    try (Stream<Path> entries = Files.list(folder)) {
      names = entries.map(entry -> String.valueOf(entry.getFileName())).toList();
    } catch (IOException e) {
      throw new CajalException(folder + ": the output folder cannot be read", e);
    }
    if (names.stream().allMatch(CLAIM::equals)) {
      return;
    }
    throw new CajalException(
        names.contains(RunFile.NAME)
            ? folder
                + ": the output folder holds a training; give a new one, or go on with that by "
                + CommandText.line(
                    CommandText.program(), List.of("train", "--resume", folder.toString()))
            : folder + ": the output folder is not empty; give a new one, or remove what is in it");
  }

  /**
   * The right to write into a folder: a locked file in it. The lock ends with its process, however
   * that ends; the file that stays then hinders nobody. No other channel to the file may be opened
   * in this process, since closing that would end the lock.
   */
  static final class Claim implements AutoCloseable {
    private final Path folder;
    private final Path file;
    private final RandomAccessFile open;

    private Claim(Path folder, Path file, RandomAccessFile open) {
      this.folder = folder;
      this.file = file;
      this.open = open;
    }

    /** Gives the folder free. */
    @Override
    public void close() {
      try (open) {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        System.getLogger(OutputFolder.class.getName())
            .log(System.Logger.Level.DEBUG, "left behind: " + file, e);
      } finally {
        OWN.remove(folder);
      }
    }
  }

  /**
   * Makes the folder, if it is not there, and claims it.
   *
   * @param fresh whether nothing may be in it
   * @throws CajalException if another training has claimed it, it is not empty where it must be, or
   *     it cannot be made
   */
  static Claim claim(Path folder, boolean fresh) {
    try {
      Files.createDirectories(folder);
      Path real = folder.toRealPath();
      Claim claim = OWN.add(real) ? locked(real) : null;
      if (claim == null) {
        throw new CajalException(
            folder + ": another training writes into this folder; give another, or wait for it");
      }
      return fresh ? empty(folder, claim) : claim;
    } catch (IOException e) {
      throw new CajalException(
          folder + ": the output folder cannot be made (" + e.getMessage() + ")", e);
    }
  }

  /** The claim on a folder that is entered in {@link #OWN}; null if another process has it. */
  private static @Nullable Claim locked(Path folder) throws IOException {
    Path file = folder.resolve(CLAIM);
    boolean kept = false;
    try {
      while (true) {
        RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw");
        if (!isLocked(open.getChannel())) {
          open.close();
          return null;
        }
        // Another may have removed the file before it was locked here, and a third made a new one:
        // its size, by clock and process, tells them apart without a second channel.
        open.setLength(1 + ((System.nanoTime() ^ ProcessHandle.current().pid() << 8) & 0xfffffff));
        if (Files.exists(file) && Files.size(file) == open.length()) {
          kept = true;
          return new Claim(folder, file, open);
        }
        open.close();
      }
    } finally {
      if (!kept) {
        OWN.remove(folder);
      }
    }
  }

  private static boolean isLocked(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException e) {
      // Some file systems have no locks: there, whoever comes at the same moment is not seen.
      System.getLogger(OutputFolder.class.getName())
          .log(System.Logger.Level.DEBUG, "no lock on the output folder", e);
      return true;
    }
  }

  private static Claim empty(Path folder, Claim claim) {
    try {
      requireEmpty(folder);
      return claim;
    } catch (CajalException e) {
      claim.close();
      throw e;
    }
  }

  /** A name that is good for a folder anywhere: letters, digits, dots and hyphens. */
  private static String plain(String name) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      out.append(Character.isLetterOrDigit(c) || c == '.' || c == '_' ? c : '-');
    }
    return out.isEmpty() || out.charAt(0) == '.' ? "data" + out : out.toString();
  }
}
