package org.cajal.layer;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cajal.op.Variable;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;
import org.cajal.type.CajalException;
import org.cajal.type.CounterRandom;
import org.jspecify.annotations.Nullable;

/** What all scopes of one forward pass share. */
final class Building {
  final Parameters parameters;
  final Mode mode;
  final Trace trace;
  private final @Nullable Tensor key;
  private final Map<Variable, Tensor> next = new LinkedHashMap<>();
  private final Set<String> counted = new HashSet<>();
  private final Map<Integer, String> places = new HashMap<>();
  private @Nullable CajalException located;

  Building(Parameters parameters, Mode mode, @Nullable Tensor key, Trace trace) {
    this.parameters = parameters;
    this.mode = mode;
    this.key = key;
    this.trace = trace;
  }

  /** Whether a parameter is asked for for the first time in this pass. */
  boolean first(String path) {
    return counted.add(path);
  }

  /** The value of a state as the layers so far have left it. */
  Tensor current(Variable state) {
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
