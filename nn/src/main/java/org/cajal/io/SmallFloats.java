package org.cajal.io;

/**
 * Numbers of eight bits: a sign, an exponent, a fraction, and what stands for the numbers that are
 * none (Micikevicius et al. 2022, "FP8 Formats for Deep Learning"; the FNUZ kinds have no negative
 * zero and no infinity, and their one NaN is where negative zero would be).
 */
enum SmallFloats {
  /** Bias 7; no infinity; NaN where exponent and fraction are all ones. */
  E4M3(3, 7, false),
  /** Bias 15; infinities and NaN as in IEEE 754. */
  E5M2(2, 15, false),
  /** Bias 8. */
  E4M3FNUZ(3, 8, true),
  /** Bias 16. */
  E5M2FNUZ(2, 16, true);

  private final int fractionBits;
  private final int bias;
  private final boolean unsignedZero;

  SmallFloats(int fractionBits, int bias, boolean unsignedZero) {
    this.fractionBits = fractionBits;
    this.bias = bias;
    this.unsignedZero = unsignedZero;
  }

  /** The number of each of the 256 bit patterns, exactly. */
  float[] table() {
    float[] out = new float[256];
    for (int bits = 0; bits < out.length; bits++) {
      out[bits] = value(bits);
    }
    return out;
  }

  private float value(int bits) {
    int exponent = (bits & 0x7f) >> fractionBits;
    int fraction = bits & ((1 << fractionBits) - 1);
    if (unsignedZero && bits == 0x80) {
      return Float.NaN;
    }
    boolean top = !unsignedZero && exponent == 0x7f >> fractionBits;
    if (this == E4M3 && top && fraction == 7) {
      return Float.NaN;
    }
    float sign = bits >= 0x80 ? -1 : 1;
    if (this == E5M2 && top) {
      return fraction == 0 ? sign * Float.POSITIVE_INFINITY : Float.NaN;
    }
    int whole = exponent == 0 ? fraction : fraction + (1 << fractionBits);
    return sign * Math.scalb((float) whole, Math.max(exponent, 1) - bias - fractionBits);
  }
}
