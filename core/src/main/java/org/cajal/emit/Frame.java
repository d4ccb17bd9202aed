package org.cajal.emit;

import static org.cajal.type.DType.BOOL;
import static org.cajal.type.DType.F32;
import static org.cajal.type.DType.I64;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.cajal.loop.Nest.Access;
import org.cajal.loop.Nest.Apply;
import org.cajal.loop.Nest.Immediate;
import org.cajal.loop.Nest.Load;
import org.cajal.loop.Nest.Step;
import org.cajal.loop.Nest.Store;
import org.cajal.loop.Nest.Stride;
import org.cajal.loop.Nest.Vectorized;
import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/**
 * One method while it is written: where accesses stand, the values so far, and the writing of
 * loops, steps, reads and stores.
 */
final class Frame {
  // The first arguments of all methods.
  static final int TABLE = 1;
  static final int BUFFERS = 2;
  static final int NUMBERS = 3;

  /** There are no byte vectors of fewer lanes. */
  private static final int BYTES_OF_LEAST_VECTOR = 8;

  private static final ClassDesc[] READ = {
    Names.SPECIES, Names.SEGMENT, ConstantDescs.CD_long, Names.BYTE_ORDER
  };
  private static final ClassDesc[] READ_MASKED = {
    Names.SPECIES, Names.SEGMENT, ConstantDescs.CD_long, Names.BYTE_ORDER, Names.MASK
  };
  private static final MethodTypeDesc WRITE =
      MethodTypeDesc.of(
          ConstantDescs.CD_void, Names.SEGMENT, ConstantDescs.CD_long, Names.BYTE_ORDER);
  private static final MethodTypeDesc WRITE_MASKED =
      MethodTypeDesc.of(
          ConstantDescs.CD_void,
          Names.SEGMENT,
          ConstantDescs.CD_long,
          Names.BYTE_ORDER,
          Names.MASK);

  final Plan plan;
  final CodeBuilder b;
  final Code code;
  final ScalarRegisters scalars;
  final VectorRegisters vectors;

  /** The values of steps and folds, by number, of the vector at hand. */
  Value[] values;

  /** Locals with the extents of axes. */
  final int[] extents;

  /** Locals with the byte offsets at which accesses stand. */
  int[] places;

  private @Nullable Value mask;

  private final Value[][] side;
  private final int[] segments;

  /** The local with the segment of each buffer. */
  private final Map<Integer, Integer> bufferSlots = new HashMap<>();

  private final int[][] strides;

  /**
   * Begins a method.
   *
   * @param firstFree the first local variable after its arguments
   * @param constants the vectors of constants that an earlier writing found
   */
  Frame(Plan plan, CodeBuilder b, int firstFree, Map<Code.Constant, Integer> constants) {
    this.plan = plan;
    this.b = b;
    code = new Code(b, firstFree, constants);
    scalars = new ScalarRegisters(code);
    vectors = new VectorRegisters(code, plan.floating());
    side = new Value[plan.abreast()][plan.levels().values()];
    values = side[0];
    int count = plan.nest().accesses().size();
    extents = new int[plan.axes()];
    places = new int[count];
    segments = new int[count];
    strides = new int[count][plan.axes()];
  }

  // ---- arguments

  /** Reads the extent of an axis. */
  void readExtent(int axis) {
    b.aload(NUMBERS).loadConstant(axis).laload().l2i();
    extents[axis] = keepInt();
  }

  /** Reads the segment of an access and its strides from an axis on. */
  void readAccess(int access, int axis) {
    segments[access] = bufferSlots.computeIfAbsent(plan.buffers().get(access), _ -> buffer(access));
    for (int k = axis; k < plan.axes(); k++) {
      if (stride(access, k) == Stride.ANY) {
        b.aload(NUMBERS).loadConstant(firstNumber(access) + 1 + k).laload();
        strides[access][k] = keepLong();
      }
    }
  }

  private int buffer(int access) {
    b.aload(TABLE).aload(BUFFERS).loadConstant(access).iaload().aaload();
    int slot = code.slot(TypeKind.REFERENCE);
    b.astore(slot);
    return slot;
  }

  /** Reads where an access begins, moved along axis 0 to the index in a long local. */
  void readPlace(int access, int from) {
    b.aload(NUMBERS).loadConstant(firstNumber(access)).laload();
    if (plan.axes() > 0 && stride(access, 0) != Stride.NONE) {
      b.lload(from);
      timesStride(access, 0);
      b.ladd();
    }
    places[access] = keepLong();
  }

  private int firstNumber(int access) {
    return plan.axes() + access * (plan.axes() + 1);
  }

  int keepLong() {
    int slot = code.slot(TypeKind.LONG);
    b.lstore(slot);
    return slot;
  }

  int keepInt() {
    int slot = code.slot(TypeKind.INT);
    b.istore(slot);
    return slot;
  }

  Stride stride(int access, int axis) {
    return plan.nest().accesses().get(access).strides().get(axis);
  }

  // ---- loops

  /** A new counter, 0. */
  int counter() {
    b.iconst_0();
    return keepInt();
  }

  /** A new counter that begins where another local stands. */
  int counterFrom(int local) {
    b.iload(local);
    return keepInt();
  }

  /** Writes {@code for (; index < upper; index += step) body}. */
  void loop(int index, int upper, int step, Runnable body) {
    Label top = b.newLabel();
    Label end = b.newLabel();
    b.labelBinding(top);
    b.iload(index).iload(upper).if_icmpge(end);
    scoped(body);
    b.iinc(index, step);
    b.goto_(top);
    b.labelBinding(end);
  }

  /** Writes a loop over blocks; the body gets the local with the end of its block. */
  void blocks(int index, int upper, int size, IntConsumer body) {
    Label top = b.newLabel();
    Label end = b.newLabel();
    int high = code.slot(TypeKind.INT);
    b.labelBinding(top);
    b.iload(index).iload(upper).if_icmpge(end);
    // index + min(upper − index, size), which does not overflow.
    b.iload(index).iload(upper).iload(index).isub().loadConstant(size);
    b.invokestatic(
        Names.MATH,
        "min",
        MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int));
    b.iadd().istore(high);
    scoped(() -> body.accept(high));
    b.iload(high).istore(index);
    b.goto_(top);
    b.labelBinding(end);
  }

  /** Writes what moves places and makes locals of its own, which end with it. */
  private void scoped(Runnable body) {
    int mark = code.mark();
    int[] before = places;
    body.run();
    places = before;
    code.release(mark);
  }

  /** Keeps {@code lower + (upper − lower) / step · step}; {@code step} is a power of two. */
  int keepLast(int lower, int upper, int step) {
    b.iload(lower).iload(upper).iload(lower).isub().loadConstant(-step).iand().iadd();
    return keepInt();
  }

  /** Writes what is done if a local is less than another. */
  void ifLess(int lower, int upper, Runnable body) {
    Label end = b.newLabel();
    b.iload(lower).iload(upper).if_icmpge(end);
    scoped(body);
    b.labelBinding(end);
  }

  /** Writes what is done in the lanes from a local to another that is less than a vector away. */
  void masked(int index, int upper, Runnable body) {
    b.iload(upper).iload(index).isub();
    makeMask();
    mask(true);
    body.run();
    mask(false);
  }

  /** Keeps the mask of so many first lanes, the number on the stack. */
  void makeMask() {
    mask = vectors.firstLanes(keepInt());
  }

  /** Whether only the lanes of the mask count from now on, or all. */
  void mask(boolean on) {
    vectors.active = on ? mask : null;
  }

  /** Moves accesses by those of their offsets that are the same for all indices. */
  void applyFixedOffsets(boolean[] used) {
    applyOffsets(-1, used);
  }

  /** Moves accesses by their offsets where these stand at the last axis along which they move. */
  private void applyOffsets(int axis, boolean[] used) {
    for (int a = 0; a < places.length; a++) {
      Access access = plan.nest().accesses().get(a);
      if (used[a]
          && access.hasOffsets()
          && Levels.lastAxis(plan.nest(), access.offsets()) == axis) {
        Value offset = loadScalar(access.offsets(), I64);
        b.lload(places[a]);
        scalars.push(offset);
        b.ladd();
        places[a] = keepLong();
      }
    }
  }

  /** Moves the places of accesses along an axis to an index. */
  void advance(int axis, int index, boolean[] used) {
    places = places.clone();
    for (int a = 0; a < places.length; a++) {
      if (used[a] && stride(a, axis) != Stride.NONE) {
        b.lload(places[a]).iload(index).i2l();
        timesStride(a, axis);
        b.ladd();
        places[a] = keepLong();
      }
    }
    applyOffsets(axis, used);
  }

  /**
   * Moves the places of accesses along an axis by so many elements, 1 where the stride is a number.
   */
  void advanceBy(int axis, int elements, boolean[] used) {
    places = places.clone();
    for (int a = 0; a < places.length; a++) {
      if (used[a] && stride(a, axis) != Stride.NONE) {
        b.lload(places[a]);
        if (stride(a, axis) == Stride.ANY) {
          b.lload(strides[a][axis]);
        } else {
          b.loadConstant((long) elements * plan.nest().accesses().get(a).type().bytes());
        }
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
    int shift = Integer.numberOfTrailingZeros(plan.nest().accesses().get(access).type().bytes());
    if (shift != 0) {
      b.loadConstant(shift).lshl();
    }
  }

  // ---- steps

  /** Writes those of a stage's steps that are of a level. */
  void steps(List<Step> steps, int first, int level, Registers registers) {
    for (int i = 0; i < steps.size(); i++) {
      if (plan.levels().of(first + i) == level) {
        values[first + i] = step(steps.get(i), registers);
      }
    }
  }

  Value step(Step step, Registers registers) {
    return switch (step) {
      case Immediate immediate -> Value.constant(immediate.type(), immediate.value());
      case Load load -> load(load, registers);
      case Apply apply -> {
        Value result =
            apply.op().lane(registers, apply.arguments().stream().map(i -> values[i]).toList());
        Registers.check(
            result.type() == apply.type(), apply.op().name() + " to " + apply.type(), result);
        yield result;
      }
    };
  }

  private int vectorAxis() {
    return plan.vector() == Vectorized.OUTER ? plan.nest().outer() - 1 : plan.axes() - 1;
  }

  Value load(Load load, Registers registers) {
    Access access = plan.nest().accesses().get(load.access());
    DType type = access.type();
    if (type != load.type()) {
      throw new IllegalArgumentException(
          "[emit] a load of " + type + " as " + load.type() + "; cast it");
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
    return new IllegalArgumentException(
        "[emit] access " + access + " has stride ANY along the vector axis");
  }

  private Value loadScalar(int access, DType type) {
    weighScalar();
    ClassDesc layout = Names.VALUE_LAYOUT.nested(layoutName(type));
    b.aload(segments[access]);
    b.getstatic(Names.LAYOUTS, type.name(), layout);
    b.lload(places[access]);
    b.invokeinterface(
        Names.SEGMENT, "get", MethodTypeDesc.of(Code.descOf(type), layout, ConstantDescs.CD_long));
    return scalars.keep(type);
  }

  /** Methods without vectors take few registers for anything else. */
  private void weighScalar() {
    if (plan.vector() != Vectorized.NONE) {
      code.weigh(Code.SCALAR_ACCESS);
    }
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

  /** Writes something for each of the vectors that are abreast; where all stand at the first. */
  void abreast(boolean[] used, IntConsumer body) {
    int[] first = places;
    for (int v = 0; v < side.length; v++) {
      places = first;
      if (v > 0) {
        advanceBy(vectorAxis(), v * plan.lanes(), used);
      }
      values = side[v];
      body.accept(v);
    }
    places = first;
    values = side[0];
  }

  /** The values of all vectors abreast, to be restored. */
  Value[][] saved() {
    Value[][] saved = new Value[side.length][];
    for (int v = 0; v < saved.length; v++) {
      saved[v] = side[v].clone();
    }
    return saved;
  }

  /** Goes back to saved values. */
  void restore(Value[][] saved) {
    for (int v = 0; v < side.length; v++) {
      System.arraycopy(saved[v], 0, side[v], 0, side[v].length);
    }
  }

  /** Gives all vectors abreast the values of the first. */
  void spread() {
    for (Value[] other : side) {
      System.arraycopy(side[0], 0, other, 0, other.length);
    }
  }

  /** Sets a value of one of the vectors abreast. */
  void set(int vector, int number, Value value) {
    side[vector][number] = value;
  }

  private void pushOrder() {
    b.getstatic(Names.BYTE_ORDER, "LITTLE_ENDIAN", Names.BYTE_ORDER);
  }

  /** Reads a vector whose species is on the stack, in the lanes that count. */
  private void read(ClassDesc owner, int access, Runnable pushMask) {
    b.aload(segments[access]).lload(places[access]);
    pushOrder();
    if (vectors.active == null) {
      code.weigh(Code.ACCESS);
      b.invokestatic(owner, "fromMemorySegment", MethodTypeDesc.of(owner, READ));
    } else {
      code.weigh(Code.MASKED_READ);
      pushMask.run();
      b.invokestatic(owner, "fromMemorySegment", MethodTypeDesc.of(owner, READ_MASKED));
    }
  }

  /** Stores the vector on the stack, in the lanes that count. */
  private void write(ClassDesc owner, int access, Runnable pushMask) {
    b.aload(segments[access]).lload(places[access]);
    pushOrder();
    if (vectors.active == null) {
      code.weigh(Code.ACCESS);
      b.invokevirtual(owner, "intoMemorySegment", WRITE);
    } else {
      code.weigh(Code.MASKED_STORE);
      pushMask.run();
      b.invokevirtual(owner, "intoMemorySegment", WRITE_MASKED);
    }
  }

  private Value loadVector(int access, DType type) {
    if (type == BOOL) {
      return loadTruth(access);
    }
    code.species(type);
    read(Names.vectorOf(type), access, () -> vectors.pushActive(type));
    return vectors.keep(type);
  }

  private boolean hasByteVectors() {
    return plan.lanes() >= BYTES_OF_LEAST_VECTOR;
  }

  private void pushBytes() {
    b.getstatic(Names.SIMD, plan.floating() == F32 ? "BYTES_4" : "BYTES_8", Names.SPECIES);
  }

  /** Pushes a mask for vectors of bytes. */
  private void pushByteMask(Value mask) {
    vectors.push(mask);
    pushBytes();
    b.invokevirtual(Names.MASK, "cast", MethodTypeDesc.of(Names.MASK, Names.SPECIES));
  }

  private Value loadTruth(int access) {
    code.weigh(Code.TRUTH);
    if (hasByteVectors()) {
      pushBytes();
      read(Names.BYTE_VECTOR, access, () -> pushByteMask(vectors.activeLanes()));
      b.getstatic(Names.OPERATORS, "NE", Names.COMPARISON).iconst_0();
      b.invokevirtual(
          Names.BYTE_VECTOR,
          "compare",
          MethodTypeDesc.of(Names.MASK, Names.COMPARISON, ConstantDescs.CD_byte));
      code.species(plan.floating());
      b.invokevirtual(Names.MASK, "cast", MethodTypeDesc.of(Names.MASK, Names.SPECIES));
      return vectors.keep(BOOL);
    }
    code.weigh(Code.ACCESS);
    code.species(plan.floating());
    b.aload(segments[access]).lload(places[access]);
    b.loadConstant(plan.lanes());
    b.invokestatic(
        Names.TRUTH,
        "load",
        MethodTypeDesc.of(
            ConstantDescs.CD_long, Names.SEGMENT, ConstantDescs.CD_long, ConstantDescs.CD_int));
    b.invokestatic(
        Names.MASK,
        "fromLong",
        MethodTypeDesc.of(Names.MASK, Names.SPECIES, ConstantDescs.CD_long));
    return vectors.keep(BOOL);
  }

  void store(Store store, Registers registers) {
    Value x = values[store.value()];
    DType type = plan.nest().accesses().get(store.access()).type();
    Registers.check(x.type() == type, "a store to " + type, x);
    if (registers == scalars) {
      storeScalar(store.access(), x);
    } else if (stride(store.access(), vectorAxis()) != Stride.UNIT) {
      throw new IllegalArgumentException(
          "[emit] store to access " + store.access() + " needs stride UNIT along lanes");
    } else if (type == BOOL) {
      storeTruth(store.access(), x);
    } else {
      vectors.push(x);
      write(Names.vectorOf(type), store.access(), () -> vectors.pushActive(type));
    }
  }

  private void storeScalar(int access, Value x) {
    weighScalar();
    ClassDesc layout = Names.VALUE_LAYOUT.nested(layoutName(x.type()));
    b.aload(segments[access]);
    b.getstatic(Names.LAYOUTS, x.type().name(), layout);
    b.lload(places[access]);
    scalars.push(x);
    b.invokeinterface(
        Names.SEGMENT,
        "set",
        MethodTypeDesc.of(
            ConstantDescs.CD_void, layout, ConstantDescs.CD_long, Code.descOf(x.type())));
  }

  private void storeTruth(int access, Value x) {
    code.weigh(Code.TRUTH);
    if (hasByteVectors()) {
      pushBytes();
      b.iconst_0();
      b.invokestatic(
          Names.BYTE_VECTOR,
          "broadcast",
          MethodTypeDesc.of(Names.BYTE_VECTOR, Names.SPECIES, ConstantDescs.CD_byte));
      b.iconst_1();
      pushByteMask(x);
      b.invokevirtual(
          Names.BYTE_VECTOR,
          "blend",
          MethodTypeDesc.of(Names.BYTE_VECTOR, ConstantDescs.CD_byte, Names.MASK));
      write(Names.BYTE_VECTOR, access, () -> pushByteMask(vectors.activeLanes()));
      return;
    }
    code.weigh(Code.ACCESS);
    b.aload(segments[access]).lload(places[access]);
    b.loadConstant(plan.lanes());
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
