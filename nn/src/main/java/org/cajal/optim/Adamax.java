package org.cajal.optim;

import java.util.List;
import org.cajal.tensor.Tensor;
import org.cajal.tensor.Update;

/**
 * Adam by the largest gradient: m ← β₁·m + (1 − β₁)·g, u ← max(β₂·u, |g| + ε), p ← p − η / (1 −
 * β₁ᵗ) · m / u (D. Kingma, J. Ba: "Adam: a method for stochastic optimization", ICLR 2015, section
 * 7).
 *
 * @param beta1 β₁ from 0 to less than 1
 * @param beta2 β₂ from 0 to less than 1
 * @param epsilon ε
 * @param weightDecay λ, which adds λ·p to the gradient; 0 for none
 */
public record Adamax(double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  /**
   * Checks the setting.
   *
   * @throws org.cajal.type.CajalException if a number is out of range
   */
  public Adamax {
    Rule.inUnit("adamax", "beta1", beta1);
    Rule.inUnit("adamax", "beta2", beta2);
    Rule.positive("adamax", "epsilon", epsilon);
    Rule.notNegative("adamax", "weight decay", weightDecay);
  }

  /** The usual settings: β₁ 0.9, β₂ 0.999, ε 1e-8. */
  public Adamax() {
    this(0.9, 0.999, 1e-8, 0);
  }

  @Override
  public List<Update> updates(
      List<Tensor> parameters,
      List<Tensor> gradients,
      Tensor learningRate,
      Tensor step,
      Slots slots) {
    Tensor correction = Rule.correction(beta1, Rule.exact(step));
    return Rule.each(
        this,
        parameters,
        gradients,
        learningRate,
        (p, gradient, rate, out) -> {
          Tensor g = Rule.penalised(gradient, p, weightDecay);
          Tensor firstSlot = slots.of("first", p, 0);
          Tensor largestSlot = slots.of("largest", p, 0);
          Tensor first = Rule.set(out, firstSlot, Rule.average(beta1, firstSlot, g));
          Tensor largest =
              Rule.set(out, largestSlot, largestSlot.times(beta2).maximum(g.abs().plus(epsilon)));
          Tensor scale = Rule.exact(rate).dividedBy(correction).cast(p.dtype());
          Rule.set(out, p, p.minus(first.dividedBy(largest).times(scale)));
        });
  }

  @Override
  public double defaultLearningRate() {
    return 0.002;
  }
}
