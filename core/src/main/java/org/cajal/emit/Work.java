package org.cajal.emit;

import java.util.List;
import org.cajal.loop.Binding;
import org.cajal.loop.Nest;
import org.cajal.loop.Nest.Access;
import org.cajal.loop.Nest.Apply;
import org.cajal.loop.Nest.Each;
import org.cajal.loop.Nest.Stage;
import org.cajal.loop.Nest.Stride;

/** How much work a nest does, for profiles. */
final class Work {
  private Work() {}

  /** One for each applied operation and each folded element. */
  static double flops(Nest nest, Binding binding) {
    double outer = product(binding.extents().subList(0, nest.outer()));
    double all = product(binding.extents());
    double flops = 0;
    for (Stage stage : nest.stages()) {
      long applied = stage.steps().stream().filter(Apply.class::isInstance).count();
      flops += stage instanceof Each each ? (applied + each.folds().size()) * all : applied * outer;
    }
    return flops;
  }

  /** Each accessed element once. */
  static double bytes(Nest nest, Binding binding) {
    double bytes = 0;
    for (Access access : nest.accesses()) {
      double size = access.type().bytes();
      for (int k = 0; k < access.strides().size(); k++) {
        size *= moves(nest, access, k) ? binding.extents().get(k) : 1;
      }
      bytes += size;
    }
    return bytes;
  }

  /** Whether an access reaches other elements along an axis, by its stride or its offsets. */
  private static boolean moves(Nest nest, Access access, int axis) {
    return access.strides().get(axis) != Stride.NONE
        || (access.hasOffsets() && moves(nest, nest.accesses().get(access.offsets()), axis));
  }

  private static double product(List<Long> extents) {
    double product = 1;
    for (long extent : extents) {
      product *= extent;
    }
    return product;
  }
}
