package org.cajal.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cajal.data.Dataset;
import org.cajal.data.ImageScaling;
import org.cajal.data.InputColumns;
import org.cajal.data.OutputRule;
import org.cajal.data.Preprocessing;
import org.cajal.data.Task;
import org.cajal.layer.Embedding;
import org.cajal.layer.Forward;
import org.cajal.layer.Layer;
import org.cajal.loss.BinaryCrossEntropy;
import org.cajal.loss.CrossEntropy;
import org.cajal.loss.Loss;
import org.cajal.loss.Losses;
import org.cajal.loss.MultiOutput;
import org.cajal.loss.SquaredError;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.Shape;

/**
 * What a model is, but for its numbers: the network, and how the user's rows or images become its
 * input and its output an answer.
 *
 * @param architecture the network
 * @param loss what it was or will be trained with; decides how outputs become probabilities
 * @param dtype F32 or F64, the type of all parameters
 * @param inputShape one example, without the batch axis: [features], [C, H, W], [T]
 * @param inputDtype of fed batches: the parameters' type, or I32 for symbols
 * @param task what is learned
 * @param labels the names of the classes, labels or symbols; empty for numbers and several targets
 * @param featureNames a name for each input value; empty where they have none
 * @param preprocessing from a table's row to the input, and for regression from the output to the
 *     target; absent for images
 * @param scaling of pixels; absent for tables and for pixels that are read as numbers from 0 to 1
 */
public record ModelSpec(
    Layer architecture,
    Loss loss,
    DType dtype,
    Shape inputShape,
    DType inputDtype,
    Task task,
    List<String> labels,
    List<String> featureNames,
    Optional<Preprocessing> preprocessing,
    Optional<ImageScaling> scaling) {

  /**
   * Fixes the lists and checks what belongs together.
   *
   * @throws CajalException if a classification has fewer than two labels, or the preprocessing
   *     gives another number of inputs
   */
  public ModelSpec {
    labels = List.copyOf(labels);
    featureNames = List.copyOf(featureNames);
    if (task.hasAccuracy() && labels.size() < 2) {
      throw new CajalException("[model] " + labels.size() + " classes; at least 2 are needed");
    }
    if (preprocessing.isPresent() && !inputShape.equals(Shape.of(preprocessing.get().width()))) {
      throw new CajalException(
          "[model] the preprocessing gives "
              + preprocessing.get().width()
              + " inputs, the network takes "
              + inputShape
              + "; they must agree");
    }
    if (!dtype.isFloating() || (inputDtype != dtype && inputDtype != DType.I32)) {
      throw new CajalException(
          "[model] parameters "
              + dtype
              + " and input "
              + inputDtype
              + "; f32 or f64 for both, or i32 for the input, is allowed");
    }
  }

  /** A network for data like the given, with the usual loss of its task. */
  public static ModelSpec of(Layer architecture, Dataset data) {
    return of(architecture, defaultLoss(data), data);
  }

  /**
   * A single-precision network for data like the given.
   *
   * @throws CajalException if inputs are indices of categories and the network has no {@link
   *     Embedding}, which would take them for quantities
   */
  public static ModelSpec of(Layer architecture, Loss loss, Dataset data) {
    data.inputColumns()
        .filter(columns -> !columns.indices().isEmpty())
        .ifPresent(columns -> requireEmbedding(architecture, data, columns));
    return new ModelSpec(
        architecture,
        loss,
        DType.F32,
        data.featureShape(),
        data.featureDtype(),
        data.task(),
        data.classLabels(),
        data.featureNames(),
        Optional.empty(),
        Optional.empty());
  }

  private static void requireEmbedding(Layer architecture, Dataset data, InputColumns columns) {
    Tensor x = Tensor.input("x", DType.F32, Shape.of(1).concat(data.featureShape()));
    boolean embeds =
        Forward.outline(architecture, DType.F32, x).trace().steps().stream()
            .anyMatch(step -> step.layer() instanceof Embedding);
    if (!embeds) {
      throw new CajalException(
          "[model] input \""
              + data.featureNames().get(columns.plain())
              + "\" is an index of "
              + columns.indices().getFirst().count()
              + " categories, and the network has no embedding for it; use"
              + " Presets.tableNetwork(data, hidden), or prepare the table with fewer categories"
              + " (Preprocessing.Options)");
    }
  }

  /**
   * Cross-entropy for classes and symbols, squared error for numbers, binary cross-entropy for
   * labels, and these added up for several targets.
   */
  public static Loss defaultLoss(Dataset data) {
    return defaultLoss(data, 0);
  }

  /**
   * The same with the targets of classes smoothed.
   *
   * @param labelSmoothing as {@link CrossEntropy} takes it
   */
  public static Loss defaultLoss(Dataset data, double labelSmoothing) {
    CrossEntropy classes = new CrossEntropy(labelSmoothing, Losses.NO_CLASS, List.of());
    return switch (data.task()) {
      case CLASSIFICATION, SEQUENCE -> classes;
      case REGRESSION -> new SquaredError();
      case MULTILABEL -> new BinaryCrossEntropy();
      case MULTIOUTPUT -> {
        List<MultiOutput.Part> parts = new ArrayList<>();
        for (OutputRule part : data.several().map(OutputRule.OfSeveral::parts).orElse(List.of())) {
          boolean number = part instanceof OutputRule.OfNumber;
          parts.add(
              new MultiOutput.Part(
                  number ? new SquaredError() : classes, part.width(), !number, 1));
        }
        yield new MultiOutput(parts);
      }
    };
  }

  /** The same with the preprocessing of a table. */
  public ModelSpec with(Preprocessing fitted) {
    return new ModelSpec(
        architecture,
        loss,
        dtype,
        inputShape,
        inputDtype,
        task,
        labels,
        featureNames,
        Optional.of(fitted),
        scaling);
  }

  /** The same with the scaling of an image's pixels. */
  public ModelSpec with(ImageScaling fitted) {
    return new ModelSpec(
        architecture,
        loss,
        dtype,
        inputShape,
        inputDtype,
        task,
        labels,
        featureNames,
        preprocessing,
        Optional.of(fitted));
  }

  /**
   * How a number that the network answers becomes the target's, where that is not the number
   * itself.
   */
  Optional<OutputRule.OfNumber> inverse() {
    return preprocessing.flatMap(
        p -> p.output() instanceof OutputRule.OfNumber n ? Optional.of(n) : Optional.empty());
  }

  /** What each of several targets is; nothing where there is one, or no preprocessing. */
  Optional<OutputRule.OfSeveral> several() {
    return preprocessing.flatMap(
        p -> p.output() instanceof OutputRule.OfSeveral s ? Optional.of(s) : Optional.empty());
  }

  /** Whether one output decides between two classes, by a probability or by its sign. */
  boolean oneOutputForTwoClasses(Shape output) {
    return task == Task.CLASSIFICATION && labels.size() == 2 && output.size() == 1;
  }

  /** Whether the loss compares with targets −1 and 1, so that an output's sign is the answer. */
  boolean signed() {
    return Targets.signed(loss);
  }
}
