package org.cajal.layer;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.cajal.op.Variable;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.cajal.type.DType;
import org.cajal.type.NDArray;
import org.cajal.type.Shape;
import org.jspecify.annotations.Nullable;

/** What all scopes of one forward pass share. */
final class Building {
  final Parameters parameters;

  /** In place of parameters that are counted and not made; null in a pass that makes them. */
  private final @Nullable Map<String, Tensor> placeholders;

  final Mode mode;
  final Trace trace;
  private final @Nullable Tensor key;
  private final Map<Variable, Tensor> next = new LinkedHashMap<>();
  private final Set<String> counted = new HashSet<>();
  private final Map<Integer, String> places = new HashMap<>();
  private @Nullable CajalException located;

  /** Whether stand-ins take the place of long runs of steps. */
  final boolean sketches;

  Building(Parameters parameters, Mode mode, @Nullable Tensor key, Trace trace) {
    this(parameters, mode, key, trace, null, false);
  }

  private Building(
      Parameters parameters,
      Mode mode,
      @Nullable Tensor key,
      Trace trace,
      @Nullable Map<String, Tensor> placeholders,
      boolean sketches) {
    this.parameters = parameters;
    this.mode = mode;
    this.key = key;
    this.trace = trace;
    this.placeholders = placeholders;
    this.sketches = sketches;
  }

  /** A pass in evaluation that makes parameters, but no long runs of steps. */
  static Building sketch(Parameters parameters, Trace trace) {
    return new Building(parameters, Mode.EVALUATION, null, trace, null, true);
  }

  /** A pass in evaluation that makes no parameters: inputs are in their place. */
  static Building outline(DType dtype, Trace trace) {
    return new Building(
        new Parameters(dtype, 0), Mode.EVALUATION, null, trace, new HashMap<>(), true);
  }

  /** The bytes of all parameters and states that a pass without them has asked for. */
  long bytes() {
    long bytes = 0;
    for (Tensor placeholder : placeholders == null ? List.<Tensor>of() : placeholders.values()) {
      bytes =
          Math.addExact(
              bytes, Math.multiplyExact(placeholder.shape().size(), placeholder.dtype().bytes()));
    }
    return bytes;
  }

  /** A parameter, by the way in which it is made. */
  Tensor parameter(String path, Shape shape, Supplier<Variable> made) {
    return placeholders == null
        ? Tensor.of(made.get())
        : placeholder(path, parameters.dtype(), shape, placeholders);
  }

  /**
   * The value of a state at the beginning of the pass, or what the layers so far have made of it.
   */
  Tensor state(String path, DType dtype, Shape shape, Supplier<NDArray> initial) {
    return placeholders == null
        ? current(parameters.state(path, dtype, shape, initial))
        : placeholder(path, dtype, shape, placeholders);
  }

  private static Tensor placeholder(
      String path, DType dtype, Shape shape, Map<String, Tensor> placeholders) {
    return placeholders.computeIfAbsent(path + shape, p -> Tensor.input(p, dtype, shape));
  }

  /** Whether a parameter is asked for for the first time in this pass. */
  boolean first(String path) {
    return counted.add(path);
  }

  private Tensor current(Variable state) {
    Tensor pending = next.get(state);
    return pending == null ? Tensor.of(state) : pending;
  }

  void update(Variable state, Tensor value) {
    next.put(state, new Update(state, value).value());
  }

  List<Update> updates() {
    return next.entrySet().stream().map(e -> new Update(e.getKey(), e.getValue())).toList();
  }

  @Nullable Tensor key() {
    return key;
  }

  /**
   * A number that no other use of the key in this pass has, and that is the same in each build of
   * the same model.
   */
  int place(String use) {
    int place = (int) CounterRandom.key(0, use);
    while (places.putIfAbsent(place, use) != null) {
      place++;
    }
    return place;
  }

  /** The error with the innermost layer in which it happened. */
  CajalException locate(CajalException error, String where) {
    if (error == located) {
      return error;
    }
    CajalException out = new CajalException(error.getMessage() + " (in " + where + ")", error);
    located = out;
    return out;
  }

  /** Marks an error whose message names its layer already. */
  CajalException located(CajalException error) {
    located = error;
    return error;
  }
}
