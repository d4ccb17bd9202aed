package org.cajal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cajal.data.ColumnType;
import org.cajal.data.Csv;
import org.cajal.data.CsvOptions;
import org.cajal.data.Dataset;
import org.cajal.data.FloatRows;
import org.cajal.data.InputColumns;
import org.cajal.data.Preprocessing;
import org.cajal.data.Table;
import org.cajal.data.Tabular;
import org.cajal.data.Task;
import org.cajal.layer.Layers;
import org.cajal.model.Evaluation;
import org.cajal.model.Model;
import org.cajal.model.ModelSpec;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;

class PresetsTest {
  @Test
  void networksForImagesHaveTheirSizes() {
    Dataset images = TrainerTest.images(4, 28);
    for (String name : Presets.names()) {
      Presets.Preset preset = Presets.named(name, images, 1);
      long parameters =
          Model.untrained(ModelSpec.of(preset.network(), images), 1).summary().parameters();
      assertThat(parameters).as(name).isPositive();
      assertThat(preset.settings().seed()).isEqualTo(1);
      if (name.equals("cnn")) {
        assertThat(parameters).isLessThan(100_000);
      }
    }
  }

  @Test
  void aTableGetsANetworkByItsRows() {
    assertThat(Presets.tabular(TrainerTest.moons(100), 1).settings().validation()).isZero();
    Presets.Preset middle = Presets.tabular(TrainerTest.moons(1200), 1);
    assertThat(middle.settings().validation()).isEqualTo(0.1);
    assertThat(middle.settings().earlyStopping()).isPresent();
    assertThat(middle.network().toString()).contains("Tanh", "Relu", "PiecewiseLinear");
    Dataset large =
        Dataset.regression(
            "large",
            new FloatRows(NDArray.of(new float[12_000], Shape.of(6000, 2))),
            NDArray.of(new float[6000], Shape.of(6000, 1)));
    assertThat(Presets.tabular(large, 1).network().toString())
        .contains("Relu")
        .doesNotContain("Tanh");
  }

  /** Dropout that suits few rows of classes would blur numbers. */
  @Test
  void severalNumbersAreLearnedAsOneIs() {
    StringBuilder text = new StringBuilder("x,z,a,b\n");
    for (int i = 0; i < 300; i++) {
      double x = (i * 37 % 100) / 50.0 - 1;
      double z = (i * 61 % 90) / 45.0 - 1;
      text.append(x).append(',').append(z).append(',');
      text.append(2 * x - z).append(',').append(x * z + 3 * z).append('\n');
    }
    Table table = Csv.parse("two", text.toString(), CsvOptions.DEFAULT);
    Tabular.Prepared data = Tabular.prepare(table, "a,b", null, 0, 0.2, 1);
    Presets.Preset preset = Presets.tabular(data.train(), 1);
    ModelSpec spec = preset.spec(data.train()).with(data.preprocessing());
    Evaluation e =
        new Trainer(spec, preset.settings()).train(data.train()).model().evaluate(data.test());
    assertThat(e.targets().values()).hasSize(2).allMatch(of -> of.r2() > 0.99);
  }

  /** Products with an effect of their own, remarks of two words that say more, and a number. */
  private static Tabular.Prepared shop(int products, boolean remarks, int oneHot) {
    String[] words = {"good", "bad", "fine", "poor"};
    StringBuilder text = new StringBuilder("product,remark,x,y\n");
    for (int i = 0; i < 1200; i++) {
      int product = i * 7 % products;
      int word = i / 60 % 4;
      double x = (i * 37 % 100) / 50.0 - 1;
      double y = product % 5 + x + (remarks ? (word % 2 == 0 ? 2 : -2) : 0);
      text.append("p").append(product).append(remarks ? ",the box was " + words[word] : ",");
      text.append(",").append(x).append(',').append(y).append('\n');
    }
    return Tabular.prepare(
        Csv.parse(
            "shop",
            text.toString(),
            CsvOptions.DEFAULT.withTypes(
                Map.of("remark", remarks ? ColumnType.TEXT : ColumnType.IGNORED))),
        "y",
        Task.REGRESSION,
        0,
        0.2,
        1,
        new Preprocessing.Options(null, Integer.MAX_VALUE, oneHot, null));
  }

  @Test
  void learnsAVectorForEachOfManyCategoriesAndTheWordsOfTexts() {
    Tabular.Prepared data = shop(60, true, 10);
    assertThat(data.train().inputColumns())
        .contains(new InputColumns(1, List.of(new InputColumns.Index(61, 60)), 7));
    Presets.Preset preset = Presets.tabular(data.train(), 1);
    assertThat(preset.network().toString()).contains("Embedding[count=61, size=16");
    ModelSpec spec = preset.spec(data.train()).with(data.preprocessing());
    Model model = new Trainer(spec, preset.settings()).train(data.train()).model();
    assertThat(model.evaluate(data.test()).metrics().get("r2")).isGreaterThan(0.97);
    Map<String, Object> row = Map.of("product", "p3", "remark", "the box was good", "x", 0.5);
    assertThat(model.predict(row).value()).isBetween(5.0, 6.0);
    assertThat(model.predict(data.test())).isEqualTo(model.predict(data.test().features()));
  }

  @Test
  void textsAloneGetALinearNetwork() {
    Table table =
        Csv.parse(
            "texts",
            "t,y\n" + "so good,a\nso bad,b\nreally good,a\nreally bad,b\n".repeat(10),
            CsvOptions.DEFAULT.withTypes(Map.of("t", ColumnType.TEXT)));
    Tabular.Prepared texts = Tabular.prepare(table, "y", null, 0, 0.2, 1);
    Presets.Preset preset = Presets.tabular(texts.train(), 1);
    assertThat(preset.network()).isEqualTo(Layers.sequential(Layers.dense(2)));
    ModelSpec spec = preset.spec(texts.train()).with(texts.preprocessing());
    Model model = new Trainer(spec, preset.settings()).train(texts.train()).model();
    assertThat(model.evaluate(texts.test()).accuracy()).isEqualTo(1);
    assertThat(model.predict(Map.of("t", "good unseen words")).label()).isEqualTo("a");
    assertThat(Presets.tableNetwork(texts.train(), List.of(Layers.dense(3))))
        .isEqualTo(Layers.sequential(Layers.dense(3), Layers.dense(2)));
  }

  @Test
  void anIndexWithoutAnEmbeddingIsRefused() {
    Tabular.Prepared data = shop(60, false, 10);
    assertThatThrownBy(() -> ModelSpec.of(Layers.sequential(Layers.dense(1)), data.train()))
        .isInstanceOf(CajalException.class)
        .hasMessage(
            "[model] input \"product\" is an index of 61 categories, and the network has no"
                + " embedding for it; use Presets.tableNetwork(data, hidden), or prepare the table"
                + " with fewer categories (Preprocessing.Options)");
  }

  @Test
  void refusesWhatDoesNotFit() {
    Dataset images = TrainerTest.images(4, 28);
    assertThatThrownBy(() -> Presets.named("lenet", images, 1))
        .isInstanceOf(CajalException.class)
        .hasMessage("[preset] no network \"lenet\"; known are lenet5, mlp, cnn");
    assertThatThrownBy(() -> Presets.named("cnn", TrainerTest.moons(4), 1))
        .hasMessage("[preset] cnn is for images [channels, height, width]; the examples are [2]");
  }

  @Test
  void learnsIrisByDefaults() {
    Path file =
        Path.of(System.getProperty("cajal.data", "../../shared/data"), "tabular", "iris.csv");
    assumeTrue(Files.exists(file), "no data at " + file);
    Tabular.Prepared data =
        Tabular.prepare(Csv.read(file, CsvOptions.DEFAULT), "last", null, 0, 0.2, 1);
    Presets.Preset preset = Presets.tabular(data.train(), 1);
    ModelSpec spec = preset.spec(data.train()).with(data.preprocessing());
    assertThat(spec.loss()).isEqualTo(preset.loss().orElseThrow());
    Evaluation e =
        new Trainer(spec, preset.settings()).train(data.train()).model().evaluate(data.test());
    assertThat(e.rows()).isEqualTo(30);
    assertThat(e.accuracy()).isGreaterThanOrEqualTo(0.9);
  }
}
