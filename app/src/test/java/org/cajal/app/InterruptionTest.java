package org.cajal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cajal.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in a training of a process of its own. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class InterruptionTest {
  private static final int SIGINT = 2;

  @TempDir Path folder;

  @Test
  void theBestModelSoFarIsKept() throws IOException, InterruptedException {
    assumeFalse(System.getProperty("os.name").startsWith("Windows"), "Windows has no signals");
    Path run = folder.resolve("run");
    Path said = folder.resolve("said.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-modules", "jdk.incubator.vector", "-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(Main.class.getName(), "train", "moons", "--samples", "64", "--model", "mlp"));
    command.addAll(List.of("--epochs", "1000000", "--patience", "0", "--output", run.toString()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      while (!Files.readString(said).contains("epoch       1/1000000")) {
        assertThat(process.isAlive()).as(Files.readString(said)).isTrue();
        Thread.sleep(50);
      }
      interrupt(process);
      assertThat(process.waitFor()).isNotEqualTo(Main.OK);
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(said))
        .containsPattern(
            "interrupted in epoch [0-9]+: the best model so far, of epoch [0-9]+, is kept; go on"
                + " with (\\./)?cajal train --resume "
                + run)
        .contains("test accuracy ", "model   " + run.resolve("model.safetensors"))
        .doesNotContain("Exception");
    assertThat(Model.load(run.resolve("model.safetensors")).history().epochs()).isNotEmpty();
    assertThat(run.resolve("report.html")).isNotEmptyFile();
  }

  /**
   * What Ctrl-C sends; or, where a parent of this process has switched that off, what a system
   * sends to end a process.
   */
  private static void interrupt(Process process) throws IOException, InterruptedException {
    String signal = ignored(process) ? "TERM" : "INT";
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  private static boolean ignored(Process process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return false;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("SigIgn:")) {
        return (Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16)
                    >> (SIGINT - 1)
                & 1)
            == 1;
      }
    }
    return false;
  }
}
