package org.cajal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cajal.data.BadInput.refused;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrayPairTest {
  private static final NDArray X = NDArray.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, Shape.of(4, 2));
  private static final NDArray CLASSES = NDArray.of(new long[] {1, 0, 1, 0}, Shape.of(4));

  @TempDir Path folder;

  private Path archive(Object... namesAndArrays) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    for (int i = 0; i < namesAndArrays.length; i += 2) {
      arrays.put((String) namesAndArrays[i], (NDArray) namesAndArrays[i + 1]);
    }
    Path path = folder.resolve("a.npz");
    Npy.writeArchive(path, arrays);
    return path;
  }

  private static ArrayPair read(Path path) {
    return ArrayPair.read(path, ArrayPair.Part.TRAIN, null, null);
  }

  private static List<String> column(Table table, String name) {
    Column column = table.column(name);
    return IntStream.range(0, table.rows()).mapToObj(r -> String.valueOf(column.text(r))).toList();
  }

  @Test
  void findsExamplesAndAnswersByNameAndByShape() {
    NDArray other = NDArray.zeros(DType.F32, Shape.of(3, 1));
    for (List<String> names :
        List.of(
            List.of("x", "y"),
            List.of("X_train", "y_train"),
            List.of("train_images", "train_labels"),
            List.of("data", "target"),
            List.of("features", "labels"))) {
      ArrayPair pair = read(archive("extra", other, names.get(0), X, names.get(1), CLASSES));
      assertThat(column(pair.table(null), "y")).containsExactly("1", "0", "1", "0");
      assertThat(pair.notes())
          .containsExactly(
              "array \""
                  + names.get(0)
                  + "\" holds the examples, \""
                  + names.get(1)
                  + "\" the answers (--x and --y name others)");
    }
    Table table = read(archive("arr_0", X, "arr_1", CLASSES)).table(null);
    assertThat(table.columnNames()).containsExactly("x1", "x2", "y");
    assertThat(column(table, "x2")).containsExactly("2", "4", "6", "8");
    Path parts =
        archive(
            "x_train",
            X,
            "y_train",
            CLASSES,
            "x_test",
            other,
            "y_test",
            other.reshape(Shape.of(3)));
    assertThat(read(parts).rows()).isEqualTo(4);
    assertThat(ArrayPair.readHeldBack(parts, ArrayPair.Part.TEST, null, null).rows()).isEqualTo(3);
    assertThat(ArrayPair.readHeldBack(parts, ArrayPair.Part.TEST, "x_train", "y_train").rows())
        .isEqualTo(3);
    assertThat(ArrayPair.has(parts, ArrayPair.Part.TEST)).isTrue();
    assertThat(ArrayPair.has(parts, ArrayPair.Part.VALIDATION)).isFalse();
    assertThat(ArrayPair.readExamples(parts, null).rows()).isEqualTo(3);
  }

  @Test
  void refusesWhatIsNotPlain() {
    Path path = archive("a", X, "b", X, "c", CLASSES);
    refused(
        () -> read(path),
        path
            + ": which arrays are examples and answers? Add --x NAME and --y NAME; there are a"
            + " [4, 2] <f4, b [4, 2] <f4, c [4] <i8");
    assertThat(ArrayPair.read(path, ArrayPair.Part.TRAIN, "b", "c").rows()).isEqualTo(4);
    refused(
        () -> ArrayPair.read(path, ArrayPair.Part.TRAIN, "b", null),
        path
            + ": which arrays are the answers? Add --y NAME; there are a [4, 2] <f4, b [4, 2] <f4,"
            + " c [4] <i8");
    Path uneven = archive("x", X, "y", NDArray.zeros(DType.I64, Shape.of(3)));
    refused(
        () -> read(uneven),
        uneven
            + ", x.npy: 4 examples of shape [4, 2], but answers of shape [3] in "
            + uneven
            + ", y.npy; each example needs one");
    Path alone = folder.resolve("x.npy");
    Npy.write(alone, X);
    refused(
        () -> read(alone),
        alone
            + ": where are the answers? Add --y FILE.npy, or --target COLUMN where a column of the"
            + " array holds them");
    refused(
        () -> ArrayPair.read(alone, ArrayPair.Part.TRAIN, "x", null),
        alone + ": --x names an array of an .npz archive; this file is one array");
    Path infinite =
        archive(
            "x",
            NDArray.of(new float[] {1, 1 / 0f}, Shape.of(2, 1)),
            "y",
            CLASSES.reshape(Shape.of(4)));
    refused(
        () -> ArrayPair.readExamples(infinite, "x").table(null),
        infinite
            + ", x.npy: row 1, column 0 (counted from 0) is infinite; NaN is allowed where a value"
            + " is missing");
  }

  @Test
  void readsAnswersInAFileOfTheirOwn() {
    Path x = folder.resolve("x.npy");
    Path y = folder.resolve("y.npy");
    Npy.write(x, X);
    Npy.write(y, NDArray.of(new double[] {0.5, 1.5, 2.5, Double.NaN}, Shape.of(4, 1)));
    ArrayPair pair = ArrayPair.read(x, ArrayPair.Part.TRAIN, null, y.toString());
    assertThat(pair.target()).isEqualTo("y");
    assertThat(column(pair.table(null), "y")).containsExactly("0.5", "1.5", "2.5", "null");
  }

  private static ColumnType kind(NDArray y, Task wanted, Path folder) {
    Path path = folder.resolve("kind.npz");
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    arrays.put("x", NDArray.zeros(DType.F32, Shape.of(y.shape().dim(0), 1)));
    arrays.put("y", y);
    Npy.writeArchive(path, arrays);
    return read(path).table(wanted).column("y").type();
  }

  @Test
  void takesWholeNumbersWithoutAGapForClasses() {
    NDArray counted = NDArray.of(new int[] {1, 2, 3, 1, 2, 3}, Shape.of(6));
    assertThat(kind(counted, null, folder)).isEqualTo(ColumnType.CATEGORY);
    assertThat(kind(counted, Task.REGRESSION, folder)).isEqualTo(ColumnType.NUMBER);
    NDArray sizes = NDArray.of(new int[] {10, 250, 31, 44, 500, 61}, Shape.of(6));
    assertThat(kind(sizes, null, folder)).isEqualTo(ColumnType.NUMBER);
    assertThat(kind(sizes, Task.CLASSIFICATION, folder)).isEqualTo(ColumnType.CATEGORY);
    NDArray wide = NDArray.of(new long[] {(1L << 60) + 1, 1L << 60}, Shape.of(2));
    assertThat(kind(wide, null, folder)).isEqualTo(ColumnType.CATEGORY);
    assertThat(kind(NDArray.of(new boolean[] {true, false}, Shape.of(2)), null, folder))
        .isEqualTo(ColumnType.CATEGORY);
    Table ids =
        read(archive(
                "x", X, "y", NDArray.of(new long[] {(1L << 60) + 1, 1L << 60, 7, 7}, Shape.of(4))))
            .table(null);
    assertThat(column(ids, "y"))
        .containsExactly("1152921504606846977", "1152921504606846976", "7", "7");
  }

  @Test
  void readsOneHotRowsAndSeveralNumbers() {
    NDArray oneHot = NDArray.of(new int[] {0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1}, Shape.of(4, 3));
    ArrayPair pair = read(archive("x", X, "y", oneHot));
    assertThat(pair.target()).isEqualTo("y");
    assertThat(column(pair.table(null), "y")).containsExactly("2", "0", "1", "2");
    ArrayPair several = read(archive("x", X, "y", X));
    assertThat(several.target()).isEqualTo("y1,y2");
    assertThat(column(several.table(null), "y2")).containsExactly("2", "4", "6", "8");
  }

  @Test
  void namesClassesByAnArrayOfTexts() throws IOException {
    Path path = archive("x", X, "y", CLASSES);
    Path whole = folder.resolve("b.npz");
    try (OutputStream out = Files.newOutputStream(whole);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : List.of("x", "y")) {
        Path single = folder.resolve(name + ".npy");
        Npy.write(single, Npy.readArchive(path).get(name));
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        zip.write(Files.readAllBytes(single));
      }
      zip.putNextEntry(new ZipEntry("label_names.npy"));
      String header = "{'descr': '|S3', 'fortran_order': False, 'shape': (2,)}";
      zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
      zip.write((header + "catdog").getBytes(StandardCharsets.UTF_8));
    }
    ArrayPair pair = read(whole);
    assertThat(column(pair.table(null), "y")).containsExactly("dog", "cat", "dog", "cat");
    assertThat(pair.notes().getLast()).isEqualTo("array \"label_names\" names the classes");
  }

  private Rows images(NDArray x) {
    return ArrayPair.readExamples(archive("x", x), null).images();
  }

  @Test
  void bringsChannelsToTheFront() {
    int[] values = new int[24];
    for (int i = 0; i < values.length; i++) {
      values[i] = 10 * i;
    }
    Rows last = images(NDArray.of(values, Shape.of(1, 2, 4, 3)).reshape(Shape.of(1, 8, 1, 3)));
    assertThat(last.shape()).isEqualTo(Shape.of(3, 8, 1));
    assertThat(((ByteRows) last).raw(0, 0)).isZero();
    assertThat(((ByteRows) last).raw(0, 1)).isEqualTo(30);
    assertThat(((ByteRows) last).raw(0, 8)).isEqualTo(10);
    Rows first = images(NDArray.of(values, Shape.of(1, 3, 1, 8)));
    assertThat(first.shape()).isEqualTo(Shape.of(3, 1, 8));
    assertThat(((ByteRows) first).raw(0, 8)).isEqualTo(80);
    assertThat(images(NDArray.of(values, Shape.of(2, 3, 4))).shape()).isEqualTo(Shape.of(1, 3, 4));
    Path unclear = archive("x", NDArray.zeros(DType.I32, Shape.of(2, 3, 9, 3)));
    refused(
        () -> ArrayPair.readExamples(unclear, null).images(),
        unclear
            + ", x.npy: which axis of [2, 3, 9, 3] holds the channels? One of at most 4 is"
            + " expected, either the second or the last; transpose the array");
  }

  @Test
  void keepsNumbersThatAreNoBytesAsTheyAre() {
    NDArray x = NDArray.of(new float[] {0, 1, 2, 0.5f, -3, 4, 1, 1}, Shape.of(2, 2, 2));
    Rows rows = images(x);
    assertThat(rows.all()).isEqualTo(x.reshape(Shape.of(2, 1, 2, 2)));
    Dataset data = Dataset.classification("x", rows, new int[] {0, 1}, List.of("a", "b"));
    ImageScaling scaling = data.subset(0).fitScaling();
    assertThat(scaling.mean()).containsExactly(0.875);
    assertThat(scaling.deviation()).containsExactly(Math.sqrt(2.1875 / 4));
    assertThat(data.scaled(scaling).features(1).get(1))
        .isEqualTo((float) ((4 - 0.875) / Math.sqrt(2.1875 / 4)));
    NDArray bytes = NDArray.of(new double[] {0, 255, 7, 1}, Shape.of(1, 2, 2));
    assertThat(images(bytes)).isInstanceOf(ByteRows.class);
    assertThat(images(NDArray.of(new double[] {0, 1, 1, 0}, Shape.of(1, 2, 2))))
        .isInstanceOf(FloatRows.class);
    Path bad = archive("x", NDArray.of(new float[] {0, Float.NaN}, Shape.of(1, 1, 2)));
    refused(
        () -> ArrayPair.readExamples(bad, null).images(),
        bad + ", x.npy: example 0 (counted from 0) holds NaN; images are finite numbers");
  }
}
