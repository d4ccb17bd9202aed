package org.cajal.emit;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.cajal.loop.Nest;
import org.cajal.loop.Nest.Each;
import org.cajal.loop.Nest.Fold;
import org.cajal.loop.Nest.Once;
import org.cajal.loop.Nest.Stage;
import org.cajal.loop.Nest.Store;
import org.cajal.loop.Nest.Vectorized;
import org.cajal.type.DType;

/**
 * Writes the class of one nest. Its method {@code run} loops over the outer axes. Each stage stands
 * in a method of its own, or all of them in one where the last outer axis runs along the lanes.
 * These methods get places and scalars and return what is folded, never a vector, which would cost
 * an object. What remains of the axis after the last full vector is one vector with lanes off, or
 * done by a twin in scalar code, with the same bits. Short methods that are called often are
 * compiled soon, and few times.
 *
 * <p>The JVM's first compiler gives up on methods with more than some hundred vector operations,
 * masked reads and stores counting many times, and may then leave them slow for ever: hence several
 * small methods, and no more vectors with lanes off in one than it takes.
 */
final class NestWriter {
  /**
   * Elements that one call handles where a range is cut into calls; a multiple of all numbers of
   * lanes.
   */
  private static final int CHUNK = 1024;

  /** Rows of a few vectors that one call handles. */
  private static final int ROWS = 64;

  /** The most folds that a method can return, as the halves of a long. */
  private static final int MOST_RETURNED = 2;

  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          ConstantDescs.CD_void,
          Names.SEGMENT.arrayType(),
          ConstantDescs.CD_int.arrayType(),
          ConstantDescs.CD_long.arrayType(),
          ConstantDescs.CD_long,
          ConstantDescs.CD_long);

  // After the arguments that all methods have: those of run, and those of the others.
  private static final int FROM = 4;
  private static final int TO = 6;
  private static final int AFTER_TO = 8;
  private static final int LOW = 4;
  private static final int HIGH = 5;
  private static final int AFTER_HIGH = 6;

  private final Plan plan;
  private final Nest nest;
  private final ClassDesc name;
  private final Map<String, Map<Code.Constant, Integer>> constants = new HashMap<>();
  private final Deque<Consumer<ClassBuilder>> pending = new ArrayDeque<>();
  private int methods;

  NestWriter(Plan plan, ClassDesc name) {
    this.plan = plan;
    this.nest = plan.nest();
    this.name = name;
  }

  /**
   * The class as bytes. It is written twice, the first time to learn which constants its methods
   * need in vectors.
   */
  byte[] write() {
    if (plan.vector() != Vectorized.NONE) {
      build(ClassFile.of(StackMapsOption.DROP_STACK_MAPS));
    }
    return build(ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS));
  }

  /** How many bytes of code the largest method of a class has. */
  static int size(byte[] bytes) {
    int largest = 0;
    for (MethodModel method : ClassFile.of().parse(bytes).methods()) {
      largest =
          Math.max(
              largest,
              method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength).orElse(0));
    }
    return largest;
  }

  private byte[] build(ClassFile file) {
    methods = 0;
    return file.build(
        name,
        type -> {
          type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC);
          type.withSuperclass(Names.LOOP);
          type.withMethodBody(
              ConstantDescs.INIT_NAME,
              ConstantDescs.MTD_void,
              0,
              c ->
                  c.aload(0)
                      .invokespecial(Names.LOOP, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                      .return_());
          type.withMethodBody("run", RUN, 0, this::run);
          while (!pending.isEmpty()) {
            pending.removeFirst().accept(type);
          }
        });
  }

  private Frame frame(String method, Plan how, CodeBuilder b, int firstFree) {
    return new Frame(
        how, b, firstFree, constants.computeIfAbsent(method, _ -> new LinkedHashMap<>()));
  }

  private void run(CodeBuilder b) {
    Frame frame = frame("run", plan, b, AFTER_TO);
    for (int k = 0; k < plan.axes(); k++) {
      if (k == 0) {
        b.lload(TO).lload(FROM).lsub().l2i();
        frame.extents[0] = frame.keepInt();
      } else {
        frame.readExtent(k);
      }
    }
    for (int a = 0; a < nest.accesses().size(); a++) {
      frame.readAccess(a, 0);
      frame.readPlace(a, FROM);
    }
    frame.applyFixedOffsets(allAccesses());
    hoisted(frame, -1);
    outer(frame, 0);
    b.return_();
  }

  private boolean[] allAccesses() {
    boolean[] all = new boolean[nest.accesses().size()];
    Arrays.fill(all, true);
    return all;
  }

  private void outer(Frame frame, int axis) {
    if (axis == nest.outer()) {
      stages(frame, true);
    } else if (plan.vector() == Vectorized.OUTER && axis == nest.outer() - 1) {
      callLanes(frame, axis);
    } else if (plan.row() > 0 && axis == nest.outer() - 1) {
      callRows(frame, axis);
    } else {
      int mark = frame.code.mark();
      int index = frame.counter();
      frame.loop(
          index,
          frame.extents[axis],
          1,
          () -> {
            frame.advance(axis, index, allAccesses());
            hoisted(frame, axis);
            outer(frame, axis + 1);
          });
      frame.code.release(mark);
    }
  }

  /** The steps of Once stages that depend on no axis after this one, and on no fold. */
  private void hoisted(Frame frame, int level) {
    if (level >= nest.outer() - 1 || plan.vector() == Vectorized.OUTER || plan.row() > 0) {
      return;
    }
    int first = 0;
    for (Stage stage : nest.stages()) {
      if (stage instanceof Once) {
        frame.steps(stage.steps(), first, level, frame.scalars);
      }
      first += stage.steps().size() + folds(stage).size();
    }
  }

  private static List<Fold> folds(Stage stage) {
    return stage instanceof Each each ? each.folds() : List.of();
  }

  /**
   * All stages within an outer index.
   *
   * @param apart whether stages get methods of their own
   */
  private void stages(Frame frame, boolean apart) {
    Registers registers = frame.plan.vector() == Vectorized.OUTER ? frame.vectors : frame.scalars;
    int first = 0;
    for (Stage stage : nest.stages()) {
      switch (stage) {
        case Once once -> {
          int start = first;
          frame.abreast(
              allAccesses(),
              _ -> {
                frame.steps(once.steps(), start, nest.outer() - 1, registers);
                for (Store store : once.stores()) {
                  frame.store(store, registers);
                }
              });
        }
        case Each each -> {
          if (nest.inner() == 0) {
            throw new IllegalArgumentException("[emit] an Each stage needs an inner axis");
          }
          if (apart && isReturned(each)) {
            callStage(frame, each, first);
          } else {
            new StageWriter(frame, each, first).write(apart ? -1 : nest.outer() - 1, -1);
          }
        }
      }
      first += stage.steps().size() + folds(stage).size();
    }
  }

  /** Whether a method can return what a stage folds: one value, or two of 4 bytes. */
  static boolean isReturned(Each stage) {
    return stage.folds().size() < MOST_RETURNED
        || (stage.folds().size() == MOST_RETURNED
            && stage.folds().stream().allMatch(fold -> fold.type().bytes() == Integer.BYTES));
  }

  // ---- methods for what is done in vectors

  /**
   * A method of its own over a range of an axis.
   *
   * @param name its name
   * @param descriptor its type
   * @param used the accesses whose places it gets
   * @param scalars the values that it gets
   * @param getsExtent whether it gets the extent of axis 0 at last
   */
  private record Range(
      String name,
      MethodTypeDesc descriptor,
      boolean[] used,
      List<Integer> scalars,
      boolean getsExtent) {}

  /** Everything within the last outer axis: full vectors along it, then elements. */
  private void callLanes(Frame frame, int axis) {
    Range full =
        range(
            frame,
            plan,
            axis,
            allAccesses(),
            Set.of(),
            ConstantDescs.CD_void,
            m -> lanes(m, axis, false));
    Range rest =
        range(
            frame,
            plan.masked() ? plan.single() : plan.scalar(),
            axis,
            allAccesses(),
            Set.of(),
            ConstantDescs.CD_void,
            m -> lanes(m, axis, plan.masked()));
    boolean loops = nest.stages().stream().anyMatch(Each.class::isInstance);
    int index = frame.counter();
    int upper = frame.extents[axis];
    int width = plan.lanes() * plan.abreast();
    frame.blocks(
        index,
        frame.keepLast(index, upper, width),
        loops ? width : CHUNK,
        high -> invoke(frame, full, index, high));
    if (plan.masked()) {
      frame.blocks(index, upper, plan.lanes(), high -> invoke(frame, rest, index, high));
    } else {
      frame.ifLess(index, upper, () -> invoke(frame, rest, index, upper));
    }
  }

  /** Everything within the last outer axis where the inner one is a few vectors long. */
  private void callRows(Frame frame, int axis) {
    Range rows =
        range(
            frame, plan, axis, allAccesses(), Set.of(), ConstantDescs.CD_void, m -> rows(m, axis));
    int index = frame.counter();
    frame.blocks(index, frame.extents[axis], ROWS, high -> invoke(frame, rows, index, high));
  }

  private void rows(Frame method, int axis) {
    hoistAll(method, axis, stage -> stage instanceof Once ? method.scalars : method.vectors);
    if (plan.masked()) {
      method.b.iload(method.extents[axis + 1]);
      method.b.loadConstant((plan.row() - 1) * plan.lanes()).isub();
      method.makeMask();
    }
    int index = method.counterFrom(LOW);
    method.loop(
        index,
        HIGH,
        1,
        () -> {
          method.advance(axis, index, allAccesses());
          new RowWriter(method).write();
        });
    method.b.return_();
  }

  /** The steps that do not depend on an axis or any after it. */
  private void hoistAll(Frame method, int axis, Function<Stage, Registers> registers) {
    for (int level = -1; level < axis; level++) {
      int first = 0;
      for (Stage stage : nest.stages()) {
        method.steps(stage.steps(), first, level, registers.apply(stage));
        first += stage.steps().size() + folds(stage).size();
      }
    }
  }

  private void lanes(Frame method, int axis, boolean masked) {
    Registers registers = method.plan.vector() == Vectorized.NONE ? method.scalars : method.vectors;
    hoistAll(method, axis, _ -> registers);
    method.spread();
    int index = method.counterFrom(LOW);
    Runnable one =
        () -> {
          method.advance(axis, index, allAccesses());
          stages(method, false);
        };
    if (masked) {
      method.masked(index, HIGH, one);
    } else {
      method.loop(index, HIGH, method.plan.lanes() * method.plan.abreast(), one);
    }
    method.b.return_();
  }

  /**
   * One stage within an outer index: full vectors along the last inner axis, then elements; folds
   * of both are combined.
   */
  private void callStage(Frame frame, Each stage, int first) {
    List<Fold> folds = stage.folds();
    ClassDesc result =
        switch (folds.size()) {
          case 0 -> ConstantDescs.CD_void;
          case 1 -> Code.descOf(folds.getFirst().type());
          default -> ConstantDescs.CD_long;
        };
    int axis = plan.axes() - 1;
    boolean[] used = plan.levels().accesses(stage);
    Set<Integer> passed = plan.levels().usedScalars(stage, first, -1);
    Range full = range(frame, plan, axis, used, passed, result, m -> stage(m, stage, first));
    int index = frame.counter();
    int upper = frame.extents[axis];
    if (plan.vector() == Vectorized.NONE || plan.masked()) {
      if (folds.isEmpty() && nest.inner() == 1) {
        frame.blocks(index, upper, CHUNK, high -> invoke(frame, full, index, high));
        return;
      }
      invoke(frame, full, index, upper);
      Value[] found = returned(frame, folds);
      System.arraycopy(found, 0, frame.values, first + stage.steps().size(), found.length);
      return;
    }
    Range rest =
        range(frame, plan.scalar(), axis, used, passed, result, m -> stage(m, stage, first));
    int last = frame.keepLast(index, upper, plan.lanes());
    if (folds.isEmpty()) {
      if (nest.inner() == 1) {
        frame.blocks(index, last, CHUNK, high -> invoke(frame, full, index, high));
      } else {
        frame.ifLess(index, last, () -> invoke(frame, full, index, last));
      }
      frame.ifLess(last, upper, () -> invoke(frame, rest, last, upper));
      return;
    }
    Value[] totals = new Value[folds.size()];
    for (int f = 0; f < totals.length; f++) {
      frame.scalars.push(Value.constant(folds.get(f).type(), folds.get(f).op().start()));
      totals[f] = frame.scalars.keep(folds.get(f).type());
    }
    frame.ifLess(
        index,
        last,
        () -> {
          invoke(frame, full, index, last);
          Value[] found = returned(frame, folds);
          for (int f = 0; f < totals.length; f++) {
            frame.scalars.assign(totals[f], found[f]);
          }
        });
    frame.ifLess(
        last,
        upper,
        () -> {
          invoke(frame, rest, last, upper);
          Value[] found = returned(frame, folds);
          for (int f = 0; f < totals.length; f++) {
            frame.scalars.assign(
                totals[f], folds.get(f).op().combine(frame.scalars, totals[f], found[f]));
          }
        });
    System.arraycopy(totals, 0, frame.values, first + stage.steps().size(), totals.length);
  }

  /** What a method does for a stage. */
  private static void stage(Frame method, Each stage, int first) {
    new StageWriter(method, stage, first).write(-1, LOW);
    int results = first + stage.steps().size();
    List<Fold> folds = stage.folds();
    switch (folds.size()) {
      case 0 -> method.b.return_();
      case 1 -> {
        method.scalars.push(method.values[results]);
        method.b.return_(Code.kindOf(folds.getFirst().type()));
      }
      default -> {
        pushHalf(method, method.values[results]);
        method.b.loadConstant(Integer.SIZE).lshl();
        pushHalf(method, method.values[results + 1]);
        method.b.loadConstant(0xFFFF_FFFFL).land().lor().lreturn();
      }
    }
  }

  private static void pushHalf(Frame frame, Value x) {
    frame.scalars.push(x.type().isFloating() ? frame.scalars.bits(x) : x);
    frame.b.i2l();
  }

  private static Value[] returned(Frame frame, List<Fold> folds) {
    if (folds.isEmpty()) {
      return new Value[0];
    }
    if (folds.size() == 1) {
      return new Value[] {frame.scalars.keep(folds.getFirst().type())};
    }
    int both = frame.keepLong();
    frame.b.lload(both).loadConstant(Integer.SIZE).lushr();
    Value upper = popHalf(frame, folds.get(0));
    frame.b.lload(both);
    return new Value[] {upper, popHalf(frame, folds.get(1))};
  }

  private static Value popHalf(Frame frame, Fold fold) {
    frame.b.l2i();
    Value bits = frame.scalars.keep(DType.I32);
    return fold.type().isFloating() ? frame.scalars.real(bits) : bits;
  }

  /**
   * A method that will be written after this one.
   *
   * @param frame where it is called
   * @param how vectors or scalars
   * @param axis the axis of which it handles a range
   * @param used the accesses whose places it gets
   * @param passed the values that it gets, all scalars
   * @param result what it returns
   * @param body writes what it does
   */
  private Range range(
      Frame frame,
      Plan how,
      int axis,
      boolean[] used,
      Set<Integer> passed,
      ClassDesc result,
      Consumer<Frame> body) {
    List<Integer> scalars = passed.stream().filter(v -> !frame.values[v].isConstant()).toList();
    List<ClassDesc> types = new ArrayList<>(RUN.parameterList().subList(0, 3));
    types.add(ConstantDescs.CD_int);
    types.add(ConstantDescs.CD_int);
    for (boolean use : used) {
      if (use) {
        types.add(ConstantDescs.CD_long);
      }
    }
    for (int v : scalars) {
      types.add(Code.kindOf(frame.values[v].type()).upperBound());
    }
    if (getsExtent(axis)) {
      types.add(ConstantDescs.CD_int);
    }
    String method = (how.vector() == Vectorized.NONE ? "elements" : "vectors") + methods++;
    Range range =
        new Range(method, MethodTypeDesc.of(result, types), used, scalars, getsExtent(axis));
    Value[] known = frame.values.clone();
    pending.add(
        type ->
            type.withMethodBody(
                method,
                range.descriptor(),
                ClassFile.ACC_PRIVATE,
                b -> body.accept(enter(range, how, b, axis, known))));
    return range;
  }

  private void invoke(Frame frame, Range range, int low, int high) {
    CodeBuilder b = frame.b;
    b.aload(0).aload(Frame.TABLE).aload(Frame.BUFFERS).aload(Frame.NUMBERS).iload(low).iload(high);
    for (int a = 0; a < range.used().length; a++) {
      if (range.used()[a]) {
        b.lload(frame.places[a]);
      }
    }
    for (int v : range.scalars()) {
      frame.scalars.push(frame.values[v]);
    }
    if (range.getsExtent()) {
      b.iload(frame.extents[0]);
    }
    b.invokevirtual(name, range.name(), range.descriptor());
  }

  /**
   * Whether a method loops over axis 0, of which a piece may be all there is, besides the axis of
   * its range.
   */
  private boolean getsExtent(int axis) {
    return nest.outer() == 0 && axis > 0;
  }

  /** The frame of a method after it has read its arguments. */
  private Frame enter(Range range, Plan how, CodeBuilder b, int axis, Value[] known) {
    int after = 1;
    for (ClassDesc type : range.descriptor().parameterList()) {
      after += TypeKind.from(type).slotSize();
    }
    Frame frame = frame(range.name(), how, b, after);
    int firstAxis = Math.min(axis, nest.outer());
    int slot = AFTER_HIGH;
    for (int a = 0; a < range.used().length; a++) {
      if (range.used()[a]) {
        frame.places[a] = slot;
        frame.readAccess(a, firstAxis);
        slot += TypeKind.LONG.slotSize();
      }
    }
    for (int v = 0; v < known.length; v++) {
      if (known[v] != null && known[v].isConstant()) {
        frame.values[v] = known[v];
      }
    }
    for (int v : range.scalars()) {
      frame.values[v] = Value.scalar(known[v].type(), slot);
      slot += Code.kindOf(known[v].type()).slotSize();
    }
    for (int k = firstAxis; k < plan.axes(); k++) {
      if (k == 0 && range.getsExtent()) {
        frame.extents[0] = slot;
      } else if (k != axis) {
        frame.readExtent(k);
      }
    }
    frame.extents[axis] = HIGH;
    return frame;
  }
}
