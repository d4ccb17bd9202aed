package org.cajal.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands in docs/data.md print the lines that stand below them, in that order; the files that
 * they read are the blocks {@code csv name=FILE} of the page. Its Java programs are run by the test
 * of the README.
 */
class DataPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("cajal.root", "..")).resolve("docs/data.md");

  @TempDir Path folder;

  /** A fenced block: what stands behind the fence, and the lines inside. */
  private record Block(String kind, List<String> lines) {}

  private static List<Block> blocks() throws Exception {
    List<Block> blocks = new ArrayList<>();
    List<String> inside = null;
    String kind = "";
    for (String line : Files.readAllLines(PAGE)) {
      if (!line.startsWith("```")) {
        if (inside != null) {
          inside.add(line);
        }
      } else if (inside == null) {
        kind = line.substring(3).strip();
        inside = new ArrayList<>();
      } else {
        blocks.add(new Block(kind, inside));
        inside = null;
      }
    }
    return blocks;
  }

  @Test
  void everyCommandPrintsTheLinesBelowIt() throws Exception {
    String named = "csv name=";
    Map<String, List<String>> printed = new HashMap<>();
    int commands = 0;
    for (Block block : blocks()) {
      if (block.kind().startsWith(named)) {
        Files.write(folder.resolve(block.kind().substring(named.length())), block.lines());
      } else if (block.kind().equals("console")) {
        String command = block.lines().getFirst();
        assertThat(command).startsWith("$ ./cajal ");
        List<String> lines = printed.get(command);
        if (lines == null) {
          lines = run(command.substring("$ ./cajal ".length()), ++commands);
          printed.put(command, lines);
        }
        assertThat(lines)
            .as(command)
            .containsSubsequence(block.lines().subList(1, block.lines().size()));
      }
    }
    assertThat(commands).isPositive();
  }

  /** The lines that a command prints, without the folder in them. */
  private List<String> run(String command, int number) {
    List<String> words = new ArrayList<>();
    for (String word : command.split(" ", -1)) {
      words.add(Files.exists(folder.resolve(word)) ? folder.resolve(word).toString() : word);
    }
    if (words.getFirst().equals("train")) {
      words.add("--output");
      words.add(folder.resolve("run" + number).toString());
    }
    StringWriter out = new StringWriter();
    PrintWriter both = new PrintWriter(out);
    Main.run(words.toArray(String[]::new), both, both);
    return out.toString().replace(folder + "/", "").lines().toList();
  }
}
