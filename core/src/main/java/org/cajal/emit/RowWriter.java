package org.cajal.emit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cajal.loop.Nest;
import org.cajal.loop.Nest.Apply;
import org.cajal.loop.Nest.Each;
import org.cajal.loop.Nest.Fold;
import org.cajal.loop.Nest.Immediate;
import org.cajal.loop.Nest.Load;
import org.cajal.loop.Nest.Once;
import org.cajal.loop.Nest.Stage;
import org.cajal.loop.Nest.Step;
import org.cajal.loop.Nest.Store;
import org.cajal.op.Op;

/**
 * Writes all stages of one outer index where the inner axis is a few vectors long: straight code
 * without loops, in which what a stage has read, computed or stored is still in registers for the
 * next one. In the last vector some lanes may be off.
 */
final class RowWriter {
  /** What makes a value: an access read at a vector of the row, or an operation on values. */
  private sealed interface Origin {}

  private record Read(int access, int vector) implements Origin {}

  private record Applied(Op.Elementwise op, List<Value> arguments) implements Origin {}

  /** Stands for the vector where a value is the same for the whole row. */
  private static final int ROW = -1;

  private final Frame frame;
  private final Plan plan;
  private final Nest nest;
  private final int axis;
  private final Map<Origin, Value> known = new HashMap<>();
  private final int[][] places;

  /** Prepares to write; the accesses stand at the beginning of the row. */
  RowWriter(Frame frame) {
    this.frame = frame;
    plan = frame.plan;
    nest = plan.nest();
    axis = nest.outer();
    places = new int[plan.row()][];
    places[0] = frame.places;
    boolean[] all = new boolean[nest.accesses().size()];
    Arrays.fill(all, true);
    for (int u = 1; u < places.length; u++) {
      frame.places = places[0];
      frame.advanceBy(axis, u * plan.lanes(), all);
      places[u] = frame.places;
    }
    frame.places = places[0];
  }

  /** Writes the stages. */
  void write() {
    int first = 0;
    for (Stage stage : nest.stages()) {
      switch (stage) {
        case Once once -> {
          frame.steps(once.steps(), first, axis - 1, frame.scalars);
          for (Store store : once.stores()) {
            frame.store(store, frame.scalars);
          }
        }
        case Each each -> write(each, first);
      }
      if (!stage.stores().isEmpty()) {
        forget(stage);
      }
      first += stage.steps().size() + (stage instanceof Each each ? each.folds().size() : 0);
    }
  }

  /** What was read may have been overwritten, except what was stored under the same access. */
  private void forget(Stage stage) {
    known
        .keySet()
        .removeIf(
            origin ->
                origin instanceof Read read
                    && stage.stores().stream().noneMatch(s -> s.access() == read.access()));
  }

  private void write(Each stage, int first) {
    steps(stage.steps(), first, axis - 1, ROW);
    List<List<Value>> parts = new ArrayList<>();
    stage.folds().forEach(_ -> parts.add(new ArrayList<>()));
    for (int u = 0; u < places.length; u++) {
      boolean masked = plan.masked() && u == places.length - 1;
      frame.places = places[u];
      frame.mask(masked);
      steps(stage.steps(), first, axis, u);
      for (Store store : stage.stores()) {
        frame.store(store, frame.vectors);
      }
      for (Store store : stage.stores()) {
        known.put(new Read(store.access(), u), frame.values[store.value()]);
      }
      for (int f = 0; f < parts.size(); f++) {
        Fold fold = stage.folds().get(f);
        Value x = frame.values[fold.value()];
        Registers.check(x.type() == fold.type(), "a fold to " + fold.type(), x);
        Value start = Value.constant(fold.type(), fold.op().start());
        parts.get(f).add(masked ? frame.vectors.onActive(x, start) : frame.vectors.widen(x));
      }
      frame.mask(false);
    }
    frame.places = places[0];
    for (int f = 0; f < parts.size(); f++) {
      Fold fold = stage.folds().get(f);
      Value total = StageWriter.tree(fold, frame.vectors, parts.get(f));
      frame.values[first + stage.steps().size() + f] = StageWriter.acrossLanes(frame, fold, total);
    }
  }

  private void steps(List<Step> steps, int first, int level, int vector) {
    for (int i = 0; i < steps.size(); i++) {
      if (plan.levels().of(first + i) == level) {
        frame.values[first + i] = value(steps.get(i), vector);
      }
    }
  }

  private Value value(Step step, int vector) {
    return switch (step) {
      case Immediate immediate -> frame.step(immediate, frame.vectors);
      case Load load -> value(new Read(load.access(), vector), load);
      case Apply apply ->
          value(
              new Applied(
                  apply.op(), apply.arguments().stream().map(i -> frame.values[i]).toList()),
              apply);
    };
  }

  private Value value(Origin origin, Step step) {
    Value value = known.get(origin);
    if (value == null) {
      value = frame.step(step, frame.vectors);
      known.put(origin, value);
    }
    return value;
  }
}
