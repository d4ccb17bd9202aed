package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cajal.data.BadInput.refused;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  @TempDir Path folder;

  static byte[] images(int count, int rows, int columns, int bytes) {
    ByteBuffer out =
        ByteBuffer.allocate(16 + bytes).putInt(2051).putInt(count).putInt(rows).putInt(columns);
    for (int i = 0; i < bytes; i++) {
      out.put((byte) i);
    }
    return out.array();
  }

  static byte[] labels(int count, int... values) {
    ByteBuffer out = ByteBuffer.allocate(8 + values.length).putInt(2049).putInt(count);
    for (int v : values) {
      out.put((byte) v);
    }
    return out.array();
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
      packed.write(bytes);
    }
    return out.toByteArray();
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  @Test
  void readsImagesAndLabelsPlainAndPacked() throws IOException {
    Path x = file("x", gzip(images(2, 2, 3, 12)));
    Path y = file("y", labels(2, 1, 0));
    Dataset data = Idx.read("tiny", x, y, List.of("a", "b"));
    assertThat(data.featureShape()).isEqualTo(Shape.of(1, 2, 3));
    assertThat(data.classIndices()).containsExactly(1, 0);
    assertThat(data.pixels(1)).containsExactly(6, 7, 8, 9, 10, 11);
    assertThat(data.features(1).toFloats()[5]).isEqualTo(11 * (1 / 255f));
  }

  @Test
  void refusesWhatIsNoFile() throws IOException {
    Path none = folder.resolve("none");
    refused(() -> Idx.readImages(none), none + ": no such file; check the path");
    refused(() -> Idx.readImages(folder), folder + ": is a folder; a file is expected");
  }

  @Test
  void refusesAWrongMagicNumber() throws IOException {
    Path text =
        file("text", "hello, this is no IDX".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    refused(
        () -> Idx.readImages(text),
        text + ": not an IDX image file: it starts with the number 1751477356, 2051 is expected");
    Path y = file("y", labels(20, new int[20]));
    refused(
        () -> Idx.readImages(y),
        y
            + ": an IDX label file (it starts with 2049), an image file (2051) is expected; are the"
            + " two swapped?");
    Path x = file("x", images(1, 1, 1, 1));
    refused(
        () -> Idx.readLabels(x),
        x
            + ": an IDX image file (it starts with 2051), a label file (2049) is expected; are the"
            + " two swapped?");
  }

  @Test
  void refusesTruncatedFiles() throws IOException {
    Path empty = file("empty", new byte[0]);
    refused(
        () -> Idx.readImages(empty),
        empty + ": truncated: an IDX image file begins with 16 bytes of header, here are 0");
    Path head = file("head", Arrays.copyOf(images(1, 1, 1, 1), 9));
    refused(
        () -> Idx.readImages(head),
        head + ": truncated: an IDX image file begins with 16 bytes of header, here are 9");
    Path body = file("body", images(10, 28, 28, 7000));
    refused(
        () -> Idx.readImages(body),
        body
            + ": the header announces 10 images of 28 × 28 (7840 bytes), the file can hold at most"
            + " 7000; it is truncated or damaged");
    Path packed = file("packed.gz", gzip(images(10, 28, 28, 7000)));
    refused(
        () -> Idx.readImages(packed),
        packed
            + ": truncated: the header announces 10 images of 28 × 28 (7840 bytes), only 7000 are"
            + " there");
    Path labels = file("labels", labels(5, 1, 2, 3));
    refused(
        () -> Idx.readLabels(labels),
        labels
            + ": the header announces 5 labels (5 bytes), the file can hold at most 3; it is"
            + " truncated or damaged");
  }

  @Test
  void refusesAbsurdSizesBeforeAllocating() throws IOException {
    Path huge = file("huge", images(Integer.MAX_VALUE, 16384, 16384, 4));
    refused(
        () -> Idx.readImages(huge),
        huge
            + ": the header announces 2147483647 images of 16384 × 16384 (576460752034988032"
            + " bytes), the file can hold at most 4; it is truncated or damaged");
    Path packed = file("huge.gz", gzip(images(Integer.MAX_VALUE, 28, 28, 4)));
    long most = Files.size(packed) * 1032 - 16;
    refused(
        () -> Idx.readImages(packed),
        packed
            + ": the header announces 2147483647 images of 28 × 28 (1683627179248 bytes), the file"
            + " can hold at most "
            + most
            + "; it is truncated or damaged");
    Path wide = file("wide", images(1, 65536, 65536, 4));
    refused(
        () -> Idx.readImages(wide),
        wide
            + ": the header announces 1 images of 65536 × 65536; at most 16384 × 16384 is allowed");
    Path negative = file("negative", images(-1, 28, 28, 4));
    refused(
        () -> Idx.readImages(negative),
        negative + ": the header announces -1 images of 28 × 28; each number must be 1 or larger");
    Path none = file("none", labels(0));
    refused(
        () -> Idx.readLabels(none), none + ": the header announces 0 labels; at least 1 is needed");
  }

  @Test
  void refusesDataBehindTheEnd() throws IOException {
    Path long1 = file("long", images(1, 2, 2, 5));
    refused(
        () -> Idx.readImages(long1),
        long1 + ": data goes on after the 1 images of 2 × 2 of the header; the file is damaged");
  }

  @Test
  void refusesBrokenGzip() throws IOException {
    byte[] good = gzip(images(10, 28, 28, 7840));
    Path cut = file("cut.gz", Arrays.copyOf(good, good.length / 2));
    refused(
        () -> Idx.readImages(cut),
        cut + ": the gzip data ends early; copy or download the file again");
    byte[] changed = good.clone();
    changed[good.length - 6] ^= 0x55;
    Path broken = file("broken.gz", changed);
    refused(
        () -> Idx.readImages(broken),
        broken + ": broken gzip data; copy or download the file again");
    Path header = file("header.gz", new byte[] {0x1f, (byte) 0x8b, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    refused(
        () -> Idx.readImages(header),
        header + ": broken gzip data; copy or download the file again");
  }

  @Test
  void refusesCountsAndLabelsThatDisagree() throws IOException {
    Path x = file("x", images(2, 1, 1, 2));
    Path y = file("y", labels(3, 0, 1, 0));
    refused(
        () -> Idx.read("tiny", x, y, List.of("a", "b")),
        x + " has 2 images, but " + y + " has 3 labels; the two files must belong together");
    Path z = file("z", labels(2, 0, 9));
    refused(
        () -> Idx.read("tiny", x, z, List.of("a", "b")),
        z + ": label 9 of image 1 is out of range; tiny has the classes 0 to 1");
  }

  @Test
  void readsCifarRecords() throws IOException {
    byte[] two = new byte[2 * 3073];
    two[0] = 6;
    two[1] = 59;
    two[3073] = 9;
    Dataset data = Cifar.read("cifar", file("c.bin", gzip(two)));
    assertThat(data.classIndices()).containsExactly(6, 9);
    assertThat(data.featureShape()).isEqualTo(Shape.of(3, 32, 32));
    assertThat(data.pixels(0)[0]).isEqualTo((byte) 59);
    Path cut = file("cut.bin", Arrays.copyOf(two, 3100));
    refused(
        () -> Cifar.read("c", cut),
        cut + ": truncated: the last record has 27 bytes, a CIFAR record has 3073");
    two[3073] = 10;
    Path bad = file("bad.bin", two);
    refused(
        () -> Cifar.read("c", bad),
        bad + ": not a CIFAR-10 file: record 1 has the label 10, 0 to 9 are allowed");
    Path empty = file("empty.bin", new byte[0]);
    refused(
        () -> Cifar.read("c", empty),
        empty + ": the file is empty; CIFAR records of 3073 bytes are expected");
  }

  @Test
  void readsTheRealCifarSubset() {
    Dataset data = Cifar.read("cifar", RealData.file("cifar10/cifar10-train-4000.bin.gz"));
    assertThat(data.classCounts())
        .containsExactly(396, 366, 420, 384, 422, 393, 414, 385, 407, 413);
    byte[] first = data.pixels(0);
    assertThat(new int[] {first[0], first[1024], first[2048]}).containsExactly(59, 62, 63);
  }
}
