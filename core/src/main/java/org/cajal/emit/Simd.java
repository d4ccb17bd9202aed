package org.cajal.emit;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.cajal.type.DType;

/**
 * What generated vector code needs of this machine as constants. Loaded only where the module
 * jdk.incubator.vector is present.
 */
final class Simd {
  static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Double> F64 = DoubleVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> I32 = IntVector.SPECIES_PREFERRED;
  static final VectorSpecies<Long> I64 = LongVector.SPECIES_PREFERRED;

  /**
   * Whether reads and stores with lanes that are off cost about as much as others: with mask
   * registers. Without these they are done lane by lane, or not for all types.
   */
  static final boolean HAS_MASKS = F32.vectorBitSize() >= 512;

  /** As many bytes as F32 has lanes; of no use below 8 lanes. */
  static final VectorSpecies<Byte> BYTES_4 = bytes(F32.length());

  /** As many bytes as F64 has lanes; of no use below 8 lanes. */
  static final VectorSpecies<Byte> BYTES_8 = bytes(F64.length());

  // Halvings of a vector: shuffle d brings lane i + d to lane i.
  static final VectorShuffle<Float> F32_32 = halve(F32, 32);
  static final VectorShuffle<Float> F32_16 = halve(F32, 16);
  static final VectorShuffle<Float> F32_8 = halve(F32, 8);
  static final VectorShuffle<Float> F32_4 = halve(F32, 4);
  static final VectorShuffle<Float> F32_2 = halve(F32, 2);
  static final VectorShuffle<Float> F32_1 = halve(F32, 1);
  static final VectorShuffle<Double> F64_16 = halve(F64, 16);
  static final VectorShuffle<Double> F64_8 = halve(F64, 8);
  static final VectorShuffle<Double> F64_4 = halve(F64, 4);
  static final VectorShuffle<Double> F64_2 = halve(F64, 2);
  static final VectorShuffle<Double> F64_1 = halve(F64, 1);

  private Simd() {}

  /** The number of lanes of a vector of a number type. */
  static int lanes(DType type) {
    return type.bytes() == 4 ? F32.length() : F64.length();
  }

  private static <E> VectorShuffle<E> halve(VectorSpecies<E> species, int by) {
    int lanes = species.length();
    return VectorShuffle.fromOp(species, i -> (i + by) % lanes);
  }

  private static VectorSpecies<Byte> bytes(int lanes) {
    return VectorSpecies.of(
        byte.class, VectorShape.forBitSize(Math.min(512, Math.max(64, lanes * Byte.SIZE))));
  }
}
