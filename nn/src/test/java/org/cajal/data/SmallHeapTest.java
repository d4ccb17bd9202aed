package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.cajal.type.CajalException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images that claim more pixels than a small heap can hold. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SmallHeapTest {
  @TempDir Path folder;

  /** Reads an image in a process of its own, and says what happened. */
  public static void main(String[] args) {
    try {
      Images.read(Path.of(args[0]), 1, 8, 8);
      System.out.println("read");
    } catch (CajalException e) {
      System.out.println(e.getMessage());
    }
  }

  private String readWith(String heap, Path image) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeapTest.class.getName(),
                image.toString())
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  @Test
  void aSmallFileThatClaimsManyPixelsIsRefusedByTheHeap() throws IOException {
    BufferedImage white = new BufferedImage(8000, 4000, BufferedImage.TYPE_BYTE_BINARY);
    Path file = folder.resolve("white.gif");
    assertThat(ImageIO.write(white, "gif", file.toFile())).isTrue();
    assertThat(Files.size(file)).isLessThan(200_000);
    assertThat(readWith("-Xmx64m", file))
        .startsWith(file + ": the image declares 8000 × 4000 pixels; at most ")
        .endsWith(" in all are allowed with this heap; enlarge it by -Xmx");
    assertThat(readWith("-Xmx1g", file)).isEqualTo("read");
  }
}
