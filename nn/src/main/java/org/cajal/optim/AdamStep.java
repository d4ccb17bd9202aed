package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;

/** The step that Adam and AdamW share, with the bias corrections of one step number. */
record AdamStep(
    double beta1,
    double beta2,
    double epsilon,
    boolean amsgrad,
    Slots slots,
    Tensor firstCorrection,
    Tensor secondRoot) {

  static AdamStep of(
      double beta1, double beta2, double epsilon, boolean amsgrad, Tensor step, Slots slots) {
    Tensor t = Rule.exact(step);
    return new AdamStep(
        beta1,
        beta2,
        epsilon,
        amsgrad,
        slots,
        Rule.correction(beta1, t),
        Rule.correction(beta2, t).sqrt());
  }

  /** What to subtract from a parameter. */
  Tensor of(Tensor p, Tensor g, Tensor rate, List<Update> out) {
    Tensor firstSlot = slots.of("first", p, 0);
    Tensor secondSlot = slots.of("second", p, 0);
    Tensor first = Rule.set(out, firstSlot, Rule.average(beta1, firstSlot, g));
    Tensor second = Rule.set(out, secondSlot, Rule.average(beta2, secondSlot, g.square()));
    if (amsgrad) {
      Tensor largest = slots.of("largest", p, 0);
      second = Rule.set(out, largest, largest.maximum(second));
    }
    Tensor scale = Rule.exact(rate).dividedBy(firstCorrection).cast(p.dtype());
    Tensor root = second.sqrt().dividedBy(secondRoot.cast(p.dtype())).plus(epsilon);
    return first.dividedBy(root).times(scale);
  }
}
