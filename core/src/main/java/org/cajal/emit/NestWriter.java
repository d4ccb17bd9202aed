package org.cajal.emit;

import static org.cajal.type.DType.BOOL;
import static org.cajal.type.DType.F32;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.cajal.loop.Nest.Stride;
import org.cajal.loop.Nest.Vectorized;
import org.cajal.op.Op;
import org.cajal.op.Sum;
import org.cajal.type.DType;

/**
 * Writes the class of one nest: a method of nested counted loops.
 *
 * <p>A step is done in the innermost loop on whose axis it depends, not further in. Along the vector axis a loop of full vectors
 * is followed by one masked step, with the same instructions. A fold keeps {@link #unrolled} running values to hide the latency
 * of its operation, combines them in a fixed order, and carries an F32 sum to a second level every {@value #BLOCK} vectors or
 * elements. The second level is compensated (O. Møller, Quasi double-precision in floating-point addition, BIT 5, 1965), so that
 * the rounding error does not grow with the number of elements.
 */
final class NestWriter {
  /** Steps of the innermost loop after which a sum is carried over. */
  private static final int BLOCK = 256;

  /** The most applied operations in a fold's innermost loop for which several running values are worth their code. */
  private static final int SHORT_BODY = 4;

  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          ConstantDescs.CD_void,
          Names.SEGMENT.arrayType(),
          ConstantDescs.CD_int.arrayType(),
          ConstantDescs.CD_long.arrayType(),
          ConstantDescs.CD_long,
          ConstantDescs.CD_long);

  private static final int TABLE = 1;
  private static final int BUFFERS = 2;
  private static final int NUMBERS = 3;
  private static final int FROM = 4;
  private static final int TO = 6;
  private static final int FIRST_FREE = 8;

  private final Nest nest;
  private final int axes;
  private final Vectorized vector;
  private final DType floating;
  private final int lanes;
  private final Levels levels;
  private final int unroll;

  // The method being written.
  private CodeBuilder b;
  private Code code;
  private ScalarRegisters scalars;
  private VectorRegisters vectors;
  private Value[] values;
  private int[] segments;
  private int[] places;
  private int[][] strides;
  private int[] extents;
  private int mask;
  private int maskCount;

  /**
   * Prepares to write.
   *
   * @param nest the nest
   * @param vector which axis runs along the lanes, NONE for scalar code
   * @param floating the floating type whose lanes give the width of vectors
   * @param lanes how many lanes a vector has, 1 for scalar code
   * @param unroll how many running values a fold may keep, 1 or 4
   */
  @SuppressWarnings("NullAway.Init")
  NestWriter(Nest nest, Vectorized vector, DType floating, int lanes, int unroll) {
    this.nest = nest;
    this.axes = nest.outer() + nest.inner();
    this.vector = vector;
    this.floating = floating;
    this.lanes = lanes;
    this.levels = Levels.of(nest);
    this.unroll = unroll;
  }

  /** The class as bytes. */
  byte[] write(ClassDesc name) {
    Map<Code.Constant, Integer> constants = new LinkedHashMap<>();
    if (vector != Vectorized.NONE) {
      build(ClassFile.of(StackMapsOption.DROP_STACK_MAPS), name, constants);
    }
    return build(ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS), name, constants);
  }

  /** How many bytes the loop method of a class has. */
  static int size(byte[] bytes) {
    for (MethodModel method : ClassFile.of().parse(bytes).methods()) {
      if (method.methodName().equalsString("run")) {
        return method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength).orElse(0);
      }
    }
    return 0;
  }

  private byte[] build(ClassFile file, ClassDesc name, Map<Code.Constant, Integer> constants) {
    return file.build(
        name,
        type -> {
          type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC);
          type.withSuperclass(Names.LOOP);
          type.withMethodBody(
              ConstantDescs.INIT_NAME,
              ConstantDescs.MTD_void,
              0,
              c -> c.aload(0).invokespecial(Names.LOOP, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).return_());
          type.withMethodBody("run", RUN, 0, c -> run(c, constants));
        });
  }

  private void run(CodeBuilder builder, Map<Code.Constant, Integer> constants) {
    b = builder;
    code = new Code(b, FIRST_FREE, constants);
    scalars = new ScalarRegisters(code);
    vectors = new VectorRegisters(code, floating);
    values = new Value[levels.values()];
    mask = -1;
    readNumbers();
    hoisted(-1);
    outer(0);
    b.return_();
  }

  private void readNumbers() {
    extents = new int[axes];
    for (int k = 0; k < axes; k++) {
      if (k == 0) {
        b.lload(TO).lload(FROM).lsub();
      } else {
        b.aload(NUMBERS).loadConstant(k).laload();
      }
      b.l2i();
      extents[k] = keepInt();
    }
    int count = nest.accesses().size();
    segments = new int[count];
    places = new int[count];
    strides = new int[count][axes];
    for (int a = 0; a < count; a++) {
      int first = axes + a * (axes + 1);
      b.aload(TABLE).aload(BUFFERS).loadConstant(a).iaload().aaload();
      segments[a] = code.slot(TypeKind.REFERENCE);
      b.astore(segments[a]);
      for (int k = 0; k < axes; k++) {
        if (stride(a, k) == Stride.ANY) {
          strides[a][k] = number(first + 1 + k);
        }
      }
      b.aload(NUMBERS).loadConstant(first).laload();
      if (axes > 0 && stride(a, 0) != Stride.NONE) {
        b.lload(FROM);
        timesStride(a, 0);
        b.ladd();
      }
      places[a] = keepLong();
    }
  }

  private int number(int index) {
    b.aload(NUMBERS).loadConstant(index).laload();
    return keepLong();
  }

  private int keepLong() {
    int slot = code.slot(TypeKind.LONG);
    b.lstore(slot);
    return slot;
  }

  private int keepInt() {
    int slot = code.slot(TypeKind.INT);
    b.istore(slot);
    return slot;
  }

  private Stride stride(int access, int axis) {
    return nest.accesses().get(access).strides().get(axis);
  }

  // ---- loops

  /** A new counter, 0. */
  private int counter() {
    b.iconst_0();
    return keepInt();
  }

  /** Writes {@code for (; i < upper; i += step) body}. */
  private void loop(int index, int upper, int step, Runnable body) {
    Label top = b.newLabel();
    Label end = b.newLabel();
    b.labelBinding(top);
    b.iload(index).iload(upper).if_icmpge(end);
    int mark = code.mark();
    int[] before = places;
    body.run();
    places = before;
    code.release(mark);
    b.iinc(index, step);
    b.goto_(top);
    b.labelBinding(end);
  }

  /** Keeps {@code lower + (upper − lower) / step · step}; {@code step} is a power of two. */
  private int keepLast(int lower, int upper, int step) {
    b.iload(lower).iload(upper).iload(lower).isub().loadConstant(-step).iand().iadd();
    return keepInt();
  }

  /** Moves the places of accesses along an axis to an index. */
  private void advance(int axis, int index, boolean[] used) {
    places = places.clone();
    for (int a = 0; a < places.length; a++) {
      if (used[a] && stride(a, axis) != Stride.NONE) {
        b.lload(places[a]).iload(index).i2l();
        timesStride(a, axis);
        b.ladd();
        places[a] = keepLong();
      }
    }
  }

  private void timesStride(int access, int axis) {
    if (stride(access, axis) == Stride.ANY) {
      b.lload(strides[access][axis]).lmul();
      return;
    }
    int shift = Integer.numberOfTrailingZeros(nest.accesses().get(access).type().bytes());
    if (shift != 0) {
      b.loadConstant(shift).lshl();
    }
  }

  private void outer(int axis) {
    if (axis == nest.outer()) {
      stages();
      return;
    }
    boolean[] all = new boolean[places.length];
    Arrays.fill(all, true);
    int mark = code.mark();
    int index = counter();
    int upper = extents[axis];
    if (vector == Vectorized.OUTER && axis == nest.outer() - 1) {
      alongLanes(
          index,
          upper,
          () -> {
            advance(axis, index, all);
            outer(axis + 1);
          });
    } else {
      loop(
          index,
          upper,
          1,
          () -> {
            advance(axis, index, all);
            if (axis < nest.outer() - 1) {
              hoisted(axis);
            }
            outer(axis + 1);
          });
    }
    code.release(mark);
  }

  /** Full vectors, then one masked step for the rest. */
  private void alongLanes(int index, int upper, Runnable body) {
    int last = keepLast(index, upper, lanes);
    loop(index, last, lanes, body);
    Label end = b.newLabel();
    b.iload(index).iload(upper).if_icmpge(end);
    int mark = code.mark();
    int[] before = places;
    beginMask(index, upper);
    body.run();
    endMask();
    places = before;
    code.release(mark);
    b.labelBinding(end);
  }

  private void beginMask(int index, int upper) {
    b.iload(upper).iload(index).isub();
    maskCount = keepInt();
    code.species(floating);
    b.lconst_1().iload(maskCount).lshl().lconst_1().lsub();
    b.invokestatic(
        Names.MASK, "fromLong", MethodTypeDesc.of(Names.MASK, Names.SPECIES, ConstantDescs.CD_long));
    mask = vectors.keep(BOOL).slot();
  }

  private void endMask() {
    mask = -1;
  }

  // ---- stages

  /** The steps of all stages that depend on no axis after this one, and on no fold. */
  private void hoisted(int level) {
    if (level >= nest.outer() - 1) {
      return;
    }
    int value = 0;
    for (Stage stage : nest.stages()) {
      boolean each = stage instanceof Each;
      for (Step step : stage.steps()) {
        if (levels.of(value) == level) {
          values[value] = step(step, registers(each));
        }
        value++;
      }
      value += stage instanceof Each loop ? loop.folds().size() : 0;
    }
  }

  private Registers registers(boolean each) {
    return switch (vector) {
      case NONE -> scalars;
      case INNER -> each ? vectors : scalars;
      case OUTER -> vectors;
    };
  }

  private void stages() {
    int first = 0;
    for (Stage stage : nest.stages()) {
      switch (stage) {
        case Once once -> once(once, first);
        case Each each -> each(each, first);
      }
      first += stage.steps().size() + (stage instanceof Each each ? each.folds().size() : 0);
    }
  }

  private void once(Once stage, int first) {
    steps(stage.steps(), first, nest.outer() - 1, registers(false));
    for (Store store : stage.stores()) {
      store(store, registers(false));
    }
  }

  private void steps(List<Step> steps, int first, int level, Registers registers) {
    for (int i = 0; i < steps.size(); i++) {
      if (levels.of(first + i) == level) {
        values[first + i] = step(steps.get(i), registers);
      }
    }
  }

  /** An Each stage while it is written. */
  private final class Body {
    final Each stage;
    final int first;
    final Registers registers;
    final boolean[] used;
    final int running;
    final Value[][] partial;
    final Value[] carried;
    final Value[] lost;
    final boolean blocked;
    int since;

    Body(Each stage, int first) {
      this.stage = stage;
      this.first = first;
      registers = registers(true);
      used = levels.accesses(stage);
      running = running(stage, first);
      partial = new Value[stage.folds().size()][running];
      carried = new Value[stage.folds().size()];
      lost = new Value[stage.folds().size()];
      blocked = stage.folds().stream().anyMatch(NestWriter::isCarried);
    }
  }

  private static boolean isCarried(Fold fold) {
    return fold.op() instanceof Sum && fold.type() == F32;
  }

  private int running(Each stage, int first) {
    if (stage.folds().isEmpty() || nest.inner() == 0) {
      return 1;
    }
    int applied = 0;
    for (int i = 0; i < stage.steps().size(); i++) {
      if (levels.of(first + i) == axes - 1 && stage.steps().get(i) instanceof Apply apply) {
        applied += Levels.isCostly(apply.op()) ? 2 * SHORT_BODY : 1;
      }
    }
    return applied <= SHORT_BODY ? unroll : 1;
  }

  private void each(Each stage, int first) {
    if (nest.inner() == 0) {
      throw new IllegalArgumentException("[emit] an Each stage needs an inner axis");
    }
    Body body = new Body(stage, first);
    Value[] before = values.clone();
    steps(stage.steps(), first, nest.outer() - 1, body.registers);
    if (body.registers == vectors) {
      for (int v : levels.usedScalars(stage, first)) {
        values[v] = vectors.widen(values[v]);
      }
    }
    begin(body);
    innerLoop(body, nest.outer());
    values = before;
    end(body);
  }

  private void innerLoop(Body body, int axis) {
    int mark = code.mark();
    int index = counter();
    int upper = extents[axis];
    if (axis < axes - 1) {
      loop(
          index,
          upper,
          1,
          () -> {
            advance(axis, index, body.used);
            steps(body.stage.steps(), body.first, axis, body.registers);
            innerLoop(body, axis + 1);
          });
    } else if (body.blocked) {
      int blockEnd = code.slot(TypeKind.INT);
      Label top = b.newLabel();
      Label done = b.newLabel();
      b.labelBinding(top);
      b.iload(index).iload(upper).if_icmpge(done);
      // The smaller of the next block's begin and the end, safe from overflow.
      b.iload(index).iload(upper).iload(index).isub().loadConstant(block());
      b.invokestatic(
          Names.MATH, "min", MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int));
      b.iadd().istore(blockEnd);
      b.iload(body.since).iload(blockEnd).iadd().iload(index).isub().istore(body.since);
      innermost(body, axis, index, blockEnd);
      Label next = b.newLabel();
      b.iload(body.since).loadConstant(block()).if_icmplt(next);
      carry(body);
      b.iconst_0().istore(body.since);
      b.labelBinding(next);
      b.iload(blockEnd).istore(index);
      b.goto_(top);
      b.labelBinding(done);
    } else {
      innermost(body, axis, index, upper);
    }
    code.release(mark);
  }

  private void innermost(Body body, int axis, int index, int upper) {
    boolean along = vector == Vectorized.INNER;
    int width = along ? lanes : 1;
    int mark = code.mark();
    if (body.running > 1) {
      int last = keepLast(index, upper, width * body.running);
      loop(
          index,
          last,
          width * body.running,
          () -> {
            advance(axis, index, body.used);
            for (int u = 0; u < body.running; u++) {
              if (u > 0) {
                next(axis, width, body.used);
              }
              element(body, axis, u);
            }
          });
    }
    Runnable one =
        () -> {
          advance(axis, index, body.used);
          element(body, axis, 0);
        };
    if (along) {
      alongLanes(index, upper, one);
    } else {
      loop(index, upper, 1, one);
    }
    code.release(mark);
  }

  /** Moves places by so many elements along an axis. */
  private void next(int axis, int elements, boolean[] used) {
    places = places.clone();
    for (int a = 0; a < places.length; a++) {
      if (used[a] && stride(a, axis) != Stride.NONE) {
        b.lload(places[a]);
        if (stride(a, axis) == Stride.ANY) {
          b.lload(strides[a][axis]);
        } else {
          b.loadConstant((long) elements * nest.accesses().get(a).type().bytes());
        }
        b.ladd();
        places[a] = keepLong();
      }
    }
  }

  private void element(Body body, int axis, int u) {
    int mark = code.mark();
    steps(body.stage.steps(), body.first, axis, body.registers);
    for (Store store : body.stage.stores()) {
      store(store, body.registers);
    }
    for (int f = 0; f < body.partial.length; f++) {
      Fold fold = body.stage.folds().get(f);
      Value x = values[fold.value()];
      Registers.check(x.type() == fold.type(), "a fold to " + fold.type(), x);
      if (mask >= 0 && vector == Vectorized.INNER) {
        x = vectors.select(Value.vector(BOOL, mask), x, Value.constant(fold.type(), fold.op().start()));
      }
      assign(body.partial[f][u], fold.op().combine(body.registers, body.partial[f][u], x), body.registers);
    }
    code.release(mark);
  }

  // ---- folds

  private void begin(Body body) {
    for (int f = 0; f < body.partial.length; f++) {
      Fold fold = body.stage.folds().get(f);
      for (int u = 0; u < body.running; u++) {
        body.partial[f][u] = start(fold, body.registers);
      }
      if (isCarried(fold)) {
        body.carried[f] = start(fold, body.registers);
        body.lost[f] = start(fold, body.registers);
      }
    }
    if (body.blocked) {
      body.since = counter();
    }
  }

  private Value start(Fold fold, Registers registers) {
    registers.push(Value.constant(fold.type(), fold.op().start()));
    return keep(fold.type(), registers);
  }

  private Value keep(DType type, Registers registers) {
    return registers == vectors ? vectors.keep(type) : scalars.keep(type);
  }

  private void assign(Value target, Value x, Registers registers) {
    registers.push(x);
    if (target.vector()) {
      b.astore(target.slot());
    } else {
      b.storeLocal(Code.kindOf(target.type()), target.slot());
    }
  }

  private int block() {
    return vector == Vectorized.INNER ? BLOCK * lanes : BLOCK;
  }

  /** Moves the running sums to the second level and begins anew. */
  private void carry(Body body) {
    int mark = code.mark();
    Registers k = body.registers;
    for (int f = 0; f < body.partial.length; f++) {
      Fold fold = body.stage.folds().get(f);
      if (isCarried(fold)) {
        Value block = together(fold, body, f);
        Value before = body.carried[f];
        Value total = k.add(before, block);
        Value added = k.subtract(total, before);
        Value lost = k.add(k.subtract(before, k.subtract(total, added)), k.subtract(block, added));
        assign(body.lost[f], k.add(body.lost[f], lost), k);
        assign(before, total, k);
        for (Value running : body.partial[f]) {
          assign(running, Value.constant(fold.type(), fold.op().start()), k);
        }
      }
    }
    code.release(mark);
  }

  /** The running values combined as a balanced tree. */
  private Value together(Fold fold, Body body, int f) {
    Value[] level = body.partial[f];
    while (level.length > 1) {
      Value[] half = new Value[level.length / 2];
      for (int i = 0; i < half.length; i++) {
        half[i] = fold.op().combine(body.registers, level[2 * i], level[2 * i + 1]);
      }
      level = half;
    }
    return level[0];
  }

  private void end(Body body) {
    for (int f = 0; f < body.partial.length; f++) {
      Fold fold = body.stage.folds().get(f);
      Value total = together(fold, body, f);
      if (isCarried(fold)) {
        // Infinite sums leave NaN for what is lost.
        Registers k = body.registers;
        Value all = k.add(body.carried[f], total);
        total = k.select(k.equal(body.lost[f], body.lost[f]), k.add(all, body.lost[f]), all);
      }
      if (vector == Vectorized.INNER) {
        total = acrossLanes(fold, total);
      }
      values[body.first + body.stage.steps().size() + f] = total;
    }
  }

  /** The lanes combined to a scalar: the upper half with the lower half, until one is left. */
  private Value acrossLanes(Fold fold, Value x) {
    DType type = fold.type();
    ClassDesc owner = Names.vectorOf(type);
    if (type.isFloating()) {
      for (int d = lanes / 2; d >= 1; d /= 2) {
        vectors.push(x);
        b.getstatic(Names.SIMD, type.name() + "_" + d, Names.SHUFFLE);
        b.invokevirtual(owner, "rearrange", MethodTypeDesc.of(owner, Names.SHUFFLE));
        x = fold.op().combine(vectors, x, vectors.keep(type));
      }
      vectors.push(x);
      b.iconst_0();
      b.invokevirtual(owner, "lane", MethodTypeDesc.of(Code.descOf(type), ConstantDescs.CD_int));
      return scalars.keep(type);
    }
    // Whole numbers: any order gives the same bits.
    vectors.push(x);
    b.getstatic(Names.OPERATORS, associative(fold.op()), Names.ASSOCIATIVE);
    b.invokevirtual(owner, "reduceLanes", MethodTypeDesc.of(Code.descOf(type), Names.ASSOCIATIVE));
    return scalars.keep(type);
  }

  private static String associative(Op.Reduction op) {
    return switch (op) {
      case Sum sum -> "ADD";
      case org.cajal.op.Product product -> "MUL";
      case org.cajal.op.Max max -> "MAX";
      case org.cajal.op.Min min -> "MIN";
    };
  }

  // ---- steps

  private Value step(Step step, Registers registers) {
    return switch (step) {
      case Immediate immediate -> Value.constant(immediate.type(), immediate.value());
      case Load load -> load(load, registers);
      case Apply apply -> {
        Value result = apply.op().lane(registers, apply.arguments().stream().map(i -> values[i]).toList());
        Registers.check(result.type() == apply.type(), apply.op().name() + " to " + apply.type(), result);
        yield result;
      }
    };
  }

  private int vectorAxis() {
    return vector == Vectorized.OUTER ? nest.outer() - 1 : axes - 1;
  }

  private Value load(Load load, Registers registers) {
    Access access = nest.accesses().get(load.access());
    DType type = access.type();
    if (type != load.type()) {
      throw new IllegalArgumentException("[emit] a load of " + type + " as " + load.type() + "; cast it");
    }
    if (registers == scalars) {
      return loadScalar(load.access(), type);
    }
    return switch (stride(load.access(), vectorAxis())) {
      case NONE -> vectors.widen(loadScalar(load.access(), type));
      case UNIT -> loadVector(load.access(), type);
      case ANY -> throw strided(load.access());
    };
  }

  private static IllegalArgumentException strided(int access) {
    return new IllegalArgumentException("[emit] access " + access + " has stride ANY along the vector axis");
  }

  private Value loadScalar(int access, DType type) {
    ClassDesc layout = Names.VALUE_LAYOUT.nested(layoutName(type));
    b.aload(segments[access]);
    b.getstatic(Names.LAYOUTS, type.name(), layout);
    b.lload(places[access]);
    b.invokeinterface(
        Names.SEGMENT, "get", MethodTypeDesc.of(Code.descOf(type), layout, ConstantDescs.CD_long));
    return scalars.keep(type);
  }

  private static String layoutName(DType type) {
    return switch (type) {
      case F32 -> "OfFloat";
      case F64 -> "OfDouble";
      case I32 -> "OfInt";
      case I64 -> "OfLong";
      case BOOL -> "OfByte";
    };
  }

  private void pushOrder() {
    b.getstatic(Names.BYTE_ORDER, "LITTLE_ENDIAN", Names.BYTE_ORDER);
  }

  private Value loadVector(int access, DType type) {
    if (type == BOOL) {
      return loadTruth(access);
    }
    ClassDesc owner = Names.vectorOf(type);
    code.species(type);
    b.aload(segments[access]).lload(places[access]);
    pushOrder();
    if (mask >= 0) {
      vectors.pushMask(Value.vector(BOOL, mask), type);
      b.invokestatic(
          owner,
          "fromMemorySegment",
          MethodTypeDesc.of(
              owner, Names.SPECIES, Names.SEGMENT, ConstantDescs.CD_long, Names.BYTE_ORDER, Names.MASK));
    } else {
      b.invokestatic(
          owner,
          "fromMemorySegment",
          MethodTypeDesc.of(owner, Names.SPECIES, Names.SEGMENT, ConstantDescs.CD_long, Names.BYTE_ORDER));
    }
    return vectors.keep(type);
  }

  private boolean hasByteVectors() {
    return lanes >= 8 && mask < 0;
  }

  private void pushBytes() {
    b.getstatic(Names.SIMD, floating == F32 ? "BYTES_4" : "BYTES_8", Names.SPECIES);
  }

  private Value loadTruth(int access) {
    code.species(floating);
    if (hasByteVectors()) {
      b.pop();
      pushBytes();
      b.aload(segments[access]).lload(places[access]);
      pushOrder();
      b.invokestatic(
          Names.BYTE_VECTOR,
          "fromMemorySegment",
          MethodTypeDesc.of(
              Names.BYTE_VECTOR, Names.SPECIES, Names.SEGMENT, ConstantDescs.CD_long, Names.BYTE_ORDER));
      b.getstatic(Names.OPERATORS, "NE", Names.COMPARISON).iconst_0();
      b.invokevirtual(
          Names.BYTE_VECTOR,
          "compare",
          MethodTypeDesc.of(Names.MASK, Names.COMPARISON, ConstantDescs.CD_byte));
      code.species(floating);
      b.invokevirtual(Names.MASK, "cast", MethodTypeDesc.of(Names.MASK, Names.SPECIES));
      return vectors.keep(BOOL);
    }
    b.aload(segments[access]).lload(places[access]);
    pushCount();
    b.invokestatic(
        Names.TRUTH,
        "load",
        MethodTypeDesc.of(ConstantDescs.CD_long, Names.SEGMENT, ConstantDescs.CD_long, ConstantDescs.CD_int));
    b.invokestatic(
        Names.MASK, "fromLong", MethodTypeDesc.of(Names.MASK, Names.SPECIES, ConstantDescs.CD_long));
    return vectors.keep(BOOL);
  }

  private void pushCount() {
    if (mask >= 0) {
      b.iload(maskCount);
    } else {
      b.loadConstant(lanes);
    }
  }

  private void store(Store store, Registers registers) {
    Value x = values[store.value()];
    DType type = nest.accesses().get(store.access()).type();
    Registers.check(x.type() == type, "a store to " + type, x);
    if (registers == scalars) {
      storeScalar(store.access(), x);
    } else if (stride(store.access(), vectorAxis()) != Stride.UNIT) {
      throw new IllegalArgumentException("[emit] store to access " + store.access() + " needs stride UNIT along lanes");
    } else if (type == BOOL) {
      storeTruth(store.access(), x);
    } else {
      storeVector(store.access(), x);
    }
  }

  private void storeScalar(int access, Value x) {
    ClassDesc layout = Names.VALUE_LAYOUT.nested(layoutName(x.type()));
    b.aload(segments[access]);
    b.getstatic(Names.LAYOUTS, x.type().name(), layout);
    b.lload(places[access]);
    scalars.push(x);
    b.invokeinterface(
        Names.SEGMENT,
        "set",
        MethodTypeDesc.of(ConstantDescs.CD_void, layout, ConstantDescs.CD_long, Code.descOf(x.type())));
  }

  private void storeVector(int access, Value x) {
    vectors.push(x);
    b.aload(segments[access]).lload(places[access]);
    pushOrder();
    if (mask >= 0) {
      vectors.pushMask(Value.vector(BOOL, mask), x.type());
      b.invokevirtual(
          Names.vectorOf(x.type()),
          "intoMemorySegment",
          MethodTypeDesc.of(
              ConstantDescs.CD_void, Names.SEGMENT, ConstantDescs.CD_long, Names.BYTE_ORDER, Names.MASK));
    } else {
      b.invokevirtual(
          Names.vectorOf(x.type()),
          "intoMemorySegment",
          MethodTypeDesc.of(ConstantDescs.CD_void, Names.SEGMENT, ConstantDescs.CD_long, Names.BYTE_ORDER));
    }
  }

  private void storeTruth(int access, Value x) {
    if (hasByteVectors()) {
      pushBytes();
      b.iconst_0();
      b.invokestatic(
          Names.BYTE_VECTOR,
          "broadcast",
          MethodTypeDesc.of(Names.BYTE_VECTOR, Names.SPECIES, ConstantDescs.CD_byte));
      b.iconst_1();
      vectors.push(x);
      pushBytes();
      b.invokevirtual(Names.MASK, "cast", MethodTypeDesc.of(Names.MASK, Names.SPECIES));
      b.invokevirtual(
          Names.BYTE_VECTOR,
          "blend",
          MethodTypeDesc.of(Names.BYTE_VECTOR, ConstantDescs.CD_byte, Names.MASK));
      b.aload(segments[access]).lload(places[access]);
      pushOrder();
      b.invokevirtual(
          Names.BYTE_VECTOR,
          "intoMemorySegment",
          MethodTypeDesc.of(ConstantDescs.CD_void, Names.SEGMENT, ConstantDescs.CD_long, Names.BYTE_ORDER));
      return;
    }
    b.aload(segments[access]).lload(places[access]);
    pushCount();
    vectors.push(x);
    b.invokevirtual(Names.MASK, "toLong", MethodTypeDesc.of(ConstantDescs.CD_long));
    b.invokestatic(
        Names.TRUTH,
        "store",
        MethodTypeDesc.of(
            ConstantDescs.CD_void,
            Names.SEGMENT,
            ConstantDescs.CD_long,
            ConstantDescs.CD_int,
            ConstantDescs.CD_long));
  }
}
