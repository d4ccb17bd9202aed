package org.cajal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.cajal.data.Column;
import org.cajal.data.Csv;
import org.cajal.data.CsvOptions;
import org.cajal.data.Dataset;
import org.cajal.data.FloatRows;
import org.cajal.data.ImageScaling;
import org.cajal.data.Table;
import org.cajal.data.Tabular;
import org.cajal.data.Task;
import org.cajal.io.Safetensors;
import org.cajal.layer.BatchNormalization;
import org.cajal.layer.Layer;
import org.cajal.layer.Layers;
import org.cajal.layer.LeakyRelu;
import org.cajal.layer.Scope;
import org.cajal.loss.BinaryCrossEntropy;
import org.cajal.tensor.Tensor;
import org.cajal.train.Presets;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {
  private static final List<String> ABC = List.of("a", "b", "c");

  @TempDir Path folder;

  private static NDArray noise(int... dims) {
    Shape shape = Shape.of(dims);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) CounterRandom.normal(1, i);
    }
    return NDArray.of(values, shape);
  }

  private static Dataset data(int n) {
    int[] classes = IntStream.range(0, n).map(i -> i % 3).toArray();
    return Dataset.classification("noise", new FloatRows(noise(n, 4)), classes, ABC);
  }

  private static Model model(Layer network) {
    return Model.untrained(ModelSpec.of(network, data(3)), 7);
  }

  private static Model small() {
    return model(Layers.sequential(Layers.dense(5), Layers.relu(), Layers.dense(3)));
  }

  private Path saved(Model model) {
    Path file = folder.resolve("model.safetensors");
    model.save(file);
    return file;
  }

  @Test
  void aLoadedModelAnswersTheSameBits() {
    Layer rich =
        Layers.sequential(
            Layers.dense(6),
            Layers.batchNormalization(),
            Layers.residual(Layers.dense(6), Layers.gelu()),
            Layers.concatenate(Layers.elu(), Layers.sequential(Layers.dense(2), Layers.prelu())),
            Layers.dropout(0.5),
            Layers.dense(3));
    Model model = model(rich);
    Model loaded = Model.load(saved(model));
    NDArray batch = noise(9, 4);
    assertThat(loaded.answers(batch)).isEqualTo(model.answers(batch));
    assertThat(loaded.sha256()).isEqualTo(model.sha256());
    assertThat(loaded.spec()).isEqualTo(model.spec());
    assertThat(loaded.history()).isEqualTo(model.history());
    assertThat(loaded.version()).isEqualTo(model.version());
    Path again = folder.resolve("again.safetensors");
    loaded.save(again);
    assertThat(again).hasSameBinaryContentAs(folder.resolve("model.safetensors"));
  }

  @Test
  void batchesOfAnySizeAnswerRowByRow() {
    Model model = small();
    NDArray batch = noise(70, 4);
    NDArray all = model.answers(batch);
    assertThat(all.shape()).isEqualTo(Shape.of(70, 3));
    for (int i : new int[] {0, 63, 64, 69}) {
      Prediction one = model.predict(Arrays.copyOfRange(batch.toFloats(), 4 * i, 4 * i + 4));
      for (int c = 0; c < 3; c++) {
        assertThat(one.values().get(c)).isCloseTo(all.get(3L * i + c), within(1e-6));
      }
      assertThat(one.values().stream().mapToDouble(v -> v).sum()).isCloseTo(1, within(1e-6));
    }
    assertThat(model.predict(noise(0, 4))).isEmpty();
    assertThat(model.predict(noise(300, 4))).hasSize(300);
  }

  @Test
  void manyThreadsPredictAtOnce() throws Exception {
    Model model = small();
    NDArray batch = noise(40, 4);
    List<Prediction> expected = model.predict(batch);
    Model fresh = small();
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<List<Prediction>>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        answers.add(pool.submit(() -> fresh.predict(batch)));
      }
      for (Future<List<Prediction>> answer : answers) {
        assertThat(answer.get()).isEqualTo(expected);
      }
    }
  }

  /** A row of the table below. */
  public record House(double size, String kind) {}

  @Test
  void predictsRowsOfATableInUnitsOfTheTarget() {
    StringBuilder csv = new StringBuilder("size,kind,price\n");
    for (int i = 0; i < 60; i++) {
      csv.append(50 + i)
          .append(i % 2 == 0 ? ",flat," : ",villa,")
          .append(100_000 + 1000.5 * i)
          .append('\n');
    }
    Table table = Csv.parse("houses.csv", csv.toString(), CsvOptions.DEFAULT);
    Tabular.Prepared prepared = Tabular.prepare(table, "price", Task.REGRESSION, 0, 0.2, 1);
    ModelSpec spec = ModelSpec.of(Layers.dense(1), prepared.train()).with(prepared.preprocessing());
    Model model = Model.load(saved(Model.untrained(spec, 1)));
    double byMap = model.predict(Map.of("size", 70, "kind", "flat")).value();
    assertThat(model.predict(new House(70, "flat")).value()).isEqualTo(byMap);
    Map<String, Object> missing = new HashMap<>(Map.of("size", 70));
    missing.put("kind", null);
    assertThat(model.predict(missing).value()).isNotEqualTo(byMap);
    Table row =
        Table.of("row", Column.numbers("size", 70), Column.categories("kind", List.of("flat")));
    assertThat(model.predict(row).getFirst().value())
        .isCloseTo(byMap, within(1e-6 * Math.abs(byMap)));
    Evaluation evaluation = model.evaluate(prepared.test());
    assertThat(evaluation.rows()).isEqualTo(12);
    assertThat(evaluation.actual().get(0)).isBetween(99_999.0, 160_000.0);
    assertThat(evaluation.metrics()).containsOnlyKeys("r2", "rmse", "mae", "loss");
    assertThat(evaluation.rmse()).isGreaterThan(evaluation.mae());
    assertThat(evaluation.worst(2)).hasSize(2);
    assertThat(model.evaluate(table).rows()).isEqualTo(60);
    refused(
        () -> model.predict(Map.of("kind", "flat")),
        "[predict] the row has no value for column \"size\"; needed are \"size\", \"kind\" (null"
            + " where a value is missing)");
    refused(
        () -> model.predict(row).getFirst().label(),
        "[predict] this model predicts numbers, not classes; use value()");
  }

  @Test
  void predictsByFeatureNamesAndFromArrays() {
    Dataset named = data(6).withFeatureNames(List.of("p", "q", "r", "s"));
    Model model = Model.untrained(ModelSpec.of(Layers.dense(3), named), 1);
    Prediction p = model.predict(Map.of("p", 1, "q", 2.0, "r", 3f, "s", 4L));
    assertThat(p).isEqualTo(model.predict(new float[] {1, 2, 3, 4}));
    assertThat(p.probabilities())
        .containsOnlyKeys("a", "b", "c")
        .containsEntry(p.label(), p.probability());
    assertThat(p.probability("b")).isEqualTo(p.values().get(1));
    refused(() -> p.probability("z"), "[predict] no class \"z\"; known are a, b, c");
    refused(p::value, "[predict] this model predicts classes; use label()");
    refused(
        () -> model.predict(Map.of("p", 1, "q", 2)),
        "[predict] column \"r\" is missing; a finite number is needed");
    refused(() -> model.predict(new float[3]), "[predict] 3 numbers were given; the model takes 4");
    refused(
        () -> model.predict(noise(2, 5)), "[predict] the batch is [2, 5]; the model takes [N, 4]");
    refused(
        () -> small().predict(Map.of("p", 1)),
        "[predict] this model takes [4] numbers and knows no column names; give it an array");
    refused(
        () -> model.predict(new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY)),
        "[predict] this model takes [4], not images; images are [1 or 3, height, width]");
  }

  @Test
  void oneOutputDecidesBetweenTwoClasses() {
    Dataset two =
        Dataset.classification(
            "two",
            new FloatRows(noise(8, 4)),
            new int[] {0, 1, 0, 1, 0, 1, 0, 1},
            List.of("no", "yes"));
    Model model = Model.untrained(ModelSpec.of(Layers.dense(1), new BinaryCrossEntropy(), two), 2);
    Prediction p = model.predict(new float[] {1, 2, 3, 4});
    assertThat(p.probability("no") + p.probability("yes")).isCloseTo(1, within(1e-6));
    assertThat(model.evaluate(two).accuracy()).isBetween(0.0, 1.0);
  }

  @Test
  void readsImagesIntoTheInputsShape() throws IOException {
    Dataset images =
        Dataset.classification(
            "images",
            new FloatRows(NDArray.of(new float[8], Shape.of(2, 1, 2, 2))),
            new int[] {0, 1},
            List.of("x", "y"));
    ModelSpec spec =
        ModelSpec.of(Layers.sequential(Layers.flatten(), Layers.dense(2)), images)
            .with(new ImageScaling(List.of(0.5), List.of(0.25)));
    Model model = Model.untrained(spec, 1);
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 8; i++) {
      image.setRGB(i % 4, i / 4, 0xffffff); // the upper half is white
    }
    Prediction expected = model.predict(new float[] {2, 2, -2, -2});
    Prediction found = model.predict(image);
    assertThat(found.values().get(0)).isCloseTo(expected.values().get(0), within(1e-6));
    Path file = folder.resolve("image.png");
    ImageIO.write(image, "png", file.toFile());
    assertThat(model.predict(file)).isEqualTo(found);
    BufferedImage grey = new BufferedImage(3, 5, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 15; i++) {
      grey.getRaster().setSample(i % 3, i / 3, 0, 17 * i);
    }
    ImageIO.write(grey, "png", file.toFile());
    assertThat(model.predict(file)).isEqualTo(model.predict(grey));
    Path text = Files.writeString(folder.resolve("text.png"), "no image");
    refused(() -> model.predict(text), text + ": not an image; PNG, JPEG, BMP and GIF are allowed");
    refused(
        () -> model.predict(folder.resolve("none.png")),
        folder.resolve("none.png") + ": no such file; check the path");
  }

  @Test
  void measuresLossAndConfusion() {
    Model model = small();
    Dataset data = data(70);
    Evaluation e = model.evaluate(data);
    NDArray p = model.answers(data.features());
    List<Prediction> predictions = model.predict(data);
    double loss = 0;
    int right = 0;
    for (int i = 0; i < 70; i++) {
      loss -= Math.log(p.get(3L * i + i % 3)) / 70;
      right += predictions.get(i).classIndex() == i % 3 ? 1 : 0;
    }
    assertThat(e.loss()).isCloseTo(loss, within(1e-5));
    assertThat(e.accuracy()).isCloseTo(right / 70.0, within(1e-12));
    assertThat(e.confusionRows().stream().flatMap(List::stream).mapToInt(i -> i).sum())
        .isEqualTo(70);
    assertThat(e.metrics()).containsOnlyKeys("accuracy", "loss", "f1");
    assertThat(e.worst(100)).hasSize(70 - right);
    assertThat(e.prediction(e.worst(1).getFirst()).probability())
        .isGreaterThanOrEqualTo(e.prediction(e.worst(100).getLast()).probability());
    refused(
        () -> model.evaluate(data.subset()),
        "[noise] there are no rows to measure on; at least one is needed");
  }

  @Test
  void summarisesItsLayers() {
    Dataset images =
        Dataset.classification(
            "images",
            new FloatRows(NDArray.of(new float[784], Shape.of(1, 1, 28, 28))),
            new int[] {0},
            List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
    Summary summary = Model.untrained(ModelSpec.of(Presets.lenet5(10), images), 1).summary();
    assertThat(summary.parameters()).isEqualTo(61_706);
    assertThat(summary.multiplyAdds())
        .isEqualTo(28 * 28 * 6 * 25 + 100 * 16 * 150 + 400 * 120 + 120 * 84 + 840);
    assertThat(summary.parameterBytes()).isEqualTo(4 * 61_706);
    assertThat(summary.rows()).hasSize(12);
    assertThat(summary.toString().lines().toList().get(2))
        .isEqualTo(
            "0 convolution     filters 6, kernel 5,…  [6, 28, 28]          156        117,600");
    assertThat(summary.rows().get(0).settings()).isEqualTo("filters 6, kernel 5, padding same");
    assertThat(summary.toString().lines()).allMatch(line -> line.length() <= 80);
    assertThat(Model.untrained(ModelSpec.of(Presets.cnn(10), images), 1).summary().parameters())
        .isEqualTo(83_242);
  }

  @Test
  void aSummarySaysTheSettingsThatAreNotTheUsualOnes() {
    Dataset images =
        Dataset.classification(
            "images",
            new FloatRows(NDArray.of(new float[2 * 32 * 32], Shape.of(1, 2, 32, 32))),
            new int[] {0},
            List.of("0", "1"));
    Layer network =
        Layers.sequential(
            Layers.convolution(4, 3, 3).withBias(false).withStride(2, 2),
            Layers.convolution(4, 3, 5).withGroups(2).withStride(1, 1),
            Layers.batchNormalization(),
            new BatchNormalization(0.5, 1e-5, false),
            Layers.leakyRelu(),
            new LeakyRelu(0.3),
            Layers.flatten(),
            Layers.dense(2));
    Summary summary = Model.untrained(ModelSpec.of(network, images), 1).summary();
    assertThat(summary.rows().stream().map(Summary.Row::settings))
        .containsExactly(
            "filters 4, kernel 3×3, stride 2×2, no bias",
            "filters 4, kernel 3×5, groups 2",
            "",
            "momentum 0.5, no affine",
            "",
            "slope 0.3",
            "",
            "units 2");
    assertThat(summary.toString().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void refusesFilesThatAreNoModel() throws IOException {
    Path file = folder.resolve("bad.safetensors");
    refused(() -> Model.load(file), file + ": cannot be read: no such file");
    Safetensors.write(file, Map.of("w", noise(2)), Map.of());
    refused(
        () -> Model.load(file),
        file + ": a safetensors file, but no model of Cajal: it has no \"cajal\" in its metadata");
    Path good = saved(small());
    byte[] bytes = Files.readAllBytes(good);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 10));
    refused(
        () -> Model.load(file),
        file + ": truncated: the tensors need 172 bytes of data, the file has 162");
    Files.write(file, "hello, world".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> Model.load(file))
        .hasMessageStartingWith(file + ": not a safetensors file: ");
    refused(
        () -> Model.load(rewritten(good, "\"format\":1", "\"format\":2")),
        folder.resolve("rewritten.safetensors")
            + ": written by Cajal "
            + small().version()
            + " in model format 2; this is Cajal "
            + small().version()
            + ", which reads format 1; use a newer Cajal");
    assertThatThrownBy(
            () -> Model.load(rewritten(good, "\"type\":\"relu\"", "\"type\":\"capsule\"")))
        .isInstanceOf(CajalException.class)
        .hasMessageStartingWith(
            folder.resolve("rewritten.safetensors")
                + ": field \"architecture.layers[1].type\" is \"capsule\", an unknown layer; known"
                + " are dense, convolution, ");
    refused(
        () -> Model.load(rewritten(good, "\"units\":5", "\"units\":6")),
        folder.resolve("rewritten.safetensors")
            + ": [parameters] the saved tensor \"0/weight\" is F32 [4, 5], but F32 [4, 6] is"
            + " needed; its weights belong to another architecture (in dense at 0)");
    refused(
        () -> Model.load(rewritten(good, "\"task\":\"classification\"", "\"task\":\"magic\"")),
        folder.resolve("rewritten.safetensors")
            + ": field \"task\" is \"magic\"; allowed are classification, regression, sequence,"
            + " multilabel, multioutput");
  }

  @Test
  void refusesTensorsThatAreMissingOrTooMany() {
    Path good = saved(small());
    Safetensors.Contents contents = Safetensors.read(good);
    Path file = folder.resolve("other.safetensors");
    Map<String, NDArray> fewer = new LinkedHashMap<>(contents.tensors());
    fewer.remove("2/bias");
    Safetensors.write(file, fewer, contents.metadata());
    refused(
        () -> Model.load(file),
        file
            + ": [parameters] the saved model has no tensor \"2/bias\" (F32 [3] is needed); its"
            + " weights belong to another architecture (in dense at 2)");
    Map<String, NDArray> more = new LinkedHashMap<>(contents.tensors());
    more.put("9/bias", noise(2));
    Safetensors.write(file, more, contents.metadata());
    refused(
        () -> Model.load(file),
        file
            + ": [parameters] the saved tensor \"9/bias\" belongs to no layer; its weights belong"
            + " to another architecture");
  }

  private Path rewritten(Path file, String from, String to) {
    Safetensors.Contents contents = Safetensors.read(file);
    Map<String, String> metadata = new HashMap<>(contents.metadata());
    metadata.computeIfPresent(
        "cajal",
        (k, v) -> {
          assertThat(v).contains(from);
          return v.replace(from, to);
        });
    Path out = folder.resolve("rewritten.safetensors");
    Safetensors.write(out, contents.tensors(), metadata);
    return out;
  }

  /** A layer of the user's own. */
  public record Doubled(int times) implements Layer {
    @Override
    public Tensor apply(Tensor x, Scope scope) {
      return x.times(Math.pow(2, times));
    }
  }

  @Test
  void savesALayerOfTheUsersOwnOnceItHasAName() {
    Model model = model(Layers.sequential(new Doubled(2), Layers.dense(3)));
    Path file = folder.resolve("own.safetensors");
    refused(
        () -> model.save(file), "[layer] Doubled cannot be written: register it with a name first");
    assertThat(file).doesNotExist();
    Architectures.register("doubled", Doubled.class);
    model.save(file);
    assertThat(Model.load(file).spec().architecture()).isEqualTo(model.spec().architecture());
  }

  @Test
  void refusesNumbersThatAreNotFinite() {
    Model model = small();
    refused(
        () -> model.predict(new float[] {1, Float.NaN, 0, 0}),
        "[predict] number 1 is NaN; a finite number is needed");
    refused(
        () -> model.predict(new float[] {1, 0, 0, Float.NEGATIVE_INFINITY}),
        "[predict] number 3 is -Infinity; a finite number is needed");
  }

  @Test
  void anEmbeddingRefusesWhatIsNoIndex() {
    Model model =
        model(Layers.sequential(Layers.embedding(5, 2), Layers.flatten(), Layers.dense(3)));
    float[] whole = {0, 4, 2, 3};
    assertThat(model.predict(whole).isAnswer()).isTrue();
    String refusal = "index -1 is out of range for an axis of size 5";
    assertThatThrownBy(() -> model.predict(new float[] {0, 1.5f, 2, 3}))
        .isInstanceOf(CajalException.class)
        .hasMessageContaining(refusal);
    assertThatThrownBy(
            () -> model.answers(NDArray.of(new float[] {0, Float.NaN, 2, 3}, Shape.of(1, 4))))
        .isInstanceOf(CajalException.class)
        .hasMessageContaining(refusal);
  }

  @Test
  void aFlippedBitIsRefused() throws IOException {
    byte[] good = Files.readAllBytes(saved(small()));
    Path file = folder.resolve("flipped.safetensors");
    long seed = 11;
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = good.clone();
      int bit = (int) Long.remainderUnsigned(CounterRandom.key(seed, "bit" + i), 8L * good.length);
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, bytes);
      assertThatThrownBy(() -> Model.load(file))
          .as("bit " + bit)
          .isInstanceOf(CajalException.class);
    }
  }

  @Test
  void aFileMayLackItsChecksum() throws IOException {
    Path file = saved(small());
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    Path other = folder.resolve("other.safetensors");
    Files.write(
        other,
        text.replace("\"cajal.crc32c\"", "\"another.text\"").getBytes(StandardCharsets.ISO_8859_1));
    assertThat(Model.load(other).sha256()).isEqualTo(Model.load(file).sha256());
  }

  @Test
  void aRecurrenceOfVeryManyStepsIsLoadedAndSummedUpWithoutThem() {
    Layer network =
        Layers.sequential(
            Layers.lstm(4).withBidirectional(true).withSequences(true),
            Layers.gru(3).withSequences(false),
            Layers.dense(3));
    Dataset few =
        Dataset.classification("few", new FloatRows(noise(3, 7, 2)), new int[] {0, 1, 2}, ABC);
    Model model = Model.untrained(ModelSpec.of(network, few), 7);
    long products = model.summary().multiplyAdds();
    assertThat(products).isEqualTo(7L * (2 * (2 * 16 + 4 * 16) + 8 * 9 + 3 * 9) + 9);
    Path file = rewritten(saved(model), "\"inputShape\":[7,2]", "\"inputShape\":[65536,2]");
    Summary summary = Model.load(file).summary();
    assertThat(summary.multiplyAdds()).isEqualTo((products - 9) / 7 * 65536 + 9);
    assertThat(summary.toString()).endsWith(" of parameters\n");
  }

  @Test
  void refusesLayersOutOfProportionToTheirWeights() {
    Layer network =
        Layers.sequential(
            Layers.reshape(1, 4), Layers.adaptiveMaxPooling(3), Layers.flatten(), Layers.dense(3));
    Path file = rewritten(saved(model(network)), "\"sizes\":[3]", "\"sizes\":[16777216]");
    assertThatThrownBy(() -> Model.load(file))
        .isInstanceOf(CajalException.class)
        .hasMessageMatching(
            ".*: \\[model] its layers ask for more than 32,?[0-9]+ operations, out of proportion to"
                + " its weights \\(in adaptiveMaxPooling at 1\\)");
    Layer deep =
        Layers.sequential(
            Layers.reshape(1, 4),
            Layers.depthwiseConvolution(1),
            Layers.flatten(),
            Layers.dense(3));
    Path wide = rewritten(saved(model(deep)), "\"multiplier\":1", "\"multiplier\":2147483647");
    assertThatThrownBy(() -> Model.load(wide))
        .isInstanceOf(CajalException.class)
        .hasMessageContaining(" at 1");
  }

  private static void refused(Runnable action, String message) {
    assertThatThrownBy(action::run).isInstanceOf(CajalException.class).hasMessage(message);
  }
}
