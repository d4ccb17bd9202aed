package org.cajal.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cajal.data.Dataset;
import org.cajal.data.Preprocessing;
import org.cajal.data.SeriesRule;
import org.cajal.init.Initializer;
import org.cajal.layer.Layer;
import org.cajal.layer.Layers;
import org.cajal.loss.Loss;
import org.cajal.optim.Adam;
import org.cajal.optim.AdamW;
import org.cajal.optim.ClipByGlobalNorm;
import org.cajal.optim.Optimizer;
import org.cajal.train.LearningRate;
import org.cajal.train.Presets;
import org.cajal.train.Presets.Preset;
import org.cajal.train.TrainingSettings;
import org.jspecify.annotations.Nullable;

/**
 * A network and how to train it: what the data suggests, changed by what the user says.
 *
 * @param name of the network
 * @param network the layers
 * @param settings of the training
 * @param loss to train with; absent for the usual one of the data's task
 */
record Recipe(String name, Layer network, TrainingSettings settings, Optional<Loss> loss) {
  /**
   * The recipe for data.
   *
   * @throws org.cajal.type.CajalException if the wanted network does not fit the data
   */
  static Recipe of(TrainingData data, TrainingOptions options, long seed) {
    Preset preset = preset(data, options, seed);
    boolean change =
        data.preprocessing()
            .flatMap(Preprocessing::series)
            .filter(SeriesRule::learnsChange)
            .isPresent();
    return new Recipe(
        preset.name(),
        change
            ? Presets.onLastValue(
                preset.network(), Math.toIntExact(data.train().featureShape().size()))
            : preset.network(),
        changed(preset.settings(), data.train(), options),
        preset.loss());
  }

  private static Preset preset(TrainingData data, TrainingOptions options, long seed) {
    Dataset train = data.train();
    if (!options.hidden.isEmpty()) {
      TrainingSettings like = usual(data, seed).settings();
      return new Preset("mlp", perceptron(train, options.hidden), like);
    }
    return switch (options.model) {
      case AUTO -> usual(data, seed);
      case MLP ->
          data.kind() == TrainingData.Kind.IMAGES
              ? Presets.named("mlp", train, seed)
              : usual(data, seed);
      case LENET5 -> Presets.named("lenet5", train, seed);
      case CNN -> Presets.named("cnn", train, seed);
    };
  }

  private static Preset usual(TrainingData data, long seed) {
    Dataset train = data.train();
    return switch (data.kind()) {
      case TABLE -> Presets.tabular(train, seed);
      case IMAGES -> images(data, seed);
      case TRUTH ->
          new Preset(
              "mlp",
              perceptron(train, List.of(Math.max(8, 2 * (int) train.featureShape().size()))),
              TrainingSettings.builder()
                  .seed(seed)
                  .epochs(200)
                  .batchSize(16)
                  .optimizer(new Adam())
                  .learningRate(0.05)
                  .build());
      case POINTS ->
          new Preset(
              "mlp",
              perceptron(train, List.of(32, 32)),
              TrainingSettings.builder()
                  .seed(seed)
                  .epochs(150)
                  .batchSize(32)
                  .optimizer(new Adam())
                  .learningRate(LearningRate.cosine(0.01))
                  .earlyStopping(40)
                  .build());
    };
  }

  private static Preset images(TrainingData data, long seed) {
    Dataset train = data.train();
    int side = Math.min(train.featureShape().dim(1), train.featureShape().dim(2));
    if (data.name().equals("digits")) {
      Preset lenet = Presets.named("lenet5", train, seed);
      TrainingSettings settings =
          lenet.settings().toBuilder()
              .epochs(5)
              .batchSize(32)
              .learningRate(LearningRate.cosine(0.003))
              .build();
      return new Preset(lenet.name(), lenet.network(), settings);
    }
    return Presets.named(
        data.name().equals("mnist") ? "lenet5" : side < 8 ? "mlp" : "cnn", train, seed);
  }

  /** Rectified layers of the given widths between input and answer. */
  private static Layer perceptron(Dataset train, List<Integer> hidden) {
    List<Layer> layers = new ArrayList<>();
    if (train.featureShape().rank() > 1) {
      layers.add(Layers.flatten());
    }
    for (int units : hidden) {
      layers.add(Layers.dense(units, Initializer.heNormal()));
      layers.add(Layers.relu());
    }
    return Presets.tableNetwork(train, layers);
  }

  private static TrainingSettings changed(
      TrainingSettings usual, Dataset train, TrainingOptions options) {
    TrainingSettings.Builder settings = usual.toBuilder().validation(0);
    int epochs = options.epochs == null ? usual.epochs() : options.epochs;
    int batch = options.batchSize == null ? usual.batchSize() : options.batchSize;
    settings
        .epochs(epochs)
        .batchSize(batch)
        .l1(options.l1)
        .l2(options.l2)
        .balanced(options.classWeights);
    Optimizer rule = rule(usual.optimizer(), options);
    settings.optimizer(rule);
    long stepsInEpoch = batch == 0 ? 1 : (train.size() + batch - 1L) / batch;
    settings.learningRate(course(usual.learningRate(), rule, stepsInEpoch, epochs, options));
    if (options.clip != null) {
      settings.clipping(new ClipByGlobalNorm(options.clip));
    }
    if (options.patience != null && options.patience > 0) {
      settings.earlyStopping(options.patience);
    } else if (options.patience != null) {
      settings.withoutEarlyStopping();
    }
    return settings.build();
  }

  private static Optimizer rule(Optimizer usual, TrainingOptions options) {
    if (options.optimizer != null) {
      boolean decoupled = options.optimizer == OptimizerName.ADAMW;
      double decay = options.weightDecay != null ? options.weightDecay : decoupled ? 0.01 : 0;
      return options.optimizer.rule(decay);
    }
    return options.weightDecay == null ? usual : new AdamW(options.weightDecay);
  }

  private static LearningRate course(
      LearningRate usual, Optimizer rule, long stepsInEpoch, int epochs, TrainingOptions options) {
    double rate =
        options.learningRate != null
            ? options.learningRate
            : options.optimizer != null ? rule.defaultLearningRate() : rate(usual);
    return options.schedule != null
        ? options.schedule.course(rate, stepsInEpoch, epochs)
        : withRate(usual, rate);
  }

  /** The highest rate of a course that presets use. */
  private static double rate(LearningRate course) {
    return course instanceof LearningRate.Cosine cosine
        ? cosine.rate()
        : course.at(new LearningRate.Progress(0, 0, 1, 1));
  }

  private static LearningRate withRate(LearningRate course, double rate) {
    return course instanceof LearningRate.Cosine cosine
        ? new LearningRate.Cosine(rate, cosine.warmUp())
        : LearningRate.constant(rate);
  }

  /** This with another highest rate, found by a search. */
  Recipe withRate(double rate, @Nullable ScheduleName schedule, long stepsInEpoch) {
    LearningRate course =
        schedule == null
            ? withRate(settings.learningRate(), rate)
            : schedule.course(rate, stepsInEpoch, settings.epochs());
    return new Recipe(name, network, settings.toBuilder().learningRate(course).build(), loss);
  }
}
