package org.cajal.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.cajal.data.BadInput.refused;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetsTest {
  @TempDir Path folder;

  private void tiny(Path where, boolean packed) throws IOException {
    Files.createDirectories(where);
    String end = packed ? ".gz" : "";
    for (String part : List.of("train", "t10k")) {
      byte[] x = IdxTest.images(2, 28, 28, 2 * 784);
      byte[] y = IdxTest.labels(2, 3, 9);
      Files.write(where.resolve(part + "-images-idx3-ubyte" + end), packed ? IdxTest.gzip(x) : x);
      Files.write(where.resolve(part + "-labels-idx1-ubyte" + end), packed ? IdxTest.gzip(y) : y);
    }
  }

  @Test
  void readsFromAFolderPackedOrNotDirectlyOrBelow() throws IOException {
    tiny(folder.resolve("a"), false);
    tiny(folder.resolve("b").resolve("fashion-mnist"), true);
    assertThat(Sets.load("mnist", folder.resolve("a")).train().classIndices())
        .containsExactly(3, 9);
    assertThat(Sets.load("fashion-mnist", folder.resolve("b")).test().classLabels().get(9))
        .isEqualTo("Ankle boot");
  }

  @Test
  void namesTheFileWhichAFolderLacks() {
    refused(
        () -> Sets.load("mnist", folder),
        "[mnist] no train-images-idx3-ubyte.gz (packed or not) in "
            + folder
            + " or "
            + folder.resolve("mnist")
            + "; give the folder with the four files of mnist, or none to download them");
  }

  @Test
  void refusesAnUnknownName() {
    refused(
        () -> Sets.load("minst", folder),
        "[data] no set \"minst\"; there are \"mnist\", \"fashion-mnist\"");
  }

  @Test
  void usesTheFolderOfTheEnvironmentThenTheCache() throws IOException {
    Path cache = folder.resolve("cache");
    tiny(folder.resolve("env"), true);
    String env = folder.resolve("env").toString();
    assertThat(Sets.load("mnist", null, env, cache, "http://localhost:1/").train().size())
        .isEqualTo(2);
    tiny(cache.resolve("mnist"), true);
    assertThat(Sets.load("mnist", null, null, cache, "http://localhost:1/").train().size())
        .isEqualTo(2);
  }

  @Test
  void refusesAFileWithAnotherSumAndLeavesNothingBehind() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answer(server));
      String base =
          "http://"
              + InetAddress.getLoopbackAddress().getHostAddress()
              + ":"
              + server.getLocalPort();
      Path cache = folder.resolve("cache");
      String hint =
          "; go online, or put the files of mnist into a folder and name it (or set CAJAL_DATA)";
      refused(
          () -> Sets.load("mnist", null, null, cache, base + "/there/"),
          "[mnist] cannot be downloaded: "
              + base
              + "/there/train-images-idx3-ubyte.gz gives another file (SHA-256 "
              + "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81, "
              + "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609 is expected)"
              + hint);
      refused(
          () -> Sets.load("mnist", null, null, cache, base + "/gone/"),
          "[mnist] cannot be downloaded: "
              + base
              + "/gone/train-images-idx3-ubyte.gz: HTTP status 404"
              + hint);
      try (Stream<Path> left = Files.list(cache.resolve("mnist"))) {
        assertThat(left).isEmpty();
      }
      Path got =
          Download.cached(
              "x",
              "f",
              List.of(base + "/gone/", base + "/there/"),
              "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81",
              cache);
      assertThat(got).hasBinaryContent(new byte[] {1, 2, 3});
    }
  }

  /**
   * Answers three bytes to requests below /there and status 404 to others, until the socket is
   * closed.
   */
  private static void answer(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept();
          BufferedReader in =
              new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
        boolean there = in.readLine().contains(" /there");
        while (!in.readLine().isEmpty()) {
          // the headers of the request do not matter
        }
        String head = there ? "200 OK\r\nContent-Length: 3" : "404 Not Found\r\nContent-Length: 0";
        String body = there ? "\1\2\3" : "";
        socket
            .getOutputStream()
            .write(("HTTP/1.1 " + head + "\r\nConnection: close\r\n\r\n" + body).getBytes(UTF_8));
      } catch (IOException e) {
        return;
      }
    }
  }

  @Test
  void saysWhatToDoWithoutANetwork() {
    refused(
        () -> Sets.load("mnist", null, null, folder, "http://127.0.0.1:1/"),
        "[mnist] cannot be downloaded: http://127.0.0.1:1/train-images-idx3-ubyte.gz: no"
            + " connection; go online, or put the files of mnist into a folder and name it (or set"
            + " CAJAL_DATA)");
  }

  @Test
  void readsTheRealMnist() {
    RealData.file("mnist/train-images-idx3-ubyte.gz");
    TrainTest mnist = Sets.load("mnist", RealData.folder());
    assertThat(mnist.train().size()).isEqualTo(60_000);
    assertThat(mnist.train().featureShape()).isEqualTo(Shape.of(1, 28, 28));
    assertThat(mnist.train().classCounts())
        .containsExactly(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
    ImageScaling scaling = mnist.train().fitScaling();
    assertThat(scaling.mean().get(0)).isCloseTo(0.1307, within(1e-4));
    assertThat(scaling.deviation().get(0)).isCloseTo(0.3081, within(1e-4));
    assertThat(Leaks.rowsInBoth(mnist.train(), mnist.test())).isZero();
  }

  @Test
  void readsTheRealFashionMnist() {
    RealData.file("fashion-mnist/train-images-idx3-ubyte.gz");
    TrainTest fashion = Sets.load("fashion-mnist", RealData.folder());
    assertThat(fashion.train().classCounts()).containsOnly(6000);
    assertThat(fashion.test().classCounts()).containsOnly(1000);
    assertThat(fashion.train().fitScaling().mean().get(0)).isCloseTo(0.2860, within(1e-4));
  }
}
