package org.cajal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.cajal.data.Csv;
import org.cajal.data.CsvOptions;
import org.cajal.data.Dataset;
import org.cajal.data.FloatRows;
import org.cajal.data.Images;
import org.cajal.data.Npy;
import org.cajal.data.Preprocessing;
import org.cajal.data.Table;
import org.cajal.data.Target;
import org.cajal.io.Json;
import org.cajal.io.Safetensors;
import org.cajal.layer.Layer;
import org.cajal.layer.Layers;
import org.cajal.layer.Padding;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every reader on damaged files: it succeeds, or refuses in one line, soon and with little memory.
 * How many each and from which seed is set by {@code -Dcajal.fuzz=100000} and {@code
 * -Dcajal.fuzz.seed=7}.
 */
class ReadersFuzzTest {
  private static final int COUNT = Integer.getInteger("cajal.fuzz", 2000);
  private static final long SEED = Long.getLong("cajal.fuzz.seed", 1);

  /** What a file may allocate beside eight times its size. */
  private static final long SOME_MEGABYTES = 64L << 20;

  private static final long LONGEST_NANOS = 10_000_000_000L;

  private static final List<String> SPITEFUL =
      List.of(
          "-1",
          "0",
          "1",
          "2",
          "255",
          "65535",
          "1000000",
          "16777216",
          "2147483647",
          "-2147483648",
          "4294967296",
          "9223372036854775807",
          "1e308",
          "0.5",
          "null",
          "true",
          "[]",
          "{}",
          "\"\"",
          "\"nan\"");

  @TempDir Path folder;

  /** Reads a file. */
  private interface Reader {
    void read(Path file) throws IOException;
  }

  private void fuzz(String kind, byte[] good, boolean text, Reader reader) throws IOException {
    Path file = folder.resolve("mutated." + kind);
    Files.write(file, good);
    reader.read(file); // what is not damaged is read
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < COUNT; i++) {
      byte[] bytes = mutated(good, text, new Random(31 * SEED + i));
      Files.write(file, bytes);
      String which = kind + " with -Dcajal.fuzz.seed=" + SEED + ", input " + i;
      long start = System.nanoTime();
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        reader.read(file);
      } catch (CajalException e) {
        assertThat(e.getMessage()).as(which).hasLineCount(1).hasSizeLessThan(2100);
      } catch (RuntimeException | Error e) {
        fail(which, e);
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .as(which)
          .isLessThan(8L * bytes.length + SOME_MEGABYTES);
      assertThat(System.nanoTime() - start).as(which).isLessThan(LONGEST_NANOS);
    }
  }

  /** A few damages of one of several kinds. */
  private static byte[] mutated(byte[] good, boolean text, Random random) {
    byte[] bytes = good;
    int damages = 1 + random.nextInt(3);
    for (int i = 0; i < damages && bytes.length > 0; i++) {
      int at = random.nextInt(bytes.length);
      int length = 1 + random.nextInt(Math.min(16, bytes.length - at));
      switch (random.nextInt(text ? 10 : 6)) {
        case 0 -> {
          bytes = bytes.clone();
          bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
        case 1 -> {
          bytes = bytes.clone();
          bytes[at] = (byte) random.nextInt(256);
        }
        case 2 -> {
          bytes = bytes.clone();
          Arrays.fill(bytes, at, at + length, (byte) (random.nextBoolean() ? 0xff : 0));
        }
        case 3 -> bytes = spliced(bytes, at, at + length, new byte[0]);
        case 4 -> bytes = spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
        case 5 -> bytes = Arrays.copyOf(bytes, random.nextBoolean() ? at : bytes.length - 1);
        default -> bytes = withAnotherNumber(bytes, at, random);
      }
    }
    return bytes;
  }

  /** Another value in place of the next number. */
  private static byte[] withAnotherNumber(byte[] bytes, int at, Random random) {
    int from = at;
    while (from < bytes.length && !isDigit(bytes[from])) {
      from++;
    }
    int to = from;
    while (to < bytes.length && (isDigit(bytes[to]) || bytes[to] == '.')) {
      to++;
    }
    String other = SPITEFUL.get(random.nextInt(SPITEFUL.size()));
    return spliced(bytes, from, to, other.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] middle) {
    byte[] out = new byte[bytes.length - (to - from) + middle.length];
    System.arraycopy(bytes, 0, out, 0, from);
    System.arraycopy(middle, 0, out, from, middle.length);
    System.arraycopy(bytes, to, out, from + middle.length, bytes.length - to);
    return out;
  }

  private static NDArray numbers(int... dims) {
    NDArray out = NDArray.zeros(DType.F32, Shape.of(dims));
    for (long i = 0; i < out.size(); i++) {
      out.set(i, 0.25 * i - 1);
    }
    return out;
  }

  @Test
  void safetensors() throws IOException {
    Path file = folder.resolve("good.safetensors");
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    tensors.put("a", numbers(2, 3));
    tensors.put("b", NDArray.of(new int[] {1, 2, 3}, Shape.of(3)));
    Safetensors.write(file, tensors, Map.of("note", "some text"));
    fuzz("safetensors", withoutChecksum(Files.readAllBytes(file)), true, Safetensors::read);
  }

  @Test
  void json() throws IOException {
    String text = "{\"a\":[1,2.5,-3e7,\"x\\u00e9\\n\"],\"b\":{\"c\":null,\"d\":[true,false,{}]}}";
    fuzz(
        "json",
        text.getBytes(StandardCharsets.UTF_8),
        true,
        f -> Json.parse(new String(Files.readAllBytes(f), StandardCharsets.UTF_8), f.toString()));
  }

  @Test
  void modelsOfImages() throws IOException {
    Layer network =
        Layers.sequential(
            Layers.convolution(3, 3),
            Layers.batchNormalization(),
            Layers.relu(),
            Layers.maxPooling(2),
            Layers.residual(Layers.depthwiseConvolution(3).withPadding(Padding.same())),
            Layers.transposedConvolution(2, 2),
            Layers.localResponseNormalization(),
            Layers.averagePooling(2),
            Layers.adaptiveAveragePooling(3, 2),
            Layers.groupNormalization(2),
            Layers.flatten(),
            Layers.dense(3));
    models("image-model", network, 2, 9, 9);
  }

  @Test
  void modelsOfSequences() throws IOException {
    Layer network =
        Layers.sequential(
            Layers.dense(4),
            Layers.positionEmbedding(6),
            Layers.multiHeadAttention(2),
            Layers.lstm(3).withBidirectional(true).withSequences(true),
            Layers.gru(3).withSequences(false),
            Layers.dense(3));
    models("sequence-model", network, 6, 2);
  }

  @Test
  void modelsOfBranches() throws IOException {
    Layer network =
        Layers.sequential(
            Layers.concatenate(
                Layers.sequential(Layers.columns(0, 2), Layers.dense(4), Layers.maxout(2)),
                Layers.sequential(Layers.columns(2, 6), Layers.dense(4))),
            Layers.reshape(3, 2),
            Layers.adaptiveMaxPooling(2),
            Layers.layerNormalization(),
            Layers.rmsNormalization(),
            Layers.flatten(),
            Layers.prelu(),
            Layers.dropout(0.1),
            Layers.dense(3));
    models("branch-model", network, 6);
  }

  private void models(String kind, Layer network, int... example) throws IOException {
    int[] dims = new int[example.length + 1];
    dims[0] = 3;
    System.arraycopy(example, 0, dims, 1, example.length);
    Dataset data =
        Dataset.classification(
            "noise", new FloatRows(numbers(dims)), new int[] {0, 1, 2}, List.of("a", "b", "c"));
    Path file = folder.resolve("good.safetensors");
    Model.untrained(ModelSpec.of(network, data), 7).save(file);
    fuzz(kind, withoutChecksum(Files.readAllBytes(file)), true, Model::load);
  }

  @Test
  void modelsOfTables() throws IOException {
    StringBuilder text = new StringBuilder("length,kind,day,price\n");
    for (int i = 0; i < 40; i++) {
      text.append(i * 0.37 % 5)
          .append(i % 3 == 0 ? ",red" : ",blue")
          .append(",2024-01-")
          .append(10 + i % 15)
          .append(i % 2 == 0 ? ",high\n" : ",low\n");
    }
    Table table = Csv.parse("table", text.toString(), CsvOptions.DEFAULT);
    Target target = Target.of(table, "price", null);
    Preprocessing preprocessing =
        Preprocessing.fit(table, target, target.rows(), Preprocessing.Options.DEFAULT);
    Dataset data = preprocessing.dataset(table, target.rows());
    Path file = folder.resolve("good.safetensors");
    Model.untrained(ModelSpec.of(Layers.dense(2), data).with(preprocessing), 7).save(file);
    fuzz("table-model", withoutChecksum(Files.readAllBytes(file)), true, Model::load);
  }

  /** The checksum's name replaced by another, so that damages reach what lies behind it. */
  private static byte[] withoutChecksum(byte[] file) {
    String latin = new String(file, StandardCharsets.ISO_8859_1);
    assertThat(latin).contains("\"cajal.crc32c\"");
    return latin
        .replace("\"cajal.crc32c\"", "\"notes.number\"")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void npy() throws IOException {
    Path file = folder.resolve("good.npy");
    Npy.write(file, numbers(3, 4));
    fuzz("npy", Files.readAllBytes(file), true, Npy::read);
  }

  @Test
  void npz() throws IOException {
    Path file = folder.resolve("good.npz");
    Npy.writeArchive(file, Map.of("x", numbers(3, 4), "y", numbers(3)));
    fuzz("npz", Files.readAllBytes(file), false, Npy::readArchive);
  }

  @Test
  void csv() throws IOException {
    StringBuilder text = new StringBuilder("\"a;b\";date;c;text\n");
    for (int i = 0; i < 20; i++) {
      text.append(i).append(",5;2024-02-1").append(i % 10).append(";yes;\"x \"\"y\"\"\"\n");
    }
    fuzz("csv", text.toString().getBytes(StandardCharsets.UTF_8), true, Csv::read);
  }

  @Test
  void png() throws IOException {
    images("png");
  }

  @Test
  void jpeg() throws IOException {
    images("jpg");
  }

  @Test
  void gif() throws IOException {
    images("gif");
  }

  @Test
  void bmp() throws IOException {
    images("bmp");
  }

  private void images(String kind) throws IOException {
    BufferedImage image = new BufferedImage(19, 13, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 19 * 13; i++) {
      image.setRGB(i % 19, i / 19, new Color(i % 256, 7 * i % 256, i * i % 256).getRGB());
    }
    Path file = folder.resolve("good." + kind);
    assertThat(ImageIO.write(image, kind, file.toFile())).isTrue();
    fuzz(kind, Files.readAllBytes(file), false, f -> Images.read(f, 3, 8, 8));
  }
}
