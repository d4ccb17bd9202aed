package org.cajal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.cajal.data.Csv;
import org.cajal.data.CsvOptions;
import org.cajal.data.Dataset;
import org.cajal.data.FloatRows;
import org.cajal.data.Tabular;
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
    assertThat(middle.network().toString()).contains("Tanh").doesNotContain("Relu");
    Dataset large =
        Dataset.regression(
            "large",
            new FloatRows(NDArray.of(new float[12_000], Shape.of(6000, 2))),
            NDArray.of(new float[6000], Shape.of(6000, 1)));
    assertThat(Presets.tabular(large, 1).network().toString())
        .contains("Relu")
        .doesNotContain("Tanh");
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
