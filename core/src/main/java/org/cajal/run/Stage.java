package org.cajal.run;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A stage of a kernel: what a run goes through, with all that can be known beforehand.
 *
 * @param kernel whose work it is
 * @param index the number of the stage within the kernel
 * @param pieces how many pieces it has, at least 1
 */
public record Stage(Kernel kernel, int index, int pieces) {
  /** The stages of kernels in order, without those that have no pieces. */
  static Stage[] of(List<Kernel> kernels) {
    List<Stage> stages = new ArrayList<>();
    for (Kernel kernel : kernels) {
      for (int index = 0; index < kernel.stages(); index++) {
        if (kernel.pieces(index) > 0) {
          stages.add(new Stage(kernel, index, kernel.pieces(index)));
        }
      }
    }
    return stages.toArray(Stage[]::new);
  }

  /** Does one piece. */
  void run(MemorySegment[] table, int piece) {
    kernel.run(table, index, piece);
  }
}
