package org.cajal.emit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.cajal.loop.Binding;
import org.cajal.loop.Nest;
import org.cajal.loop.Nest.Access;
import org.cajal.loop.Nest.Apply;
import org.cajal.loop.Nest.Each;
import org.cajal.loop.Nest.Fold;
import org.cajal.loop.Nest.Immediate;
import org.cajal.loop.Nest.Load;
import org.cajal.loop.Nest.Once;
import org.cajal.loop.Nest.Stage;
import org.cajal.loop.Nest.Step;
import org.cajal.loop.Nest.Store;
import org.cajal.type.DType;

/**
 * The plain meaning of nests, one element after the other: every step in double precision, rounded
 * to its type; folds in double precision, rounded at their end.
 */
final class NestInterpreter {
  private final Nest nest;
  private final Binding binding;
  private final MemorySegment[] table;
  private final int axes;
  private final long[] index;
  private final double[] values;

  private NestInterpreter(Nest nest, Binding binding, MemorySegment[] table) {
    this.nest = nest;
    this.binding = binding;
    this.table = table;
    axes = nest.outer() + nest.inner();
    index = new long[axes];
    int count = 0;
    for (Stage stage : nest.stages()) {
      count += stage.steps().size() + (stage instanceof Each each ? each.folds().size() : 0);
    }
    values = new double[count];
  }

  static void run(Nest nest, Binding binding, MemorySegment[] table) {
    new NestInterpreter(nest, binding, table).outer(0);
  }

  private void outer(int axis) {
    if (axis == nest.outer()) {
      int first = 0;
      for (Stage stage : nest.stages()) {
        int folds = first + stage.steps().size();
        switch (stage) {
          case Once once -> element(once, first);
          case Each each -> {
            List<Double> totals = new ArrayList<>();
            for (Fold fold : each.folds()) {
              totals.add(round(fold.op().start(), fold.type()));
            }
            inner(each, first, nest.outer(), totals);
            for (int f = 0; f < totals.size(); f++) {
              values[folds + f] = round(totals.get(f), each.folds().get(f).type());
            }
            folds += totals.size();
          }
        }
        first = folds;
      }
      return;
    }
    for (index[axis] = 0; index[axis] < binding.extents().get(axis); index[axis]++) {
      outer(axis + 1);
    }
  }

  private void inner(Each stage, int first, int axis, List<Double> totals) {
    if (axis == axes) {
      element(stage, first);
      for (int f = 0; f < totals.size(); f++) {
        Fold fold = stage.folds().get(f);
        DType wide = fold.type().isFloating() ? DType.F64 : fold.type();
        totals.set(
            f, fold.op().combine(new NumberLanes(wide), totals.get(f), values[fold.value()]));
      }
      return;
    }
    for (index[axis] = 0; index[axis] < binding.extents().get(axis); index[axis]++) {
      inner(stage, first, axis + 1, totals);
    }
  }

  private void element(Stage stage, int first) {
    int at = first;
    for (Step step : stage.steps()) {
      values[at++] = step(step);
    }
    for (Store store : stage.stores()) {
      write(store.access(), values[store.value()]);
    }
  }

  private double step(Step step) {
    return switch (step) {
      case Immediate immediate -> round(immediate.value(), immediate.type());
      case Load load -> read(load.access());
      case Apply apply -> {
        List<Double> x = apply.arguments().stream().map(i -> values[i]).toList();
        yield round(apply.op().lane(new NumberLanes(apply.type()), x), apply.type());
      }
    };
  }

  static double round(double x, DType type) {
    return switch (type) {
      case F32 -> (float) x;
      case F64 -> x;
      case I32 -> (int) x;
      case I64 -> (long) x;
      case BOOL -> x != 0 ? 1 : 0;
    };
  }

  private long place(int access) {
    long at = binding.operands().get(access).offset();
    for (int k = 0; k < axes; k++) {
      at += index[k] * binding.strides().get(access).get(k);
    }
    Access a = nest.accesses().get(access);
    return a.hasOffsets() ? at + (long) read(a.offsets()) : at;
  }

  private double read(int access) {
    Access a = nest.accesses().get(access);
    return read(table[binding.operands().get(access).buffer()], place(access), a.type());
  }

  static double read(MemorySegment m, long at, DType type) {
    return switch (type) {
      case F32 -> m.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
      case F64 -> m.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at);
      case I32 -> m.get(ValueLayout.JAVA_INT_UNALIGNED, at);
      case I64 -> m.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
      case BOOL -> m.get(ValueLayout.JAVA_BYTE, at);
    };
  }

  private void write(int access, double x) {
    Access a = nest.accesses().get(access);
    write(table[binding.operands().get(access).buffer()], place(access), a.type(), x);
  }

  static void write(MemorySegment m, long at, DType type, double x) {
    switch (type) {
      case F32 -> m.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) x);
      case F64 -> m.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, x);
      case I32 -> m.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) x);
      case I64 -> m.set(ValueLayout.JAVA_LONG_UNALIGNED, at, (long) x);
      case BOOL -> m.set(ValueLayout.JAVA_BYTE, at, (byte) x);
    }
  }
}
