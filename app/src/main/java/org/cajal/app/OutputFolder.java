package org.cajal.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Stream;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;

/** The folder that a run writes into: new or empty, so that nothing is ever overwritten. */
final class OutputFolder {
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
      try (Stream<Path> entries = Files.list(folder)) {
        if (entries.findAny().isPresent()) {
          throw new CajalException(
              folder + ": the output folder is not empty; give a new one, or remove what is in it");
        }
      } catch (IOException e) {
        throw new CajalException(folder + ": the output folder cannot be read", e);
      }
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

  /**
   * Makes the folder.
   *
   * @throws CajalException if that fails
   */
  static void make(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new CajalException(
          folder + ": the output folder cannot be made (" + e.getMessage() + ")", e);
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
