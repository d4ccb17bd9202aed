package org.cajal.emit;

import static org.cajal.type.DType.BOOL;
import static org.cajal.type.DType.F32;
import static org.cajal.type.DType.I32;

import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.cajal.type.DType;

/** One element at a time. A truth value is an int, 0 or 1. */
final class ScalarRegisters extends Registers {
  ScalarRegisters(Code code) {
    super(code);
  }

  @Override
  void push(Value x) {
    check(!x.vector(), "scalar code", x);
    if (x.isConstant()) {
      code.push(x.type(), x.constant());
    } else {
      b.loadLocal(Code.kindOf(x.type()), x.slot());
    }
  }

  /** Keeps the value on the stack. */
  Value keep(DType type) {
    TypeKind kind = Code.kindOf(type);
    int slot = code.slot(kind);
    b.storeLocal(kind, slot);
    return Value.scalar(type, slot);
  }

  @Override
  Value same(Same operation, Value... x) {
    DType type = x[0].type();
    TypeKind kind = Code.kindOf(type);
    for (Value v : x) {
      push(v);
    }
    switch (operation) {
      case ADD -> arithmetic(kind, Opcode.IADD, Opcode.LADD, Opcode.FADD, Opcode.DADD);
      case SUBTRACT -> arithmetic(kind, Opcode.ISUB, Opcode.LSUB, Opcode.FSUB, Opcode.DSUB);
      case MULTIPLY -> arithmetic(kind, Opcode.IMUL, Opcode.LMUL, Opcode.FMUL, Opcode.DMUL);
      case DIVIDE -> arithmetic(kind, Opcode.IDIV, Opcode.LDIV, Opcode.FDIV, Opcode.DDIV);
      case NEGATE -> arithmetic(kind, Opcode.INEG, Opcode.LNEG, Opcode.FNEG, Opcode.DNEG);
      case AND -> b.iand();
      case OR -> b.ior();
      case MINIMUM -> math("min", type, 2);
      case MAXIMUM -> math("max", type, 2);
      case ABSOLUTE -> math("abs", type, 1);
      case SQRT -> {
        if (type == F32) {
          // The root of a float in double precision, rounded, is the rounded root.
          b.f2d();
          math("sqrt", DType.F64, 1);
          b.d2f();
        } else {
          math("sqrt", DType.F64, 1);
        }
      }
    }
    return keep(type);
  }

  private void arithmetic(TypeKind kind, Opcode i, Opcode l, Opcode f, Opcode d) {
    b.with(
        OperatorInstruction.of(
            switch (kind) {
              case INT -> i;
              case LONG -> l;
              case FLOAT -> f;
              default -> d;
            }));
  }

  private void math(String name, DType type, int arguments) {
    b.invokestatic(Names.MATH, name, descriptor(type, arguments));
  }

  private static MethodTypeDesc descriptor(DType type, int arguments) {
    ClassDesc desc = Code.descOf(type);
    return MethodTypeDesc.of(desc, Collections.nCopies(arguments, desc));
  }

  @Override
  Value compare(Relation relation, Value x, Value y) {
    push(x);
    push(y);
    boolean equal = relation == Relation.EQUAL;
    switch (x.type()) {
      case F32 -> compareFloat(equal);
      case F64 -> compareDouble(equal);
      case I64 -> b.lcmp();
      case I32, BOOL -> {
        return keepCondition(
            switch (relation) {
              case LESS -> Opcode.IF_ICMPLT;
              case LESS_OR_EQUAL -> Opcode.IF_ICMPLE;
              case EQUAL -> Opcode.IF_ICMPEQ;
            });
      }
    }
    return keepCondition(
        switch (relation) {
          case LESS -> Opcode.IFLT;
          case LESS_OR_EQUAL -> Opcode.IFLE;
          case EQUAL -> Opcode.IFEQ;
        });
  }

  /** Leaves a number that is greater than 0 with NaN. */
  private void compareFloat(boolean equal) {
    if (equal) {
      b.fcmpl();
    } else {
      b.fcmpg();
    }
  }

  /** Leaves a number that is greater than 0 with NaN. */
  private void compareDouble(boolean equal) {
    if (equal) {
      b.dcmpl();
    } else {
      b.dcmpg();
    }
  }

  private Value keepCondition(Opcode condition) {
    code.choose(condition, b::iconst_1, b::iconst_0);
    return keep(BOOL);
  }

  @Override
  Value equalTruth(Value x, Value y) {
    return compare(Relation.EQUAL, x, y);
  }

  @Override
  public Value select(Value condition, Value x, Value y) {
    check(condition.type() == BOOL && x.type() == y.type(), "select", condition, x, y);
    push(condition);
    code.choose(Opcode.IFNE, () -> push(x), () -> push(y));
    return keep(x.type());
  }

  @Override
  public Value cast(Value x, DType from, DType to) {
    check(x.type() == from, "cast from " + from, x);
    if (from == to) {
      return x;
    }
    if (to == BOOL) {
      push(x);
      code.push(from, 0);
      return switch (from) {
        case F32 -> {
          b.fcmpl();
          yield keepCondition(Opcode.IFNE);
        }
        case F64 -> {
          b.dcmpl();
          yield keepCondition(Opcode.IFNE);
        }
        case I64 -> {
          b.lcmp();
          yield keepCondition(Opcode.IFNE);
        }
        case I32, BOOL -> keepCondition(Opcode.IF_ICMPNE);
      };
    }
    push(x);
    b.conversion(Code.kindOf(from), Code.kindOf(to));
    return keep(to);
  }

  @Override
  Value doublePrecision(String function, Value... x) {
    for (Value v : x) {
      push(v);
    }
    ClassDesc owner = function.equals("erf") ? Names.SPECIAL : Names.STRICT_MATH;
    b.invokestatic(owner, function, descriptor(DType.F64, x.length));
    return keep(DType.F64);
  }

  @Override
  public Value fma(Value x, Value y, Value z) {
    check(x.type() == F32 && y.type() == F32 && z.type() == F32, "fma", x, y, z);
    push(x);
    push(y);
    push(z);
    math("fma", F32, 3);
    return keep(F32);
  }

  @Override
  public Value bits(Value x) {
    check(x.type() == F32, "bits", x);
    push(x);
    b.invokestatic(
        Names.FLOAT,
        "floatToRawIntBits",
        MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_float));
    return keep(I32);
  }

  @Override
  public Value real(Value bits) {
    check(bits.type() == I32, "real", bits);
    push(bits);
    b.invokestatic(
        Names.FLOAT,
        "intBitsToFloat",
        MethodTypeDesc.of(ConstantDescs.CD_float, ConstantDescs.CD_int));
    return keep(F32);
  }

  @Override
  public Value shiftLeft(Value x, int by) {
    check(x.type() == I32, "shiftLeft", x);
    push(x);
    b.loadConstant(by).ishl();
    return keep(I32);
  }

  @Override
  public Value shiftRight(Value x, int by) {
    check(x.type() == I32, "shiftRight", x);
    push(x);
    b.loadConstant(by).ishr();
    return keep(I32);
  }

  @Override
  public Value rarely(Value condition, Value common, Rare function, List<Value> x) {
    push(condition);
    code.choose(
        Opcode.IFNE,
        () -> {
          x.forEach(this::push);
          b.invokestatic(
              Names.RARE, function.name().toLowerCase(Locale.ROOT), descriptor(F32, x.size()));
        },
        () -> push(common));
    return keep(F32);
  }
}
