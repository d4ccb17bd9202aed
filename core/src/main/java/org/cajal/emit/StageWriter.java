package org.cajal.emit;

import static org.cajal.type.DType.F32;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.List;
import org.cajal.loop.Nest.Apply;
import org.cajal.loop.Nest.Each;
import org.cajal.loop.Nest.Fold;
import org.cajal.loop.Nest.Load;
import org.cajal.loop.Nest.Store;
import org.cajal.loop.Nest.Vectorized;
import org.cajal.op.Max;
import org.cajal.op.Min;
import org.cajal.op.Op;
import org.cajal.op.Product;
import org.cajal.op.Sum;
import org.cajal.type.DType;

/**
 * Writes an Each stage: its loops over the inner axes, and its folds.
 *
 * <p>A step is done in the innermost loop on whose axis it depends, not further in. The body of a
 * short fold is written several times, see below.
 *
 * <p>A short fold keeps several running values to hide the latency of its operation, combines them
 * in a fixed order, and carries an F32 sum to a second level every {@value #BLOCK} vectors or
 * elements. The second level is compensated (O. Møller, Quasi double-precision in floating-point
 * addition, BIT 5, 1965), so that the rounding error does not grow with the number of elements.
 */
final class StageWriter {
  /** Steps of the innermost loop after which a sum is carried over. */
  private static final int BLOCK = 256;

  /** The most operations in the innermost loop of a short fold. */
  private static final int SHORT_BODY = 3;

  /** The most reads and stores in the innermost loop of a short fold. */
  private static final int FEW_ACCESSES = 3;

  private final Frame frame;
  private final Plan plan;
  private final CodeBuilder b;
  private final Each stage;
  private final int first;
  private final Registers registers;
  private final boolean[] used;
  private final int running;
  private final int folds;

  // For each vector abreast and each fold.
  private final Value[][][] partial;
  private final Value[][] carried;
  private final Value[][] lost;
  private final boolean blocked;
  private int since;

  /**
   * Prepares to write.
   *
   * @param first the number of its first value
   */
  StageWriter(Frame frame, Each stage, int first) {
    this.frame = frame;
    this.plan = frame.plan;
    this.b = frame.b;
    this.stage = stage;
    this.first = first;
    registers = plan.vector() == Vectorized.NONE ? frame.scalars : frame.vectors;
    used = plan.levels().accesses(stage);
    running = isShort() && !stage.folds().isEmpty() ? plan.running() : 1;
    folds = stage.folds().size();
    partial = new Value[plan.abreast()][folds][running];
    carried = new Value[plan.abreast()][folds];
    lost = new Value[plan.abreast()][folds];
    blocked = stage.folds().stream().anyMatch(StageWriter::isCarried);
  }

  private boolean isShort() {
    int operations = 0;
    int accesses = stage.stores().size();
    for (int i = 0; i < stage.steps().size(); i++) {
      if (plan.levels().of(first + i) == plan.axes() - 1) {
        switch (stage.steps().get(i)) {
          case Apply apply -> operations += Levels.isCostly(apply.op()) ? SHORT_BODY + 1 : 1;
          case Load _ -> accesses++;
          default -> {}
        }
      }
    }
    return operations <= SHORT_BODY && accesses <= FEW_ACCESSES;
  }

  /**
   * Writes the stage; what it folds are values of the frame then.
   *
   * @param lowest the lowest level of the steps that are still to be done
   * @param low the local where the last inner axis begins, −1 for 0
   */
  void write(int lowest, int low) {
    Value[][] before = frame.saved();
    frame.abreast(
        used,
        _ -> {
          for (int level = lowest; level < plan.nest().outer(); level++) {
            frame.steps(stage.steps(), first, level, registers);
          }
          if (registers == frame.vectors) {
            for (int v : plan.levels().usedScalars(stage, first, plan.nest().outer())) {
              frame.values[v] = frame.vectors.widen(frame.values[v]);
            }
          }
        });
    begin();
    innerLoop(plan.nest().outer(), low);
    frame.restore(before);
    end();
  }

  private void innerLoop(int axis, int low) {
    int mark = frame.code.mark();
    int index = low < 0 || axis < plan.axes() - 1 ? frame.counter() : frame.counterFrom(low);
    int upper = frame.extents[axis];
    if (axis < plan.axes() - 1) {
      frame.loop(
          index,
          upper,
          1,
          () -> {
            frame.advance(axis, index, used);
            frame.abreast(used, _ -> frame.steps(stage.steps(), first, axis, registers));
            innerLoop(axis + 1, low);
          });
    } else if (blocked) {
      frame.blocks(
          index,
          upper,
          block(),
          high -> {
            b.iload(since).iload(high).iadd().iload(index).isub();
            if (along()) {
              // A vector counts whole, however many of its lanes are off.
              b.loadConstant(plan.lanes() - 1).iadd().loadConstant(-plan.lanes()).iand();
            }
            b.istore(since);
            innermost(axis, index, high);
            Label next = b.newLabel();
            b.iload(since).loadConstant(block()).if_icmplt(next);
            carry();
            b.iconst_0().istore(since);
            b.labelBinding(next);
          });
    } else {
      innermost(axis, index, upper);
    }
    frame.code.release(mark);
  }

  private boolean along() {
    return plan.vector() == Vectorized.INNER;
  }

  private void innermost(int axis, int index, int upper) {
    int width = along() ? plan.lanes() : 1;
    int mark = frame.code.mark();
    if (running > 1) {
      frame.loop(
          index,
          frame.keepLast(index, upper, width * running),
          width * running,
          () -> {
            frame.advance(axis, index, used);
            for (int u = 0; u < running; u++) {
              if (u > 0) {
                frame.advanceBy(axis, width, used);
              }
              element(axis, u);
            }
          });
    }
    Runnable one =
        () -> {
          frame.advance(axis, index, used);
          element(axis, 0);
        };
    if (along() && plan.masked()) {
      frame.loop(index, frame.keepLast(index, upper, width), width, one);
      frame.ifLess(index, upper, () -> frame.masked(index, upper, one));
    } else {
      frame.loop(index, upper, width, one);
    }
    frame.code.release(mark);
  }

  private void element(int axis, int u) {
    frame.abreast(used, v -> element(axis, partial[v], u));
  }

  private void element(int axis, Value[][] sums, int u) {
    int mark = frame.code.mark();
    frame.steps(stage.steps(), first, axis, registers);
    for (Store store : stage.stores()) {
      frame.store(store, registers);
    }
    for (int f = 0; f < folds; f++) {
      Fold fold = stage.folds().get(f);
      Value x = frame.values[fold.value()];
      Registers.check(x.type() == fold.type(), "a fold to " + fold.type(), x);
      // The element first: C2 knows its class. At a loop's entry it does not know the sum's, and
      // without a profile a call on the sum would make objects for ever.
      Value all = fold.op().combine(registers, x, sums[f][u]);
      registers.assign(sums[f][u], along() ? frame.vectors.onActive(all, sums[f][u]) : all);
    }
    frame.code.release(mark);
  }

  // ---- folds

  private static boolean isCarried(Fold fold) {
    return fold.op() instanceof Sum && fold.type() == F32;
  }

  private void begin() {
    for (int v = 0; v < partial.length; v++) {
      for (int f = 0; f < folds; f++) {
        Fold fold = stage.folds().get(f);
        for (int u = 0; u < running; u++) {
          partial[v][f][u] = start(fold);
        }
        if (isCarried(fold)) {
          carried[v][f] = start(fold);
          lost[v][f] = start(fold);
        }
      }
    }
    if (blocked) {
      since = frame.counter();
    }
  }

  private Value start(Fold fold) {
    registers.push(Value.constant(fold.type(), fold.op().start()));
    return keep(fold.type());
  }

  private Value keep(DType type) {
    return registers == frame.vectors ? frame.vectors.keep(type) : frame.scalars.keep(type);
  }

  private int block() {
    return along() ? BLOCK * plan.lanes() : BLOCK;
  }

  /** Moves the running sums to the second level and begins anew. */
  private void carry() {
    for (int v = 0; v < partial.length; v++) {
      for (int f = 0; f < folds; f++) {
        Fold fold = stage.folds().get(f);
        if (isCarried(fold)) {
          carry(fold, partial[v][f], carried[v][f], lost[v][f]);
        }
      }
    }
  }

  private void carry(Fold fold, Value[] sums, Value before, Value missing) {
    int mark = frame.code.mark();
    Registers k = registers;
    Value block = tree(fold, k, known(sums));
    Value first = k.known(before);
    Value total = k.add(first, block);
    Value added = k.subtract(total, first);
    Value rest = k.add(k.subtract(first, k.subtract(total, added)), k.subtract(block, added));
    k.assign(missing, k.add(rest, missing));
    k.assign(before, total);
    for (Value sum : sums) {
      k.assign(sum, Value.constant(fold.type(), fold.op().start()));
    }
    frame.code.release(mark);
  }

  private List<Value> known(Value[] running) {
    return Arrays.stream(running).map(registers::known).toList();
  }

  /** Values combined as a balanced tree. */
  static Value tree(Fold fold, Registers registers, List<Value> values) {
    if (values.size() == 1) {
      return values.getFirst();
    }
    int half = (values.size() + 1) / 2;
    return fold.op()
        .combine(
            registers,
            tree(fold, registers, values.subList(0, half)),
            tree(fold, registers, values.subList(half, values.size())));
  }

  private void end() {
    for (int v = 0; v < partial.length; v++) {
      for (int f = 0; f < folds; f++) {
        Fold fold = stage.folds().get(f);
        Value total = tree(fold, registers, known(partial[v][f]));
        if (isCarried(fold)) {
          // Infinite sums leave NaN for what is lost.
          Registers k = registers;
          Value all = k.add(total, carried[v][f]);
          Value rest = k.known(lost[v][f]);
          total = k.select(k.equal(rest, rest), k.add(all, rest), all);
        }
        if (along()) {
          total = acrossLanes(frame, fold, total);
        }
        frame.set(v, first + stage.steps().size() + f, total);
      }
    }
  }

  /** The lanes combined to a scalar: the upper half with the lower half, until one is left. */
  static Value acrossLanes(Frame frame, Fold fold, Value x) {
    CodeBuilder b = frame.b;
    DType type = fold.type();
    ClassDesc owner = Names.vectorOf(type);
    if (type.isFloating()) {
      for (int d = frame.plan.lanes() / 2; d >= 1; d /= 2) {
        frame.code.weigh(Code.REARRANGEMENT);
        frame.vectors.push(x);
        b.getstatic(Names.SIMD, type.name() + "_" + d, Names.SHUFFLE);
        b.invokevirtual(owner, "rearrange", MethodTypeDesc.of(owner, Names.SHUFFLE));
        x = fold.op().combine(frame.vectors, x, frame.vectors.keep(type));
      }
      frame.vectors.push(x);
      b.iconst_0();
      b.invokevirtual(owner, "lane", MethodTypeDesc.of(Code.descOf(type), ConstantDescs.CD_int));
      return frame.scalars.keep(type);
    }
    // Whole numbers: any order gives the same bits.
    frame.vectors.push(x);
    b.getstatic(Names.OPERATORS, associative(fold.op()), Names.ASSOCIATIVE);
    b.invokevirtual(owner, "reduceLanes", MethodTypeDesc.of(Code.descOf(type), Names.ASSOCIATIVE));
    return frame.scalars.keep(type);
  }

  private static String associative(Op.Reduction op) {
    return switch (op) {
      case Sum _ -> "ADD";
      case Product _ -> "MUL";
      case Max _ -> "MAX";
      case Min _ -> "MIN";
    };
  }
}
