package org.cajal.emit;

import java.lang.constant.ClassDesc;
import org.cajal.type.DType;

/** Class names as generated code uses them. Naming a class here does not load it. */
final class Names {
  static final ClassDesc SEGMENT = ClassDesc.of("java.lang.foreign.MemorySegment");
  static final ClassDesc VALUE_LAYOUT = ClassDesc.of("java.lang.foreign.ValueLayout");
  static final ClassDesc BYTE_ORDER = ClassDesc.of("java.nio.ByteOrder");
  static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  static final ClassDesc STRICT_MATH = ClassDesc.of("java.lang.StrictMath");
  static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");
  static final ClassDesc SPECIAL = ClassDesc.of("org.cajal.run.Special");

  static final ClassDesc LOOP = ClassDesc.of("org.cajal.emit.Loop");
  static final ClassDesc LAYOUTS = ClassDesc.of("org.cajal.emit.Layouts");
  static final ClassDesc RARE = ClassDesc.of("org.cajal.emit.Rare");
  static final ClassDesc SIMD = ClassDesc.of("org.cajal.emit.Simd");
  static final ClassDesc TRUTH = ClassDesc.of("org.cajal.emit.Truth");

  static final ClassDesc VECTOR = incubating("Vector");
  static final ClassDesc MASK = incubating("VectorMask");
  static final ClassDesc SHUFFLE = incubating("VectorShuffle");
  static final ClassDesc SPECIES = incubating("VectorSpecies");
  static final ClassDesc OPERATORS = incubating("VectorOperators");
  static final ClassDesc BINARY = incubating("VectorOperators$Binary");
  static final ClassDesc ASSOCIATIVE = incubating("VectorOperators$Associative");
  static final ClassDesc COMPARISON = incubating("VectorOperators$Comparison");
  static final ClassDesc CONVERSION = incubating("VectorOperators$Conversion");
  static final ClassDesc BYTE_VECTOR = incubating("ByteVector");

  private Names() {}

  private static ClassDesc incubating(String name) {
    return ClassDesc.of("jdk.incubator.vector", name);
  }

  /** The vector class of numbers of a type. */
  static ClassDesc vectorOf(DType type) {
    return switch (type) {
      case F32 -> incubating("FloatVector");
      case F64 -> incubating("DoubleVector");
      case I32 -> incubating("IntVector");
      case I64 -> incubating("LongVector");
      case BOOL -> MASK;
    };
  }
}
