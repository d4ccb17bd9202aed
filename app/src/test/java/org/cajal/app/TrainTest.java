package org.cajal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cajal.data.Npy;
import org.cajal.io.Json;
import org.cajal.io.JsonObject;
import org.cajal.model.Model;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path table;

  @BeforeEach
  void writeTable() throws IOException {
    StringBuilder text = new StringBuilder("length,width,\"kind, exactly\",price\n");
    for (int i = 0; i < 60; i++) {
      double length = i * 0.37 % 5;
      double width = i * 0.61 % 3;
      String kind = length > width ? "long" : "wide, rather";
      text.append(
          String.format(
              Locale.ROOT,
              "%.3f,%.3f,\"%s\",%.3f%n",
              length,
              width,
              kind,
              10 + 3 * length - width));
    }
    table = Files.writeString(folder.resolve("boxes.csv"), text);
  }

  private void cajal(Object... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] words = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
    assertThat(Main.run(words, new PrintWriter(out), new PrintWriter(err)))
        .as(err.toString())
        .isEqualTo(Main.OK);
  }

  private JsonObject json() {
    assertThat(out.toString().lines()).hasSize(1);
    return Json.parseObject(out.toString(), "output");
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void alikeNotesAreOneLineAndStandBeforeAnErrorToo() throws IOException {
    StringBuilder header = new StringBuilder("x,y");
    StringBuilder zeros = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      header.append(",pixel").append(i);
      zeros.append(",0");
    }
    StringBuilder text = new StringBuilder(header).append('\n');
    StringBuilder constant = new StringBuilder(header).append('\n');
    for (int i = 0; i < 40; i++) {
      text.append(i % 7 + 0.5).append(i % 2 == 0 ? ",a" : ",b").append(zeros).append('\n');
      constant.append("0.5").append(i % 2 == 0 ? ",a" : ",b").append(zeros).append('\n');
    }
    Path pixels = Files.writeString(folder.resolve("pixels.csv"), text);
    Path run = folder.resolve("pixels-run");
    cajal("train", pixels, "--target", "y", "--epochs", 1, "--output", run, "--json");
    assertThat(json().integer("rows")).isEqualTo(8);
    assertThat(err.toString().lines().filter(line -> line.startsWith("note: ")))
        .containsExactly(
            "note: read with commas, decimal point, UTF-8, header: 40 rows, 502 columns",
            "note: 500 columns are left out: one value only in the training rows");
    assertThat(run.resolve("report.html"))
        .content()
        .contains("<li>500 columns are left out: one value only in the training rows</li>");

    Path nothing = Files.writeString(folder.resolve("nothing.csv"), constant);
    assertThat(
            Main.run(
                new String[] {"train", nothing.toString(), "--target", "y"},
                new PrintWriter(out),
                new PrintWriter(err)))
        .isNotEqualTo(Main.OK);
    assertThat(err.toString().lines().toList())
        .endsWith(
            "note: 501 columns are left out: one value only in the training rows",
            "cajal: "
                + nothing
                + ": no column to learn from besides the target \"y\"; at least one column with"
                + " two values or more is needed");
  }

  @Test
  void aTableBecomesAModelThatPredictsItsRows() throws IOException {
    Path run = folder.resolve("run");
    cajal(
        "train",
        table,
        "--target",
        "kind, exactly",
        "--drop",
        "price",
        "--epochs",
        15,
        "--output",
        run,
        "--json");
    assertThat(json().number("accuracy")).isBetween(0.5, 1.0);
    assertThat(json().names())
        .contains(
            "accuracy",
            "loss",
            "f1",
            "rows",
            "seconds",
            "model",
            "report",
            "training_rows",
            "epochs");
    assertThat(json().integer("rows")).isEqualTo(12);
    assertThat(json().string("model")).isEqualTo(run.resolve("model.safetensors").toString());
    assertThat(err.toString())
        .contains("boxes: 48 rows to train on, 12 to test")
        .contains("epoch  1/15");
    assertThat(files(run))
        .containsExactly("last.safetensors", "model.safetensors", "report.html", "run.json");
    assertThat(run.resolve("report.html"))
        .content()
        .contains(
            "cajal train "
                + table
                + " --target &#39;kind, exactly&#39; --drop price --epochs 15 --seed 1");

    cajal("predict", run.resolve("model.safetensors"), table);
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(61);
    assertThat(lines.getFirst()).isEqualTo("prediction,long,\"wide, rather\"");
    String[] cells =
        lines.stream()
            .filter(line -> line.startsWith("long,"))
            .findFirst()
            .orElseThrow()
            .split(",", -1);
    assertThat(Double.parseDouble(cells[1]) + Double.parseDouble(cells[2]))
        .isCloseTo(1, within(2e-6));

    cajal("evaluate", run.resolve("model.safetensors"), table, "--json");
    assertThat(json().integer("rows")).isEqualTo(60);
    assertThat(json().number("accuracy")).isBetween(0.5, 1.0);

    cajal("summary", run.resolve("model.safetensors"));
    assertThat(out.toString())
        .contains("ensembleDense", "2 classes: long, wide, rather", "\nSHA-256: ");
  }

  @Test
  void aRunCanBeRepeatedExactly() {
    for (String name : List.of("a", "b")) {
      cajal(
          "train",
          table,
          "--target",
          "price",
          "--epochs",
          3,
          "--output",
          folder.resolve(name),
          "--quiet",
          "--json");
      assertThat(json().names()).contains("r2", "rmse", "mae").doesNotContain("accuracy");
      assertThat(err.toString()).isEmpty();
    }
    String first = Model.load(folder.resolve("a/model.safetensors")).sha256();
    assertThat(Model.load(folder.resolve("b/model.safetensors")).sha256()).isEqualTo(first);
    cajal(
        "train",
        table,
        "--target=price",
        "--epochs=3",
        "--seed=2",
        "--output=" + folder.resolve("c"),
        "--quiet");
    assertThat(Model.load(folder.resolve("c/model.safetensors")).sha256()).isNotEqualTo(first);
    assertThat(RunFile.arguments(folder.resolve("c")))
        .containsExactly(table.toString(), "--target=price", "--epochs=3", "--seed=2");
    cajal("predict", folder.resolve("a/model.safetensors"), table);
    assertThat(out.toString().lines())
        .hasSize(61)
        .startsWith("prediction")
        .allMatch(line -> !line.contains(","));
  }

  @Test
  void aResumedRunIsTheUninterruptedOne() {
    List<Object> words =
        new ArrayList<>(
            List.of("train", "moons", "--samples", 60, "--schedule", "constant", "--quiet"));
    Stream<Object> six =
        Stream.concat(words.stream(), Stream.of("--epochs", 6, "--output", folder.resolve("six")));
    cajal(six.toArray());
    Stream<Object> three =
        Stream.concat(
            words.stream(), Stream.of("--epochs", 3, "--output", folder.resolve("three")));
    cajal(three.toArray());
    cajal("train", "--resume", folder.resolve("three"), "--epochs", 6, "--quiet", "--json");
    assertThat(json().integer("epochs")).isEqualTo(6);
    assertThat(Model.load(folder.resolve("three/model.safetensors")).sha256())
        .isEqualTo(Model.load(folder.resolve("six/model.safetensors")).sha256());
  }

  @Test
  void aTruthTableIsLearnedAsAWhole() {
    cajal("train", "xor", "--output", folder.resolve("xor"));
    assertThat(err.toString())
        .contains("note: a truth table: all 4 rows are trained on and measured on");
    assertThat(out.toString()).contains("training accuracy 100.00 % (4 of 4)", "next    ");
  }

  @Test
  void aWholeNumberOfFewValuesIsTakenForClassesUnlessToldOtherwise() throws IOException {
    StringBuilder text = new StringBuilder("x,grade\n");
    for (int i = 0; i < 40; i++) {
      text.append(i % 7).append('.').append(i).append(',').append(i % 4).append('\n');
    }
    Path grades = Files.writeString(folder.resolve("grades.csv"), text);
    cajal(
        "train",
        grades,
        "--target",
        "grade",
        "--epochs",
        1,
        "--output",
        folder.resolve("classes"),
        "--json");
    assertThat(err.toString())
        .contains(
            "note: target \"grade\" holds 4 different whole numbers, taken for classes (all equally"
                + " frequent); --task regression predicts it as a number");
    assertThat(json().names()).contains("accuracy");
    cajal(
        "train",
        grades,
        "--target",
        "grade",
        "--task",
        "regression",
        "--epochs",
        1,
        "--output",
        folder.resolve("n"),
        "--json");
    assertThat(json().names()).contains("r2");
  }

  @Test
  void aFolderOfImages() throws IOException {
    Path pictures = folder.resolve("pictures");
    for (int i = 0; i < 12; i++) {
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
      var pen = image.createGraphics();
      pen.setColor(Color.WHITE);
      boolean upright = i % 2 == 0;
      pen.fillRect(
          upright ? 1 + i / 2 % 5 : 0,
          upright ? 0 : 1 + i / 2 % 5,
          upright ? 2 : 8,
          upright ? 8 : 2);
      pen.dispose();
      Path file = pictures.resolve(upright ? "upright" : "level").resolve(i + ".png");
      Files.createDirectories(file.getParent());
      ImageIO.write(image, "png", file.toFile());
    }
    Files.writeString(pictures.resolve("level/broken.png"), "no image");
    Files.writeString(pictures.resolve("level/labels.txt"), "1");
    Path run = folder.resolve("run");
    cajal(
        "train",
        pictures,
        "--skip-broken",
        "--size",
        "6x7",
        "--colour",
        "--model",
        "mlp",
        "--hidden",
        16,
        "--epochs",
        5,
        "--validation",
        0,
        "--output",
        run,
        "--json");
    assertThat(json().integer("rows")).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "note: passed over what is no image: 1 .txt\n",
            "note: 1 of 13 images cannot be read and are left out: level/broken.png (not an"
                + " image)\n");
    assertThat(Model.load(run.resolve("model.safetensors")).spec().inputShape())
        .isEqualTo(Shape.of(3, 7, 6));
    cajal("predict", run.resolve("model.safetensors"), pictures, "--skip-broken");
    assertThat(out.toString().lines()).hasSize(13).startsWith("file,prediction,level,upright");
    cajal("predict", run.resolve("model.safetensors"), pictures.resolve("level/1.png"));
    assertThat(out.toString().lines().skip(1))
        .singleElement()
        .asString()
        .startsWith(pictures.resolve("level/1.png") + ",");
    cajal("evaluate", run.resolve("model.safetensors"), pictures, "--json", "--skip-broken");
    assertThat(json().integer("rows")).isEqualTo(12);
  }

  @Test
  void trainsOnArraysAndAnswersForTheirRows() {
    int rows = 80;
    float[] x = new float[rows * 2];
    int[] images = new int[rows * 64];
    long[] y = new long[rows];
    for (int r = 0; r < rows; r++) {
      y[r] = r % 2;
      x[2 * r] = r % 7 - 3;
      x[2 * r + 1] = 4 * (r % 2) + r % 3;
      for (int i = 0; i < 64; i++) {
        images[64 * r + i] = (i * 31 + r * 17) % 50 + (r % 2 == 0 ? 0 : 200);
      }
    }
    NDArray answers = NDArray.of(y, Shape.of(rows));
    Path numbers = folder.resolve("numbers.npz");
    Npy.writeArchive(numbers, Map.of("first", NDArray.of(x, Shape.of(rows, 2)), "second", answers));
    Path run = folder.resolve("numbers");
    cajal("train", numbers, "--x", "first", "--y", "second", "--epochs", 60, "--output", run);
    assertThat(err.toString()).contains("numbers: 64 rows to train on, 16 to test");
    Path model = run.resolve("model.safetensors");
    cajal("evaluate", model, numbers, "--json");
    assertThat(Json.parseObject(out.toString(), "").number("accuracy")).isEqualTo(1);
    assertThat(Json.parseObject(out.toString(), "").integer("rows")).isEqualTo(rows);
    Path single = folder.resolve("single.npy");
    Npy.write(single, NDArray.of(new float[] {0, 0, 0, 6, 0, 5}, Shape.of(3, 2)));
    cajal("predict", model, single);
    assertThat(out.toString().lines().map(l -> l.substring(0, 1)))
        .containsExactly("p", "0", "1", "1");

    Path several = folder.resolve("several.npz");
    for (int i = 0; i < x.length; i++) {
      x[i] += i * 0.01f;
    }
    NDArray pairs = NDArray.of(x, Shape.of(rows, 2));
    Npy.writeArchive(several, Map.of("x", pairs, "y", pairs));
    run = folder.resolve("several");
    cajal("train", several, "--epochs", 60, "--output", run);
    cajal("predict", run.resolve("model.safetensors"), single);
    assertThat(out.toString().lines().toList()).hasSize(4);
    assertThat(out.toString()).startsWith("y1,y2\n");

    Path pictures = folder.resolve("pictures.npz");
    NDArray all = NDArray.of(images, Shape.of(rows, 8, 8));
    Npy.writeArchive(
        pictures, Map.of("x_train", all, "y_train", answers, "x_test", all, "y_test", answers));
    run = folder.resolve("pictures");
    cajal("train", pictures, "--model", "mlp", "--epochs", 5, "--output", run);
    assertThat(err.toString())
        .contains("note: [80, 8, 8] are taken for 80 images [1, 8, 8]")
        .contains("pictures.npz: 72 rows to train on, 8 to validate, 80 to test");
    model = run.resolve("model.safetensors");
    cajal("evaluate", model, pictures, "--json");
    assertThat(Json.parseObject(out.toString(), "").number("accuracy")).isEqualTo(1);
    cajal("predict", model, pictures);
    assertThat(out.toString().lines()).hasSize(rows + 1);
  }
}
