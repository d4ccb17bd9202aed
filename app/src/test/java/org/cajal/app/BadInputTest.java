package org.cajal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.cajal.data.Csv;
import org.cajal.data.Npy;
import org.cajal.data.Tabular;
import org.cajal.layer.Layers;
import org.cajal.model.Model;
import org.cajal.model.ModelSpec;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that a user can get wrong ends with one line, exit code 2 and nothing written. */
class BadInputTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** The line that a person reads, after {@code cajal: }; notes about the data may stand before. */
  private String line(Object... args) {
    String[] words = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
    int code = Main.run(words, new PrintWriter(out), new PrintWriter(err));
    assertThat(code).as(err.toString()).isEqualTo(Main.BAD_INPUT);
    assertThat(out.toString()).isEmpty();
    List<String> lines = err.toString().lines().filter(line -> !line.startsWith("note: ")).toList();
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst()).startsWith("cajal: ");
    return lines.getFirst().substring("cajal: ".length());
  }

  private String train(Object... args) {
    Object[] all =
        Stream.of(Stream.of("train"), Arrays.stream(args), Stream.of("--output", output()))
            .flatMap(s -> s)
            .toArray();
    return line(all);
  }

  private Path output() {
    return folder.resolve("output");
  }

  @AfterEach
  void nothingIsWritten() {
    assertThat(output()).doesNotExist();
  }

  private Path file(String name, String text) {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private Path file(String name, byte[] bytes) {
    try {
      Path path = folder.resolve(name);
      Files.createDirectories(path.getParent());
      return Files.write(path, bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A table of 30 rows, of which some are replaced. */
  private Path table(String name, String... replaced) {
    StringBuilder text = new StringBuilder("length,width,kind\n");
    for (int i = 0; i < 30; i++) {
      text.append(
              i < replaced.length
                  ? replaced[i]
                  : i * 0.37 % 5 + "," + i * 0.61 % 3 + "," + (i % 2 == 0 ? "long" : "short"))
          .append('\n');
    }
    return file(name, text.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--learning-rate -1 | --learning-rate -1.0 is out of range; a finite number above 0 is"
            + " allowed",
        "--learning-rate NaN | --learning-rate NaN is out of range; a finite number above 0 is"
            + " allowed",
        "--epochs 0 | --epochs 0 is out of range; 1 or more is allowed",
        "--batch-size 0 | --batch-size 0 is out of range; 1 or more is allowed",
        "--samples 0 | --samples 0 is out of range; at least 1 is needed",
        "--patience -1 | --patience -1 is out of range; 0 or more is allowed",
        "--weight-decay -0.1 | --weight-decay -0.1 is out of range; 0 or a finite number above is"
            + " allowed",
        "--clip 0 | --clip 0.0 is out of range; a finite number above 0 is allowed",
        "--validation 1.5 | --validation 1.5 is out of range; a share of the rows from 0 to less"
            + " than 1, or a file, is allowed",
        "--hidden 8,0 | --hidden 0 is out of range; 1 or more is allowed",
        "--model cnn --hidden 8 | --hidden is for --model mlp; cnn has widths of its own",
        "--target kind | --target is for tables; \"digits\" is none",
        "xor --test 0.5 | [xor] a truth table is learned and measured as a whole; leave out"
            + " --validation, --test and --samples",
        "parity40 | [parity] 40 bits are out of range; 1 to 20 are allowed",
        "moons --model lenet5 | [preset] lenet5 is for images [channels, height, width]; the"
            + " examples are [2]",
        "mnits | no file, folder or data set \"mnits\"; the data sets are digits, mnist,"
            + " fashion-mnist, and, or, not, xor, parityN, circles, moons, spirals, gaussians,"
            + " plane, sine",
        "a/b.csv --target c | a/b.csv: no such file; check the path",
        "a/b.csv | a/b.csv: no such file or folder; check the path",
        "--optimizer adm | Invalid value for option '--optimizer': 'adm' is none of sgd, momentum,"
            + " nesterov, adagrad, rmsprop, adadelta, adam, amsgrad, adamw, nadam, radam, adamax,"
            + " lion. See cajal train --help",
        "--epochs many | Invalid value for option '--epochs': 'many' is not an int. See cajal train"
            + " --help",
        "--epoch 3 | Unknown option: '--epoch'; did you mean --epochs? See cajal train --help"
      })
  void options(String words, String expected) {
    assertThat(train((Object[]) words.split(" "))).isEqualTo(expected);
  }

  @Test
  void threadsBelowOneOrBeyondTheMachine() {
    int processors = Runtime.getRuntime().availableProcessors();
    String allowed =
        " is out of range; this machine has "
            + processors
            + " processors, 1 to "
            + processors
            + " are allowed";
    assertThat(train("--threads", 0)).isEqualTo("--threads 0" + allowed);
    err.getBuffer().setLength(0);
    assertThat(train("--threads", processors + 1))
        .isEqualTo("--threads " + (processors + 1) + allowed);
    err.getBuffer().setLength(0);
    assertThat(line("bench", "steps", "--threads", 0)).isEqualTo("--threads 0" + allowed);
  }

  @Test
  void aNetworkLargerThanTheMemory() {
    assertThat(train("moons", "--hidden", "1000000,1000000"))
        .isEqualTo(
            String.format(
                java.util.Locale.ROOT,
                "[parameters] the model's parameters need 3,814,720 MB of memory, the JVM may use"
                    + " %,d MB; make the model smaller, or start Java with a larger -Xmx",
                Runtime.getRuntime().maxMemory() >> 20));
  }

  @Test
  void anOutputFolderWithSomethingInIt() {
    Path mine = file("mine/notes.txt", "dear diary");
    assertThat(line("train", "xor", "--output", mine.getParent()))
        .isEqualTo(
            mine.getParent()
                + ": the output folder is not empty; give a new one, or remove what is in it");
    err.getBuffer().setLength(0);
    assertThat(line("train", "xor", "--output", mine))
        .isEqualTo(mine + ": is a file; the output needs a folder");
    assertThat(mine).hasContent("dear diary");
  }

  @Test
  void aTableWithoutATarget() {
    Path csv = table("kinds.csv");
    assertThat(train(csv))
        .isEqualTo(
            csv
                + ": which column is to be predicted? Add --target COLUMN; the columns are length,"
                + " width, kind");
  }

  @Test
  void anUnreadableFile() throws IOException {
    Path csv = table("secret.csv");
    assumeFalse(
        System.getProperty("os.name").startsWith("Windows"), "Windows has other permissions");
    Files.setPosixFilePermissions(csv, java.util.Set.of());
    assumeFalse(Files.isReadable(csv), "this user may read everything");
    assertThat(train(csv, "--target", "kind"))
        .isEqualTo(csv + ": permission denied; make the file readable");
  }

  @Test
  void notATable() {
    Path csv = file("picture.csv", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0});
    assertThat(train(csv, "--target", "kind"))
        .isEqualTo(
            csv + ": not a CSV table but an image; a folder of images is trained on by its name");
  }

  @Test
  void anEmptyFile() {
    Path csv = file("empty.csv", "");
    assertThat(train(csv, "--target", "kind"))
        .isEqualTo(csv + ": the file is empty; a table with at least one row is expected");
  }

  @Test
  void aRaggedRow() {
    Path csv = table("ragged.csv", "1,2,long", "1,2");
    assertThat(train(csv, "--target", "kind"))
        .isEqualTo(
            csv
                + ":3: 2 cells, but the header has 3; every row needs the same number (quote a"
                + " cell that contains \",\")");
  }

  @Test
  void anUnknownColumn() {
    Path csv = table("kinds.csv");
    assertThat(train(csv, "--target", "knd"))
        .isEqualTo(csv + ": no column \"knd\"; there are \"kind\", \"width\", \"length\"");
    err.getBuffer().setLength(0);
    assertThat(train(csv, "--target", "kind", "--drop", "lenght"))
        .isEqualTo(csv + ": no column \"lenght\"; there are \"length\", \"width\", \"kind\"");
    err.getBuffer().setLength(0);
    assertThat(train(csv, "--target", "kind", "--drop", "kind"))
        .isEqualTo("--drop kind would drop the target; drop another column");
  }

  @Test
  void aConstantTarget() {
    Path csv = file("constant.csv", "a,b\n" + "1,yes\n2,yes\n".repeat(10));
    assertThat(train(csv, "--target", "b"))
        .isEqualTo(
            csv
                + ": target column \"b\" is \"yes\" in every row, so there is nothing to learn;"
                + " choose another column");
  }

  @Test
  void aMissingTarget() {
    Path csv = table("gap.csv", "1,2,long", "2,3,");
    assertThat(train(csv, "--target", "kind"))
        .isEqualTo(
            csv
                + ":3: target column \"kind\" is empty here; fill it in, or --drop-missing-targets"
                + " leaves such rows out");
  }

  @Test
  void aClassSeenOnce() {
    Path csv = table("rare.csv", "1,2,long", "2,3,medium");
    assertThat(train(csv, "--target", "kind"))
        .isEqualTo(
            csv
                + ":3: class \"medium\" of target column \"kind\" occurs once; each class needs at"
                + " least 2 rows: --drop-rare-classes goes on without it; or add rows, or merge"
                + " classes");
  }

  @Test
  void numbersThatAreNotFinite() {
    Path infinite = table("inf.csv", "1,2,long", "1,inf,short");
    assertThat(train(infinite, "--target", "width", "--task", "regression"))
        .isEqualTo(
            infinite
                + ":3: target column \"width\" holds no finite number here; fill it in, or"
                + " --drop-missing-targets leaves such rows out");
  }

  private String mnist() {
    return train("mnist", "--data", folder);
  }

  private static byte[] images(int magic, int count, int rows, int columns, int bytes) {
    return ByteBuffer.allocate(16 + bytes)
        .putInt(magic)
        .putInt(count)
        .putInt(rows)
        .putInt(columns)
        .array();
  }

  private static byte[] labels(int count) {
    return ByteBuffer.allocate(8 + count).putInt(2049).putInt(count).array();
  }

  private void idx(byte[] images, byte[] labels) {
    for (String part : List.of("train", "t10k")) {
      file(part + "-images-idx3-ubyte", images);
      file(part + "-labels-idx1-ubyte", labels);
    }
  }

  private Path firstImages() {
    return folder.resolve("train-images-idx3-ubyte");
  }

  @Test
  void noFolderWithTheSet() {
    assertThat(mnist())
        .isEqualTo(
            "[mnist] no train-images-idx3-ubyte.gz (packed or not) in "
                + folder
                + " or "
                + folder.resolve("mnist")
                + "; give the folder with the four files of mnist, or none to download them");
  }

  @Test
  void truncatedImages() {
    idx(images(2051, 10, 28, 28, 5000), labels(10));
    assertThat(mnist())
        .isEqualTo(
            firstImages()
                + ": the header announces 10 images of 28 × 28 (7840 bytes), the file can hold at"
                + " most 5000; it is truncated or damaged");
  }

  @Test
  void countsThatDisagree() {
    idx(images(2051, 10, 28, 28, 7840), labels(9));
    assertThat(mnist())
        .isEqualTo(
            firstImages()
                + " has 10 images, but "
                + folder.resolve("train-labels-idx1-ubyte")
                + " has 9 labels; the two files must belong together");
  }

  @Test
  void imagesOfAbsurdSize() {
    idx(images(2051, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, 100), labels(10));
    assertThat(mnist())
        .isEqualTo(
            firstImages()
                + ": the header announces 2147483647 images of 2147483647 × 2147483647; at most"
                + " 16384 × 16384 is allowed");
  }

  @Test
  void aWrongMagicNumber() {
    idx(images(1234, 10, 28, 28, 7840), labels(10));
    assertThat(mnist())
        .isEqualTo(
            firstImages()
                + ": not an IDX image file: it starts with the number 1234, 2051 is expected");
  }

  @Test
  void brokenGzip() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(images(2051, 10, 28, 28, 7840));
    }
    byte[] bytes = packed.toByteArray();
    idx(Arrays.copyOf(bytes, bytes.length / 2), labels(10));
    assertThat(mnist())
        .isEqualTo(firstImages() + ": the gzip data ends early; copy or download the file again");
    err.getBuffer().setLength(0);
    Arrays.fill(bytes, 12, 20, (byte) 0xff);
    idx(bytes, labels(10));
    assertThat(mnist())
        .isEqualTo(firstImages() + ": broken gzip data; copy or download the file again");
  }

  /** Two folders of two images each. */
  private Path pictures() throws IOException {
    for (String name : List.of("cats/a.png", "cats/b.png", "dogs/a.png", "dogs/b.png")) {
      Path path = folder.resolve("pictures").resolve(name);
      Files.createDirectories(path.getParent());
      ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), "png", path.toFile());
    }
    return folder.resolve("pictures");
  }

  @Test
  void anImageThatIsNone() throws IOException {
    Path pictures = pictures();
    file("pictures/dogs/c.png", "woof");
    file("pictures/cats/d.jpg", "");
    assertThat(train(pictures))
        .isEqualTo(
            pictures
                + ": 2 of 6 images cannot be read: cats/d.jpg (the file is empty), dogs/c.png (not"
                + " an image); mend or remove them, or leave them out by --skip-broken");
  }

  /** The start of a PNG file that declares 2 to the power of 30 pixels. */
  private static byte[] hugeImage() {
    ByteBuffer header = ByteBuffer.allocate(17).put("IHDR".getBytes(StandardCharsets.US_ASCII));
    header.putInt(1 << 15).putInt(1 << 15).put(new byte[] {8, 0, 0, 0, 0});
    CRC32 sum = new CRC32();
    sum.update(header.array());
    ByteBuffer png =
        ByteBuffer.allocate(33).put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    return png.putInt(13).put(header.array()).putInt((int) sum.getValue()).array();
  }

  @Test
  void anImageOfHugeDeclaredSize() throws IOException {
    Path pictures = pictures();
    file("pictures/dogs/c.png", hugeImage());
    assertThat(train(pictures))
        .isEqualTo(
            pictures
                + ": 1 of 5 images cannot be read: dogs/c.png (the image declares 32768 × 32768"
                + " pixels); mend or remove them, or leave them out by --skip-broken");
  }

  @Test
  void optionsOfImagesThatMeanNothing() throws IOException {
    Path pictures = pictures();
    assertThat(train(pictures, "--size", "big"))
        .isEqualTo(
            "--size big is no size; one number, or width and height such as 96x64, of 1 to 4096"
                + " are allowed");
    err.getBuffer().setLength(0);
    assertThat(train(pictures, "--grey", "--color"))
        .isEqualTo("--colour and --grey exclude each other; give one");
    err.getBuffer().setLength(0);
    assertThat(train("digits", "--skip-broken"))
        .isEqualTo("--skip-broken is for folders of images; \"digits\" is none");
    err.getBuffer().setLength(0);
    Path table = table("table.csv");
    assertThat(train(table, "--target", "kind", "--size", "32"))
        .isEqualTo("--size is for folders of images; \"" + table + "\" is none");
    err.getBuffer().setLength(0);
    Path image = pictures.resolve("cats/a.png");
    assertThat(train(image))
        .isEqualTo(
            image
                + ": one image is nothing to train on; a folder with a folder of images for each"
                + " class is");
  }

  @Test
  void anEmptyClassFolder() throws IOException {
    Path pictures = pictures();
    Path empty = Files.createDirectories(pictures.resolve("birds"));
    assertThat(train(pictures))
        .isEqualTo(empty + ": the class folder holds no image; add images or remove the folder");
  }

  /** A model of a table with the columns length, width and kind. */
  private Path model() {
    Tabular.Prepared data = Tabular.prepare(Csv.read(table("training.csv")), "kind", null, 0, 0, 1);
    ModelSpec spec =
        ModelSpec.of(Layers.sequential(Layers.dense(2)), data.train()).with(data.preprocessing());
    Path file = folder.resolve("model.safetensors");
    Model.untrained(spec, 1).save(file);
    return file;
  }

  /** The model's file with another text in its header, whose length stays. */
  private Path changed(String from, String to) throws IOException {
    Path file = model();
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(from);
    String changed = text.replace(from, to).replace("\"cajal.crc32c\"", "\"notes.number\"");
    return Files.write(file, changed.getBytes(StandardCharsets.ISO_8859_1));
  }

  private String predict(Path model, Path input) {
    return line("predict", model, input);
  }

  @Test
  void aModelThatIsMissing() {
    Path model = folder.resolve("none.safetensors");
    assertThat(predict(model, table("rows.csv")))
        .isEqualTo(model + ": cannot be read: no such file");
  }

  @Test
  void aTruncatedModel() throws IOException {
    Path model = model();
    byte[] bytes = Files.readAllBytes(model);
    Files.write(model, Arrays.copyOf(bytes, bytes.length - 7));
    assertThat(predict(model, table("rows.csv")))
        .isEqualTo(model + ": truncated: the tensors need 24 bytes of data, the file has 17");
    err.getBuffer().setLength(0);
    Files.write(model, Arrays.copyOf(bytes, 5));
    assertThat(predict(model, table("rows.csv")))
        .isEqualTo(model + ": not a safetensors file: it has 5 bytes, the shortest one has 10");
  }

  @Test
  void aModelThatIsNotSafetensors() {
    Path model = table("rows.csv");
    assertThat(predict(model, model))
        .isEqualTo(
            model
                + ": not a safetensors file: its first 8 bytes ask for a header of"
                + " 8587353438649476460 bytes; 2 to 100000000 are allowed");
  }

  @Test
  void offsetsThatOverlapOrLie() throws IOException {
    Path overlapping = changed("\"data_offsets\":[8,24]", "\"data_offsets\":[0,16]");
    assertThat(predict(overlapping, table("rows.csv")))
        .isEqualTo(overlapping + ": tensor \"0/weight\" overlaps with tensor \"0/bias\"");
    err.getBuffer().setLength(0);
    Path lying = changed("\"data_offsets\":[8,24]", "\"data_offsets\":[8,99]");
    assertThat(predict(lying, table("rows.csv")))
        .isEqualTo(
            lying
                + ": tensor \"0/weight\" is F32 [2, 2], which needs 16 bytes, but its data_offsets"
                + " [8, 99] hold 91");
  }

  @Test
  void anUnknownLayer() throws IOException {
    Path model = changed("\\\"type\\\":\\\"dense\\\"", "\\\"type\\\":\\\"tense\\\"");
    assertThat(predict(model, table("rows.csv")))
        .startsWith(
            model
                + ": field \"architecture.layers[0].type\" is \"tense\", an unknown layer; known"
                + " are dense, convolution, ");
  }

  @Test
  void aModelOfANewerVersion() throws IOException {
    Path model = changed("\\\"format\\\":1", "\\\"format\\\":9");
    assertThat(predict(model, table("rows.csv")))
        .isEqualTo(
            model
                + ": written by Cajal development in model format 9; this is Cajal development,"
                + " which reads format 1; use a newer Cajal");
  }

  @Test
  void aPredictionRowWithoutANeededColumn() {
    Path rows = file("rows.csv", "length,kind\n1,long\n2,short\n");
    assertThat(predict(model(), rows))
        .isEqualTo(
            rows
                + ": the model needs a column which is not there; no column \"width\"; there are"
                + " \"length\", \"kind\"");
  }

  @Test
  void aPredictionRowOfTheWrongKind() {
    Path rows = file("rows.csv", "length,width\n1,2\n2,wide\n");
    assertThat(predict(model(), rows))
        .isEqualTo(
            rows
                + ":3: column \"width\": \"wide\" is not a number; correct it, or leave the cell"
                + " empty where the value is missing");
  }

  @Test
  void nothingToPredict() {
    Path none = folder.resolve("none.csv");
    assertThat(predict(model(), none)).isEqualTo(none + ": no such file or folder; check the path");
    err.getBuffer().setLength(0);
    assertThat(predict(model(), folder))
        .isEqualTo(folder + ": is a folder; this model takes tables, a CSV file is expected");
  }

  @Test
  void somethingElseToEvaluateOn() {
    assertThat(line("evaluate", model(), "mnits")).isEqualTo("mnits: no such file; check the path");
    err.getBuffer().setLength(0);
    assertThat(line("evaluate", model(), "mnist"))
        .isEqualTo("mnist: is no table; this model takes tables, a CSV file is expected");
  }

  @Test
  void nothingToResume() {
    assertThat(line("train", "--resume", folder))
        .isEqualTo(
            folder + ": no training to resume here: there is no run.json in it; begin a new one");
    err.getBuffer().setLength(0);
    assertThat(line("train", "--resume", folder, "--batch-size", 8))
        .isEqualTo(
            "--batch-size cannot be given with --resume, which goes on with the settings of "
                + folder
                + "; only --epochs, --threads, --quiet, --json and --profile can");
  }

  @Test
  void aWorkloadThatDoesNotExist() {
    assertThat(line("bench", "steps", "--only", "resnet"))
        .isEqualTo(
            "[bench] no workload \"resnet\"; there are xor, iris, mlp, mlp-wide, lenet5, cnn,"
                + " char-rnn, char-lstm, gpt");
  }

  @Test
  void aWorkloadWithoutImagesToLoad() {
    assertThat(line("bench", "loader", "--only", "iris"))
        .isEqualTo("[bench] iris takes no images of 28 × 28; mlp, mlp-wide, lenet5 and cnn do");
  }

  @Test
  void aKernelThatDoesNotExist() {
    assertThat(line("bench", "kernels", "--only", "product/3"))
        .startsWith("[bench] no kernel \"product/3\"; there are product, product-tn, ");
  }

  @Test
  void noTimeToMeasure() {
    assertThat(line("bench", "kernels", "--seconds", 0))
        .isEqualTo("--seconds 0.0 is out of range; above 0 and at most 3600 is allowed");
  }

  @Test
  void namesThatNoFileCanHave() {
    assertThat(train("a\0b.csv", "--target", "x"))
        .isEqualTo(
            "\"a?b.csv\": no name of a file here (Nul character not allowed); rename the file, or"
                + " set LC_ALL to a UTF-8 locale");
  }

  @Test
  void arraysWhoseUseIsNotPlain() {
    Path x = folder.resolve("x.npy");
    Npy.write(x, NDArray.zeros(DType.F32, Shape.of(4, 2)));
    assertThat(train(x))
        .isEqualTo(
            x
                + ": where are the answers? Add --y FILE.npy, or --target COLUMN where a column of"
                + " the array holds them");
    err.getBuffer().setLength(0);
    assertThat(train(x, "--y", x, "--drop", "x1"))
        .isEqualTo("--drop is for tables with named columns; arrays are named by --x and --y");
    err.getBuffer().setLength(0);
    assertThat(train("xor", "--x", "x"))
        .isEqualTo("--x is for arrays (.npz, .npy); \"xor\" is none");
  }

  @Test
  void tellsAFolderFromATable() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    assertThat(train(data, "--target", "y"))
        .isEqualTo(
            "--target is for tables; \""
                + data
                + "\" is a folder, in which a folder of images for each class is expected: leave"
                + " --target out, or name the file of a table");
  }

  @Test
  void refusesMarksForMissingValuesAsTargets() throws IOException {
    StringBuilder text = new StringBuilder("x,y\n");
    for (int i = 0; i < 40; i++) {
      text.append(i * 0.5).append(',').append(i % 8 == 1 ? "-999" : i * 0.25).append('\n');
    }
    Path table = Files.writeString(folder.resolve("marks.csv"), text);
    assertThat(train(table, "--target", "last"))
        .isEqualTo(
            table
                + ": target column \"y\" is -999 in 5 rows, far from its other numbers, as where a"
                + " value is missing; --missing -999 --drop-missing-targets leaves these rows out,"
                + " --type \"y=number\" predicts it too");
  }
}
