package org.cajal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.cajal.type.CajalException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  /** A channel on a disk with room for so many bytes. */
  static AtomicFiles.Limit diskWith(long room) {
    return file ->
        new WritableByteChannel() {
          private long left = room;

          @Override
          public int write(ByteBuffer bytes) throws IOException {
            if (left == 0) {
              throw new IOException("No space left on device");
            }
            int n = (int) Math.min(Math.min(left, bytes.remaining()), 1000);
            ByteBuffer part = bytes.slice(bytes.position(), n);
            AtomicFiles.writeFully(file, part);
            bytes.position(bytes.position() + n);
            left -= n;
            return n;
          }

          @Override
          public boolean isOpen() {
            return file.isOpen();
          }

          @Override
          public void close() throws IOException {
            file.close();
          }
        };
  }

  private void assertFolderHolds(String... names) throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  @Test
  void writesAndReplaces() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeString(file, "one");
    assertThat(file).hasContent("one");
    AtomicFiles.writeString(file, "zwölf");
    assertThat(Files.readAllBytes(file)).isEqualTo("zwölf".getBytes(StandardCharsets.UTF_8));
    assertFolderHolds("a.txt");
  }

  @Test
  void keepsTheOldFileWhenTheDiskIsFull() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeString(file, "old");
    ByteBuffer bytes = ByteBuffer.allocate(5000);
    assertThatThrownBy(
            () ->
                AtomicFiles.write(file, out -> AtomicFiles.writeFully(out, bytes), diskWith(2500)))
        .isInstanceOf(CajalException.class)
        .hasMessage(file + ": cannot be written: the disk is full; the old file is unchanged");
    assertThat(file).hasContent("old");
    assertFolderHolds("a.txt");
  }

  @Test
  void leavesNothingWhenAFirstWriteFails() throws IOException {
    Path file = folder.resolve("a.txt");
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    out -> {
                      AtomicFiles.writeFully(out, ByteBuffer.wrap(new byte[10]));
                      throw new IllegalStateException("broken producer");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("broken producer");
    assertFolderHolds();
  }

  @Test
  void saysWhichFolderIsMissing() {
    Path file = folder.resolve("none").resolve("a.txt");
    assertThatThrownBy(() -> AtomicFiles.writeString(file, "x"))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            file
                + ": cannot be written: there is no folder "
                + file.getParent()
                + "; create it first");
  }

  @Test
  void refusesAFolder() {
    assertThatThrownBy(() -> AtomicFiles.writeString(folder, "x"))
        .isInstanceOf(CajalException.class)
        .hasMessage(folder + ": cannot be written: it is a folder");
  }

  @Test
  void writesThroughASymbolicLink() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    AtomicFiles.writeString(link, "new");
    assertThat(file).hasContent("new");
    assertThat(link).isSymbolicLink();
  }

  @Test
  void tellsTroubleWithTheDiskFromOther() {
    Path missing = folder.resolve("none").resolve("a.txt");
    assertThat(catchThrowable(() -> AtomicFiles.writeString(missing, "x")))
        .isInstanceOfSatisfying(
            CajalException.class, e -> assertThat(AtomicFiles.isOfTheDisk(e)).isTrue());
    Path full = folder.resolve("a.txt");
    ByteBuffer bytes = ByteBuffer.allocate(5000);
    assertThat(
            catchThrowable(
                () ->
                    AtomicFiles.write(
                        full, out -> AtomicFiles.writeFully(out, bytes), diskWith(2500))))
        .isInstanceOfSatisfying(
            CajalException.class, e -> assertThat(AtomicFiles.isOfTheDisk(e)).isTrue());
    assertThat(AtomicFiles.isOfTheDisk(new CajalException("[layer] has no name"))).isFalse();
  }

  @Test
  void aFolderThatGoesAwayIsNamedAsTheReason() {
    Path file = folder.resolve("gone").resolve("a.txt");
    assertThatThrownBy(
            () -> {
              Files.createDirectory(file.getParent());
              AtomicFiles.write(
                  file,
                  out -> {
                    AtomicFiles.writeFully(out, ByteBuffer.wrap(new byte[10]));
                    removeWithContents(file.getParent());
                  });
            })
        .isInstanceOf(CajalException.class)
        .hasMessage(file + ": cannot be written: its folder is gone");
  }

  private static void removeWithContents(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Test
  void removesTemporaryFilesOfProcessesThatEndedAndNoOthers() throws IOException {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    other.onExit().join();
    long self = ProcessHandle.current().pid();
    Path reused = Files.createFile(folder.resolve(".cajal-" + self + "-9000001.tmp"));
    Files.setLastModifiedTime(reused, FileTime.from(Instant.EPOCH));
    Files.createFile(folder.resolve(".cajal-" + other.pid() + "-1.tmp"));
    Files.createFile(folder.resolve(".cajal-" + self + "-9000002.tmp"));
    Files.createFile(folder.resolve(".cajal-notes.tmp"));
    Files.createFile(folder.resolve(".cajal-" + other.pid() + "-x.tmp"));
    Files.createDirectory(folder.resolve(".cajal-" + other.pid() + "-2.tmp"));
    AtomicFiles.removeLeftovers(folder);
    assertFolderHolds(
        ".cajal-" + self + "-9000002.tmp",
        ".cajal-notes.tmp",
        ".cajal-" + other.pid() + "-x.tmp",
        ".cajal-" + other.pid() + "-2.tmp");
  }

  @Test
  void takesANameOfTheGreatestLength() {
    Path file = folder.resolve("n".repeat(255));
    AtomicFiles.writeString(file, "x");
    assertThat(file).hasContent("x");
  }
}
