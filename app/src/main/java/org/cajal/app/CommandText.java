package org.cajal.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines to be pasted into a shell. */
final class CommandText {
  private static final String PLAIN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./=+,:@%";

  private CommandText() {}

  /**
   * What to type to start this program: {@code ./cajal} where the launcher lies in the current
   * folder.
   */
  static String program() {
    return Files.isExecutable(Path.of("cajal")) && Files.isRegularFile(Path.of("cajal"))
        ? "./cajal"
        : "cajal";
  }

  /** A line of words, each as a POSIX shell reads it back. */
  static String line(String program, List<String> words) {
    List<String> out = new ArrayList<>(List.of(program));
    words.forEach(word -> out.add(quoted(word)));
    return String.join(" ", out);
  }

  static String quoted(String word) {
    return !word.isEmpty() && word.chars().allMatch(c -> PLAIN.indexOf(c) >= 0)
        ? word
        : "'" + word.replace("'", "'\\''") + "'";
  }
}
