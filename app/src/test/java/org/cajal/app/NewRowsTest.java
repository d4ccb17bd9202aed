package org.cajal.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says of rows that differ from those of the training. */
class NewRowsTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private void cajal(Object... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] words = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
    assertThat(Main.run(words, new PrintWriter(out), new PrintWriter(err)))
        .as(err.toString())
        .isEqualTo(Main.OK);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** A model of 60 rows, whose target has the given name. */
  private Path model(String target) throws IOException {
    StringBuilder text = new StringBuilder("size,town,kind,price\n");
    for (int i = 0; i < 60; i++) {
      String town = i % 3 == 0 ? "Rome" : "Oslo";
      String kind = i % 4 < 2 ? "wide" : "long";
      text.append(
          String.format(Locale.ROOT, "%d,%s,%s,%.2f%n", i % 17, town, kind, i % 17 * 1.25 + i % 4));
    }
    Path run = folder.resolve("run-" + target);
    cajal(
        "train",
        file("shops.csv", text.toString()),
        "--target",
        target,
        "--epochs",
        1,
        "--output",
        run);
    return run.resolve("model.safetensors");
  }

  @Test
  void namesUnknownCategoriesAndMissingCells() throws IOException {
    Path model = model("price");
    String rows = "size,town,kind,price\n3,Pisa,wide,2\n,Rome,long,4\n5,Kiel,,6.5\n";
    Path later = file("later.csv", rows);
    cajal("predict", model, later);
    assertThat(out.toString().lines()).hasSize(4);
    assertThat(err.toString().lines())
        .containsExactly(
            "note: column \"town\": 2 cells of values that have no input of their own (\"Pisa\","
                + " \"Kiel\"), which training has not seen",
            "note: cells without a value: 1 in \"size\", 1 in \"kind\"");
    cajal("evaluate", model, later);
    assertThat(err.toString().lines())
        .containsExactly(
            "note: column \"town\": 2 cells of values that have no input of their own (\"Pisa\","
                + " \"Kiel\"), which training has not seen",
            "note: cells without a value: 1 in \"size\", 1 in \"kind\"");
  }

  @Test
  void passesOverRowsWithoutATargetAndSaysSo() throws IOException {
    Path model = model("price");
    Path later =
        file("later.csv", "size,town,kind,price\n3,Rome,wide,2\n4,Rome,long,\n5,Oslo,long,6\n");
    cajal("evaluate", model, later);
    assertThat(err.toString().lines())
        .containsExactly("note: 1 row has no target and is not measured on");
    assertThat(out.toString()).contains(" (2 rows)");
  }

  @Test
  void oneRowHasNoShareOfVariance() throws IOException {
    Path model = model("price");
    cajal("evaluate", model, file("one.csv", "size,town,kind,price\n3,Rome,wide,2\n"));
    assertThat(out.toString())
        .contains(" R² undefined (it needs two different targets), RMSE ")
        .contains(" (1 row)\n");
  }

  @Test
  void classesWithoutAnExampleAreTold() throws IOException {
    Path model = model("kind");
    cajal("evaluate", model, file("one.csv", "size,town,kind,price\n3,Rome,wide,2\n"));
    assertThat(out.toString().lines().findFirst().orElseThrow())
        .endsWith(" (no example of 1 of the 2 classes)");
  }

  @Test
  void warningsStandWithoutNotesToo() throws IOException {
    StringBuilder text = new StringBuilder("day,sold\n");
    for (int i = 0; i < 120; i++) {
      text.append(LocalDate.of(2024, 1, 1).plusDays(i)).append(',').append(i * i % 97 + 5 * i);
      text.append('\n');
    }
    Path run = folder.resolve("quiet");
    cajal(
        "train",
        file("sold.csv", text.toString()),
        "--target",
        "sold",
        "--epochs",
        1,
        "--split",
        "random",
        "--time",
        "day",
        "--quiet",
        "--output",
        run);
    List<String> lines = err.toString().lines().toList();
    assertThat(lines).isNotEmpty().allMatch(line -> line.startsWith("warning: "));
    assertThat(lines.getFirst()).contains("The rows are a series in time, but ");
  }
}
