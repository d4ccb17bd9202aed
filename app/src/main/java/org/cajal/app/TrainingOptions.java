package org.cajal.app;

import java.nio.file.Path;
import java.util.List;
import org.cajal.type.CajalException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of {@code train} about the network and how it learns; what is not given comes from
 * the {@link Recipe}.
 */
final class TrainingOptions {
  @Option(
      names = "--model",
      paramLabel = "NETWORK",
      description = "The network: ${COMPLETION-CANDIDATES} (default: auto, by the data).")
  ModelName model = ModelName.AUTO;

  @Option(
      names = "--hidden",
      split = ",",
      paramLabel = "UNITS",
      description =
          "The widths of the hidden layers of an mlp, such as 128,64 (default: by the data).")
  List<Integer> hidden = List.of();

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "Passes over the training rows, at most (default: by the network and the rows; the report"
              + " has it, as it has those of the options below).")
  @Nullable Integer epochs;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Rows in a step (default: by the number of rows).")
  @Nullable Integer batchSize;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description =
          "The (highest) learning rate (default: that of the network, or of --optimizer).")
  @Nullable Double learningRate;

  @Option(
      names = "--find-learning-rate",
      description =
          "Try rates on the first steps and take the one at which the loss falls most steeply"
              + " (default: no).")
  boolean findLearningRate;

  @Option(
      names = "--optimizer",
      paramLabel = "RULE",
      description =
          "The update rule: ${COMPLETION-CANDIDATES} (default: adamw, or adam, by the network).")
  @Nullable OptimizerName optimizer;

  @Option(
      names = "--schedule",
      paramLabel = "COURSE",
      description = "The course of the learning rate: ${COMPLETION-CANDIDATES} (default: cosine).")
  @Nullable ScheduleName schedule;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "Epochs without an improvement after which training ends; 0 to train all epochs and keep"
              + " the last (default: by the network, where there are validation rows).")
  @Nullable Integer patience;

  @Option(
      names = "--refit",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Whether the model that is saved learns once more from all rows of the table, those that"
              + " were held back to measure on too (default: yes, up to 20,000 rows).")
  boolean refit = true;

  @Option(
      names = "--weight-decay",
      paramLabel = "W",
      description =
          "How strongly weights are drawn to 0 (default: by the network and the rows; 0.01 with"
              + " --optimizer adamw, else 0).")
  @Nullable Double weightDecay;

  @Option(
      names = "--l1",
      paramLabel = "W",
      description = "The weight of the penalty on weights' sizes (default: 0).")
  double l1;

  @Option(
      names = "--l2",
      paramLabel = "W",
      description = "The weight of the penalty on weights' squares (default: 0).")
  double l2;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "The greatest norm of all gradients together (default: none).")
  @Nullable Double clip;

  @Option(
      names = "--class-weights",
      description = "Let rows of rare classes count as much as those of frequent ones.")
  boolean classWeights;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description =
          "Go on with the training of this folder, to the bit as if it had never stopped.")
  @Nullable Path resume;

  /**
   * Refuses values that no data could make good.
   *
   * @throws CajalException naming the option
   */
  void check() {
    atLeastOne("--epochs", epochs);
    atLeastOne("--batch-size", batchSize);
    hidden.forEach(units -> atLeastOne("--hidden", units));
    if (patience != null && patience < 0) {
      throw new CajalException("--patience " + patience + " is out of range; 0 or more is allowed");
    }
    positive("--learning-rate", learningRate);
    positive("--clip", clip);
    notNegative("--weight-decay", weightDecay == null ? 0 : weightDecay);
    notNegative("--l1", l1);
    notNegative("--l2", l2);
    if (!hidden.isEmpty() && model != ModelName.AUTO && model != ModelName.MLP) {
      throw new CajalException("--hidden is for --model mlp; " + model + " has widths of its own");
    }
    if (findLearningRate && learningRate != null) {
      throw new CajalException(
          "--find-learning-rate and --learning-rate "
              + learningRate
              + " exclude each other; give one of them");
    }
  }

  private static void atLeastOne(String option, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new CajalException(option + " " + value + " is out of range; 1 or more is allowed");
    }
  }

  private static void positive(String option, @Nullable Double value) {
    if (value != null && !(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new CajalException(
          option + " " + value + " is out of range; a finite number above 0 is allowed");
    }
  }

  private static void notNegative(String option, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new CajalException(
          option + " " + value + " is out of range; 0 or a finite number above is allowed");
    }
  }
}
