package org.cajal.run.simd;

/**
 * Whether kernels run on the Vector API. Where they cannot, they run on {@link ScalarProducts},
 * slower and with the same bits, and one line of the log says why.
 */
public final class Simd {
  private static final boolean AVAILABLE = detect();

  /** The width of the vectors in bytes; the scalar twins keep to the shape of a 64-byte machine. */
  static final int VECTOR_BYTES = AVAILABLE ? TilesF32.BYTES : 64;

  /**
   * Rows of the tallest tile: what the registers of 64-byte vectors or of ARM hold, or the 16 of
   * AVX2 and SSE.
   */
  static final int TALLEST = tallest();

  private Simd() {}

  /**
   * Whether the Vector API is there and not switched off by the system property {@code
   * cajal.simd=off}.
   */
  public static boolean available() {
    return AVAILABLE;
  }

  private static boolean detect() {
    if ("off".equals(System.getProperty("cajal.simd"))) {
      return fallBack("switched off by the system property cajal.simd");
    }
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return fallBack(
          "the module jdk.incubator.vector is not there; start Java with --add-modules"
              + " jdk.incubator.vector");
    }
    try {
      return TilesF32.BYTES >= 16 || fallBack("the machine has no vectors of 16 bytes or more");
    } catch (LinkageError e) {
      return fallBack("the Vector API does not load (" + e + ")");
    }
  }

  private static boolean fallBack(String reason) {
    System.getLogger("org.cajal.run")
        .log(
            System.Logger.Level.WARNING,
            "Kernels run without vectors, many times slower: " + reason);
    return false;
  }

  private static int tallest() {
    boolean manyRegisters = VECTOR_BYTES == 64 || "aarch64".equals(System.getProperty("os.arch"));
    return manyRegisters ? 8 : 4;
  }
}
