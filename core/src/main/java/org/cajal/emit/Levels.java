package org.cajal.emit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.cajal.loop.Nest;
import org.cajal.loop.Nest.Access;
import org.cajal.loop.Nest.Apply;
import org.cajal.loop.Nest.Each;
import org.cajal.loop.Nest.Immediate;
import org.cajal.loop.Nest.Load;
import org.cajal.loop.Nest.Once;
import org.cajal.loop.Nest.Stage;
import org.cajal.loop.Nest.Step;
import org.cajal.loop.Nest.Store;
import org.cajal.loop.Nest.Stride;
import org.cajal.op.Atan;
import org.cajal.op.Cos;
import org.cajal.op.Erf;
import org.cajal.op.Exp;
import org.cajal.op.Log;
import org.cajal.op.Op;
import org.cajal.op.Power;
import org.cajal.op.Sin;
import org.cajal.op.Tanh;

/**
 * On which axes the values of a nest depend: a value's level is the last such axis, −1 if there is
 * none.
 */
final class Levels {
  private final Nest nest;
  private final int[] level;
  private final boolean[] once;

  private Levels(Nest nest, int[] level, boolean[] once) {
    this.nest = nest;
    this.level = level;
    this.once = once;
  }

  static Levels of(Nest nest) {
    List<Integer> level = new ArrayList<>();
    List<Boolean> once = new ArrayList<>();
    for (Stage stage : nest.stages()) {
      for (Step step : stage.steps()) {
        level.add(
            switch (step) {
              case Immediate _ -> -1;
              case Load load -> lastAxis(nest, load.access());
              case Apply apply -> {
                int last = -1;
                for (int argument : apply.arguments()) {
                  last = Math.max(last, level.get(argument));
                }
                yield last;
              }
            });
        once.add(stage instanceof Once);
      }
      if (stage instanceof Each each) {
        each.folds()
            .forEach(
                fold -> {
                  level.add(nest.outer() - 1);
                  once.add(true);
                });
      }
    }
    int[] levels = level.stream().mapToInt(Integer::intValue).toArray();
    boolean[] scalars = new boolean[levels.length];
    for (int i = 0; i < scalars.length; i++) {
      scalars[i] = once.get(i);
    }
    return new Levels(nest, levels, scalars);
  }

  /** The last axis along which an access or its offsets move, −1 if there is none. */
  static int lastAxis(Nest nest, int number) {
    Access access = nest.accesses().get(number);
    int last = access.hasOffsets() ? lastAxis(nest, access.offsets()) : -1;
    for (int k = access.strides().size() - 1; k > last; k--) {
      if (access.strides().get(k) != Stride.NONE) {
        return k;
      }
    }
    return last;
  }

  /** How many values there are. */
  int values() {
    return level.length;
  }

  /** The level of a value. */
  int of(int value) {
    return level[value];
  }

  /** The accesses that a stage reads or writes, offsets included. */
  boolean[] accesses(Stage stage) {
    boolean[] used = new boolean[nest.accesses().size()];
    for (Step step : stage.steps()) {
      if (step instanceof Load load) {
        used[load.access()] = true;
      }
    }
    for (Store store : stage.stores()) {
      used[store.access()] = true;
    }
    for (int a = 0; a < used.length; a++) {
      Access access = nest.accesses().get(a);
      if (used[a] && access.hasOffsets()) {
        used[access.offsets()] = true;
      }
    }
    return used;
  }

  /**
   * The values of Once stages and the folds which a stage's steps from a level on use, or its
   * stores or folds.
   */
  Set<Integer> usedScalars(Each stage, int first, int lowest) {
    Set<Integer> used = new TreeSet<>();
    for (int i = 0; i < stage.steps().size(); i++) {
      if (level[first + i] >= lowest && stage.steps().get(i) instanceof Apply apply) {
        used.addAll(apply.arguments());
      }
    }
    stage.stores().forEach(store -> used.add(store.value()));
    stage.folds().forEach(fold -> used.add(fold.value()));
    used.removeIf(v -> !once[v]);
    return used;
  }

  /** Whether an operation takes many instructions. */
  static boolean isCostly(Op.Elementwise op) {
    return op instanceof Exp
        || op instanceof Log
        || op instanceof Sin
        || op instanceof Cos
        || op instanceof Tanh
        || op instanceof Atan
        || op instanceof Erf
        || op instanceof Power;
  }
}
