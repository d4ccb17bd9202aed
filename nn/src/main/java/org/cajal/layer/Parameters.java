package org.cajal.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cajal.init.Fans;
import org.cajal.init.Initializer;
import org.cajal.op.Variable;
import org.cajal.tensor.Tensor;
import org.cajal.type.CajalException;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one model by path, in the order in which its layers asked for them. Each is made
 * on first use, from the seed and its path alone, and found again by every later program of the
 * model: training, evaluation, each batch size. Safe from any number of threads.
 */
public final class Parameters {
  private record Cell(Variable variable, boolean learned) {}

  private final DType dtype;
  private final long seed;
  private final @Nullable Map<String, NDArray> saved;
  private final boolean copies;
  private final Map<String, Cell> cells = new LinkedHashMap<>();
  private final Set<String> frozen = new LinkedHashSet<>();

  private Parameters(DType dtype, long seed, @Nullable Map<String, NDArray> saved, boolean copies) {
    if (!dtype.isFloating()) {
      throw new CajalException(
          "[parameters] the element type is " + dtype.wireName() + "; allowed are f32 and f64");
    }
    this.dtype = dtype;
    this.seed = seed;
    this.saved = saved;
    this.copies = copies;
  }

  /**
   * The parameters of a new model: none yet.
   *
   * @param dtype F32 or F64
   * @param seed decides all initial values
   * @throws CajalException if the type is not floating
   */
  public Parameters(DType dtype, long seed) {
    this(dtype, seed, null, true);
  }

  /** The single-precision parameters of a new model. */
  public Parameters(long seed) {
    this(DType.F32, seed);
  }

  /**
   * The parameters of a saved model: every path that a layer asks for takes its value from the
   * file, and one that the file lacks is an error.
   *
   * @param dtype F32 or F64, the type of all values
   * @param values by path; copied when they are asked for
   */
  public static Parameters restored(DType dtype, Map<String, NDArray> values) {
    return new Parameters(dtype, 0, new LinkedHashMap<>(values), true);
  }

  /**
   * As {@link #restored}, over the given arrays and not over copies of them: whoever gives them
   * uses them no more.
   */
  public static Parameters over(DType dtype, Map<String, NDArray> values) {
    return new Parameters(dtype, 0, new LinkedHashMap<>(values), false);
  }

  /** The element type of all parameters. */
  public DType dtype() {
    return dtype;
  }

  /** The seed of the initial values. */
  public long seed() {
    return seed;
  }

  /**
   * The variable of a parameter, made on first use.
   *
   * @param fans fan-in and fan-out for the initialiser; null takes those that the shape suggests
   * @param adjust changes the initial values in place once they are drawn
   * @throws CajalException if the path is in use with another shape or role, or the saved model
   *     lacks it
   */
  Variable parameter(
      String path,
      Shape shape,
      Initializer initializer,
      @Nullable Fans fans,
      Consumer<NDArray> adjust) {
    return cell(
        path,
        dtype,
        shape,
        true,
        () -> {
          NDArray values = initializer.sample(dtype, shape, fans, seed, path);
          adjust.accept(values);
          return Variable.over(path, values);
        });
  }

  /**
   * The variable of a state that is kept but not learned, made on first use.
   *
   * @throws CajalException if the path is in use with another shape or role, or the saved model
   *     lacks it
   */
  Variable state(String path, DType type, Shape shape, Supplier<NDArray> initial) {
    return cell(path, type, shape, false, () -> new Variable(path, initial.get()));
  }

  private synchronized Variable cell(
      String path, DType type, Shape shape, boolean learned, Supplier<Variable> initial) {
    Cell cell = cells.get(path);
    if (cell == null) {
      Variable first =
          saved == null
              ? initial.get()
              : copies
                  ? new Variable(path, saved(saved, path, type, shape))
                  : Variable.over(path, saved(saved, path, type, shape));
      cell = new Cell(first, learned);
      cells.put(path, cell);
      return cell.variable();
    }
    Variable v = cell.variable();
    if (cell.learned() != learned) {
      throw new CajalException(
          "[parameters] "
              + path
              + " is used as a parameter and as a state; give one of them another name");
    }
    if (v.dtype() != type || !v.shape().equals(shape)) {
      throw new CajalException(
          "[parameters] "
              + path
              + " is "
              + v.dtype()
              + " "
              + v.shape()
              + ", but "
              + type
              + " "
              + shape
              + " is asked for: the model was first used with an input of another shape, which must"
              + " stay the same but for the batch size");
    }
    return v;
  }

  private static NDArray saved(Map<String, NDArray> saved, String path, DType type, Shape shape) {
    NDArray value = saved.get(path);
    if (value == null) {
      throw new CajalException(
          "[parameters] the saved model has no tensor \""
              + path
              + "\" ("
              + type
              + " "
              + shape
              + " is needed); its weights belong to another architecture");
    }
    if (value.dtype() != type || !value.shape().equals(shape)) {
      throw new CajalException(
          "[parameters] the saved tensor \""
              + path
              + "\" is "
              + value.dtype()
              + " "
              + value.shape()
              + ", but "
              + type
              + " "
              + shape
              + " is needed; its weights belong to another architecture");
    }
    return value;
  }

  /** Whether no layer has asked for anything yet, and nothing has been read from a file. */
  synchronized boolean isNew() {
    return cells.isEmpty() && saved == null;
  }

  /** Refuses a model whose arrays would take so many bytes, if the JVM may not use as many. */
  static void refuseIfTooLarge(long bytes) {
    long most = Runtime.getRuntime().maxMemory();
    if (bytes > most) {
      throw new CajalException(
          String.format(
              Locale.ROOT,
              "[parameters] the model's parameters need %,d MB of memory, the JVM may use %,d MB;"
                  + " make the model smaller, or start Java with a larger -Xmx",
              bytes >> 20,
              most >> 20));
    }
  }

  /** Everything that the model owns, in the order of first use. */
  public synchronized List<Parameter> all() {
    List<Parameter> out = new ArrayList<>();
    cells.forEach(
        (path, cell) ->
            out.add(new Parameter(path, cell.variable(), cell.learned(), isFrozen(path))));
    return List.copyOf(out);
  }

  /** What an optimiser changes, as the tensors to differentiate by, in the order of first use. */
  public List<Tensor> trainable() {
    return all().stream().filter(Parameter::trainable).map(p -> Tensor.of(p.variable())).toList();
  }

  /**
   * The variable at a path.
   *
   * @throws CajalException if there is none
   */
  public synchronized Variable get(String path) {
    Cell cell = cells.get(path);
    if (cell == null) {
      throw new CajalException(
          "[parameters] there is no \""
              + path
              + "\"; "
              + (cells.isEmpty()
                  ? "the model has not been applied to an input yet"
                  : "known are " + String.join(", ", cells.keySet())));
    }
    return cell.variable();
  }

  /** The number of learned numbers, frozen ones included. */
  public long count() {
    return all().stream()
        .filter(Parameter::learned)
        .mapToLong(p -> p.variable().shape().size())
        .sum();
  }

  /** All values by path where they live: the next run of a training step may change them. */
  public Map<String, NDArray> live() {
    Map<String, NDArray> out = new LinkedHashMap<>();
    all().forEach(p -> out.put(p.path(), p.variable().value()));
    return out;
  }

  /** Copies of all values by path, to be kept. */
  public Map<String, NDArray> values() {
    Map<String, NDArray> out = live();
    out.replaceAll((path, value) -> value.copy());
    return out;
  }

  /**
   * Overwrites values by path; nothing changes if one does not fit.
   *
   * @throws CajalException if a path is unknown, or a value has another type or shape
   */
  public synchronized void set(Map<String, NDArray> values) {
    values.forEach(
        (path, value) -> {
          Variable v = get(path);
          if (v.dtype() != value.dtype() || !v.shape().equals(value.shape())) {
            throw new CajalException(
                "[parameters] "
                    + path
                    + " is "
                    + v.dtype()
                    + " "
                    + v.shape()
                    + " and cannot take "
                    + value.dtype()
                    + " "
                    + value.shape());
          }
        });
    values.forEach((path, value) -> get(path).set(value));
  }

  /** The saved tensors that no layer has asked for; empty for a new model. */
  public synchronized List<String> unused() {
    return saved == null
        ? List.of()
        : saved.keySet().stream().filter(path -> !cells.containsKey(path)).toList();
  }

  /** Excludes a path and everything below it from training, now and when it is made later. */
  public synchronized void freeze(String path) {
    frozen.add(path);
  }

  /** Takes back {@link #freeze} of that path. */
  public synchronized void unfreeze(String path) {
    frozen.remove(path);
  }

  private boolean isFrozen(String path) {
    return frozen.stream().anyMatch(f -> f.isEmpty() || path.equals(f) || path.startsWith(f + "/"));
  }

  @Override
  public String toString() {
    return all().toString();
  }
}
