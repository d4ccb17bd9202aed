package org.cajal.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Examples and their targets, with names. Immutable; {@link #subset} and {@link #split} are views
 * that share the stored rows. Targets are I32 [N] class indices, F32 [N, ...] numbers or labels, or
 * I32 [N, T] symbols (see {@link Task}).
 */
public final class Dataset {
  private final String name;
  private final String provenance;
  private final Task task;
  private final Rows features;
  private final Rows targets;
  private final List<String> classLabels;
  private final List<String> featureNames;
  private final OutputRule.@Nullable OfSeveral several;
  private final int @Nullable [] selection;

  private Dataset(
      String name,
      String provenance,
      Task task,
      Rows features,
      Rows targets,
      List<String> classLabels,
      List<String> featureNames,
      OutputRule.@Nullable OfSeveral several,
      int @Nullable [] selection) {
    this.name = name;
    this.provenance = provenance;
    this.task = task;
    this.features = features;
    this.targets = targets;
    this.classLabels = List.copyOf(classLabels);
    this.featureNames = List.copyOf(featureNames);
    this.several = several;
    this.selection = selection;
  }

  private static Dataset checked(
      String name, Task task, Rows features, Rows targets, List<String> labels) {
    if (features.size() != targets.size()) {
      throw new CajalException(
          "["
              + name
              + "] "
              + features.size()
              + " examples and "
              + targets.size()
              + " targets; each example needs one");
    }
    return new Dataset(name, "", task, features, targets, labels, List.of(), null, null);
  }

  /**
   * Examples of classes.
   *
   * @param features N examples
   * @param classes the class of each, an index into {@code labels}
   * @param labels the classes' names
   * @throws CajalException if the counts differ or a class is out of range
   */
  public static Dataset classification(
      String name, Rows features, int[] classes, List<String> labels) {
    for (int i = 0; i < classes.length; i++) {
      if (classes[i] < 0 || classes[i] >= labels.size()) {
        throw new CajalException(
            "["
                + name
                + "] class "
                + classes[i]
                + " of example "
                + i
                + " is out of range; there are "
                + labels.size()
                + " classes, 0 to "
                + (labels.size() - 1));
      }
    }
    return checked(name, Task.CLASSIFICATION, features, IndexRows.of(classes), labels);
  }

  /**
   * Examples of numbers to predict.
   *
   * @param features N examples
   * @param targets F32 [N, ...]
   * @throws CajalException if the counts or the type differ
   */
  public static Dataset regression(String name, Rows features, NDArray targets) {
    return checked(name, Task.REGRESSION, features, new FloatRows(targets), List.of());
  }

  /**
   * Sequences of symbols, with the symbol to predict at each position.
   *
   * @param features I32 [N, T]
   * @param targets I32 [N, T]
   * @param vocabulary the symbols' texts
   * @throws CajalException if the counts differ
   */
  public static Dataset sequence(
      String name, Rows features, Rows targets, List<String> vocabulary) {
    return checked(name, Task.SEQUENCE, features, targets, vocabulary);
  }

  /**
   * Examples of labels that do not exclude each other.
   *
   * @param features N examples
   * @param targets F32 [N, labels], 1 where a label is there and else 0
   * @param labels the labels' names
   * @throws CajalException if the counts differ or a target is neither 0 nor 1
   */
  public static Dataset multilabel(
      String name, Rows features, NDArray targets, List<String> labels) {
    requireColumns(name, targets, labels.size(), "labels");
    for (long i = 0; i < targets.size(); i++) {
      if (targets.get(i) != 0 && targets.get(i) != 1) {
        throw new CajalException(
            "["
                + name
                + "] label "
                + i % labels.size()
                + " of example "
                + i / labels.size()
                + " is "
                + targets.get(i)
                + "; 1 where it is there and else 0 is allowed");
      }
    }
    return checked(name, Task.MULTILABEL, features, new FloatRows(targets), labels);
  }

  /**
   * Examples of several targets each.
   *
   * @param features N examples
   * @param targets F32 [N, targets]: class indices, or numbers as the rule encodes them
   * @param several what each target is
   * @throws CajalException if the counts differ or a class is out of range
   */
  public static Dataset multioutput(
      String name, Rows features, NDArray targets, OutputRule.OfSeveral several) {
    int width = several.parts().size();
    requireColumns(name, targets, width, "targets");
    for (long i = 0; i < targets.size(); i++) {
      double value = targets.get(i);
      if (several.parts().get((int) (i % width)) instanceof OutputRule.OfClasses classes
          && !(value >= 0 && value < classes.width() && value == Math.rint(value))) {
        throw new CajalException(
            "["
                + name
                + "] class "
                + value
                + " of target \""
                + classes.column()
                + "\" of example "
                + i / width
                + " is out of range; there are "
                + classes.width()
                + " classes, 0 to "
                + (classes.width() - 1));
      }
    }
    Dataset data = checked(name, Task.MULTIOUTPUT, features, new FloatRows(targets), List.of());
    return new Dataset(
        name,
        "",
        data.task,
        data.features,
        data.targets,
        data.classLabels,
        data.featureNames,
        several,
        null);
  }

  private static void requireColumns(String name, NDArray targets, int width, String what) {
    if (targets.shape().rank() != 2 || targets.shape().dim(1) != width) {
      throw new CajalException(
          "["
              + name
              + "] targets are "
              + targets.shape()
              + "; [N, "
              + width
              + "] is expected for "
              + width
              + " "
              + what);
    }
  }

  /** The same data with a sentence on where it comes from. */
  public Dataset withProvenance(String text) {
    return new Dataset(
        name, text, task, features, targets, classLabels, featureNames, several, selection);
  }

  /**
   * The same data with a name for each input.
   *
   * @throws CajalException if the number of names is not the number of values of an example
   */
  public Dataset withFeatureNames(List<String> names) {
    if (names.size() != featureShape().size()) {
      throw new CajalException(
          "["
              + name
              + "] "
              + names.size()
              + " feature names for examples of "
              + featureShape()
              + "; one a value is needed");
    }
    return new Dataset(
        name, provenance, task, features, targets, classLabels, names, several, selection);
  }

  /**
   * The same images read with another scaling.
   *
   * @throws CajalException if the examples are no images or the channels differ
   */
  public Dataset scaled(ImageScaling scaling) {
    return new Dataset(
        name,
        provenance,
        task,
        features instanceof FloatRows numbers ? numbers.scaled(scaling) : images().scaled(scaling),
        targets,
        classLabels,
        featureNames,
        several,
        selection);
  }

  /**
   * The scaling of these examples' pixels, to be used on the test images too.
   *
   * @throws CajalException if the examples are no images
   */
  public ImageScaling fitScaling() {
    int[] rows = selection == null ? range(features.size()) : selection;
    return features instanceof FloatRows numbers && numbers.shape().rank() == 3
        ? ImageScaling.fit(numbers, rows)
        : ImageScaling.fit(images(), rows);
  }

  private ByteRows images() {
    if (features instanceof ByteRows bytes) {
      return bytes;
    }
    throw new CajalException(
        "["
            + name
            + "] pixel scaling needs examples stored as bytes; these are "
            + features.dtype());
  }

  /**
   * What the inputs of a table's rows are, where some of them are indices of categories or words of
   * texts; absent for all other data, whose inputs are plain numbers or symbols.
   */
  public Optional<InputColumns> inputColumns() {
    return features instanceof SparseRows sparse ? Optional.of(sparse.columns()) : Optional.empty();
  }

  /** Whether examples are stored as bytes, as images are. */
  public boolean isImages() {
    return features instanceof ByteRows;
  }

  /** The bytes of one image, row-major [C, H, W]. */
  public byte[] pixels(int row) {
    return images().raw(base(row));
  }

  /** The name of an example, such as that of an image's file; empty where it has none. */
  public String exampleName(int row) {
    return features instanceof ByteRows bytes ? bytes.name(base(row)) : "";
  }

  /** A short name: of the file, the folder or the generator. */
  public String name() {
    return name;
  }

  /** Where the data comes from, or an empty text. */
  public String provenance() {
    return provenance;
  }

  /** What is to be learned. */
  public Task task() {
    return task;
  }

  /** The names of the classes, labels, or symbols of a text; empty for numbers. */
  public List<String> classLabels() {
    return classLabels;
  }

  /** The number of classes or symbols; 0 for regression. */
  public int classes() {
    return classLabels.size();
  }

  /** What each of several targets is; nothing where there is one. */
  public Optional<OutputRule.OfSeveral> several() {
    return Optional.ofNullable(several);
  }

  /** The number of values that a network answers for an example. */
  public int outputs() {
    return switch (task) {
      case CLASSIFICATION, SEQUENCE, MULTILABEL -> classes();
      case REGRESSION -> Math.toIntExact(targetShape().size());
      case MULTIOUTPUT -> several == null ? 0 : several.width();
    };
  }

  /** A name for each input value, or empty where they have none (images). */
  public List<String> featureNames() {
    return featureNames;
  }

  /** The number of examples. */
  public int size() {
    return selection == null ? features.size() : selection.length;
  }

  /** The shape of one example: [features] for tables, [C, H, W] for images, [T] for texts. */
  public Shape featureShape() {
    return features.shape();
  }

  /** The element type of feature batches: F32, or I32 for texts. */
  public DType featureDtype() {
    return features.dtype();
  }

  /** The shape of one target: a scalar for classes, [k] for numbers, [T] for texts. */
  public Shape targetShape() {
    return targets.shape();
  }

  /** The element type of target batches: I32 for classes and texts, F32 for numbers. */
  public DType targetDtype() {
    return targets.dtype();
  }

  /**
   * Gathers a batch: example {@code rows[from + i]} becomes row i of {@code featureBatch} and of
   * {@code targetBatch}; rows behind stay as they are.
   *
   * @param rows numbers of examples, each from 0 to {@code size() - 1}
   * @param featureBatch of {@link #featureDtype()}, or F64 where that is F32, with room for {@code
   *     to - from} examples
   * @param targetBatch of {@link #targetDtype()} with room for {@code to - from} targets
   * @throws CajalException if a row is out of range, or an array has another type or too little
   *     room
   */
  public void gather(int[] rows, int from, int to, NDArray featureBatch, NDArray targetBatch) {
    if (selection == null || from < 0 || to < from || to > rows.length) {
      features.gather(rows, from, to, featureBatch);
      targets.gather(rows, from, to, targetBatch);
      return;
    }
    int[] mapped = new int[to - from];
    for (int i = from; i < to; i++) {
      mapped[i - from] = base(rows[i]);
    }
    features.gather(mapped, 0, mapped.length, featureBatch);
    targets.gather(mapped, 0, mapped.length, targetBatch);
  }

  /** The given examples as a new array [rows.length, ...]. */
  public NDArray features(int... rows) {
    return features.gather(base(rows));
  }

  /** All examples as one new array [N, ...]. */
  public NDArray features() {
    return features(range(size()));
  }

  /** The targets of the given examples as a new array [rows.length, ...]. */
  public NDArray targets(int... rows) {
    return targets.gather(base(rows));
  }

  /** All targets as one new array [N, ...]. */
  public NDArray targets() {
    return targets(range(size()));
  }

  /**
   * The class of each example.
   *
   * @throws CajalException if these are not classes
   */
  public int[] classIndices() {
    if (task != Task.CLASSIFICATION) {
      throw new CajalException("[" + name + "] has no classes; its task is " + task);
    }
    return targets().toInts();
  }

  /** The number of examples of each class. */
  public int[] classCounts() {
    int[] counts = new int[classes()];
    for (int c : classIndices()) {
      counts[c]++;
    }
    return counts;
  }

  /**
   * A view of the given examples, in the given order; repeats allowed.
   *
   * @throws CajalException if a row is out of range
   */
  public Dataset subset(int... rows) {
    return new Dataset(
        name, provenance, task, features, targets, classLabels, featureNames, several, base(rows));
  }

  /**
   * The same targets with other features.
   *
   * @param other F32 [N, ...] with as many examples of the same shape
   * @throws CajalException if the shape differs, or there are classes for each symbol of a sequence
   */
  public Dataset withFeatures(NDArray other) {
    Shape wanted = Shape.of(size()).concat(featureShape());
    if (!other.shape().equals(wanted) || task == Task.SEQUENCE) {
      throw new CajalException(
          "["
              + name
              + "] features "
              + other.shape()
              + " cannot take the place of "
              + wanted
              + (task == Task.SEQUENCE ? " of sequences" : ""));
    }
    NDArray all = targets();
    Rows kept = targets.dtype() == DType.I32 ? new IndexRows(all) : new FloatRows(all);
    return new Dataset(
        name,
        provenance,
        task,
        new FloatRows(other),
        kept,
        classLabels,
        featureNames,
        several,
        null);
  }

  /**
   * A view of the first examples, or of all where there are no more.
   *
   * @throws CajalException if {@code count} is below 1
   */
  public Dataset first(int count) {
    if (count < 1) {
      throw new CajalException(
          "[" + name + "] " + count + " rows were asked for; at least 1 is needed");
    }
    return count >= size() ? this : subset(range(count));
  }

  /**
   * Two views: {@code train} with the rest and {@code test} with {@code round(fraction * N)}
   * examples by chance, stratified where there are classes (see {@link Splits}).
   *
   * @param fraction the second view's share, above 0 and below 1
   * @throws CajalException if the fraction is out of range or a part would be empty
   */
  public TrainTest split(double fraction, long seed) {
    int[][] parts = splitRows(fraction, seed);
    return new TrainTest(subset(parts[0]), subset(parts[1]));
  }

  /** The rows of the two views of {@link #split}. */
  public int[][] splitRows(double fraction, long seed) {
    return task == Task.CLASSIFICATION
        ? Splits.stratified(classIndices(), fraction, seed)
        : Splits.random(size(), fraction, seed);
  }

  /**
   * The order in which an epoch visits the examples: a permutation that depends on seed, epoch and
   * size only.
   */
  public int[] shuffleOrder(long seed, int epoch) {
    return CounterRandom.permutation(
        CounterRandom.key(CounterRandom.key(seed, "shuffle"), epoch), size());
  }

  /**
   * The examples of several sets of the same kind, one set after the other.
   *
   * @throws CajalException if they are not views of the same stored rows
   */
  public Dataset and(Dataset other) {
    if (other.features != features || other.targets != targets) {
      throw new CajalException("[" + name + "] only views of the same data can be joined");
    }
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      rows.add(base(i));
    }
    for (int i = 0; i < other.size(); i++) {
      rows.add(other.base(i));
    }
    int[] joined = rows.stream().mapToInt(Integer::intValue).toArray();
    return new Dataset(
        name, provenance, task, features, targets, classLabels, featureNames, several, joined);
  }

  /** Name, size, shape and targets on one line. */
  @Override
  public String toString() {
    String what =
        switch (task) {
          case CLASSIFICATION -> classes() + " classes";
          case REGRESSION -> "targets " + targetShape();
          case SEQUENCE -> classes() + " symbols";
          case MULTILABEL -> classes() + " labels";
          case MULTIOUTPUT -> targetShape().size() + " targets";
        };
    return name + ": " + size() + " examples of " + featureShape() + ", " + what;
  }

  private int base(int row) {
    if (row < 0 || row >= size()) {
      throw new CajalException(
          "[gather] row " + row + " is out of range; there are " + size() + " rows");
    }
    return selection == null ? row : selection[row];
  }

  private int[] base(int[] rows) {
    int[] out = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      out[i] = base(rows[i]);
    }
    return out;
  }

  private static int[] range(int n) {
    return IntStream.range(0, n).toArray();
  }
}
