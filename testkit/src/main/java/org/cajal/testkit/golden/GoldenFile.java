package org.cajal.testkit.golden;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cajal.io.Json;
import org.cajal.io.Safetensors;
import org.cajal.type.CajalException;

/**
 * One group of reference results: a safetensors file whose metadata lists cases, each an operation,
 * its arguments, its inputs and what must come out.
 */
public final class GoldenFile {
  private static final String FORMAT = "golden/1";

  private final String group;
  private final List<GoldenCase> cases;

  private GoldenFile(String group, List<GoldenCase> cases) {
    this.group = group;
    this.cases = cases;
  }

  /**
   * The folder of golden files: the system property {@code cajal.golden}, by default {@code
   * ../shared/golden}.
   *
   * @return nothing where there is no such folder
   */
  public static Optional<Path> directory() {
    Path folder = Path.of(System.getProperty("cajal.golden", "../shared/golden"));
    return Files.isDirectory(folder) ? Optional.of(folder) : Optional.empty();
  }

  /**
   * Reads a file; its tensors are mapped.
   *
   * @throws CajalException if the file cannot be read or is no file of golden values
   */
  public static GoldenFile open(Path file) {
    Safetensors.Contents contents = Safetensors.read(file);
    Map<String, String> metadata = contents.metadata();
    String format = metadata.get("format");
    if (!FORMAT.equals(format)) {
      throw new CajalException(
          file
              + ": the metadata's format is "
              + format
              + "; golden values have the format "
              + FORMAT);
    }
    String source = String.valueOf(file.getFileName());
    List<GoldenCase> cases =
        Json.parseObject("{\"cases\":" + text(metadata, "cases", file) + "}", source)
            .strings("cases")
            .stream()
            .map(
                name ->
                    new GoldenCase(
                        name,
                        Json.parseObject(text(metadata, "case/" + name, file), source + " " + name),
                        contents.tensors()))
            .toList();
    return new GoldenFile(text(metadata, "group", file), cases);
  }

  private static String text(Map<String, String> metadata, String name, Path file) {
    String text = metadata.get(name);
    if (text == null) {
      throw new CajalException(
          file + ": the metadata has no entry \"" + name + "\"; golden values need it");
    }
    return text;
  }

  /** What the file calls its group. */
  public String group() {
    return group;
  }

  /** The cases in the file's order. */
  public List<GoldenCase> cases() {
    return cases;
  }

  @Override
  public String toString() {
    return "golden values " + group + ", " + cases.size() + " cases";
  }
}
