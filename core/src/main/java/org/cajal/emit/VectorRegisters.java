package org.cajal.emit;

import static org.cajal.type.DType.BOOL;
import static org.cajal.type.DType.F32;
import static org.cajal.type.DType.I32;

import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.cajal.type.DType;
import org.jspecify.annotations.Nullable;

/**
 * A vector of elements at a time. A truth value is a mask over the floating lanes of the nest's
 * width; where integers ask for one, it is cast, which costs nothing.
 */
final class VectorRegisters extends Registers {
  private final DType floating;

  /** The mask of the lanes that count, null where all do. */
  @Nullable Value active;

  /**
   * For vectors of one width.
   *
   * @param floating F32 or F64, whichever has the width
   */
  VectorRegisters(Code code, DType floating) {
    super(code);
    this.floating = floating;
  }

  /** The type over whose lanes masks lie. */
  DType floating() {
    return floating;
  }

  /** Pushes a vector; a scalar is repeated in all lanes. */
  @Override
  void push(Value x) {
    if (x.vector()) {
      b.aload(x.slot());
    } else if (x.type() == BOOL) {
      code.species(floating);
      if (x.isConstant()) {
        code.push(BOOL, x.constant());
      } else {
        b.iload(x.slot());
      }
      b.invokeinterface(
          Names.SPECIES, "maskAll", MethodTypeDesc.of(Names.MASK, ConstantDescs.CD_boolean));
    } else if (x.isConstant()) {
      b.aload(code.vector(x.type(), x.constant()));
    } else {
      code.species(x.type());
      b.loadLocal(Code.kindOf(x.type()), x.slot());
      ClassDesc vector = Names.vectorOf(x.type());
      b.invokestatic(
          vector, "broadcast", MethodTypeDesc.of(vector, Names.SPECIES, Code.descOf(x.type())));
    }
  }

  /** A scalar repeated in all lanes, as a value of its own. */
  Value widen(Value x) {
    if (x.vector() || x.isConstant()) {
      return x;
    }
    push(x);
    return keep(x.type());
  }

  /**
   * Chosen in all lanes before zeros, whose class the JVM knows: of a value that runs through a
   * loop it does not, and where it finds no profile, what is called on such a vector makes objects.
   */
  @Override
  Value known(Value running) {
    return running.vector() && running.type() != BOOL
        ? select(Value.constant(BOOL, 1), running, Value.constant(running.type(), 0))
        : running;
  }

  /** Keeps the vector on the stack. */
  Value keep(DType type) {
    code.weigh(Code.OPERATION);
    int slot = code.slot(TypeKind.REFERENCE);
    b.astore(slot);
    return Value.vector(type, slot);
  }

  /** The mask of so many first lanes, the number in a local variable. */
  Value firstLanes(int count) {
    code.species(floating);
    b.loadConstant(-1L).iload(count).ineg().lushr();
    b.invokestatic(
        Names.MASK,
        "fromLong",
        MethodTypeDesc.of(Names.MASK, Names.SPECIES, ConstantDescs.CD_long));
    return keep(BOOL);
  }

  /** The mask of the lanes that count, where there is one. */
  Value activeLanes() {
    return Objects.requireNonNull(active, "all lanes count");
  }

  /** Pushes the mask of the lanes that count for vectors of a type. */
  void pushActive(DType type) {
    pushMask(activeLanes(), type);
  }

  /** A value in the lanes that count, another one in those that are off. */
  Value onActive(Value x, Value off) {
    return active == null ? x : select(active, x, off);
  }

  /** Pushes a mask for vectors of a type. */
  void pushMask(Value mask, DType type) {
    push(mask);
    if (type != floating && type != BOOL) {
      code.species(type);
      b.invokevirtual(Names.MASK, "cast", MethodTypeDesc.of(Names.MASK, Names.SPECIES));
    }
  }

  /**
   * By the method that is named for the operation, whose one type profile all code of the process
   * shares, but for the two that few call: where the JVM finds no profile it makes an object of
   * each vector. These are called with their operator, so that the loop's own profile counts.
   */
  @Override
  Value same(Same operation, Value... x) {
    DType type = x[0].type();
    ClassDesc owner = Names.vectorOf(type);
    if (operation == Same.MINIMUM || operation == Same.MAXIMUM) {
      return extreme(operation == Same.MINIMUM ? "MIN" : "MAX", x[0], x[1]);
    }
    for (Value v : x) {
      push(v);
    }
    ClassDesc other = type == BOOL ? Names.MASK : Names.VECTOR;
    b.invokevirtual(
        owner,
        switch (operation) {
          case ADD -> "add";
          case SUBTRACT -> "sub";
          case MULTIPLY -> "mul";
          case DIVIDE -> "div";
          case NEGATE -> "neg";
          case ABSOLUTE -> "abs";
          case SQRT -> "sqrt";
          case AND -> "and";
          case OR -> "or";
          case MINIMUM, MAXIMUM -> throw new AssertionError(operation);
        },
        x.length == 1 ? MethodTypeDesc.of(owner) : MethodTypeDesc.of(owner, other));
    return keep(type);
  }

  /** The smaller or greater of two by the operator's name. */
  private Value extreme(String operator, Value x, Value y) {
    ClassDesc vector = Names.vectorOf(x.type());
    push(x);
    b.getstatic(Names.OPERATORS, operator, Names.ASSOCIATIVE);
    push(y);
    b.invokevirtual(vector, "lanewise", MethodTypeDesc.of(vector, Names.BINARY, Names.VECTOR));
    return keep(x.type());
  }

  @Override
  Value compare(Relation relation, Value x, Value y) {
    compare(
        switch (relation) {
          case LESS -> "LT";
          case LESS_OR_EQUAL -> "LE";
          case EQUAL -> "EQ";
        },
        x,
        y);
    return keep(BOOL);
  }

  private void compare(String name, Value x, Value y) {
    push(x);
    b.getstatic(Names.OPERATORS, name, Names.COMPARISON);
    push(y);
    b.invokevirtual(
        Names.vectorOf(x.type()),
        "compare",
        MethodTypeDesc.of(Names.MASK, Names.COMPARISON, Names.VECTOR));
    if (x.type() != floating) {
      code.species(floating);
      b.invokevirtual(Names.MASK, "cast", MethodTypeDesc.of(Names.MASK, Names.SPECIES));
    }
  }

  @Override
  Value equalTruth(Value x, Value y) {
    push(x);
    push(y);
    b.invokevirtual(Names.MASK, "eq", MethodTypeDesc.of(Names.MASK, Names.MASK));
    return keep(BOOL);
  }

  @Override
  public Value select(Value condition, Value x, Value y) {
    check(condition.type() == BOOL && x.type() == y.type(), "select", condition, x, y);
    if (x.type() == BOOL) {
      push(condition);
      push(x);
      b.invokevirtual(Names.MASK, "and", MethodTypeDesc.of(Names.MASK, Names.MASK));
      push(y);
      push(condition);
      b.invokevirtual(Names.MASK, "andNot", MethodTypeDesc.of(Names.MASK, Names.MASK));
      b.invokevirtual(Names.MASK, "or", MethodTypeDesc.of(Names.MASK, Names.MASK));
      return keep(BOOL);
    }
    push(y);
    push(x);
    pushMask(condition, x.type());
    ClassDesc vector = Names.vectorOf(x.type());
    b.invokevirtual(vector, "blend", MethodTypeDesc.of(vector, Names.VECTOR, Names.MASK));
    return keep(x.type());
  }

  @Override
  public Value cast(Value x, DType from, DType to) {
    check(x.type() == from, "cast from " + from, x);
    if (from == to) {
      return x;
    }
    if (from == BOOL) {
      return select(x, constant(to, 1), constant(to, 0));
    }
    if (to == BOOL) {
      compare("NE", x, constant(from, 0));
      return keep(BOOL);
    }
    push(x);
    b.getstatic(Names.OPERATORS, to == I32 ? "F2I" : "I2F", Names.CONVERSION);
    b.iconst_0();
    b.invokevirtual(
        Names.vectorOf(from),
        "convert",
        MethodTypeDesc.of(Names.VECTOR, Names.CONVERSION, ConstantDescs.CD_int));
    b.checkcast(Names.vectorOf(to));
    return keep(to);
  }

  @Override
  Value doublePrecision(String function, Value... x) {
    throw new IllegalStateException("no vectors for " + function + " in F64");
  }

  @Override
  public Value fma(Value x, Value y, Value z) {
    check(x.type() == F32 && y.type() == F32 && z.type() == F32, "fma", x, y, z);
    push(x);
    push(y);
    push(z);
    ClassDesc vector = Names.vectorOf(F32);
    b.invokevirtual(vector, "fma", MethodTypeDesc.of(vector, Names.VECTOR, Names.VECTOR));
    return keep(F32);
  }

  @Override
  public Value bits(Value x) {
    check(x.type() == F32, "bits", x);
    push(x);
    b.invokevirtual(
        Names.vectorOf(F32), "reinterpretAsInts", MethodTypeDesc.of(Names.vectorOf(I32)));
    return keep(I32);
  }

  @Override
  public Value real(Value bits) {
    check(bits.type() == I32, "real", bits);
    push(bits);
    b.invokevirtual(
        Names.vectorOf(I32), "reinterpretAsFloats", MethodTypeDesc.of(Names.vectorOf(F32)));
    return keep(F32);
  }

  @Override
  public Value shiftLeft(Value x, int by) {
    return shift("LSHL", x, by);
  }

  @Override
  public Value shiftRight(Value x, int by) {
    return shift("ASHR", x, by);
  }

  private Value shift(String operator, Value x, int by) {
    check(x.type() == I32, "shift", x);
    push(x);
    b.getstatic(Names.OPERATORS, operator, Names.BINARY);
    b.loadConstant(by);
    ClassDesc vector = Names.vectorOf(I32);
    b.invokevirtual(
        vector, "lanewise", MethodTypeDesc.of(vector, Names.BINARY, ConstantDescs.CD_int));
    return keep(I32);
  }

  /**
   * The way out goes through arrays on the heap; a method that never takes it allocates nothing.
   */
  @Override
  public Value rarely(Value condition, Value common, Rare function, List<Value> x) {
    push(common);
    Value result = keep(F32);
    push(condition);
    if (active != null) {
      push(active);
      b.invokevirtual(Names.MASK, "and", MethodTypeDesc.of(Names.MASK, Names.MASK));
    }
    b.invokevirtual(Names.MASK, "anyTrue", MethodTypeDesc.of(ConstantDescs.CD_boolean));
    code.ifNotZero(() -> replace(condition, common, function, x, result));
    return result;
  }

  private void replace(Value condition, Value common, Rare function, List<Value> x, Value result) {
    ClassDesc vector = Names.vectorOf(F32);
    ClassDesc array = ConstantDescs.CD_float.arrayType();
    List<Integer> arrays = new ArrayList<>();
    for (Value v : x) {
      push(v);
      b.invokevirtual(vector, "toArray", MethodTypeDesc.of(array));
      int slot = code.slot(TypeKind.REFERENCE);
      b.astore(slot);
      arrays.add(slot);
    }
    for (int slot : arrays) {
      b.aload(slot);
    }
    b.invokestatic(
        Names.RARE,
        function.name().toLowerCase(Locale.ROOT),
        MethodTypeDesc.of(ConstantDescs.CD_void, arrays.stream().map(slot -> array).toList()));
    push(common);
    code.species(F32);
    b.aload(arrays.getFirst()).iconst_0();
    b.invokestatic(
        vector, "fromArray", MethodTypeDesc.of(vector, Names.SPECIES, array, ConstantDescs.CD_int));
    push(condition);
    b.invokevirtual(vector, "blend", MethodTypeDesc.of(vector, Names.VECTOR, Names.MASK));
    b.astore(result.slot());
  }
}
