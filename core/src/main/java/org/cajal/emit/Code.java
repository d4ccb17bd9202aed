package org.cajal.emit;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;
import org.cajal.type.DType;

/**
 * The method being written: its local variables, and the vectors of constants that its first
 * instructions make. A method is written twice, the first time to learn which constants it needs.
 */
final class Code {
  /** A number that vector code needs in all lanes. */
  record Constant(DType type, long bits) {
    double value() {
      return Double.longBitsToDouble(bits);
    }
  }

  /** The writing of a method ends: whatever follows, it is too large. */
  static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLarge() {
      super(null, null, false, false);
    }
  }

  /**
   * What the JVM's first compiler needs for a vector operation, in its virtual registers, as
   * measured on JDK 25.
   */
  static final int OPERATION = 15;

  /** The same for a vector of a constant. */
  static final int CONSTANT = 30;

  /** The same for a vector read from memory or stored. */
  static final int ACCESS = 170;

  /** The same for a scalar read from memory or stored. */
  static final int SCALAR_ACCESS = 320;

  /** What truth values take besides, as masks in registers and bytes in memory. */
  static final int TRUTH = 120;

  /** The same for moving the lanes of a vector. */
  static final int REARRANGEMENT = 130;

  /** The same for a vector read of which some lanes may be off. */
  static final int MASKED_READ = 1300;

  /** The same for a vector stored of which some lanes may be off. */
  static final int MASKED_STORE = 1000;

  /** It gives up beyond 10,000, perhaps leaving the method slow for ever. */
  private static final int MOST_REGISTERS = 8000;

  /** What a new local variable takes at least: an instruction, and the store with its index. */
  private static final int LEAST_BYTES = 3;

  private final CodeBuilder b;
  private final Map<Constant, Integer> constants;
  private int next;
  private int made;
  private int registers;

  /**
   * Begins a method.
   *
   * @param b where instructions go
   * @param firstSlot the first free local variable
   * @param constants the constants known so far, in order; their slots are set anew and missing
   *     ones are added
   */
  Code(CodeBuilder b, int firstSlot, Map<Constant, Integer> constants) {
    this.b = b;
    this.constants = constants;
    next = firstSlot;
    for (Map.Entry<Constant, Integer> entry : constants.entrySet()) {
      entry.setValue(broadcast(entry.getKey()));
    }
  }

  CodeBuilder instructions() {
    return b;
  }

  /** Counts what the JVM's first compiler will need. */
  void weigh(int needed) {
    registers += needed;
    if (registers > MOST_REGISTERS) {
      throw new TooLarge();
    }
  }

  /** A new local variable. */
  int slot(TypeKind kind) {
    made++;
    if (made > Emitter.LARGEST_METHOD / LEAST_BYTES) {
      throw new TooLarge();
    }
    int slot = next;
    next += kind.slotSize();
    return slot;
  }

  /** The number of local variables so far, to which {@link #release} goes back. */
  int mark() {
    return next;
  }

  /** Gives up the local variables made since a mark. */
  void release(int mark) {
    next = mark;
  }

  /** The local variable which holds a constant in all lanes. */
  int vector(DType type, double value) {
    Constant key = new Constant(type, Double.doubleToRawLongBits(value));
    Integer known = constants.get(key);
    if (known == null) {
      // Only while learning: the second writing makes it at the start of the method.
      known = slot(TypeKind.REFERENCE);
      constants.put(key, known);
    }
    return known;
  }

  private int broadcast(Constant constant) {
    weigh(CONSTANT);
    species(constant.type());
    if (constant.type() == DType.BOOL) {
      throw new IllegalStateException("a mask is no constant");
    }
    push(constant.type(), constant.value());
    ClassDesc vector = Names.vectorOf(constant.type());
    b.invokestatic(
        vector, "broadcast", MethodTypeDesc.of(vector, Names.SPECIES, descOf(constant.type())));
    int slot = slot(TypeKind.REFERENCE);
    b.astore(slot);
    return slot;
  }

  /** Pushes the species of a number type. */
  void species(DType type) {
    b.getstatic(Names.SIMD, type.name(), Names.SPECIES);
  }

  /** Pushes a scalar constant as a cast to its type gives it. */
  void push(DType type, double value) {
    switch (type) {
      case F32 -> b.loadConstant((float) value);
      case F64 -> b.loadConstant(value);
      case I32 -> b.loadConstant((int) value);
      case I64 -> b.loadConstant((long) value);
      case BOOL -> b.loadConstant(value != 0 ? 1 : 0);
    }
  }

  /** Instructions for when a condition on the stack holds, and for when it does not. */
  void choose(Opcode condition, Runnable then, Runnable otherwise) {
    Label yes = b.newLabel();
    Label end = b.newLabel();
    b.branch(condition, yes);
    otherwise.run();
    b.goto_(end);
    b.labelBinding(yes);
    then.run();
    b.labelBinding(end);
  }

  /** Instructions for when a number on the stack is not 0. */
  void ifNotZero(Runnable then) {
    Label end = b.newLabel();
    b.ifeq(end);
    then.run();
    b.labelBinding(end);
  }

  /** How a scalar of a type is held in local variables. */
  static TypeKind kindOf(DType type) {
    return switch (type) {
      case F32 -> TypeKind.FLOAT;
      case F64 -> TypeKind.DOUBLE;
      case I32, BOOL -> TypeKind.INT;
      case I64 -> TypeKind.LONG;
    };
  }

  /** The Java type of a scalar in method descriptors; a truth value is a byte as in memory. */
  static ClassDesc descOf(DType type) {
    return switch (type) {
      case F32 -> ConstantDescs.CD_float;
      case F64 -> ConstantDescs.CD_double;
      case I32 -> ConstantDescs.CD_int;
      case I64 -> ConstantDescs.CD_long;
      case BOOL -> ConstantDescs.CD_byte;
    };
  }
}
