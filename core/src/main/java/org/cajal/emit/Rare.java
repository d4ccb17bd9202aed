package org.cajal.emit;

/**
 * Elementary functions for the arguments that generated code leaves aside: angles too large for its
 * reduction, powers of and to infinity and NaN. Bytecode calls the methods by name.
 */
enum Rare {
  /** Sine. */
  SIN,
  /** Cosine. */
  COS,
  /** Power. */
  POWER;

  /** The value for one element; {@code y} counts for a power only. */
  static float value(Rare function, float x, float y) {
    return switch (function) {
      case SIN -> (float) StrictMath.sin(x);
      case COS -> (float) StrictMath.cos(x);
      case POWER -> (float) StrictMath.pow(x, y);
    };
  }

  /** Called by scalar code. */
  static float sin(float x) {
    return value(SIN, x, 0);
  }

  /** Called by scalar code. */
  static float cos(float x) {
    return value(COS, x, 0);
  }

  /** Called by scalar code. */
  static float power(float x, float y) {
    return value(POWER, x, y);
  }

  /** Called by vector code: every element replaced by its sine. */
  static void sin(float[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] = value(SIN, x[i], 0);
    }
  }

  /** Called by vector code: every element replaced by its cosine. */
  static void cos(float[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] = value(COS, x[i], 0);
    }
  }

  /** Called by vector code: every element of {@code x} replaced by its power. */
  static void power(float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      x[i] = value(POWER, x[i], y[i]);
    }
  }
}
