package org.cajal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.cajal.io.Json;
import org.cajal.io.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesCommandTest {
  private static final int DAYS = 150;

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path sales;

  /** A level that rises, with a week in it. */
  private static double sold(int day) {
    double[] week = {4, 1, -2, -5, -3, 1, 4};
    return 100 + 0.2 * day + week[day % 7] + 0.1 * (day * 37 % 11);
  }

  @BeforeEach
  void writeTable() throws IOException {
    StringBuilder text = new StringBuilder("date,warm,sold\n");
    for (int day = 0; day < DAYS; day++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s,%d,%.2f%n",
              LocalDate.of(2024, 1, 1).plusDays(day),
              day * 13 % 30,
              sold(day)));
    }
    sales = Files.writeString(folder.resolve("sales.csv"), text);
  }

  private int run(Object... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] words = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
    return Main.run(words, new PrintWriter(out), new PrintWriter(err));
  }

  private void cajal(Object... args) {
    assertThat(run(args)).as(err.toString()).isEqualTo(Main.OK);
  }

  private void refused(String line, Object... args) {
    assertThat(run(args)).isEqualTo(Main.BAD_INPUT);
    assertThat(err.toString().lines().toList().getLast()).isEqualTo("cajal: " + line);
  }

  private JsonObject json() {
    return Json.parseObject(out.toString(), "output");
  }

  @Test
  void aSeriesIsTestedOnItsLastPart() throws IOException {
    Path run = folder.resolve("run");
    cajal("train", sales, "--target", "sold", "--epochs", 2, "--output", run, "--json");
    assertThat(err.toString())
        .contains(
            "note: the rows are a series (\"date\" from 2024-01-01 to 2024-05-29, a row a day): the"
                + " last part is held back, not a part by chance; --split random changes that")
        .contains("naive forecast (the value 1 row before): RMSE ")
        .contains("; seasonal naive (7 rows before): RMSE ")
        .contains("it does not know the past; --lags 14 forecasts from it.");
    double squares = 0;
    for (int day = 120; day < DAYS; day++) {
      double change = hundredths(sold(day)) - hundredths(sold(day - 1));
      squares += change * change;
    }
    assertThat(json().number("naive_rmse")).isCloseTo(Math.sqrt(squares / 30), within(1e-9));
    assertThat(json().number("season_rows")).isEqualTo(7);
    assertThat(json().number("mase")).isBetween(0.1, 10.0);
    JsonObject file = Json.parseObject(Files.readString(run.resolve("run.json")), "run.json");
    assertThat(file.string("command")).endsWith(" --seed 1 --split time --time date");
    assertThat(file.object("metrics").number("naive_rmse")).isEqualTo(json().number("naive_rmse"));
    assertThat(Files.readString(run.resolve("report.html"))).contains("seasonal naive rmse");
    cajal("evaluate", run.resolve("model.safetensors"), sales);
    assertThat(out.toString()).contains("naive forecast (the value 1 row before): RMSE ");
  }

  private static double hundredths(double value) {
    return Double.parseDouble(String.format(Locale.ROOT, "%.2f", value));
  }

  @Test
  void aSplitByChanceIsWarnedOf() {
    cajal(
        "train",
        sales,
        "--target",
        "sold",
        "--epochs",
        1,
        "--split",
        "random",
        "--output",
        folder.resolve("chance"));
    assertThat(err.toString())
        .doesNotContain("note: the rows are a series")
        .contains(
            "test rows lie before the last training row in \"date\": the network has learned from"
                + " what came after them");
  }

  @Test
  void pastValuesForecastEachRowAndWhatComesAfterTheFile() {
    Path run = folder.resolve("lags");
    cajal(
        "train",
        sales,
        "--target",
        "sold",
        "--lags",
        7,
        "--horizon",
        2,
        "--epochs",
        60,
        "--output",
        run,
        "--json");
    assertThat(err.toString())
        .contains("note: 8 training rows have no 8 rows before them and are left out")
        .contains("sales: 112 rows to train on, 30 to test")
        .contains("naive forecast (the value 2 rows before): RMSE ");
    assertThat(json().number("r2")).isGreaterThan(0.7);
    assertThat(json().number("rmse")).isLessThan(json().number("naive_rmse"));
    Path model = run.resolve("model.safetensors");
    cajal("predict", model, sales);
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(1 + DAYS + 2);
    assertThat(lines.subList(0, 3))
        .containsExactly("date,prediction", "2024-01-01,", "2024-01-02,");
    assertThat(lines.get(8)).isEqualTo("2024-01-08,");
    assertThat(lines.get(9)).startsWith("2024-01-09,1");
    assertThat(lines.get(DAYS + 1)).startsWith("2024-05-30,");
    double last = Double.parseDouble(lines.getLast().substring("2024-05-31,".length()));
    assertThat(last).isCloseTo(sold(DAYS + 1), within(4.0));
    assertThat(err.toString())
        .contains(
            "note: 8 rows have no answer, as the 7 values that they are forecast from are not all"
                + " in the file")
        .contains("note: the last 2 lines forecast what comes after the file");
    cajal("evaluate", model, sales, "--json");
    assertThat(json().integer("rows")).isEqualTo(DAYS - 8);
  }

  @Test
  void severalSeriesDoNotMix() throws IOException {
    StringBuilder text = new StringBuilder("shop,month,sold\n");
    for (int i = 0; i < 96; i++) {
      int month = i / 2;
      text.append(
          String.format(
              Locale.ROOT,
              "%s,%s,%.2f%n",
              i % 2 == 0 ? "North" : "South",
              LocalDate.of(2020, 1, 1).plusMonths(month),
              10 * Math.sin(month / 4.0) + 200 * (i % 2)));
    }
    Path shops = Files.writeString(folder.resolve("shops.csv"), text);
    Path run = folder.resolve("shops");
    cajal(
        "train", shops, "--target", "sold", "--lags", 3, "--epochs", 5, "--output", run, "--json");
    assertThat(err.toString())
        .contains("2 series by \"shop\", \"month\" from 2020-01-01 to 2023-12-01, a row a month")
        .contains("shops: 70 rows to train on, 20 to test");
    cajal("predict", run.resolve("model.safetensors"), shops);
    List<String> lines = out.toString().lines().toList();
    assertThat(lines.getFirst()).isEqualTo("month,shop,prediction");
    assertThat(lines).hasSize(1 + 96 + 2);
    assertThat(lines.get(97)).startsWith("2024-01-01,North,");
    assertThat(lines.get(98)).startsWith("2024-01-01,South,");
    double south = Double.parseDouble(lines.get(98).substring("2024-01-01,South,".length()));
    assertThat(south).isBetween(150.0, 250.0);
  }

  @Test
  void aDroppedColumnOfTimeStillDivides() {
    cajal(
        "train",
        sales,
        "--target",
        "sold",
        "--drop",
        "date",
        "--epochs",
        1,
        "--json",
        "--output",
        folder.resolve("dropped"));
    assertThat(err.toString()).contains("note: the rows are a series (\"date\"");
    assertThat(json().number("naive_rmse")).isGreaterThan(0);
  }

  @Test
  void wrongOptionsAreRefused() throws IOException {
    refused(
        "--lags 0 is out of range; at least 1 is needed",
        "train",
        sales,
        "--target",
        "sold",
        "--lags",
        0);
    refused(
        "--horizon is for forecasts from past rows; add --lags N, the number of them",
        "train",
        sales,
        "--target",
        "sold",
        "--horizon",
        2);
    refused(
        sales
            + ": no training row has 200 rows before it, which --lags 200 and --horizon 1 ask for;"
            + " choose fewer, or give more rows",
        "train",
        sales,
        "--target",
        "sold",
        "--lags",
        200);
    refused("--lags is for tables; \"moons\" is none", "train", "moons", "--lags", 2);
    Path plain =
        Files.writeString(
            folder.resolve("plain.csv"), "a,b,y\n" + "1,2,0.5\n3,1,1.5\n2,2,2.5\n".repeat(10));
    refused(
        plain + ": which column tells the time of a row? Add --time COLUMN; the columns are a, b",
        "train",
        plain,
        "--target",
        "y",
        "--split",
        "time");
    refused(
        plain
            + ": rows 1 and 4 have the same time 1 in \"a\", so that none is before the other;"
            + " --lags needs one row a time: name the columns that tell several series apart with"
            + " --group COLUMN",
        "train",
        plain,
        "--target",
        "y",
        "--time",
        "a",
        "--lags",
        1);
  }

  @Test
  void lagsThatAreAdvisedFitTheShortSeriesOfAPanel() throws IOException {
    StringBuilder text = new StringBuilder("shop,year,sold\n");
    for (int shop = 0; shop < 20; shop++) {
      for (int year = 0; year < 16; year++) {
        text.append(
            String.format(
                Locale.ROOT, "s%d,%d,%.2f%n", shop, 2000 + year, shop * 9 % 13 + 0.1 * year));
      }
    }
    Path panel = Files.writeString(folder.resolve("panel.csv"), text);
    cajal("train", panel, "--target", "sold", "--epochs", 1, "--output", folder.resolve("p"));
    assertThat(err.toString())
        .contains("20 series by \"shop\"")
        .contains("it does not know the past; --lags 3 forecasts from it.");
    cajal(
        "train",
        panel,
        "--target",
        "sold",
        "--epochs",
        1,
        "--lags",
        3,
        "--output",
        folder.resolve("q"));
    assertThat(out.toString()).contains("naive forecast");
  }
}
