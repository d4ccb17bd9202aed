package org.cajal.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cajal.io.AtomicFiles;
import org.cajal.io.Json;
import org.cajal.model.History;
import org.cajal.type.CajalException;

/**
 * The file {@code run.json} of a training's folder: the words of the command, the settings, what
 * was measured.
 *
 * @param arguments the words after {@code cajal train}, without those about output
 * @param command the line that repeats the run
 * @param settings by name
 * @param notes what was decided without being asked
 * @param metrics what was measured in the end; empty while training
 * @param history what was measured after each epoch
 */
record RunFile(
    List<String> arguments,
    String command,
    Map<String, String> settings,
    List<String> notes,
    Map<String, Object> metrics,
    History history) {
  /** The name of the file. */
  static final String NAME = "run.json";

  /**
   * Writes the file.
   *
   * @throws CajalException if it cannot be written
   */
  void write(Path folder) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("arguments", arguments);
    map.put("command", command);
    map.put("settings", settings);
    map.put("notes", notes);
    map.put("metrics", metrics);
    map.put("history", history.toMap());
    AtomicFiles.writeString(folder.resolve(NAME), Json.write(map) + "\n");
  }

  /**
   * The arguments of the run in a folder.
   *
   * @throws CajalException if the folder holds no run, or the file is broken
   */
  static List<String> arguments(Path folder) {
    Path file = folder.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      throw new CajalException(
          folder + ": no training to resume here: there is no " + NAME + " in it; begin a new one");
    }
    try {
      return Json.parseObject(Files.readString(file), file.toString()).strings("arguments");
    } catch (IOException e) {
      throw new CajalException(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }
}
