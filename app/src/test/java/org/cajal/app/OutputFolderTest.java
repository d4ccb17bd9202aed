package org.cajal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cajal.model.Model;
import org.cajal.type.CajalException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every state that a run's folder can be left in. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class OutputFolderTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int cajal(Object... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] words = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
    return Main.run(words, new PrintWriter(out), new PrintWriter(err));
  }

  private int train(Path run, Object... more) {
    List<Object> words = new ArrayList<>(List.of("train", "moons", "--samples", 60, "--epochs", 2));
    words.addAll(List.of("--output", run, "--quiet"));
    words.addAll(List.of(more));
    return cajal(words.toArray());
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private String lastLine() {
    return err.toString().lines().toList().getLast();
  }

  @Test
  void oneTrainingAtATimeWritesIntoAFolder() throws IOException {
    Path run = folder.resolve("run");
    String taken = run + ": another training writes into this folder; give another, or wait for it";
    try (OutputFolder.Claim _ = OutputFolder.claim(run, true)) {
      assertThatThrownBy(() -> OutputFolder.claim(run, true))
          .isInstanceOf(CajalException.class)
          .hasMessage(taken);
      assertThatThrownBy(() -> OutputFolder.claim(run, false)).hasMessage(taken);
      assertThat(train(run)).isEqualTo(Main.BAD_INPUT);
      assertThat(lastLine()).isEqualTo("cajal: " + taken);
    }
    assertThat(files(run)).isEmpty();
    Files.createFile(run.resolve("notes.txt"));
    assertThatThrownBy(() -> OutputFolder.claim(run, true))
        .hasMessage(
            run + ": the output folder is not empty; give a new one, or remove what is in it");
    assertThat(files(run)).containsExactly("notes.txt");
  }

  @Test
  void aTrainingOfAnotherProcessKeepsTheFolderUntilItIsKilled() throws Exception {
    Path run = folder.resolve("run");
    Path said = folder.resolve("said.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-modules", "jdk.incubator.vector", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "train", "moons", "--samples", "64"));
    command.addAll(List.of("--epochs", "1000000", "--patience", "0", "--output", run.toString()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      while (!Files.exists(run.resolve(RunFile.NAME))) {
        assertThat(process.isAlive()).as(Files.readString(said)).isTrue();
        Thread.sleep(10);
      }
      assertThatThrownBy(() -> OutputFolder.claim(run, false))
          .hasMessage(
              run + ": another training writes into this folder; give another, or wait for it");
    } finally {
      process.destroyForcibly().waitFor();
    }
    Files.createFile(run.resolve(".cajal-" + process.pid() + "-77.tmp"));
    assertThat(files(run)).contains(".cajal-claim", RunFile.NAME);
    assertThat(train(run)).isEqualTo(Main.BAD_INPUT);
    assertThat(lastLine())
        .isEqualTo(
            "cajal: "
                + run
                + ": the output folder holds a training; give a new one, or go on with that by "
                + CommandText.program()
                + " train --resume "
                + run);
    Files.deleteIfExists(run.resolve("last.safetensors"));
    Files.deleteIfExists(run.resolve("best.safetensors"));
    assertThat(cajal("train", "--resume", run, "--epochs", 1)).isEqualTo(Main.OK);
    assertThat(err.toString())
        .contains("note: " + run + " has no checkpoint yet; training begins from the first step");
    assertThat(files(run))
        .containsExactly("last.safetensors", "model.safetensors", "report.html", RunFile.NAME);
  }

  @Test
  void whatAKilledProcessLeavesOfItsClaimHindersNobody() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(run.resolve(".cajal-claim"), "left behind");
    assertThat(train(run)).isEqualTo(Main.OK);
    assertThat(files(run))
        .containsExactly("last.safetensors", "model.safetensors", "report.html", RunFile.NAME);
  }

  @Test
  void aTrainingThatIsOverWithoutACheckpointSaysSo() throws IOException {
    Path run = folder.resolve("run");
    assertThat(train(run)).isEqualTo(Main.OK);
    String model = Model.load(run.resolve("model.safetensors")).sha256();
    Files.delete(run.resolve("last.safetensors"));
    assertThat(cajal("train", "--resume", run, "--epochs", 3)).isEqualTo(Main.BAD_INPUT);
    assertThat(lastLine())
        .isEqualTo(
            "cajal: "
                + run
                + ": this training is over, and there is no last.safetensors to go on from; begin"
                + " a new one");
    assertThat(Model.load(run.resolve("model.safetensors")).sha256()).isEqualTo(model);
    assertThat(Files.readString(run.resolve(RunFile.NAME))).contains("\"accuracy\"");
  }

  @Test
  void whatCannotBeWrittenHidesNoResult() throws IOException {
    Path run = folder.resolve("run");
    assertThat(train(run)).isEqualTo(Main.OK);
    for (String name : List.of("model.safetensors", "report.html")) {
      Files.delete(run.resolve(name));
      Files.createDirectory(run.resolve(name));
    }
    assertThat(cajal("train", "--resume", run, "--epochs", 3)).isEqualTo(Main.BAD_INPUT);
    Path kept =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "cajal-" + ProcessHandle.current().pid() + "-model.safetensors");
    try {
      assertThat(out.toString())
          .contains("test accuracy ", "model   " + kept)
          .doesNotContain("report  ");
      assertThat(lastLine())
          .isEqualTo(
              "cajal: "
                  + run.resolve("model.safetensors")
                  + ": cannot be written: it is a folder, so the model is saved as "
                  + kept
                  + "; "
                  + run.resolve("report.html")
                  + ": cannot be written: it is a folder");
      assertThat(Model.load(kept).history().epochs()).hasSize(3);
    } finally {
      Files.deleteIfExists(kept);
    }
  }
}
