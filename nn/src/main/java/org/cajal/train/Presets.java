package org.cajal.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cajal.data.Dataset;
import org.cajal.data.InputColumns;
import org.cajal.data.OutputRule;
import org.cajal.data.Task;
import org.cajal.init.Initializer;
import org.cajal.layer.Convolution;
import org.cajal.layer.Dense;
import org.cajal.layer.Embedding;
import org.cajal.layer.Layer;
import org.cajal.layer.Layers;
import org.cajal.layer.Padding;
import org.cajal.layer.Residual;
import org.cajal.layer.Sequential;
import org.cajal.loss.Loss;
import org.cajal.model.ModelSpec;
import org.cajal.optim.Adam;
import org.cajal.optim.AdamW;
import org.cajal.type.CajalException;

/** Networks with settings that do well on their kind of data without being tuned. */
public final class Presets {
  private Presets() {}

  /**
   * A network and how to train it.
   *
   * @param name {@code lenet5}, {@code mlp}, {@code cnn} or {@code tabular}
   * @param network the architecture
   * @param settings to train it with
   * @param loss to train it with; absent for the usual one of the data's task
   */
  public record Preset(String name, Layer network, TrainingSettings settings, Optional<Loss> loss) {
    /** With the usual loss. */
    public Preset(String name, Layer network, TrainingSettings settings) {
      this(name, network, settings, Optional.empty());
    }

    /** The network with its loss for data like the given. */
    public ModelSpec spec(Dataset data) {
      return ModelSpec.of(network, loss.orElseGet(() -> ModelSpec.defaultLoss(data)), data);
    }
  }

  /** The names that {@link #named} knows. */
  public static List<String> names() {
    return List.of("lenet5", "mlp", "cnn");
  }

  /**
   * LeNet-5 (Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: "Gradient-based learning applied to
   * document recognition", 1998) in today's form: tanh, average pooling, all maps connected, a
   * dense output. For images of 28×28: 61,706 parameters with 10 classes.
   */
  public static Sequential lenet5(int classes) {
    return Layers.sequential(
        convolution(6, 5, Padding.same(), Initializer.glorotUniform()),
        Layers.tanh(),
        Layers.averagePooling(2),
        convolution(16, 5, Padding.valid(), Initializer.glorotUniform()),
        Layers.tanh(),
        Layers.averagePooling(2),
        Layers.flatten(),
        Layers.dense(120),
        Layers.tanh(),
        Layers.dense(84),
        Layers.tanh(),
        Layers.dense(classes));
  }

  /** Two rectified layers of 512 and 256 units with dropout. */
  public static Sequential mlp(int classes) {
    return Layers.sequential(
        Layers.flatten(),
        he(512),
        Layers.relu(),
        Layers.dropout(0.3),
        he(256),
        Layers.relu(),
        Layers.dropout(0.3),
        Layers.dense(classes));
  }

  /**
   * Three convolutions 3×3, each with batch normalisation and max pooling, and one dense layer:
   * 83,242 parameters and 6.6 million multiply-adds for grey images of 28×28 and 10 classes.
   */
  public static Sequential cnn(int classes) {
    List<Layer> layers = new ArrayList<>();
    for (int filters : new int[] {32, 64, 96}) {
      layers.add(convolution(filters, 3, Padding.same(), Initializer.heNormal()));
      layers.add(Layers.batchNormalization());
      layers.add(Layers.relu());
      layers.add(Layers.maxPooling(2));
    }
    layers.addAll(List.of(Layers.flatten(), Layers.dropout(0.4), Layers.dense(classes)));
    return new Sequential(layers);
  }

  private static Convolution convolution(
      int filters, int kernel, Padding padding, Initializer weights) {
    return new Convolution(
        filters, List.of(kernel), List.of(1), padding, List.of(1), 1, true, weights);
  }

  private static Dense he(int units) {
    return Layers.dense(units, Initializer.heNormal());
  }

  /**
   * A preset for images by name.
   *
   * @throws CajalException if there is none of that name, or the data are no images
   */
  public static Preset named(String name, Dataset data, long seed) {
    if (data.task() != Task.CLASSIFICATION) {
      throw new CajalException("[preset] " + name + " is for classes; the task is " + data.task());
    }
    if (!name.equals("mlp") && data.featureShape().rank() != 3) {
      throw new CajalException(
          "[preset] "
              + name
              + " is for images [channels, height, width]; the examples are "
              + data.featureShape());
    }
    TrainingSettings.Builder settings = TrainingSettings.builder().seed(seed);
    return switch (name) {
      case "lenet5" ->
          new Preset(
              name,
              lenet5(data.classes()),
              settings
                  .epochs(20)
                  .batchSize(64)
                  .optimizer(new AdamW(0.01))
                  .learningRate(LearningRate.cosine(0.002))
                  .build());
      case "mlp" ->
          new Preset(
              name,
              mlp(data.classes()),
              settings
                  .epochs(20)
                  .batchSize(128)
                  .optimizer(new Adam())
                  .learningRate(LearningRate.cosine(0.001))
                  .build());
      case "cnn" ->
          new Preset(
              name,
              cnn(data.classes()),
              settings
                  .epochs(12)
                  .batchSize(64)
                  .optimizer(new AdamW(0.05))
                  .learningRate(LearningRate.cosine(0.003))
                  .build());
      default ->
          throw new CajalException(
              "[preset] no network \"" + name + "\"; known are " + String.join(", ", names()));
    };
  }

  /**
   * A network for forecasts from past rows, as {@link org.cajal.data.SeriesRule} prepares them: it
   * answers the last known value, which is the first input, plus a change. The change is a linear
   * function of all other inputs, which reaches beyond the range of the training rows, plus the
   * given network's answer to those that tell no level.
   *
   * @param network from [N, inputs - 2] to [N, 1]; from [N, 1] where there are 2 inputs
   * @param inputs the number of inputs, at least 2
   */
  public static Layer onLastValue(Layer network, int inputs) {
    return new Residual(
        new Residual(
            new Sequential(
                List.of(
                    Layers.columns(inputs == 2 ? 1 : 2, inputs), TableEnsemble.together(network))),
            new Sequential(List.of(Layers.columns(1, inputs), Layers.dense(1)))),
        Layers.columns(0, 1));
  }

  /**
   * Below this number of rows a table is too small to hold some of them back: they say too little
   * about when to stop.
   */
  private static final int SMALL = 1000;

  /** The steps of a training on a small table. */
  private static final int SMALL_STEPS = 1000;

  /**
   * From this number of rows on a table shapes a network by itself, which then wants freedom rather
   * than smoothness.
   */
  private static final int LARGE = 5000;

  /**
   * A network for a table whose inputs are about standardised, as {@link
   * org.cajal.data.Preprocessing} makes them: an ensemble whose members have two layers each and
   * learn side by side ({@link org.cajal.layer.EnsembleDense}), by AdamW with a learning rate that
   * falls to 0. Half of the members see the plain inputs, tanh for numbers and rectified with much
   * dropout for classes; half, the steep ones, are rectified and see the numbers as places between
   * quantiles too ({@link PiecewiseLinear}). The mean of both errs less than either. From 5,000
   * rows on all members are steep. From 1,000 rows on a tenth of them is held back to stop by; on
   * fewer training has a fixed length, and the classes' targets are smoothed by a tenth.
   *
   * @param train the training rows, validation rows not yet taken out
   */
  public static Preset tabular(Dataset train, long seed) {
    if (onlyWords(train)) {
      return words(train, seed);
    }
    int rows = train.size();
    int batch = rows < LARGE ? 32 : 128;
    TrainingSettings.Builder settings = TrainingSettings.builder().seed(seed).batchSize(batch);
    TableEnsemble ensemble;
    if (rows < SMALL) {
      ensemble = new TableEnsemble(train, 12);
      if (answersNumbers(train)) {
        ensemble.smooth(4, 64, 0.2).steep(4, 64, 0.15);
      } else {
        ensemble.rectified(4, 64, 0.5).steep(4, 64, 0.3);
      }
      settings
          .optimizer(new AdamW(0.1))
          .learningRate(LearningRate.cosine(0.005))
          .epochs(Math.max(20, SMALL_STEPS * batch / rows));
    } else {
      ensemble =
          rows < LARGE
              ? new TableEnsemble(train, 24).smooth(4, 128, 0.2).steep(4, 128, 0.2)
              : new TableEnsemble(train, 24).steep(4, 128, 0.1);
      settings
          .optimizer(new AdamW(rows < LARGE ? 0.1 : 0.02))
          .learningRate(LearningRate.cosine(0.004))
          .epochs(40)
          .validation(0.1)
          .earlyStopping(15);
    }
    boolean smoothed = rows < SMALL && train.task() != Task.REGRESSION;
    return new Preset(
        "tabular",
        ensemble.network(),
        settings.build(),
        smoothed ? Optional.of(ModelSpec.defaultLoss(train, 0.1)) : Optional.empty());
  }

  /** Whether a target is a number. */
  private static boolean answersNumbers(Dataset data) {
    return data.task() == Task.REGRESSION
        || data.several()
            .filter(s -> s.parts().stream().anyMatch(OutputRule.OfNumber.class::isInstance))
            .isPresent();
  }

  private static boolean onlyWords(Dataset data) {
    return data.inputColumns().isPresent()
        && data.inputColumns().get().words() == data.inputColumns().get().width();
  }

  /**
   * For texts alone: a linear network on the weights of their words, which is logistic regression
   * where there are classes. Its rows have length 1, so that it wants larger weights and steps than
   * standardised inputs do.
   */
  private static Preset words(Dataset train, long seed) {
    int rows = train.size();
    int batch = rows < LARGE ? 32 : 128;
    TrainingSettings.Builder settings =
        TrainingSettings.builder()
            .seed(seed)
            .batchSize(batch)
            .optimizer(new AdamW(0.03))
            .learningRate(LearningRate.cosine(0.03))
            .epochs(rows < SMALL ? Math.max(20, SMALL_STEPS * batch / rows) : 20);
    if (rows >= SMALL) {
      settings.validation(0.1).earlyStopping(5);
    }
    return new Preset("words", tableNetwork(train, List.of()), settings.build());
  }

  /**
   * A network whose input is the rows of a table as {@link org.cajal.data.Preprocessing} makes
   * them: hidden layers and a dense one on the plain inputs and a learned vector for each index;
   * beside it a dense layer alone on the words of texts, if there are both, and the sum of the two
   * (H.-T. Cheng et al.: "Wide &amp; Deep Learning for Recommender Systems", 2016). Rows of plain
   * inputs alone, or of words alone, go through all layers.
   *
   * @param hidden the layers between the input and the last dense one
   */
  public static Layer tableNetwork(Dataset train, List<Layer> hidden) {
    int outputs = train.outputs();
    List<Layer> deep = new ArrayList<>();
    Optional<InputColumns> found = train.inputColumns();
    if (found.isEmpty() || onlyWords(train)) {
      deep.addAll(hidden);
      deep.add(Layers.dense(outputs));
      return new Sequential(deep);
    }
    InputColumns columns = found.get();
    int rest = columns.width() - columns.words();
    deep.addAll(plainAndVectors(columns));
    deep.addAll(hidden);
    deep.add(Layers.dense(outputs));
    if (columns.words() == 0) {
      return new Sequential(deep);
    }
    return Layers.sum(
        new Sequential(deep),
        Layers.sequential(Layers.columns(rest, columns.width()), Layers.dense(outputs)));
  }

  /**
   * The layers from a table's inputs to its plain ones and a learned vector for each index, [N,
   * width] → [N, features]; none where all inputs are plain.
   */
  static List<Layer> plainAndVectors(InputColumns columns) {
    List<Layer> branches = new ArrayList<>();
    if (columns.plain() > 0) {
      branches.add(Layers.columns(0, columns.plain()));
    }
    for (int i = 0; i < columns.indices().size(); i++) {
      InputColumns.Index index = columns.indices().get(i);
      branches.add(
          Layers.sequential(
              Layers.columns(columns.plain() + i, columns.plain() + i + 1),
              new Embedding(
                  index.count(),
                  vectorLength(index.count()),
                  index.padding(),
                  Initializer.leCunNormal()),
              Layers.flatten()));
    }
    if (branches.size() > 1) {
      return List.of(Layers.concatenate(branches.toArray(Layer[]::new)));
    }
    return columns.width() > columns.plain() ? branches : List.of();
  }

  /** The length of the vectors of so many categories. */
  private static int vectorLength(int count) {
    return (int) Math.min(50, Math.round(1.6 * Math.pow(count, 0.56)));
  }
}
