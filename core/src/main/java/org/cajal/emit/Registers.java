package org.cajal.emit;

import static org.cajal.type.DType.BOOL;
import static org.cajal.type.DType.F32;
import static org.cajal.type.DType.F64;
import static org.cajal.type.DType.I32;

import java.lang.classfile.CodeBuilder;
import java.util.Locale;
import org.cajal.type.DType;

/**
 * The algebra of lanes that writes instructions: each operation checks its arguments' types,
 * computes, and keeps the result in a new local variable.
 */
abstract class Registers implements Arithmetic<Value> {
  final Code code;
  final CodeBuilder b;
  private final SinglePrecision<Value> single = new SinglePrecision<>(this);

  Registers(Code code) {
    this.code = code;
    this.b = code.instructions();
  }

  /** Operations of Java or of the Vector API that take and give one type. */
  enum Same {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MINIMUM,
    MAXIMUM,
    NEGATE,
    ABSOLUTE,
    SQRT,
    AND,
    OR
  }

  /** Comparisons. */
  enum Relation {
    LESS,
    LESS_OR_EQUAL,
    EQUAL
  }

  /** Pushes a value. */
  abstract void push(Value x);

  /** Overwrites a local variable; only what runs through a loop is written more than once. */
  void assign(Value target, Value x) {
    push(x);
    if (target.vector()) {
      b.astore(target.slot());
    } else {
      b.storeLocal(Code.kindOf(target.type()), target.slot());
    }
  }

  /** The same value in a form on which operations are called without a type profile. */
  Value known(Value running) {
    return running;
  }

  /** An operation with one or two arguments and a result of one type. */
  abstract Value same(Same operation, Value... x);

  /** A comparison of numbers. */
  abstract Value compare(Relation relation, Value x, Value y);

  /** Whether two truth values are equal. */
  abstract Value equalTruth(Value x, Value y);

  /** An F64 function that is not arithmetic. */
  abstract Value doublePrecision(String function, Value... x);

  @Override
  public Value constant(DType type, double value) {
    return Value.constant(type, value);
  }

  @Override
  public Value add(Value x, Value y) {
    return number(Same.ADD, x, y);
  }

  @Override
  public Value subtract(Value x, Value y) {
    return number(Same.SUBTRACT, x, y);
  }

  @Override
  public Value multiply(Value x, Value y) {
    return number(Same.MULTIPLY, x, y);
  }

  @Override
  public Value divide(Value x, Value y) {
    floating("divide", x);
    return number(Same.DIVIDE, x, y);
  }

  @Override
  public Value minimum(Value x, Value y) {
    return x.type() == BOOL ? and(x, y) : number(Same.MINIMUM, x, y);
  }

  @Override
  public Value maximum(Value x, Value y) {
    return x.type() == BOOL ? or(x, y) : number(Same.MAXIMUM, x, y);
  }

  @Override
  public Value negate(Value x) {
    return number(Same.NEGATE, x);
  }

  @Override
  public Value absolute(Value x) {
    return number(Same.ABSOLUTE, x);
  }

  @Override
  public Value sqrt(Value x) {
    floating("sqrt", x);
    return number(Same.SQRT, x);
  }

  @Override
  public Value sign(Value x) {
    Value zero = constant(x.type(), 0);
    Value negative = select(less(x, zero), constant(x.type(), -1), x);
    return select(less(zero, x), constant(x.type(), 1), negative);
  }

  /** By adding and subtracting 2^23 or 2^52, which rounds to a whole number, and a correction. */
  @Override
  public Value floor(Value x) {
    floating("floor", x);
    Value whole = constant(x.type(), x.type() == F32 ? 0x1p23 : 0x1p52);
    Value size = absolute(x);
    Value rounded = subtract(add(size, whole), whole);
    Value signed = select(less(x, constant(x.type(), 0)), negate(rounded), rounded);
    Value floor = select(less(x, signed), subtract(signed, constant(x.type(), 1)), signed);
    Value zero = equal(x, constant(x.type(), 0));
    return select(zero, x, select(less(size, whole), floor, x));
  }

  @Override
  public Value exp(Value x) {
    return isSingle("exp", x) ? single.exp(x) : doublePrecision("exp", x);
  }

  @Override
  public Value log(Value x) {
    return isSingle("log", x) ? single.log(x) : doublePrecision("log", x);
  }

  @Override
  public Value sin(Value x) {
    return isSingle("sin", x) ? single.sin(x) : doublePrecision("sin", x);
  }

  @Override
  public Value cos(Value x) {
    return isSingle("cos", x) ? single.cos(x) : doublePrecision("cos", x);
  }

  @Override
  public Value tanh(Value x) {
    return isSingle("tanh", x) ? single.tanh(x) : doublePrecision("tanh", x);
  }

  @Override
  public Value atan(Value x) {
    return isSingle("atan", x) ? single.atan(x) : doublePrecision("atan", x);
  }

  @Override
  public Value erf(Value x) {
    return isSingle("erf", x) ? single.erf(x) : doublePrecision("erf", x);
  }

  /** Exponents 1, 2, 3 and −1 by products; others through the logarithm. */
  @Override
  public Value power(Value x, Value y) {
    check(x.type() == y.type(), "power", x, y);
    if (y.isConstant() && y.constant() == 1) {
      return x;
    }
    if (y.isConstant() && y.constant() == 2) {
      return multiply(x, x);
    }
    if (y.isConstant() && y.constant() == 3) {
      return multiply(multiply(x, x), x);
    }
    if (y.isConstant() && y.constant() == -1) {
      return divide(constant(x.type(), 1), x);
    }
    return isSingle("power", x) ? single.power(x, y) : doublePrecision("pow", x, y);
  }

  @Override
  public Value less(Value x, Value y) {
    check(x.type() == y.type() && x.type() != BOOL, "less", x, y);
    return compare(Relation.LESS, x, y);
  }

  @Override
  public Value lessOrEqual(Value x, Value y) {
    check(x.type() == y.type() && x.type() != BOOL, "lessOrEqual", x, y);
    return compare(Relation.LESS_OR_EQUAL, x, y);
  }

  @Override
  public Value equal(Value x, Value y) {
    check(x.type() == y.type(), "equal", x, y);
    return x.type() == BOOL ? equalTruth(x, y) : compare(Relation.EQUAL, x, y);
  }

  @Override
  public Value and(Value x, Value y) {
    check(x.type() == y.type() && (x.type() == BOOL || x.type() == I32), "and", x, y);
    return same(Same.AND, x, y);
  }

  @Override
  public Value or(Value x, Value y) {
    check(x.type() == y.type() && (x.type() == BOOL || x.type() == I32), "or", x, y);
    return same(Same.OR, x, y);
  }

  private Value number(Same operation, Value... x) {
    check(
        x[0].type() != BOOL && x[0].type() == x[x.length - 1].type(),
        operation.name().toLowerCase(Locale.ROOT),
        x);
    return same(operation, x);
  }

  private static boolean isSingle(String operation, Value x) {
    floating(operation, x);
    return x.type() == F32;
  }

  private static void floating(String operation, Value x) {
    check(x.type() == F32 || x.type() == F64, operation, x);
  }

  /** The own type check: a wrong nest is refused here rather than by the JVM's verifier. */
  static void check(boolean holds, String operation, Value... x) {
    if (!holds) {
      StringBuilder types = new StringBuilder();
      for (Value v : x) {
        types.append(types.isEmpty() ? "" : ", ").append(v.type());
      }
      throw new IllegalArgumentException("[emit] " + operation + " does not take " + types);
    }
  }
}
