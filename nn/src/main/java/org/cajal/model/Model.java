package org.cajal.model;

import java.awt.image.BufferedImage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cajal.data.Dataset;
import org.cajal.data.OutputRule;
import org.cajal.data.Preprocessing;
import org.cajal.data.Rows;
import org.cajal.data.Table;
import org.cajal.data.Task;
import org.cajal.io.Quote;
import org.cajal.io.Safetensors;
import org.cajal.io.Sha256;
import org.cajal.layer.Parameters;
import org.cajal.type.CajalException;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A trained network with everything that turns a user's row or image into an answer: architecture,
 * weights, preprocessing, labels, history. Immutable; any number of threads may predict at once
 * without waiting for each other.
 *
 * <pre>{@code
 * Model model = Model.load(Path.of("iris.safetensors"));
 * Prediction p = model.predict(Map.of("petal length", 4.7, "petal width", 1.4, ...));
 * String label = p.label();
 * double certainty = p.probability();
 * }</pre>
 */
public final class Model {
  /** Examples are answered in parts of about so many numbers. */
  private static final long ELEMENTS_AT_ONCE = 1 << 22;

  private final ModelSpec spec;
  private final Parameters parameters;
  private final History history;
  private final Map<String, String> settings;
  private final String version;
  private final Inference inference;

  Model(
      ModelSpec spec,
      Parameters parameters,
      History history,
      Map<String, String> settings,
      String version) {
    this.spec = spec;
    this.parameters = parameters;
    this.history = history;
    this.settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    this.version = version;
    this.inference = new Inference(spec, parameters);
  }

  /**
   * A model with a copy of the given weights.
   *
   * @param weights by path, all that the architecture asks for
   * @param history of the training
   * @param settings of the training by name, for reports; saved as texts
   * @throws CajalException if a weight is missing or has another shape, or the output does not fit
   *     the classes
   */
  public static Model of(
      ModelSpec spec, Map<String, NDArray> weights, History history, Map<String, String> settings) {
    return over(spec, Parameters.restored(spec.dtype(), weights), history, settings);
  }

  /**
   * A model over live parameters, without a copy: it answers by what they are at the time.
   *
   * @param parameters all that the architecture asks for, or made here
   * @param history of the training
   * @param settings of the training by name, for reports; saved as texts
   * @throws CajalException if a parameter has another shape, or the output does not fit the classes
   */
  public static Model over(
      ModelSpec spec, Parameters parameters, History history, Map<String, String> settings) {
    return new Model(spec, parameters, history, settings, ModelFile.libraryVersion());
  }

  /** A model that has learned nothing: the initial weights of a seed. */
  public static Model untrained(ModelSpec spec, long seed) {
    return over(spec, new Parameters(spec.dtype(), seed), History.NONE, Map.of());
  }

  /**
   * Reads a model. Nothing in the file can run code; every claim of it is checked.
   *
   * @throws CajalException if the file is missing, truncated, damaged, not safetensors, no model,
   *     of a newer format, of an unknown layer, or its tensors do not fit its architecture
   */
  public static Model load(Path file) {
    return ModelFile.read(file);
  }

  /**
   * The model of a file that is read already; the model owns its tensors from then on.
   *
   * @param file what the errors name
   * @throws CajalException as {@link #load(Path)}
   */
  public static Model load(Path file, Safetensors.Contents contents) {
    return ModelFile.model(file, contents);
  }

  /**
   * Writes the model to one safetensors file, whole or not at all: what was there before survives
   * any failure.
   *
   * @throws CajalException if the file cannot be written, or a layer of the user's own has no name
   *     in files
   */
  public void save(Path file) {
    ModelFile.write(file, this, Map.of(), Map.of());
  }

  /**
   * Writes the model with further tensors and texts that {@link #load} passes over: a checkpoint.
   *
   * @param tensors by name; they are filed under {@code checkpoint/}
   * @param metadata texts by name
   * @throws CajalException as {@link #save}
   */
  public void save(Path file, Map<String, NDArray> tensors, Map<String, String> metadata) {
    ModelFile.write(file, this, tensors, metadata);
  }

  /** The prefix under which {@link #save(Path, Map, Map)} files further tensors. */
  public static String extraPrefix() {
    return ModelFile.EXTRA;
  }

  /** What the model is, but for its numbers. */
  public ModelSpec spec() {
    return spec;
  }

  /** What was measured while it was trained. */
  public History history() {
    return history;
  }

  /** The settings that it was trained with, as texts. */
  public Map<String, String> settings() {
    return settings;
  }

  /** The version of the library that wrote the model. */
  public String version() {
    return version;
  }

  /** The names of the classes; empty for regression. */
  public List<String> labels() {
    return spec.labels();
  }

  /** Copies of all weights by path. */
  public Map<String, NDArray> weights() {
    return parameters.values();
  }

  /** All weights by path, not copied. */
  Map<String, NDArray> live() {
    return parameters.live();
  }

  /** The SHA-256 of all weights: equal exactly where they are the same to the bit. */
  public String sha256() {
    return Sha256.of(live());
  }

  /** The layers, shapes, parameters, multiply-adds and memory. */
  public Summary summary() {
    return Summary.of(spec, inference, parameters);
  }

  /**
   * The answer for a row given by column names.
   *
   * @param row a value for each column that the model was trained with: numbers, texts, truth
   *     values, dates, null where it is missing
   * @throws CajalException if a column is not there or a value is not of its kind, or the model
   *     does not take rows
   */
  public Prediction predict(Map<String, ? extends @Nullable Object> row) {
    if (spec.preprocessing().isPresent()) {
      return predict(spec.preprocessing().get().transform(row));
    }
    List<String> names = spec.featureNames();
    if (names.isEmpty()) {
      throw new CajalException(
          "[predict] this model takes "
              + spec.inputShape()
              + " numbers and knows no column names; give it an array"
              + (spec.inputShape().rank() == 3 ? " or an image" : ""));
    }
    float[] values = new float[names.size()];
    for (int i = 0; i < values.length; i++) {
      Object value = row.get(names.get(i));
      if (!(value instanceof Number n) || !Double.isFinite(n.doubleValue())) {
        throw new CajalException(
            "[predict] column \""
                + names.get(i)
                + "\" is "
                + (row.containsKey(names.get(i)) ? String.valueOf(value) : "missing")
                + "; a finite number is needed");
      }
      values[i] = n.floatValue();
    }
    return predict(values);
  }

  /**
   * The answer for a row given by a record whose components are named like the columns.
   *
   * @throws CajalException as for a map
   */
  public Prediction predict(Record row) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (RecordComponent component : row.getClass().getRecordComponents()) {
      try {
        component.getAccessor().trySetAccessible();
        map.put(component.getName(), component.getAccessor().invoke(row));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new CajalException(
            "[predict] the component "
                + component.getName()
                + " of "
                + row.getClass().getSimpleName()
                + " cannot be read; make the record public and its package open",
            e);
      }
    }
    return predict(map);
  }

  /**
   * The answer for one example in the form that the network takes, already scaled.
   *
   * @param values row-major, as many as the input has
   * @throws CajalException if their number is another, or one of them is not finite
   */
  public Prediction predict(float[] values) {
    if (values.length != spec.inputShape().size()) {
      throw new CajalException(
          "[predict] "
              + values.length
              + " numbers were given; the model takes "
              + spec.inputShape().size()
              + (spec.inputShape().rank() == 1 ? "" : " (" + spec.inputShape() + ")"));
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new CajalException(
            "[predict] number "
                + i
                + (spec.featureNames().size() == values.length
                    ? ", column " + Quote.quoted(spec.featureNames().get(i)) + ","
                    : "")
                + " is "
                + values[i]
                + "; a finite number is needed");
      }
    }
    return predict(NDArray.of(values, Shape.of(1).concat(spec.inputShape()))).getFirst();
  }

  /**
   * The answers for a batch in the form that the network takes, already scaled.
   *
   * @param batch [N, ...]
   * @throws CajalException if the shape or type does not fit
   */
  public List<Prediction> predict(NDArray batch) {
    return predictions(answers(batch));
  }

  /**
   * The network's answers for a batch: probabilities, or numbers as it learned them.
   *
   * @param batch [N, ...]
   * @throws CajalException if the shape or type does not fit
   */
  public NDArray answers(NDArray batch) {
    return inference.answers(batch);
  }

  /**
   * The network compiled for so many examples a call, from array to array: the fast way to many
   * answers. Kept, so that asking again costs nothing.
   *
   * @param rows the number of examples, at least 1
   */
  public Predictor predictor(int rows) {
    return inference.predictor(rows);
  }

  private List<Prediction> predictions(NDArray answers) {
    if (spec.several().isPresent()) {
      return severalPredictions(answers, spec.several().get());
    }
    List<Prediction> out = new ArrayList<>();
    NDArray values =
        spec.task().hasAccuracy()
            ? Evaluation.probabilities(spec, answers)
            : Evaluation.natural(spec, answers);
    boolean multilabel = spec.task() == Task.MULTILABEL;
    for (List<Double> row : rows(values)) {
      out.add(
          multilabel
              ? Prediction.ofLabels(spec.labels(), row)
              : new Prediction(spec.labels(), row));
    }
    return out;
  }

  /** The values of each row. */
  private static List<List<Double>> rows(NDArray values) {
    int rows = values.shape().rank() == 0 ? 1 : values.shape().dim(0);
    int width = rows == 0 ? 0 : Math.toIntExact(values.size() / rows);
    List<List<Double>> out = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      List<Double> row = new ArrayList<>(width);
      for (int j = 0; j < width; j++) {
        row.add(values.get((long) i * width + j));
      }
      out.add(row);
    }
    return out;
  }

  private static List<Prediction> severalPredictions(
      NDArray answers, OutputRule.OfSeveral several) {
    List<Prediction> out = new ArrayList<>();
    for (List<Double> row : rows(answers)) {
      Map<String, Prediction> targets = new LinkedHashMap<>();
      int from = 0;
      for (OutputRule part : several.parts()) {
        List<Double> its = row.subList(from, from + part.width());
        targets.put(
            part.column(),
            switch (part) {
              case OutputRule.OfNumber number ->
                  new Prediction(List.of(), List.of(number.decode(its.getFirst())));
              case OutputRule.OfClasses classes -> new Prediction(classes.labels(), its);
              case OutputRule.OfLabels labels -> Prediction.ofLabels(labels.labels(), its);
              case OutputRule.OfSeveral inner -> throw new AssertionError(inner);
            });
        from += part.width();
      }
      out.add(Prediction.ofTargets(targets));
    }
    return out;
  }

  /**
   * The answers for all rows of a table; a target column is not needed and passed over, but by a
   * model that forecasts from past rows. Of such a model the answers for rows without them are not
   * a number.
   *
   * @throws CajalException if a column is missing, a cell is not of its kind, or the model does not
   *     take tables
   */
  public List<Prediction> predict(Table table) {
    Preprocessing preprocessing =
        spec.preprocessing()
            .orElseThrow(
                () ->
                    new CajalException(
                        "[predict] this model does not take tables; it takes "
                            + spec.inputShape()));
    int[] answerable = preprocessing.answerable(table);
    if (answerable.length == table.rows()) {
      return predict(preprocessing.rows(table, answerable));
    }
    int width = spec.labels().isEmpty() ? 1 : spec.labels().size();
    Prediction none = new Prediction(spec.labels(), Collections.nCopies(width, Double.NaN));
    List<Prediction> out = new ArrayList<>(Collections.nCopies(table.rows(), none));
    if (answerable.length > 0) {
      List<Prediction> known = predict(preprocessing.rows(table, answerable));
      for (int i = 0; i < answerable.length; i++) {
        out.set(answerable[i], known.get(i));
      }
    }
    return out;
  }

  /**
   * The forecasts for the rows after the end of a table, in the order of {@link
   * org.cajal.data.SeriesRule#next}: as many as the horizon for each series.
   *
   * @throws CajalException if the model forecasts from no past rows, or a column is missing
   */
  public List<Prediction> forecast(Table table) {
    Preprocessing preprocessing =
        spec.preprocessing()
            .orElseThrow(
                () ->
                    new CajalException(
                        "[forecast] this model does not take tables; it takes "
                            + spec.inputShape()));
    var next = preprocessing.series().map(s -> s.next(table)).orElse(List.of());
    NDArray inputs = preprocessing.transform(table, next);
    return next.isEmpty() ? List.of() : predict(inputs);
  }

  /**
   * The answers for all examples of a data set, whose targets are passed over.
   *
   * @throws CajalException if its examples are not of the model's shape
   */
  public List<Prediction> predict(Dataset data) {
    List<Prediction> out = new ArrayList<>();
    for (int[] rows : blocks(data.size(), data.featureShape().size())) {
      out.addAll(predict(data.features(rows)));
    }
    return out;
  }

  /**
   * The answers for all examples of rows.
   *
   * @throws CajalException if they are not of the model's shape
   */
  public List<Prediction> predict(Rows examples) {
    List<Prediction> out = new ArrayList<>();
    for (int[] rows : blocks(examples.size(), examples.shape().size())) {
      out.addAll(predict(examples.gather(rows)));
    }
    return out;
  }

  /** The numbers of all rows in parts that take some megabytes as arrays. */
  private static List<int[]> blocks(int rows, long width) {
    int most = (int) Math.clamp(ELEMENTS_AT_ONCE / Math.max(1, width), 128, ELEMENTS_AT_ONCE);
    List<int[]> out = new ArrayList<>();
    for (int from = 0; from < rows; from += most) {
      out.add(IntStream.range(from, Math.min(rows, from + most)).toArray());
    }
    return out;
  }

  /**
   * The answer for an image, which is resized and turned grey as the model's input asks for: see
   * {@link org.cajal.data.Images}.
   *
   * @throws CajalException if the model does not take images
   */
  public Prediction predict(BufferedImage image) {
    return predict(Pictures.input(image, spec)).getFirst();
  }

  /**
   * The answer for an image file.
   *
   * @throws CajalException if the file is missing or no image, or the model does not take images
   */
  public Prediction predict(Path image) {
    return predict(Pictures.input(image, spec)).getFirst();
  }

  /**
   * How well the model does.
   *
   * @param data of the kind that it was trained on, prepared with its own preprocessing
   * @throws CajalException if the data does not fit or is empty
   */
  public Evaluation evaluate(Dataset data) {
    return Evaluation.of(spec, inference, data);
  }

  /**
   * How well the model does on a table with the target column.
   *
   * @throws CajalException if a column is missing, a cell is not of its kind, or the model does not
   *     take tables
   */
  public Evaluation evaluate(Table table) {
    Preprocessing preprocessing =
        spec.preprocessing()
            .orElseThrow(
                () ->
                    new CajalException(
                        "[evaluate] this model does not take tables; it takes "
                            + spec.inputShape()));
    return evaluate(preprocessing.dataset(table, preprocessing.answerable(table)));
  }

  /** The input and the number of parameters on one line. */
  @Override
  public String toString() {
    return "model of " + spec.inputShape() + " with " + parameters.count() + " parameters";
  }
}
