package org.cajal.type;

import java.util.Locale;

/**
 * The element type of a tensor. Arithmetic is done in the type itself; storage is little-endian and
 * {@link #bytes()} wide.
 */
public enum DType {
  /** IEEE 754 single precision, the default of training. */
  F32(4),
  /** IEEE 754 double precision, for checking. */
  F64(8),
  /** Two's complement 32-bit integer: indices and random bits. */
  I32(4),
  /**
   * Two's complement 64-bit integer: indices; values beyond 2^53 are not exact in the interpreter.
   */
  I64(8),
  /** A truth value, stored as one byte 0 or 1. */
  BOOL(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether this is a floating-point type, the only kind that carries gradients. */
  public boolean isFloating() {
    return this == F32 || this == F64;
  }

  /** Whether this is an integer type, usable as an index. */
  public boolean isInteger() {
    return this == I32 || this == I64;
  }

  /** The name used in files: {@code f32}, {@code f64}, {@code i32}, {@code i64}, {@code bool}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The type of that wire name.
   *
   * @throws CajalException if there is none
   */
  public static DType ofWireName(String name) {
    for (DType type : values()) {
      if (type.wireName().equals(name)) {
        return type;
      }
    }
    throw new CajalException(
        "[dtype] unknown element type \"" + name + "\"; known are f32, f64, i32, i64, bool");
  }
}
